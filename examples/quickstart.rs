//! Placeholder until the adapters stand.

fn main() {}
