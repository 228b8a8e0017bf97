//! What a tester would ask a ticket's author before testing, each with the sentence that it quotes.
//!
//! The kinds of findings and their words are in `data/review.toml`. A text in a language whose words
//! are not known gets only the findings that need none. What a ticket leaves out ("Out of scope") is
//! never blamed.

mod conditions;
mod defect;
mod errors;
mod form;
mod gaps;
mod limits;
mod pairs;
mod references;
mod roles;
mod rules;
mod statement;
#[cfg(test)]
mod tests;
mod ticket;
mod vague;

use crate::Result;
use crate::domain::{Draft, Finding, Quote, Review, TicketPart};
use crate::text::prose::READ_LIMIT;
use rules::{ReviewLanguage, ReviewRules, rules};
use statement::{Parsed, Statement};
use ticket::{ReviewedTicket, TicketKind};

/// The most findings in one review.
pub const MOST_FINDINGS: usize = 20;

const UNKNOWN_LANGUAGE: &str = "ATLAS does not know the words of the text's language: it looked only \
    for missing criteria, placeholders and empty sections";

/// Reviews a ticket's text: what is missing, vague or contradictory in it, the most important first.
///
/// # Errors
/// `INVALID_VALUE` where a file that ships with ATLAS is not whole.
///
/// ```
/// use atlas_core::analysis::review::review;
/// use atlas_core::domain::Draft;
/// let draft = Draft::new("Upload a photo").description("Acceptance criteria:\n- Large files are refused");
/// let review = review(&draft)?;
/// assert_eq!(review.findings[0].code, "limit-without-number");
/// assert_eq!(review.findings[0].quotes[0].text, "Large files are refused");
/// # Ok::<(), atlas_core::Error>(())
/// ```
pub fn review(draft: &Draft) -> Result<Review> {
    let rules = rules()?;
    let ticket = ReviewedTicket::read(draft, rules);
    let known = ticket.known;
    let mut raised = gaps::find(&ticket, rules);
    if let Some(known) = known {
        let parsed: Vec<Parsed<'_>> = ticket.statements.iter().map(Parsed::new).collect();
        let context = Context {
            ticket: &ticket,
            known,
            parsed: &parsed,
        };
        if ticket.kind == TicketKind::Defect {
            raised.extend(defect::find(&context));
        }
        let rules = [
            pairs::find,
            errors::find,
            conditions::find,
            references::find,
            limits::find,
            roles::find,
            vague::find,
            form::find,
        ];
        raised.extend(rules.iter().flat_map(|find| find(&context)));
    }
    raised.sort_by_key(|one| rules.rank(one.code));
    let mut seen = std::collections::HashSet::new();
    raised.retain(|one| seen.insert((one.code, one.quotes.clone())));
    let left_out = raised.len().saturating_sub(MOST_FINDINGS);
    let cut = format!("only the first {READ_LIMIT} characters of the description were read");
    let notes = [
        known.is_none().then(|| UNKNOWN_LANGUAGE.to_owned()),
        ticket.is_cut.then_some(cut),
    ];
    Ok(Review {
        ticket_key: None,
        language: known.map(|known| known.name.to_owned()),
        findings: raised
            .into_iter()
            .take(MOST_FINDINGS)
            .filter_map(|one| one.finding(rules))
            .collect(),
        left_out,
        notes: notes.into_iter().flatten().collect(),
    })
}

/// What the rules look at.
struct Context<'a> {
    ticket: &'a ReviewedTicket<'a>,
    known: ReviewLanguage<'a>,
    /// The ticket's sentences, in its order.
    parsed: &'a [Parsed<'a>],
}

impl<'a> Context<'a> {
    /// The sentences that a test is made from.
    fn tested(&self) -> impl Iterator<Item = &'a Parsed<'a>> + use<'a> {
        let tested = |parsed: &&Parsed<'_>| parsed.statement.role.is_tested();
        self.parsed.iter().filter(tested)
    }

    /// Those of the same criterion, this one among them.
    fn of_one_criterion(
        &self,
        parsed: &Parsed<'_>,
    ) -> impl Iterator<Item = &'a Parsed<'a>> + use<'a> {
        let place = (parsed.statement.part, parsed.statement.number);
        self.tested()
            .filter(move |other| (other.statement.part, other.statement.number) == place)
    }
}

/// A finding on its way.
#[derive(Debug)]
struct Raised {
    code: &'static str,
    quotes: Vec<Quote>,
    /// What fills the question's places.
    values: Vec<(&'static str, String)>,
}

impl Raised {
    /// A finding about a sentence.
    fn about(code: &'static str, statement: &Statement) -> Self {
        Raised {
            code,
            quotes: vec![statement.quote()],
            values: Vec::new(),
        }
    }

    /// A finding about something that is missing from the whole.
    fn missing(code: &'static str, draft: &Draft) -> Self {
        Raised {
            code,
            quotes: vec![statement::quote(
                draft.summary.trim(),
                TicketPart::Summary,
                None,
            )],
            values: Vec::new(),
        }
    }

    /// The same with a value of the question.
    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.values.push((name, value.into()));
        self
    }

    /// The same with another sentence.
    fn and(mut self, statement: &Statement) -> Self {
        self.quotes.push(statement.quote());
        self
    }

    fn finding(self, rules: &ReviewRules) -> Option<Finding> {
        let kind = rules.kinds.get(rules.rank(self.code))?;
        Some(Finding {
            code: kind.code.clone(),
            severity: kind.severity,
            question: self.filled(&kind.question),
            quotes: self.quotes,
        })
    }

    /// A question with its places filled; what fills them is text and no place itself.
    fn filled(&self, question: &str) -> String {
        let mut filled = String::with_capacity(question.len() + 20);
        let mut rest = question;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, behind) = after.split_once('}').unwrap_or((after, ""));
            let value = self.values.iter().find(|(known, _)| *known == name);
            filled.push_str(before);
            filled.push_str(value.map_or("", |(_, value)| value));
            rest = behind;
        }
        filled + rest
    }
}
