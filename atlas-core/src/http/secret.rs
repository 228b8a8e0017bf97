//! A text that is sent and never shown.

use std::fmt;

/// A password or token. `Debug` and `Display` show that there is one, not what it is.
///
/// ```
/// use atlas_core::http::Secret;
/// let secret = Secret::new("hunter2");
/// assert_eq!(format!("{secret} {secret:?}"), "*** Secret(***)");
/// assert_eq!(secret.expose(), "hunter2");
/// ```
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Keeps a text secret.
    pub fn new(text: impl Into<String>) -> Self {
        Secret(text.into())
    }

    /// The text, for the one place that sends it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// A text in which this secret does not appear: a server may repeat what it was sent. Its
    /// first eight characters are hidden too, and more of it as far as it goes on, whatever is
    /// between them that is not seen.
    ///
    /// ```
    /// use atlas_core::http::Secret;
    /// let secret = Secret::new("correct-horse-battery");
    /// assert_eq!(secret.hide_in("refused: correct-hor…"), "refused: ***…");
    /// assert_eq!(secret.hide_in("correct\u{0}-horse\n-battery is wrong"), "*** is wrong");
    /// ```
    pub fn hide_in(&self, text: &str) -> String {
        hidden(text, &self.0)
    }
}

/// So much of a secret tells it from other words.
const TELLING: usize = 8;

/// A text without a secret, and without what begins as the secret does.
pub(crate) fn hidden(text: &str, secret: &str) -> String {
    // A scheme is no secret.
    let scheme = secret
        .find("://")
        .map_or(0, |at| secret[..at].chars().count() + 3);
    let secret: Vec<char> = secret.chars().filter(|c| !is_unseen(*c)).collect();
    let least = secret.len().min(scheme + TELLING);
    if least == 0 {
        return text.to_owned();
    }
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(first) = rest.chars().next() {
        let (length, count) = common(rest, &secret);
        if count >= least {
            out.push_str("***");
            rest = &rest[length..];
            // What only begins as the secret does may be another one: the whole word goes.
            if count < secret.len() {
                rest = rest.trim_start_matches(|c: char| c.is_alphanumeric() || "-_".contains(c));
            }
        } else {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    out
}

/// How far a text goes on as a secret does: the bytes of the text, the characters of the secret.
fn common(text: &str, secret: &[char]) -> (usize, usize) {
    let (mut length, mut count) = (0, 0);
    for (at, c) in text.char_indices() {
        if count > 0 && is_unseen(c) {
            continue;
        }
        if secret.get(count) != Some(&c) {
            break;
        }
        (length, count) = (at + c.len_utf8(), count + 1);
    }
    (length, count)
}

/// What is taken out of a text before it is shown, or not seen in it.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || c.is_whitespace()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_echo_is_hidden_however_it_is_written() {
        let token = "ATATT3xFfGF0-planted-token";
        let secret = Secret::new(token);
        for echo in [
            token.to_owned(),
            token[..9].to_owned(),
            token[..20].to_owned(),
            token.chars().flat_map(|c| [c, '\u{1}']).collect(),
            token.chars().flat_map(|c| ['\n', c]).collect(),
            token.replace('-', "\u{200b}-\u{feff}"),
            format!("x{token}{token}"),
        ] {
            let shown = secret.hide_in(&format!("bad \"{echo}\": no"));
            let seen: String = shown.chars().filter(|c| !is_unseen(*c)).collect();
            assert!(!seen.contains(&token[..8]), "{echo:?}: {shown}");
            assert!(
                seen.starts_with("bad\"") && seen.ends_with("\":no"),
                "{shown}"
            );
        }
        // Words that only begin alike stay, and so does a secret's scheme.
        assert_eq!(secret.hide_in("ATATT is a prefix"), "ATATT is a prefix");
        let address = Secret::new("https://me:planted@x");
        assert_eq!(
            address.hide_in("https://example.com"),
            "https://example.com"
        );
        assert_eq!(address.hide_in("https://me:planted@x/a"), "***/a");
        assert_eq!(
            Secret::new("abc").hide_in("abcd a\u{0}bc ab"),
            "***d *** ab"
        );
        assert_eq!(Secret::new("").hide_in("text"), "text");
    }
}
