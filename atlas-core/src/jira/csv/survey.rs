//! What only the whole of a table of tickets tells: which column holds the keys, the order of day
//! and month, which key an id has.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;

use xxhash_rust::xxh3::xxh3_64;

use super::super::places::{DATES, IssuePlaces};
use super::super::value::{Reference, is_nothing, ticket_key};
use crate::Result;
use crate::domain::{TicketField, TicketKey};
use crate::exchange::columns;
use crate::exchange::dates::{DateSurvey, MaybeDates};
use crate::exchange::report::FileAccount;
use crate::exchange::table::{Row, Table};

/// The most ids that are kept for parents that are named by one, and the most keys that are
/// compared with each other.
const MOST_IDS: usize = 1_000_000;

/// What only the whole file tells.
pub(super) struct TicketSurvey {
    pub dates: DateSurvey,
    /// Dates of columns that no ticket field takes.
    other_dates: MaybeDates,
    /// For each column whose values may be keys: how many are.
    keys: Vec<(usize, u64)>,
    /// The keys of Jira's ids, where other columns name tickets by id.
    pub ids: HashMap<String, TicketKey>,
    wants_ids: bool,
    /// Hashes of the keys that were met.
    met: HashSet<u64>,
    /// The first key that came again, and where; how many did.
    pub repeated: Option<(TicketKey, u64)>,
    pub repeats: u64,
}

impl TicketSurvey {
    pub fn new(places: &IssuePlaces, columns: usize) -> Self {
        let others = places.others.iter().filter(|place| **place < columns);
        let candidates = places.of("key").iter().chain(others);
        TicketSurvey {
            dates: DateSurvey::default(),
            other_dates: MaybeDates::default(),
            keys: candidates.map(|place| (*place, 0)).collect(),
            ids: HashMap::new(),
            met: HashSet::new(),
            repeated: None,
            repeats: 0,
            wants_ids: !places.of("id").is_empty()
                && (!places.of("parent").is_empty() || !places.links.is_empty()),
        }
    }

    /// Reads the table.
    pub fn run(
        mut self,
        table: &mut Table<'_>,
        places: &IssuePlaces,
        account: &mut FileAccount,
    ) -> Result<Self> {
        let columns = table.columns.clone();
        columns
            .iter()
            .for_each(|(_, name)| self.dates.see_column(name));
        table.each_row(|_, row| {
            // What cannot be read is told when the records are.
            if let Ok(row) = row {
                for (place, _) in columns.iter() {
                    if let Some(text) = row.first(&[place]) {
                        account.saw(place, text);
                    }
                }
                self.row(&row, places);
            }
            ControlFlow::Continue(())
        })?;
        let others = std::mem::take(&mut self.other_dates).finish();
        self.dates.add_where_open(&others);
        Ok(self)
    }

    fn row(&mut self, row: &Row, places: &IssuePlaces) {
        let known = places.of("key");
        // A column is left where a value cannot be a key, but those that are called so.
        self.keys
            .retain_mut(|(place, count)| match row.first(&[*place]) {
                None => true,
                Some(text)
                    if may_be_key(text) || known.contains(place) && ticket_key(text).is_ok() =>
                {
                    *count += 1;
                    true
                }
                Some(_) => known.contains(place),
            });
        for field in DATES {
            let dates = row.all(places.of(field));
            let dates = dates.filter(|text| !is_nothing(TicketField::Created, text));
            dates.for_each(|text| self.dates.see(text));
        }
        for &place in &places.others {
            if !self.other_dates.counts(place) {
                continue;
            }
            let text = row.first(&[place]);
            if let Some(text) = text.filter(|text| !is_nothing(TicketField::Created, text)) {
                self.other_dates.see(place, Some(text));
            }
        }
        let dates = |field| row.first(places.of(field));
        if let (Some(created), Some(updated)) = (dates("created"), dates("updated")) {
            self.dates.see_in_order(created, updated);
        }
        if let (Some(created), Some(resolved)) = (dates("created"), dates("resolved")) {
            self.dates.see_in_order(created, resolved);
        }
        let Some(key) = row.all(known).find_map(|key| ticket_key(key).ok()) else {
            return;
        };
        let hash = xxh3_64(key.as_str().as_bytes());
        if self.met.len() < MOST_IDS && !self.met.insert(hash) {
            self.repeats += 1;
            self.repeated.get_or_insert_with(|| (key.clone(), row.line));
        }
        if self.wants_ids && self.ids.len() < MOST_IDS {
            let id = row.first(places.of("id")).and_then(Reference::parse);
            if let Some(Reference::Id(id)) = id {
                self.ids.entry(id).or_insert(key);
            }
        }
    }
}

/// Whether a value looks like a ticket's key; cheap.
fn may_be_key(text: &str) -> bool {
    let text = text.trim();
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.ends_with(|c: char| c.is_ascii_digit())
        && text.contains('-')
        && TicketKey::parse(text).is_ok()
}

/// Whether a column is called as those are that name other tickets: `Defects`, `References`.
fn refers(name: &str) -> bool {
    columns::section("not_tickets").is("references", name)
}

/// Chooses the column of the keys: of those that are called so the one that holds most, else the
/// only column that holds nothing but keys. False where there is none.
pub(super) fn settle_key(
    survey: &TicketSurvey,
    places: &mut IssuePlaces,
    names: &[String],
    account: &mut FileAccount,
) -> bool {
    let known = places.of("key").to_vec();
    let count = |place: usize| {
        survey
            .keys
            .iter()
            .find(|(p, _)| *p == place)
            .map_or(0, |k| k.1)
    };
    // Of equals the surest name.
    let best = known
        .iter()
        .copied()
        .rev()
        .max_by_key(|place| count(*place));
    if let Some(best) = best.filter(|best| count(*best) > 0) {
        places.set_key(best);
        return true;
    }
    let others = survey
        .keys
        .iter()
        .filter(|(place, count)| !known.contains(place) && *count > 0);
    let name = |place: usize| names.get(place).map(String::as_str).unwrap_or_default();
    // Those that a record refers to are not its own.
    let others = others.map(|(place, _)| *place);
    let others: Vec<usize> = others.filter(|place| !refers(name(*place))).collect();
    if let (&[only], false) = (others.as_slice(), places.of("summary").is_empty()) {
        let name = name(only);
        let why = "all its values are ticket keys, and no other column is called so and has keys";
        account.assumed("columns", format!("key={name}"), why);
        places.set_key(only);
        return true;
    }
    match best {
        Some(best) => {
            places.set_key(best);
            true
        }
        None => false,
    }
}
