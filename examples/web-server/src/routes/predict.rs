//! What a ticket is about, what to ask its author, and what to test for it.

use atlas_core::SimilarOptions;
use atlas_core::domain::{Analysis, Draft, Prediction, Review, Scenario, SimilarTicket};
use axum::extract::State;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::{Answer, Answered, Envelope, Page};
use crate::app::App;
use crate::failure::Failure;
use crate::input::{Asked, Body, Named};

/// Scenarios where nobody says how many.
const TOP_K: usize = 5;
/// Similar tickets where nobody says how many.
const SIMILAR: usize = 10;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(analyze))
        .routes(routes!(review))
        .routes(routes!(predict))
        .routes(routes!(scenario))
        .routes(routes!(similar))
}

/// A stored ticket, or a text.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AnalyzeBody {
    /// A stored ticket.
    #[schema(example = "WRKA-1234")]
    ticket_key: Option<String>,
    /// A text instead; its first line is the title.
    text: Option<String>,
    /// Components of the text.
    #[serde(default)]
    components: Vec<String>,
}

/// What a ticket is about
///
/// Its components, its types of scenario, and the tickets most like it.
#[utoipa::path(post, path = "/api/atlas/analyze", tag = "predict", request_body = AnalyzeBody,
    responses((status = 200, body = Envelope<Analysis>)))]
async fn analyze(State(app): State<App>, Body(body): Body<AnalyzeBody>) -> Answered<Analysis> {
    let subject = Subject::of(body.ticket_key, body.text, body.components)?;
    let analysis = app.ask(move |atlas| match &subject {
        Subject::Ticket(key) => Ok(atlas.analyze(key)?),
        Subject::Text(draft) => Ok(atlas.analyze(draft)?),
    });
    Ok(Answer(analysis.await?))
}

/// A stored ticket, or a text with its type.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReviewBody {
    /// A stored ticket.
    #[schema(example = "WRKA-1234")]
    ticket_key: Option<String>,
    /// A text instead; its first line is the title.
    text: Option<String>,
    /// The type of the text, such as Story or Bug; guessed from the text where nothing is said.
    ticket_type: Option<String>,
}

/// What to ask a ticket's author before testing
///
/// What is missing, vague or contradictory in it, each with the sentences that it quotes. Nothing is
/// stored.
#[utoipa::path(post, path = "/api/atlas/review", tag = "predict", request_body = ReviewBody,
    responses((status = 200, body = Envelope<Review>)))]
async fn review(State(app): State<App>, Body(body): Body<ReviewBody>) -> Answered<Review> {
    let mut subject = Subject::of(body.ticket_key, body.text, Vec::new())?;
    if let Subject::Text(draft) = &mut subject {
        draft.ticket_type = body.ticket_type.unwrap_or_default();
    }
    let review = app.ask(move |atlas| match &subject {
        Subject::Ticket(key) => Ok(atlas.review(key)?),
        Subject::Text(draft) => Ok(atlas.review(draft)?),
    });
    Ok(Answer(review.await?))
}

/// A stored ticket, or a text, and how many scenarios.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PredictBody {
    /// A stored ticket.
    #[schema(example = "WRKA-1234")]
    ticket_key: Option<String>,
    /// A text instead; its first line is the title. Nothing of it is stored.
    text: Option<String>,
    /// Components of the text.
    #[serde(default)]
    components: Vec<String>,
    /// How many scenarios, 1 to 100; 5 where nothing is said.
    #[schema(minimum = 1, maximum = 100)]
    top_k: Option<usize>,
}

/// What to test for a ticket
///
/// The scenarios with the most confidence, and edge cases. That of a stored ticket is kept, and for
/// an hour the same question gets the same answer unless something has changed.
#[utoipa::path(post, path = "/api/atlas/predict", tag = "predict", request_body = PredictBody,
    responses((status = 200, body = Envelope<Prediction>)))]
async fn predict(State(app): State<App>, Body(body): Body<PredictBody>) -> Answered<Prediction> {
    let subject = Subject::of(body.ticket_key, body.text, body.components)?;
    let top_k = body.top_k.unwrap_or(TOP_K);
    let prediction = app.ask(move |atlas| match &subject {
        Subject::Ticket(key) => Ok(atlas.predict(key, top_k)?),
        Subject::Text(draft) => Ok(atlas.predict(draft, top_k)?),
    });
    Ok(Answer(prediction.await?))
}

/// One scenario of a stored prediction
///
/// As it was predicted, by its own `prediction_id`: the steps of a session's plan are found so.
#[utoipa::path(get, path = "/api/atlas/scenarios/{prediction_id}", tag = "predict",
    params(("prediction_id" = i64, Path, description = "The scenario's own `prediction_id`.")),
    responses((status = 200, body = Envelope<Scenario>)))]
async fn scenario(State(app): State<App>, Named(id): Named<i64>) -> Answered<Scenario> {
    Ok(Answer(
        app.ask(move |atlas| Ok(atlas.predictions().scenario(id)?))
            .await?,
    ))
}

/// Which tickets are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SimilarQuery {
    /// A stored ticket.
    ticket_key: Option<String>,
    /// A text instead; its first line is the title.
    text: Option<String>,
    /// How many at most, 1 to 200; 10 where nothing is said.
    #[param(minimum = 1, maximum = 200)]
    k: Option<usize>,
    /// Only those with at least this similarity, 0 to 1.
    #[param(minimum = 0, maximum = 1)]
    threshold: Option<f32>,
}

/// The stored tickets most like one
///
/// Most alike first, with what the score is made of.
#[utoipa::path(get, path = "/api/atlas/similar", tag = "predict", params(SimilarQuery),
    responses((status = 200, body = Envelope<Page<SimilarTicket>>)))]
async fn similar(
    State(app): State<App>,
    Asked(asked): Asked<SimilarQuery>,
) -> Answered<Page<SimilarTicket>> {
    let subject = Subject::of(asked.ticket_key, asked.text, Vec::new())?;
    let options = SimilarOptions {
        limit: asked.k.unwrap_or(SIMILAR),
        threshold: asked.threshold.unwrap_or_default(),
        ..SimilarOptions::default()
    };
    let found = app.ask(move |atlas| match &subject {
        Subject::Ticket(key) => Ok(atlas.similar(key, &options)?),
        Subject::Text(draft) => Ok(atlas.similar(draft, &options)?),
    });
    Ok(Answer(Page::whole(found.await?)))
}

/// What a question is about.
enum Subject {
    Ticket(String),
    Text(Draft),
}

impl Subject {
    fn of(
        ticket_key: Option<String>,
        text: Option<String>,
        components: Vec<String>,
    ) -> Result<Self, Failure> {
        match (ticket_key, text) {
            (Some(key), None) => Ok(Subject::Ticket(key)),
            (None, Some(text)) => Ok(Subject::Text(Draft {
                components,
                ..draft(&text)
            })),
            (Some(key), Some(_)) => Err(Failure::invalid(
                "ticket_key",
                key,
                "a ticket_key or a text, not both",
            )),
            (None, None) => Err(Failure::invalid(
                "ticket_key",
                "",
                "a ticket's key, such as WRKA-1234, or a text",
            )),
        }
    }
}

/// The first line of a text is the title, the rest its description.
pub(super) fn draft(text: &str) -> Draft {
    let (title, rest) = text.trim().split_once('\n').unwrap_or((text.trim(), ""));
    let draft = Draft::new(title.trim());
    match rest.trim() {
        "" => draft,
        rest => draft.description(rest),
    }
}
