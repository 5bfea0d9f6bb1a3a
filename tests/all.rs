//! Tests across the crates, in one binary so that they are linked once.
