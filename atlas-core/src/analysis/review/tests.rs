//! The review, measured on invented tickets with planted faults and on sound ones.

use proptest::prelude::*;
use serde::Deserialize;

use super::*;

#[derive(Deserialize)]
struct Sample {
    field: String,
    #[serde(rename = "type")]
    ticket_type: String,
    summary: String,
    description: String,
    /// Codes, each with words that a quote of the finding holds.
    faults: Vec<(String, String)>,
}

#[derive(Deserialize)]
struct Samples {
    ticket: Vec<Sample>,
}

/// What was found in some tickets.
#[derive(Debug, Default)]
struct Measured {
    planted: usize,
    found: usize,
    sound: usize,
    blamed: usize,
    /// Findings in faulty tickets that were not planted.
    others: usize,
}

fn reviewed(sample: &Sample) -> Review {
    let draft = Draft {
        ticket_type: sample.ticket_type.clone(),
        ..Draft::new(sample.summary.as_str()).description(sample.description.as_str())
    };
    review(&draft).unwrap()
}

fn measured(text: &str) -> Measured {
    let samples: Samples = toml::from_str(text).unwrap();
    let mut measured = Measured::default();
    for sample in &samples.ticket {
        let findings = reviewed(sample).findings;
        let is_of = |finding: &Finding, (code, words): &(String, String)| {
            finding.code == *code
                && finding
                    .quotes
                    .iter()
                    .any(|q| q.text.contains(words.as_str()))
        };
        let name = format!("{} ({})", sample.summary, sample.field);
        for fault in &sample.faults {
            let is_found = findings.iter().any(|finding| is_of(finding, fault));
            measured.planted += 1;
            measured.found += usize::from(is_found);
            if !is_found {
                println!("not found: {fault:?} in {name}");
            }
        }
        for finding in &findings {
            if !sample.faults.iter().any(|fault| is_of(finding, fault)) {
                measured.others += 1;
                println!(
                    "not planted: {} {:?} in {name}",
                    finding.code, finding.quotes[0].text
                );
            }
        }
        if sample.faults.is_empty() {
            measured.sound += 1;
            measured.blamed += usize::from(!findings.is_empty());
        }
    }
    println!("{measured:?}");
    measured
}

#[test]
fn planted_faults_are_found_and_sound_tickets_are_not_blamed() {
    let measured = measured(include_str!("tickets.toml"));
    assert!(measured.sound == 60 && measured.planted >= 120);
    assert!(measured.found * 10 >= measured.planted * 8, "{measured:?}");
    assert!(measured.blamed * 10 <= measured.sound, "{measured:?}");
}

#[test]
fn the_same_holds_for_tickets_that_the_rules_were_not_made_on() {
    let measured = measured(include_str!("held_out.toml"));
    assert!(measured.sound == 20 && measured.planted >= 40);
    assert!(measured.found * 10 >= measured.planted * 8, "{measured:?}");
    assert!(measured.blamed * 10 <= measured.sound, "{measured:?}");
}

fn codes(review: &Review) -> Vec<&str> {
    review.findings.iter().map(|f| f.code.as_str()).collect()
}

fn of_story(description: &str) -> Review {
    let draft = Draft {
        ticket_type: "Story".to_owned(),
        ..Draft::new("Export").description(description)
    };
    review(&draft).unwrap()
}

#[test]
fn what_is_out_of_scope_is_never_blamed() {
    let text = "Acceptance criteria:\n- A list is exported\n\n# Out of scope\n- It must be fast, etc.\n- Large files are refused\n- See the mockup\n- TBD";
    assert!(of_story(text).findings.is_empty(), "{:?}", of_story(text));
    let inside = text.replace("# Out of scope\n", "");
    assert!(of_story(&inside).findings.len() >= 4);
}

