//! Tools that say what to test, why, and what is left out.

use atlas_core::Result;
use atlas_core::domain::{ChosenScenario, Prediction, Scenario};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{About, Effect, Tool, about, about_fields, arguments, data, in_range, wrong};
use crate::mcp::schema;

/// How many scenarios a call may name.
const MOST_SCENARIOS: usize = 20;

pub const PREDICT: Tool = Tool {
    name: "predict",
    title: "Predict test scenarios",
    description: "What to test for a ticket or a text: scenarios with steps, confidence (0 to \
                  100), minutes with an 80 % interval and short reasons, and edge cases. The \
                  prediction for a ticket is kept, so that explain and record_feedback can speak \
                  of it; what was recorded and learned stays as it is.",
    effect: Effect::Reads,
    input: || {
        let mut fields = about_fields().to_vec();
        let most = MOST_SCENARIOS as i64;
        fields.push((
            "top_k",
            schema::whole_from_to(1, most, "How many scenarios; 5 without it."),
        ));
        fields.push((
            "min_confidence",
            json!({"type": "number", "minimum": 0, "maximum": 100,
                   "description": "Leave out scenarios with less confidence."}),
        ));
        schema::arguments(&fields, &[])
    },
    output: || {
        let edge_case = schema::object(
            &[
                ("description", schema::text("What to try.")),
                (
                    "criticality",
                    schema::one_of(&["low", "medium", "high"], "How much it matters."),
                ),
            ],
            &["description", "criticality"],
        );
        let fields = [
            (
                "prediction_id",
                schema::or_null(schema::whole("For feedback on all of it; null for a text.")),
            ),
            (
                "scenarios",
                schema::list(scenario(), "Most confident first."),
            ),
            (
                "edge_cases",
                schema::list(edge_case, "Most critical first."),
            ),
            (
                "total_estimated_time",
                schema::whole("Minutes of all scenarios together."),
            ),
            (
                "calibrated",
                schema::flag("Whether confidence was calibrated on the user's past."),
            ),
            (
                "degraded",
                schema::list(json!({}), "Plugins that took no part, and why."),
            ),
        ];
        schema::object(&fields, &["prediction_id", "scenarios", "edge_cases"])
    },
    call: |bench, value| {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Arguments {
            ticket_key: Option<String>,
            text: Option<String>,
            #[serde(default)]
            components: Vec<String>,
            #[serde(default = "five")]
            top_k: usize,
            #[serde(default)]
            min_confidence: f32,
        }
        let asked: Arguments = arguments(value)?;
        let top_k = in_range("top_k", asked.top_k, 1, MOST_SCENARIOS)?;
        let prediction = match about(asked.ticket_key, asked.text, asked.components)? {
            About::Ticket(key) => bench.atlas.predict(&key, top_k)?,
            About::Text(draft) => bench.atlas.predict(&draft, top_k)?,
        };
        short(prediction, asked.min_confidence)
    },
};

pub const EXPLAIN: Tool = Tool {
    name: "explain",
    title: "Explain one scenario",
    description: "Everything behind one scenario of a ticket's newest prediction: the parts that \
                  its confidence is the sum of, every reason, its steps, where steps and minutes \
                  come from.",
    effect: Effect::Reads,
    input: || {
        let fields = [
            ("ticket_key", schema::text("The ticket, such as WRKA-1234.")),
            (
                "scenario_id",
                schema::whole("The scenario_id that predict gave."),
            ),
            (
                "number",
                schema::whole_from_to(1, 100, "Its place in the newest prediction instead."),
            ),
        ];
        schema::arguments(&fields, &["ticket_key"])
    },
    output: || {
        let part = schema::object(
            &[
                ("name", schema::text("The signal or plugin.")),
                (
                    "value",
                    schema::number("Points of confidence that it adds."),
                ),
            ],
            &["name", "value"],
        );
        let fields = [
            ("scenario_name", schema::text("Its name.")),
            (
                "confidence",
                schema::number("0 to 100, the sum of the parts."),
            ),
            ("parts", schema::list(part, "What confidence is made of.")),
            (
                "reasons",
                schema::list(json!({"type": "object"}), "Why it was named."),
            ),
            ("steps", schema::list(step(), "What to do.")),
            (
                "stale",
                schema::texts("Fields of the ticket that have changed since."),
            ),
        ];
        let required = ["scenario_name", "confidence", "parts", "reasons", "steps"];
        schema::object(&fields, &required)
    },
    call: |bench, value| {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Arguments {
            ticket_key: String,
            scenario_id: Option<i64>,
            number: Option<usize>,
        }
        let asked: Arguments = arguments(value)?;
        let newest = bench.atlas.predictions().latest(&asked.ticket_key)?;
        let expected = "a ticket with a prediction: call predict first";
        let newest = newest.ok_or_else(|| wrong("ticket_key", &asked.ticket_key, expected))?;
        let found = match (asked.scenario_id, asked.number) {
            (Some(id), None) => newest
                .scenarios
                .iter()
                .find(|scenario| scenario.prediction_id == Some(id)),
            (None, Some(number)) => newest.scenarios.get(number.wrapping_sub(1)),
            _ => None,
        };
        let scenario = found.ok_or_else(|| {
            let expected = format!(
                "a scenario_id of the newest prediction of {}, or a number from 1 to {}",
                asked.ticket_key,
                newest.scenarios.len()
            );
            let value = asked.scenario_id.map(|id| id.to_string());
            let value = value.or_else(|| asked.number.map(|number| number.to_string()));
            wrong("scenario_id", value.unwrap_or_default(), expected)
        })?;
        let mut explained = data(scenario)?;
        explained["stale"] = data(&newest.stale)?;
        explained["blend"] = data(&newest.blend)?;
        Ok(explained)
    },
};

