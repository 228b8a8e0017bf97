//! What other tools export, as test cases.

use std::io::Write;

use atlas_core::domain::{TestFormat, TestImport, silent};
use atlas_core::exchange::cases;

use super::{Folder, cases_of, counts, empty, import, read, reasons, step};

#[test]
fn testrail_tables_have_steps_in_rows_or_in_a_cell() {
    let rows = "\"ID\",\"Title\",\"Estimate\",\"Preconditions\",\"References\",\"Section\",\"Steps (Step)\",\"Steps (Expected Result)\",\"Type\"\r\n\
        C7,Log in,1m 45s,A user,\"WRKA-7, WRKA-8\",Login,Open the page,A form,Functional\r\n\
        ,,,,,,\"Type\n\"\"x\"\"\",,\r\n\
        C8,Log out,,,,Login,Press,Gone,Functional\r\n";
    let cases = cases_of("cases.csv", rows);
    assert_eq!(cases.len(), 2);
    let first = &cases[0].pattern;
    assert_eq!(cases[0].ids, ["C7"]);
    assert_eq!(cases[0].tickets[1].as_str(), "WRKA-8");
    assert_eq!(
        (first.pattern_type.as_str(), first.avg_time_minutes),
        ("Login", Some(2))
    );
    assert_eq!(first.precondition.as_deref(), Some("A user"));
    assert_eq!(first.steps[1], step("Type\n\"x\"", "", ""));
    let cell = "ID,Title,Section Hierarchy,Steps,Expected Result\nC7,Log in,A > Login,\"1. Open\n2. Submit\nit\",\"2. Done\"\n";
    let case = &cases_of("cases.csv", cell)[0];
    assert_eq!(
        case.pattern.steps,
        [step("Open", "", ""), step("Submit\nit", "Done", "")]
    );
}

#[test]
fn testrail_xml_is_a_tree_of_sections() {
    let xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<suite><id>S1</id><name>All</name><sections>\n\
        <section><name>Login</name><sections><section><name>Password</name><cases>\n\
        <case><id>C7</id><title>Log &amp; in</title><estimate>30s</estimate><references>WRKA-7</references>\n\
        <custom><preconds>A user</preconds><steps_separated><step><index>1</index><content><![CDATA[Open <b>]]></content>\n\
        <expected>A form</expected></step></steps_separated></custom></case>\n\
        <case><id>C8</id></case>\n</cases></section></sections></section></sections></suite>";
    let file = read("suite.xml", xml);
    assert_eq!(file.format, TestFormat::TestrailXml);
    let case = file.entries[0].value.as_ref().unwrap();
    assert_eq!(
        (
            case.pattern.name.as_str(),
            case.pattern.pattern_type.as_str()
        ),
        ("Log & in", "Password")
    );
    assert_eq!(case.pattern.steps, [step("Open <b>", "A form", "")]);
    assert_eq!(file.entries[1].line, 7);
    assert_eq!(
        file.entries[1].value.as_ref().unwrap_err(),
        "the test case has no <title>"
    );
}

#[test]
fn xray_groups_rows_by_their_number() {
    let table = "Test ID;Issue Key;Test Type;Summary;Test Repo;Labels;Action;Data;Expected Result\n\
        1;WRKA-8;Manual;Log in;/Login;a,b;Open;;A form\n1;;;;;;Submit;x;Done\n2;;Manual;Log in;/Login;;Open;;\n";
    let cases = cases_of("xray.csv", table);
    assert_eq!(cases.len(), 2);
    assert_eq!(cases[0].ids, ["WRKA-8"]);
    assert_eq!(cases[0].pattern.labels, ["a", "b"]);
    assert_eq!(cases[0].pattern.steps[1], step("Submit", "Done", "x"));
    assert_eq!(cases[1].ids, [""; 0]);
    let cloud = r#"[{"testtype":"Manual","fields":{"summary":"Log in","project":{"key":"WRKA"},"labels":["a"]},
        "steps":[{"action":"Open","data":"x","result":"A form"}],"xray_test_repository_folder":"/Login"},
        {"testtype":"Cucumber","fields":{"summary":"Log out"},"gherkin_def":"Given a user\nWhen I log out\nThen I am out"},
        {"testtype":"Manual","fields":{}}]"#;
    let file = read("tests.json", cloud);
    assert_eq!(file.format, TestFormat::XrayCloud);
    let case = |place: usize| file.entries[place].value.clone().unwrap();
    assert_eq!(case(0).pattern.steps, [step("Open", "A form", "x")]);
    assert_eq!(case(1).pattern.precondition.as_deref(), Some("a user"));
    assert_eq!(case(1).pattern.steps, [step("I log out", "I am out", "")]);
    assert!(
        file.entries[2]
            .value
            .as_ref()
            .unwrap_err()
            .contains("summary")
    );
    let dc = r#"{"info":{"summary":"x"},"tests":[{"testKey":"WRKA-9","testInfo":{"summary":"Log in",
        "requirementKeys":["WRKA-7"],"steps":[{"action":"Open"}]},"status":"TODO"},{"testKey":"WRKA-1","status":"PASS"}]}"#;
    let file = read("tests.json", dc);
    assert_eq!(file.format, TestFormat::XrayDc);
    let case = file.entries[0].value.as_ref().unwrap();
    assert_eq!(
        (case.ids[0].as_str(), case.tickets[0].as_str()),
        ("WRKA-9", "WRKA-7")
    );
    assert!(
        file.entries[1]
            .value
            .as_ref()
            .unwrap_err()
            .contains("as results")
    );
}

