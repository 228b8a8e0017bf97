//! Feature files, read line by line: a scenario that is broken does no harm to the others.
//!
//! A scenario is a test case, its feature's name the type. `Given` lines are the precondition,
//! `When` lines actions, `Then` lines what is expected of the action before. Tags: `@WRKA-7` and
//! `@REQ_WRKA-7` name tickets, `@TEST_WRKA-8` and `@id:…` the test case itself; `@type:…`,
//! `@component:…`, `@minutes:…` and `@status:…` say what a feature file has no place for; all others are
//! labels.

mod keywords;
mod lines;
mod tags;

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::refusals::unknown;
use super::{Entry, TestCase, TestFile, load, lost};
use crate::domain::{
    PatternOrigin, ReadOptions, Step, TestField, TestFormat, TestPattern, TicketKey,
};
use crate::exchange::distinct::distinct;
use crate::exchange::input::Watch;
use crate::exchange::pattern_fields::NO_TYPE;
use crate::{Error, Result};

use keywords::GherkinLanguage;
pub(super) use keywords::is_structure;
use lines::{ExampleTable, GherkinLine, GherkinScenario, StepKind};
pub(super) use tags::{ScenarioTag, read as tag, spaced, word};

const HOLDS: [TestField; 11] = [
    TestField::Key,
    TestField::Name,
    TestField::PatternType,
    TestField::Component,
    TestField::Objective,
    TestField::Precondition,
    TestField::Steps,
    TestField::Labels,
    TestField::Minutes,
    TestField::Active,
    TestField::Tickets,
];
/// The most files that a folder may hold, and how deep they may lie.
const MOST_FILES: usize = 20_000;
const DEEPEST: usize = 32;

/// What a table is called that goes on with a step's text, and one that holds its data.
pub(super) const MORE: &str = "more";
pub(super) const DATA: &str = "data";

/// Steps that stand alone, without a feature around them.
#[derive(Debug, Default)]
pub(crate) struct Bdd {
    pub precondition: Option<String>,
    pub steps: Vec<Step>,
}

/// Reads a feature file.
pub(super) fn read(text: &str) -> TestFile<TestCase> {
    let mut file = TestFile::new(TestFormat::Gherkin, &HOLDS);
    let feature = lines::read(text);
    let alone = feature.scenarios.len() == 1;
    for scenario in &feature.scenarios {
        file.guesses.extend(guesses(scenario));
        let entry = Entry {
            file: None,
            line: scenario.fault.as_ref().map_or(scenario.line, |f| f.line),
            column: scenario.fault.as_ref().map(|fault| fault.column),
            value: case(scenario, alone),
        };
        if file.push(entry).is_break() {
            break;
        }
    }
    if let Some(fault) = feature.fault {
        let _ = file.push(Entry {
            file: None,
            line: fault.line,
            column: Some(fault.column),
            value: Err(fault.reason),
        });
    }
    file
}

/// Reads the feature files of a folder and of the folders in it, in the order of their names.
pub(super) fn read_folder(
    folder: &Path,
    options: &ReadOptions,
    watch: Watch<'_>,
) -> Result<TestFile<TestCase>> {
    let mut paths = Vec::new();
    collect(folder, 0, &mut paths)?;
    if paths.is_empty() {
        return Err(unknown(folder, "the folder holds no .feature file"));
    }
    let mut all = TestFile::new(TestFormat::Gherkin, &HOLDS);
    for path in paths {
        let shown = path.strip_prefix(folder).unwrap_or(&path).to_owned();
        let entries = match load(&path, options, watch) {
            Ok(mut loaded) => {
                let file = read(&String::from_utf8_lossy(&loaded.bytes));
                for entry in &file.entries {
                    if let Ok(case) = &entry.value {
                        let name = format!("{}: {}", shown.display(), case.pattern.name);
                        loaded.account.lost(entry.line, &name, lost::of_case(case));
                    }
                }
                all.report = loaded.account.joined(std::mem::take(&mut all.report));
                all.truncated = all.truncated.or(loaded.truncated);
                all.guesses.extend(file.guesses);
                file.entries
            }
            Err(Error::UnknownFormat { expected, .. }) => vec![Entry::at(1, Err(expected))],
            Err(error) => return Err(error),
        };
        for mut entry in entries {
            entry.file = Some(shown.clone());
            if all.push(entry).is_break() {
                return Ok(all);
            }
        }
    }
    Ok(all)
}

