//! What Jira's answers mean: JSON, or an error that says cause and remedy.

use serde_json::Value;

use super::settings::Credentials;
use crate::Error;
use crate::error::{JiraError, JiraFault};
use crate::http::{Failure, Response};

/// Characters of a server's own words that an error repeats.
const MOST_WORDS: usize = 300;

/// Makes errors for one Jira: names its host, hides its credentials.
#[derive(Debug, Clone)]
pub(super) struct AnswerReader {
    pub(super) host: String,
    pub(super) credentials: Credentials,
}

impl AnswerReader {
    pub(super) fn error(&self, fault: JiraFault, reason: &str) -> Error {
        let said = self.credentials.hide_in(reason);
        let mut reason: String = said.chars().filter(|c| !c.is_control()).collect();
        if let Some((end, _)) = reason.char_indices().nth(MOST_WORDS) {
            reason.truncate(end);
            reason.push('…');
        }
        Error::Jira(JiraError {
            fault,
            host: self.host.clone(),
            reason,
            retry_at: None,
        })
    }

    /// The error of a request that has no answer.
    pub(super) fn failure(&self, failure: Failure) -> Error {
        match failure {
            Failure::Cancelled => Error::Cancelled,
            Failure::Transport(error) => self.error(JiraFault::Unreachable, &error.reason),
            Failure::RateLimited { until } => Error::Jira(JiraError {
                fault: JiraFault::RateLimited,
                host: self.host.clone(),
                reason: String::new(),
                retry_at: until,
            }),
        }
    }

    /// The JSON of a good answer.
    pub(super) fn json(&self, response: &Response) -> Result<Value, Error> {
        if let Some(fault) = login_fault(response) {
            return Err(self.error(fault, "its header says that the log-in failed"));
        }
        match response.status {
            200..=299 => {}
            300..=399 => return Err(self.redirected(response)),
            status => return Err(self.error(fault_of(status), &words(response))),
        }
        let value = serde_json::from_slice(&response.body).ok();
        value.filter(Value::is_object).ok_or_else(|| {
            let reason = match response.body.is_empty() {
                true => "the answer is empty",
                false => "the answer is not a JSON object",
            };
            self.error(JiraFault::BadAnswer, reason)
        })
    }

    /// Only the host is named: the rest of the address may hold a token.
    fn redirected(&self, response: &Response) -> Error {
        let target = response.header("location").unwrap_or_default();
        let host = target.split_once("://").map_or("", |(_, rest)| rest);
        let host = host.split(['/', '?', '#']).next().unwrap_or_default();
        let host = host.rsplit('@').next().unwrap_or_default();
        let reason = match host {
            "" => "it sends elsewhere; credentials are not sent after it".to_owned(),
            host => format!("it sends to {host}; credentials are not sent after it"),
        };
        self.error(JiraFault::BadAnswer, &reason)
    }
}

/// Jira may answer a failed log-in with 200 and what anybody may see.
fn login_fault(response: &Response) -> Option<JiraFault> {
    let says = |name: &str, word: &str| {
        let value = response.header(name).unwrap_or_default();
        value.to_ascii_uppercase().contains(word)
    };
    if says("x-authentication-denied-reason", "CAPTCHA")
        || says("x-seraph-loginreason", "AUTHENTICATION_DENIED")
    {
        return Some(JiraFault::Captcha);
    }
    says("x-seraph-loginreason", "AUTHENTICATED_FAILED").then_some(JiraFault::Unauthorized)
}

fn fault_of(status: u16) -> JiraFault {
    match status {
        401 => JiraFault::Unauthorized,
        403 => JiraFault::Forbidden,
        404 => JiraFault::NotFound,
        410 => JiraFault::Gone,
        429 => JiraFault::RateLimited,
        400..=499 => JiraFault::Refused,
        _ => JiraFault::Unreachable,
    }
}

/// What Jira says went wrong; of a page that is no JSON only its status.
fn words(response: &Response) -> String {
    let status = format!("status {}", response.status);
    let Ok(body) = serde_json::from_slice::<Value>(&response.body) else {
        return status;
    };
    let mut words = vec![status];
    if let Some(messages) = body["errorMessages"].as_array() {
        words.extend(messages.iter().filter_map(Value::as_str).map(str::to_owned));
    }
    if let Some(errors) = body["errors"].as_object() {
        let named = errors
            .iter()
            .filter_map(|(field, said)| Some(format!("{field}: {}", said.as_str()?)));
        words.extend(named);
    }
    let single = ["message", "errorMessage"]
        .iter()
        .filter_map(|name| body[*name].as_str());
    words.extend(single.map(str::to_owned));
    words.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Secret;

    fn answers() -> AnswerReader {
        AnswerReader {
            host: "jira.example.com".into(),
            credentials: Credentials::Bearer(Secret::new("planted")),
        }
    }

    fn code(status: u16, header: Option<(&str, &str)>, body: &str) -> (String, String) {
        let response = Response {
            status,
            headers: header
                .map(|(n, v)| (n.into(), v.into()))
                .into_iter()
                .collect(),
            body: body.into(),
        };
        let error = answers().json(&response).unwrap_err();
        (error.code().to_owned(), format!("{error} {error:?}"))
    }

    #[test]
    fn each_answer_has_its_error_and_none_shows_the_token() {
        let captcha = (
            "X-Authentication-Denied-Reason",
            "CAPTCHA_CHALLENGE; login-url=https://x",
        );
        let failed = ("X-Seraph-LoginReason", "AUTHENTICATED_FAILED");
        let away = (
            "Location",
            "https://planted@login.example.com/?token=planted",
        );
        for (status, header, body, expected, said) in [
            (
                400,
                None,
                r#"{"errorMessages":["bad JQL: planted"]}"#,
                "JIRA_REFUSED",
                "bad JQL: ***",
            ),
            (
                400,
                None,
                r#"{"errors":{"jql":"odd"}}"#,
                "JIRA_REFUSED",
                "jql: odd",
            ),
            (
                401,
                None,
                "<html>planted</html>",
                "JIRA_UNAUTHORIZED",
                "API token",
            ),
            (403, None, "{}", "JIRA_FORBIDDEN", "permission"),
            (403, Some(captcha), "", "JIRA_CAPTCHA", "browser"),
            (404, None, r#"{"message":"Site"}"#, "JIRA_NOT_FOUND", "Site"),
            (
                410,
                None,
                r#"{"errorMessages":["CHANGE-2046"]}"#,
                "JIRA_GONE",
                "CHANGE-2046",
            ),
            (500, None, "<html>", "JIRA_UNREACHABLE", "status 500"),
            (302, Some(away), "", "JIRA_BAD_ANSWER", "login.example.com"),
            (200, Some(failed), "", "JIRA_UNAUTHORIZED", "log-in failed"),
            (200, None, "<html>", "JIRA_BAD_ANSWER", "login page"),
            (200, None, "", "JIRA_BAD_ANSWER", "empty"),
            (200, None, "[]", "JIRA_BAD_ANSWER", "JSON object"),
        ] {
            let (code, text) = code(status, header, body);
            assert_eq!(code, expected, "{status} {body}");
            assert!(text.contains(said), "{text}");
            assert!(!text.contains("planted"), "{text}");
        }
    }
}
