//! The live client and the sync against a Jira for tests, with every fault of the real one.

mod bench;
mod client;
mod faults;
mod kill;
mod schedule;
mod sync;
mod work;
mod zones;
