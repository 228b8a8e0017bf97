//! What a tag says.

use crate::domain::{MOST_MINUTES, TicketKey};
use crate::exchange::pattern_fields::is_retired;

/// A tag, by what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::exchange::cases) enum ScenarioTag {
    Ticket(TicketKey),
    Id(String),
    Kind(String),
    Component(String),
    Minutes(u32),
    /// Whether it is still in use.
    Status(bool),
    Label(String),
}

/// Reads a tag without its `@`.
pub(in crate::exchange::cases) fn read(tag: &str) -> ScenarioTag {
    if let Some((name, value)) = tag.split_once(':').filter(|(_, value)| !value.is_empty()) {
        match name {
            "id" => return ScenarioTag::Id(decoded(value)),
            "type" => return ScenarioTag::Kind(decoded(&value.replace('_', " "))),
            "component" => return ScenarioTag::Component(decoded(&value.replace('_', " "))),
            "status" => return ScenarioTag::Status(!is_retired(value)),
            "minutes" => {
                if let Ok(minutes @ 1..=MOST_MINUTES) = value.parse() {
                    return ScenarioTag::Minutes(minutes);
                }
            }
            _ => {}
        }
    }
    if let Some(key) = tag.strip_prefix("TEST_")
        && TicketKey::parse(key).is_ok()
    {
        return ScenarioTag::Id(key.to_owned());
    }
    let key = tag.strip_prefix("REQ_").unwrap_or(tag);
    let is_key = key.chars().all(|c| !c.is_ascii_lowercase());
    match TicketKey::parse(key) {
        Ok(key) if is_key => ScenarioTag::Ticket(key),
        _ => ScenarioTag::Label(decoded(tag)),
    }
}

/// A text as a tag that means it: what a tag cannot hold, and what would mean something else, as
/// `%` and two digits.
pub(in crate::exchange::cases) fn word(text: &str) -> String {
    let tag = encoded(text, |c| c == '%' || c == '@' || c == '#');
    match read(&tag) {
        ScenarioTag::Label(label) if label == text => tag,
        _ => {
            let first = text.chars().next().map_or(0, char::len_utf8);
            encoded(&text[..first], |_| true) + &encoded(&text[first..], |c| "%@#".contains(c))
        }
    }
}

/// The same for what is named `type:` or `component:`, with `_` for a blank.
pub(in crate::exchange::cases) fn spaced(text: &str) -> String {
    encoded(text, |c| {
        "%@#_".contains(c) || (c.is_whitespace() && c != ' ')
    })
    .replace("%20", "_")
}

fn encoded(text: &str, is_special: impl Fn(char) -> bool) -> String {
    let mut tag = String::new();
    let mut buffer = [0; 4];
    for c in text.chars() {
        if is_special(c) || c.is_whitespace() || c.is_control() {
            for byte in c.encode_utf8(&mut buffer).bytes() {
                tag.push_str(&format!("%{byte:02X}"));
            }
        } else {
            tag.push(c);
        }
    }
    tag
}

fn decoded(tag: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = tag.as_bytes();
    while let [first, after @ ..] = rest {
        let hex = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let code = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (first, code) {
            (b'%', Some(code)) => {
                bytes.push(code);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| tag.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_say_what_they_are() {
        let key = |key| TicketKey::parse(key).unwrap();
        assert_eq!(read("WRKA-7"), ScenarioTag::Ticket(key("WRKA-7")));
        assert_eq!(read("REQ_WRKA-7"), ScenarioTag::Ticket(key("WRKA-7")));
        assert_eq!(read("TEST_WRKA-8"), ScenarioTag::Id("WRKA-8".into()));
        assert_eq!(read("id:MM-T4"), ScenarioTag::Id("MM-T4".into()));
        assert_eq!(read("utf-8"), ScenarioTag::Label("utf-8".into()));
        assert_eq!(
            read("type:Form_Submission"),
            ScenarioTag::Kind("Form Submission".into())
        );
        assert_eq!(read("minutes:90"), ScenarioTag::Minutes(90));
        let endless = "minutes:4294967295";
        assert_eq!(read(endless), ScenarioTag::Label(endless.into()));
    }

    #[test]
    fn any_label_fits_in_a_tag() {
        for label in [
            "smoke",
            "two words",
            "WRKA-7",
            "id:x",
            "100%",
            "a@b#c",
            "ü ß",
            "minutes:3",
        ] {
            let tag = word(label);
            assert!(!tag.contains(char::is_whitespace), "{tag}");
            assert_eq!(read(&tag), ScenarioTag::Label(label.into()), "{tag}");
        }
        assert_eq!(
            read(&format!("type:{}", spaced("a_b c%"))),
            ScenarioTag::Kind("a_b c%".into())
        );
    }
}
