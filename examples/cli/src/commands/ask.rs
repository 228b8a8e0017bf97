//! Questions about a stored ticket or a text: what it is about, what to test, what is like it.

use std::path::Path;

use atlas_core::domain::{Draft, Ticket, TicketFilter};
use atlas_core::{Atlas, Error, Result, SimilarOptions};
use serde_json::json;

use super::{Database, remote_builder, standard_input};
use crate::args::{Analyze, Duplicates, Predict, Question, Review, Similar};
use crate::output::Output;
use crate::show::{self, Asked};

pub fn analyze(atlas: &Atlas, args: &Analyze, output: Output) -> Result<()> {
    let (asked, analysis) = match subject(atlas, &args.question)? {
        Subject::Ticket(ticket) => {
            let analysis = atlas.analyze(ticket.key.as_str())?;
            (Asked::from(&*ticket), analysis)
        }
        Subject::Text(mut draft) => {
            draft.components.clone_from(&args.components);
            (Asked::from(&draft), atlas.analyze(&draft)?)
        }
    };
    output.answer(&analysis, |width| {
        show::analysis::text(&asked, &analysis, width)
    })
}

pub fn review(atlas: &Atlas, args: &Review, output: Output) -> Result<()> {
    let (asked, review) = match subject(atlas, &args.question)? {
        Subject::Ticket(ticket) => {
            let review = atlas.review(ticket.key.as_str())?;
            (Asked::from(&*ticket), review)
        }
        Subject::Text(draft) => {
            let mut draft = with_more(draft, args.description.as_deref());
            draft.ticket_type = args.ticket_type.clone().unwrap_or_default();
            (Asked::from(&draft), atlas.review(&draft)?)
        }
    };
    output.answer(&review, |width| show::review::text(&asked, &review, width))
}

fn text_of(file: &Path) -> Result<String> {
    std::fs::read_to_string(file).map_err(|source| Error::File {
        path: file.to_owned(),
        source,
    })
}

pub(super) fn predict(db: &Database, args: &Predict, output: Output) -> Result<()> {
    let mut builder = remote_builder()?;
    if let Some(file) = &args.rules {
        builder = builder.edge_case_rules(&text_of(file)?);
    }
    if let Some(file) = &args.design_rules {
        builder = builder.design_rules(&text_of(file)?);
    }
    let atlas = db.open_with(builder)?;
    let (asked, prediction) = match subject(&atlas, &args.question)? {
        Subject::Ticket(ticket) => {
            let prediction = atlas.predict(ticket.key.as_str(), args.top)?;
            (Asked::from(&*ticket), prediction)
        }
        Subject::Text(draft) => {
            let mut draft = with_more(draft, args.description.as_deref());
            draft.components.clone_from(&args.components);
            draft.priority.clone_from(&args.priority);
            (Asked::from(&draft), atlas.predict(&draft, args.top)?)
        }
    };
    output.answer(&prediction, |width| {
        show::prediction::text(&asked, &prediction, args.brief, width)
    })
}

pub fn similar(atlas: &Atlas, args: &Similar, output: Output) -> Result<()> {
    let filter = TicketFilter {
        projects: args.projects.clone(),
        components: args.components.clone(),
        statuses: args.statuses.clone(),
        created_from: args.from,
        created_before: args.before,
    };
    let options = SimilarOptions {
        limit: args.limit,
        threshold: args.threshold,
        filter,
    };
    let (asked, found) = match subject(atlas, &args.question)? {
        Subject::Ticket(ticket) => {
            let found = atlas.similar(ticket.key.as_str(), &options)?;
            (Asked::from(&*ticket), found)
        }
        Subject::Text(draft) => (Asked::from(&draft), atlas.similar(&draft, &options)?),
    };
    let value = json!({"ticket_key": asked.key, "similar_tickets": found});
    output.answer(&value, |width| show::alike::similar(&asked, &found, width))
}

pub fn duplicates(atlas: &Atlas, args: &Duplicates, output: Output) -> Result<()> {
    let ticket = atlas.tickets().get(&args.ticket.key)?;
    let found = atlas.duplicates(ticket.key.as_str(), args.limit)?;
    let asked = Asked::from(&ticket);
    let value = json!({"ticket_key": asked.key, "duplicates": found});
    output.answer(&value, |width| {
        show::alike::duplicates(&asked, &found, width)
    })
}

/// What a question is about.
pub enum Subject {
    Ticket(Box<Ticket>),
    Text(Draft),
}

pub fn subject(atlas: &Atlas, question: &Question) -> Result<Subject> {
    match (&question.key, &question.text) {
        (Some(key), _) => Ok(Subject::Ticket(Box::new(atlas.tickets().get(key)?))),
        (None, Some(text)) if text == "-" => Ok(Subject::Text(draft(&standard_input()?))),
        (None, text) => Ok(Subject::Text(draft(text.as_deref().unwrap_or_default()))),
    }
}

/// A draft with another paragraph.
fn with_more(mut draft: Draft, more: Option<&str>) -> Draft {
    let paragraphs = [draft.description.take(), more.map(str::to_owned)];
    let description: Vec<String> = paragraphs.into_iter().flatten().collect();
    draft.description = (!description.is_empty()).then(|| description.join("\n\n"));
    draft
}

/// The first line is the title, the rest the text.
pub fn draft(text: &str) -> Draft {
    let (title, rest) = text.trim().split_once('\n').unwrap_or((text.trim(), ""));
    let draft = Draft::new(title.trim());
    if rest.trim().is_empty() {
        draft
    } else {
        draft.description(rest.trim())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_of_a_text_is_its_title() {
        let draft = draft("\n Login fails \n\nSince the update.\nOnly on phones.\n");
        assert_eq!(draft.summary, "Login fails");
        assert_eq!(
            draft.description.as_deref(),
            Some("Since the update.\nOnly on phones.")
        );
        assert_eq!(super::draft("Login fails").description, None);
    }
}