#[test]
fn zephyr_writes_html_and_three_kinds_of_scripts() {
    let json = r#"[{"key":"WRKA-T7","name":"Log in","folder":"/Web/Login","status":{"name":"Deprecated"},
        "objective":"<p>See <b>it</b></p>","estimatedTime":90000,"labels":["a"],"issueLinks":["WRKA-7"],
        "testScript":{"type":"STEP_BY_STEP","steps":[{"description":"Open<br />it","testData":"1 &lt; 2","expectedResult":""}]}},
        {"name":"Log out","testScript":{"type":"BDD","text":"When I log out\nThen I am out"}},
        {"name":"Look","testScript":{"type":"PLAIN_TEXT","text":"One<br>Two"}}]"#;
    let cases = cases_of("zephyr.json", json);
    let first = &cases[0].pattern;
    assert_eq!(
        (
            first.pattern_type.as_str(),
            first.avg_time_minutes,
            first.is_active
        ),
        ("Web/Login", Some(2), false)
    );
    assert!(first.objective.as_ref().unwrap().contains("See it"));
    assert_eq!(first.steps, [step("Open\nit", "", "1 < 2")]);
    assert_eq!(cases[1].pattern.steps, [step("I log out", "I am out", "")]);
    assert_eq!(cases[2].pattern.steps.len(), 2);
    let table = "Key,Name,Status,Folder,Coverage (Issues),Test Script (Step-by-Step) - Step,Test Script (Step-by-Step) - Test Data,Test Script (Step-by-Step) - Expected Result,Test Script (BDD)\n\
        WRKA-T7,Log in,Approved,/Login,WRKA-7,Open,x,A form,\n,,,,,Submit,,,\nWRKA-T8,Log out,,,,,,,When I log out\n";
    let cases = cases_of("zephyr.csv", table);
    assert_eq!(
        cases[0].pattern.steps,
        [step("Open", "A form", "x"), step("Submit", "", "")]
    );
    assert_eq!(cases[1].pattern.steps, [step("I log out", "", "")]);
}

#[test]
fn zephyr_comes_as_excel() {
    let case = &cases_of("zephyr.xlsx", excel())[0];
    assert_eq!(
        (case.ids[0].as_str(), case.pattern.name.as_str()),
        ("WRKA-T7", "Log in")
    );
    assert_eq!(
        case.pattern.steps,
        [step("Open", "A form", ""), step("Submit", "", "")]
    );
    assert_eq!(case.pattern.avg_time_minutes, Some(90));
    let folder = Folder::new();
    let path = folder.put("broken.xlsx", &excel()[..200]);
    let error = cases::read(&path, &TestImport::default()).unwrap_err();
    assert_eq!(error.code(), "UNKNOWN_FORMAT");
}

