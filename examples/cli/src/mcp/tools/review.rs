//! The tool that says what to ask a ticket's author.

use serde::Deserialize;

use super::{About, Effect, Tool, about, about_fields, arguments, data};
use crate::mcp::schema;

pub const REVIEW: Tool = Tool {
    name: "review",
    title: "Review a ticket or text",
    description: "What a tester would ask the author of a ticket or a text before testing: missing \
                  criteria, vague words, limits without a number, contradictions and more, each with \
                  a stable code, the question and the sentences that it quotes. Nothing is stored.",
    effect: Effect::Reads,
    input: || {
        let kind = schema::text("The type of the text, such as Story or Bug; guessed without it.");
        let mut fields = about_fields().to_vec();
        fields.push(("ticket_type", kind));
        schema::arguments(&fields, &[])
    },
    output: || {
        let parts = ["summary", "criterion", "description"];
        let number = schema::whole("Which criterion, or which line of the description, from 1.");
        let quote = schema::object(
            &[
                ("text", schema::text("As the ticket has it.")),
                ("part", schema::one_of(&parts, "Where it stands.")),
                ("number", schema::or_null(number)),
            ],
            &["text", "part"],
        );
        let severities = ["low", "medium", "high"];
        let finding = schema::object(
            &[
                ("code", schema::text("The kind of finding; stable.")),
                (
                    "severity",
                    schema::one_of(&severities, "How much it matters."),
                ),
                ("question", schema::text("The question to the author.")),
                (
                    "quotes",
                    schema::list(quote, "The sentences that it is about."),
                ),
            ],
            &["code", "severity", "question", "quotes"],
        );
        let fields = [
            (
                "findings",
                schema::list(finding, "The most important first, at most 20."),
            ),
            ("left_out", schema::whole("How many more there are.")),
            ("notes", schema::texts("What was not looked at, and why.")),
        ];
        schema::object(&fields, &["findings", "left_out"])
    },
    call: |bench, value| {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Arguments {
            ticket_key: Option<String>,
            text: Option<String>,
            #[serde(default)]
            components: Vec<String>,
            ticket_type: Option<String>,
        }
        let asked: Arguments = arguments(value)?;
        data(
            match about(asked.ticket_key, asked.text, asked.components)? {
                About::Ticket(key) => bench.atlas.review(&key)?,
                About::Text(mut draft) => {
                    draft.ticket_type = asked.ticket_type.unwrap_or_default();
                    bench.atlas.review(&draft)?
                }
            },
        )
    },
};
