//! WordPiece: text to token ids, as BERT's uncased models want them.
//!
//! The ids are those of the `tokenizers` library (BertNormalizer, BertPreTokenizer, WordPiece),
//! found in one pass over the text that stops as soon as enough tokens are there.

use std::collections::HashMap;

use serde::Deserialize;
use unicode_categories::UnicodeCategories;
use unicode_normalization::char::decompose_canonical;

use crate::error::{Error, Result};

/// A longer word is one `[UNK]`, as in BERT.
const MAX_WORD_CHARS: usize = 100;
/// How many letters a sign of Chinese or Japanese counts for: a word of six letters has about two.
pub const SIGN_LETTERS: usize = 3;
const CONTINUATION: &str = "##";
const SPECIALS: [&str; 5] = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

/// A vocabulary and the way to split text by it.
///
/// ```
/// use atlas_core::text::wordpiece::WordPiece;
/// let wordpiece = WordPiece::from_vocab("[UNK]\n[CLS]\n[SEP]\nlog\n##in\n!\n")?;
/// assert_eq!(wordpiece.encode("Login!", 128), [1, 3, 4, 5, 2]);
/// # Ok::<(), atlas_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct WordPiece {
    /// Tokens that begin a word.
    starts: HashMap<Box<str>, u32>,
    /// Tokens that continue a word, without their `##`.
    continuations: HashMap<Box<str>, u32>,
    /// Tokens that stand in the text as they are, such as `[SEP]`: all begin with `[`.
    specials: Vec<(Box<str>, u32)>,
    /// Bytes of the longest token.
    longest: usize,
    /// One more than the largest id.
    size: usize,
    unknown: u32,
    first: u32,
    last: u32,
}

impl WordPiece {
    /// Reads a `tokenizer.json` of the `tokenizers` library. Its padding and truncation are
    /// settings of another program and are ignored.
    ///
    /// # Errors
    /// [`Error::Model`] when the file is not JSON, or not an uncased BERT WordPiece tokenizer.
    pub fn from_tokenizer_json(bytes: &[u8]) -> Result<WordPiece> {
        let file: TokenizerFile =
            serde_json::from_slice(bytes).map_err(|e| unusable(e.to_string()))?;
        let model = file.model;
        if model
            .kind
            .as_deref()
            .is_some_and(|kind| kind != "WordPiece")
        {
            return Err(unusable("its model must be WordPiece"));
        }
        if model
            .continuing_subword_prefix
            .is_some_and(|p| p != CONTINUATION)
            || model
                .max_input_chars_per_word
                .is_some_and(|n| n != MAX_WORD_CHARS)
        {
            return Err(unusable(
                "WordPiece must have the prefix ## and 100 characters a word",
            ));
        }
        let normalizer = file.normalizer.unwrap_or_default();
        if normalizer.kind != "BertNormalizer" || !normalizer.lowercase {
            return Err(unusable(
                "its normalizer must be a BertNormalizer with lowercase",
            ));
        }
        let specials = file.added_tokens.into_iter().map(|t| (t.content, t.id));
        Self::new(model.vocab.into_iter(), specials.collect())
    }

    /// Reads a `vocab.txt`: one token a line, the line's number (from 0) is the id.
    ///
    /// # Errors
    /// [`Error::Model`] when `[CLS]`, `[SEP]` or `[UNK]` is missing.
    pub fn from_vocab(lines: &str) -> Result<WordPiece> {
        let tokens = || (0..).zip(lines.lines()).map(|(id, t)| (t.to_owned(), id));
        let specials = tokens().filter(|(token, _)| SPECIALS.contains(&token.as_str()));
        Self::new(tokens(), specials.collect())
    }

    fn new(
        vocab: impl Iterator<Item = (String, u32)>,
        specials: Vec<(String, u32)>,
    ) -> Result<WordPiece> {
        let (mut starts, mut continuations) = (HashMap::new(), HashMap::new());
        let (mut longest, mut size) = (0, 0);
        for (token, id) in vocab {
            longest = longest.max(token.len());
            size = size.max(id as usize + 1);
            match token.strip_prefix(CONTINUATION) {
                Some(rest) if !rest.is_empty() => continuations.insert(rest.into(), id),
                _ => starts.insert(token.into_boxed_str(), id),
            };
        }
        if let Some((token, _)) = specials.iter().find(|(token, _)| !token.starts_with('[')) {
            return Err(unusable(format!(
                "its added token {token:?} must begin with ["
            )));
        }
        let id_of = |token: &str| -> Result<u32> {
            let id = starts.get(token).copied();
            id.ok_or_else(|| unusable(format!("its vocabulary has no {token}")))
        };
        Ok(WordPiece {
            unknown: id_of("[UNK]")?,
            first: id_of("[CLS]")?,
            last: id_of("[SEP]")?,
            specials: specials.into_iter().map(|(t, id)| (t.into(), id)).collect(),
            starts,
            continuations,
            longest,
            size,
        })
    }

