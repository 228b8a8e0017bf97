//! Every public method of every area is in every host, or listed here with a reason.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use atlas_surface::{Area, areas, builder};

/// What Python has under another name, or not at all.
const NOT_IN_PYTHON: [(&str, &str); 10] = [
    ("Atlas.builder", "atlas.open takes all settings as keywords"),
    ("Atlas.open", "the class itself, and atlas.open"),
    ("Atlas.open_in_memory", "atlas.open without a path"),
    ("Database.export_all_to", "Database.export_all takes a path"),
    (
        "Learning.export_training_to",
        "Learning.export_training takes a path",
    ),
    ("Learning.import_history_with", "keywords of import_history"),
    ("Sessions.end_with", "a keyword of end"),
    ("Tickets.add_read", "what a reader of the core made"),
    ("Tickets.import_file_with", "keywords of import_file"),
    ("Atlas.close", "close, which leaves the object there"),
];

/// Methods of `AtlasBuilder` that a host has under another name.
const NOT_IN_OPEN: [(&str, &str); 8] = [
    ("open", "what the keywords are of"),
    ("open_in_memory", "without a path"),
    ("predictor", "predictors"),
    ("weight", "weights"),
    ("settings", "ticket_tokens and pattern_tokens and so on"),
    ("starter_catalogue", "starter"),
    ("edge_case_rules", "rules"),
    ("retrain_after", "Settings has it too"),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn core() -> Vec<Area> {
    let areas = areas(&root().join("atlas-core/src")).unwrap();
    assert!(areas.len() > 10, "{areas:?}");
    areas
}

/// The methods of the classes in a Python stub.
fn classes(stub: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut classes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut class = String::new();
    let name = |text: &str| text.split(['(', ':']).next().unwrap_or_default().to_owned();
    for line in stub.lines() {
        if let Some(rest) = line.strip_prefix("class ") {
            class = name(rest);
        } else if let Some(rest) = line.strip_prefix("    def ") {
            classes.entry(class.clone()).or_default().insert(name(rest));
        }
    }
    classes
}

#[test]
fn python_has_every_method() {
    let classes = classes(&read("atlas-py/python/atlas/_atlas.pyi"));
    let mut missing = Vec::new();
    let mut excused: BTreeSet<&str> = NOT_IN_PYTHON.iter().map(|(name, _)| *name).collect();
    for area in core() {
        let known = classes.get(&area.name);
        let known = known.unwrap_or_else(|| panic!("Python has no class {}", area.name));
        for method in &area.methods {
            let name = format!("{}.{}", area.name, method.name);
            if !known.contains(&method.name) && !excused.remove(name.as_str()) {
                missing.push(name);
            }
        }
    }
    assert!(missing.is_empty(), "add to Python: {missing:?}");
    excused.remove("Atlas.close");
    assert!(
        excused.is_empty(),
        "Python has them, or the core no longer: {excused:?}"
    );
}

#[test]
fn what_kotlin_and_swift_have_by_hand_is_there_or_has_a_reason() {
    let by_hand = read("atlas-ffi/src/atlas.rs");
    let list = read("atlas-ffi/areas.txt");
    let lines = list.lines().filter(|line| !line.starts_with('#'));
    let lines = lines.filter_map(|line| line.split_once(" - "));
    let mut count = 0;
    for (method, why) in lines {
        count += 1;
        let (_, name) = method.split_once('.').unwrap();
        let other = [
            "add_read",
            "builder",
            "export_all",
            "export_training",
            "restore",
        ];
        let is_there = by_hand.contains(&format!("pub fn {name}("));
        assert!(
            is_there || other.contains(&name),
            "{method} is not written by hand"
        );
        assert!(!why.trim().is_empty(), "{method}: why?");
    }
    assert!(count > 5, "{list}");
}

#[test]
fn every_setting_can_be_made_everywhere() {
    let python = read("atlas-py/python/atlas/_atlas.pyi");
    let start = python.find("def __new__").unwrap();
    let keywords = &python[start..start + python[start..].find("->").unwrap()];
    let kotlin = read("atlas-ffi/src/builder.rs");
    let mut missing = Vec::new();
    for method in builder(&root().join("atlas-core/src")).unwrap() {
        let name = method.name.as_str();
        let excused = NOT_IN_OPEN.iter().any(|(other, _)| *other == name);
        if !excused && !keywords.contains(&format!(" {name}:")) {
            missing.push(format!("Python: {name}"));
        }
        if name != "retrain_after" && name != "clock" && !kotlin.contains(&format!("fn {name}(")) {
            missing.push(format!("Kotlin and Swift: {name}"));
        }
    }
    assert!(missing.is_empty(), "{missing:?}");
}
