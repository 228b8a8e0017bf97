//! The one object a host holds.
