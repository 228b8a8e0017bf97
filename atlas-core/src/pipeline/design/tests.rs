//! Whole tickets: every criterion is tested, nothing out of scope is, and nothing breaks.

use proptest::prelude::*;
use serde::Deserialize;

use super::*;
use crate::pipeline::ScenarioRef;
use crate::text::steps::criteria as stated;

#[derive(Deserialize)]
struct Story {
    summary: String,
    description: String,
    criteria: usize,
}

#[derive(Deserialize)]
struct Stories {
    story: Vec<Story>,
}

const NO_TASTE: Taste<'_> = Taste {
    kept: None,
    components: Vec::new(),
};

fn stories() -> Vec<Story> {
    let stories: Stories = toml::from_str(include_str!("stories.toml")).unwrap();
    stories.story
}

fn designed(
    rules: &DesignRules,
    summary: &str,
    description: &str,
) -> Vec<(OwnScenario, Candidate)> {
    let draft = Draft {
        description: Some(description.to_owned()),
        ..Draft::new(summary)
    };
    let mut found = scenarios(rules, &draft, &NO_TASTE);
    found.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    let own = |candidate: Candidate| match candidate.scenario.clone() {
        ScenarioRef::Own(own) => (own, candidate),
        ScenarioRef::Pattern(id) => panic!("the pattern {id} was named"),
    };
    found.into_iter().map(own).collect()
}

#[test]
fn every_criterion_has_a_scenario_of_its_own_among_the_first_ten() {
    let rules = DesignRules::new(&[]).unwrap();
    let stories = stories();
    assert!(stories.len() >= 30);
    for story in stories {
        let found = designed(&rules, &story.summary, &story.description);
        let stated = stated(&story.summary, &story.description).unwrap().items;
        assert_eq!(
            stated.len(),
            story.criteria,
            "{}: {stated:#?}",
            story.summary
        );
        for (criterion, (scenario, candidate)) in stated.iter().zip(&found) {
            let reason = &candidate.reasons[0].text;
            assert!(reason.contains(criterion), "{criterion}: {reason}");
            assert!(!scenario.steps.is_empty(), "{criterion}");
            let told = scenario.steps.last().unwrap().expected.as_deref();
            assert!(told.is_some_and(|told| !told.is_empty()), "{criterion}");
        }
        assert!(found.len() >= stated.len() && stated.len() <= 10);
    }
}

#[test]
fn nothing_that_is_out_of_scope_is_tested() {
    let rules = DesignRules::new(&[]).unwrap();
    let excluded = [
        "gift card",
        "Scheduled",
        "transport",
        "Foreign",
        "cloud",
        "factur",
    ];
    for story in stories() {
        for (scenario, _) in designed(&rules, &story.summary, &story.description) {
            for word in excluded {
                assert!(!scenario.name.contains(word), "{}", scenario.name);
            }
        }
    }
}

#[test]
fn a_story_without_a_past_gets_tests_and_no_heading() {
    let rules = DesignRules::new(&[]).unwrap();
    let story = &stories()[0];
    let found = designed(&rules, &story.summary, &story.description);
    let names: Vec<&str> = found.iter().map(|(own, _)| own.name.as_str()).collect();
    for name in [
        "An expired card is shown greyed out and cannot be chosen",
        "Exact count \"last four digits\": 4, then 3, 5 digits",
        "Remove the card while it is in use, then remove the last one",
        "Try to get around it: An expired card is shown greyed out and cannot be chosen",
        "Access by anyone except a logged-in customer: Pay with a saved card",
    ] {
        assert!(names.contains(&name), "{name}: {names:#?}");
    }
    let rule = |own: &OwnScenario| own.name.contains("Remove the card");
    let (_, candidate) = found.iter().find(|(own, _)| rule(own)).unwrap();
    let reason = &candidate.reasons[0].text;
    assert!(
        reason.starts_with("life cycle testing of \"remove card\""),
        "{reason}"
    );
    assert!(reason.contains("acceptance criterion 4 of 4: \"A card can be removed\""));
}

