//! What the readers underneath say of a value that they cannot read, in the words of testers.

/// What a type of the code is called outside it.
const EXPECTED: [(&[&str], &str); 9] = [
    (
        &["u8", "u16", "u32", "u64", "u128", "usize"],
        "a whole number from 0 on",
    ),
    (
        &["i8", "i16", "i32", "i64", "i128", "isize"],
        "a whole number",
    ),
    (&["f32", "f64"], "a number"),
    (&["a boolean", "bool"], "true or false"),
    (
        &["a string", "a borrowed string", "string", "str"],
        "a text",
    ),
    (&["a sequence", "sequence"], "a list"),
    (&["a map", "map"], "an object"),
    (&["unit", "unit value", "Option value", "option"], "null"),
    (&["a character", "char"], "one character"),
];

/// What is said of numbers and switches that stand in an address or a cell.
const ALONE: [(&str, &str); 8] = [
    (
        "invalid digit found in string",
        "a whole number is expected",
    ),
    (
        "cannot parse integer from empty string",
        "a whole number is expected, and nothing is there",
    ),
    (
        "number too large to fit in target type",
        "the number is too large",
    ),
    (
        "number too small to fit in target type",
        "the number is too small",
    ),
    ("invalid float literal", "a number is expected"),
    (
        "provided string was not `true` or `false`",
        "true or false is expected",
    ),
    ("expected value", "a value is expected"),
    (
        "key must be a string",
        "a name in double quotes is expected",
    ),
];

/// A message of a reader of JSON, of a query or of an address, in plain words: types of the code
/// are named as what is to be written there.
///
/// ```
/// use atlas_core::error::plain_words;
/// let wrong = serde_json::from_str::<Vec<usize>>(r#"["x"]"#).unwrap_err();
/// assert_eq!(
///     plain_words(&wrong.to_string()),
///     r#"the text "x" is not a whole number from 0 on, at line 1 column 4"#
/// );
/// ```
pub fn plain_words(message: &str) -> String {
    let (message, place) = match message.rfind(" at line ") {
        Some(at) => (&message[..at], message[at..].replacen(" at", ", at", 1)),
        None => (message, String::new()),
    };
    sentence(message).unwrap_or_else(|| message.replace('`', "\"")) + &place
}

fn sentence(message: &str) -> Option<String> {
    if let Some((_, words)) = ALONE.iter().find(|(said, _)| *said == message) {
        return Some((*words).to_owned());
    }
    for kind in ["invalid type: ", "invalid value: ", "invalid length "] {
        if let Some((found, expected)) = rest(message, kind, ", expected ") {
            let found = match kind {
                "invalid length " => format!("a list of {found}"),
                _ => thing(found),
            };
            return Some(format!("{found} is not {}", wanted(expected)));
        }
    }
    if let Some(name) = message.strip_prefix("missing field ") {
        return Some(format!("{} is missing", quoted(name)));
    }
    if let Some(name) = message.strip_prefix("duplicate field ") {
        return Some(format!("{} is there twice", quoted(name)));
    }
    for kind in ["unknown field ", "unknown variant "] {
        if let Some((name, expected)) = rest(message, kind, ", expected ") {
            let names = expected.strip_prefix("one of ").unwrap_or(expected);
            let (name, names) = (quoted(name), names.replace('`', ""));
            return Some(format!("{name} is not known here; known is {names}"));
        }
    }
    if let Some((value, kind)) = rest(message, "Cannot parse ", " to a ") {
        // The name of a part of the address may stand before its value.
        let value = value.split(" with value ").last().unwrap_or(value);
        let kind = wanted(kind.trim_matches('`'));
        return Some(format!("{} is not {kind}", quoted(value)));
    }
    if message.starts_with("data did not match any variant") {
        return Some("none of the forms that are known here fits".to_owned());
    }
    let ended = message.strip_prefix("EOF while parsing ")?;
    Some(format!("the text ends within {}", wanted_any(ended)))
}

fn rest<'m>(message: &'m str, start: &str, between: &str) -> Option<(&'m str, &'m str)> {
    message.strip_prefix(start)?.split_once(between)
}

/// What was found: `string "x"`, `integer `5``, `sequence`.
fn thing(found: &str) -> String {
    let value = |name: &str| found.strip_prefix(name).map(|rest| rest.trim_matches('`'));
    if let Some(text) = found.strip_prefix("string ") {
        return format!("the text {text}");
    }
    for name in ["integer ", "floating point "] {
        if let Some(number) = value(name) {
            return format!("the number {number}");
        }
    }
    value("boolean ").map_or_else(|| wanted_any(found), str::to_owned)
}

/// What would be right.
fn wanted(expected: &str) -> String {
    match expected.split_once(' ') {
        Some(("struct" | "enum" | "tuple" | "variant" | "newtype", _)) => "an object".to_owned(),
        _ => wanted_any(expected),
    }
}

fn wanted_any(name: &str) -> String {
    let known = EXPECTED.iter().find(|(names, _)| names.contains(&name));
    known.map_or_else(|| name.replace('`', "\""), |(_, words)| (*words).to_owned())
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.trim_matches('`'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct AskedForm {
        limit: usize,
        share: Option<f64>,
        done: Option<bool>,
        names: Option<Vec<String>>,
        kind: Option<ValueKind>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum ValueKind {
        Old,
        New,
    }

    fn described(json: &str) -> String {
        plain_words(
            &serde_json::from_str::<AskedForm>(json)
                .unwrap_err()
                .to_string(),
        )
    }

    #[test]
    fn no_word_of_the_code_is_left() {
        for (json, words) in [
            (
                r#"{"limit": "x"}"#,
                r#"the text "x" is not a whole number from 0 on"#,
            ),
            (
                r#"{"limit": -1}"#,
                "the number -1 is not a whole number from 0 on",
            ),
            (r#"{"limit": 1, "share": true}"#, "true is not a number"),
            (r#"{"limit": 1, "done": []}"#, "a list is not true or false"),
            (r#"{"limit": 1, "names": {}}"#, "an object is not a list"),
            (r#"{"limit": 1, "names": [null]}"#, "null is not a text"),
            (
                r#"{"limit": 1, "kind": "blue"}"#,
                r#""blue" is not known here; known is old or new"#,
            ),
            (r#"{"done": true}"#, r#""limit" is missing"#),
            (r#"{"limit": 1, "limit": 2}"#, r#""limit" is there twice"#),
            (
                r#"{"limits": 1}"#,
                r#""limits" is not known here; known is limit, share"#,
            ),
            (r#"{"limit": 1"#, "the text ends within an object"),
            ("7", "the number 7 is not an object"),
        ] {
            let said = described(json);
            assert!(said.starts_with(words), "{json}: {said}");
            for code in ["usize", "f64", "struct", "variant", "`", "EOF", "sequence"] {
                assert!(!said.contains(code), "{said}");
            }
        }
        assert_eq!(
            plain_words("Cannot parse `id` with value `x` to a `i64`"),
            r#""x" is not a whole number"#
        );
        assert_eq!(
            plain_words("invalid digit found in string"),
            "a whole number is expected"
        );
    }
}
