//! What a row says of its test case beside the steps: name, folder, labels, tickets, ids.

use super::super::TestCase;
use super::super::cells::{keys_of_cell, minutes};
use super::super::names::{Column, is_word};
use super::assemble::says_nothing;
use super::case::CaseReader;
use crate::domain::TestFormat;
use crate::exchange::distinct::add_new;
use crate::exchange::pattern_fields::{NO_TYPE, is_retired};
use crate::exchange::table::Row;

impl CaseReader {
    /// What a row says of the test case; a first word counts, of lists all do.
    pub(super) fn fill(&mut self, row: &Row, case: &mut TestCase) {
        let places = &self.places;
        let text = |column| places.text(row, column).map(str::to_owned);
        let plain = |column| text(column).map(|text| self.plain(&text));
        let pattern = &mut case.pattern;
        if pattern.name.is_empty() {
            pattern.name = text(Column::Name).unwrap_or_default();
        }
        let folders: Vec<String> = self.folders(row);
        if let Some(folder) = folders.first().filter(|_| pattern.pattern_type == NO_TYPE) {
            pattern.pattern_type.clone_from(folder);
        }
        let component = text(Column::Component).or_else(|| match places.dialect.format {
            _ if places.has(Column::Component) => None,
            TestFormat::Csv => folders.get(1).cloned(),
            _ => folders.last().cloned(),
        });
        pattern.component = pattern.component.take().or(component);
        pattern.objective = pattern.objective.take().or(plain(Column::Objective));
        pattern.precondition = pattern.precondition.take().or(plain(Column::Precondition));
        if let Some(text) = places.text(row, Column::Minutes)
            && pattern.avg_time_minutes.is_none()
        {
            let milliseconds = milliseconds(places.dialect.format, text);
            pattern.avg_time_minutes = milliseconds.or_else(|| minutes(text));
            if milliseconds.is_some() {
                let column = places.name_of(Column::Minutes).to_owned();
                let why = format!("{text} minutes would be weeks");
                self.usage.account.assumed(&column, "milliseconds", why);
            }
            if pattern.avg_time_minutes.is_none() && !says_nothing(text) {
                let column = places.name_of(Column::Minutes);
                let expected = "a duration such as 15, 1h 30m or 01:30";
                self.usage.account.unread(column, row.line, text, expected);
            }
        }
        let labels = places.texts(row, Column::Labels).into_iter();
        let labels = labels
            .flat_map(|cell| cell.split([',', ';']))
            .map(str::trim);
        let labels = labels.filter(|label| !label.is_empty()).map(str::to_owned);
        add_new(&mut pattern.labels, labels);
        if let Some(status) = places.text(row, Column::Status) {
            pattern.is_active = !is_retired(status) && !is_word("retired", status);
        }
        self.add_tickets(row, case);
        self.add_ids(row, case);
    }

    fn folders(&self, row: &Row) -> Vec<String> {
        let places = &self.places;
        let mut folders: Vec<String> = Vec::new();
        let all = places.texts(row, Column::Kind).into_iter();
        let all = all.map(|text| text.trim_matches('/').trim());
        for folder in all {
            if !folder.is_empty() && folders.iter().all(|one| one != folder) {
                folders.push(folder.to_owned());
            }
        }
        folders
    }

    fn add_tickets(&mut self, row: &Row, case: &mut TestCase) {
        for place in self.places.at(Column::Tickets) {
            let Some(cell) = row.first(&[*place]) else {
                continue;
            };
            let found = keys_of_cell(cell);
            if found.is_empty() && !says_nothing(cell) {
                let column = self.places.names.get(*place).map_or("", String::as_str);
                self.usage
                    .account
                    .unread(column, row.line, cell, "ticket keys such as WRKA-7");
            }
            add_new(&mut case.tickets, found);
        }
    }

    fn add_ids(&self, row: &Row, case: &mut TestCase) {
        let places = &self.places;
        let of_file = || places.text(row, Column::Project).map(str::to_owned);
        let project = || self.project.clone().or_else(of_file);
        let id = places.text(row, Column::Id);
        let external = places.text(row, Column::External).map(str::to_owned);
        let of_tool = id.map(|id| super::id_of(places.dialect.format, project().as_deref(), id));
        for id in external.into_iter().chain(of_tool) {
            if !case.ids.contains(&id) {
                case.ids.push(id);
            }
        }
        if id.is_some_and(|id| id.chars().all(|c| c.is_ascii_digit())) && case.scope.is_none() {
            let suite = || places.text(row, Column::SuiteId).map(str::to_owned);
            let of_tool = || match places.dialect.format {
                TestFormat::TestrailCsv => suite(),
                _ => None,
            };
            case.scope = of_file().or_else(of_tool);
        }
    }
}

/// The minutes of a number that Zephyr means as milliseconds, as its JSON does: as minutes it would
/// be weeks.
fn milliseconds(format: TestFormat, text: &str) -> Option<u32> {
    const WEEKS: u64 = 20_000;
    let number: u64 = text.trim().parse().ok()?;
    let is_it = format == TestFormat::ZephyrCsv && number >= WEEKS;
    let minutes = number.saturating_add(30_000) / 60_000;
    is_it
        .then(|| u32::try_from(minutes).ok())?
        .map(|minutes| minutes.max(1))
}
