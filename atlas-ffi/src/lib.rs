//! ATLAS for Swift and Kotlin, by uniffi. Conversions only; what ATLAS does is in `atlas-core`.

mod atlas;
mod builder;
mod callbacks;
mod error;
mod records;
mod remote;
mod values;

uniffi::setup_scaffolding!("atlas");
