//! Tickets that tell how to test something.

use xxhash_rust::xxh3::xxh3_128;

use super::clean::{CleanSteps, clean, test_something};
use crate::domain::{Step, Ticket, TicketKey};
use crate::text::prose::{prose, summary_without_prefix};
use crate::text::steps::{TicketStepsKind, ticket_steps};

/// A note has so many steps at least, and
const FEWEST_STEPS: usize = 2;
/// so large a share of them clear.
const LEAST_CLARITY: f32 = 0.66;

/// A ticket that tells how to test something, as far as mining needs it.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// The ticket.
    pub key: TicketKey,
    /// Its title.
    pub title: String,
    /// Whether it reports a fault.
    pub defect: bool,
    /// Its components.
    pub components: Vec<String>,
    /// Whether its steps were written down to be tested by, not to show a fault.
    pub is_test: bool,
    /// Its steps, cleaned.
    pub steps: Vec<Step>,
    /// The share of its steps that are clear, 0 to 1.
    pub clarity: f32,
}

impl Note {
    /// What a ticket's description tells; nothing where it tells no steps or none that can be
    /// followed.
    pub fn of_ticket(ticket: &Ticket) -> Option<Self> {
        let found = ticket_steps(ticket.description.as_deref()?)?;
        // In a task or a wish, a list without a heading is what is to be built.
        let is_plan = found.kind == TicketStepsKind::Numbered && !is_defect(ticket);
        let tests = [
            TicketStepsKind::TestSteps,
            TicketStepsKind::AcceptanceCriteria,
        ];
        if is_plan {
            None
        } else {
            Note::new(ticket, &found.steps, tests.contains(&found.kind))
        }
    }

    /// Steps that belong to a ticket but stand elsewhere, such as in its comments.
    pub fn new(ticket: &Ticket, steps: &[Step], is_test: bool) -> Option<Self> {
        let CleanSteps { steps, clarity } = clean(steps, &ticket.key);
        let does = test_something(&steps, &ticket.key);
        (steps.len() >= FEWEST_STEPS && clarity >= LEAST_CLARITY && does).then(|| Note {
            key: ticket.key.clone(),
            title: ticket.summary.trim().to_owned(),
            defect: is_defect(ticket),
            components: ticket.components.clone(),
            is_test,
            steps,
            clarity,
        })
    }

    /// The title as it is encoded: without the platform or component that it begins with.
    pub fn title_text(&self) -> String {
        let title = prose(&self.title);
        summary_without_prefix(&title).to_owned()
    }

    /// The steps as they are encoded.
    pub fn steps_text(&self) -> String {
        steps_text(&self.steps)
    }
}

fn is_defect(ticket: &Ticket) -> bool {
    crate::text::ticket_type::is_defect(&ticket.ticket_type)
}

/// Steps as one text, a line each for what is done and what is expected.
pub fn steps_text(steps: &[Step]) -> String {
    let lines = steps
        .iter()
        .flat_map(|step| [Some(step.action.as_str()), step.expected.as_deref()]);
    lines.flatten().collect::<Vec<_>>().join("\n")
}

/// The hash that equal steps share, whatever their case and blanks.
pub fn steps_hash(steps: &[Step]) -> u128 {
    let lower = steps_text(steps).to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    xxh3_128(words.join(" ").as_bytes())
}

/// The short id of a proposal with these steps.
pub fn proposal_id(steps: &[Step]) -> String {
    format!("{:032x}", steps_hash(steps))[..8].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_prepares_and_what_is_planned_is_no_note() {
        let mut ticket = Ticket::new(TicketKey::parse("WRKA-1").unwrap(), "Build the app");
        let setup = ["Create a project", "Run the app"].map(|text| Step::new(text, ""));
        assert_eq!(Note::new(&ticket, &setup, true), None);
        ticket.description =
            Some("1. Add a button\n2. Show a message when it is pressed".to_owned());
        ticket.ticket_type = "Task".to_owned();
        assert_eq!(Note::of_ticket(&ticket), None);
        ticket.ticket_type = "Bug".to_owned();
        assert!(Note::of_ticket(&ticket).is_some());
    }
}
