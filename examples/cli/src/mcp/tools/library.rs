//! Tools that tell of the database as a whole.

use atlas_core::learning::backtest::BacktestOptions;
use serde::Deserialize;
use serde_json::json;

use super::{Effect, Tool, arguments, data, in_range};
use crate::mcp::schema;

/// Resampled pasts behind the intervals, at most.
const MOST_RESAMPLES: usize = 10_000;

pub const BACKTEST: Tool = Tool {
    name: "backtest",
    title: "Backtest on the past",
    description: "How good predictions are on the user's own past: every judged ticket is \
                  predicted before it is learned from, beside baselines, with 95 % intervals. \
                  Takes from seconds to minutes; stores nothing; can be cancelled.",
    effect: Effect::Reads,
    input: || {
        let most = MOST_RESAMPLES as i64;
        let fields = [
            (
                "learn_first",
                schema::whole_from_to(0, 1_000_000, "Oldest tickets that are only learned from."),
            ),
            ("frozen", schema::flag("Learn nothing after these.")),
            (
                "resamples",
                schema::whole_from_to(1, most, "Resampled pasts behind the intervals."),
            ),
        ];
        schema::arguments(&fields, &[])
    },
    output: || {
        let method = schema::object(
            &[
                ("name", schema::text("The method.")),
                (
                    "hit_10",
                    schema::any("A right scenario among the first ten: value, low, high."),
                ),
                ("mrr", schema::any("Mean of one over the first right rank.")),
            ],
            &["name", "hit_10", "mrr"],
        );
        let fields = [
            ("summary", schema::text("One sentence.")),
            ("tickets", schema::whole("Tickets that were scored.")),
            (
                "methods",
                schema::list(method, "ATLAS first, then its parts, then baselines."),
            ),
        ];
        schema::object(&fields, &["summary", "tickets", "methods"])
    },
    call: |bench, value| {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Arguments {
            #[serde(default)]
            learn_first: usize,
            #[serde(default)]
            frozen: bool,
            resamples: Option<usize>,
        }
        let asked: Arguments = arguments(value)?;
        let usual = BacktestOptions::default();
        let resamples = asked.resamples.unwrap_or(usual.resamples);
        let options = BacktestOptions {
            learn_first: asked.learn_first,
            frozen: asked.frozen,
            resamples: in_range("resamples", resamples, 1, MOST_RESAMPLES)?,
            ..usual
        };
        let mut progress = |progress| bench.went_on(progress);
        let mut report = data(bench.atlas.backtest(&options, &mut progress)?)?;
        if let Some(fields) = report.as_object_mut() {
            // For the picture: long, and said by the other fields.
            fields.remove("timeline");
        }
        Ok(report)
    },
};

pub const INFO: Tool = Tool {
    name: "info",
    title: "What the database holds",
    description: "How many tickets, patterns and results of the past are stored, and what was \
                  learned from them.",
    effect: Effect::Reads,
    input: || schema::arguments(&[], &[]),
    output: || {
        let fields = [
            ("tickets", schema::whole("Tickets.")),
            ("patterns", schema::whole("Test patterns.")),
            (
                "observations",
                schema::whole("Results of a pattern with a ticket."),
            ),
            (
                "read_only",
                schema::flag("Whether nothing can be recorded here."),
            ),
            ("version", schema::text("ATLAS's version.")),
        ];
        schema::object(
            &fields,
            &["tickets", "patterns", "observations", "read_only"],
        )
    },
    call: |bench, value| {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Arguments {}
        let Arguments {} = arguments(value)?;
        let mut info = data(bench.atlas.database().counts()?)?;
        info["learning"] = data(bench.atlas.learning().status()?)?;
        info["model"] = json!(bench.atlas.database().model_id()?);
        info["read_only"] = json!(bench.read_only);
        info["version"] = json!(env!("CARGO_PKG_VERSION"));
        Ok(info)
    },
};
