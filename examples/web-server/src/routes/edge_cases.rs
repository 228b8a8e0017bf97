//! What the tester says of edge cases, and taking it back.

use atlas_core::domain::{EdgeCaseAnswer, EdgeCaseReceipt};
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::{Answer, Answered, Created, Envelope, Page};
use crate::app::App;
use crate::failure::Failure;
use crate::input::{Asked, Body, Named, Part};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(recent, give))
        .routes(routes!(undo))
}

/// What an edge case of a ticket is worth.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EdgeCaseBody {
    /// The ticket.
    ticket_key: String,
    /// The rule that named the edge case, as the prediction has it.
    rule: String,
    /// What it is worth.
    answer: EdgeCaseAnswer,
}

/// Say what an edge case is worth
///
/// What is dismissed is not shown any more: for this ticket, or for every ticket of its components.
/// All answers teach the rank. A later answer counts in place of an earlier one.
#[utoipa::path(post, path = "/api/atlas/edge-cases", tag = "feedback", request_body = EdgeCaseBody,
    responses((status = 201, body = Envelope<EdgeCaseReceipt>)))]
async fn give(
    State(app): State<App>,
    Body(body): Body<EdgeCaseBody>,
) -> Result<Created<EdgeCaseReceipt>, Failure> {
    let receipt = app.ask(move |atlas| {
        let predictions = atlas.predictions();
        Ok(predictions.answer_edge_case(&body.ticket_key, &body.rule, body.answer)?)
    });
    Ok(Created(receipt.await?))
}

/// The newest answers to edge cases
///
/// What was not taken back, newest first.
#[utoipa::path(get, path = "/api/atlas/edge-cases", tag = "feedback", params(Part),
    responses((status = 200, body = Envelope<Page<EdgeCaseReceipt>>)))]
async fn recent(
    State(app): State<App>,
    Asked(part): Asked<Part>,
) -> Answered<Page<EdgeCaseReceipt>> {
    let (limit, after) = (part.limit()?, part.after::<usize>()?);
    let found = app.ask(move |atlas| {
        let upto = after.saturating_add(limit).saturating_add(1).min(1_000);
        let receipts = atlas.predictions().edge_case_answers(upto)?;
        Ok(receipts.into_iter().skip(after).collect())
    });
    let next = after.saturating_add(limit).to_string();
    Ok(Answer(Page::cut(found.await?, limit, |_| next)))
}

/// Take an answer to an edge case back
///
/// The one before it counts again.
#[utoipa::path(delete, path = "/api/atlas/edge-cases/{id}", tag = "feedback",
    params(("id" = i64, Path, description = "From the receipt.")),
    responses((status = 200, body = Envelope<EdgeCaseReceipt>)))]
async fn undo(State(app): State<App>, Named(id): Named<i64>) -> Answered<EdgeCaseReceipt> {
    let undone = app.ask(move |atlas| Ok(atlas.predictions().undo_edge_case(id)?));
    Ok(Answer(undone.await?))
}
