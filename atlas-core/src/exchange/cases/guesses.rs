//! Words that look like tickets' keys and may be none: `@UTF-8` beside `@WRKA-7`.

use std::collections::BTreeSet;

use super::{TestCase, TestFile};
use crate::domain::TicketKey;
use crate::exchange::distinct::add_new;

/// Makes labels of the words like keys whose project is not stored. Where no ticket is stored at
/// all, nothing decides, and they stay tickets that are missing.
pub(crate) fn settle(file: &mut TestFile<TestCase>, projects: &BTreeSet<String>) {
    if projects.is_empty() || file.guesses.is_empty() {
        return;
    }
    let guesses = std::mem::take(&mut file.guesses);
    let cases = file
        .entries
        .iter_mut()
        .filter_map(|entry| entry.value.as_mut().ok());
    for case in cases {
        let (tickets, words) = std::mem::take(&mut case.tickets)
            .into_iter()
            .partition(|key| !guesses.contains(key) || projects.contains(key.project()));
        case.tickets = tickets;
        let words: Vec<TicketKey> = words;
        add_new(
            &mut case.pattern.labels,
            words.iter().map(TicketKey::to_string),
        );
    }
}