fn collect(folder: &Path, depth: usize, paths: &mut Vec<PathBuf>) -> Result<()> {
    let failed = |source| Error::File {
        path: folder.to_owned(),
        source,
    };
    let entries = fs::read_dir(folder).map_err(failed)?;
    let mut entries: Vec<_> = entries.collect::<std::io::Result<_>>().map_err(failed)?;
    entries.sort_by_key(fs::DirEntry::path);
    for entry in entries {
        // Links are not followed: they may lead anywhere, or round in circles.
        let kind = entry.file_type().map_err(failed)?;
        let path = entry.path();
        if kind.is_dir() && depth < DEEPEST {
            collect(&path, depth + 1, paths)?;
        } else if kind.is_file()
            && path
                .extension()
                .is_some_and(|e| e.eq_ignore_ascii_case("feature"))
        {
            if paths.len() >= MOST_FILES {
                return Err(unknown(
                    folder,
                    "the folder holds more than 20,000 feature files",
                ));
            }
            paths.push(path);
        }
    }
    Ok(())
}

/// The steps of a text with or without `Feature:` and `Scenario:` before them, in any language. Of
/// several scenarios the steps follow each other. `None` for a text without a step of Gherkin.
///
/// # Errors
/// What is wrong with a scenario, in words.
pub(super) fn steps_of_text(text: &str) -> std::result::Result<Option<Bdd>, String> {
    let whole = lines::read(text);
    let is_feature = !whole.scenarios.is_empty();
    let found = match has_steps(&whole) || is_feature {
        true => Some(whole),
        false => part(text),
    };
    let Some(feature) = found else {
        return Ok(None);
    };
    let mut all = Bdd::default();
    for (place, scenario) in feature.scenarios.iter().enumerate() {
        if let Some(fault) = &scenario.fault {
            return Err(fault.reason.clone());
        }
        let one = bdd(scenario);
        match (place, one.precondition) {
            (0, precondition) => all.precondition = precondition,
            (_, Some(given)) => all.steps.push(Step::new(format!("Given {given}"), "")),
            (_, None) => {}
        }
        all.steps.extend(one.steps);
    }
    Ok(Some(all))
}

/// Whether every scenario was read, and any has a step.
fn has_steps(feature: &lines::GherkinFeature) -> bool {
    let mut scenarios = feature.scenarios.iter();
    feature.fault.is_none()
        && scenarios.clone().all(|scenario| scenario.fault.is_none())
        && scenarios.any(|scenario| !scenario.steps.is_empty() || !scenario.background.is_empty())
}

/// A text without a feature: in the language that it names, else in English, else in the one that
/// understands most of its lines.
fn part(text: &str) -> Option<lines::GherkinFeature> {
    let named = text.lines().map(str::trim).find_map(|line| {
        let rest = line
            .strip_prefix('#')?
            .trim_start()
            .strip_prefix("language")?;
        GherkinLanguage::named(rest.trim_start().strip_prefix(':')?.trim())
    });
    let parts = |language| [false, true].map(|inside| lines::read_part(text, language, inside));
    let steps = |feature: &lines::GherkinFeature| {
        let steps = feature
            .scenarios
            .iter()
            .map(|scenario| scenario.steps.len());
        steps.sum::<usize>()
    };
    // A line that no keyword begins would be lost as a description.
    let is_all = |feature: &lines::GherkinFeature| {
        let mut lines = feature.scenarios.iter().flat_map(|one| &one.description);
        lines.all(|line| line.trim().is_empty())
    };
    let first = parts(named.unwrap_or_else(GherkinLanguage::english));
    let first = first.into_iter().find(has_steps);
    if first.is_some() || named.is_some() {
        return first;
    }
    let others = GherkinLanguage::all().flat_map(parts);
    let fitting = others.filter(|feature| has_steps(feature) && is_all(feature));
    fitting.max_by_key(steps)
}

/// A scenario as a test case; `alone` in its file, it has the ids of its feature.
fn case(scenario: &GherkinScenario, alone: bool) -> std::result::Result<TestCase, String> {
    if let Some(fault) = &scenario.fault {
        return Err(fault.reason.clone());
    }
    let (mut ids, mut tickets, mut labels) = (Vec::new(), Vec::new(), Vec::new());
    let (mut kind, mut component, mut minutes) = (scenario.feature.clone(), None, None);
    let mut is_active = true;
    let own: HashSet<&String> = scenario.tags.iter().collect();
    for tag in scenario.inherited.iter().chain(&scenario.tags) {
        match tags::read(tag) {
            ScenarioTag::Ticket(key) => tickets.push(key),
            ScenarioTag::Id(id) if alone || own.contains(tag) => ids.push(id),
            // A feature of several scenarios is no test case: its id is kept as a word.
            ScenarioTag::Id(_) => labels.push(tag.clone()),
            ScenarioTag::Kind(name) => kind = name,
            ScenarioTag::Component(name) => component = Some(name),
            ScenarioTag::Minutes(number) => minutes = Some(number),
            ScenarioTag::Status(active) => is_active = active,
            ScenarioTag::Label(label) => labels.push(label),
        }
    }
    let name = match scenario.name.is_empty() {
        true => &scenario.feature,
        false => &scenario.name,
    };
    if name.is_empty() {
        return Err("the scenario has no name, and neither has its feature".into());
    }
    let kind = if kind.is_empty() { NO_TYPE } else { &kind };
    let mut pattern = TestPattern::new(name, kind);
    let steps = bdd(scenario);
    pattern.origin = PatternOrigin::Imported;
    pattern.component = component;
    pattern.objective = description(&scenario.description);
    pattern.precondition = steps.precondition;
    pattern.steps = steps.steps;
    pattern.labels = labels;
    pattern.avg_time_minutes = minutes;
    pattern.is_active = is_active;
    Ok(TestCase {
        ids: distinct(ids),
        pattern,
        tickets: distinct(tickets),
        scope: None,
        holds: None,
    })
}

