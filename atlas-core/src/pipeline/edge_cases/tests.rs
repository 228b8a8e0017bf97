//! Which rules fire for what a ticket says.

use super::*;
use crate::domain::Draft;

fn draft(ticket_type: &str, summary: &str, description: &str) -> Draft {
    let mut draft = Draft::new(summary);
    draft.ticket_type = ticket_type.to_owned();
    draft.description = Some(description.to_owned());
    draft
}

/// The bundled rules that a draft's words fire.
fn fired(draft: &Draft) -> Vec<(&'static str, Fired)> {
    let facts = TicketFacts::of(draft);
    let rules = bundled().unwrap().iter();
    let fired = rules.filter_map(|prepared| {
        let said = facts.fired(&prepared.phrases)?;
        Some((prepared.rule.id.as_str(), said))
    });
    fired.collect()
}

fn ids(draft: &Draft) -> Vec<&'static str> {
    fired(draft).into_iter().map(|(id, _)| id).collect()
}

#[test]
fn the_bundled_rules_are_read_once_for_all_and_a_users_own_takes_the_place_of_one() {
    let (one, other) = (EdgeCases::new(vec![]), EdgeCases::new(vec![]));
    let (one, other) = (one.unwrap().rules, other.unwrap().rules);
    assert!(one.len() >= 100);
    assert!(one.iter().zip(&other).all(|(a, b)| Arc::ptr_eq(a, b)));
    let own = Rule {
        description: "Mine".to_owned(),
        ..one[0].rule.clone()
    };
    let with_own = EdgeCases::new(vec![own]).unwrap().rules;
    assert_eq!(with_own.len(), one.len());
    assert_eq!(with_own.last().unwrap().rule.description, "Mine");
    assert!(Arc::ptr_eq(&with_own[0], &one[1]));
}

#[test]
fn every_bundled_rule_can_fire_and_says_what_must_be_seen() {
    for prepared in bundled().unwrap() {
        let rule = &prepared.rule;
        let fires = rule.components.len() + rule.scenario_types.len() + rule.words.len();
        assert!(fires > 0, "{}", rule.id);
        for words in &rule.words {
            // A sentence of the first alternatives fires the rule.
            let first = words
                .split(" + ")
                .map(|any| any.split(" | ").next().unwrap());
            let sentence = format!("It is {}", first.collect::<Vec<_>>().join(" and "));
            let found = fired(&draft("Bug", &sentence, ""));
            assert!(
                found.iter().any(|(id, _)| *id == rule.id),
                "{}: {words}",
                rule.id
            );
        }
        let given = ["mhis-", "workflow-"];
        let given = given.iter().any(|start| rule.id.starts_with(start));
        assert!(given || rule.description.contains(": "), "{}", rule.id);
    }
}

#[test]
fn a_word_counts_where_the_ticket_says_it_and_nowhere_else() {
    let criteria = "# Acceptance criteria\n- Every translation of the list is shown";
    assert_eq!(
        ids(&draft("Story", "Sort the list", criteria)),
        ["missing-translation"]
    );
    for (what, description) in [
        (
            "passing",
            "The shop was moved last year. Its translations are in good order.",
        ),
        (
            "link",
            "It must be sorted, see https://x.example/translations/list",
        ),
        ("log", "The list must be sorted.\n[ERROR] translation 7"),
        (
            "code",
            "The list must be sorted.\n```\nloadTranslation()\ntranslation\n```",
        ),
        ("file", "The list in translation.js must be sorted"),
        ("name", "The TranslationService must sort the list"),
        (
            "aside",
            "The list must be sorted (as the page of translations was last week)",
        ),
        (
            "aside sentence",
            "By the way, the translation must be paid for.",
        ),
        (
            "note",
            "The list must be sorted.\n\nNotes:\n- The translation must be paid for",
        ),
        (
            "signature",
            "The list must be sorted.\n\nRegards,\nThe team of translation must rest",
        ),
        (
            "quotation",
            "The list must be sorted.\n> the translation must be right",
        ),
        (
            "unchanged",
            "The list must be sorted, no change to translations",
        ),
        ("denied", "The list must be sorted without translations"),
        (
            "out of scope",
            "The list must be sorted.\n\n# Out of scope\n- Translations must be complete",
        ),
    ] {
        let found = ids(&draft("Story", "Sort the list", description));
        assert!(!found.contains(&"missing-translation"), "{what}: {found:?}");
    }
}

#[test]
fn a_defect_says_what_goes_wrong() {
    let description = "We use three translations.\nThe translation is not loaded after an update.";
    let found = fired(&draft("Bug", "Texts are in English", description));
    let (id, said) = &found[0];
    assert_eq!(
        (*id, said.kind),
        ("missing-translation", SentenceKind::Sentence)
    );
    assert_eq!(
        FiredBy::Fired(said.clone()).reason(),
        "\"translation\" in a sentence: \"The translation is not loaded after an update.\""
    );
    let steps =
        "Steps to reproduce:\n1. Rotate the phone\n\nExpected result: no results are lost offline";
    let found = ids(&draft("Bug", "Filter is lost", steps));
    assert!(
        found.contains(&"rotation-midway") && found.contains(&"network-lost-midway"),
        "{found:?}"
    );
    assert_eq!(
        ids(&draft("Bug", "No results are shown", "")),
        ["empty-collection"]
    );
}

#[test]
fn words_that_mean_several_things_need_a_second_one() {
    for (sentence, fires, never) in [
        (
            "Read-only users cannot save",
            "direct-url-without-right",
            "disk-full-read-only",
        ),
        (
            "A read-only folder is chosen",
            "disk-full-read-only",
            "direct-url-without-right",
        ),
        (
            "The disk must have enough space",
            "disk-full-read-only",
            "low-memory",
        ),
        (
            "The dark theme must be kept",
            "dark-mode",
            "missing-translation",
        ),
    ] {
        let found = ids(&draft("Story", sentence, ""));
        assert!(
            found.contains(&fires) && !found.contains(&never),
            "{sentence}: {found:?}"
        );
    }
    for sentence in [
        "The disk icon is blue",
        "The read-only flag moves to the left",
        "The theme of the talk is shown",
        "The keyboard shortcut is listed",
        "The organization of the page is better",
        "Dependency injection is used",
        "It takes too long",
        "The Java annotation is listed",
    ] {
        assert!(ids(&draft("Story", sentence, "")).is_empty(), "{sentence}");
    }
}

#[test]
fn a_long_sentence_is_quoted_in_part() {
    let long = format!("The translation is lost {}", "and lost ".repeat(40));
    let found = fired(&draft("Bug", &long, ""));
    let reason = FiredBy::Fired(found[0].1.clone()).reason();
    assert!(
        reason.chars().count() < LONGEST_QUOTE + 60 && reason.ends_with("…\""),
        "{reason}"
    );
}
