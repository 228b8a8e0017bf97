//! Steps as people typed them into tickets, made fit for a library: no markup, code, logs or
//! addresses.

use crate::domain::{Step, TicketKey};
use crate::text::prose::prose;

/// Longer steps tell a story; they are cut after a sentence, or left out.
const LONGEST: usize = 200;
/// More steps than this are several scenarios.
const MOST_STEPS: usize = 15;

/// A ticket's steps, cleaned, and how clear they are.
#[derive(Debug, Clone, PartialEq)]
pub struct CleanSteps {
    /// The steps that can be used.
    pub steps: Vec<Step>,
    /// The share of the ticket's steps that say what to do or what should be seen, 0 to 1.
    pub clarity: f32,
}

/// Cleans the steps of a ticket: entities, markup, numbering, code, logs and addresses go, steps
/// of one word and remarks too, and so do last steps that only tell what went wrong. Items that
/// are the way through a menu become one step. A step that speaks of code in the ticket says which
/// ticket.
///
/// ```
/// use atlas_core::domain::{Step, TicketKey};
/// use atlas_core::learning::mining::clean::clean;
/// let key = TicketKey::parse("WRKA-7")?;
/// let typed = ["1. run the code below", "Settings", "Privacy", "tap *Save* (http://x.y)", "var a = {};", "See"];
/// let typed: Vec<Step> = typed.iter().map(|text| Step::new(*text, "")).collect();
/// let steps = clean(&typed, &key).steps;
/// let actions: Vec<&str> = steps.iter().map(|step| step.action.as_str()).collect();
/// assert_eq!(actions, ["Run the code below (in WRKA-7)", "Go to Settings > Privacy", "Tap Save"]);
/// # Ok::<(), atlas_core::Error>(())
/// ```
pub fn clean(steps: &[Step], ticket: &TicketKey) -> CleanSteps {
    let mut cleaned: Vec<Step> = Vec::new();
    let (mut way, mut lost) = (Vec::new(), 0);
    for step in steps {
        let Some(action) = sentence(&step.action) else {
            lost += usize::from(!step.action.trim().is_empty());
            if let Some(place) = place(&step.action) {
                way.push(place);
                lost -= 1;
            }
            continue;
        };
        if step.expected.is_none()
            && let Some(place) = place(&action)
        {
            way.push(place);
            continue;
        }
        walk(&mut way, &mut cleaned, &mut lost);
        let expected = step.expected.as_deref().and_then(expectation);
        if let (true, Some(last)) = (is_expectation(&action), cleaned.last_mut()) {
            last.expected.get_or_insert(action);
            continue;
        }
        cleaned.push(Step {
            action: with_source(action, ticket),
            expected,
            data: None,
        });
    }
    walk(&mut way, &mut cleaned, &mut lost);
    without_fault(&mut cleaned);
    cleaned.dedup_by(|a, b| a.action == b.action);
    cleaned.truncate(MOST_STEPS);
    let clear = cleaned.iter().filter(|step| is_clear(step)).count();
    CleanSteps {
        clarity: clear as f32 / (cleaned.len() + lost).max(1) as f32,
        steps: cleaned,
    }
}

/// Turns menu items that follow each other into one step; one alone was no way.
fn walk(way: &mut Vec<String>, steps: &mut Vec<Step>, lost: &mut usize) {
    match way.len() {
        0 => {}
        1 => *lost += 1,
        _ => steps.push(Step::new(format!("Go to {}", way.join(" > ")), "")),
    }
    way.clear();
}

/// An item of a menu: one to three words that are no instruction.
fn place(text: &str) -> Option<String> {
    let text = unmarked(&decoded(text));
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_name = |word: &&str| word.chars().all(|c| c.is_alphanumeric() || c == '-');
    let starts_upper = text.chars().next().is_some_and(char::is_uppercase);
    let is_place = (1..=3).contains(&words.len())
        && words.iter().all(is_name)
        && starts_upper
        && !is_instruction(&text)
        && text.chars().filter(|c| c.is_alphabetic()).count() >= 3
        && !PASSING.contains(&text.to_lowercase().as_str());
    is_place.then_some(text)
}

