//! Keeps credentials out of what a server says of itself.

use super::McpServer;
use crate::http::hidden;

/// Shorter values stand for too much.
const SHORTEST: usize = 6;
/// The longest reason that is passed on, in characters.
const MOST_CHARACTERS: usize = 300;

/// What must not be repeated.
#[derive(Default)]
pub(super) struct Secrets(Vec<String>);

impl Secrets {
    /// Every value of the environment that the host gives, but for plain addresses.
    pub(super) fn of_server(server: &McpServer) -> Self {
        let is_address = |value: &str| value.starts_with("http") && !value.contains('@');
        let values = server.environment().filter(|value| !is_address(value));
        Secrets::new(values.map(str::to_owned))
    }

    pub(super) fn new(values: impl IntoIterator<Item = String>) -> Self {
        let mut all: Vec<String> = Vec::new();
        for value in values {
            // What has several lines may be repeated in part, and quoted as JSON does it.
            for line in value.lines().map(str::trim) {
                let quoted = serde_json::Value::from(line).to_string();
                all.push(quoted.trim_matches('"').to_owned());
                all.push(line.to_owned());
            }
        }
        all.retain(|value| value.len() >= SHORTEST);
        // One may be part of another.
        all.sort_by_key(|value| std::cmp::Reverse(value.len()));
        all.dedup();
        Secrets(all)
    }

    /// The text on one line, shortened, without secrets and without what follows an
    /// authentication scheme.
    pub(super) fn removed(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for secret in &self.0 {
            text = hidden(&text, secret);
        }
        let mut words = Vec::new();
        let mut hide = false;
        for word in text.split_whitespace() {
            words.push(if hide { "***" } else { word });
            let bare = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
            hide = ["basic", "bearer"].contains(&bare.to_ascii_lowercase().as_str());
        }
        let line = words.join(" ");
        match line.char_indices().nth(MOST_CHARACTERS) {
            Some((end, _)) => format!("{}…", &line[..end]),
            None => line,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_credential_is_repeated() {
        let server = McpServer::new("x")
            .env("JIRA_URL", "https://jira.example.com")
            .env("JIRA_API_TOKEN", "planted-token")
            .env("LONGER", "planted-token-and-more")
            .env("SEVERAL", "first line\nsecond \"line\"")
            .env("FLAG", "true");
        let secrets = Secrets::of_server(&server);
        let said = "401 for https://jira.example.com: planted-token-and-more planted-token\n\
                    Authorization: Basic bWU6cGxhbnRlZA== true";
        assert_eq!(
            secrets.removed(said),
            "401 for https://jira.example.com: *** *** Authorization: Basic *** true"
        );
        let quoted = r#"{"a": "first line\nsecond \"line\""} second "line""#;
        let removed = secrets.removed(&format!("{quoted}\""));
        assert!(!removed.contains("line"), "{removed}");
        assert_eq!(secrets.removed(&"é".repeat(999)).chars().count(), 301);
    }
}
