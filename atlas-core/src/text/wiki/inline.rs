//! One line of wiki markup: emphasis, monospace, links, images, line breaks, escapes, cells.

use super::entities;
use crate::text::plain::PlainText;

/// Longer names are not those of an image.
const LONGEST_NAME: usize = 300;

enum InlineToken<'a> {
    /// Text as it stands.
    Text(&'a str),
    /// What an HTML entity means.
    Char(char),
    /// A character that may be an emphasis mark.
    Mark {
        mark: u8,
        at: usize,
        opens: bool,
        closes: bool,
    },
    Link {
        text: &'a str,
        url: &'a str,
    },
    Mention(&'a str),
    Attachment(&'a str),
    Break,
    Cell,
}

/// Writes a line; in a table row, a bar starts the next cell.
pub(super) fn write(out: &mut PlainText, line: &str, in_row: bool) {
    let tokens = InlineScanner::new(line, in_row).tokens();
    let paired = pairs(&tokens);
    for (token, paired) in tokens.iter().zip(paired) {
        match *token {
            InlineToken::Text(text) => out.text(text),
            InlineToken::Char(c) => out.text(c.encode_utf8(&mut [0; 4])),
            InlineToken::Mark { .. } if paired => {}
            InlineToken::Mark { at, .. } => out.text(&line[at..=at]),
            InlineToken::Link { text, url } => {
                // A link's text has no links in it, so this goes one level down only.
                write(out, text, false);
                out.link_target(text, url);
            }
            InlineToken::Mention(name) => out.text(&format!("@{name}")),
            InlineToken::Attachment(name) => out.attachment(name),
            InlineToken::Break => out.line_break(),
            InlineToken::Cell => out.cell(),
        }
    }
}

/// Which tokens are emphasis marks that have their other half.
fn pairs(tokens: &[InlineToken<'_>]) -> Vec<bool> {
    let mut paired = vec![false; tokens.len()];
    let mut open: [Option<usize>; 128] = [None; 128];
    for (i, token) in tokens.iter().enumerate() {
        match *token {
            InlineToken::Mark {
                mark,
                opens,
                closes,
                ..
            } => {
                let slot = &mut open[usize::from(mark & 127)];
                if closes && let Some(start) = slot.take() {
                    paired[start] = true;
                    paired[i] = true;
                } else if opens {
                    *slot = Some(i);
                }
            }
            InlineToken::Cell | InlineToken::Break => open = [None; 128],
            _ => {}
        }
    }
    paired
}

struct InlineScanner<'a> {
    line: &'a str,
    in_row: bool,
    at: usize,
    /// Where the text starts that is not a token yet.
    start: usize,
    /// The word at hand is a Windows path, whose backslashes mean themselves.
    in_path: bool,
    /// No `}}` is left in the line.
    no_mono: bool,
    tokens: Vec<InlineToken<'a>>,
}

impl<'a> InlineScanner<'a> {
    fn new(line: &'a str, in_row: bool) -> Self {
        InlineScanner {
            line,
            in_row,
            at: 0,
            start: 0,
            in_path: false,
            no_mono: false,
            tokens: Vec::new(),
        }
    }

    fn tokens(mut self) -> Vec<InlineToken<'a>> {
        let bytes = self.line.as_bytes();
        while let Some(&byte) = bytes.get(self.at) {
            match byte {
                b' ' | b'\t' => {
                    self.in_path = false;
                    self.at += 1;
                }
                b'\\' => self.backslash(),
                b'{' => self.brace(),
                b'[' => self.bracket(),
                b'!' => self.image(),
                b'&' => self.entity(),
                b'h' | b'f' => self.url(),
                b'|' if self.in_row => {
                    let length = if self.rest().starts_with("||") { 2 } else { 1 };
                    self.take(length, InlineToken::Cell);
                }
                b'*' | b'_' | b'-' | b'+' | b'^' | b'~' => self.mark(byte),
                _ => self.at += 1,
            }
        }
        self.end_text(0);
        self.tokens
    }

    fn rest(&self) -> &'a str {
        &self.line[self.at..]
    }

    fn before(&self) -> Option<char> {
        self.line[..self.at].chars().next_back()
    }

    /// Puts the text so far into a token and steps over `skip` bytes.
    fn end_text(&mut self, skip: usize) {
        if self.start < self.at {
            let text = &self.line[self.start..self.at];
            self.tokens.push(InlineToken::Text(text));
        }
        self.at += skip;
        self.start = self.at;
    }

    fn take(&mut self, length: usize, token: InlineToken<'a>) {
        self.end_text(length);
        self.tokens.push(token);
    }

    fn backslash(&mut self) {
        let next = self.rest()[1..].chars().next();
        if self.in_path || self.before() == Some(':') {
            self.in_path = true;
            self.at += 1;
        } else if next == Some('\\') {
            let starts_word = self.before().is_none_or(char::is_whitespace);
            let word_follows = self.rest()[2..].starts_with(char::is_alphanumeric);
            if starts_word && word_follows {
                self.in_path = true;
                self.at += 2;
            } else {
                self.take(2, InlineToken::Break);
            }
        } else if next.is_some_and(|c| "{}[]*_-+^~!|#?".contains(c)) {
            self.end_text(1);
            self.at += 1;
        } else {
            self.at += 1;
        }
    }

    /// `{{monospace}}`, and the `{*}` that marks emphasis inside a word.
    fn brace(&mut self) {
        let rest = self.rest();
        if rest.starts_with("{{") && !self.no_mono {
            match rest[2..].find("}}") {
                Some(0) => self.at += 4,
                Some(length) => {
                    // Of `}}}` the first belongs to the text.
                    let more = usize::from(rest[2 + length..].starts_with("}}}"));
                    let text = &rest[2..2 + length + more];
                    self.take(length + more + 4, InlineToken::Text(text));
                }
                None => {
                    self.no_mono = true;
                    self.at += 2;
                }
            }
        } else if rest.len() >= 3
            && b"*_-+^~".contains(&rest.as_bytes()[1])
            && rest[2..].starts_with('}')
        {
            self.end_text(3);
        } else {
            self.at += 1;
        }
    }

    fn bracket(&mut self) {
        let body = &self.rest()[1..];
        let end = body.find(['[', ']']).unwrap_or(body.len());
        let link = body[end..].starts_with(']').then(|| link(&body[..end]));
        match link.flatten() {
            Some(token) => self.take(end + 2, token),
            None => self.at += 1,
        }
    }

    fn image(&mut self) {
        let body = &self.rest()[1..];
        let after_word = self.before().is_some_and(char::is_alphanumeric);
        let end = body.bytes().take(LONGEST_NAME).position(|b| b == b'!');
        let name = end.and_then(|end| file_name(&body[..end]));
        match (after_word, end, name) {
            (false, Some(end), Some(name)) => self.take(end + 2, InlineToken::Attachment(name)),
            _ => self.at += 1,
        }
    }

    /// An HTML entity, by name or by number.
    fn entity(&mut self) {
        match entities::at(self.rest()) {
            Some((c, length)) => self.take(length, InlineToken::Char(c)),
            None => self.at += 1,
        }
    }

    /// An address is text: its marks are no emphasis.
    fn url(&mut self) {
        let rest = self.rest();
        let is_url = ["http://", "https://", "ftp://", "file://"]
            .iter()
            .any(|scheme| rest.starts_with(scheme));
        if !is_url {
            self.at += 1;
            return;
        }
        let in_row = self.in_row;
        let end = rest.find(|c: char| {
            c.is_whitespace() || matches!(c, ']' | '{' | '"' | '<' | '>') || (in_row && c == '|')
        });
        self.at += end.unwrap_or(rest.len());
    }

    fn mark(&mut self, mark: u8) {
        let before = self.before();
        let after = self.rest()[1..].chars().next();
        let run = before == Some(char::from(mark)) || after == Some(char::from(mark));
        let inside = |c: Option<char>| c.is_some_and(|c| !c.is_whitespace());
        // Stars and underscores may touch any punctuation; the others are common characters of
        // their own and must stand apart.
        let loose = matches!(mark, b'*' | b'_');
        let apart = |c: Option<char>, near: &str| match c {
            None => true,
            Some(c) if loose => !c.is_alphanumeric() && c != '\\',
            Some(c) => c.is_whitespace() || near.contains(c),
        };
        let at = self.at;
        self.take(
            1,
            InlineToken::Mark {
                mark,
                at,
                opens: !run && inside(after) && apart(before, "([{\"'*_|>"),
                closes: !run && inside(before) && apart(after, ".,;:!?)]}\"'*_|<"),
            },
        );
    }
}

