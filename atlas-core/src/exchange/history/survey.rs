//! What the whole file of a history tells, before its first row is read.

use std::ops::ControlFlow;

use super::{EXPECTED, HistoryPlaces, HistoryReader};
use crate::Result;
use crate::domain::ReadOptions;
use crate::exchange::cases;
use crate::exchange::dates::{DateSurvey, MaybeDates};
use crate::exchange::history_words::{HistoryField, VerdictWord, field, word};
use crate::exchange::numbers::NumberSurvey;
use crate::exchange::table::{Row, Table};

/// Collects it.
#[derive(Default)]
pub(super) struct HistorySurvey {
    places: HistoryPlaces,
    statuses: Vec<usize>,
    verdicts: VerdictTally,
    /// Of the columns of [`HistorySurvey::statuses`], in their order.
    states: Vec<VerdictTally>,
    /// The columns that hold nothing of a history, and their words.
    others: Vec<(usize, VerdictTally)>,
    rows: u64,
    dates: DateSurvey,
    /// Dates of the columns that hold nothing of a history.
    other_dates: MaybeDates,
    numbers: NumberSurvey,
}

/// How often a column has which words.
#[derive(Debug, Clone, Default)]
struct VerdictTally {
    results: u64,
    unknown: u64,
    /// The first 1 or 0.
    digit: Option<String>,
    other_answers: u64,
    /// A result that is more than a sign.
    has_word: bool,
}

impl VerdictTally {
    fn see(&mut self, text: &str) {
        match word(text) {
            Some(VerdictWord::Ran { sure: true } | VerdictWord::NotRun { sure: true }) => {
                self.results += 1;
                self.has_word |= text.chars().nth(1).is_some();
            }
            Some(VerdictWord::Yes | VerdictWord::No) if text.starts_with(['0', '1']) => {
                self.digit.get_or_insert_with(|| text.to_owned());
            }
            Some(VerdictWord::Ran { .. } | VerdictWord::NotRun { .. }) => {}
            Some(_) => self.other_answers += 1,
            None => self.unknown += 1,
        }
    }

    /// Whether a column of any name holds results: in most of so many rows, and in words. A sign
    /// alone may be a mark of anything.
    fn is_of_results(&self, rows: u64) -> bool {
        self.has_word && self.results > rows / 2
    }

    /// The first 1 or 0 where no other word tells what they mean.
    fn unclear(&self) -> Option<&str> {
        let alone = self.results == 0 && self.other_answers == 0;
        self.digit.as_deref().filter(|_| alone)
    }
}

impl HistorySurvey {
    /// A survey of a table with the columns of a history.
    pub fn of(table: &Table<'_>) -> Result<Self> {
        let mut found: Vec<(HistoryField, usize, usize)> = table
            .columns
            .iter()
            .filter_map(|(place, name)| field(name).map(|(field, rank)| (field, rank, place)))
            .collect();
        found.sort_by_key(|(_, rank, place)| (*rank, *place));
        let of = |wanted: HistoryField| {
            let fitting = found.iter().filter(move |(field, ..)| *field == wanted);
            fitting.map(|(.., place)| *place).collect::<Vec<usize>>()
        };
        let units = [
            HistoryField::Minutes,
            HistoryField::Seconds,
            HistoryField::Milliseconds,
        ];
        let durations = units.into_iter().flat_map(|unit| {
            let places = of(unit).into_iter();
            places.map(move |place| (place, unit))
        });
        let places = HistoryPlaces {
            ticket: of(HistoryField::Ticket),
            summary: of(HistoryField::Summary),
            test: of(HistoryField::Test),
            verdict: of(HistoryField::Verdict),
            durations: durations.collect(),
            date: of(HistoryField::Date),
        };
        if places.ticket.is_empty() || places.test.is_empty() {
            let looks = cases::looks_like(&table.columns);
            let looks = looks.map_or_else(String::new, |looks| format!("{looks}; "));
            let reason = format!("{looks}{}; {EXPECTED}", table.shown());
            return Err(table.file.unknown(reason));
        }
        let statuses = of(HistoryField::Status);
        let columns = table.columns.iter();
        let others = columns.filter(|(_, name)| field(name).is_none());
        let mut dates = DateSurvey::default();
        table
            .columns
            .iter()
            .for_each(|(_, name)| dates.see_column(name));
        Ok(HistorySurvey {
            dates,
            others: others
                .map(|(place, _)| (place, VerdictTally::default()))
                .collect(),
            states: vec![VerdictTally::default(); statuses.len()],
            statuses,
            places,
            ..HistorySurvey::default()
        })
    }

