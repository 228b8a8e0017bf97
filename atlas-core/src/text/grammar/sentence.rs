//! A sentence as words with their places, its conditions, its subject and what that does.

use std::ops::Range;

use super::language::{Form, Language};
use super::word::Word;

/// A sentence with its words.
#[derive(Debug)]
pub(crate) struct Sentence<'a> {
    pub text: &'a str,
    pub words: Vec<Word<'a>>,
}

/// The marks that end a part of a sentence.
const MARKS: &str = ",;:.!?()[]、。，；：";

impl<'a> Sentence<'a> {
    /// Cuts a sentence into words.
    pub fn new(text: &'a str) -> Self {
        let mut words: Vec<Word<'a>> = Vec::new();
        let mut from = 0;
        for piece in text.split_whitespace() {
            // Pieces come in order, so each is found behind the last.
            let start = text[from..].find(piece).map_or(from, |at| from + at);
            from = start + piece.len();
            let front = piece.trim_start_matches(is_front);
            let core = front.trim_end_matches(is_back);
            let opens = piece[..piece.len() - front.len()].contains(['(', '[']);
            if let Some(last) = words.last_mut()
                && (core.is_empty() || opens)
            {
                last.mark.get_or_insert('–');
            }
            if core.is_empty() {
                continue;
            }
            let start = start + piece.len() - front.len();
            let behind = &front[core.len()..];
            words.push(Word {
                text: core,
                lower: core.to_lowercase().replace('’', "'"),
                start,
                end: start + core.len(),
                mark: behind.chars().find(|c| MARKS.contains(*c)),
            });
        }
        Sentence { text, words }
    }

    /// The text of some words, with what stands between them.
    pub fn slice(&self, range: &Range<usize>) -> &'a str {
        match (self.words.get(range.start), range.end.checked_sub(1)) {
            (Some(first), Some(last)) if last >= range.start && last < self.words.len() => {
                &self.text[first.start..self.words[last].end]
            }
            _ => "",
        }
    }

    /// All of its words.
    pub fn all(&self) -> Range<usize> {
        0..self.words.len()
    }

    /// The place behind the last word of the part that begins here: after a word with a mark, or
    /// at the end.
    pub fn end_of_part(&self, from: usize) -> usize {
        let rest = self.words.get(from..).unwrap_or_default();
        let marked = rest.iter().position(|word| word.mark.is_some());
        marked.map_or(self.words.len(), |at| from + at + 1)
    }

    /// The noun phrase that begins at a place: at most five words up to a mark, a word that ends
    /// it or a verb's ending. `None` where it is empty or a pronoun.
    pub fn noun_phrase(&self, from: usize, language: &Language) -> Option<Range<usize>> {
        let most = self.end_of_part(from).min(from + 6);
        let mut end = from;
        while end < most && !language.ends.contains(self.words[end].lower.as_str()) {
            end += 1;
        }
        self.named(from..end, language)
    }

    /// A range without the determiners in front; `None` where nothing is left or a pronoun, or it
    /// is longer than a name.
    pub fn named(&self, range: Range<usize>, language: &Language) -> Option<Range<usize>> {
        let mut start = range.start;
        while start < range.end
            && language
                .determiners
                .contains(self.words[start].lower.as_str())
        {
            start += 1;
        }
        let long = range.end - start > 6;
        let mut words = self.words[start..range.end].iter();
        let empty = start == range.end;
        let vague = words.any(|word| language.pronouns.contains(word.lower.as_str()));
        (!empty && !long && !vague).then_some(start..range.end)
    }
}

/// Marks in front of a word; `<`, `≤` and currencies belong to a number.
fn is_front(c: char) -> bool {
    "([{\"'“„«‘‚*`".contains(c)
}

/// Marks behind a word.
fn is_back(c: char) -> bool {
    !c.is_alphanumeric() && !"%€$£¥+#/_°<>≤≥=&".contains(c)
}

/// A sentence taken apart where it says under which condition it holds.
#[derive(Debug)]
pub(crate) struct Clauses {
    /// The condition without its first word.
    pub condition: Option<Condition>,
    /// What holds then.
    pub main: Range<usize>,
}

/// A condition in a sentence.
#[derive(Debug)]
pub(crate) struct Condition {
    /// The words behind "if".
    pub words: Range<usize>,
    /// Whether the rest holds only where it is not met: "unless".
    pub is_exception: bool,
    /// Whether it tells an event: "when", "after".
    pub is_event: bool,
}

/// A condition of fewer words is an adverb: "once".
const SHORTEST_CONDITION: usize = 2;

