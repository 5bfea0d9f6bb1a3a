//! Offline gateway.