/// Single words that are remarks and no places.
const PASSING: [&str; 8] = [
    "see", "thanks", "done", "none", "yes", "result", "optional", "pass",
];

/// A step's text as one readable sentence, or nothing.
pub fn sentence(text: &str) -> Option<String> {
    let text = decoded(text);
    let text = text.split("```").next().unwrap_or_default();
    // The words of a line that is code, a log or an address are not there in its prose.
    let lines: Vec<String> = text
        .lines()
        .filter(|line| !is_code(line))
        .map(prose)
        .filter(|line| !line.is_empty())
        .collect();
    let text = unmarked(&lines.join(" "));
    let text = shortened(&text)?;
    let text = text
        .trim_end_matches([':', ',', ';', '-', '–', '=', '>', '(', ' ', '.', '*', '+'])
        .trim();
    let text = without_loose_end(text);
    let words = text
        .split_whitespace()
        .filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() >= 2)
        .count();
    let letters = text
        .chars()
        .filter(|c| c.is_alphabetic() || *c == ' ')
        .count();
    let readable = letters * 10 >= text.chars().count() * 7;
    if words < 2 || !readable || is_code(text) || is_remark(text) {
        return None;
    }
    Some(capitalised(text))
}

/// What is expected, cleaned. Unlike a step it may be one word, such as "Saved".
fn expectation(text: &str) -> Option<String> {
    let first = text.split("\n\n").next().unwrap_or(text);
    sentence(first).or_else(|| {
        let text = unmarked(&decoded(first));
        let is_word = text.len() >= 4 && text.chars().all(char::is_alphabetic);
        is_word.then(|| capitalised(&text))
    })
}

/// HTML's entities and tags undone.
fn decoded(text: &str) -> String {
    if !text.contains(['&', '<']) {
        return text.to_owned();
    }
    let mut text = text.to_owned();
    // Twice: some tools escape what is escaped.
    for _ in 0..2 {
        for (entity, plain) in [
            ("&gt;", ">"),
            ("&lt;", "<"),
            ("&nbsp;", " "),
            ("&quot;", "\""),
            ("&#39;", "'"),
            ("&apos;", "'"),
            ("&amp;", "&"),
        ] {
            text = text.replace(entity, plain);
        }
    }
    for tag in [
        "p", "br", "b", "i", "em", "strong", "li", "ul", "ol", "code", "pre", "span", "div",
    ] {
        for form in [
            format!("<{tag}>"),
            format!("</{tag}>"),
            format!("<{tag}/>"),
            format!("<{tag} />"),
        ] {
            text = text.replace(&form, " ");
        }
    }
    text
}

