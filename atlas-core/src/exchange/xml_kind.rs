//! What an XML file holds, by its elements: test cases and results look alike.

use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use crate::exchange::outcomes::folded;

/// So many elements tell what a file is.
const LOOKED_AT: usize = 20_000;

/// What only a test case has: steps and what describes them.
const CASE_CHILDREN: [&str; 26] = [
    "actions",
    "customfields",
    "description",
    "details",
    "estimatedexecduration",
    "executiontype",
    "expected",
    "expectedresult",
    "expectedresults",
    "externalid",
    "fullexternalid",
    "importance",
    "internalid",
    "isopen",
    "keywords",
    "nodeorder",
    "objective",
    "precondition",
    "preconditions",
    "requirements",
    "step",
    "steps",
    "summary",
    "teststep",
    "teststeps",
    "version",
];
/// Those of them that no runner writes.
const PLAIN_CASE_CHILDREN: [&str; 8] = [
    "expectedresult",
    "expectedresults",
    "precondition",
    "preconditions",
    "step",
    "steps",
    "summary",
    "teststeps",
];
/// What only a test that ran has.
const RUN_ATTRIBUTES: [&str; 12] = [
    "time",
    "duration",
    "result",
    "outcome",
    "executed",
    "success",
    "assertions",
    "classname",
    "timestamp",
    "startedat",
    "skipped",
    "disabled",
];
const RUN_CHILDREN: [&str; 9] = [
    "failure",
    "error",
    "skipped",
    "systemout",
    "systemerr",
    "rerunfailure",
    "rerunerror",
    "flakyfailure",
    "flakyerror",
];