/// The smallest Excel file with a sheet of texts and a time of day.
fn excel() -> Vec<u8> {
    let heads = [
        "Key",
        "Name",
        "Estimated Time",
        "Test Script (Step-by-Step) - Step",
        "Test Script (Step-by-Step) - Expected Result",
    ];
    let rows = [
        heads,
        ["WRKA-T7", "Log in", "0.0625", "Open", "A form"],
        ["", "", "", "Submit", ""],
    ];
    let cell = |text: &&str| match text.parse::<f64>() {
        Ok(number) => format!("<c s=\"1\"><v>{number}</v></c>"),
        Err(_) => format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>"),
    };
    let row =
        |cells: &[&str; 5]| format!("<row>{}</row>", cells.iter().map(cell).collect::<String>());
    let sheet = rows.iter().map(row).collect::<String>();
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let parts = [
        (
            "[Content_Types].xml",
            format!(
                "<Types xmlns=\"{package}/content-types\"><Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>"
            ),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"r1\" Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"r1\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Type=\"{office}/styles\" Target=\"styles.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/styles.xml",
            format!(
                "<styleSheet xmlns=\"{main}\"><cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"20\"/></cellXfs></styleSheet>"
            ),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet xmlns=\"{main}\"><sheetData>{sheet}</sheetData></worksheet>"),
        ),
    ];
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, text) in parts {
        zip.start_file(name, stored).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn zephyr_squad_repeats_everything_in_each_row() {
    let table = "Issue Key,Test Summary,Labels,Step,Test Data,Expected Result\n\
        WRKA-8,Log in,a,Open,,A form\nWRKA-8,Log in,a,Submit,x,\nWRKA-9,Log in,,Open,,\n";
    let file = read("squad.csv", table);
    assert_eq!(file.format, TestFormat::ZephyrSquad);
    let cases = cases_of("squad.csv", table);
    assert_eq!(cases.len(), 2);
    assert_eq!(
        cases[0].pattern.steps,
        [step("Open", "A form", ""), step("Submit", "", "x")]
    );
}

#[test]
fn qase_numbers_steps_in_cells() {
    let table = "v2.id,title,description,status,steps_type,steps_actions,steps_result,steps_data,suite_id,suite,suite_without_cases\n\
        ,,,,,,,,1,Login,1\n\
        7,Log in,Why,Actual,classic,\"1. \"\"Open, \n2. it\"\"\n2. \"\"Submit\"\"\",\"1. \"\"\"\"\n2. \"\"Done\"\"\",,1,,\n\
        8,Log out,,Deprecated,classic,\"1. Press\n2. Look\",\"2. Gone\",\"1. x\",1,,\n\
        9,More results,,,classic,1. Press,3. Gone,,1,,\n";
    let file = read("qase.csv", table);
    let first = file.entries[0].value.clone().unwrap();
    assert_eq!(
        (first.ids[0].as_str(), first.pattern.pattern_type.as_str()),
        ("QASE-7", "Login")
    );
    assert_eq!(
        first.pattern.steps,
        [step("Open, \n2. it", "", ""), step("Submit", "Done", "")]
    );
    let second = file.entries[1].value.clone().unwrap().pattern;
    assert!(!second.is_active);
    assert_eq!(
        second.steps,
        [step("Press", "", "x"), step("Look", "Gone", "")]
    );
    let third = file.entries[2].value.clone().unwrap().pattern;
    assert_eq!(third.steps, [step("Press", "", ""), step("", "Gone", "")]);
    let folder = Folder::new();
    let path = folder.put("qase.csv", table);
    let options = TestImport {
        project: Some("DEMO".into()),
        ..TestImport::default()
    };
    let file = cases::read(&path, &options).unwrap();
    assert_eq!(file.entries[0].value.as_ref().unwrap().ids, ["DEMO-7"]);
}

#[test]
fn features_have_tags_backgrounds_rules_tables_and_languages() {
    let feature = "# made by hand\n@WRKA-7 @web\nFeature: Login\n  As a user\n\n  Background:\n    Given a user\n\n\
        \x20 @TEST_WRKA-8 @REQ_WRKA-9 @smoke # why\n  Scenario: Log in\n    Why it matters\n    * I open\n      \"\"\"\n      {\"a\": 1}\n      \"\"\"\n    Then I see\n    And I smile\n\
        \x20 Rule: Second\n    Background:\n      Given a phone\n    Scenario Outline: Log in with <what>\n      When I type <what>\n        | a | b\\|c |\n      Examples:\n        | what |\n        | x    |\n";
    let cases = cases_of("login.feature", feature);
    let first = &cases[0];
    assert_eq!(first.ids, ["WRKA-8"]);
    assert_eq!(
        first
            .tickets
            .iter()
            .map(|key| key.as_str())
            .collect::<Vec<_>>(),
        ["WRKA-7", "WRKA-9"]
    );
    assert_eq!(first.pattern.labels, ["web", "smoke"]);
    assert_eq!(first.pattern.objective.as_deref(), Some("Why it matters"));
    assert_eq!(first.pattern.precondition.as_deref(), Some("a user"));
    assert_eq!(
        first.pattern.steps,
        [step("I open", "I see\nI smile", "{\"a\": 1}")]
    );
    let second = &cases[1].pattern;
    assert_eq!(second.precondition.as_deref(), Some("a user\na phone"));
    assert_eq!(
        second.steps,
        [step("I type <what>", "", "a | b|c\n\nExamples:\nwhat\nx")]
    );
    let german = "# language: de\nFunktionalität: Anmeldung\n  Szenario: Umlaute\n    Angenommen ein Benutzer\n    Wenn ich mich anmelde\n    Dann sehe ich Jörg\n";
    let case = &cases_of("de.feature", german)[0].pattern;
    assert_eq!(case.steps, [step("ich mich anmelde", "sehe ich Jörg", "")]);
}

#[test]
fn a_folder_of_features_is_read_and_what_is_broken_named() {
    let folder = Folder::new();
    folder.put("features/a.feature", "Feature: A\n  Scenario: One\n    When x\n  Scenario: Two\n    When y\n  what is this\n  Scenario: Three\n    Then z\n");
    folder.put("features/deep/b.feature", "Scenario: no feature\n");
    folder.put("features/notes.txt", "no feature");
    folder.put(
        "features/c.feature",
        "Feature: C\n Scenario: Open\n  When x\n  \"\"\"\n  never closed\n",
    );
    let atlas = empty();
    let report = import(&atlas, &folder.path("features"));
    assert_eq!(counts(&report), [2, 0, 0, 3]);
    let refused: Vec<_> = report
        .items
        .iter()
        .filter(|item| item.reason.is_some())
        .collect();
    let place = |at: usize| {
        (
            refused[at].file.clone().unwrap().display().to_string(),
            refused[at].line,
            refused[at].column,
        )
    };
    assert_eq!(place(0), ("a.feature".into(), 6, Some(3)));
    assert_eq!(place(1), ("c.feature".into(), 4, Some(3)));
    assert_eq!(place(2), ("deep/b.feature".into(), 1, Some(1)));
    assert_eq!(atlas.patterns().list(&Default::default()).unwrap().len(), 2);
}

#[test]
fn columns_are_mapped() {
    let folder = Folder::new();
    let path = folder.put(
        "own.csv",
        "Nr;Prüfung;Tun;Sehen;Name\n1;Anmelden;Öffnen;Formular;egal\n",
    );
    let columns = [
        ("name", "Prüfung"),
        ("key", "Nr"),
        ("action", "Tun"),
        ("expected", "Sehen"),
    ];
    let columns = columns.map(|(field, name)| (field.to_owned(), name.to_owned()));
    let options = TestImport {
        columns: columns.into(),
        ..TestImport::default()
    };
    let file = cases::read(&path, &options).unwrap();
    let case = file.entries[0].value.as_ref().unwrap();
    assert_eq!(
        (case.pattern.name.as_str(), case.ids[0].as_str()),
        ("Anmelden", "1")
    );
    assert_eq!(case.pattern.steps, [step("Öffnen", "Formular", "")]);
    for (field, name) in [("name", "Gibtsnicht"), ("nonsense", "Nr")] {
        let options = TestImport {
            columns: [(field.to_owned(), name.to_owned())].into(),
            ..TestImport::default()
        };
        assert_eq!(
            cases::read(&path, &options).unwrap_err().code(),
            "INVALID_VALUE"
        );
    }
}

#[test]
fn broken_files_name_the_place_and_keep_the_rest() {
    let folder = Folder::new();
    let atlas = empty();
    let xml = "<suite><sections><section><name>A</name><cases>\n<case><title>One</title></case>\n<case><title>Two</title></cases></suite>";
    let report = import(&atlas, &folder.put("a.xml", xml));
    assert_eq!(counts(&report), [1, 0, 0, 1]);
    let refused = report.items.last().unwrap();
    assert_eq!((refused.line, refused.column.is_some()), (3, true));
    let bomb = "<!DOCTYPE a [<!ENTITY x \"xxxx\">]>\n<suite>&x;</suite>";
    let report = import(&atlas, &folder.put("b.xml", bomb));
    assert_eq!(reasons(&report), ["a document type is not allowed"]);
    let json =
        "[{\"testtype\":\"Manual\",\"fields\":{\"summary\":\"Three\"}},\n{\"testtype\":oops}]";
    let report = import(&atlas, &folder.put("c.json", json));
    assert_eq!((counts(&report), report.items[1].line), ([1, 0, 0, 1], 2));
    assert!(
        report.items[1]
            .reason
            .as_ref()
            .unwrap()
            .contains("character")
    );
    let csv = "ID,Title,Steps (Step)\nC1,Four,x\nC2,\"Five,never closed\n";
    let report = import(&atlas, &folder.put("d.csv", csv));
    assert_eq!(report.created, 2, "{report:?}");
    for (name, text) in [
        ("e.xml", "<html></html>"),
        ("f.xml", "<testsuite/>"),
        ("g.csv", "a,b\n1,2\n"),
        ("h.json", "[{\"a\":1}]"),
    ] {
        let path = folder.put(name, text);
        let error = atlas
            .patterns()
            .import_file_with(&path, &TestImport::default(), &mut silent)
            .unwrap_err();
        assert_eq!(error.code(), "UNKNOWN_FORMAT", "{name}");
    }
    let forced = TestImport {
        format: Some(TestFormat::Markdown),
        ..TestImport::default()
    };
    let path = folder.put("i.md", "# x");
    assert_eq!(
        cases::read(&path, &forced).unwrap_err().code(),
        "UNKNOWN_FORMAT"
    );
}