/// Without numbering, emphasis and double blanks.
fn unmarked(text: &str) -> String {
    let mut rest = text.trim();
    loop {
        let before = rest.len();
        rest = rest.trim_start_matches([
            '-', '*', '•', '#', '·', '>', '→', '–', ':', ',', ';', '.', ')', ' ', '+', '=', '|',
        ]);
        rest = without_number(rest);
        if rest.len() == before {
            break;
        }
    }
    let words = rest.split_whitespace().map(|word| {
        let bare = word.replace("{{", "").replace("}}", "").replace("\\", "");
        let is_path = bare.chars().all(|c| c == '*' || c == '_');
        if is_path {
            String::new()
        } else {
            bare.trim_matches(['*', '_']).to_owned()
        }
    });
    words
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Without `2.`, `2)`, `Step 2:`, `a)` at the start.
fn without_number(text: &str) -> &str {
    let lower_step = text.get(..5).filter(|s| s.eq_ignore_ascii_case("step "));
    let body = if lower_step.is_some() {
        &text[5..]
    } else {
        text
    };
    let digits = body.bytes().take_while(u8::is_ascii_digit).count();
    let after = &body[digits..];
    if (1..=2).contains(&digits) {
        let marked = after.starts_with(['.', ')', ':', '-', ']'])
            && !after[1..].starts_with(|c: char| c.is_ascii_digit());
        if marked || lower_step.is_some() {
            return after.trim_start_matches(['.', ')', ':', '-', ']', ' ']);
        }
    }
    let bytes = text.as_bytes();
    if bytes.len() > 2 && bytes[0].is_ascii_lowercase() && bytes[1] == b')' {
        return &text[2..];
    }
    text
}

/// Cut after the last sentence that fits.
fn shortened(text: &str) -> Option<String> {
    if text.chars().count() <= LONGEST {
        return Some(text.to_owned());
    }
    let end = text
        .char_indices()
        .nth(LONGEST)
        .map_or(text.len(), |(end, _)| end);
    let cut = [". ", "; ", "? ", "! "]
        .iter()
        .filter_map(|stop| text[..end].rfind(stop))
        .max()?;
    (cut >= 15).then(|| text[..cut].to_owned())
}

/// Without what is left where an address or a file stood: "Install it from".
fn without_loose_end(text: &str) -> &str {
    let mut text = text;
    loop {
        let Some((before, last)) = text.rsplit_once(' ') else {
            return text;
        };
        let last = last
            .trim_matches(|c: char| !c.is_alphanumeric())
            .to_lowercase();
        if ![
            "from", "at", "to", "see", "in", "on", "with", "and", "or", "via", "using", "is",
            "the", "by", "like", "of", "as", "eg", "ie", "e.g", "i.e", "",
        ]
        .contains(&last.as_str())
        {
            return text;
        }
        // "Log in" and "turn it on" end well.
        if ["in", "on"].contains(&last.as_str()) {
            return text;
        }
        text = before.trim_end_matches([':', ',', ';', '(', '-', ' ', '.']);
    }
}

/// A line of code, markup, a command's output or a path.
fn is_code(text: &str) -> bool {
    let line = text.trim();
    let has = |parts: &[&str]| parts.iter().any(|part| line.contains(part));
    let marks = line
        .chars()
        .filter(|c| "{}();=<>[]$\\/|`\"".contains(*c))
        .count();
    let starts = |parts: &[&str]| parts.iter().any(|part| line.starts_with(part));
    has(&[
        "});",
        "();",
        "){",
        ") {",
        "};",
        "=>{",
        " = function",
        "function(",
        "function (",
        "/*",
        "*/",
        "</",
        "/>",
        "=\"",
        "('",
        "(\"",
        "var ",
        " == ",
        " === ",
        "&&",
        "||",
        "::",
        "->get",
        "+=",
        "__",
    ]) || line.ends_with([';', '{', '}'])
        || starts(&[
            "//", "#include", "import ", "@import", "$.", "Ti.UI.", "<", "{", "}", "at com.",
            "at org.", "[INFO", "[ERROR", "[WARN", "[DEBUG", "[TRACE",
        ])
        || marks * 5 > line.chars().count()
}

/// Beginnings of what is no step, in lower case.
const REMARKS: [&str; 50] = [
    "note:",
    "note ",
    "notes:",
    "n.b",
    "nb:",
    "actual",
    "workaround",
    "fixed in",
    "this is ",
    "this was ",
    "this will ",
    "i ",
    "i'm ",
    "i've ",
    "we ",
    "see attached",
    "see screenshot",
    "see video",
    "screenshot",
    "attached",
    "thanks",
    "thank you",
    "sorry",
    "if you need",
    "environment",
    "tested on",
    "tested with",
    "result:",
    "results:",
    "tiapp",
    "platform:",
    "device:",
    "build:",
    "version",
    "titanium sdk",
    "appc cli",
    "node version",
    "os:",
    "sdk:",
    "it seems",
    "it looks",
    "if you ",
    "tested ",
    "verified ",
    "so ",
    "but ",
    "because ",
    "there is ",
    "there are ",
    "same as ",
];

fn is_remark(text: &str) -> bool {
    let lower = text.to_lowercase();
    REMARKS.iter().any(|start| lower.starts_with(start))
        || lower.ends_with("app.js") && lower.split_whitespace().count() <= 2
        || HEADINGS.contains(&lower.trim_end_matches(|c: char| !c.is_alphabetic()))
        || [
            "lorem ipsum",
            "this ticket",
            "this issue",
            "this bug",
            "pull request",
            " pr ",
            "github issue",
        ]
        .iter()
        .any(|part| lower.contains(part))
}

/// What stands over steps.
const HEADINGS: [&str; 19] = [
    "test code",
    "test result",
    "test results",
    "test steps",
    "test case",
    "test cases",
    "steps",
    "sample code",
    "result",
    "test environment",
    "steps to reproduce",
    "expected result",
    "actual result",
    "sample app",
    "regression",
    "code sample",
    "test passed",
    "test failed",
    "main window",
];

/// Whether a step is what should be seen, written as a step of its own.
fn is_expectation(text: &str) -> bool {
    let lower = text.to_lowercase();
    [
        "expected:",
        "expected result",
        "expect ",
        "should ",
        "you should",
        "it should",
        "the app should",
    ]
    .iter()
    .any(|start| lower.starts_with(start))
}

/// Words of what goes wrong.
const FAULTS: [&str; 40] = [
    "crash",
    "crashes",
    "crashed",
    "error",
    "errors",
    "exception",
    "fails",
    "fail",
    "failed",
    "failure",
    "freezes",
    "hangs",
    "not",
    "doesn't",
    "doesnt",
    "didn't",
    "isn't",
    "aren't",
    "won't",
    "can't",
    "cannot",
    "never",
    "nothing",
    "wrong",
    "incorrect",
    "incorrectly",
    "missing",
    "disappears",
    "disappeared",
    "blank",
    "broken",
    "stuck",
    "unable",
    "bug",
    "issue",
    "problem",
    "unresponsive",
    "leak",
    "flickers",
    "unexpected",
];

/// Takes off last steps that only say how it goes wrong: what the report is about, not what a test
/// does. What they expect belongs to the step before.
fn without_fault(steps: &mut Vec<Step>) {
    while steps.len() > 1
        && steps
            .last()
            .is_some_and(|step| tells_the_fault(&step.action))
    {
        let expected = steps.pop().and_then(|step| step.expected);
        if let (Some(expected), Some(last)) = (expected, steps.last_mut()) {
            last.expected.get_or_insert(expected);
        }
    }
}

fn tells_the_fault(action: &str) -> bool {
    let lower = action.to_lowercase();
    let mut words = lower
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|w| !w.is_empty());
    let first = words.next().unwrap_or_default();
    if ["notice", "you", "you'll"].contains(&first) || !is_instruction(action) {
        return true;
    }
    ["observe", "see", "watch", "look", "note", "get", "check"].contains(&first)
        && words.any(|word| FAULTS.contains(&word))
}

