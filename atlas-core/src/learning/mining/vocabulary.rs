//! The words by which steps are told from what else stands among them; all in lower case.

/// What testers are told to do, sorted.
#[rustfmt::skip]
pub const VERBS: [&str; 195] = [
    "activate", "add", "allow", "answer", "append", "apply", "approve", "attach", "attempt",
    "authorize", "background", "browse", "build", "call", "cancel", "change", "check", "choose",
    "clear", "click", "clone", "close", "come", "comment", "compare", "compile", "configure",
    "confirm", "connect", "continue", "copy", "create", "cut", "debug", "define", "delete",
    "deploy", "deselect", "detach", "dial", "disable", "disconnect", "dismiss", "do", "double",
    "double-click", "download", "drag", "drop", "duplicate", "edit", "enable", "ensure", "enter",
    "execute", "exit", "expand", "export", "extract", "fill", "find", "focus", "follow", "force",
    "generate", "get", "give", "go", "have", "hide", "hit", "hold", "hover", "import", "include",
    "init", "initialize", "input", "insert", "inspect", "install", "invoke", "keep", "kill",
    "launch", "leave", "let", "listen", "load", "locate", "lock", "log", "login", "logout",
    "long", "long-press", "look", "make", "manually", "maximize", "measure", "minimize", "modify",
    "monitor", "mouse", "move", "name", "navigate", "note", "notice", "observe", "open",
    "package", "pan", "paste", "pause", "perform", "pick", "pinch", "place", "play", "plug",
    "point", "populate", "press", "print", "provide", "pull", "push", "put", "query", "read",
    "rebuild", "receive", "record", "refresh", "register", "release", "reload", "remove",
    "rename", "reopen", "repeat", "replace", "request", "resize", "restart", "resume", "return",
    "review", "rotate", "run", "save", "scan", "scroll", "search", "see", "select", "send", "set",
    "setup", "shake", "show", "sign", "simulate", "slide", "specify", "start", "stop", "submit",
    "swipe", "switch", "take", "tap", "test", "toggle", "touch", "trigger", "try", "turn", "type",
    "uncheck", "uncomment", "uninstall", "unlock", "unzip", "update", "upload", "use", "validate",
    "verify", "view", "visit", "wait", "watch",
];

/// Words that an instruction may begin with before it says what to do.
#[rustfmt::skip]
pub const LEADS: [&str; 24] = [
    "in", "on", "from", "then", "now", "next", "after", "when", "once", "with", "and", "while",
    "finally", "please", "first", "again", "just", "also", "without", "at", "you", "inside",
    "using", "before",
];

/// Verbs of preparations.
#[rustfmt::skip]
pub const SETUP: [&str; 25] = [
    "add", "app", "build", "compile", "copy", "create", "download", "execute", "extract", "go",
    "import", "include", "install", "launch", "make", "open", "paste", "place", "put", "replace",
    "run", "setup", "set", "start", "use",
];

/// Beginnings of what is no step, in lower case.
#[rustfmt::skip]
pub const REMARKS: [&str; 52] = [
    "refer to ", "it would be nice",
    "note:", "note ", "notes:", "n.b", "nb:", "actual", "workaround", "fixed in", "this is ",
    "this was ", "this will ", "i ", "i'm ", "i've ", "we ", "see attached", "see screenshot",
    "see video", "screenshot", "attached", "thanks", "thank you", "sorry", "if you need",
    "environment", "tested on", "tested with", "result:", "results:", "tiapp", "platform:",
    "device:", "build:", "version", "titanium sdk", "appc cli", "node version", "os:", "sdk:",
    "it seems", "it looks", "if you ", "tested ", "verified ", "so ", "but ", "because ",
    "there is ", "there are ", "same as ",
];

/// What stands over steps.
#[rustfmt::skip]
pub const HEADINGS: [&str; 19] = [
    "test code", "test result", "test results", "test steps", "test case", "test cases", "steps",
    "sample code", "result", "test environment", "steps to reproduce", "expected result",
    "actual result", "sample app", "regression", "code sample", "test passed", "test failed",
    "main window",
];

/// Words of what goes wrong.
#[rustfmt::skip]
pub const FAULTS: [&str; 48] = [
    "but", "however", "skewed", "truncated",
    "crash", "crashes", "crashed", "error", "errors", "exception", "fails", "fail", "failed",
    "failure", "freezes", "hangs", "not", "doesn't", "doesnt", "didn't", "isn't", "aren't",
    "won't", "can't", "cannot", "never", "nothing", "wrong", "incorrect", "incorrectly",
    "missing", "disappears", "disappeared", "blank", "broken", "stuck", "unable", "bug", "issue",
    "problem", "unresponsive", "leak", "flickers", "unexpected", "instead", "still", "twice",
    "longer",
];

/// Single words that are remarks and no places.
#[rustfmt::skip]
pub const PASSING: [&str; 8] = [
    "see", "thanks", "done", "none", "yes", "result", "optional", "pass",
];
