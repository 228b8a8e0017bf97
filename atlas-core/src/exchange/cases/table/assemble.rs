//! Rows as test cases: which row belongs to which, in any order and with any gaps.

use std::collections::{HashMap, HashSet, VecDeque};
use std::ops::ControlFlow;

use xxhash_rust::xxh3::xxh3_64;

use super::super::names::{Column, is_word};
use super::case::{Case, CaseReader};
use super::own::{CaseMark, Own};
use super::steps::is_list;
use super::{Take, places::Places};
use crate::domain::TestField;
use crate::exchange::report::FileAccount;
use crate::exchange::table::Row;

/// So many test cases of one id are compared; a file with more of them is no table of tests.
const SAME_ID: usize = 16;

/// Without ids only the last test case goes on, beside the refusals after it.
const FEW: usize = 64;

/// Puts rows together to test cases. One is handed over when so many others have begun that no
/// row of it is expected any more; a row that comes later all the same is refused.
pub(crate) struct Assembler {
    reader: CaseReader,
    /// How many test cases are kept open.
    window: usize,
    cases: VecDeque<Case>,
    /// How many test cases were handed over.
    given: usize,
    /// The test case of the last row.
    open: Option<usize>,
    /// The test cases by what their rows have in common.
    by_mark: HashMap<CaseMark, Vec<usize>>,
    /// The marks of test cases that were handed over.
    gone: HashSet<u64>,
}

impl Assembler {
    pub(super) fn new(
        places: Places,
        reader: impl FnOnce(Places) -> CaseReader,
        window: usize,
    ) -> Self {
        let marks = [Column::Group, Column::Id, Column::External];
        let has_marks = marks.iter().any(|column| places.has(*column));
        Assembler {
            window: if has_marks { window.max(1) } else { FEW },
            reader: reader(places),
            cases: VecDeque::new(),
            given: 0,
            open: None,
            by_mark: HashMap::new(),
            gone: HashSet::new(),
        }
    }

    /// Takes a row in.
    pub(crate) fn row(&mut self, row: &Row, take: Take<'_>) -> ControlFlow<()> {
        if self.reader.is_suite(row) {
            return ControlFlow::Continue(());
        }
        if self.reader.is_header(row) {
            self.open = None;
            return ControlFlow::Continue(());
        }
        let own = Own::of(row, &self.reader.places);
        if let Some(reason) = self.reader.is_no_test(row) {
            return self.start(Case::refused(row.line, own, reason), take);
        }
        if self.reader.is_shared_step(row)
            && let Some(case) = self.open.and_then(|at| self.case(at))
        {
            self.reader.add_shared(row, &mut self.cases[case]);
            return ControlFlow::Continue(());
        }
        match self.belongs_to(row, &own) {
            Some(at) => {
                let is_next = self.open == Some(at);
                self.open = Some(at);
                if let Some(case) = self.case(at).and_then(|place| self.cases.get_mut(place)) {
                    self.reader.add(row, own, case, is_next);
                    self.mark(at);
                }
                ControlFlow::Continue(())
            }
            None if own.is_silent() => {
                let is_open = self.open;
                let case = is_open.and_then(|at| self.of(at));
                let is_heading = self.reader.texts(row) == own.folders.len();
                let is_elsewhere = !is_heading && case.is_some_and(|case| !case.own.agrees(&own));
                let reason = match is_elsewhere {
                    true => "the row has no name, and another folder than the test case above it",
                    false => "the row has no name",
                };
                self.start(Case::refused(row.line, own, reason.to_owned()), take)?;
                // What follows a row of another folder may be that row's.
                self.open = is_open.filter(|_| !is_elsewhere);
                ControlFlow::Continue(())
            }
            None if self.is_gone(&own) => {
                let window = self.window;
                let reason = format!(
                    "more than {window} test cases stand between rows of one id: sort the table by it"
                );
                self.start(Case::refused(row.line, own, reason), take)
            }
            None => {
                self.note_again(row, &own);
                let case = self.reader.start(row, own);
                self.start(case, take)
            }
        }
    }

    /// Counts a row that says the name and the folder of the test case above it again, and no id:
    /// it may be one more step of it.
    fn note_again(&mut self, row: &Row, own: &Own) {
        let above = self.open.and_then(|at| self.of(at));
        let is_again = own.marks.is_empty()
            && above.is_some_and(|case| case.own.marks.is_empty() && case.own.goes_on_by_name(own));
        if is_again {
            let again = &mut self.reader.usage.again;
            *again = (again.0 + 1, if again.0 == 0 { row.line } else { again.1 });
        }
    }

    /// A row, or why it cannot be read; the test case that it may belong to is refused with it.
    pub(crate) fn row_or_fault(
        &mut self,
        line: u64,
        row: Result<Row, String>,
        take: Take<'_>,
    ) -> ControlFlow<()> {
        let reason = match row {
            Ok(row) => return self.row(&row, take),
            Err(reason) => reason,
        };
        let open = self.open.and_then(|at| self.case(at));
        if let Some(case) = open.and_then(|place| self.cases.get_mut(place)) {
            case.doubt(format!("line {line} may belong to it: {reason}"));
        }
        self.start(Case::refused(line, Own::default(), reason), take)
    }