/// What an XML file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::exchange) enum XmlKind {
    /// Results as JUnit and its like write them.
    Junit,
    /// Results in the form of another runner, by its name.
    Results(&'static str),
    /// TestRail's suites of test cases.
    Testrail,
    /// TestLink's test suites and test cases, also in a form that looks like JUnit's.
    Testlink,
    /// Test cases of another tool, in words.
    Cases(&'static str),
    /// Anything else, in words where it is known.
    Other(String),
}

impl XmlKind {
    /// The kind of a text that begins with `<`; its start is enough.
    pub fn of(text: &str) -> XmlKind {
        let mut look = ElementsSeen::default();
        let mut reader = Reader::from_str(text);
        loop {
            match reader.read_event() {
                Ok(Event::Start(start)) => look.open(&start, false),
                Ok(Event::Empty(start)) => look.open(&start, true),
                Ok(Event::End(_)) => look.close(),
                Ok(Event::DocType(text)) => {
                    look.is_html |= folded(&text.xml10_content()).starts_with("html");
                }
                Ok(Event::Eof) | Err(_) => break,
                Ok(_) => {}
            }
            if look.is_decided() {
                break;
            }
        }
        look.kind()
    }

    /// What it is, in words that go on from "it is".
    pub fn words(&self) -> String {
        match self {
            XmlKind::Junit => "JUnit XML, which holds results of tests".into(),
            XmlKind::Results(runner) => {
                format!("the XML of {runner}, which holds results of tests")
            }
            XmlKind::Testrail => "TestRail's XML, which holds test cases".into(),
            XmlKind::Testlink => "TestLink's XML, which holds test cases".into(),
            XmlKind::Cases(what) => format!("{what}, which holds test cases"),
            XmlKind::Other(what) => what.clone(),
        }
    }

    /// Whether it holds test cases.
    pub fn holds_cases(&self) -> bool {
        matches!(
            self,
            XmlKind::Testrail | XmlKind::Testlink | XmlKind::Cases(_)
        )
    }
}

/// What was seen of a document.
#[derive(Default)]
struct ElementsSeen {
    /// The folded names of the open elements.
    open: Vec<String>,
    root: Option<String>,
    /// The root's name as it stands, and its namespace.
    root_as_written: (String, String),
    seen: usize,
    is_html: bool,
    /// The most telling things inside of a root that several tools use.
    case_marks: usize,
    run_marks: usize,
    /// Durations of the open test: they may be those of a test case.
    times: usize,
    has_rss_key: bool,
    has_test_case: bool,
    /// Whether there is a suite as JUnit writes it.
    has_suite: bool,
    /// Whether steps are in columns, as Polarion writes them.
    has_step_columns: bool,
}

impl ElementsSeen {
    fn open(&mut self, start: &BytesStart<'_>, is_empty: bool) {
        let name = start.local_name();
        let name = folded(name.as_ref());
        self.seen += 1;
        self.has_suite |= start.local_name().as_ref() == "testsuite";
        if self.root.is_none() {
            self.root = Some(name.clone());
            let space = value(start, "xmlns").unwrap_or_default();
            self.root_as_written = (start.name().as_ref().to_owned(), space);
        }
        let parent = self.open.last().map(String::as_str);
        if parent == Some("testcase") {
            self.case_marks += usize::from(is_case_child(&name));
            self.run_marks += usize::from(is_run_child(&name));
            if is_plain_case_child(&name) {
                self.times = 0;
            }
        }
        if name == "testcase" {
            self.has_test_case = true;
            let (mut of_case, mut of_run, mut times) = (0, 0, 0);
            for attribute in start.attributes().flatten() {
                let key = folded(attribute.key.local_name().as_ref());
                self.case_marks += usize::from(key == "internalid" || key == "externalid");
                let value = attribute.value.trim();
                if !value.is_empty() {
                    times += usize::from(is_time(&key));
                    of_run += usize::from(is_run_attribute(&key) || key == "status");
                    of_case += usize::from(is_case_attribute(&key, value));
                    self.run_marks += usize::from(is_run_attribute(&key) && !is_time(&key));
                }
            }
            if of_run == 0 {
                self.case_marks += of_case;
            }
            match is_empty {
                true => self.run_marks += times,
                false => self.times = times,
            }
        }
        self.has_step_columns |= name == "teststepcolumn";
        self.has_rss_key |= name == "key" && parent == Some("item");
        if !is_empty {
            self.open.push(name);
        }
    }

    fn close(&mut self) {
        if self.open.pop().as_deref() == Some("testcase") {
            self.run_marks += std::mem::take(&mut self.times);
        }
    }

    /// Roots that say everything need no further look.
    fn is_decided(&self) -> bool {
        let Some(root) = self.root.as_deref() else {
            return false;
        };
        let looks_further = matches!(
            root,
            "testrun" | "testsuite" | "testsuites" | "testcases" | "rss"
        );
        !looks_further || self.seen >= LOOKED_AT || self.case_marks.max(self.run_marks) >= 200
    }

    fn kind(self) -> XmlKind {
        let other = |what: &str| XmlKind::Other(what.to_owned());
        let (written, space) = &self.root_as_written;
        let Some(root) = self.root.as_deref() else {
            return match self.is_html {
                true => other("an HTML page"),
                false => other("not XML"),
            };
        };
        let is_cases = self.case_marks > self.run_marks;
        match root {
            "html" => other("an HTML page"),
            _ if self.is_html => other("an HTML page"),
            "testsuites" | "testsuite" if !is_cases => XmlKind::Junit,
            "testcases" if self.run_marks > self.case_marks => XmlKind::Junit,
            "testcases" if self.has_step_columns => XmlKind::Cases("Polarion's XML"),
            "testsuites" | "testsuite" | "testcases" | "testproject" => XmlKind::Testlink,
            "testcase" => XmlKind::Testlink,
            "testexecutions" | "unittest" => XmlKind::Junit,
            "suite" | "sections" | "section" | "cases" => XmlKind::Testrail,
            "testrun" if space.contains("VisualStudio") => {
                XmlKind::Results("Visual Studio's test runner (TRX)")
            }
            // Eclipse's; NUnit's has a hyphen.
            "testrun" if written == "testrun" && self.has_suite => XmlKind::Junit,
            "testrun" | "testresults" => XmlKind::Results("NUnit"),
            "assemblies" | "assembly" => XmlKind::Results("xUnit.net"),
            "testngresults" => XmlKind::Results("TestNG"),
            "robot" => XmlKind::Results("Robot Framework"),
            "site" => XmlKind::Results("CTest"),
            "catch" | "catch2testrun" | "catchtestrun" => XmlKind::Results("Catch2"),
            "doctest" => XmlKind::Results("doctest"),
            "testlog" | "testresult" => XmlKind::Results("Boost.Test"),
            "results" => XmlKind::Results("TestLink"),
            "workitems" | "workitem" | "testplan" => XmlKind::Cases("XML of Azure DevOps"),
            "requirements" | "requirementspecification" => other("TestLink's XML of requirements"),
            "rss" if self.has_rss_key => {
                other("Jira's XML of an issue search, which holds tickets")
            }
            "rss" | "feed" => other("a news feed"),
            "envelope" => other("a SOAP message"),
            "workbook" => other("a spreadsheet in the XML form of Excel"),
            "coverage" | "report" => other("a report of code coverage"),
            "checkstyle" | "pmd" | "bugcollection" => other("a report of a code checker"),
            "project" => other("the description of a build"),
            "entityengine" | "entityenginexml" => other("a backup of Jira"),
            _ => other(&format!("XML that begins with <{written}>")),
        }
    }
}

fn value(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut all = start.attributes().flatten();
    let found = all.find(|attribute| attribute.key.as_ref() == name)?;
    Some(found.value.to_string())
}

/// Whether only test cases have an element of this folded name.
pub(super) fn is_case_child(name: &str) -> bool {
    CASE_CHILDREN.contains(&name)
}

/// Whether no runner writes an element of this folded name.
pub(super) fn is_plain_case_child(name: &str) -> bool {
    PLAIN_CASE_CHILDREN.contains(&name)
}

/// Whether an attribute describes a test case, where nothing tells of a run.
pub(super) fn is_case_attribute(name: &str, value: &str) -> bool {
    matches!(name, "priority" | "importance") || name == "type" && folded(value) == "manual"
}

/// Whether an attribute of this folded name says how long a test takes, or took.
pub(super) fn is_time(name: &str) -> bool {
    matches!(name, "time" | "duration")
}

/// Whether only tests that ran have an element of this folded name.
pub(super) fn is_run_child(name: &str) -> bool {
    RUN_CHILDREN.contains(&name)
}

/// Whether only tests that ran have an attribute of this folded name.
pub(super) fn is_run_attribute(name: &str) -> bool {
    RUN_ATTRIBUTES.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_and_test_cases_are_told_apart() {
        let cases = [
            (
                "<testsuites><testsuite><testcase name='a'/></testsuite></testsuites>",
                XmlKind::Junit,
            ),
            (
                "<?xml version='1.0'?>\n<TestSuite><TestCase name='a' time='1'/></TestSuite>",
                XmlKind::Junit,
            ),
            (
                "<testsuite name='s'><testcase name='a'><failure/></testcase></testsuite>",
                XmlKind::Junit,
            ),
            (
                "<testsuite name='s'><testcase internalid='4' name='a'><summary>x</summary></testcase></testsuite>",
                XmlKind::Testlink,
            ),
            (
                "<testsuite name='s'><testcase name='a'><steps><step/></steps></testcase></testsuite>",
                XmlKind::Testlink,
            ),
            (
                "<testsuite name='s'><testsuite name='t'><testcase name='a'><execution_type>1</execution_type></testcase></testsuite></testsuite>",
                XmlKind::Testlink,
            ),
            (
                "<testcases><testcase name='a'/></testcases>",
                XmlKind::Testlink,
            ),
            ("<suite><sections/></suite>", XmlKind::Testrail),
            (
                "<test-run id='2'><test-suite/></test-run>",
                XmlKind::Results("NUnit"),
            ),
            (
                "<TestRun xmlns='http://microsoft.com/schemas/VisualStudio/TeamTest/2010'/>",
                XmlKind::Results("Visual Studio's test runner (TRX)"),
            ),
        ];
        for (text, kind) in cases {
            assert_eq!(XmlKind::of(text), kind, "{text}");
        }
    }

    #[test]
    fn other_files_are_named() {
        let cases = [
            ("<!DOCTYPE html><html><body/></html>", "an HTML page"),
            (
                "<rss><channel><item><key>A-1</key></item></channel></rss>",
                "Jira's XML of an issue search, which holds tickets",
            ),
            ("<soap:Envelope/>", "a SOAP message"),
            ("<order/>", "XML that begins with <order>"),
        ];
        for (text, words) in cases {
            assert_eq!(XmlKind::of(text).words(), words, "{text}");
        }
    }
}
