//! The switches.

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
