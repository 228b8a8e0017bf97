//! Tools that record what the tester did, and take it back.

use atlas_core::domain::{Answer, Feedback, FeedbackTarget, Missed, PatternRef, Step};
use serde::Deserialize;
use serde_json::Value;

use super::predictions::step;
use super::{Effect, Tool, arguments, data, wrong};
use crate::mcp::schema;

pub const RECORD: Tool = Tool {
    name: "record_feedback",
    title: "Record feedback",
    description: "Records what the tester did with one scenario (scenario_id) or with all of a \
                  prediction (prediction_id): accepted, rejected, or modified with steps of their \
                  own. ATLAS learns from it. A later answer replaces an earlier one; \
                  undo_feedback takes it back. The same client_id again changes nothing.",
    effect: Effect::Records,
    input: || {
        let answers = ["accepted", "rejected", "modified"];
        let fields = [
            (
                "scenario_id",
                schema::whole("The scenario_id that predict gave."),
            ),
            (
                "prediction_id",
                schema::whole("All scenarios of a prediction instead."),
            ),
            ("answer", schema::one_of(&answers, "What the tester did.")),
            (
                "steps",
                schema::list(step(), "The tester's own steps, with modified."),
            ),
            ("rating", schema::whole_from_to(1, 5, "How good it was.")),
            ("comments", schema::text("What the tester has to say.")),
            minutes(),
            client_id(),
        ];
        schema::arguments(&fields, &["answer"])
    },
    output: receipt,
    call: |bench, value| {
        let asked: Record = arguments(value)?;
        let target = match (asked.scenario_id, asked.prediction_id) {
            (Some(id), None) => FeedbackTarget::Scenario(id),
            (None, Some(id)) => FeedbackTarget::Prediction(id),
            _ => {
                let expected = "either a scenario_id or a prediction_id";
                return Err(wrong("arguments", "", expected));
            }
        };
        let answer = match (asked.answer, asked.steps) {
            (Said::Modified, steps) => Answer::Modified {
                steps: steps.unwrap_or_default(),
            },
            (_, Some(_)) => {
                return Err(wrong("steps", "", "steps go with the answer modified"));
            }
            (Said::Accepted, None) => Answer::Accepted,
            (Said::Rejected, None) => Answer::Rejected,
        };
        let feedback = Feedback {
            rating: asked.rating,
            comments: asked.comments,
            actual_minutes: asked.actual_minutes,
            host_id: asked.client_id,
            ..Feedback::new(answer)
        };
        data(bench.atlas.feedback(target, &feedback)?)
    },
};

pub const MISSED: Tool = Tool {
    name: "missed_scenario",
    title: "Record a missed scenario",
    description: "Records that a scenario was needed for a ticket and was not predicted: a stored \
                  pattern by its key or name, or a new one with name and steps, which becomes a \
                  pattern. undo_feedback takes it back. The same client_id again changes nothing.",
    effect: Effect::Records,
    input: || {
        let fields = [
            ("ticket_key", schema::text("The ticket, such as WRKA-1234.")),
            (
                "pattern",
                schema::text("The key or name of a stored pattern."),
            ),
            ("name", schema::text("The name of a new scenario instead.")),
            (
                "steps",
                schema::list(step(), "The steps of the new scenario."),
            ),
            (
                "pattern_type",
                schema::text("The type of the new scenario."),
            ),
            (
                "component",
                schema::text("The component of the new scenario."),
            ),
            minutes(),
            client_id(),
        ];
        schema::arguments(&fields, &["ticket_key"])
    },
    output: receipt,
    call: |bench, value| {
        let asked: MissedScenario = arguments(value)?;
        let is_new = asked.steps.is_some() || asked.pattern_type.is_some();
        let missed = match (asked.pattern, asked.name) {
            (Some(key), None) if !is_new && asked.component.is_none() => {
                Missed::Pattern(PatternRef::Key(key))
            }
            (None, Some(name)) => Missed::New {
                name,
                steps: asked.steps.unwrap_or_default(),
                pattern_type: asked.pattern_type,
                component: asked.component,
            },
            _ => {
                let expected = "either a pattern, or a name with steps";
                return Err(wrong("arguments", "", expected));
            }
        };
        let client_id = asked.client_id.as_deref();
        let minutes = asked.actual_minutes;
        data(
            bench
                .atlas
                .missed(&asked.ticket_key, &missed, minutes, client_id)?,
        )
    },
};

pub const UNDO: Tool = Tool {
    name: "undo_feedback",
    title: "Take feedback back",
    description: "Takes back what record_feedback or missed_scenario recorded, exactly: everything \
                  is as if it had never been recorded.",
    effect: Effect::Removes,
    input: || {
        let id = schema::whole("The feedback_id of the record.");
        schema::arguments(&[("feedback_id", id)], &["feedback_id"])
    },
    output: receipt,
    call: |bench, value| {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Arguments {
            feedback_id: i64,
        }
        let asked: Arguments = arguments(value)?;
        data(bench.atlas.undo(asked.feedback_id)?)
    },
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    scenario_id: Option<i64>,
    prediction_id: Option<i64>,
    answer: Said,
    steps: Option<Vec<Step>>,
    rating: Option<u8>,
    comments: Option<String>,
    actual_minutes: Option<u32>,
    client_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Said {
    Accepted,
    Rejected,
    Modified,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MissedScenario {
    ticket_key: String,
    pattern: Option<String>,
    name: Option<String>,
    steps: Option<Vec<Step>>,
    pattern_type: Option<String>,
    component: Option<String>,
    actual_minutes: Option<u32>,
    client_id: Option<String>,
}

fn minutes() -> (&'static str, Value) {
    let minutes = schema::whole_from_to(1, 1_440, "Minutes that it really took.");
    ("actual_minutes", minutes)
}

fn client_id() -> (&'static str, Value) {
    (
        "client_id",
        schema::text("An id of your own for this call."),
    )
}

fn receipt() -> Value {
    let answers = ["accepted", "rejected", "modified", "missed"];
    let item = schema::object(
        &[
            (
                "prediction_id",
                schema::or_null(schema::whole("The scenario_id.")),
            ),
            (
                "scenario_name",
                schema::or_null(schema::text("The scenario's name.")),
            ),
            ("answer", schema::one_of(&answers, "The answer.")),
        ],
        &["answer"],
    );
    let fields = [
        ("feedback_id", schema::whole("For undo_feedback.")),
        (
            "repeated",
            schema::flag("Whether the client_id was seen before: nothing changed."),
        ),
        (
            "items",
            schema::list(item, "What was recorded, a scenario each."),
        ),
    ];
    schema::object(&fields, &["feedback_id", "repeated", "items"])
}
