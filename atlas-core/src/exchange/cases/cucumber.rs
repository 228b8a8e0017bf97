//! Cucumber's JSON report: features with their scenarios, and what came of each step.

use std::path::Path;

use serde_json::Value;

use super::gherkin::{ScenarioTag, tag};
use super::refusals::{RESULTS, unknown};
use super::{Entry, TestFile, TestResult, attempts, json_lines};
use crate::Result;
use crate::domain::{TestFormat, TestOutcome};
use crate::exchange::dates;
use crate::exchange::distinct::add_new;
use crate::exchange::json::text_of;
use crate::exchange::outcomes::{OutcomeParts, OutcomeWord};
use crate::exchange::report::shortened;

/// Whether it is such a report: an array of features.
pub(super) fn is_report(value: &Value) -> bool {
    let features = value.as_array();
    features.is_some_and(|features| {
        let is_feature = |one: &Value| {
            one.get("elements").is_some_and(Value::is_array)
                || one.get("keyword").is_some() && one.get("uri").is_some()
        };
        features.first().is_some_and(is_feature)
    })
}

pub(super) fn read(path: &Path, text: &str, report: &Value) -> Result<TestFile<TestResult>> {
    let features = report.as_array().ok_or_else(|| unknown(path, RESULTS))?;
    let mut file = TestFile::of_results(TestFormat::CucumberJson);
    let is_behave = features.iter().any(is_behave);
    let mut lines = json_lines::of(text, "elements").into_iter();
    for feature in features {
        let mut scenarios: Vec<CucumberScenario> = Vec::new();
        let mut background = None;
        for element in feature
            .get("elements")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            let line = lines.next().unwrap_or(0);
            if text_at(element, "type") == "background" {
                background = Some(element);
                continue;
            }
            let one = CucumberScenario::of(feature, element, background.take(), line, is_behave);
            // Examples of one outline are parts of one test.
            match scenarios.iter_mut().find(|known| known.is_same(&one)) {
                Some(known) => known.join(one),
                None => scenarios.push(one),
            }
        }
        for scenario in scenarios {
            if file.push(scenario.entry()).is_break() {
                attempts::settle(&mut file);
                return Ok(file);
            }
        }
    }
    attempts::settle(&mut file);
    Ok(file)
}

/// A scenario, with all of its examples.
struct CucumberScenario {
    line: u64,
    is_outline: bool,
    result: TestResult,
    parts: OutcomeParts,
    /// The first thing that went wrong.
    error: Option<String>,
    seconds: f64,
    is_behave: bool,
}

impl CucumberScenario {
    fn of(
        feature: &Value,
        element: &Value,
        background: Option<&Value>,
        line: u64,
        is_behave: bool,
    ) -> Self {
        let mut scenario = CucumberScenario {
            line,
            is_outline: text_at(element, "keyword") != "Scenario",
            result: TestResult {
                name: text_at(element, "name"),
                group: Some(text_at(feature, "name")).filter(|name| !name.is_empty()),
                ran_at: dates::parse(&text_at(element, "start_timestamp")),
                ..TestResult::default()
            },
            parts: OutcomeParts::default(),
            error: None,
            seconds: 0.0,
            is_behave,
        };
        scenario.result.around.suites = text_at(feature, "uri");
        let place = ["line", "location", "id"].map(|name| text_at(element, name));
        scenario.result.around.place = place.join("|");
        scenario.tags(element, true);
        scenario.tags(feature, false);
        let mut steps = OutcomeParts::default();
        for part in background.into_iter().chain([element]) {
            for (list, is_step) in [("before", false), ("steps", true), ("after", false)] {
                for step in array(part, list) {
                    scenario.step(step, is_step, &mut steps);
                    for hook in array(step, "before").chain(array(step, "after")) {
                        scenario.step(hook, false, &mut steps);
                    }
                }
            }
        }
        // What went wrong between the steps is told by the scenario alone.
        match OutcomeWord::of(&text_at(element, "status")) {
            Some(OutcomeWord::Failed) => steps.see_outcome(Ok(TestOutcome::Failed)),
            Some(OutcomeWord::Blocked) => steps.see_outcome(Ok(TestOutcome::Blocked)),
            _ => {}
        }
        scenario.parts.see_outcome(steps.outcome());
        scenario
    }