    /// One more than the largest token id.
    pub fn size(&self) -> usize {
        self.size
    }

    /// The ids of `text` from `[CLS]` to `[SEP]`, at most `max_tokens` (2 or more) in all.
    /// Text beyond the last of them is not looked at.
    pub fn encode(&self, text: &str, max_tokens: usize) -> Vec<u32> {
        self.read(text, max_tokens).ids
    }

    /// How much of `text` the vocabulary knows, 0 to 1: of the letters and digits that
    /// [`encode`](Self::encode) looks at, the share that stand in words without `[UNK]`. A sign of
    /// Chinese or Japanese counts [`SIGN_LETTERS`] letters. A text without letters and digits has nothing that is known.
    ///
    /// A piece of one letter that is not Latin says nothing: a vocabulary may hold an alphabet and
    /// none of its words. Punctuation, symbols and emoji do not count.
    ///
    /// ```
    /// use atlas_core::text::wordpiece::WordPiece;
    /// let wordpiece = WordPiece::from_vocab("[UNK]\n[CLS]\n[SEP]\nlog\n##in\nв\n##х\n")?;
    /// assert_eq!(wordpiece.known("Login!", 128), 1.0);
    /// assert_eq!(wordpiece.known("Login вх 登录", 128), 5.0 / 13.0);
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn known(&self, text: &str, max_tokens: usize) -> f32 {
        let words = self.read(text, max_tokens);
        words.known as f32 / words.letters.max(1) as f32
    }

    fn read(&self, text: &str, max_tokens: usize) -> WordReader<'_> {
        let mut words = WordReader {
            wordpiece: self,
            word: String::new(),
            chars: 0,
            limit: max_tokens.max(2) - 1,
            ids: vec![self.first],
            letters: 0,
            known: 0,
        };
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            if words.ids.len() >= words.limit {
                break;
            }
            let special = self.special_at(rest);
            if let Some((token, id)) = special {
                words.end_word();
                words.ids.push(*id);
                rest = &rest[token.len()..];
            } else {
                words.read(c);
                rest = &rest[c.len_utf8()..];
            }
        }
        words.end_word();
        words.ids.truncate(words.limit);
        words.ids.push(self.last);
        words
    }

    fn special_at(&self, text: &str) -> Option<&(Box<str>, u32)> {
        if !text.starts_with('[') {
            return None;
        }
        self.specials
            .iter()
            .find(|(token, _)| text.starts_with(&**token))
    }

    /// The longest token of `map` that begins `text`, and its length in bytes.
    fn longest_match(&self, map: &HashMap<Box<str>, u32>, text: &str) -> Option<(u32, usize)> {
        (1..=text.len().min(self.longest))
            .rev()
            .filter(|&end| text.is_char_boundary(end))
            .find_map(|end| map.get(&text[..end]).map(|&id| (id, end)))
    }
}

/// The reader's state: the word being gathered and the ids found so far.
struct WordReader<'a> {
    wordpiece: &'a WordPiece,
    word: String,
    chars: usize,
    limit: usize,
    ids: Vec<u32>,
    /// Letters and digits so far.
    letters: usize,
    /// Those of them in words that the vocabulary knows.
    known: usize,
}

impl WordReader<'_> {
    /// Cleans, decomposes and lowers one character of the text.
    fn read(&mut self, c: char) {
        match c {
            'a'..='z' | '0'..='9' => self.push(c),
            'A'..='Z' => self.push(c.to_ascii_lowercase()),
            ' ' | '\t' | '\n' | '\r' => self.end_word(),
            '!'..='~' => self.push_alone(c),
            '\0'..='\x7f' | '\u{fffd}' => {}
            _ if c.is_other() => {}
            _ if c.is_whitespace() => self.end_word(),
            _ if is_cjk(c) => decompose_canonical(c, |part| self.push_alone(part)),
            _ => decompose_canonical(c, |part| {
                if !part.is_mark_nonspacing() {
                    part.to_lowercase()
                        .for_each(|lower| self.push_or_split(lower));
                }
            }),
        }
    }

    fn push_or_split(&mut self, c: char) {
        if c.is_whitespace() {
            self.end_word();
        } else if c.is_ascii_punctuation() || c.is_punctuation() {
            self.push_alone(c);
        } else {
            self.push(c);
        }
    }

    fn push(&mut self, c: char) {
        self.chars += 1;
        if self.chars <= MAX_WORD_CHARS {
            self.word.push(c);
        }
    }

    fn push_alone(&mut self, c: char) {
        self.end_word();
        self.push(c);
        self.end_word();
    }

    /// Splits the gathered word greedily, longest token first; a word with a part that is no
    /// token is one `[UNK]`.
    fn end_word(&mut self) {
        if self.chars == 0 {
            return;
        }
        let (pieces, before) = (self.wordpiece, self.ids.len());
        let mut rest = self.word.as_str();
        let mut map = &pieces.starts;
        let mut known = self.chars <= MAX_WORD_CHARS;
        let mut meant = 0;
        while known && !rest.is_empty() {
            match pieces.longest_match(map, rest) {
                Some((id, length)) => {
                    self.ids.push(id);
                    meant += letters_known(&rest[..length]);
                    rest = &rest[length..];
                    map = &pieces.continuations;
                }
                None => known = false,
            }
        }
        if !known {
            self.ids.truncate(before);
            self.ids.push(pieces.unknown);
            meant = 0;
        }
        self.letters += self.word.chars().map(weight).sum::<usize>();
        self.known += meant;
        self.word.clear();
        self.chars = 0;
    }
}