    /// Takes in a row.
    pub fn see(&mut self, row: &Row) -> ControlFlow<()> {
        if let Some(text) = row.first(&self.places.verdict) {
            self.verdicts.see(text);
        }
        for (place, tally) in self.statuses.iter().zip(&mut self.states) {
            if let Some(text) = row.first(&[*place]) {
                tally.see(text);
            }
        }
        self.rows += 1;
        for (place, tally) in &mut self.others {
            if let Some(text) = row.first(&[*place]) {
                tally.see(text);
                self.other_dates.see(*place, Some(text));
            }
        }
        row.all(&self.places.date)
            .for_each(|text| self.dates.see(text));
        for (place, _) in &self.places.durations {
            if let Some(text) = row.first(&[*place]) {
                self.numbers.see(text);
            }
        }
        ControlFlow::Continue(())
    }

    /// The column of verdicts, unless it is called so.
    fn verdict_name<'a>(&self, names: &'a [String]) -> Option<&'a str> {
        let name = names.get(*self.places.verdict.first()?)?;
        (field(name) != Some((HistoryField::Verdict, 0))).then_some(name)
    }

    /// How the rows are read, and the account of it.
    pub fn settle(mut self, reading: &ReadOptions, table: &Table<'_>) -> HistoryReader {
        let mut tally = std::mem::take(&mut self.verdicts);
        if self.places.verdict.is_empty() {
            let of_tests = |tally: &&VerdictTally| tally.results > tally.unknown;
            if let Some(found) = self.states.iter().position(|tally| of_tests(&tally)) {
                self.places.verdict = vec![self.statuses[found]];
                tally = self.states.swap_remove(found);
            }
        }
        let mut is_guessed = false;
        if self.places.verdict.is_empty() {
            let mut others = std::mem::take(&mut self.others).into_iter();
            if let Some((place, found)) = others.find(|(_, one)| one.is_of_results(self.rows)) {
                self.places.verdict = vec![place];
                tally = found;
                is_guessed = true;
            }
        }
        let names: Vec<String> = table
            .columns
            .iter()
            .map(|(_, name)| name.to_owned())
            .collect();
        let mut account = table.account.clone();
        for name in &names {
            account.column(None, name);
        }
        for (field, places) in self.places.fields() {
            places.iter().for_each(|place| account.used(*place, field));
        }
        if is_guessed && let Some(name) = self.verdict_name(&names) {
            account.assumed(
                "verdict",
                format!("the column \"{name}\" says what came of the tests"),
                "no column is called verdict or result, and most of its values are words such as \
                 PASS and FAIL",
            );
        }
        if let Some((digit, name)) = tally.unclear().zip(self.verdict_name(&names)) {
            account.assumed(
                "verdict",
                "1 is right, 0 is wrong",
                format!(
                    "\"{digit}\" in the column \"{name}\" could also be a pass or a failure, which \
                     both say that the test was right to run; call the column verdict, or write \
                     PASS and FAIL"
                ),
            );
        }
        self.dates.add_where_open(&self.other_dates.finish());
        let (dates, date_order) = self.dates.settle(reading.date_order);
        let (numbers, mark) = self.numbers.settle(reading.decimal);
        for assumption in [date_order, mark].into_iter().flatten() {
            account.assumed(&assumption.about, assumption.assumed, assumption.why);
        }
        HistoryReader {
            places: self.places,
            names,
            dates,
            numbers,
            has_results: tally.results > 0,
            account,
        }
    }
}

impl HistoryPlaces {
    /// The fields by their names in reports.
    fn fields(&self) -> [(&'static str, Vec<usize>); 6] {
        let durations = self.durations.iter().map(|(place, _)| *place);
        [
            ("ticket_key", self.ticket.clone()),
            ("ticket_summary", self.summary.clone()),
            ("test_key", self.test.clone()),
            ("verdict", self.verdict.clone()),
            ("minutes", durations.collect()),
            ("date", self.date.clone()),
        ]
    }
}
