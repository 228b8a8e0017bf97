//! ATLAS for Swift and Kotlin, by uniffi. Conversions only; what ATLAS does is in `atlas-core`.
//!
//! | place | what it holds |
//! |---|---|
//! | `records.txt`, `build/records.rs` | which records and enums cross; their declarations, written from the core's source with its documentation |
//! | `areas.txt`, `build/areas.rs` | `Atlas`'s areas with their methods, written the same way; what is by hand, and defaults |
//! | `src/values.rs`, `uniffi.toml` | single values: instants, days, keys, sizes |
//! | `src/atlas.rs` | the class `Atlas`, and the few methods that are written by hand |
//! | `src/callbacks/` | a host's predictor, blender, progress and networking |
//! | `bindgen/` | generates; gives Kotlin's exceptions their clean messages |
//! | `check` | builds, generates, checks symbols, runs the surface's test through Python, the Kotlin tests and, where there is a compiler, the Swift tests |
//!
//! - Derives in the core would spare `build/`, but put uniffi, its unsafe code and the defaults
//!   of other languages into `atlas-core`, and split what a host imports into two packages.
//!   Mirrored records would be 110 types copied by hand. A declaration that no longer fits its type
//!   does not compile.
//! - Errors have fields, not uniffi's flat form, because a flat error carries nothing but its
//!   message.
//! - Telephones get the profile `small`, and the system's networking (`SystemTransport` in both
//!   languages) instead of a second TLS library. Link-time optimization and `opt-level = "z"` save
//!   the size; a prediction takes 2.4 times as long, since the scan of vectors is in the core and
//!   is no longer unrolled.
//! - Every method of a callback may throw: without that uniffi makes a panic of an exception.

mod atlas;
mod builder;
mod callbacks;
mod error;
mod records;
mod remote;
mod sync;
mod values;

uniffi::setup_scaffolding!("atlas");
