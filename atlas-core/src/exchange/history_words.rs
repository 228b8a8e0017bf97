//! The words of histories, from `data/history.toml`: columns and verdicts.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::dates::fold;
use super::table::Columns;

const TABLE: &str = include_str!("../../data/history.toml");

static WORDS: LazyLock<HistoryWords> = LazyLock::new(|| {
    // A test reads the table; where it could not be read, only the header's own words are missing.
    HistoryWords::of(&toml::from_str(TABLE).unwrap_or_default())
});

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum HistoryField {
    Ticket,
    Summary,
    Test,
    Verdict,
    Status,
    Minutes,
    Seconds,
    Milliseconds,
    Date,
}

/// What a cell of verdicts says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum VerdictWord {
    Right,
    Wrong,
    Yes,
    No,
    /// The test ran; `sure` where tickets do not have the word, too.
    Ran {
        sure: bool,
    },
    NotRun {
        sure: bool,
    },
}

/// What a cell of verdicts says; `None` where the word is not known.
pub(super) fn word(text: &str) -> Option<VerdictWord> {
    let text = text.trim();
    // Numbers of spreadsheets.
    let text = text.strip_suffix(".0").unwrap_or(text);
    WORDS.verdicts.get(&key(text)).copied()
}

/// The field of a column, and its place among the field's names.
pub(super) fn field(column: &str) -> Option<(HistoryField, usize)> {
    WORDS.columns.get(&key(column)).copied()
}

/// Whether a history has a column of this name.
pub(super) fn is_known(column: &str) -> bool {
    field(column).is_some()
}

/// The columns by which a table is a list of executions: one for the ticket, one for the test,
/// one for what came of it.
pub(crate) fn columns_of_executions(columns: &Columns) -> Option<Vec<&str>> {
    let of = |wanted: HistoryField| {
        let mut names = columns.iter().map(|(_, name)| name);
        names.find(|name| field(name).is_some_and(|(field, _)| field == wanted))
    };
    let ticket = of(HistoryField::Ticket)?;
    Some(vec![
        ticket,
        of(HistoryField::Test)?,
        of(HistoryField::Verdict)?,
    ])
}

/// Letters and digits, folded; where there are none, the text as it is.
fn key(text: &str) -> String {
    let folded = fold(text.trim());
    match folded.contains(char::is_alphanumeric) {
        true => folded.chars().filter(|c| c.is_alphanumeric()).collect(),
        // Signs such as ✔ may be followed by a mark that asks for the coloured picture.
        false => folded
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '\u{fe0f}')
            .collect(),
    }
}

#[derive(Default)]
struct HistoryWords {
    columns: HashMap<String, (HistoryField, usize)>,
    verdicts: HashMap<String, VerdictWord>,
}

impl HistoryWords {
    fn of(table: &HistoryFile) -> Self {
        let mut words = HistoryWords::default();
        let columns = &table.columns;
        let fields = [
            (&columns.ticket, HistoryField::Ticket),
            (&columns.summary, HistoryField::Summary),
            (&columns.test, HistoryField::Test),
            (&columns.verdict, HistoryField::Verdict),
            (&columns.status, HistoryField::Status),
            (&columns.minutes, HistoryField::Minutes),
            (&columns.seconds, HistoryField::Seconds),
            (&columns.milliseconds, HistoryField::Milliseconds),
            (&columns.date, HistoryField::Date),
        ];
        for (names, field) in fields {
            for (rank, name) in names.iter().enumerate() {
                words.columns.entry(key(name)).or_insert((field, rank));
            }
        }
        let lists = [
            (&table.judged.right, VerdictWord::Right),
            (&table.judged.wrong, VerdictWord::Wrong),
            (&table.answers.yes, VerdictWord::Yes),
            (&table.answers.no, VerdictWord::No),
            (&table.ran.sure, VerdictWord::Ran { sure: true }),
            (&table.ran.maybe, VerdictWord::Ran { sure: false }),
            (&table.not_run.sure, VerdictWord::NotRun { sure: true }),
            (&table.not_run.maybe, VerdictWord::NotRun { sure: false }),
        ];
        for (list, word) in lists {
            for text in list {
                words.verdicts.entry(key(text)).or_insert(word);
            }
        }
        words
    }
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct HistoryFile {
    columns: ColumnNames,
    judged: JudgedWords,
    answers: AnswerWords,
    ran: States,
    not_run: States,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct ColumnNames {
    ticket: Vec<String>,
    summary: Vec<String>,
    test: Vec<String>,
    verdict: Vec<String>,
    status: Vec<String>,
    minutes: Vec<String>,
    seconds: Vec<String>,
    milliseconds: Vec<String>,
    date: Vec<String>,
}

#[derive(Deserialize, Default)]
struct JudgedWords {
    right: Vec<String>,
    wrong: Vec<String>,
}

#[derive(Deserialize, Default)]
struct AnswerWords {
    yes: Vec<String>,
    no: Vec<String>,
}

#[derive(Deserialize, Default)]
struct States {
    sure: Vec<String>,
    maybe: Vec<String>,
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn no_word_has_two_meanings() {
        let table: HistoryFile = toml::from_str(TABLE).expect("data/history.toml is well formed");
        let lists = [
            &table.judged.right,
            &table.judged.wrong,
            &table.answers.yes,
            &table.answers.no,
            &table.ran.sure,
            &table.ran.maybe,
            &table.not_run.sure,
            &table.not_run.maybe,
        ];
        let mut seen: HashMap<String, usize> = HashMap::new();
        for (place, list) in lists.into_iter().enumerate() {
            for word in list {
                assert_eq!(*seen.entry(key(word)).or_insert(place), place, "{word}");
            }
        }
        let columns = &table.columns;
        let lists = [
            &columns.ticket,
            &columns.summary,
            &columns.test,
            &columns.verdict,
            &columns.status,
            &columns.minutes,
            &columns.seconds,
            &columns.milliseconds,
            &columns.date,
        ];
        let mut seen: HashMap<String, usize> = HashMap::new();
        for (place, list) in lists.into_iter().enumerate() {
            for name in list {
                assert_eq!(*seen.entry(key(name)).or_insert(place), place, "{name}");
            }
        }
    }

    #[test]
    fn words_in_any_dress() {
        let ran = Some(VerdictWord::Ran { sure: true });
        for text in [
            "PASS",
            "Passed",
            "✔\u{fe0f}",
            "✅ Passed",
            "PASS_WITH_WARNINGS",
            "Échoué",
            "échoue",
            "i. O.",
            "N.I.O.",
        ] {
            assert_eq!(word(text), ran, "{text}");
        }
        let not_run = Some(VerdictWord::NotRun { sure: true });
        for text in [
            "NOT_RUN",
            "NotRun",
            "not-executed",
            "n/a",
            "N.A.",
            "Übersprungen",
        ] {
            assert_eq!(word(text), not_run, "{text}");
        }
        assert_eq!(
            (word("1.0"), word("-"), word("perhaps")),
            (Some(VerdictWord::Yes), Some(VerdictWord::No), None)
        );
        assert_eq!(
            field("Duration (s)").map(|(field, _)| field),
            Some(HistoryField::Seconds)
        );
        assert_eq!(
            field("issue_key").map(|(field, _)| field),
            Some(HistoryField::Ticket)
        );
    }
}
