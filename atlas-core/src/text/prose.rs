//! What of a text is prose: the words that say what a ticket is about.

use super::plain::outside_code;

/// How many characters of a text are read. What a ticket is about stands at its beginning; the
/// largest descriptions are pasted logs.
pub const READ_LIMIT: usize = 20_000;

/// The prose of a text in the plain form: one line each for headings, items and paragraph lines.
///
/// Left out are code, stack traces and log lines, addresses, long hexadecimal and base64 words,
/// attachments, and the marks of headings, items, quotes and tables. At most [`READ_LIMIT`]
/// characters are read.
///
/// ```
/// use atlas_core::text::prose;
/// let text = "# Crash\n\n- tap Save (http://x.y/z)\n\n```\nx();\n```\n[ERROR] no\n  at a.b.C(C.java:1)\n| a | b |";
/// assert_eq!(prose::prose(text), "Crash\ntap Save\na b");
/// ```
pub fn prose(text: &str) -> String {
    let end = text.char_indices().nth(READ_LIMIT);
    let text = end.map_or(text, |(end, _)| &text[..end]);
    let mut out = String::new();
    for line in outside_code(text) {
        let line = unmarked(line);
        if is_log(line) {
            continue;
        }
        let start = out.len();
        for word in without_attachments(line).split_whitespace() {
            if !is_noise(word) {
                out.push(if out.len() > start { ' ' } else { '\n' });
                out.push_str(word);
            }
        }
        // A line without a letter says nothing.
        if !out[start..].contains(char::is_alphabetic) {
            out.truncate(start);
        }
    }
    out.trim_start().to_owned()
}

/// A summary without the component or project that it begins with, for scoring predictions of
/// exactly that: `iOS: …`, `[Android] …`, `TIMOB - …`, `Reporting > Statistics: …`.
///
/// ```
/// use atlas_core::text::prose::summary_without_prefix;
/// assert_eq!(summary_without_prefix("[Android] Ti.Map: pins vanish"), "pins vanish");
/// assert_eq!(summary_without_prefix("Pins vanish - sometimes, and only at night: a riddle"), "sometimes, and only at night: a riddle");
/// assert_eq!(summary_without_prefix("Look at http://x.y"), "Look at http://x.y");
/// ```
pub fn summary_without_prefix(summary: &str) -> &str {
    let mut rest = summary.trim();
    // Project, platform and module, no more.
    for _ in 0..3 {
        match after_prefix(rest) {
            Some(after) if after.chars().count() >= 3 => rest = after,
            _ => break,
        }
    }
    rest
}

fn after_prefix(summary: &str) -> Option<&str> {
    if let Some(body) = summary.strip_prefix('[') {
        let (name, rest) = body.split_once(']')?;
        let rest = rest.trim_start_matches([':', '-', ' ', '–']);
        return (name.chars().count() <= 40).then_some(rest);
    }
    let colon = summary.find(':');
    let dash = [" - ", " – ", " — "].iter().find_map(|d| summary.find(d));
    let cut = colon.into_iter().chain(dash).min()?;
    let (name, rest) = summary.split_at(cut);
    let rest = rest.trim_start_matches([':', '-', '–', '—', ' ']);
    let is_name = name.chars().count() <= 40
        && name.split_whitespace().filter(|w| *w != ">").count() <= 4
        && !name.contains(['"', '(', '\''])
        && !rest.starts_with('/');
    is_name.then_some(rest)
}

/// A line without the marks of the plain form.
fn unmarked(line: &str) -> &str {
    let line = line.trim_start_matches([' ', '>', '\t']);
    let line = line.trim_start_matches('#').trim_start();
    let line = line.strip_prefix("- ").unwrap_or(line);
    let task = line.strip_prefix("[ ] ").or(line.strip_prefix("[x] "));
    let line = task.unwrap_or(line);
    let number = super::list_items::numbered(line);
    number.map_or(line, |(_, rest)| rest)
}

fn without_attachments(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("[attachment") {
        out.push_str(before);
        rest = after.split_once(']').map_or("", |(_, after)| after);
    }
    out + rest
}

/// A word that means nothing: an address, a bar, a hash, an encoded value.
fn is_noise(word: &str) -> bool {
    if word == "|" || word.contains("://") || word.starts_with("www.") {
        return true;
    }
    let core = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let count = |is: fn(&u8) -> bool| core.bytes().filter(is).count();
    let digits = count(u8::is_ascii_digit);
    let hex = core.strip_prefix("0x").unwrap_or(core);
    let is_hex = hex.len() >= 16 || (core.len() > hex.len() && hex.len() >= 6);
    (is_hex && digits > 0 && hex.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-'))
        || (core.len() >= 32
            && digits >= 3
            && count(u8::is_ascii_uppercase) >= 3
            && count(u8::is_ascii_lowercase) >= 3
            && core
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"+/=_-".contains(&b)))
}