/// Tickets that are named by a bare tag: `@UTF-8` looks like one.
fn guesses(scenario: &GherkinScenario) -> impl Iterator<Item = TicketKey> {
    let tags = scenario.inherited.iter().chain(&scenario.tags);
    let bare = tags.filter(|tag| !tag.starts_with("REQ_"));
    bare.filter_map(|tag| match tags::read(tag) {
        ScenarioTag::Ticket(key) => Some(key),
        _ => None,
    })
}

fn description(lines: &[String]) -> Option<String> {
    let plain = |line: &String| match line.strip_prefix('\\') {
        Some(rest) if is_structure(rest) => rest.to_owned(),
        _ => line.clone(),
    };
    let text: Vec<String> = lines.iter().map(plain).collect();
    let text = text.join("\n");
    let text = text.trim_matches('\n');
    (!text.is_empty()).then(|| text.to_owned())
}

/// Precondition and steps of a scenario, with the data of an outline.
fn bdd(scenario: &GherkinScenario) -> Bdd {
    let mut found = Bdd::default();
    let mut given: Vec<String> = Vec::new();
    for line in &scenario.background {
        given.push(whole(line));
    }
    for line in &scenario.steps {
        match (line.kind, found.steps.last_mut()) {
            (StepKind::Given, None) => given.push(whole(line)),
            (StepKind::Then, Some(step)) => {
                let (text, data) = parts(line);
                let text = [Some(text), data].into_iter().flatten();
                let text = text.collect::<Vec<_>>().join("\n");
                step.expected = Some(match step.expected.take() {
                    Some(before) => format!("{before}\n{text}"),
                    None => text,
                });
            }
            // What is seen before anything is done.
            (StepKind::Then, None) => found.steps.push(Step {
                action: String::new(),
                expected: Some(whole(line)),
                data: None,
            }),
            (kind, _) => {
                let (text, data) = parts(line);
                // A state that is set up between two actions keeps its mark.
                let action = match kind {
                    StepKind::Given => format!("{} {text}", line.keyword),
                    _ => text,
                };
                found.steps.push(Step {
                    action,
                    expected: None,
                    data,
                });
            }
        }
    }
    if let Some(examples) = examples(scenario) {
        match found.steps.first_mut() {
            Some(step) => {
                // The step's own table is another one.
                let before = step
                    .data
                    .take()
                    .map(|data| format!("{data}\n\nExamples:\n"));
                step.data = Some(before.unwrap_or_default() + &examples);
            }
            None => given.push(examples),
        }
    }
    found.precondition = (!given.is_empty()).then(|| given.join("\n"));
    found
}

/// Each table with its own header; titles where they have names.
fn examples(scenario: &GherkinScenario) -> Option<String> {
    let tables = scenario
        .examples
        .iter()
        .filter(|table| !table.rows.is_empty());
    let table = |table: &ExampleTable| match table.title.is_empty() {
        true => rows(&table.rows),
        false => format!("{}\n{}", table.title, rows(&table.rows)),
    };
    let tables: Vec<String> = tables.map(table).collect();
    (!tables.is_empty()).then(|| tables.join("\n\n"))
}

/// A line with all that hangs on it as one text.
fn whole(line: &GherkinLine) -> String {
    let (text, data) = parts(line);
    match data {
        Some(data) => format!("{text}\n{data}"),
        None => text,
    }
}

/// A line's text and its data: a table or a text in quotes.
fn parts(line: &GherkinLine) -> (String, Option<String>) {
    let mut text = line.text.clone();
    let ours = |row: &Vec<String>| matches!(&row[..], [name, _] if name == MORE || name == DATA);
    if !line.table.is_empty() && line.table.iter().all(ours) {
        let mut data = None;
        for row in &line.table {
            match &row[..] {
                [name, more] if name == MORE => text.push_str(more),
                [_, value] => data = Some(value.clone()),
                _ => {}
            }
        }
        return (text, data);
    }
    let table = (!line.table.is_empty()).then(|| rows(&line.table));
    let data: Vec<String> = line.text_block.clone().into_iter().chain(table).collect();
    (text, (!data.is_empty()).then(|| data.join("\n")))
}

fn rows(table: &[Vec<String>]) -> String {
    let rows: Vec<String> = table.iter().map(|row| row.join(" | ")).collect();
    rows.join("\n")
}
