//! A report's title as words: its parts, what is quoted in it, and how far a fault in it reaches.

use std::ops::Range;

use crate::text::grammar::{Form, Language, Sentence};

/// Words behind which another sentence says more.
const MORE: [&str; 30] = [
    "because",
    "due",
    "causing",
    "leading",
    "resulting",
    "making",
    "preventing",
    "so",
    "hence",
    "therefore",
    "thus",
    "which",
    "but",
    "however",
    "yet",
    "although",
    "though",
    "since",
    "as",
    "and",
    "or",
    "no",
    "not",
    "despite",
    "instead",
    "caused",
    "only",
    "just",
    "rather",
    "merely",
];

/// Words behind which a fault does not reach, though what follows belongs to it.
const BEHIND: [&str; 9] = [
    "before", "where", "that", "which", "who", "whose", "than", "since", "like",
];

/// Small words that may follow a fault.
const FOLLOWS: [&str; 37] = [
    "in", "on", "at", "for", "from", "to", "of", "by", "with", "without", "during", "before",
    "after", "when", "while", "if", "upon", "using", "via", "inside", "within", "under", "once",
    "and", "or", "but", "because", "due", "as", "since", "again", "where", "than", "through",
    "across", "until", "unless",
];

/// A title with its words.
pub(super) struct Title<'a> {
    pub sentence: Sentence<'a>,
    pub language: &'a Language,
    quoted: Vec<bool>,
}

/// How far a fault reaches.
pub(super) struct Reach {
    /// The words behind the fault that it governs.
    pub core: Range<usize>,
    /// Where what belongs to it ends: what follows tells its cause or what comes of it.
    pub until: usize,
}

impl<'a> Title<'a> {
    /// A title, ready to be read.
    pub fn new(text: &'a str, language: &'a Language) -> Self {
        let sentence = Sentence::new(text);
        let quoted = quoted(&sentence);
        Title {
            sentence,
            language,
            quoted,
        }
    }

    /// A word in lower case; empty where it is quoted or there is none.
    pub fn word(&self, at: usize) -> &str {
        match (self.sentence.words.get(at), self.quoted.get(at)) {
            (Some(word), Some(false)) => word.lower.as_str(),
            _ => "",
        }
    }

    /// Its parts: what stands between commas, colons and dashes.
    pub fn parts(&self) -> Vec<Range<usize>> {
        let mut parts = Vec::new();
        let mut start = 0;
        for (at, word) in self.sentence.words.iter().enumerate() {
            let ends = word.mark.is_some_and(|mark| ",;:.!–".contains(mark));
            if ends || at + 1 == self.sentence.words.len() {
                parts.push(start..at + 1);
                start = at + 1;
            }
        }
        parts
    }

    /// How many words a condition has that begins here.
    pub fn condition(&self, at: usize) -> Option<usize> {
        match self.word(at) {
            "" => None,
            _ => self.language.condition.at(&self.sentence.words, at),
        }
    }

    /// Whether a word is an auxiliary.
    pub fn is_auxiliary(&self, at: usize) -> bool {
        let month = self
            .sentence
            .words
            .get(at)
            .is_some_and(|word| word.text == "May");
        self.language.auxiliaries.contains(self.word(at)) && !month
    }

    /// Whether a word denies.
    pub fn denies(&self, at: usize) -> bool {
        let word = self.word(at);
        word != "without" && self.language.negation.contains(word)
            || word.ends_with("n't")
            || matches!(
                word,
                "unable" | "impossible" | "nothing" | "none" | "neither" | "nobody" | "nor"
            )
    }

    /// Whether a part has a verb.
    pub fn says(&self, part: &Range<usize>) -> bool {
        part.clone().any(|at| {
            let word = self.word(at);
            let is_third = |(form, _): &(Form, String)| *form == Form::Third;
            self.is_auxiliary(at)
                || self.language.verbs(word).iter().any(is_third)
                || !self.language.fault_verbs(word).is_empty()
        })
    }

    /// Whether a part says or names a fault, or has a verb.
    pub fn tells(&self, part: &Range<usize>) -> bool {
        let fault = |at: usize| {
            let faults = ["still", "bug", "issue", "problem", "failure", "regression"];
            self.denies(at) || faults.contains(&self.word(at)) || self.is_error(at, part)
        };
        self.says(part) || part.clone().any(fault)
    }

    /// Whether what was said may end before a word: nothing or a small word follows.
    pub fn may_end(&self, at: usize, part: &Range<usize>) -> bool {
        at >= part.end
            || FOLLOWS.contains(&self.word(at))
            || self.language.frequency.contains(self.word(at))
            || self.condition(at).is_some()
    }

    /// Whether a word begins a part that says more of another one.
    pub fn adds(&self, at: usize) -> bool {
        MORE.contains(&self.word(at)) || self.word(at).ends_with("ing")
    }