/// A line of a stack trace or a log.
fn is_log(line: &str) -> bool {
    let levels = [
        "INFO", "DEBUG", "WARN", "ERROR", "TRACE", "FATAL", "VERBOSE",
    ];
    let bracketed = line
        .strip_prefix('[')
        .is_some_and(|rest| levels.iter().any(|level| rest.starts_with(level)));
    let starts = ["Caused by:", "Traceback (most", "goroutine "];
    bracketed
        || is_frame(line)
        || is_logcat(line)
        || starts_with_time(line)
        || starts.iter().any(|start| line.starts_with(start))
}

/// `at a.b.C(C.java:1)`, `... 12 more`, `File "x.py", line 3`, `#0 0x00007fff …`.
fn is_frame(line: &str) -> bool {
    let at = line.strip_prefix("at ").is_some_and(|place| {
        let line_number = place
            .split(':')
            .skip(1)
            .any(|part| part.starts_with(|c: char| c.is_ascii_digit()));
        place.contains('(') && (line_number || place.ends_with(')'))
            || line_number && place.contains(['.', '/'])
    });
    let more = line.starts_with("... ") && line.ends_with(" more");
    let python = line.starts_with("File \"") && line.contains(", line ");
    let native = line.starts_with(|c: char| c == '#' || c.is_ascii_digit()) && line.contains(" 0x");
    at || more || python || native
}

/// `E/Tag( 8248): …`
fn is_logcat(line: &str) -> bool {
    let bytes = line.as_bytes();
    matches!(bytes, [b'V' | b'D' | b'I' | b'W' | b'E' | b'F', b'/', third, ..] if third.is_ascii_alphanumeric())
        && line.contains(':')
}

/// `2011-04-07 10:34:44.123 …`, `12-05 10:11:12 …`, `[10:34:44] …`
fn starts_with_time(line: &str) -> bool {
    let is_date = |word: &str| {
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        digits >= 4
            && word
                .bytes()
                .all(|b| b.is_ascii_digit() || b"-/.[".contains(&b))
    };
    let is_time = |word: &str| {
        let word = word.trim_matches(['[', ']', ',']);
        word.bytes().filter(|b| *b == b':').count() >= 2
            && word
                .bytes()
                .all(|b| b.is_ascii_digit() || b":.,+ZT-".contains(&b))
    };
    let mut words = line.split_whitespace();
    match words.next() {
        Some(first) if is_time(first) => true,
        Some(first) => is_date(first) && words.next().is_some_and(is_time),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_and_noise_goes() {
        let text = "Meet at noon (in the lobby)\nat com.a.B.c(B.java:12)\nE/Tag( 82): no\n\
            2011-04-07 10:34:44 no\n10:30 is fine\nhash 0123456789abcdef0 [attachment my shot.png] 😀 é\n\
            ABCdef0123456789ABCdef0123456789ABCdef== ok\n- [ ] 1. task\n---\nC:\\dir";
        assert_eq!(
            prose(text),
            "Meet at noon (in the lobby)\n10:30 is fine\nhash 😀 é\nok\ntask\nC:\\dir"
        );
    }

    #[test]
    fn an_open_fence_hides_nothing() {
        assert_eq!(prose("a\n```\nb\n```\nc\n```\nd"), "a\nc\nd");
    }

    #[test]
    fn no_more_than_the_limit_is_read() {
        assert!(prose(&"é ".repeat(1_000_000)).chars().count() <= READ_LIMIT);
    }

    #[test]
    fn prefixes_go() {
        for (summary, rest) in [
            ("iOS: map is grey", "map is grey"),
            ("TIMOB - map is grey", "map is grey"),
            ("Android - map is grey", "map is grey"),
            ("Reporting > Site Statistics: wrong dates", "wrong dates"),
            (
                "Map is grey when the user, having waited: nothing",
                "Map is grey when the user, having waited: nothing",
            ),
            ("[iOS]", "[iOS]"),
            ("", ""),
            ("e-mail is lost", "e-mail is lost"),
        ] {
            assert_eq!(summary_without_prefix(summary), rest);
        }
    }
}