#[test]
fn places_are_told_and_the_most_important_goes_first() {
    let review = of_story(
        "As a clerk I want a list.\n\nAcceptance criteria:\n1. It is sorted\n2. The list is fast\n3. Old files are hidden\n\nSee the mockup.",
    );
    let shown: Vec<(&str, TicketPart, Option<usize>)> = review
        .findings
        .iter()
        .map(|f| (f.code.as_str(), f.quotes[0].part, f.quotes[0].number))
        .collect();
    assert_eq!(
        shown,
        [
            ("limit-without-number", TicketPart::Criterion, Some(3)),
            ("missing-reference", TicketPart::Description, Some(8)),
            ("vague-quality", TicketPart::Criterion, Some(2)),
            ("pronoun", TicketPart::Criterion, Some(1)),
        ]
    );
    assert!(review.findings[2].question.contains("\"fast\""));
    let missing = of_story("I would like a list.");
    let summary = &missing.findings[0].quotes[0];
    assert_eq!(
        (summary.text.as_str(), summary.part),
        ("Export", TicketPart::Summary)
    );
}

#[test]
fn at_most_twenty_findings_are_told_and_the_others_counted() {
    let items: String = (0..30)
        .map(|n| format!("- Part {n} is fast, nice etc.\n"))
        .collect();
    let review = of_story(&format!("Acceptance criteria:\n{items}"));
    assert_eq!(review.findings.len(), MOST_FINDINGS);
    assert_eq!(review.left_out, 40);
}

#[test]
fn a_text_in_another_language_gets_what_needs_no_words() {
    let dutch = "Als klant wil ik mijn bestelling volgen zodat ik weet wanneer hij komt.\n\n# Acceptatiecriteria\n- TBD\n\n# Notities\n";
    let review = of_story(dutch);
    assert_eq!(
        (codes(&review), &review.language),
        (vec!["placeholder", "empty-section"], &None)
    );
    assert!(review.notes[0].contains("does not know the words"));
    let japanese = of_story("請求書を検索できるようにしたい。");
    assert_eq!(codes(&japanese), ["no-criteria"]);
    assert!(codes(&of_story("# 受け入れ条件\n- 請求書を検索できる")).is_empty());
    let german = of_story(
        "Akzeptanzkriterien:\n- Die Liste ist schnell\n- Große Dateien werden nach einer Weile gelöscht",
    );
    assert_eq!(german.language.as_deref(), Some("de"));
    assert_eq!(codes(&german), ["limit-without-number", "vague-quality"]);
}

#[test]
fn what_the_product_says_is_no_fault() {
    for text in [
        "Acceptance criteria:\n- \"Only some are left, etc.\" is shown",
        "Acceptance criteria:\n- Files up to 10 MB are accepted\n- Large files are refused with \"Too big\"",
        "Acceptance criteria:\n- A card can be removed\n- A card cannot be removed while a payment is open",
        "Acceptance criteria:\n- A name has at least 2 letters\n- A name has at most 40 letters",
        "Acceptance criteria:\n- Basic users can upload up to 5 files\n- Premium users can upload up to 50 files",
        "Acceptance criteria:\n- See https://example.com/mockup for the mockup",
    ] {
        assert!(
            of_story(text).findings.is_empty(),
            "{text}: {:?}",
            of_story(text)
        );
    }
}

#[test]
fn only_the_beginning_of_a_long_text_is_read() {
    let long = format!(
        "Acceptance criteria:\n- A list is shown\n\n{}\n# Notes\n",
        "word ".repeat(READ_LIMIT)
    );
    let review = of_story(&long);
    assert!(
        review.notes.iter().any(|note| note.contains("20000")),
        "{review:?}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_text_is_reviewed(
        summary in "\\PC{0,60}",
        text in "([-#*>1. ]{0,3}(if|the|user|cannot|must|be|fast|too|see|mockup|attached|error|is|rejected|at most|5|TBD|[a-z]{1,6}|\\PC)[ ,.:\\n]{1,2}){0,60}",
    ) {
        for ticket_type in ["", "Bug", "Story"] {
            let draft = Draft {
                ticket_type: ticket_type.to_owned(),
                ..Draft::new(summary.as_str()).description(text.as_str())
            };
            let first = review(&draft).unwrap();
            prop_assert!(first.findings.len() <= MOST_FINDINGS);
            prop_assert!(first.findings.iter().all(|f| !f.quotes.is_empty()));
            prop_assert_eq!(&review(&draft).unwrap(), &first);
        }
    }
}
