//! The sentences of a ticket that say what must be or what happens, each with what it is.

use super::super::grammar::{Language, Languages, Sentence};
use super::super::plain::outside_code;
use super::super::prose::prose;
use super::criteria::sentences;
use super::label::{HeadingLabel, has_duty, is_aside, label};
use super::{TicketStepsKind, item};

/// What a sentence of a ticket is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SentenceKind {
    /// The summary.
    Summary,
    /// Under "Acceptance criteria".
    Criterion,
    /// What is expected.
    Expected,
    /// What happens instead.
    Actual,
    /// A sentence that says what must be, a story's wish, or what goes wrong in a defect.
    Sentence,
    /// A step of a test or of a reproduction.
    Step,
}

/// A sentence that says what must be or what happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketSentence {
    /// What it is.
    pub kind: SentenceKind,
    /// The sentence as the ticket has it, without addresses and marks.
    pub text: String,
}

/// More sentences are not read.
const MOST: usize = 200;

/// The sentences of a summary and a description in the plain form that are requirements or tell a
/// defect. Left out are what the ticket excludes and does not touch, notes, environments, logs,
/// code, quotations, signatures, and sentences that only tell about something else.
///
/// ```
/// use atlas_core::text::steps::{SentenceKind, ticket_sentences};
/// let text = "The app has translations.\n\nAcceptance criteria:\n- The list is sorted\n\nOut of scope:\n- Printing";
/// let found = ticket_sentences("Sort the list", text, false);
/// assert_eq!(found.len(), 2);
/// assert_eq!((found[1].kind, found[1].text.as_str()), (SentenceKind::Criterion, "The list is sorted"));
/// ```
pub fn ticket_sentences(summary: &str, description: &str, is_defect: bool) -> Vec<TicketSentence> {
    let mut reader = SentenceReader {
        language: language_of(summary, description),
        is_defect,
        found: Vec::new(),
        place: LinePlace::Free,
        after_blank: false,
    };
    reader.add(SentenceKind::Summary, summary);
    for line in outside_code(description) {
        if is_signature(line) || reader.found.len() >= MOST {
            break;
        }
        reader.line(line);
    }
    reader.found.truncate(MOST);
    reader.found
}

/// Nothing where the words cannot be read, or for another script.
fn language_of(summary: &str, description: &str) -> Option<&'static Language> {
    let languages = Languages::shipped().ok()?;
    let of_summary = languages.of(description).or_else(|| languages.of(summary));
    of_summary.map(|(_, language)| language)
}

/// Where a line is.
#[derive(Clone, Copy, PartialEq)]
enum LinePlace {
    Free,
    /// Under a heading of what is read whole.
    Under(SentenceKind),
    /// Left out up to the next heading.
    Left,
    /// Left out up to the next paragraph.
    LeftParagraph,
}

struct SentenceReader {
    language: Option<&'static Language>,
    is_defect: bool,
    found: Vec<TicketSentence>,
    place: LinePlace,
    after_blank: bool,
}

impl SentenceReader {
    fn line(&mut self, line: &str) {
        let is_heading = line.starts_with('#');
        let left = match is_heading {
            true => LinePlace::Left,
            false => LinePlace::LeftParagraph,
        };
        let known = label(line);
        let text = match known {
            Some((_, rest)) => rest,
            None => line,
        };
        match known.map(|(label, _)| label) {
            Some(HeadingLabel::Steps(TicketStepsKind::AcceptanceCriteria)) => {
                self.place = LinePlace::Under(SentenceKind::Criterion);
            }
            Some(HeadingLabel::Steps(_)) => self.place = LinePlace::Under(SentenceKind::Step),
            Some(HeadingLabel::Expected) => self.place = LinePlace::Under(SentenceKind::Expected),
            Some(HeadingLabel::Actual) => self.place = LinePlace::Under(SentenceKind::Actual),
            Some(HeadingLabel::Excluded) => self.place = left,
            Some(HeadingLabel::Other) if is_aside(line) => self.place = left,
            Some(HeadingLabel::Other) => self.place = LinePlace::Free,
            // A paragraph behind a list or behind what is expected tells something else.
            None if self.after_blank && !line.is_empty() && item(line).is_none() => {
                let ends = match self.place {
                    LinePlace::Under(kind) => {
                        kind != SentenceKind::Criterion && !line.starts_with('|')
                    }
                    LinePlace::LeftParagraph => true,
                    LinePlace::Free | LinePlace::Left => false,
                };
                self.place = if ends { LinePlace::Free } else { self.place };
            }
            None => {}
        }
        self.after_blank = line.trim().is_empty();
        let is_quote = line.starts_with('>');
        let text = item(text).unwrap_or(text.trim());
        match self.place {
            LinePlace::Left | LinePlace::LeftParagraph => {}
            LinePlace::Free if is_quote || is_heading => {}
            LinePlace::Free => self.free(text),
            LinePlace::Under(kind) => self.add(kind, text),
        }
    }

    /// Sentences of no section: those of duty, wishes, and those that tell what goes wrong.
    fn free(&mut self, text: &str) {
        for sentence in sentences(&without_asides(&prose(text))) {
            if has_duty(&sentence) || self.tells_of_it(&sentence) {
                self.push(SentenceKind::Sentence, sentence);
            }
        }
    }

    fn add(&mut self, kind: SentenceKind, text: &str) {
        for sentence in sentences(&prose(text)) {
            self.push(kind, sentence);
        }
    }

