//! What can be typed to bring test cases and results in, and to take them out.

use std::path::PathBuf;

use atlas_core::domain::{TestFormat, TicketKey};
use clap::Args;

use super::Origin;
use super::reading::{Reading, column};

const IN: &str = r#"Formats, told by the content unless --format says which:

  csv            Name,Type,Steps                       (or --column name="Test title")
                 Log in,Login,"1. Open the page => A form
                 2. Submit => I am in"
  testrail-csv   ID,Title,Section,Steps (Step),Steps (Expected Result)
                 C7,Log in,Login,Open the page,A form
                 ,,,Submit,I am in
  testrail-xml   <suite><sections><section><name>Login</name><cases>
                 <case><id>C7</id><title>Log in</title></case>
                 </cases></section></sections></suite>
  testlink-xml   <testsuite name="Login"><testcase internalid="9" name="Log in">
                 <externalid>7</externalid><steps><step><step_number>1</step_number>
                 <actions>Open the page</actions><expectedresults>A form</expectedresults>
                 </step></steps></testcase></testsuite>
  xray-csv       Test ID,Test Type,Summary,Action,Data,Expected Result
                 1,Manual,Log in,Open the page,,A form
                 1,,,Submit,,I am in
  xray-cloud     [{"testtype": "Manual", "fields": {"summary": "Log in"},
                   "steps": [{"action": "Open the page", "result": "A form"},
                             {"action": "Submit", "result": "I am in"}]}]
  xray-dc        {"tests": [{"testKey": "WRKA-8", "status": "TODO",
                   "testInfo": {"summary": "Log in", "type": "Manual",
                                "steps": [{"action": "Open the page", "result": "A form"}]}}]}
  zephyr-csv     Key,Name,Folder,Test Script (Step-by-Step) - Step           (also Excel)
                 WRKA-T7,Log in,/Login,Open the page
                 ,,,Submit
  zephyr-json    {"name": "Log in", "folder": "/Login", "testScript": {
                   "type": "STEP_BY_STEP", "steps": [
                     {"description": "Open the page", "expectedResult": "A form"}]}}
  zephyr-squad   Issue Key,Test Summary,Step,Test Data,Expected Result       (also Excel)
                 WRKA-8,Log in,Open the page,,A form
                 WRKA-8,Log in,Submit,,I am in
  qase-csv       id,title,suite,steps_type,steps_actions,steps_result
                 7,Log in,Login,classic,"1. Open the page
                 2. Submit","1. A form"
  jira-csv       Issue key,Issue Type,Summary,Custom field (Manual Test Steps)
                 WRKA-8,Test,Log in,"[{""fields"": {""Action"": ""Open the page""}}]"
  azure-csv      ID,Work Item Type,Title,Test Step,Step Action,Step Expected  (also Excel)
                 7,Test Case,Log in,,,
                 ,,,1,Open the page,A form
  gherkin        @WRKA-7                               (a .feature file or a folder of them)
                 Feature: Login
                   Scenario: Log in
  atlas          {"name": "Log in", "key": "MM-T7", "folder": "Login", "steps": [
                   {"action": "Open the page", "expected": "A form"},
                   {"action": "Submit", "expected": "I am in"}]}

Examples:
  atlas import-patterns cases.csv --dry-run
  atlas import-patterns features/
  atlas import-patterns tests.csv --column name="Test title" --column action=Do"#;

const RESULTS: &str = r#"Formats, told by the content unless --format says which:

  junit          <testsuite name="WRKA-7"><testcase name="Log in" time="90">
                   <properties><property name="test_id" value="C7"/></properties>
                 </testcase></testsuite>
  xray-cloud     {"info": {"summary": "Run for WRKA-7"}, "tests": [
                   {"testKey": "WRKA-8", "status": "PASSED",
                    "start": "2025-06-30T09:00:00+02:00", "finish": "2025-06-30T09:12:00+02:00"}]}
  xray-dc        {"info": {"summary": "Run for WRKA-7"}, "tests": [
                   {"testKey": "WRKA-8", "status": "FAIL",
                    "comment": "The list is empty"}]}
  cucumber-json  [{"name": "Login", "elements": [{"name": "Log in", "tags": [{"name": "@WRKA-7"}],
                   "steps": [{"name": "I log in", "result": {"status": "passed"}}]}]}]

Examples:
  atlas import-results report.xml --dry-run
  atlas import-results report.xml --ticket WRKA-7"#;

