//! Designs, attachments, comments and talks that a ticket names and does not hold.

use super::rules::WordList;
use super::statement::Parsed;
use super::{Context, Raised};
use crate::domain::TicketKey;

/// A document that is named and not there.
const REFERENCE: &str = "missing-reference";
/// The same of a file that may be attached in Jira.
const ATTACHMENT: &str = "missing-attachment";
/// How far behind "see" the document may stand, in words.
const NEAR: usize = 5;

pub(super) fn find(context: &Context<'_>) -> Vec<Raised> {
    let description = context.ticket.description;
    let has_link = is_linked(description) || is_linked(&context.ticket.draft.summary);
    let mut found: Vec<Raised> = Vec::new();
    for parsed in context.parsed {
        let named = match hearsay(parsed, context) {
            Some(words) => Some((REFERENCE, words)),
            None if has_link || names_source(parsed) => None,
            None => {
                let attached = attachment(parsed, context).map(|words| (ATTACHMENT, words));
                attached.or_else(|| document(parsed, context))
            }
        };
        let Some((code, words)) = named else {
            continue;
        };
        let text = &parsed.statement.text;
        // A criterion's sentence is also a line.
        let is_known = found
            .iter()
            .any(|one| one.quotes.iter().any(|quote| quote.text.contains(text)));
        if !is_known {
            found.push(Raised::about(code, parsed.statement).with("word", words));
        }
    }
    found
}

/// Whether a text has an address or an attachment in it.
fn is_linked(text: &str) -> bool {
    ["://", "www.", "[attachment", ".com/", "mailto:"]
        .iter()
        .any(|mark| text.contains(mark))
}

/// "As discussed", with nothing that says where.
fn hearsay(parsed: &Parsed<'_>, context: &Context<'_>) -> Option<String> {
    let range = parsed.first(context.known.words.list(WordList::Hearsay))?;
    (!names_source(parsed)).then(|| parsed.sentence.slice(&range).to_owned())
}

/// "See the mockup", "according to the specification".
fn document(parsed: &Parsed<'_>, context: &Context<'_>) -> Option<(&'static str, String)> {
    let words = context.known.words;
    let sentence = &parsed.sentence;
    let documents = words.list(WordList::Documents);
    let mut leads = parsed.all(words.list(WordList::Leads)).into_iter();
    leads.find_map(|lead| {
        let near = sentence.end_of_part(lead.end).min(lead.end + NEAR);
        let at = (lead.end..near).find(|&at| documents.at(&sentence.words, at).is_some())?;
        let length = documents.at(&sentence.words, at)?;
        let is_file = words
            .list(WordList::Files)
            .at(&sentence.words, at)
            .is_some();
        let code = if is_file { ATTACHMENT } else { REFERENCE };
        Some((code, sentence.slice(&(lead.start..at + length)).to_owned()))
    })
}

/// "The attached file", "screenshots attached", "attached is a file"; an event that is attached to
/// an object is none.
fn attachment(parsed: &Parsed<'_>, context: &Context<'_>) -> Option<String> {
    let language = context.known.language;
    let (sentence, words) = (&parsed.sentence, context.known.words);
    let documents = words.list(WordList::Documents);
    let at = parsed.first(words.list(WordList::Attached))?;
    let before = at.start.checked_sub(1);
    let is_led = before.is_some_and(|before| {
        let word = sentence.words[before].lower.as_str();
        let leads = language.determiners.contains(word) || language.ends.contains(word);
        leads && !language.auxiliaries.contains(word)
    });
    let is_seen =
        before.is_some_and(|lead| words.list(WordList::Leads).at(&sentence.words, lead) == Some(1));
    let near = at.start.saturating_sub(NEAR)..at.start;
    let document = near
        .clone()
        .find(|&at| documents.at(&sentence.words, at).is_some());
    let is_behind = sentence.end_of_part(at.start) == at.end && document.is_some();
    let noun = sentence.noun_phrase(at.end, language);
    match noun.filter(|_| sentence.words[at.start].mark.is_none()) {
        Some(noun) if is_led || is_seen => {
            // "The attached video shows it": up to the document.
            let known = noun
                .clone()
                .find(|&at| documents.at(&sentence.words, at).is_some());
            let end = known.map_or(noun.end.min(at.end + 2), |at| at + 1);
            Some(sentence.slice(&(at.start..end)).to_owned())
        }
        // Other languages have the noun in front.
        _ if is_seen || is_behind || !language.has_verbs() => {
            let start = document.unwrap_or(at.start);
            Some(sentence.slice(&(start..at.end)).to_owned())
        }
        _ if at.start == 0 => Some(sentence.slice(&at).to_owned()),
        _ => None,
    }
}

/// Whether a sentence says where: an address, a file, a ticket, a number such as #12.
fn names_source(parsed: &Parsed<'_>) -> bool {
    is_linked(&parsed.statement.text)
        || parsed.sentence.words.iter().any(|word| {
            let text = word.text;
            let is_file = text.rsplit_once('.').is_some_and(|(name, end)| {
                !name.is_empty()
                    && (2..=4).contains(&end.len())
                    && end.bytes().all(|b| b.is_ascii_alphanumeric())
            });
            let number = text.strip_prefix('#').unwrap_or_default();
            is_file
                || TicketKey::parse(text).is_ok()
                || number.starts_with(|c: char| c.is_ascii_digit())
        })
}
