//! Stored tickets: finding them, and one with what there is on it.

use atlas_core::domain::{FeedbackReceipt, Prediction, SessionSummary, Ticket, TicketKey};
use atlas_core::{Atlas, SimilarOptions};
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::predict::draft;
use crate::answer::{Answer, Answered, Envelope, Page};
use crate::app::App;
use crate::failure::Failure;
use crate::input::{Asked, Named};

/// The most tickets that a search goes through.
const MOST_FOUND: usize = 200;
/// Hits where nobody says how many.
const HITS: usize = 20;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(search))
        .routes(routes!(one))
        .routes(routes!(latest))
        .routes(routes!(answers))
}

/// What is searched for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SearchQuery {
    /// Words, or a ticket's key.
    q: String,
    /// How many at most, 1 to 200; 20 where nothing is said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
    /// The `next_cursor` of the part before.
    cursor: Option<String>,
}

/// A ticket that was found.
#[derive(Debug, Serialize, ToSchema)]
struct TicketHit {
    /// The ticket.
    ticket_key: TicketKey,
    /// Its title.
    summary: String,
    /// Its status.
    status: String,
    /// How alike it is to the words, 0 to 1; absent for the ticket whose key was asked for.
    similarity: Option<f32>,
}

/// Find tickets
///
/// By words and meaning, the best first; a key finds its ticket. At most 200 are found.
#[utoipa::path(get, path = "/api/atlas/tickets", tag = "tickets", params(SearchQuery),
    responses((status = 200, body = Envelope<Page<TicketHit>>)))]
async fn search(
    State(app): State<App>,
    Asked(asked): Asked<SearchQuery>,
) -> Answered<Page<TicketHit>> {
    let limit = asked.limit.unwrap_or(HITS);
    if !(1..=MOST_FOUND).contains(&limit) {
        return Err(Failure::invalid("limit", limit, "1 to 200"));
    }
    let after: usize = match &asked.cursor {
        Some(cursor) => {
            let expected = "the next_cursor of the part before";
            cursor
                .parse()
                .map_err(|_| Failure::invalid("cursor", cursor, expected))?
        }
        None => 0,
    };
    let upto = after
        .saturating_add(limit)
        .saturating_add(1)
        .min(MOST_FOUND);
    let found = app.ask(move |atlas| {
        let hits = find(atlas, &asked.q, upto)?;
        Ok(hits.into_iter().skip(after).collect())
    });
    let next = after.saturating_add(limit).to_string();
    Ok(Answer(Page::cut(found.await?, limit, |_| next)))
}

fn find(atlas: &Atlas, words: &str, limit: usize) -> Result<Vec<TicketHit>, Failure> {
    if let Ok(key) = TicketKey::parse(words)
        && let Ok(ticket) = atlas.tickets().get(key.as_str())
    {
        return Ok(vec![TicketHit {
            ticket_key: ticket.key,
            summary: ticket.summary,
            status: ticket.status,
            similarity: None,
        }]);
    }
    let options = SimilarOptions {
        limit,
        ..SimilarOptions::default()
    };
    let found = atlas.similar(&draft(words), &options)?;
    let hits = found.into_iter().map(|ticket| TicketHit {
        ticket_key: ticket.ticket_key,
        summary: ticket.summary,
        status: ticket.status,
        similarity: Some(ticket.similarity),
    });
    Ok(hits.collect())
}

/// A ticket with what the tester has on it.
#[derive(Debug, Serialize, ToSchema)]
struct TicketWithWork {
    /// The ticket.
    #[serde(flatten)]
    ticket: Ticket,
    /// The tester's note.
    my_note: Option<String>,
    /// The tester's difficulty, 1 to 5.
    difficulty: Option<u8>,
    /// Its sessions, newest first.
    sessions: Vec<SessionSummary>,
}

/// A stored ticket
///
/// With the tester's note, difficulty and sessions.
#[utoipa::path(get, path = "/api/atlas/tickets/{ticket_key}", tag = "tickets",
    params(("ticket_key" = String, Path, example = "WRKA-1234")),
    responses((status = 200, body = Envelope<TicketWithWork>)))]
async fn one(State(app): State<App>, Named(key): Named<String>) -> Answered<TicketWithWork> {
    let ticket = app.ask(move |atlas| {
        let note = atlas.tickets().note(&key)?;
        Ok(TicketWithWork {
            ticket: atlas.tickets().get(&key)?,
            my_note: note.as_ref().and_then(|note| note.note.clone()),
            difficulty: note.and_then(|note| note.difficulty),
            sessions: atlas.sessions().of_ticket(&key)?,
        })
    });
    Ok(Answer(ticket.await?))
}

/// A ticket's newest stored prediction
///
/// With what of the ticket has changed since (`stale`); null where nothing was predicted.
#[utoipa::path(get, path = "/api/atlas/tickets/{ticket_key}/prediction", tag = "tickets",
    params(("ticket_key" = String, Path, example = "WRKA-1234")),
    responses((status = 200, body = Envelope<Option<Prediction>>)))]
async fn latest(State(app): State<App>, Named(key): Named<String>) -> Answered<Option<Prediction>> {
    let prediction = app.ask(move |atlas| Ok(atlas.predictions().latest(&key)?));
    Ok(Answer(prediction.await?))
}

/// A ticket's answers
///
/// The answers to its scenarios that were not taken back, newest first.
#[utoipa::path(get, path = "/api/atlas/tickets/{ticket_key}/feedback", tag = "tickets",
    params(("ticket_key" = String, Path, example = "WRKA-1234")),
    responses((status = 200, body = Envelope<Page<FeedbackReceipt>>)))]
async fn answers(
    State(app): State<App>,
    Named(key): Named<String>,
) -> Answered<Page<FeedbackReceipt>> {
    let receipts = app.ask(move |atlas| Ok(atlas.predictions().feedback_of(&key)?));
    Ok(Answer(Page::whole(receipts.await?)))
}
