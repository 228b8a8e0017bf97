//! Tools that read tickets.

use atlas_core::domain::TicketFilter;
use atlas_core::{Result, SimilarOptions};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{About, Effect, Tool, about, about_fields, arguments, data, in_range, wrong};
use crate::args::instant;
use crate::mcp::schema;

/// How many tickets a call may name.
const MOST_TICKETS: usize = 50;

pub const GET: Tool = Tool {
    name: "get_ticket",
    title: "Get a ticket",
    description: "A stored Jira ticket: title, description, type, status, priority, people, \
                  components, labels, dates, links.",
    effect: Effect::Reads,
    input: || {
        let key = schema::text("The ticket, such as WRKA-1234.");
        schema::arguments(&[("ticket_key", key)], &["ticket_key"])
    },
    output: || {
        let fields = [
            ("key", schema::text("Its key.")),
            ("summary", schema::text("Its title.")),
            ("description", schema::or_null(schema::text("Plain text."))),
            ("status", schema::text("Its status.")),
            ("priority", schema::or_null(schema::text("Its priority."))),
            ("components", schema::texts("Its components.")),
            ("labels", schema::texts("Its labels.")),
        ];
        schema::object(&fields, &["key", "summary"])
    },
    call: |bench, value| {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Arguments {
            ticket_key: String,
        }
        let asked: Arguments = arguments(value)?;
        data(bench.atlas.tickets().get(&asked.ticket_key)?)
    },
};

pub const SEARCH: Tool = Tool {
    name: "search_tickets",
    title: "Search tickets",
    description: "Stored tickets that are most like a text, by meaning and by words, most alike \
                  first, each with what its score is made of.",
    effect: Effect::Reads,
    input: || {
        let text = schema::text("What to look for: words, a sentence, or a whole report.");
        let mut fields = vec![("text", text)];
        fields.extend(filter_fields());
        schema::arguments(&fields, &["text"])
    },
    output: similar_output,
    call: |bench, value| {
        #[derive(Deserialize)]
        struct Arguments {
            text: String,
            #[serde(flatten)]
            filter: Filter,
        }
        let asked: Arguments = arguments(value)?;
        let draft = crate::commands::ask::draft(&asked.text);
        let found = bench.atlas.similar(&draft, &asked.filter.options()?)?;
        Ok(json!({"similar_tickets": data(found)?}))
    },
};

pub const SIMILAR: Tool = Tool {
    name: "similar_tickets",
    title: "Similar tickets",
    description: "Stored tickets that are most like a stored one, most alike first, each with \
                  what its score is made of.",
    effect: Effect::Reads,
    input: || {
        let key = schema::text("The ticket, such as WRKA-1234.");
        let mut fields = vec![("ticket_key", key)];
        fields.extend(filter_fields());
        schema::arguments(&fields, &["ticket_key"])
    },
    output: similar_output,
    call: |bench, value| {
        #[derive(Deserialize)]
        struct Arguments {
            ticket_key: String,
            #[serde(flatten)]
            filter: Filter,
        }
        let asked: Arguments = arguments(value)?;
        let options = asked.filter.options()?;
        let found = bench.atlas.similar(&asked.ticket_key, &options)?;
        Ok(json!({"similar_tickets": data(found)?}))
    },
};

pub const ANALYZE: Tool = Tool {
    name: "analyze",
    title: "Analyze a ticket or text",
    description: "What a ticket or a text is about: components, types of test scenario that it \
                  calls for, similar tickets, each with its score.",
    effect: Effect::Reads,
    input: || schema::arguments(&about_fields(), &[]),
    output: || {
        let component = schema::object(
            &[
                ("name", schema::text("The component.")),
                ("confidence", schema::number("0 to 1.")),
                ("reason", schema::text("Where the guess comes from.")),
            ],
            &["name", "confidence"],
        );
        let kind = schema::object(
            &[
                ("type", schema::text("The type.")),
                ("relevance", schema::number("0 to 1.")),
                ("words", schema::texts("Words that speak for it.")),
            ],
            &["type", "relevance"],
        );
        let fields = [
            (
                "components",
                schema::list(component, "Most confident first."),
            ),
            ("scenario_types", schema::list(kind, "Most relevant first.")),
            ("similar_tickets", similar_list()),
        ];
        schema::object(
            &fields,
            &["components", "scenario_types", "similar_tickets"],
        )
    },
    call: |bench, value| {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Arguments {
            ticket_key: Option<String>,
            text: Option<String>,
            #[serde(default)]
            components: Vec<String>,
        }
        let asked: Arguments = arguments(value)?;
        data(
            match about(asked.ticket_key, asked.text, asked.components)? {
                About::Ticket(key) => bench.atlas.analyze(&key)?,
                About::Text(draft) => bench.atlas.analyze(&draft)?,
            },
        )
    },
};

/// Which tickets may be named.
#[derive(Deserialize)]
#[serde(default)]
struct Filter {
    limit: usize,
    projects: Vec<String>,
    components: Vec<String>,
    statuses: Vec<String>,
    created_from: Option<String>,
    created_before: Option<String>,
}

impl Default for Filter {
    fn default() -> Self {
        Filter {
            limit: 10,
            projects: Vec::new(),
            components: Vec::new(),
            statuses: Vec::new(),
            created_from: None,
            created_before: None,
        }
    }
}

impl Filter {
    fn options(self) -> Result<SimilarOptions> {
        let date = |field, text: Option<String>| {
            text.map(|text| instant(&text).map_err(|expected| wrong(field, text, expected)))
                .transpose()
        };
        Ok(SimilarOptions {
            limit: in_range("limit", self.limit, 1, MOST_TICKETS)?,
            threshold: 0.0,
            filter: TicketFilter {
                projects: self.projects,
                components: self.components,
                statuses: self.statuses,
                created_from: date("created_from", self.created_from)?,
                created_before: date("created_before", self.created_before)?,
            },
        })
    }
}

fn filter_fields() -> [(&'static str, Value); 6] {
    let date = "A day (2025-06-30) or an instant (2025-06-30T08:00:00Z).";
    [
        (
            "limit",
            schema::whole_from_to(1, MOST_TICKETS as i64, "How many at most; 10 without it."),
        ),
        (
            "projects",
            schema::texts("Only these projects, such as WRKA."),
        ),
        (
            "components",
            schema::texts("Only tickets with one of these components."),
        ),
        ("statuses", schema::texts("Only these statuses.")),
        (
            "created_from",
            schema::text(&format!("Only tickets filed then or later. {date}")),
        ),
        (
            "created_before",
            schema::text(&format!("Only tickets filed before. {date}")),
        ),
    ]
}

fn similar_output() -> Value {
    schema::object(&[("similar_tickets", similar_list())], &["similar_tickets"])
}

fn similar_list() -> Value {
    let part = schema::object(
        &[
            ("name", schema::text("The signal.")),
            ("value", schema::number("What it adds.")),
        ],
        &["name", "value"],
    );
    let ticket = schema::object(
        &[
            ("ticket_key", schema::text("Its key.")),
            ("summary", schema::text("Its title.")),
            ("status", schema::text("Its status.")),
            (
                "similarity",
                schema::number("0 to 1, the sum of the parts."),
            ),
            (
                "band",
                schema::one_of(&["weak", "medium", "strong"], "The score in words."),
            ),
            ("parts", schema::list(part, "What the score is made of.")),
            (
                "shared_words",
                schema::texts("The rarest words that both have."),
            ),
        ],
        &["ticket_key", "summary", "similarity", "band"],
    );
    schema::list(ticket, "Most alike first.")
}
