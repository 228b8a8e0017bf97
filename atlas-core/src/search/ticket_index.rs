//! Stored tickets in memory: what search, ranking and filters need of each, and no text.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::OnceLock;

use jiff::Timestamp;

use super::documents::Document;
use super::text_index::TextIndex;
use super::text_query::TextQuery;
use super::vectors::Codes;
use crate::domain::{Draft, TicketFilter, TicketKey, folded_name, same_name};
use crate::text::terms::TermLine;

/// Numbers for names that repeat across tickets (components, statuses, people).
#[derive(Debug, Default, Clone)]
pub struct Names {
    names: Vec<String>,
    numbers: HashMap<String, u32>,
    /// The same for names without case, and for each name the first that is the same.
    folded: HashMap<String, u32>,
    firsts: Vec<u32>,
}

impl Names {
    /// The number of a name; a new one for a new name.
    pub fn number(&mut self, name: &str) -> u32 {
        if let Some(&number) = self.numbers.get(name) {
            return number;
        }
        let number = self.names.len() as u32;
        self.names.push(name.to_owned());
        self.numbers.insert(name.to_owned(), number);
        let first = *self.folded.entry(folded_name(name)).or_insert(number);
        self.firsts.push(first);
        number
    }

    /// The number of the first known name that is the same, whatever its case.
    pub fn find(&self, name: &str) -> Option<u32> {
        self.folded.get(&folded_name(name)).copied()
    }

    /// The number of the first name that is the same as this one.
    pub fn first(&self, number: u32) -> Option<u32> {
        self.firsts.get(number as usize).copied()
    }

    /// The name of a number.
    pub fn name(&self, number: u32) -> &str {
        self.names.get(number as usize).map_or("", String::as_str)
    }
}

/// What a ticket is, beside its text. Names are numbers of [`TicketIndex::names`].
#[derive(Debug, Clone, PartialEq)]
pub struct TicketRow {
    /// The row id in the database.
    pub id: i64,
    /// The key.
    pub key: TicketKey,
    /// The type's name.
    pub ticket_type: u32,
    /// The status's name.
    pub status: u32,
    /// The reporter's name.
    pub reporter: Option<u32>,
    /// The components' names.
    pub components: Box<[u32]>,
    /// The labels' names.
    pub labels: Box<[u32]>,
    /// When it was filed.
    pub created: Option<Timestamp>,
    /// Whether Jira no longer has it: then it is not found, and what it taught stays.
    pub gone: bool,
}

/// All stored tickets, numbered from 0, searchable.
#[derive(Debug)]
pub struct TicketIndex {
    /// Meaning and words.
    pub text: TextIndex,
    /// The tickets, by number.
    pub rows: Vec<TicketRow>,
    /// The names that the rows' numbers stand for.
    pub names: Names,
    by_id: HashMap<i64, u32>,
    ages: OnceLock<Vec<u32>>,
    any_gone: bool,
}

impl TicketIndex {
    /// Puts the parts together; `rows` and `text` number the tickets alike.
    pub fn new(text: TextIndex, rows: Vec<TicketRow>, names: Names) -> Self {
        let by_id = rows
            .iter()
            .zip(0..)
            .map(|(row, number)| (row.id, number))
            .collect();
        TicketIndex {
            any_gone: rows.iter().any(|row| row.gone),
            text,
            rows,
            names,
            by_id,
            ages: OnceLock::new(),
        }
    }

    /// The number of the ticket with a row id.
    pub fn number(&self, id: i64) -> Option<u32> {
        self.by_id.get(&id).copied()
    }

    /// The order of time of two tickets: by creation, else by key.
    pub fn by_age(&self, a: u32, b: u32) -> Ordering {
        let of = |number: u32| {
            let row = &self.rows[number as usize];
            (row.created, row.key.project(), row.key.number(), number)
        };
        of(a).cmp(&of(b))
    }

    /// A ticket's place in that order; the whole order is made when first asked for.
    pub fn age(&self, number: u32) -> u32 {
        let ages = self.ages.get_or_init(|| {
            let mut order: Vec<u32> = (0..self.rows.len() as u32).collect();
            order.sort_by(|&a, &b| self.by_age(a, b));
            let mut ages = vec![0; order.len()];
            for (age, number) in (0..).zip(order) {
                ages[number as usize] = age;
            }
            ages
        });
        ages[number as usize]
    }

    /// Whether Jira no longer has any of them.
    pub fn any_gone(&self) -> bool {
        self.any_gone
    }

    /// Whether a filter lets a ticket pass; it lets none pass that Jira no longer has.
    pub fn accepts(&self, number: u32, filter: &TicketFilter) -> bool {
        let row = &self.rows[number as usize];
        let one_of = |wanted: &[String], name: &str| {
            wanted.is_empty() || wanted.iter().any(|w| same_name(w, name))
        };
        !row.gone
            && one_of(&filter.projects, row.key.project())
            && one_of(&filter.statuses, self.names.name(row.status))
            && (filter.components.is_empty()
                || row
                    .components
                    .iter()
                    .any(|&c| one_of(&filter.components, self.names.name(c))))
            && filter
                .created_from
                .is_none_or(|from| row.created.is_some_and(|at| at >= from))
            && filter
                .created_before
                .is_none_or(|end| row.created.is_some_and(|at| at < end))
    }
}

/// A ticket as it asks for others: its text prepared and its facts.
#[derive(Debug, Clone)]
pub struct TicketQuestion {
    /// The text.
    pub text: TextQuery,
    /// The summary's terms, for phrases.
    pub summary_line: TermLine,
    /// The description's terms, for phrases.
    pub body_line: TermLine,
    /// The stored ticket's number, which is left out of every answer; none for free text.
    pub number: Option<u32>,
    /// The type's name.
    pub ticket_type: String,
    /// The reporter's name.
    pub reporter: Option<String>,
    /// The components' names.
    pub components: Vec<String>,
    /// The labels' names.
    pub labels: Vec<String>,
    /// When it was filed.
    pub created: Option<Timestamp>,
}

impl TicketQuestion {
    /// Prepares a ticket whose vectors are known.
    pub fn new(
        draft: &Draft,
        document: &Document,
        name: Codes,
        whole: Codes,
        number: Option<u32>,
    ) -> Self {
        TicketQuestion {
            text: TextQuery::new(document, name, whole),
            summary_line: TermLine::new(&document.name),
            body_line: TermLine::new(&document.body),
            number,
            ticket_type: draft.ticket_type.clone(),
            reporter: draft.reporter.clone(),
            components: draft.components.clone(),
            labels: draft.labels.clone(),
            created: draft.created,
        }
    }
}