const OUT: &str = r#"Formats:

  gherkin        @id:MM-T7 @WRKA-7                     (a file.feature, or a folder)
                 Scenario: Log in
                   When Open the page
  xray-cloud     [{"testtype": "Manual", "fields": {"summary": "Log in", …},
                   "steps": [{"action": "Open the page", "data": "", "result": "A form"}],
                   "xray_test_repository_folder": "/Login"}]
  xray-dc        {"info": {…}, "tests": [{"status": "TODO",
                   "testInfo": {"summary": "Log in", "type": "Manual", "requirementKeys": ["WRKA-7"],
                                "steps": [{"action": "Open the page", "result": "A form"}]}}]}
  xray-csv       Test ID,Issue Key,Test Type,Summary,…,Action,Data,Expected Result
                 1,,Manual,Log in,…,Open the page,,A form
                 1,,,,…,Submit,,I am in
  testrail-csv   ID,Title,Section,…,Steps (Step),Steps (Expected Result)
                 C7,Log in,Login,…,Open the page,A form
                 ,,,…,Submit,I am in
  zephyr-json    [{"name": "Log in", "folder": "/Login", "testScript": {"type": "STEP_BY_STEP",
                   "steps": [{"description": "Open the page", "expectedResult": "A form"}]}}]
                 with --bdd: {"type": "BDD", "text": "When Open the page\nThen A form\n"}
  qase-csv       v2.id,title,…,steps_actions,steps_result
                 7,Log in,…,"1. ""Open the page""
                 2. ""Submit""","1. ""A form"""
  junit          <testsuites><testsuite name="ATLAS">
                   <testcase classname="Login" name="Log in"><skipped/></testcase>
                 </testsuite></testsuites>
  markdown       ## Log in
                 MM-T7 · Login · 15m
                 1. Open the page
  csv            External ID,Key,Name,Type,…,Step (Action),Step (Data),Step (Expected)
                 MM-T7,,Log in,Login,…,Open the page,,A form
                 ,,,,…,Submit,,I am in
  atlas          {"external_id": "MM-T7", "name": "Log in", "pattern_type": "Login",
                  "steps": [{"action": "Open the page", "expected": "A form"}]}
                 (one a line)

Examples:
  atlas export cases.csv --format testrail-csv --dry-run
  atlas export login.feature --format gherkin --ticket WRKA-7
  atlas export run.xml --format junit --session 12"#;

fn format(word: &str) -> Result<TestFormat, String> {
    TestFormat::parse(word).map_err(|error| error.to_string())
}

fn yes_or_no(word: &str) -> Result<bool, String> {
    match word {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err("yes or no".into()),
    }
}

fn key(text: &str) -> Result<TicketKey, String> {
    TicketKey::parse(text).map_err(|error| error.to_string())
}

/// `atlas import-patterns`.
#[derive(Debug, Args)]
#[command(after_long_help = IN)]
pub struct ImportPatterns {
    /// The files or folders of feature files, imported one after the other
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// The format, where it is not to be detected; --help shows each of them
    #[arg(long, value_name = "FORMAT", value_parser = format)]
    pub format: Option<TestFormat>,
    /// Which column of a table is a field: name, key, type, component, objective, precondition,
    /// steps, action, expected, data, labels, minutes, status or tickets; may be repeated
    #[arg(long = "column", value_name = "FIELD=NAME", value_parser = column)]
    pub columns: Vec<(String, String)>,
    /// The project that bare numbers are ids of: case 12 of Qase is then DEMO-12
    #[arg(long, value_name = "KEY")]
    pub project: Option<String>,
    #[command(flatten)]
    pub reading: Reading,
    /// Say what would be done, and do nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// `atlas import-results`.
#[derive(Debug, Args)]
#[command(after_long_help = RESULTS)]
pub struct ImportResults {
    /// The files, imported one after the other
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// The format, where it is not to be detected: junit, cucumber-json, xray-cloud or xray-dc
    #[arg(long, value_name = "FORMAT", value_parser = format)]
    pub format: Option<TestFormat>,
    /// A ticket that all these tests ran for; may be repeated
    #[arg(long = "ticket", value_name = "KEY", value_parser = key)]
    pub tickets: Vec<TicketKey>,
    #[command(flatten)]
    pub reading: Reading,
    /// Say what would be done, and do nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// `atlas export`.
#[derive(Debug, Args)]
#[command(after_long_help = OUT)]
pub struct Export {
    /// The file, or for gherkin a folder, that does not exist yet
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The format; --help shows each of them
    #[arg(long, value_name = "FORMAT", value_parser = format)]
    pub format: TestFormat,
    /// The scenarios of this ticket's newest prediction, instead of patterns
    #[arg(long, value_name = "KEY", conflicts_with = "session")]
    pub ticket: Option<String>,
    /// Only this scenario of the prediction, by its place from 1; may be repeated
    #[arg(long = "scenario", value_name = "NUMBER", requires = "ticket")]
    pub scenarios: Vec<usize>,
    /// What a session tested, with its results where the format holds them
    #[arg(long, value_name = "ID")]
    pub session: Option<i64>,
    /// Only patterns whose name or key holds this text
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["ticket", "session"])]
    pub find: Option<String>,
    /// Only patterns of this type
    #[arg(long = "type", value_name = "NAME", conflicts_with_all = ["ticket", "session"])]
    pub pattern_type: Option<String>,
    /// Only patterns of this component
    #[arg(long, value_name = "NAME", conflicts_with_all = ["ticket", "session"])]
    pub component: Option<String>,
    /// Only patterns of this origin
    #[arg(long, value_name = "ORIGIN", conflicts_with_all = ["ticket", "session"])]
    pub origin: Option<Origin>,
    /// The project in the other tool
    #[arg(long, value_name = "KEY")]
    pub project: Option<String>,
    /// Zephyr's JSON: steps as Given-When-Then
    #[arg(long)]
    pub bdd: bool,
    /// Whether cells that a spreadsheet would run as a formula get a mark ('=1+1): yes or no
    /// [default: yes for csv, no for the tables of other tools, which then hold what you wrote]
    #[arg(long, value_name = "YES|NO", value_parser = yes_or_no)]
    pub formula_guard: Option<bool>,
    /// Leave out what the last export in this format had just so
    #[arg(long)]
    pub changed_only: bool,
    /// Replace what is there
    #[arg(long)]
    pub overwrite: bool,
    /// Say what would be written, and write nothing
    #[arg(long)]
    pub dry_run: bool,
}
