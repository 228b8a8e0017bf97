//! Servers that answer.

use std::ops::ControlFlow;
use std::time::Duration;

use atlas_core::domain::TicketKey;
use atlas_core::jira::mcp::{JiraMcp, McpGeneration, McpOptions};

use crate::{keys, options, server, start};

const ALL: [&str; 5] = ["WRKA-1", "WRKA-2", "WRKA-3", "WRKA-4", "WRKA-5"];

#[test]
fn both_generations_and_every_form_of_an_answer_are_understood() {
    for (behaviour, version) in [
        ("modern", "2026-07-28"),
        ("atlassian", "2026-07-28"),
        ("legacy", "2025-06-18"),
        ("names older ones", "2025-06-18"),
        ("string ids", "2025-06-18"),
        ("text only", "2025-06-18"),
        ("wrapped", "2025-06-18"),
        ("asking", "2025-06-18"),
        ("flooding errors", "2025-06-18"),
    ] {
        let mut jira = start(behaviour).unwrap_or_else(|error| panic!("{behaviour}: {error}"));
        assert_eq!(jira.protocol_version(), version, "{behaviour}");
        assert_eq!(jira.tools().len(), 2, "{behaviour}");
        assert_eq!(keys(&mut jira).unwrap(), ALL, "{behaviour}");
        let ticket = jira.issue(&TicketKey::parse("WRKA-7").unwrap()).unwrap();
        let ticket = ticket.ticket;
        assert_eq!(ticket.summary, "Summary of WRKA-7", "{behaviour}");
        assert_eq!(ticket.status, "Open");
    }
}

#[test]
fn a_generation_can_be_chosen() {
    let with = |behaviour: &str, generation| {
        let options = McpOptions {
            generation,
            ..options()
        };
        JiraMcp::start(&server(behaviour), &options)
    };
    assert!(with("legacy", McpGeneration::Legacy).is_ok());
    assert!(with("modern", McpGeneration::Modern).is_ok());
    for wrong in [
        with("legacy", McpGeneration::Modern),
        with("modern", McpGeneration::Legacy),
    ] {
        assert_eq!(wrong.unwrap_err().code(), "MCP_FAILED");
    }
}

#[test]
fn a_server_that_leaves_the_first_question_unanswered_is_greeted_the_old_way() {
    let options = McpOptions {
        start_timeout: Duration::from_secs(1),
        ..options()
    };
    // It answers the question late; that answer is not taken for the handshake's.
    let outcome = JiraMcp::start(&server("deaf to questions"), &options);
    match outcome {
        Ok(jira) => assert_eq!(jira.protocol_version(), "2025-06-18"),
        // A busy machine.
        Err(error) => assert_eq!(error.code(), "MCP_TIMEOUT"),
    }
}

#[test]
fn a_search_can_be_ended_and_odd_issues_are_named() {
    let mut jira = start("odd issues").unwrap();
    let mut seen = 0;
    let found = jira.search("project = WRKA", &mut |_| {
        seen += 1;
        ControlFlow::Continue(())
    });
    let found = found.unwrap();
    assert_eq!((found.tickets, seen), (2, 2));
    let lines: Vec<u64> = found.skipped.iter().map(|skipped| skipped.line).collect();
    assert_eq!(lines, [1, 3, 5]);
    assert!(found.skipped[0].reason.contains("key"));
    let found = jira.search("project = WRKA", &mut |_| ControlFlow::Break(()));
    assert_eq!(found.unwrap().tickets, 1);
}

#[test]
fn the_longest_time_outs_are_waited_for_and_not_reckoned_beyond_what_time_can_be() {
    let forever = McpOptions {
        start_timeout: Duration::MAX,
        timeout: Duration::MAX,
        ..options()
    };
    let mut jira = JiraMcp::start(&server("classic"), &forever).unwrap();
    assert!(!keys(&mut jira).unwrap().is_empty());
}
