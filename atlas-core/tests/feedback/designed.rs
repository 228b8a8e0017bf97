//! Tests that are designed from a ticket's own sentences: which are shown, and what answers teach.

use atlas_core::Atlas;
use atlas_core::domain::{
    Feedback, FeedbackTarget, Prediction, Scenario, Step, StepsOrigin, TestPattern, Ticket,
};

use super::{key, open};

const STORY: &str = "Acceptance criteria:
- Saved cards are shown masked to the last four digits
- The CVV is asked again for every payment
- An expired card is shown greyed out and cannot be chosen
- A card can be removed

Out of scope: gift cards";

fn story(number: u32, components: &[&str]) -> Ticket {
    Ticket {
        ticket_type: "Story".to_owned(),
        description: Some(STORY.to_owned()),
        components: components.iter().map(ToString::to_string).collect(),
        ..Ticket::new(key(&format!("SHOP-{number}")), "Pay with a saved card")
    }
}

/// A database with the same story so many times, those of even number for another component.
fn stories(path: &std::path::Path, count: u32) -> Atlas {
    let atlas = open(path);
    let components = |number: u32| match number % 2 {
        0 => &["Wallet"],
        _ => &["Checkout"],
    };
    let tickets: Vec<Ticket> = (1..=count)
        .map(|number| story(number, components(number)))
        .collect();
    atlas.tickets().add(&tickets).unwrap();
    atlas
}

fn named<'a>(prediction: &'a Prediction, name: &str) -> Option<&'a Scenario> {
    let mut scenarios = prediction.scenarios.iter();
    scenarios.find(|scenario| scenario.name.contains(name))
}

#[test]
fn a_story_without_a_past_gets_a_test_for_each_criterion() {
    let atlas = Atlas::open_in_memory().unwrap();
    atlas.tickets().add(&[story(1, &[])]).unwrap();
    let prediction = atlas.predict("SHOP-1", 10).unwrap();
    let names: Vec<&str> = prediction
        .scenarios
        .iter()
        .map(|s| s.name.as_str())
        .collect();
    let criteria = [
        "Saved cards are shown masked to the last four digits",
        "The CVV is asked again for every payment",
        "An expired card is shown greyed out and cannot be chosen",
        "A card can be removed",
    ];
    assert_eq!(names[..4], criteria);
    assert!(
        names
            .iter()
            .all(|name| !name.to_lowercase().contains("gift"))
    );
    assert!(!names.contains(&"Check the acceptance criteria"));
    let first = &prediction.scenarios[0];
    assert_eq!(first.steps_origin, StepsOrigin::Designed);
    assert_eq!(first.reasons[0].rule.as_deref(), Some("criterion"));
    assert!(first.reasons[0].text.contains("1 of 4"));
    // With three asked for, three criteria go before any variant.
    let few = atlas.predict("SHOP-1", 3).unwrap();
    assert!(
        few.scenarios
            .iter()
            .all(|s| criteria.contains(&s.name.as_str()))
    );
    // What is predicted covers all that is stated.
    let gaps = atlas.gaps("SHOP-1", &[]).unwrap();
    assert!(
        gaps.criteria
            .iter()
            .all(|c| c.covered || few.scenarios.iter().all(|s| s.name != c.criterion))
    );
}

#[test]
fn a_pattern_of_the_users_own_stands_in_place_of_a_designed_test() {
    let folder = tempfile::tempdir().unwrap();
    let atlas = stories(&folder.path().join("work.db"), 1);
    let pattern = TestPattern {
        key: Some("T-7".to_owned()),
        steps: vec![
            Step::new("Save an expired card", "It is in the list"),
            Step::new(
                "Open the payment and try to choose the expired card",
                "It is shown greyed out and cannot be chosen",
            ),
        ],
        ..TestPattern::new("Expired card is greyed out and cannot be chosen", "Payment")
    };
    atlas.patterns().add_all(&[pattern]).unwrap();
    let prediction = atlas.predict("SHOP-1", 10).unwrap();
    assert!(
        named(&prediction, "An expired card is shown").is_none_or(|s| s.name.starts_with("Try"))
    );
    let own = prediction
        .scenarios
        .iter()
        .find(|scenario| scenario.pattern_key.as_deref() == Some("T-7"))
        .unwrap();
    let said = own.reasons.iter().map(|reason| reason.text.as_str());
    let said: Vec<&str> = said
        .filter(|text| text.starts_with("your library covers"))
        .collect();
    assert_eq!(said.len(), 1, "{:?}", own.reasons);
    assert!(
        said[0].contains("acceptance criterion 3 of 4"),
        "{}",
        said[0]
    );
    let sum: f32 = own.parts.iter().map(|part| part.value).sum();
    assert!((sum - own.confidence).abs() < 1e-3 && own.confidence > 70.0);
}

#[test]
fn what_is_refused_sinks_for_its_component_and_comes_back_when_that_is_undone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    let atlas = stories(&path, 14);
    let life_cycle = "while it is in use";
    let confidence = |key: &str| {
        let prediction = atlas.predict(key, 20).unwrap();
        let scenario = named(&prediction, life_cycle).unwrap();
        (scenario.confidence, scenario.prediction_id.unwrap())
    };
    let before = confidence("SHOP-13").0;
    let mut receipts = Vec::new();
    for number in (1..12).step_by(2) {
        let (_, row) = confidence(&format!("SHOP-{number}"));
        let target = FeedbackTarget::Scenario(row);
        receipts.push(atlas.feedback(target, &Feedback::rejected()).unwrap());
    }
    // The same test is predicted anew after an answer; a second answer to it counts no second time.
    let (_, row) = confidence("SHOP-1");
    let again = atlas.feedback(FeedbackTarget::Scenario(row), &Feedback::rejected());
    again.unwrap();
    let (checkout, wallet) = (confidence("SHOP-13").0, confidence("SHOP-14").0);
    assert!(
        checkout < wallet && wallet < before,
        "{checkout} {wallet} {before}"
    );
    let told = atlas.predict("SHOP-13", 20).unwrap();
    let reasons = &named(&told, life_cycle).unwrap().reasons;
    let said = "you kept 0 of 6 tests of the rule removed-elsewhere";
    assert!(
        reasons.iter().any(|reason| reason.text == said),
        "{reasons:?}"
    );
    // A ticket that is forgotten takes its answer along; the others are taken back.
    atlas.tickets().forget("SHOP-1").unwrap();
    assert!(confidence("SHOP-13").0 > checkout);
    for receipt in &receipts[1..] {
        atlas.undo(receipt.feedback_id).unwrap();
    }
    assert_eq!(confidence("SHOP-13").0, before);
}

#[test]
fn a_users_rule_of_design_is_heard() {
    let rules = "[[rule]]\nid = \"cvv\"\ntechnique = \"error guessing\"\nfact = \"words\"\nprobability = 0.9\nminutes = 3\n[rule.en]\nwords = [\"cvv\"]\nname = \"A wrong {word}\"\nsteps = [[\"Enter 000\", \"The payment is refused\"]]\n";
    let atlas = Atlas::builder()
        .design_rules(rules)
        .open_in_memory()
        .unwrap();
    atlas.tickets().add(&[story(1, &[])]).unwrap();
    let prediction = atlas.predict("SHOP-1", 10).unwrap();
    let own = named(&prediction, "A wrong CVV").unwrap();
    assert_eq!(own.reasons[0].rule.as_deref(), Some("cvv"));
    let wrong = Atlas::builder()
        .design_rules("[[rule]]\nid = 3")
        .open_in_memory();
    assert_eq!(wrong.err().unwrap().code(), "INVALID_VALUE");
}
