//! Feature files: everything that Gherkin's grammar allows.

use atlas_core::domain::{Step, TestImport};
use atlas_core::exchange::cases::{self, TestCase};

use crate::file;

fn cases(text: &str) -> Vec<Result<TestCase, String>> {
    let (_folder, path) = file("checkout.feature", text);
    let file = cases::read(&path, &TestImport::default()).expect("a feature file");
    file.entries.into_iter().map(|entry| entry.value).collect()
}

fn only(text: &str) -> TestCase {
    let mut all = cases(text);
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0).expect("a test case")
}

fn step(action: &str, expected: &str, data: &str) -> Step {
    let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Step {
        action: action.to_owned(),
        expected: filled(expected),
        data: filled(data),
    }
}

#[test]
fn a_state_between_two_actions_keeps_its_mark() {
    let case = only(
        "Feature: Basket\n Scenario: Locked\n  Given a full basket\n  When I pay\n  Then it is paid\n  \
         Given the card is locked\n  And the shop is closed\n  When I pay\n  Then I see why\n",
    );
    assert_eq!(case.pattern.precondition.as_deref(), Some("a full basket"));
    let expected = [
        step("I pay", "it is paid", ""),
        step("Given the card is locked", "", ""),
        step("Given the shop is closed", "", ""),
        step("I pay", "I see why", ""),
    ];
    assert_eq!(case.pattern.steps, expected);
    let german = only(
        "# language: de\nFunktionalität: Korb\n Szenario: Zu\n  Wenn ich zahle\n  Angenommen der Laden ist zu\n  Wenn ich zahle\n",
    );
    assert_eq!(
        german.pattern.steps[1].action,
        "Angenommen der Laden ist zu"
    );
}

#[test]
fn a_result_before_any_action_is_a_result() {
    let case = only(
        "Feature: F\n Scenario: S\n  Then the list is empty\n  And no error\n  When I add one\n",
    );
    let expected = [
        step("", "the list is empty\nno error", ""),
        step("I add one", "", ""),
    ];
    assert_eq!(case.pattern.steps, expected);
}

#[test]
fn tags_of_examples_count_and_each_table_has_its_own_header() {
    let case = only(
        "@CART-1\nFeature: Prices\n @smoke\n Scenario Outline: Sums\n  When I order <n> at <p>\n  \
         @TEST_CART-7 @CART-2\n  Examples: cheap\n   | n | p |\n   | 1 | 2 |\n\n  @CART-3 @nightly\n  \
         Examples: with tax\n   Only in the north.\n   | n | tax |\n   | 3 | 19 |\n",
    );
    assert_eq!(case.ids, ["CART-7"]);
    let tickets: Vec<&str> = case.tickets.iter().map(|key| key.as_str()).collect();
    assert_eq!(tickets, ["CART-1", "CART-2", "CART-3"]);
    assert_eq!(case.pattern.labels, ["smoke", "nightly"]);
    let data = case.pattern.steps[0].data.as_deref();
    assert_eq!(
        data,
        Some("Examples: cheap\nn | p\n1 | 2\n\nExamples: with tax\nn | tax\n3 | 19")
    );
}

#[test]
fn an_id_of_a_feature_is_that_of_its_only_scenario_and_never_lost() {
    let one = only("@TEST_CART-9\nFeature: F\n Scenario: S\n  When x\n");
    assert_eq!(one.ids, ["CART-9"]);
    let two = cases(
        "@TEST_CART-9\nFeature: F\n Scenario: S\n  When x\n @id:T4\n Scenario: T\n  When y\n",
    );
    let two: Vec<TestCase> = two.into_iter().map(Result::unwrap).collect();
    assert!(two[0].ids.is_empty());
    assert_eq!(two[0].pattern.labels, ["TEST_CART-9"]);
    assert_eq!(two[1].ids, ["T4"]);
}

#[test]
fn texts_in_quotes_say_what_they_said() {
    let case = only(
        "Feature: F\n Scenario: S\n  When I send\n   ```json\n   {\"a\": \"\\`\\`\\`\"}\n   \"\"\"\n   ```\n  \
         And I send\n   \"\"\"\n   \\\"\\\"\\\" and ``` and | x |\n     @tag\n   # no comment\n   \"\"\"\n",
    );
    assert_eq!(
        case.pattern.steps[0].data.as_deref(),
        Some("{\"a\": \"```\"}\n\"\"\"")
    );
    assert_eq!(
        case.pattern.steps[1].data.as_deref(),
        Some("\"\"\" and ``` and | x |\n  @tag\n# no comment")
    );
}

