//! What a table's columns were used as, and what a person should know of the whole.

use super::super::names::{Column, key};
use super::case::CaseReader;
use super::survey::CaseSurvey;
use crate::domain::TestField;
use crate::exchange::report::{FileAccount, shortened};

/// So many columns are named in a warning.
const NAMED: usize = 5;

/// Parts of the names of columns whose Yes and No say nothing of a run.
const NO_RUNS: [&str; 6] = [
    "automat",
    "manual",
    "mandatory",
    "active",
    "deleted",
    "archived",
];

impl CaseReader {
    pub(super) fn report(mut self, survey: &CaseSurvey) -> (FileAccount, Vec<String>) {
        let mut account = std::mem::take(&mut self.usage.account);
        for (place, name) in self.places.names.iter().enumerate() {
            let column = account.column(None, name);
            account.saw(column, survey.first(place));
            if let Some(field) = self.places.use_of(place)
                && field != Column::Other
                && (survey.is_empty(place) || self.is_used(field))
            {
                account.used(column, field.field());
            }
        }
        let unknown = self
            .places
            .unknown
            .iter()
            .filter(|place| !survey.is_empty(**place));
        let named: Vec<String> = unknown
            .take(NAMED)
            .filter_map(|place| self.places.names.get(*place))
            .map(|name| format!("\"{}\"", shortened(name)))
            .collect();
        let usage = &self.usage;
        if usage.with_unknown > 0 && !named.is_empty() {
            account.warn(format!(
                "{} of {} test cases have no steps, and these columns were not used: {}. Where one of them \
                 holds the steps, say so: --column steps=NAME, --column expected=NAME",
                usage.without_steps,
                usage.cases,
                named.join(", ")
            ));
        }
        let other = self.places.at(Column::Other).iter();
        let other: Vec<String> = other
            .filter(|place| !survey.is_empty(**place))
            .take(NAMED)
            .filter_map(|place| self.places.names.get(*place))
            .map(|name| format!("\"{}\"", shortened(name)))
            .collect();
        let is_said = usage.with_unknown > 0 && !named.is_empty();
        // Where others have some, those without are worth a look.
        let are_some = usage.stepless > 0 && usage.stepless < usage.cases;
        if are_some && !is_said && !(named.is_empty() && other.is_empty()) {
            account.warn(format!(
                "{} of {} test cases have no steps; columns that were not used: {}",
                usage.stepless,
                usage.cases,
                [named, other].concat().join(", ")
            ));
        }
        let mut notes = Vec::new();
        if let Some(place) = self.places.by_text.filter(|_| self.is_used(Column::Steps)) {
            notes.push(format!(
                "the column \"{}\" was taken for the steps by what it holds; --column steps=NAME names \
                 another one",
                shortened(self.places.name(place))
            ));
        }
        let has_place = self.places.holds().contains(&TestField::Steps);
        let names = self.places.names.iter().enumerate();
        // `Automated: Yes` says nothing of a run.
        let is_of_run = |place: usize| {
            let name = key(self.places.name(place));
            survey.is_verdicts(place) && !NO_RUNS.iter().any(|word| name.contains(word))
        };
        let mut of_runs = names.filter(|(place, _)| is_of_run(*place));
        if let Some((_, name)) = of_runs.next().filter(|_| !has_place) {
            account.warn(format!(
                "the results of runs in the column \"{}\" were not read, only the names of the test \
                 cases: import-history reads a list of runs that has a column for the ticket",
                shortened(name)
            ));
        }
        if usage.cases > 0 && !has_place && !is_said {
            notes.push(match usage.cases {
                1 => {
                    "no column holds steps: the test case is stored without; steps that are stored \
                      already stay"
                        .to_owned()
                }
                cases => format!(
                    "no column holds steps: {cases} test cases are stored without; steps that are \
                     stored already stay"
                ),
            });
        }
        if usage.repeated > 0 {
            notes.push(format!(
                "{} executions of {} test cases: each test case is stored once, with its steps once",
                usage.executions, usage.cases
            ));
        }
        if let (count @ 1.., line) = usage.same {
            notes.push(format!(
                "rows that repeat a test case word for word were passed over: {count} (the first in \
                 line {line})"
            ));
        }
        if let (count @ 1.., line) = usage.again {
            notes.push(format!(
                "rows with the title and the folder of the row above, and no id, are a test case each: \
                 {count} (the first in line {line}). Rows of one test case leave the title empty, or \
                 have one id"
            ));
        }
        if usage.headers > 0 {
            notes.push(format!(
                "rows that repeat the header were passed over: {}",
                usage.headers
            ));
        }
        (account, notes)
    }

    /// Whether a field that the table has was used: of several sources of steps one is.
    fn is_used(&self, field: Column) -> bool {
        use Column::{
            Action, Bdd, Data, Expected, Plain, Shared, StepName, Steps, StepsData, StepsExpected,
        };
        let sources = &self.usage.sources;
        match field {
            Action | Expected | Data | Shared => sources.contains(&Action),
            StepName => self.usage.step_names.get(),
            Steps | StepsExpected | StepsData => sources.contains(&Steps),
            Bdd | Plain => sources.contains(&field),
            _ => true,
        }
    }
}
