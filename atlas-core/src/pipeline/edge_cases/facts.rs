//! What a ticket says, ready to be searched for the words of rules.
//!
//! Only sentences that are requirements or tell a defect count ([`ticket_sentences`]). A word counts as itself,
//! not as a part of a name: `translation.js` and `DiskCache` say nothing of translations and disks.

use crate::domain::Draft;
use crate::text::steps::{SentenceKind, TicketSentence, ticket_sentences};
use crate::text::terms::TermLine;
use crate::text::ticket_type::is_defect;

/// Words that together fire a rule.
#[derive(Debug)]
pub(super) struct WordTrigger {
    /// One of each must be said.
    words: Vec<Vec<TriggerWord>>,
}

#[derive(Debug)]
struct TriggerWord {
    text: String,
    line: TermLine,
    /// Whether it is looked for in the parts of names too: "image view" in `ImageView`, a file's
    /// own name.
    in_names: bool,
}

impl WordTrigger {
    /// Words as a rule has them, joined by ` + `, alternatives by ` | `.
    pub fn new(written: &str) -> Self {
        let word = |word: &str| TriggerWord {
            text: word.to_owned(),
            line: TermLine::new(word),
            in_names: word.contains([' ', '.']),
        };
        let all = written.split(" + ");
        WordTrigger {
            words: all
                .map(|any| any.split(" | ").map(word).collect())
                .collect(),
        }
    }
}

/// What fired a rule.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Fired {
    pub kind: SentenceKind,
    /// The rule's words.
    pub words: String,
    /// The sentence that says them.
    pub sentence: String,
}

/// A ticket's sentences, the strongest first.
pub(super) struct TicketFacts {
    sentences: Vec<(TicketSentence, Lines)>,
    /// All of them: most words are refused by these.
    all: Lines,
    is_defect: bool,
}

/// A text in the forms in which words are looked for.
struct Lines {
    /// The words but for names.
    plain: TermLine,
    /// Whole names: `ImageView` as one word.
    names: TermLine,
    /// The parts of names, and files.
    parts: TermLine,
}

impl Lines {
    fn new(text: &str) -> Self {
        let (mut plain, mut names, mut parts) = (String::new(), String::new(), String::new());
        for word in text.split_whitespace() {
            let core = word.trim_matches(|c: char| !c.is_alphanumeric());
            let out = match kind_of(core) {
                WordForm::Plain => &mut plain,
                WordForm::File => &mut parts,
                WordForm::Name => {
                    names.push_str(&core.to_lowercase());
                    names.push(' ');
                    &mut parts
                }
            };
            out.push_str(word);
            out.push(' ');
        }
        Lines {
            plain: TermLine::new(&plain),
            names: TermLine::new(&names),
            parts: TermLine::new(&parts),
        }
    }

    /// Whether one of each of the words is said.
    fn hold(&self, trigger: &WordTrigger) -> bool {
        let any = |words: &Vec<TriggerWord>| words.iter().any(|word| self.holds(word));
        trigger.words.iter().all(any)
    }

    fn holds(&self, word: &TriggerWord) -> bool {
        self.plain.holds(&word.line)
            || self.names.holds(&word.line)
            || word.in_names && self.parts.holds(&word.line)
    }
}

#[derive(Debug, PartialEq)]
enum WordForm {
    Plain,
    /// An identifier: `createImageView`, `Ti.UI.Window`, `max_length`.
    Name,
    /// A file or a path.
    File,
}

fn kind_of(word: &str) -> WordForm {
    let ends_as_file = word.rsplit_once('.').is_some_and(|(name, end)| {
        let is_short = (1..=10).contains(&end.len()) && !name.is_empty();
        is_short && end.chars().all(|c| c.is_ascii_lowercase())
    });
    let mut chars = word.chars().zip(word.chars().skip(1));
    let is_camel = chars.any(|(one, next)| one.is_lowercase() && next.is_uppercase());
    let has_letters = word.chars().filter(|c| c.is_alphabetic()).count() > 3;
    match word {
        _ if !has_letters => WordForm::Plain,
        _ if word.matches('/').count() >= 2 || word.contains('\\') => WordForm::File,
        _ if is_camel && word.contains('.') => WordForm::Name,
        _ if ends_as_file => WordForm::File,
        _ if is_camel || word.contains(['_', '.']) || word.ends_with("()") => WordForm::Name,
        _ => WordForm::Plain,
    }
}

impl TicketFacts {
    /// The sentences of a draft.
    pub fn of(draft: &Draft) -> Self {
        let is_defect = is_defect(&draft.ticket_type);
        let description = draft.description.as_deref().unwrap_or_default();
        let mut sentences = ticket_sentences(&draft.summary, description, is_defect);
        // Stable: of equal kinds the first.
        sentences.sort_by_key(|sentence| sentence.kind);
        let all: Vec<&str> = sentences
            .iter()
            .map(|sentence| sentence.text.as_str())
            .collect();
        let all = Lines::new(&all.join("\n"));
        let with_lines = sentences.into_iter().map(|sentence| {
            let lines = Lines::new(&sentence.text);
            (sentence, lines)
        });
        TicketFacts {
            sentences: with_lines.collect(),
            all,
            is_defect,
        }
    }

    /// The first sentence that says the words of one of some triggers.
    pub fn fired(&self, triggers: &[WordTrigger]) -> Option<Fired> {
        let held = triggers.iter().filter(|trigger| self.all.hold(trigger));
        let likely: Vec<&WordTrigger> = held.collect();
        if likely.is_empty() {
            return None;
        }
        self.sentences.iter().find_map(|(sentence, lines)| {
            let said =
                |trigger: &&&WordTrigger| lines.hold(trigger) && !self.is_denied(lines, trigger);
            let found = likely.iter().find(said)?;
            let word = found.words.first()?.iter().find(|word| lines.holds(word))?;
            Some(Fired {
                kind: sentence.kind,
                words: word.text.clone(),
                sentence: sentence.text.clone(),
            })
        })
    }

    /// "No translations": in what is no defect that asks for none.
    fn is_denied(&self, lines: &Lines, trigger: &WordTrigger) -> bool {
        let denied = |word: &TriggerWord| {
            let before = lines.plain.word_before(&word.line);
            before.is_some_and(|before| matches!(before, "no" | "without"))
        };
        let first = trigger.words.first();
        !self.is_defect && first.is_some_and(|words| words.iter().any(denied))
    }
}
