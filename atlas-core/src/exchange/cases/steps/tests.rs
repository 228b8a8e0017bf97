//! Cells as people write them.

use super::*;

fn steps_of(actions: &str, results: &str) -> Vec<(String, String)> {
    let results = (!results.is_empty()).then_some(results);
    pairs(of_cells(actions, results, None, results.is_some()))
}

fn pairs(steps: Vec<Step>) -> Vec<(String, String)> {
    let pair = |step: Step| (step.action, step.expected.unwrap_or_default());
    steps.into_iter().map(pair).collect()
}

fn check(actions: &str, results: &str, expected: &[(&str, &str)]) {
    let found = steps_of(actions, results);
    let found: Vec<(&str, &str)> = found
        .iter()
        .map(|(a, e)| (a.as_str(), e.as_str()))
        .collect();
    assert_eq!(found, expected, "{actions:?} {results:?}");
}

#[test]
fn lists_of_every_form_are_steps() {
    let two = [("Open", ""), ("Submit", "")];
    for text in [
        "1. Open\n2. Submit",
        "1) Open\r\n\r\n2) Submit\r\n",
        "(1) Open\n(2) Submit",
        "1.Open\n2.Submit",
        "1 - Open\n2 - Submit",
        "1: Open\n2: Submit",
        "[1] Open\n[2] Submit",
        "1、Open\n2、Submit",
        "1. Open\n1. Submit",
        "1. Open\n3. Submit",
        "1. Open 2. Submit",
        "1. \"Open\"\n2. \"Submit\"",
        "Step 1: Open\nStep 2: Submit",
        "Step 1\nOpen\nStep 2\nSubmit",
        "Step 1: Open Step 2: Submit",
        "Schritt 1: Open\nSchritt 2: Submit",
        "STEP 1 - Open\nSTEP 2 - Submit",
        "Steps:\n- Open\n- Submit",
        "• Open\n• Submit",
        "* Open\n* Submit",
        "- [ ] Open\n- [x] Submit",
        "Action: Open\nAction: Submit",
        "Open\nSubmit",
        "Open<br>Submit",
        "<ol><li>Open</li><li>Submit</li></ol>",
        "<ul>\n<li>Open</li>\n<li>Submit</li>\n</ul>",
        "<p>Open</p><p>Submit</p>",
        "<p>1. Open</p><p>2. Submit</p>",
        "<div>Open</div><div>Submit</div>",
    ] {
        check(text, "", &two);
    }
}

#[test]
fn what_is_no_list_keeps_its_numbers() {
    for text in [
        "3.5 mm jack is plugged in",
        "192.168.0.1 is pinged",
        "2. generation is chosen",
        "1.0.2 is installed",
        "10) items are bought",
        "2024. was a year",
        "007 is dialled",
        "4K is chosen",
        "- 5 °C is set",
        "-5 °C is set",
        "+ button is pressed",
    ] {
        check(text, text, &[(text, text)]);
        let lines = format!("Open\n{text}");
        if !text.starts_with("- ") {
            check(&lines, &lines, &[("Open", "Open"), (text, text)]);
        }
        check(
            &format!("1. Open\n2. {text}"),
            "",
            &[("Open", ""), (text, "")],
        );
    }
    check(
        "1. Open\n10) items\n2. Submit",
        "",
        &[("Open\n10) items", ""), ("Submit", "")],
    );
    check(
        "2. Open\n3. Submit",
        "",
        &[("2. Open", ""), ("3. Submit", "")],
    );
}

#[test]
fn what_goes_on_belongs_to_its_item() {
    check(
        "1. Open\n   and wait\n2. Type:\n   - a\n   1. b\n   2. c\n1.1 d\na) e\n3. Submit\nit",
        "1. A form\nand more\n3. Home",
        &[
            ("Open\n   and wait", "A form\nand more"),
            ("Type:\n   - a\n   1. b\n   2. c\n1.1 d\na) e", ""),
            ("Submit\nit", "Home"),
        ],
    );
    check(
        "Open\n- as admin\n- as user\nSubmit",
        "",
        &[("Open\n- as admin\n- as user", ""), ("Submit", "")],
    );
    check(
        "- Open\n  - a\nand b\n- Submit",
        "",
        &[("Open\n  - a\nand b", ""), ("Submit", "")],
    );
    check(
        "As admin:\n1. Open\n2. Submit",
        "1. A\n2. B",
        &[("As admin:\nOpen", "A"), ("Submit", "B")],
    );
    check(
        "1. Run\n```\n2. no item\n```\n2. Look",
        "",
        &[("Run\n```\n2. no item\n```", ""), ("Look", "")],
    );
    check(
        "<ol><li>Type<ul><li>a</li></ul></li><li>Save</li></ol>",
        "",
        &[("Type\n  - a", ""), ("Save", "")],
    );
}