/// Takes a sentence apart: "If X, Y" and "Y when X".
pub(crate) fn clauses(sentence: &Sentence<'_>, language: &Language) -> Clauses {
    let words = &sentence.words;
    let whole = Clauses {
        condition: None,
        main: sentence.all(),
    };
    for place in 0..words.len() {
        let Some(length) = language.condition.at(words, place) else {
            continue;
        };
        let from = place + length;
        let end = sentence.end_of_part(from);
        let enough = end >= from + SHORTEST_CONDITION;
        let (until, main) = match place {
            0 if end < words.len() => (end, end..words.len()),
            0 => return whole,
            1 => continue,
            _ if end == words.len() => (end, 0..place),
            // A condition in the middle: the rest goes round it.
            _ => (end, sentence.all()),
        };
        if !enough || main.len() < SHORTEST_CONDITION || !says(sentence, &(from..until), language) {
            continue;
        }
        let phrase = language.phrase(&words[place..from]);
        let main = after_then(sentence, main);
        return Clauses {
            condition: Some(Condition {
                words: from..until,
                is_exception: language.except.contains(&phrase),
                is_event: language.event.contains(&phrase),
            }),
            main,
        };
    }
    whole
}

/// Whether some words have a verb; "once a day" has none. Unknown in a language without verbs.
fn says(sentence: &Sentence<'_>, part: &Range<usize>, language: &Language) -> bool {
    let words = sentence.words.get(part.clone()).unwrap_or_default();
    !language.has_verbs()
        || words.iter().any(|word| {
            language.auxiliaries.contains(&word.lower) || !language.verbs(&word.lower).is_empty()
        })
}

fn after_then(sentence: &Sentence<'_>, main: Range<usize>) -> Range<usize> {
    let first = sentence.words.get(main.start);
    match first.is_some_and(|word| word.lower == "then") && main.len() > 1 {
        true => main.start + 1..main.end,
        false => main,
    }
}

/// What a part of a sentence says of its subject.
#[derive(Debug)]
pub(crate) struct Predicate {
    pub subject: Range<usize>,
    /// Whether nobody else may: "only the owner can".
    pub only: bool,
    /// "can", "is", …; none in "the user selects".
    pub auxiliary: Option<String>,
    /// Whether it is denied.
    pub is_negated: bool,
    /// Whether the verb is done to the subject.
    pub is_passive: bool,
    /// The verb's plain form.
    pub verb: Option<String>,
    /// The words behind the verb, or where there is no verb that is known behind the auxiliary.
    pub rest: Range<usize>,
}

/// Words between an auxiliary and its verb.
const BETWEEN: [&str; 12] = [
    "not", "no", "longer", "never", "only", "also", "always", "be", "been", "able", "to", "then",
];

/// Subject and verb of a part of a sentence; `None` where no auxiliary and no actor is found.
pub(crate) fn predicate(
    sentence: &Sentence<'_>,
    part: &Range<usize>,
    language: &Language,
) -> Option<Predicate> {
    let words = &sentence.words;
    let is_auxiliary = |at: &usize| language.auxiliaries.contains(words[*at].lower.as_str());
    let auxiliary = part.clone().skip(1).find(is_auxiliary);
    let Some(at) = auxiliary else {
        return without_auxiliary(sentence, part, language);
    };
    let first = words[at].lower.as_str();
    let mut is_negated = language.negation.contains(first);
    let mut has_be = matches!(first, "is" | "are" | "was" | "were");
    let mut place = at + 1;
    while place < part.end && BETWEEN.contains(&words[place].lower.as_str()) {
        let word = words[place].lower.as_str();
        is_negated |= matches!(word, "not" | "no" | "never");
        // "Should be able to choose": the verb behind it is done by the subject.
        has_be = (has_be || matches!(word, "be" | "been")) && word != "able";
        place += 1;
    }
    let word = words.get(place).filter(|_| place < part.end);
    let form = if has_be {
        Form::Participle
    } else {
        Form::Plain
    };
    let verb = word.and_then(|word| language.verb(&word.lower, form));
    let known = verb.is_some();
    let only = language.only.contains(&words[part.start].lower) && at > part.start + 1;
    Some(Predicate {
        subject: part.start + usize::from(only)..at,
        only,
        auxiliary: Some(first.to_owned()),
        is_negated,
        is_passive: has_be && known,
        verb: verb.map(str::to_owned),
        rest: (if known { place + 1 } else { place }).min(part.end)..part.end,
    })
}

/// "The user selects a card": a verb behind somebody who acts.
fn without_auxiliary(
    sentence: &Sentence<'_>,
    part: &Range<usize>,
    language: &Language,
) -> Option<Predicate> {
    let words = &sentence.words;
    for place in part.start + 1..part.end.min(part.start + 6) {
        let before = words[place - 1].lower.as_str();
        let acts = language.actors.contains(before) || matches!(before, "i" | "we" | "you");
        let word = words[place].lower.as_str();
        let verb = [Form::Third, Form::Plain]
            .into_iter()
            .find_map(|form| language.verb(word, form));
        if let Some(verb) = verb.filter(|_| acts) {
            return Some(Predicate {
                subject: part.start..place,
                only: false,
                auxiliary: None,
                is_negated: false,
                is_passive: false,
                verb: Some(verb.to_owned()),
                rest: place + 1..part.end,
            });
        }
    }
    None
}