    /// Takes a step in; a hook counts where it did not pass.
    fn step(&mut self, step: &Value, is_step: bool, steps: &mut OutcomeParts) {
        let none = Value::Null;
        let result = step.get("result").unwrap_or(&none);
        let status = text_at(result, "status");
        if is_step || !["passed", "skipped", ""].contains(&status.as_str()) {
            steps.see(&status);
        }
        let message = || text_at(result, "error_message");
        if self.error.is_none() && status == "failed" {
            self.error = Some(message()).filter(|message| !message.is_empty());
        }
        let duration = result.get("duration").and_then(text_of);
        let duration = duration.and_then(|text| text.trim().parse::<f64>().ok());
        let duration = duration.filter(|duration| duration.is_finite() && *duration > 0.0);
        self.seconds += duration.map_or(0.0, |duration| seconds(duration, self.is_behave));
    }

    fn tags(&mut self, of: &Value, is_own: bool) {
        let mut ids = Vec::new();
        for one in array(of, "tags") {
            let name = one.get("name").unwrap_or(one);
            let name = text_of(name).unwrap_or_default();
            let name = name.trim_start_matches('@');
            let explicit = name.starts_with("REQ_");
            let around = &mut self.result.around;
            match tag(name) {
                ScenarioTag::Id(id) => ids.push(id),
                ScenarioTag::Ticket(key) => match (explicit, is_own) {
                    (true, true) => self.result.tickets.push(key),
                    (true, false) => around.tickets.push(key),
                    (false, true) => around.words.push(key),
                    (false, false) => around.ticket_words.push(key),
                },
                _ => {}
            }
        }
        add_new(&mut self.result.ids, ids);
    }

    /// Whether both are examples of one outline.
    fn is_same(&self, other: &CucumberScenario) -> bool {
        let named = |one: &CucumberScenario| (one.result.name.clone(), one.result.ids.clone());
        self.is_outline && other.is_outline && named(self) == named(other)
    }

    fn join(&mut self, other: CucumberScenario) {
        self.parts.see_outcome(other.parts.outcome());
        self.error = self.error.take().or(other.error);
        self.seconds += other.seconds;
        self.result.ran_at = self.result.ran_at.max(other.result.ran_at);
        add_new(&mut self.result.tickets, other.result.tickets);
        add_new(&mut self.result.around.words, other.result.around.words);
    }

    fn entry(self) -> Entry<TestResult> {
        let mut result = self.result;
        if result.name.trim().is_empty() {
            let named = result.ids.first().cloned();
            match named {
                Some(id) => result.name = id,
                None => return Entry::at(self.line, Err("the scenario has no name".into())),
            }
        }
        result.seconds = (self.seconds > 0.0).then_some(self.seconds);
        match self.parts.outcome() {
            Ok(outcome) => {
                result.outcome = outcome;
                result.comment = self.error;
            }
            Err(status) => {
                result.around.refused = Some(format!(
                    "{}: a step has the status \"{}\", which is not known",
                    result.name,
                    shortened(&status)
                ));
            }
        }
        Entry::at(self.line, Ok(result))
    }
}

/// Whether Behave wrote the feature: it says where it lies in its own word.
fn is_behave(feature: &Value) -> bool {
    feature.get("location").is_some() && feature.get("uri").is_none()
}

/// A duration in seconds. It is in nanoseconds; Behave's is in seconds, and so is one with decimals
/// in the reports of others. No step takes a day.
fn seconds(duration: f64, is_behave: bool) -> f64 {
    match duration < 86_400.0 && (is_behave || duration.fract() != 0.0) {
        true => duration,
        false => duration / 1e9,
    }
}

fn text_at(value: &Value, name: &str) -> String {
    value.get(name).and_then(text_of).unwrap_or_default()
}

fn array<'v>(value: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> {
    let list = value.get(name).and_then(Value::as_array);
    list.into_iter().flatten()
}