#[test]
fn no_result_gets_lost() {
    check(
        "1. Open\n2. Submit",
        "Form\nHome",
        &[("Open", "Form"), ("Submit", "Home")],
    );
    check(
        "1. Open\n2. Submit",
        "2. Home",
        &[("Open", ""), ("Submit", "Home")],
    );
    check(
        "1. Open\n2. Submit",
        "- Form\n- Home",
        &[("Open", "Form"), ("Submit", "Home")],
    );
    check(
        "1. Open\n2. Submit",
        "It is saved",
        &[("Open", ""), ("Submit", "It is saved")],
    );
    check(
        "1. Open\n2. Submit",
        "1. Form\n2. Home\n3. Mail",
        &[("Open", "Form"), ("Submit", "Home"), ("", "Mail")],
    );
    check(
        "1. Open\n2. Submit\n3. Look",
        "A\nB",
        &[("Open", ""), ("Submit", ""), ("Look", "A\nB")],
    );
    check(
        "1. Open\n2. Submit\n3. Look",
        "A\n\nC",
        &[("Open", "A"), ("Submit", ""), ("Look", "C")],
    );
    check(
        "Open and look",
        "1. A\n2. B",
        &[("Open and look", "1. A\n2. B")],
    );
    check(
        "Open\nSubmit",
        "1. A\n2. B",
        &[("Open", "A"), ("Submit", "B")],
    );
    check(
        "1. Open\n2. Submit",
        "Step 1: A\nStep 2: B",
        &[("Open", "A"), ("Submit", "B")],
    );
    check(
        "1. Open\n2. Submit",
        "A form\n2. Home",
        &[("Open", "A form"), ("Submit", "Home")],
    );
    check(
        "1. Open<br>2. Submit",
        "1. A form<br/>2. Home",
        &[("Open", "A form"), ("Submit", "Home")],
    );
    check("", "Home", &[("", "Home")]);
    let steps = of_cells("", None, Some("x"), true);
    assert_eq!(
        (steps[0].action.as_str(), steps[0].data.as_deref()),
        ("", Some("x"))
    );
    let steps = of_cells("1. Open\n2. Submit", None, Some("2. x"), true);
    assert_eq!(steps[1].data.as_deref(), Some("x"));
}

#[test]
fn a_place_for_results_wins_over_marks() {
    for text in [
        "Choose Format -> Font",
        "Pick a | b",
        "Run x => x + 1",
        "Say a => b",
    ] {
        check(text, "Fine", &[(text, "Fine")]);
        assert_eq!(
            pairs(of_cells(text, None, None, true)),
            [(text.to_owned(), String::new())]
        );
    }
    let split = |text: &str| pairs(of_text(text, false));
    let own = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs
            .iter()
            .map(|(a, e)| ((*a).to_owned(), (*e).to_owned()))
            .collect()
    };
    assert_eq!(
        split("1. Open\n2. Submit => Saved"),
        own(&[("Open", ""), ("Submit", "Saved")])
    );
    assert_eq!(
        split("Enter a value above the county's limit => The result changes at the limit"),
        own(&[(
            "Enter a value above the county's limit",
            "The result changes at the limit"
        )])
    );
    assert_eq!(
        split("Open -> A form\nSubmit -> it is saved"),
        own(&[("Open", "A form"), ("Submit", "it is saved")])
    );
    assert_eq!(
        split("Open | a form\nSubmit | it is saved"),
        own(&[("Open", "a form"), ("Submit", "it is saved")])
    );
    for text in [
        "Run x => x + 1",
        "Run (a, b) => a",
        "Run () => {}",
        "Choose File -> Export",
        "Press \"a => b\"",
        "a => b => c",
        "Type a | b",
    ] {
        assert_eq!(split(text), own(&[(text, "")]));
    }
    assert_eq!(
        split("Choose File -> Export\nChoose Edit -> Paste"),
        own(&[("Choose File -> Export", ""), ("Choose Edit -> Paste", "")])
    );
}