#[test]
fn talk_among_people_is_no_duty_of_the_product() {
    let rules = DesignRules::new(&[]).unwrap();
    let text = "Items should be sorted. We should talk about trading later.";
    let found = designed(&rules, "Inventory", text);
    assert!(found.iter().all(|(own, _)| !own.name.contains("trading")));
    assert_eq!(found[0].0.name, "Items should be sorted");
    let german = "Die Liste muss sortiert sein. Hinweis: das muss noch bleiben. Wir sollten das ändern. Das muss auf dem Gerät getestet werden.";
    let found = designed(&rules, "Liste sortieren", german);
    let own = found
        .iter()
        .filter(|(_, c)| c.reasons[0].rule.as_deref() == Some("duty"));
    assert_eq!(own.count(), 1, "{found:#?}");
    for other in [
        "**Note** This must be tested on a device.",
        "Note: the old list must stay for now.",
        "The following should be printed to the log:",
        "Internally it should be architected to",
        "This is an idea that should be discussed.",
    ] {
        let text = format!("Items should be sorted.\n\n{other}");
        let found = designed(&rules, "Inventory", &text);
        let own = found
            .iter()
            .filter(|(_, c)| c.reasons[0].rule.as_deref() == Some("duty"));
        assert_eq!(own.count(), 1, "{other}: {found:#?}");
    }
}

#[test]
fn the_meaning_of_a_condition_is_kept() {
    let rules = DesignRules::new(&[]).unwrap();
    let text = "AC:\n- The banner is not shown unless the trial has expired\n- If the name is empty, Save is not enabled";
    let found = designed(&rules, "Trial", text);
    let other = found
        .iter()
        .find(|(own, _)| own.name.contains("the name is empty\""));
    let (own, _) = other.unwrap();
    // Both parts stand in the ticket's words; neither is turned round.
    assert!(own.steps[0].action.ends_with("the name is empty"));
    assert_eq!(
        own.steps[0].expected.as_deref(),
        Some("This outcome does not occur: \"Save is not enabled\"")
    );
}

#[test]
fn a_defect_gets_what_lies_near_it_behind_its_reproduction() {
    let rules = DesignRules::new(&[]).unwrap();
    let draft = Draft {
        ticket_type: "Bug".to_owned(),
        ..Draft::new("Search fails with a trailing space in dark mode")
    };
    let found = scenarios(&rules, &draft, &NO_TASTE);
    assert!(!found.is_empty());
    assert!(found.iter().all(|candidate| candidate.confidence <= 0.3));
}

#[test]
fn equal_tickets_get_equal_tests() {
    let rules = DesignRules::new(&[]).unwrap();
    let again = DesignRules::new(&[]).unwrap();
    for story in stories() {
        assert_eq!(
            designed(&rules, &story.summary, &story.description),
            designed(&again, &story.summary, &story.description)
        );
    }
}

proptest! {
    #[test]
    fn no_text_breaks_it(
        summary in "\\PC{0,60}",
        lines in prop::collection::vec("(- |\\* |)(\\PC{0,50}|If the [a-z]{1,8} is (not )?[a-z]{1,8}, [a-z ]{1,20}|up to [0-9.,k%$]{1,9} [a-zé ]{1,12}|[A-Z]{1,4}, [a-z]{1,6} and [a-z]{1,6}|between [0-9]{1,3} and [0-9]{1,3} [a-z]{1,9})", 0..8),
    ) {
        let rules = DesignRules::new(&[]).unwrap();
        let text = format!("Acceptance criteria:\n{}", lines.join("\n"));
        for (own, candidate) in designed(&rules, &summary, &text) {
            prop_assert!((0.0..=1.0).contains(&candidate.confidence));
            prop_assert!(!own.name.is_empty() && !own.steps.is_empty());
        }
    }
}
