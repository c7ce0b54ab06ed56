//! How fast people are screened.

fn main() {}
