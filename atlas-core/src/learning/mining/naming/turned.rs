//! A report's title turned into what a test verifies.
//!
//! There are two ways, and both need to be sure of the sentence's main clause: what is denied there
//! is affirmed ("is not shown", "is shown"), and what is a fault by its words is denied ("crashes",
//! "does not crash"). Adjectives keep their meaning: an incorrect password that is accepted must
//! not be accepted. Conditions are kept; causes and consequences are left out.

use std::ops::Range;

use super::title::{Reach, Title};
use super::verbs::plain_form;
use crate::text::grammar::{Form, Language};

/// What a part of a title tells.
pub(super) enum TitlePart {
    /// No fault.
    Nothing,
    /// It cannot be turned with certainty.
    Unsure,
    Turned(TurnedWords),
}

impl From<Option<TurnedWords>> for TitlePart {
    fn from(turn: Option<TurnedWords>) -> Self {
        turn.map_or(TitlePart::Unsure, TitlePart::Turned)
    }
}

/// Words that are replaced, and where the part ends.
pub(super) struct TurnedWords {
    edits: Vec<Edit>,
    until: usize,
}

pub(super) type Edit = (Range<usize>, String);

/// Words that a denial governs in a way that goes when it is turned.
const GOVERNED: [&str; 16] = [
    "anything",
    "anyone",
    "anybody",
    "anywhere",
    "either",
    "only",
    "but",
    "just",
    "instead",
    "rather",
    "except",
    "nor",
    "or",
    "necessarily",
    "unlike",
    "solely",
];

/// Words behind which nothing of the main clause is told.
const RELATIVE: [&str; 11] = [
    "that", "which", "who", "whose", "where", "before", "because", "since", "than", "though",
    "although",
];

/// So many words may stand before the part that tells the fault, as a name.
const LONGEST_NAME: usize = 6;

/// The title turned around; nothing where that is not sure.
pub(super) fn turned(text: &str, language: &Language) -> Option<String> {
    let title = Title::new(text, language);
    let asks = ["why", "how", "what", "who", "which"].contains(&title.word(0));
    if asks || text.trim_end().ends_with('?') {
        return None;
    }
    let parts = title.parts();
    for (place, part) in parts.iter().enumerate() {
        if title.condition(part.start).is_some() {
            let mark = title.sentence.words[part.end - 1].mark;
            if mark != Some(',') {
                return None;
            }
            continue;
        }
        match title.read(part) {
            // What tells the fault has nothing before it but names.
            TitlePart::Nothing if part.len() > LONGEST_NAME || title.tells(part) => return None,
            TitlePart::Nothing => {}
            TitlePart::Unsure => return None,
            TitlePart::Turned(turn) => return title.written(turn, part, &parts[place + 1..]),
        }
    }
    None
}