    /// How far a fault reaches whose last word stands before a place; nothing where it ends or
    /// holds by an exception, which would turn with it.
    pub fn reach(&self, from: usize, part: &Range<usize>) -> Option<Reach> {
        let mut core = None;
        let mut until = part.end;
        for at in from..part.end {
            let word = self.word(at);
            if matches!(word, "unless" | "until" | "till" | "except") {
                return None;
            }
            // "fails to open with an error"
            if word == "with" && at > from && self.is_error(at + 1, part) {
                until = at;
                break;
            }
            let is_cause = match word {
                "because" | "causing" | "leading" | "resulting" | "making" | "hence" | "so"
                | "therefore" | "thus" | "caused" => true,
                "due" => self.word(at + 1) == "to",
                "as" | "since" => (at + 1..part.end).any(|later| self.is_auxiliary(later)),
                "although" | "though" | "despite" => self.word(at.wrapping_sub(1)) != "even",
                _ => false,
            };
            if is_cause {
                until = at;
                break;
            }
            let is_condition = self.condition(at).is_some() || BEHIND.contains(&word);
            let is_concession = word == "even" && self.concession(at).is_some();
            if core.is_none() && (is_condition || is_concession) {
                core = Some(at);
            }
        }
        Some(Reach {
            core: from..core.unwrap_or(until),
            until,
        })
    }

    /// "an internal error", "NullPointerException": whether a fault is named here, and no part of
    /// another thing ("an error message").
    pub fn is_error(&self, from: usize, part: &Range<usize>) -> bool {
        let mut at = from;
        while self.language.determiners.contains(self.word(at))
            || self.language.fault_leads.contains(self.word(at))
        {
            at += 1;
        }
        let noun = self.language.fault_nouns.at(&self.sentence.words, at);
        let length = noun.unwrap_or(1);
        let names = noun.is_some() && !self.word(at).is_empty() || self.is_exception(at);
        at < part.end && names && self.may_end(at + length, part)
    }

    /// Whether a word is the name of an exception or an error.
    pub fn is_exception(&self, at: usize) -> bool {
        let text = self.sentence.words.get(at).map_or("", |word| word.text);
        let ends = text.ends_with("Exception") || text.ends_with("Error");
        ends && text.len() > 9 && !self.word(at).is_empty()
    }

    /// "even though", "even when": the condition that it is, and its words.
    pub fn concession(&self, at: usize) -> Option<(&'static str, usize)> {
        let next = self.word(at + 1);
        match (self.word(at), next) {
            ("even", "though" | "when") => Some(("when", 2)),
            ("even", "if") => Some(("if", 2)),
            ("even", "after") => Some(("after", 2)),
            _ => None,
        }
    }

    /// Whether a subject is of many: by its last word before a preposition.
    pub fn is_plural(&self, subject: &Range<usize>) -> bool {
        // "Setting images" is one thing.
        if self.word(subject.start).ends_with("ing") {
            return false;
        }
        let preposition = |at: &usize| {
            *at > subject.start
                && matches!(
                    self.word(*at),
                    "of" | "for"
                        | "in"
                        | "on"
                        | "with"
                        | "at"
                        | "from"
                        | "to"
                        | "by"
                        | "between"
                        | "inside"
                        | "after"
                        | "using"
                        | "without"
                )
        };
        let end = subject.clone().find(preposition).unwrap_or(subject.end);
        let words = &self.sentence.words[subject.start..end];
        let joined = words.iter().any(|word| word.lower == "and");
        words.last().is_some_and(|word| {
            let word = word.text;
            let ends = word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us");
            joined || ends && !word.ends_with("is") && !word.ends_with("'s") && word.len() > 3
        })
    }
}

/// Which words are quoted.
fn quoted(sentence: &Sentence<'_>) -> Vec<bool> {
    let pairs = [
        ('"', '"'),
        ('“', '”'),
        ('„', '“'),
        ('«', '»'),
        ('`', '`'),
        ('\'', '\''),
    ];
    let text = sentence.text;
    let mut spans: Vec<Range<usize>> = Vec::new();
    for (open, close) in pairs {
        let mut from = 0;
        while let Some(start) = text[from..].find(open).map(|at| from + at) {
            let inner = start + open.len_utf8();
            // An apostrophe opens nothing inside a word.
            let opens = !text[..start].ends_with(char::is_alphanumeric);
            let end = text[inner..]
                .match_indices(close)
                .map(|(at, _)| inner + at)
                .find(|&at| close != '\'' || !text[at + 1..].starts_with(char::is_alphanumeric));
            match (opens, end) {
                (true, Some(end)) => {
                    spans.push(start..end);
                    from = end + close.len_utf8();
                }
                _ => from = inner,
            }
        }
    }
    let held = |at: usize| spans.iter().any(|span| span.contains(&at));
    sentence.words.iter().map(|word| held(word.start)).collect()
}