/// How many letters a character counts for when the known share is computed.
fn weight(c: char) -> usize {
    match c {
        '\u{3040}'..='\u{30ff}' => SIGN_LETTERS,
        _ if is_cjk(c) => SIGN_LETTERS,
        _ => usize::from(c.is_alphanumeric()),
    }
}

/// The letters and digits of a piece that say something.
fn letters_known(piece: &str) -> usize {
    let mut chars = piece.chars();
    let (first, rest) = (chars.next(), chars.next());
    match (first, rest) {
        // Accents are gone by now, so a Latin letter is ASCII; an ideograph is a word.
        (Some(one), None) if !one.is_ascii() && !is_cjk(one) => 0,
        _ => piece.chars().map(weight).sum(),
    }
}

/// The blocks that BERT sets apart character by character.
fn is_cjk(c: char) -> bool {
    matches!(c,
        '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{20000}'..='\u{2a6df}'
        | '\u{2a700}'..='\u{2b73f}' | '\u{2b740}'..='\u{2b81f}' | '\u{2b920}'..='\u{2ceaf}'
        | '\u{f900}'..='\u{faff}' | '\u{2f800}'..='\u{2fa1f}')
}

fn unusable(reason: impl Into<String>) -> Error {
    Error::Model {
        model: "tokenizer".to_owned(),
        reason: reason.into(),
    }
}

#[derive(Deserialize)]
struct TokenizerFile {
    #[serde(default)]
    added_tokens: Vec<AddedToken>,
    normalizer: Option<NormalizerSection>,
    model: ModelSection,
}

#[derive(Deserialize)]
struct AddedToken {
    id: u32,
    content: String,
}

#[derive(Deserialize, Default)]
struct NormalizerSection {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    lowercase: bool,
}

#[derive(Deserialize)]
struct ModelSection {
    #[serde(rename = "type")]
    kind: Option<String>,
    continuing_subword_prefix: Option<String>,
    max_input_chars_per_word: Option<usize>,
    vocab: HashMap<String, u32>,
}

#[cfg(test)]
mod tests {
    use super::*;

    const VOCAB: &str = "[PAD]\n[UNK]\n[CLS]\n[SEP]\nlog\n##in\n##s\n!\ncafe\n中\n[\nc\n";

    fn ids(text: &str) -> Vec<u32> {
        WordPiece::from_vocab(VOCAB).unwrap().encode(text, 16)
    }

    #[test]
    fn words_split_into_the_longest_tokens() {
        assert_eq!(ids("logins"), [2, 4, 5, 6, 3]);
        assert_eq!(ids("log in"), [2, 4, 1, 3]);
        assert_eq!(ids(""), [2, 3]);
    }

    #[test]
    fn accents_case_and_control_characters_go() {
        assert_eq!(ids("CAFÉ"), [2, 8, 3]);
        assert_eq!(ids("ca\u{0}f\u{200b}e\u{301}"), [2, 8, 3]);
    }

    #[test]
    fn punctuation_and_ideographs_stand_alone() {
        assert_eq!(ids("log!log"), [2, 4, 7, 4, 3]);
        assert_eq!(ids("log中log"), [2, 4, 9, 4, 3]);
    }

    #[test]
    fn special_tokens_are_read_from_the_text() {
        assert_eq!(ids("log[SEP]log [sep"), [2, 4, 3, 4, 10, 1, 3]);
    }

    #[test]
    fn a_word_of_more_than_100_characters_is_unknown() {
        assert_eq!(ids(&"c".repeat(101)), [2, 1, 3]);
    }

    #[test]
    fn at_most_max_tokens_come_back() {
        let wordpiece = WordPiece::from_vocab(VOCAB).unwrap();
        assert_eq!(wordpiece.encode("logins logins", 4), [2, 4, 5, 3]);
        assert_eq!(wordpiece.encode("logins", 0), [2, 3]);
    }

    #[test]
    fn a_vocabulary_without_specials_is_refused() {
        let error = WordPiece::from_vocab("a\nb\n").unwrap_err();
        assert!(error.to_string().contains("[UNK]"), "{error}");
        assert!(WordPiece::from_tokenizer_json(b"{}").is_err());
        assert!(WordPiece::from_tokenizer_json(b"\xff").is_err());
    }
}
