//! The tester's work and days.

use atlas_core::domain::{
    DataSource, DayActivity, MyWork, QuickStats, Standing, TicketNote, WorkChoices, WorkFilter,
    WorkItem, WorkOrder,
};
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::{Answer, Answered, Envelope, Page};
use crate::app::App;
use crate::failure::Failure;
use crate::input::{Asked, Body, Named, Part, given, limit};

/// Days of activity where nobody says how many.
const DAYS: u32 = 30;
/// Tickets dealt with last, where nobody says how many.
const RECENT: usize = 10;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(my_work))
        .routes(routes!(work_choices))
        .routes(routes!(quick_stats))
        .routes(routes!(activity))
        .routes(routes!(recent))
        .routes(routes!(standing))
        .routes(routes!(set_note, clear_note))
}

/// Which tickets are listed; what is absent asks for nothing.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct WorkQuery {
    /// Whether Jira is asked first.
    live: Option<bool>,
    /// In this status, whatever its case.
    status: Option<String>,
    /// Of this project, by its key.
    project: Option<String>,
    /// Of this person, by display name; of the settings' assignee where nothing is said.
    assignee: Option<String>,
    /// Only what is not resolved.
    unresolved: Option<bool>,
    /// With all of these words, or beginnings of a key, in key, title, components, assignee or note.
    words: Option<String>,
    /// In which order: `priority` where nothing is said, `updated`, `key`, `minutes`, `difficulty`.
    order: Option<String>,
    /// How many at most, 1 to 1,000; 50 where nothing is said.
    #[param(minimum = 1, maximum = 1_000)]
    limit: Option<usize>,
    /// The `next_cursor` of the part before.
    cursor: Option<String>,
}

/// The tester's tickets.
#[derive(Debug, Serialize, ToSchema)]
struct Work {
    /// This part of the list.
    tickets: Vec<WorkItem>,
    /// How many there are in all.
    count: u64,
    /// Where they came from.
    data_source: DataSource,
    /// When Jira was last asked.
    last_sync: Option<Timestamp>,
    /// Why Jira could not be asked, if it was to be.
    live_failed: Option<String>,
    /// What to send as `cursor` for the next part; absent in the last one.
    next_cursor: Option<String>,
}

/// Tickets to test
///
/// The most urgent first, then the newest change, or in the order asked for. If Jira cannot be asked, the answer is the stored
/// one and `live_failed` says why.
#[utoipa::path(get, path = "/api/atlas/personal/my-work", tag = "personal", params(WorkQuery),
    responses((status = 200, body = Envelope<Work>)))]
async fn my_work(State(app): State<App>, Asked(asked): Asked<WorkQuery>) -> Answered<Work> {
    let part = Part {
        limit: asked.limit,
        cursor: asked.cursor,
    };
    let (limit, after) = (part.limit()?, part.after::<u32>()? as usize);
    let filter = WorkFilter {
        assignee: asked.assignee,
        status: asked.status,
        project: asked.project,
        unresolved: asked.unresolved.unwrap_or(false),
        words: asked.words,
        order: asked.order.as_deref().map(WorkOrder::parse).transpose()?,
    };
    let live = asked.live.unwrap_or(false);
    let jira = app.jira().filter(|_| live).cloned();
    let missing = live && jira.is_none();
    let work = app.ask(move |atlas| match jira {
        Some(jira) => Ok(atlas.tickets().work_live(&jira, &filter, limit, after)?),
        None => Ok(atlas.tickets().work(&filter, limit, after)?),
    });
    let MyWork {
        tickets,
        count,
        data_source,
        last_sync,
        live_failed,
    } = work.await?;
    let next = after.saturating_add(tickets.len());
    let more = !tickets.is_empty() && (next as u64) < count;
    let unconfigured =
        || "Jira is not configured: set JIRA_INSTANCE_URL, JIRA_USER_EMAIL and JIRA_API_KEY";
    Ok(Answer(Work {
        tickets,
        count,
        data_source,
        last_sync,
        live_failed: live_failed.or_else(|| missing.then(|| unconfigured().to_owned())),
        next_cursor: more.then(|| next.to_string()),
    }))
}

/// What the work can be filtered by
///
/// Who has tickets, their statuses and projects.
#[utoipa::path(get, path = "/api/atlas/personal/work-choices", tag = "personal",
    responses((status = 200, body = Envelope<WorkChoices>)))]
async fn work_choices(State(app): State<App>) -> Answered<WorkChoices> {
    Ok(Answer(
        app.ask(|atlas| Ok(atlas.tickets().work_choices()?)).await?,
    ))
}

