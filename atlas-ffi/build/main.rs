//! Writes what uniffi is to see of the core, from the core's own source and with its documentation:
//! `records.rs` its records and enums, `areas.rs` `Atlas`'s areas with their methods.

mod areas;
mod records;

use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let core = Path::new("../atlas-core/src");
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed={}", core.join("atlas").display());
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let write = |name: &str, text: String| {
        fs::write(out.join(name), text).expect("OUT_DIR can be written");
    };
    let records = records::written(core);
    write("areas.rs", areas::written(core, &records.with_default));
    write("records.rs", records.text);
}

/// Documentation as attributes.
fn attributes(documentation: &[String]) -> String {
    let lines = documentation
        .iter()
        .map(|line| format!("#[doc = {line:?}]\n"));
    lines.collect()
}