/// Says which ticket holds the code that a step speaks of.
fn with_source(action: String, ticket: &TicketKey) -> String {
    let lower = action.to_lowercase();
    let holds = |parts: &[&str]| parts.iter().any(|part| lower.contains(part));
    let of_the_ticket = holds(&["code", "attached", "snippet", "test case", "testcase"]);
    let of_something_else = holds(&[
        "source code",
        "xcode",
        "qr code",
        "barcode",
        "error code",
        "status code",
        "zip code",
        "vscode",
        "code analysis",
        "codec",
        "encode",
        "decode",
    ]);
    if of_the_ticket && !of_something_else {
        format!("{action} (in {ticket})")
    } else {
        action
    }
}

/// Whether a step does more than prepare: it is not only creating, building or starting something.
pub fn is_more_than_setup(step: &Step) -> bool {
    let first = step
        .action
        .split_whitespace()
        .next()
        .unwrap_or_default()
        .to_lowercase();
    step.expected.is_some() || !SETUP.contains(&first.trim_end_matches([',', ':']))
}

/// Verbs of preparations.
const SETUP: [&str; 25] = [
    "add", "app", "build", "compile", "copy", "create", "download", "execute", "extract", "go",
    "import", "include", "install", "launch", "make", "open", "paste", "place", "put", "replace",
    "run", "setup", "set", "start", "use",
];

fn is_clear(step: &Step) -> bool {
    step.expected.is_some() || is_instruction(&step.action)
}

