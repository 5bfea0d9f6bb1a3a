//! Runs the code in the README as documentation tests.

#![doc = include_str!("../README.md")]
