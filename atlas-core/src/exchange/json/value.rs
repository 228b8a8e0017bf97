//! One JSON record: parsing, and what is done about records that the parser refuses.

use std::borrow::Cow;

use serde_json::Value;

use crate::exchange::budget::Budget;
use crate::exchange::encoding::as_windows;

/// Deeper values are flattened; the parser itself ends at 128.
const DEEPEST: usize = 100;

/// Reads one value; what is wrong with it is said in words.
pub(crate) fn parse(bytes: &[u8]) -> std::result::Result<Value, String> {
    Budget::of_record().take_json(bytes)?;
    let text = String::from_utf8_lossy(bytes);
    let error = match serde_json::from_str(&text) {
        Ok(mut value) => {
            let has = |code: &[u8]| memchr::memmem::find(bytes, code).is_some();
            if has(b"\\u008") || has(b"\\u009") {
                clean(&mut value);
            }
            return Ok(value);
        }
        Err(error) => error,
    };
    // Two things that real exports have and the parser refuses; their words are worth keeping.
    let repaired = flat(&whole_characters(&text));
    serde_json::from_str(&repaired).map_err(|_| {
        let mut reason = error.to_string();
        if let Some(at) = reason.find(" at line ") {
            reason.truncate(at);
        }
        let python = [": None", ": True", ": False", "{'", ", '"];
        let hint = match python.iter().any(|word| text.contains(word)) {
            true => "; it looks like Python's way to print values: write it with json.dumps",
            false => "",
        };
        format!(
            "not valid JSON: {reason} (character {}){hint}",
            error.column()
        )
    })
}

/// Control characters U+0080 to U+009F are meant as windows-1252 has them.
fn clean(value: &mut Value) {
    match value {
        Value::String(text) if text.contains(|c| ('\u{80}'..='\u{9f}').contains(&c)) => {
            let cleaned = text.chars().map(|c| match c {
                '\u{80}'..='\u{9f}' => as_windows(c).unwrap_or('\u{fffd}'),
                c => c,
            });
            *text = cleaned.collect();
        }
        Value::Array(values) => values.iter_mut().for_each(clean),
        Value::Object(members) => members.values_mut().for_each(clean),
        _ => {}
    }
}

/// Half emoji (`\ud83d` without its other half) as U+FFFD.
fn whole_characters(text: &str) -> Cow<'_, str> {
    let code = |text: &str| {
        let hex = text.strip_prefix("\\u")?.get(..4)?;
        u16::from_str_radix(hex, 16).ok()
    };
    if !text.contains("\\u") {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = match code(rest) {
            Some(0xd800..0xdc00) => match rest.get(6..).and_then(code) {
                Some(0xdc00..0xe000) => 12,
                _ => 0,
            },
            Some(0xdc00..0xe000) => 0,
            _ => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
        };
        if length == 0 {
            out.push_str("\\ufffd");
            rest = &rest[6..];
        } else {
            out.push_str(&rest[..length]);
            rest = &rest[length..];
        }
    }
    out.push_str(rest);
    out.into()
}

/// Values nested too deep become a text node with all the texts in them.
fn flat(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut depth = 0usize;
    let mut words: Vec<&str> = Vec::new();
    let mut last_key = "";
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let token = match c {
            '"' => string_at(rest),
            _ => &rest[..c.len_utf8()],
        };
        rest = &rest[token.len()..];
        let deep = depth >= DEEPEST;
        match c {
            '{' | '[' => depth += 1,
            '}' | ']' => depth = depth.saturating_sub(1),
            '"' if deep && rest.trim_start().starts_with(':') => last_key = token,
            '"' if deep && last_key == "\"text\"" => words.push(unquoted(token)),
            _ => {}
        }
        if !deep && depth < DEEPEST {
            out.push_str(token);
        } else if deep && depth < DEEPEST {
            let text = words.join(" ");
            out.push_str(&format!(r#"{{"type":"text","text":"{text}"}}"#));
            words.clear();
        }
    }
    out
}

fn unquoted(literal: &str) -> &str {
    let text = literal.strip_prefix('"').unwrap_or(literal);
    text.strip_suffix('"').unwrap_or(text)
}

/// The string literal at the start, quotes and all.
fn string_at(text: &str) -> &str {
    let mut escaped = false;
    for (i, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return &text[..=i],
            _ => {}
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_an_emoji_costs_a_character() {
        let value = parse(br#"{"a":"\ud83d\ude00 \ud83d x \\ud83d \u00e9"}"#).unwrap();
        assert_eq!(value["a"], "\u{1f600} \u{fffd} x \\ud83d é");
    }

    #[test]
    fn deep_values_keep_their_words() {
        let open = r#"{"type":"x","content":[{"type":"text","text":"w"},"#.repeat(10_000);
        let text = format!(
            r#"{{"d":{open}{{"text":"last \"one\""}}{},"key":"A-1"}}"#,
            "]}".repeat(10_000)
        );
        let value = parse(text.as_bytes()).unwrap();
        assert_eq!(value["key"], "A-1");
        let text = crate::text::adf::to_text(&value["d"]);
        assert_eq!(text.matches('w').count(), 10_000);
        assert!(text.ends_with("last \"one\""));
    }

    #[test]
    fn the_reason_is_in_words() {
        let reason = parse(b"{\"a\" 1}").unwrap_err();
        assert_eq!(reason, "not valid JSON: expected `:` (character 6)");
        assert!(parse(b"{\"a\": None}").unwrap_err().contains("Python"));
        assert_eq!(
            parse(br#"{"a":"5 \u0080\u0081"}"#).unwrap()["a"],
            "5 €\u{fffd}"
        );
    }
}