    /// Keeps the parts of a sentence that do not say what is left as it is.
    fn push(&mut self, kind: SentenceKind, sentence: String) {
        if kind != SentenceKind::Summary && is_code(&sentence) {
            return;
        }
        let Some(language) = self.language else {
            self.found.push(TicketSentence {
                kind,
                text: sentence,
            });
            return;
        };
        let read = Sentence::new(&sentence);
        if language.asides.at(&read.words, 0).is_some() {
            return;
        }
        let mut kept: Vec<&str> = Vec::new();
        let mut from = 0;
        while from < read.words.len() {
            let end = read.end_of_part(from);
            let part = &read.words[from..end];
            let is_left = language.untouched.first(part).is_some()
                || !self.is_defect && language.unchanged.first(part).is_some();
            if !is_left {
                kept.push(read.slice(&(from..end)));
            }
            from = end;
        }
        if kept.is_empty() {
            return;
        }
        // Whole where nothing was left out: the reason quotes it.
        let all = kept.iter().map(|part| part.len()).sum::<usize>();
        let whole = all + 3 * kept.len() >= read.slice(&read.all()).len();
        let text = match whole {
            true => sentence,
            false => kept.join(", "),
        };
        self.found.push(TicketSentence { kind, text });
    }

    /// Whether a sentence tells a wish, or in a defect what goes wrong and when.
    fn tells_of_it(&self, sentence: &str) -> bool {
        let Some(language) = self.language else {
            return self.is_defect;
        };
        let read = Sentence::new(sentence);
        let words = &read.words;
        let wish = language.story.at(words, 0).is_some() || language.want.at(words, 0).is_some();
        let fault = |at: usize| {
            let word = words[at].lower.as_str();
            language.negation.contains(word)
                || word.ends_with("n't")
                || !language.fault_verbs(word).is_empty()
                || language.fault_states.at(words, at).is_some()
                || language.fault_nouns.at(words, at).is_some()
                || language.condition.at(words, at).is_some()
                || matches!(word, "instead" | "still" | "again" | "only")
        };
        wish || self.is_defect && !sentence.ends_with('?') && (0..words.len()).any(fault)
    }
}

/// Without brackets and their text, where that is more than a word or two.
fn without_asides(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(" (") {
        out.push_str(before);
        let Some((inside, behind)) = after.split_once(')') else {
            out.push_str(" (");
            rest = after;
            break;
        };
        if inside.split_whitespace().count() <= 2 {
            out.push_str(" (");
            out.push_str(inside);
            out.push(')');
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// A line of code that no fence encloses, or an exception's message.
fn is_code(sentence: &str) -> bool {
    let first = sentence.split_whitespace().next().unwrap_or_default();
    let is_exception = first.ends_with("Exception:") || first.ends_with("Error:");
    let is_code = ["();", "){", ") {", "});", " = function", "=> {", "==="];
    sentence.ends_with([';', '{', '}'])
        || is_exception && first.contains('.')
        || is_code.iter().any(|code| sentence.contains(code))
}

/// "-- ", "Best regards": nothing of a ticket follows.
fn is_signature(line: &str) -> bool {
    let lower = line.trim().trim_end_matches([',', '!', '.']).to_lowercase();
    let ends = [
        "--",
        "regards",
        "best regards",
        "kind regards",
        "best",
        "cheers",
        "thanks",
        "thank you",
        "many thanks",
        "thanks in advance",
        "mit freundlichen grüßen",
        "viele grüße",
        "cordialement",
        "saludos",
        "atenciosamente",
    ];
    ends.contains(&lower.as_str()) || lower.starts_with("sent from my ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(summary: &str, description: &str, is_defect: bool) -> Vec<String> {
        let found = ticket_sentences(summary, description, is_defect).into_iter();
        found.skip(1).map(|told| told.text).collect()
    }

    #[test]
    fn requirements_are_told_and_what_stands_around_them_is_not() {
        let text = "We moved the list last year, its translations are good.\n\nAs a clerk I want to sort the list.\nRows must keep their color (as we said, the camera does so too). See the disk quota page for more.\n\n# Acceptance criteria\n- Sorted by name\n- No change to translations\n- The order is kept, the export is not affected\n\n# Out of scope\n- The camera\n\n# Notes\n- The disk is full at night";
        assert_eq!(
            texts("Sort", text, false),
            [
                "As a clerk I want to sort the list.",
                "Rows must keep their color.",
                "Sorted by name",
                "The order is kept",
            ]
        );
    }

    #[test]
    fn a_defect_tells_what_happens_and_when() {
        let text = "Our shop has a camera.\nWhen the list is empty the app crashes.\nI think the cache is to blame.\nvar disk = null;\na.b.CException: no timeout\n\nSteps to reproduce:\n1. Rotate the phone\n2. Save\n\nActual result: nothing is saved\nExpected result: saved\n\nEnvironment:\nNexus 5, browser\n\nLogs:\n```\ndisk full\n```\n[ERROR] timeout\n\nRegards,\nCookie Monster does not sleep";
        assert_eq!(
            texts("Crash", text, true),
            [
                "When the list is empty the app crashes.",
                "Rotate the phone",
                "Save",
                "nothing is saved",
                "saved",
            ]
        );
    }

    #[test]
    fn another_script_is_read_whole_in_a_defect() {
        let found = texts("保存できない", "請求書を保存できない。", true);
        assert_eq!(found, ["請求書を保存できない。"]);
    }
}
