//! The core's records and enums; `build.rs` writes them down from the core's own source.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use atlas_core::domain::TicketKey;
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

include!(concat!(env!("OUT_DIR"), "/records.rs"));