/// How the day stands
#[utoipa::path(get, path = "/api/atlas/personal/quick-stats", tag = "personal",
    responses((status = 200, body = Envelope<QuickStats>)))]
async fn quick_stats(State(app): State<App>) -> Answered<QuickStats> {
    Ok(Answer(
        app.ask(|atlas| Ok(atlas.tickets().quick_stats()?)).await?,
    ))
}

/// How far back.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ActivityQuery {
    /// How many days, today among them, 1 to 3,660; 30 where nothing is said.
    #[param(minimum = 1, maximum = 3_660)]
    days: Option<u32>,
}

/// What was done on each day
///
/// Oldest first, today last; days without work are there too.
#[utoipa::path(get, path = "/api/atlas/personal/activity", tag = "personal", params(ActivityQuery),
    responses((status = 200, body = Envelope<Page<DayActivity>>)))]
async fn activity(
    State(app): State<App>,
    Asked(asked): Asked<ActivityQuery>,
) -> Answered<Page<DayActivity>> {
    let days = asked.days.unwrap_or(DAYS);
    let days = app.ask(move |atlas| Ok(atlas.play().activity(days)?));
    Ok(Answer(Page::whole(days.await?)))
}

/// How many.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct RecentQuery {
    /// How many at most, 1 to 1,000; 10 where nothing is said.
    #[param(minimum = 1, maximum = 1_000)]
    limit: Option<usize>,
}

/// Tickets that were dealt with last
///
/// In a session, a note or a prediction; newest first.
#[utoipa::path(get, path = "/api/atlas/personal/recent-tickets", tag = "personal", params(RecentQuery),
    responses((status = 200, body = Envelope<Page<WorkItem>>)))]
async fn recent(
    State(app): State<App>,
    Asked(asked): Asked<RecentQuery>,
) -> Answered<Page<WorkItem>> {
    let limit = limit(asked.limit, RECENT)?;
    let tickets = app.ask(move |atlas| Ok(atlas.tickets().recent(limit)?));
    Ok(Answer(Page::whole(tickets.await?)))
}

/// Everything that was earned
///
/// Experience, level, streaks with their freezes, achievements and challenges.
#[utoipa::path(get, path = "/api/atlas/personal/standing", tag = "personal",
    responses((status = 200, body = Envelope<Standing>)))]
async fn standing(State(app): State<App>) -> Answered<Standing> {
    Ok(Answer(app.ask(|atlas| Ok(atlas.play().standing()?)).await?))
}

/// What is to be noted; what is absent stays, null takes it away.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TicketNoteBody {
    /// The note, at most 20,000 characters.
    #[serde(default, deserialize_with = "given")]
    note: Option<Option<String>>,
    /// How hard the ticket is to test, 1 (easy) to 5.
    #[serde(default, deserialize_with = "given")]
    #[schema(minimum = 1, maximum = 5)]
    difficulty: Option<Option<u8>>,
}

/// Note something on a ticket
///
/// The answer is what is noted now; null where that is nothing.
#[utoipa::path(put, path = "/api/atlas/personal/notes/{ticket_key}", tag = "personal", request_body = TicketNoteBody,
    params(("ticket_key" = String, Path, example = "WRKA-1234")),
    responses((status = 200, body = Envelope<Option<TicketNote>>)))]
async fn set_note(
    State(app): State<App>,
    Named(key): Named<String>,
    Body(body): Body<TicketNoteBody>,
) -> Answered<Option<TicketNote>> {
    // Both are looked at before either is stored.
    if let Some(Some(note)) = &body.note {
        TicketNote::check_text(note)?;
    }
    if let Some(Some(difficulty)) = body.difficulty {
        TicketNote::check_difficulty(difficulty)?;
    }
    let noted = app.ask(move |atlas| {
        if let Some(note) = body.note {
            atlas.tickets().set_note(&key, note.as_deref())?;
        }
        if let Some(difficulty) = body.difficulty {
            atlas.tickets().set_difficulty(&key, difficulty)?;
        }
        Ok(atlas.tickets().note(&key)?)
    });
    Ok(Answer(noted.await?))
}

/// Remove note and difficulty of a ticket
#[utoipa::path(delete, path = "/api/atlas/personal/notes/{ticket_key}", tag = "personal",
    params(("ticket_key" = String, Path, example = "WRKA-1234")), responses((status = 204)))]
async fn clear_note(
    State(app): State<App>,
    Named(key): Named<String>,
) -> Result<StatusCode, Failure> {
    app.ask(move |atlas| Ok(atlas.tickets().clear_note(&key)?))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