pub const GAPS: Tool = Tool {
    name: "coverage_gaps",
    title: "Find coverage gaps",
    description: "Which acceptance criteria no chosen scenario checks, and which usual types of \
                  scenario are missing, with what to add. Without a choice it takes what was \
                  accepted of the ticket's newest prediction, else all of it.",
    effect: Effect::Reads,
    input: || {
        let mut fields = about_fields().to_vec();
        fields.push((
            "chosen",
            schema::texts("What is chosen: keys or names of patterns, or names of your own."),
        ));
        fields.push((
            "chosen_scenario_ids",
            schema::list(
                json!({"type": "integer"}),
                "Chosen scenario_ids of predict.",
            ),
        ));
        schema::arguments(&fields, &[])
    },
    output: || {
        let criterion = schema::object(
            &[
                ("criterion", schema::text("The criterion.")),
                (
                    "covered",
                    schema::flag("Whether a chosen scenario checks it."),
                ),
                ("reason", schema::text("What was found.")),
            ],
            &["criterion", "covered", "reason"],
        );
        let gap = schema::object(
            &[
                ("scenario_type", schema::text("The type.")),
                (
                    "relevance",
                    schema::number("How much the text calls for it, 0 to 1."),
                ),
                ("reason", schema::text("Why it is missed.")),
            ],
            &["scenario_type", "reason"],
        );
        let from = ["given", "accepted", "prediction", "nothing"];
        let fields = [
            (
                "chosen_from",
                schema::one_of(&from, "How the choice was found."),
            ),
            (
                "criteria",
                schema::list(criterion, "Every criterion, in order."),
            ),
            (
                "type_gaps",
                schema::list(gap, "Types of which nothing is chosen."),
            ),
            ("notes", schema::texts("What there is to say of the whole.")),
        ];
        schema::object(&fields, &["chosen_from", "criteria", "type_gaps"])
    },
    call: |bench, value| {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Arguments {
            ticket_key: Option<String>,
            text: Option<String>,
            #[serde(default)]
            components: Vec<String>,
            #[serde(default)]
            chosen: Vec<String>,
            #[serde(default)]
            chosen_scenario_ids: Vec<i64>,
        }
        let asked: Arguments = arguments(value)?;
        let named = asked.chosen.into_iter().map(ChosenScenario::Name);
        let ids = asked.chosen_scenario_ids.into_iter();
        let chosen: Vec<ChosenScenario> =
            named.chain(ids.map(ChosenScenario::Prediction)).collect();
        data(
            match about(asked.ticket_key, asked.text, asked.components)? {
                About::Ticket(key) => bench.atlas.gaps(&key, &chosen)?,
                About::Text(draft) => bench.atlas.gaps(&draft, &chosen)?,
            },
        )
    },
};

fn five() -> usize {
    5
}

/// A prediction without what only explain tells.
fn short(prediction: Prediction, min_confidence: f32) -> Result<Value> {
    let scenarios = prediction.scenarios.iter().zip(1..);
    let scenarios: Vec<Value> = scenarios
        .filter(|(scenario, _)| scenario.confidence >= min_confidence)
        .map(|(scenario, number)| short_scenario(scenario, number))
        .collect::<Result<_>>()?;
    Ok(json!({
        "prediction_id": prediction.id,
        "ticket_key": prediction.ticket_key,
        "scenarios": scenarios,
        "edge_cases": data(&prediction.edge_cases)?,
        "total_estimated_time": prediction.total_minutes,
        "calibrated": prediction.blend.calibrated,
        "degraded": data(&prediction.degraded)?,
    }))
}

fn short_scenario(scenario: &Scenario, number: usize) -> Result<Value> {
    let mut value = data(scenario)?;
    let id = scenario.prediction_id;
    if let Some(fields) = value.as_object_mut() {
        for name in ["parts", "prediction_id", "calibrated"] {
            fields.remove(name);
        }
    }
    value["number"] = number.into();
    value["scenario_id"] = id.into();
    let reasons = scenario.reasons.iter();
    value["reasons"] = reasons.map(|reason| reason.text.as_str()).collect();
    Ok(value)
}

fn scenario() -> Value {
    let fields = [
        ("number", schema::whole("Its place, from 1.")),
        (
            "scenario_id",
            schema::or_null(schema::whole("For explain and feedback; null for a text.")),
        ),
        ("scenario_name", schema::text("Its name.")),
        ("confidence", schema::number("0 to 100.")),
        ("source", schema::text("Which plugins named it.")),
        ("reasons", schema::texts("Why it was named.")),
        ("steps", schema::list(step(), "What to do.")),
        ("steps_origin", schema::text("Where the steps come from.")),
        ("estimated_time", schema::whole("Minutes.")),
        (
            "estimated_time_low",
            schema::whole("The lower end of the 80 % interval."),
        ),
        (
            "estimated_time_high",
            schema::whole("The upper end of the 80 % interval."),
        ),
    ];
    let required = [
        "number",
        "scenario_id",
        "scenario_name",
        "confidence",
        "steps",
    ];
    schema::object(&fields, &required)
}

/// One step, as it is given and taken.
pub fn step() -> Value {
    let fields = [
        ("action", schema::text("What to do.")),
        ("expected", schema::text("What should be seen.")),
        ("data", schema::text("Values to use.")),
    ];
    schema::object(&fields, &["action"])
}
