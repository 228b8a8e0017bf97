//! The programs in the README and in the book, compiled and run with the other examples.
//!
//! `docs/check` says when a page with a program is missing here.

macro_rules! pages {
    ($($name:ident = $path:literal;)*) => {
        $(#[doc = include_str!($path)] struct $name;)*
    };
}

pages! {
    Readme = "../../README.md";
    Rust = "../../docs/src/tutorial/rust.md";
    Import = "../../docs/src/how-to/import.md";
    Jira = "../../docs/src/how-to/jira.md";
    McpTickets = "../../docs/src/how-to/mcp-tickets.md";
    Feedback = "../../docs/src/how-to/feedback.md";
    Measure = "../../docs/src/how-to/measure.md";
    Plugins = "../../docs/src/how-to/plugins.md";
    Backup = "../../docs/src/how-to/backup.md";
}