/// Whether one of the first words is what a tester is told to do, or a way through menus is shown.
pub fn is_instruction(text: &str) -> bool {
    let lower = text.to_lowercase();
    if text.contains(" > ") || text.contains(" -> ") || text.matches('>').count() >= 2 {
        return true;
    }
    let mut words = lower
        .split(|c: char| !c.is_alphanumeric() && c != '-' && c != '\'')
        .filter(|word| !word.is_empty());
    let first = words.next().unwrap_or_default();
    is_verb(first)
        // "In the form, tap Save", "Once it is open, tap Save", "You should see"
        || (LEADS.contains(&first)
            && lower.split_whitespace().skip(1).take(12).any(|word| is_verb(word.trim_end_matches([',', '.', ':']))))
}

fn is_verb(word: &str) -> bool {
    VERBS.binary_search(&word).is_ok()
}

/// Words that an instruction may begin with before it says what to do.
const LEADS: [&str; 24] = [
    "in", "on", "from", "then", "now", "next", "after", "when", "once", "with", "and", "while",
    "finally", "please", "first", "again", "just", "also", "without", "at", "you", "inside",
    "using", "before",
];

/// What testers are told to do, sorted.
const VERBS: [&str; 195] = [
    "activate",
    "add",
    "allow",
    "answer",
    "append",
    "apply",
    "approve",
    "attach",
    "attempt",
    "authorize",
    "background",
    "browse",
    "build",
    "call",
    "cancel",
    "change",
    "check",
    "choose",
    "clear",
    "click",
    "clone",
    "close",
    "come",
    "comment",
    "compare",
    "compile",
    "configure",
    "confirm",
    "connect",
    "continue",
    "copy",
    "create",
    "cut",
    "debug",
    "define",
    "delete",
    "deploy",
    "deselect",
    "detach",
    "dial",
    "disable",
    "disconnect",
    "dismiss",
    "do",
    "double",
    "double-click",
    "download",
    "drag",
    "drop",
    "duplicate",
    "edit",
    "enable",
    "ensure",
    "enter",
    "execute",
    "exit",
    "expand",
    "export",
    "extract",
    "fill",
    "find",
    "focus",
    "follow",
    "force",
    "generate",
    "get",
    "give",
    "go",
    "have",
    "hide",
    "hit",
    "hold",
    "hover",
    "import",
    "include",
    "init",
    "initialize",
    "input",
    "insert",
    "inspect",
    "install",
    "invoke",
    "keep",
    "kill",
    "launch",
    "leave",
    "let",
    "listen",
    "load",
    "locate",
    "lock",
    "log",
    "login",
    "logout",
    "long",
    "long-press",
    "look",
    "make",
    "manually",
    "maximize",
    "measure",
    "minimize",
    "modify",
    "monitor",
    "mouse",
    "move",
    "name",
    "navigate",
    "note",
    "notice",
    "observe",
    "open",
    "package",
    "pan",
    "paste",
    "pause",
    "perform",
    "pick",
    "pinch",
    "place",
    "play",
    "plug",
    "point",
    "populate",
    "press",
    "print",
    "provide",
    "pull",
    "push",
    "put",
    "query",
    "read",
    "rebuild",
    "receive",
    "record",
    "refresh",
    "register",
    "release",
    "reload",
    "remove",
    "rename",
    "reopen",
    "repeat",
    "replace",
    "request",
    "resize",
    "restart",
    "resume",
    "return",
    "review",
    "rotate",
    "run",
    "save",
    "scan",
    "scroll",
    "search",
    "see",
    "select",
    "send",
    "set",
    "setup",
    "shake",
    "show",
    "sign",
    "simulate",
    "slide",
    "specify",
    "start",
    "stop",
    "submit",
    "swipe",
    "switch",
    "take",
    "tap",
    "test",
    "toggle",
    "touch",
    "trigger",
    "try",
    "turn",
    "type",
    "uncheck",
    "uncomment",
    "uninstall",
    "unlock",
    "unzip",
    "update",
    "upload",
    "use",
    "validate",
    "verify",
    "view",
    "visit",
    "wait",
    "watch",
];

/// The first letter as a capital, unless the word is a name such as iOS.
pub fn capitalised(text: &str) -> String {
    let word = text.split_whitespace().next().unwrap_or_default();
    if word
        .chars()
        .skip(1)
        .any(|c| c.is_uppercase() || ".()_".contains(c))
    {
        return text.to_owned();
    }
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}