/// What stands in brackets, if it is a link: an address, a mention, a file or an anchor.
fn link(body: &str) -> Option<InlineToken<'_>> {
    if let Some(file) = body.strip_prefix('^') {
        return (!file.trim().is_empty()).then_some(InlineToken::Attachment(file));
    }
    if let Some(user) = body.strip_prefix('~') {
        let user = user.trim_start_matches("accountid:");
        let is_name = !user.is_empty() && !user.contains(char::is_whitespace);
        return is_name.then_some(InlineToken::Mention(user));
    }
    let mut parts = body.split('|');
    let first = parts.next()?.trim();
    match parts.next().map(str::trim) {
        Some(url) if is_address(url) => Some(InlineToken::Link { text: first, url }),
        None if is_address(first) => match first.strip_prefix('#') {
            Some(anchor) => Some(InlineToken::Text(anchor)),
            None => Some(InlineToken::Text(first.trim_start_matches("mailto:"))),
        },
        _ => None,
    }
}

fn is_address(text: &str) -> bool {
    let marked = ["mailto:", "www.", "#", "/", "^", "~", "\\\\"]
        .iter()
        .any(|start| text.starts_with(start) && text.len() > start.len());
    !text.contains(char::is_whitespace) && (marked || text.contains("://"))
}

/// The file of `name.png` or `name.png|thumbnail`.
fn file_name(body: &str) -> Option<&str> {
    let name = body.split('|').next()?;
    let (stem, extension) = name.rsplit_once('.')?;
    let is_file = !stem.is_empty()
        && name.trim() == name
        && (2..=5).contains(&extension.len())
        && extension.chars().all(|c| c.is_ascii_alphanumeric());
    (is_file || name.starts_with("http")).then_some(name)
}