#[test]
fn labels_say_what_is_expected() {
    let two = [("Open", "A form"), ("Submit", "Home")];
    for text in [
        "Step 1: Open\nExpected: A form\nStep 2: Submit\nExpected: Home",
        "Step 1: Open Expected: A form\nStep 2: Submit Expected: Home",
        "Step 1: Open. Expected result: A form Step 2: Submit. Expected result: Home",
        "1. Open\nExpected Result:\nA form\n2. Submit\nExpected Result:\nHome",
        "Action: Open\nExpected result: A form\n\nAction: Submit\nExpected result: Home",
        "Step 1\nAction: Open\nExpected: A form\nStep 2\nAction: Submit\nExpected: Home",
        "Open\nExpected: A form\nSubmit\nExpected: Home",
        "Schritt 1: Open\nErwartetes Ergebnis: A form\nSchritt 2: Submit\nErwartet: Home",
        "1. Open (Expected: A form)\n2. Submit (Expected: Home)",
    ] {
        let found = steps_of(text, "");
        let found: Vec<(&str, &str)> = found
            .iter()
            .map(|(a, e)| (a.trim_end_matches('.'), e.as_str()))
            .collect();
        assert_eq!(found, two, "{text}");
    }
    check(
        "Check that \"Expected: x\" is shown",
        "",
        &[("Check that \"Expected: x\" is shown", "")],
    );
    check(
        "Press the expected: button",
        "",
        &[("Press the expected: button", "")],
    );
    assert!(scenario("Given a user\nWhen I press\nThen it is gone").is_some());
    assert!(scenario("Given names are typed").is_none());
}

#[test]
fn rows_lose_their_numbers_only_together() {
    let rows = |texts: &[&str]| -> Vec<String> {
        let mut steps: Vec<Step> = texts.iter().map(|text| Step::new(*text, "")).collect();
        without_row_numbers(&mut steps, 1);
        steps.into_iter().map(|step| step.action).collect()
    };
    assert_eq!(rows(&["1. Open", "2. Submit"]), ["Open", "Submit"]);
    assert_eq!(rows(&["1. Open", "", "3) Submit"]), ["Open", "", "Submit"]);
    assert_eq!(rows(&["1. Open"]), ["Open"]);
    assert_eq!(
        rows(&["Step 1: Open", "Step 2: Submit"]),
        ["Open", "Submit"]
    );
    for kept in [
        &["1. Open", "2.5 mm"][..],
        &["2. Open", "3. Submit"],
        &["1. a\n2. b", "2. c"],
    ] {
        assert_eq!(rows(kept), kept);
    }
    let mut one = of_cells("1. Open", Some("1. A form\n2. More"), None, true);
    without_row_numbers(&mut one, 1);
    assert_eq!(one, [Step::new("Open", "1. A form\n2. More")]);
}

#[test]
fn json_and_azure_in_cells_are_steps() {
    let json = r#"[{"id":1,"fields":{"Action":"Open","Data":"x","Expected Result":"A form"}},
        {"step":{"raw":"Submit"},"result":{"raw":"Home"}},{"testCaseKey":"PAY-T9"}]"#;
    let steps = of_cells(json, None, None, true);
    assert_eq!(steps[0].data.as_deref(), Some("x"));
    let expected = [
        ("Open", "A form"),
        ("Submit", "Home"),
        ("Call to Test PAY-T9", ""),
    ];
    assert_eq!(
        pairs(steps),
        expected.map(|(a, e)| (a.to_owned(), e.to_owned()))
    );
    let azure = "<steps id=\"0\" last=\"3\"><step id=\"2\" type=\"ActionStep\"><parameterizedString isformatted=\"true\">&lt;DIV&gt;&lt;P&gt;Open &lt;B&gt;it&lt;/B&gt;&lt;/P&gt;&lt;/DIV&gt;</parameterizedString><parameterizedString isformatted=\"true\"/><description/></step><compref id=\"3\" ref=\"77\"><step id=\"4\" type=\"ValidateStep\"><parameterizedString>Submit</parameterizedString><parameterizedString>Home</parameterizedString></step></compref></steps>";
    let expected = [("Open it", ""), ("Shared steps 77", ""), ("Submit", "Home")];
    assert_eq!(
        steps_of(azure, ""),
        expected.map(|(a, e)| (a.to_owned(), e.to_owned()))
    );
}

#[test]
fn written_cells_come_back() {
    let items = ["Open \"A\"\n2. not a step", "", "Save", "\"quoted\""];
    let read = list::read(&numbered(&items));
    let back: Vec<&str> = read.items.iter().map(|item| item.text.as_str()).collect();
    assert_eq!(back, items);
}

#[test]
fn hostile_cells_are_read_to_their_end() {
    for piece in [
        "1. a\n",
        "2. \"\n",
        "1. \"\"\"\n",
        "\"Expected: ",
        "Expected: a ",
        "1. A 2. B ",
        "Step 1: ",
        "- a\n",
        "```\n",
        "=> ",
        "(a a => a ",
        " -> A\n",
        "<br>",
        "<p>",
        "<li>a\n",
        "<b>`",
        "| a\n",
        "  a\n",
        "[",
        "<steps>",
    ] {
        let text = piece.repeat(50_000 / piece.len());
        // A reader whose time grew with the square of this would not come to the end.
        let _ = of_cells(&text, Some(&text), Some(&text), false);
        let _ = of_text(&text, false);
    }
}
