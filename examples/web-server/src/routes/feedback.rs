//! What the tester says of scenarios, and taking it back.

use atlas_core::domain::{
    Answer as Said, Feedback, FeedbackPart, FeedbackReceipt, FeedbackTarget, Missed, Step, Undone,
};
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
        .routes(routes!(missed))
}

/// What was done with a scenario.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Action {
    /// It was used as it is.
    Accepted,
    /// It does not belong to this ticket.
    Rejected,
    /// It was used with other steps.
    Modified,
}

/// What was done with a scenario, or with all of a prediction.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FeedbackBody {
    /// The scenario, by its own `prediction_id`.
    prediction_id: Option<i64>,
    /// Every scenario of a prediction instead, by the prediction's `prediction_id`.
    whole_prediction: Option<i64>,
    /// What was done.
    action: Action,
    /// The tester's own steps, with `modified`.
    steps: Option<Vec<Step>>,
    /// How good it was, 1 to 5.
    #[schema(minimum = 1, maximum = 5)]
    rating: Option<u8>,
    /// What the tester has to say.
    comments: Option<String>,
    /// Minutes that it really took, 1 to 1,440.
    #[schema(minimum = 1, maximum = 1440)]
    actual_minutes: Option<u32>,
    /// An id of this call; a second call with it changes nothing.
    host_id: Option<String>,
    /// What of an earlier answer no longer holds; what is not mentioned stays.
    #[serde(default)]
    clear: Vec<FeedbackPart>,
}

/// Say what was done with a scenario
///
/// It counts at once; a later answer to the same scenario replaces it. What the later one does not
/// mention stays; `clear` says what does not.
#[utoipa::path(post, path = "/api/atlas/feedback", tag = "feedback", request_body = FeedbackBody,
    responses((status = 201, body = Envelope<FeedbackReceipt>)))]
async fn give(
    State(app): State<App>,
    Body(body): Body<FeedbackBody>,
) -> Result<Created<FeedbackReceipt>, Failure> {
    let target = match (body.prediction_id, body.whole_prediction) {
        (Some(id), None) => FeedbackTarget::Scenario(id),
        (None, Some(id)) => FeedbackTarget::Prediction(id),
        _ => {
            let expected = "a scenario's prediction_id, or whole_prediction, one of them";
            return Err(Failure::invalid("prediction_id", "", expected));
        }
    };
    let steps = body.steps.unwrap_or_default();
    let said = match body.action {
        Action::Modified => Said::Modified { steps },
        _ if !steps.is_empty() => {
            return Err(Failure::invalid(
                "steps",
                "",
                "none, unless the action is modified",
            ));
        }
        Action::Accepted => Said::Accepted,
        Action::Rejected => Said::Rejected,
    };
    let feedback = Feedback {
        answer: said,
        rating: body.rating,
        comments: body.comments,
        actual_minutes: body.actual_minutes,
        host_id: body.host_id,
        clear: body.clear,
    };
    let receipt = app.ask(move |atlas| Ok(atlas.feedback(target, &feedback)?));
    Ok(Created(receipt.await?))
}

/// The newest feedback
///
/// What was not taken back, newest first.
#[utoipa::path(get, path = "/api/atlas/feedback", tag = "feedback", params(Part),
    responses((status = 200, body = Envelope<Page<FeedbackReceipt>>)))]
async fn recent(
    State(app): State<App>,
    Asked(part): Asked<Part>,
) -> Answered<Page<FeedbackReceipt>> {
    let (limit, after) = (part.limit()?, part.after::<usize>()?);
    let found = app.ask(move |atlas| {
        let upto = after.saturating_add(limit).saturating_add(1);
        let receipts = atlas.predictions().recent_feedback(upto)?;
        Ok(receipts.into_iter().skip(after).collect())
    });
    let next = after.saturating_add(limit).to_string();
    Ok(Answer(Page::cut(found.await?, limit, |_| next)))
}

/// Take feedback back
///
/// What it had superseded counts again.
#[utoipa::path(delete, path = "/api/atlas/feedback/{feedback_id}", tag = "feedback",
    params(("feedback_id" = i64, Path, description = "From the receipt.")),
    responses((status = 200, body = Envelope<Undone>)))]
async fn undo(State(app): State<App>, Named(id): Named<i64>) -> Answered<Undone> {
    Ok(Answer(app.ask(move |atlas| Ok(atlas.undo(id)?)).await?))
}

/// A scenario that was needed and not predicted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MissedBody {
    /// The ticket.
    ticket_key: String,
    /// A stored pattern, `{"pattern": id or key}`, or a new scenario, `{"new": {"name", "steps"}}`.
    scenario: Missed,
    /// Minutes that it took, 1 to 1,440.
    #[schema(minimum = 1, maximum = 1440)]
    actual_minutes: Option<u32>,
    /// An id of this call; a second call with it changes nothing.
    host_id: Option<String>,
}

/// Name a scenario that was missing
#[utoipa::path(post, path = "/api/atlas/missed", tag = "feedback", request_body = MissedBody,
    responses((status = 201, body = Envelope<FeedbackReceipt>)))]
async fn missed(
    State(app): State<App>,
    Body(body): Body<MissedBody>,
) -> Result<Created<FeedbackReceipt>, Failure> {
    let receipt = app.ask(move |atlas| {
        let host_id = body.host_id.as_deref();
        Ok(atlas.missed(
            &body.ticket_key,
            &body.scenario,
            body.actual_minutes,
            host_id,
        )?)
    });
    Ok(Created(receipt.await?))
}
