//! `atlas-bindgen LIBRARY LANGUAGE FOLDER`: writes the bindings of a library into a folder.
//!
//! The library keeps what it says of itself until its symbols are stripped: use a debug build.

use std::error::Error;
use std::{env, fs};

use uniffi::{GenerateOptions, TargetLanguage};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [library, language, folder] = &arguments[..] else {
        return Err("usage: atlas-bindgen LIBRARY kotlin|swift|python FOLDER".into());
    };
    let target = match language.as_str() {
        "kotlin" => TargetLanguage::Kotlin,
        "swift" => TargetLanguage::Swift,
        "python" => TargetLanguage::Python,
        other => return Err(format!("no bindings for {other}").into()),
    };
    uniffi::generate(GenerateOptions {
        languages: vec![target],
        source: library.into(),
        out_dir: folder.into(),
        config_override: None,
        format: false,
        crate_filter: Some("atlas_ffi".to_owned()),
        metadata_no_deps: false,
    })?;
    if language == "kotlin" {
        let file = format!("{folder}/dev/atlas/atlas.kt");
        fs::write(&file, clean_messages(&fs::read_to_string(&file)?)?)?;
    }
    Ok(())
}

/// uniffi makes an exception's message of all its fields. Ours have a field `message`: that is it.
fn clean_messages(kotlin: &str) -> Result<String, Box<dyn Error>> {
    let start = kotlin
        .find("sealed class AtlasException:")
        .ok_or("no AtlasException")?;
    let end = start
        + kotlin[start..]
            .find("companion object")
            .ok_or("no end of it")?;
    let mut clean = String::with_capacity(kotlin.len());
    clean += &kotlin[..start];
    let mut message = 0;
    for line in kotlin[start..end].lines() {
        match line.trim() {
            "override val message" => {}
            getter if getter.starts_with("get() = \"message=") => message += 1,
            field if field.starts_with("val `message`:") => {
                clean += &line.replacen("val", "override val", 1);
                clean.push('\n');
            }
            _ => {
                clean += line;
                clean.push('\n');
            }
        }
    }
    if message != 9 {
        return Err(format!("{message} messages of exceptions, not 9: has uniffi changed?").into());
    }
    clean += &kotlin[end..];
    Ok(clean)
}