#[test]
fn cells_say_what_they_said() {
    let case = only(
        "Feature: F\n Scenario: S\n  When I see\n   | a \\| b | c\\nd | \\\\ | \\x |\n   |  |  y  |  | |\n",
    );
    assert_eq!(
        case.pattern.steps[0].data.as_deref(),
        Some("a | b | c\nd | \\ | \\x\n | y |  | ")
    );
}

#[test]
fn descriptions_may_look_like_anything() {
    let case = only(
        "Feature: F\n  Given that this is prose,\n  | not | a table |\n  ```\n  Background of it.\n\n Rule: R\n  \
         * a point\n\n  Scenario: S\n   As a user\n   | I | like bars |\n   Given a\n   When b\n",
    );
    assert_eq!(case.pattern.precondition.as_deref(), Some("a"));
    assert_eq!(
        case.pattern.objective.as_deref(),
        Some("As a user\n| I | like bars |")
    );
}

#[test]
fn what_belongs_to_nothing_is_told() {
    for (text, expected) in [
        (
            "Feature: F\n @left\n Background:\n  Given a\n Scenario: S\n  When x\n",
            "tags belong",
        ),
        (
            "Feature: F\n Scenario: S\n  When x\n @left\n",
            "tags belong",
        ),
        (
            "Feature: F\n Scenario Outline: S\n  When <x>\n  Examples:\n   | x |\n   | 1 |\n  Wen y\n",
            "no step",
        ),
    ] {
        let faults: Vec<String> = cases(text).into_iter().filter_map(Result::err).collect();
        assert!(
            faults.iter().any(|fault| fault.contains(expected)),
            "{text}: {faults:?}"
        );
    }
}

#[test]
fn windows_line_ends_and_tabs_change_nothing() {
    let text = "@CART-1\nFeature: F\n\tScenario Outline: S\n\t\tGiven a\n\t\tWhen <b>\n\t\tThen c\n\t\t@x\n\t\tExamples:\n\t\t\t| b |\n\t\t\t| 1 |\n";
    let plain = only(text);
    assert_eq!(only(&text.replace('\n', "\r\n")), plain);
    assert_eq!(only(&text.replace('\t', "    ")), plain);
    assert_eq!(only(&format!("\u{feff}{text}")), plain);
}

#[test]
fn gherkin_in_a_cell_needs_nothing_around_it() {
    let table = |cell: &str| {
        format!(
            "Test ID,Test Type,Summary,Gherkin Definition\n1,Cucumber,Pay,\"{}\"\n",
            cell.replace('"', "\"\"")
        )
    };
    for (cell, steps, given) in [
        (
            "When I pay\nThen a receipt",
            vec![step("I pay", "a receipt", "")],
            None,
        ),
        (
            "Scenario: Pay\nGiven a cart\nWhen I pay\nThen a receipt",
            vec![step("I pay", "a receipt", "")],
            Some("a cart"),
        ),
        (
            "@CART-1\nScenario Outline: X\nWhen <b>\nThen c\nExamples:\n|b|\n|1|",
            vec![step("<b>", "c", "b\n1")],
            None,
        ),
        (
            "Background:\nGiven bg\nScenario: X\nWhen b\nThen c",
            vec![step("b", "c", "")],
            Some("bg"),
        ),
        (
            "Angenommen ein Korb\nWenn ich zahle\nDann ein Beleg",
            vec![step("ich zahle", "ein Beleg", "")],
            Some("ein Korb"),
        ),
        (
            "# language: fr\nQuand je paie\nAlors un reçu",
            vec![step("je paie", "un reçu", "")],
            None,
        ),
        (
            "Scenario: A\nWhen a\nThen b\nScenario: B\nGiven c\nWhen d",
            vec![
                step("a", "b", ""),
                step("Given c", "", ""),
                step("d", "", ""),
            ],
            None,
        ),
        (
            "just text\nand more",
            vec![step("just text", "", ""), step("and more", "", "")],
            None,
        ),
    ] {
        let case = only_of(&table(cell));
        assert_eq!(case.pattern.steps, steps, "{cell}");
        assert_eq!(case.pattern.precondition.as_deref(), given, "{cell}");
    }
}

fn only_of(table: &str) -> TestCase {
    let (_folder, path) = file("cells.csv", table);
    let mut file = cases::read(&path, &TestImport::default()).expect("a table");
    assert_eq!(file.entries.len(), 1, "{table}");
    file.entries.remove(0).value.expect("a test case")
}

#[test]
fn a_table_of_a_step_and_its_examples_are_two() {
    let case = only(
        "Feature: F\n Scenario Outline: S\n  When table\n   | h |\n   | <x> |\n  Examples:\n   | x |\n   | 1 |\n",
    );
    let data = case.pattern.steps[0].data.as_deref();
    assert_eq!(data, Some("h\n<x>\n\nExamples:\nx\n1"));
}