    /// Hands over all that is left.
    pub(crate) fn finish(&mut self, take: Take<'_>) -> ControlFlow<()> {
        while !self.cases.is_empty() {
            self.hand_over(take)?;
        }
        ControlFlow::Continue(())
    }

    /// The fields that the table can say something about.
    pub(super) fn holds(&self) -> Vec<TestField> {
        self.reader.places.holds()
    }

    /// What the columns were used as, and what is worth knowing.
    pub(super) fn report(self, survey: &super::survey::CaseSurvey) -> (FileAccount, Vec<String>) {
        self.reader.report(survey)
    }

    fn start(&mut self, case: Case, take: Take<'_>) -> ControlFlow<()> {
        let at = self.given + self.cases.len();
        self.cases.push_back(case);
        self.open = Some(at);
        self.mark(at);
        match self.cases.len() > self.window {
            true => self.hand_over(take),
            false => ControlFlow::Continue(()),
        }
    }

    fn mark(&mut self, at: usize) {
        let Some(case) = self.cases.get(at.wrapping_sub(self.given)) else {
            return;
        };
        for mark in &case.own.marks {
            let known = self.by_mark.entry(mark.clone()).or_default();
            if !known.contains(&at) {
                known.push(at);
            }
            if known.len() > SAME_ID {
                known.remove(0);
            }
        }
    }

    fn hand_over(&mut self, take: Take<'_>) -> ControlFlow<()> {
        let Some(case) = self.cases.pop_front() else {
            return ControlFlow::Continue(());
        };
        let given = self.given;
        self.given += 1;
        for mark in &case.own.marks {
            self.gone.insert(hash(mark));
            if let Some(known) = self.by_mark.get_mut(mark) {
                known.retain(|at| *at != given);
            }
            self.by_mark.retain_if_empty(mark);
        }
        let line = case.line;
        let value = self.reader.finish(case);
        take(line, value)
    }

    /// The place of a test case that was not handed over yet.
    fn case(&self, at: usize) -> Option<usize> {
        let place = at.checked_sub(self.given)?;
        (place < self.cases.len()).then_some(place)
    }

    fn of(&self, at: usize) -> Option<&Case> {
        self.cases.get(self.case(at)?)
    }

    /// The test case that a row goes on with.
    fn belongs_to(&self, row: &Row, own: &Own) -> Option<usize> {
        let dialect = self.reader.places.dialect;
        let open = self.open.filter(|at| self.of(*at).is_some());
        if own.is_silent() {
            // A row that has a folder and nothing else is a heading.
            let is_heading = self.reader.texts(row) == own.folders.len();
            let is_here = |at: &usize| self.of(*at).is_none_or(|case| case.own.agrees(own));
            let open = open.filter(|_| !dialect.row_is_case && !is_heading);
            return open.filter(is_here);
        }
        let goes_on = |at: &usize| {
            let agrees = |case: &Case| {
                case.own.agrees(own)
                    && !self.is_another_list(row, own, case)
                    && (open == Some(*at) || !self.begins_again(row, own, case))
            };
            self.of(*at).is_some_and(agrees)
        };
        let with = |mark: &CaseMark| self.by_mark.get(mark).into_iter().flatten().rev().copied();
        if let Some(found) = own.marks.iter().flat_map(with).find(goes_on) {
            return Some(found);
        }
        let by_name = |at: &usize| {
            self.of(*at)
                .is_some_and(|case| case.own.goes_on_by_name(own) && !case.says_its_id())
        };
        let may_repeat = !dialect.starts && !dialect.row_is_case;
        open.filter(|_| may_repeat).filter(by_name).filter(goes_on)
    }

    /// Whether both have all their steps in a cell: two test cases with one id or name.
    fn is_another_list(&self, row: &Row, own: &Own, case: &Case) -> bool {
        let places = &self.reader.places;
        let list = places.text(row, Column::Steps).filter(|text| is_list(text));
        let is_case = places.dialect.row_is_case;
        own.name.is_some()
            && (is_case || (list.is_some() && case.has_list()))
            && !case.is_as(self.reader.hash(row))
    }

    /// Whether a row that does not follow its test case says the first step again: then it begins
    /// another one with the same id.
    fn begins_again(&self, row: &Row, own: &Own, case: &Case) -> bool {
        let places = &self.reader.places;
        let is_plain = !places.dialect.repeats && !places.has(Column::Execution);
        let number = places.text(row, Column::StepNumber);
        is_plain && own.name.is_some() && case.begins_with(self.reader.action(row), number)
    }

    fn is_gone(&self, own: &Own) -> bool {
        own.marks.iter().any(|mark| self.gone.contains(&hash(mark)))
    }
}

trait RetainIfEmpty {
    fn retain_if_empty(&mut self, mark: &CaseMark);
}

impl RetainIfEmpty for HashMap<CaseMark, Vec<usize>> {
    /// Forgets a mark that no open test case has.
    fn retain_if_empty(&mut self, mark: &CaseMark) {
        if self.get(mark).is_some_and(Vec::is_empty) {
            self.remove(mark);
        }
    }
}

fn hash((column, text): &CaseMark) -> u64 {
    xxh3_64(format!("{column:?} {text}").as_bytes())
}

/// Whether a text says that nothing is there.
pub(in super::super) fn says_nothing(text: &str) -> bool {
    !text.chars().any(char::is_alphanumeric) || is_word("nothing", text)
}
