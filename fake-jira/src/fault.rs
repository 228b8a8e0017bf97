//! The switches.

use serde_json::json;

use crate::answer::{Answer, Special, answer, html, ok, refuse};
use crate::api::Asked;
use crate::{Jira, TOKEN};

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Every other page is empty and has a token.
    EmptyPages,
    /// The token of the next page is always the same.
    RepeatedToken,
    /// `isLast` is never there.
    NoIsLast,
    /// The last page's token is `null`.
    NullToken,
    /// `isLast` is true on the last page, which has a token all the same.
    TokenOnLast,
    /// Pages have fewer issues than asked for.
    ShortPages,
    /// Pages without an issue and no end.
    EndlessEmpty,
    /// 410 for every search.
    Gone,
    /// 400 for milliseconds in JQL.
    NoMillis,
    /// 429 with an HTML page and no time.
    Html429,
    /// 429 with `Retry-After` in seconds.
    RetrySeconds,
    /// 429 with `Retry-After` as a date, a second ahead.
    RetryDate,
    /// 429 with `X-RateLimit-Reset` without seconds, at the next minute.
    ResetMinute,
    /// 429 with `Retry-After` of two days.
    RetryDays,
    /// 503 with `Retry-After: 1`.
    Unavailable,
    /// 502 with an HTML page.
    BadGateway,
    /// 403 with the header of a CAPTCHA.
    Captcha,
    /// 403 without more.
    Forbidden,
    /// 200 with an empty body and the header of a failed log-in.
    Seraph,
    /// Searches see nothing, with 200, and nobody is logged in: expired credentials.
    Anonymous,
    /// 302 to another host.
    Redirect,
    /// No answer for a long time.
    Hang,
    /// The body ends in the middle.
    CutOff,
    /// A body of 80 MB.
    Huge,
    /// 200 with an HTML page.
    NotJson,
    /// 200 with `total: -1` and no issues.
    NoIssues,
    /// 400 with a body that repeats the credentials.
    Echo,
}

impl Fault {
    /// All of them, by name.
    pub const ALL: [(&'static str, Fault); 27] = [
        ("empty-pages", Fault::EmptyPages),
        ("repeated-token", Fault::RepeatedToken),
        ("no-is-last", Fault::NoIsLast),
        ("null-token", Fault::NullToken),
        ("token-on-last", Fault::TokenOnLast),
        ("short-pages", Fault::ShortPages),
        ("endless-empty", Fault::EndlessEmpty),
        ("gone", Fault::Gone),
        ("no-millis", Fault::NoMillis),
        ("html-429", Fault::Html429),
        ("retry-seconds", Fault::RetrySeconds),
        ("retry-date", Fault::RetryDate),
        ("reset-minute", Fault::ResetMinute),
        ("retry-days", Fault::RetryDays),
        ("unavailable", Fault::Unavailable),
        ("bad-gateway", Fault::BadGateway),
        ("captcha", Fault::Captcha),
        ("forbidden", Fault::Forbidden),
        ("seraph", Fault::Seraph),
        ("anonymous", Fault::Anonymous),
        ("redirect", Fault::Redirect),
        ("hang", Fault::Hang),
        ("cut-off", Fault::CutOff),
        ("huge", Fault::Huge),
        ("not-json", Fault::NotJson),
        ("no-issues", Fault::NoIssues),
        ("echo", Fault::Echo),
    ];
}

/// Faults that any request but the log-in may meet.
pub fn for_all(jira: &mut Jira, asked: &Asked) -> Option<Answer> {
    if asked.path.ends_with("/serverInfo") || asked.path.ends_with("/myself") {
        return None;
    }
    let now = jira.time();
    let date = |text: &str| {
        now.checked_add(jiff::SignedDuration::from_secs(1))
            .map(|at| at.strftime(text).to_string())
    };
    let next_minute = now.as_second() / 60 * 60 + 60;
    let minute = jiff::Timestamp::from_second(next_minute)
        .map(|at| at.strftime("%Y-%m-%dT%H:%MZ").to_string());
    let mut on = |fault| jira.takes(fault);
    let special = |special| {
        Some(Answer {
            special,
            ..ok(&json!({"issues": [], "padding": "x".repeat(4_000)}))
        })
    };
    match () {
        () if on(Fault::Html429) => Some(html(429)),
        () if on(Fault::RetrySeconds) => Some(html(429).with("Retry-After", "1")),
        () if on(Fault::RetryDate) => Some(html(429).with(
            "Retry-After",
            date("%a, %d %b %Y %H:%M:%S GMT").unwrap_or_default(),
        )),
        () if on(Fault::ResetMinute) => Some(
            refuse(429, "Rate limit exceeded.")
                .with("X-RateLimit-Reset", minute.unwrap_or_default())
                .with("X-RateLimit-Remaining", "0")
                .with("RateLimit-Reason", "jira-burst-based"),
        ),
        () if on(Fault::RetryDays) => Some(html(429).with("Retry-After", "172800")),
        () if on(Fault::Unavailable) => Some(html(503).with("Retry-After", "1")),
        () if on(Fault::BadGateway) => Some(html(502)),
        () if on(Fault::Captcha) => Some(html(403).with(
            "X-Authentication-Denied-Reason",
            "CAPTCHA_CHALLENGE; login-url=https://jira.example.com/login.jsp",
        )),
        () if on(Fault::Forbidden) => Some(refuse(403, "You do not have the permission.")),
        () if on(Fault::Seraph) => Some(
            answer(200, "application/json", String::new())
                .with("X-Seraph-LoginReason", "AUTHENTICATED_FAILED"),
        ),
        () if on(Fault::Redirect) => {
            Some(html(302).with("Location", "https://elsewhere.example.com/login?token=1"))
        }
        () if on(Fault::Hang) => special(Special::Hang),
        () if on(Fault::CutOff) => special(Special::CutOff),
        () if on(Fault::Huge) => Some(answer(200, "application/json", "x".repeat(80 << 20))),
        () if on(Fault::NotJson) => Some(html(200)),
        () if on(Fault::NoIssues) => Some(ok(&json!({"total": -1}))),
        () if on(Fault::Echo) => Some(refuse(
            400,
            &format!("odd: {} {TOKEN}", asked.authorization),
        )),
        () if on(Fault::Gone) => Some(refuse(
            410,
            "The requested API has been removed. CHANGE-2046",
        )),
        () => None,
    }
}