impl Title<'_> {
    fn read(&self, part: &Range<usize>) -> TitlePart {
        let first = self.word(part.start);
        let joins = ["and", "or", "but", "so", "then", "because"];
        if self.language.requests.contains(first) || joins.contains(&first) {
            return TitlePart::Unsure;
        }
        for first in [self.fault_noun(part), self.none(part)] {
            if !matches!(first, TitlePart::Nothing) {
                return first;
            }
        }
        for place in part.clone() {
            if self.word(place).is_empty() {
                continue;
            }
            if self.condition(place).is_some() || RELATIVE.contains(&self.word(place)) {
                return TitlePart::Unsure;
            }
            let found = match self.denied(part, place) {
                TitlePart::Nothing => self.faulty(part, place),
                found => found,
            };
            if !matches!(found, TitlePart::Nothing) {
                return found;
            }
            if self.is_auxiliary(place) {
                return TitlePart::Unsure;
            }
        }
        TitlePart::Nothing
    }

    /// The text with a part turned, its conditions, and what else is no sentence of its own.
    fn written(
        &self,
        turn: TurnedWords,
        part: &Range<usize>,
        later: &[Range<usize>],
    ) -> Option<String> {
        let mut until = turn.until;
        if until == part.end {
            for more in later {
                let condition = self.condition(more.start).is_some();
                // What is denied of one or another is denied of both.
                if self.word(more.start) == "or" {
                    return None;
                }
                // "after locking, refreshing, and saving" is one list.
                let is_list = later.iter().any(|more| self.word(more.start) == "and");
                let goes_on = is_list && self.word(more.start).ends_with("ing");
                let goes_on = goes_on || self.word(more.start) == "and" && !self.says(more);
                let is_name = !self.tells(more) && !self.adds(more.start);
                if !condition && !goes_on && !is_name {
                    break;
                }
                until = more.end;
            }
        }
        let words = &self.sentence.words;
        let mut out = String::new();
        let mut at = 0;
        for (range, text) in turn.edits {
            let (from, to) = match range.is_empty() {
                true => (words[range.start].start, words[range.start].start),
                false => (words[range.start].start, words[range.end - 1].end),
            };
            out.push_str(&self.sentence.text[at..from]);
            out.push_str(&text);
            at = to;
        }
        // With the marks that close it.
        let end = match words.get(until) {
            Some(next) => {
                let gap = &self.sentence.text[words[until - 1].end..next.start];
                let closes = gap
                    .find(|c: char| !"\"”'»`)]".contains(c))
                    .unwrap_or(gap.len());
                words[until - 1].end + closes
            }
            None => self.sentence.text.len(),
        };
        out.push_str(&self.sentence.text[at..end.max(at)]);
        let said: Vec<&str> = out.split_whitespace().collect();
        let said = said.join(" ");
        let said = said.trim_end_matches([',', ';', ':', '-', '–', ' ']);
        Some(said.to_owned())
    }

    /// What is said stays, up to a place.
    pub fn kept(&self, until: usize) -> TitlePart {
        let edits = Vec::new();
        TitlePart::Turned(TurnedWords { edits, until })
    }

    /// A subject of which something can be said: no sentence, no request, no relative clause.
    pub fn is_subject(&self, subject: &Range<usize>) -> bool {
        let words = || subject.clone().map(|at| (at, self.word(at)));
        let last = subject.end.checked_sub(1).map_or("", |at| self.word(at));
        let joins = words().any(|(_, word)| matches!(word, "and" | "or" | "&" | "+"));
        let vague = subject.len() > 1 && self.language.pronouns.contains(last);
        !subject.is_empty()
            && !vague
            && !["and", "or", "&", "to", "=", "+", "but", "it's"].contains(&last)
            && (!joins || subject.len() <= 8)
            && words().all(|(at, word)| {
                let third = self.language.verb(word, Form::Third).is_some();
                // "returns nothing", "edits a row": a sentence of its own.
                let object = at + 1 < subject.end && !self.may_end(at + 1, subject);
                !self.is_auxiliary(at)
                    && !self.denies(at)
                    && !RELATIVE.contains(&word)
                    && (self.condition(at).is_none() || at == subject.start)
                    && !(third && object && at > subject.start)
                    && !(at > subject.start
                        && self.word(at - 1) == "and"
                        && self.language.pronouns.contains(word))
            })
    }

    /// The turn of a clause whose fault ends before a place.
    pub fn turn(
        &self,
        part: &Range<usize>,
        subject: &Range<usize>,
        from: usize,
        affirms: bool,
        mut edits: Vec<Edit>,
    ) -> Option<TurnedWords> {
        let Reach {
            mut core,
            mut until,
        } = self.reach(from, part)?;
        if affirms && self.word(from) == "with" && self.is_error(from + 1, part) {
            (core, until) = (from..from, from);
        }
        let starts_verb = |at: usize| {
            self.is_auxiliary(at)
                || self.denies(at)
                || !self.language.verbs(self.word(at)).is_empty()
                || !self.language.fault_verbs(self.word(at)).is_empty()
                || self.language.pronouns.contains(self.word(at))
        };
        for at in core.clone() {
            let word = self.word(at);
            // "crashes and loses data": only the first half is denied.
            let third = !affirms && plain_form(self.word(at + 1)).is_some();
            let more = matches!(word, "and" | "&" | "then") && (third || starts_verb(at + 1));
            if more && !affirms {
                until = at;
                break;
            }
            let governed = GOVERNED.contains(&word) && (word != "or" || affirms);
            if more || governed || self.denies(at) || self.is_auxiliary(at) {
                return None;
            }
            // A second half may have a subject of its own.
            let joins = matches!(word, "and" | "&" | "while" | "whereas");
            let later = at + 1..core.end;
            if joins && self.says(&later) {
                return None;
            }
        }
        let more = self.left_out(subject.end.saturating_sub(1)..core.end.min(until));
        let taken: Vec<Range<usize>> = edits.iter().map(|(range, _)| range.clone()).collect();
        let is_free = |(range, _): &Edit| {
            taken
                .iter()
                .all(|taken| range.end <= taken.start || range.start >= taken.end)
        };
        edits.extend(more.into_iter().filter(is_free));
        if let Some((condition, length)) = self.concession(core.end) {
            edits.push((core.end..core.end + length, condition.to_owned()));
        }
        edits.sort_by_key(|(range, _)| (range.start, range.end));
        let apart = edits.windows(2).all(|two| two[0].0.end <= two[1].0.start);
        apart.then_some(TurnedWords { edits, until })
    }

    /// Words that say how often and how long: what is right is so always.
    fn left_out(&self, range: Range<usize>) -> Vec<Edit> {
        let mut edits = Vec::new();
        for at in range {
            let length = match self.word(at) {
                "still" | "yet" | "anymore" => 1,
                "at" if self.word(at + 1) == "all" => 2,
                "any" if matches!(self.word(at + 1), "more" | "longer") => 2,
                "in" if matches!(self.word(at + 2), "cases" | "situations") => 3,
                "every" if matches!(self.word(at + 1), "second" | "other" | "third") => 3,
                "from" if self.word(at + 1) == "time" && self.word(at + 3) == "time" => 4,
                word if self.language.frequency.contains(word) => 1,
                _ => continue,
            };
            edits.push((at..at + length, String::new()));
        }
        edits
    }

    /// "Crash on closing a window": "No crash …".
    fn fault_noun(&self, part: &Range<usize>) -> TitlePart {
        let mut place = part.start;
        while place < part.start + 3 && self.language.fault_leads.contains(self.word(place))
            || self
                .word(place)
                .parse::<u16>()
                .is_ok_and(|code| code >= 400)
        {
            place += 1;
        }
        let words = &self.sentence.words;
        let length = match self.language.fault_nouns.at(words, place) {
            Some(length) if !self.word(place).is_empty() => length,
            _ if self.is_exception(place) => 1,
            _ => return TitlePart::Nothing,
        };
        let end = place + length;
        // "App crashes": a verb.
        let is_verb = self.language.fault_verbs(self.word(place)).iter();
        if place > part.start && is_verb.clone().any(|(form, _)| *form == Form::Third) {
            return TitlePart::Nothing;
        }
        let follows = end < part.end && self.may_end(end, part) && self.word(end) != "and";
        let says = |at: usize| self.is_auxiliary(at) || self.denies(at);
        let Some(reach) = self.reach(end, part) else {
            return TitlePart::Unsure;
        };
        let core_says = reach.core.clone().any(says)
            || reach
                .core
                .clone()
                .any(|at| matches!(self.word(at), "or" | "but" | "instead"))
            || self.says(&reach.core);
        if !follows {
            return TitlePart::Nothing;
        }
        if core_says || matches!(self.word(end), "or" | "of" | "to" | "by") {
            return TitlePart::Unsure;
        }
        let frequency = [
            "intermittent",
            "random",
            "sporadic",
            "occasional",
            "frequent",
        ];
        let first = (part.start..place)
            .find(|&at| !frequency.contains(&self.word(at)))
            .unwrap_or(place);
        let text = words[first].text;
        let is_name = text.chars().skip(1).any(char::is_uppercase);
        let said = if is_name {
            text.to_owned()
        } else {
            text.to_lowercase()
        };
        let edits = vec![(part.start..first + 1, format!("No {said}"))];
        TitlePart::Turned(TurnedWords {
            edits,
            until: reach.until,
        })
    }

    /// "No message is shown", "Not all rows are shown": what is missing is there.
    fn none(&self, part: &Range<usize>) -> TitlePart {
        let start = part.start;
        let length = match (self.word(start), self.word(start + 1)) {
            ("no", "longer" | "more" | "one" | "way") => return TitlePart::Unsure,
            ("no", _) => 1,
            ("not", "all" | "every") => 1,
            ("not" | "nothing" | "none" | "neither" | "nobody", _) => return TitlePart::Unsure,
            _ => return TitlePart::Nothing,
        };
        let be = |at: &usize| matches!(self.word(*at), "is" | "are");
        let Some(at) = (start + 2..part.end).find(be) else {
            return TitlePart::Unsure;
        };
        let participle = self.language.verb(self.word(at + 1), Form::Participle);
        let subject = start + 1..at;
        if participle.is_none() || !self.is_subject(&subject) {
            return TitlePart::Unsure;
        }
        let edits = vec![(start..start + length, String::new())];
        self.turn(part, &subject, at + 1, true, edits).into()
    }
}
