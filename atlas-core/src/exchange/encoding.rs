//! Which encoding a file has, settled from all of its bytes, and its bytes as UTF-8.
//!
//! A mark at the beginning decides, then what the user says, the pattern of zeros of UTF-16, a
//! declaration (`encoding="…"` of XML, `# encoding: …` of feature files), validity as UTF-8, and
//! last a detector, where it is sure. Else the file is refused with the encoding that was guessed.

mod decode;
mod detect;
mod survey;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

pub(super) use decode::{Decoding, as_windows};
pub(super) use survey::EncodingSurvey;

use super::report::FileAccount;
use crate::domain::ReadOptions;
use crate::{Error, Result};

const SETTLES: &str = "save it as UTF-8, or name its encoding (--encoding NAME, such as \
    windows-1252, iso-8859-2, shift_jis, gb18030 or utf-16le)";

/// How a file's bytes become UTF-8.
#[derive(Debug, Clone, Copy)]
pub(super) struct Settled {
    pub encoding: &'static Encoding,
    /// The length of the mark at the beginning.
    pub mark: usize,
    /// The bytes are UTF-8 as they are.
    pub as_is: bool,
    how: How,
}

/// How sure the encoding is, which decides what is done about bytes that it does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    Sure,
    /// The user, a mark or the file itself says so.
    Declared,
    Guessed,
}

/// The encoding that the user names.
///
/// # Errors
/// `INVALID_VALUE` for a name that is not known.
pub(super) fn wanted(options: &ReadOptions) -> Result<Option<&'static Encoding>> {
    let Some(name) = options.encoding.as_deref() else {
        return Ok(None);
    };
    by_name(name).map(Some).ok_or_else(|| {
        let expected = "the usual name of an encoding, such as utf-8, utf-16le, windows-1252, \
                        iso-8859-2, shift_jis, gb18030, big5, euc-kr or koi8-r";
        Error::invalid("encoding", name, expected)
    })
}

fn by_name(name: &str) -> Option<&'static Encoding> {
    let name = name.trim().to_ascii_lowercase();
    let known = |name: &str| Encoding::for_label_no_replacement(name.as_bytes());
    // Names of Java and Python (`Cp1252`, `latin-1`, `utf_8`) beside those of the Web.
    let page = name
        .strip_prefix("cp")
        .map(|page| format!("windows-{page}"));
    known(&name)
        .or_else(|| known(&name.replace('_', "-")))
        .or_else(|| known(&name.replace(['-', '_'], "")))
        .or_else(|| known(&page?))
}

/// Settles the encoding of a file that was read to its end.
///
/// # Errors
/// The reason, in words, where it is not sure.
pub(super) fn settle(
    survey: &EncodingSurvey,
    wanted: Option<&'static Encoding>,
    account: &mut FileAccount,
) -> std::result::Result<Settled, String> {
    let settled = |encoding, mark, how| Settled {
        encoding,
        mark,
        as_is: false,
        how,
    };
    if let Some((encoding, mark)) = survey.mark()? {
        return match wanted {
            Some(other) if !is_same(other, encoding) => Err(format!(
                "it begins with the mark of {}, and is not {}: leave --encoding out",
                encoding.name(),
                other.name()
            )),
            _ if encoding == UTF_8 => utf8(survey, mark, account),
            _ => Ok(settled(encoding, mark, How::Declared)),
        };
    }
    if let Some(encoding) = wanted {
        if encoding == UTF_8 {
            return damaged(survey, 0, account);
        }
        if survey.is_foreign_utf8() && !is_wide(encoding) {
            account.warn(format!(
                "the file was read as {}, though its bytes are valid UTF-8",
                encoding.name()
            ));
        }
        return Ok(settled(encoding, 0, How::Declared));
    }
    if let Some(encoding) = survey.zeros() {
        return Ok(settled(encoding, 0, How::Declared));
    }
    if let Some(name) = survey.declared() {
        if let Some(encoding) = declared(survey, &name, account)? {
            return Ok(settled(encoding, 0, How::Declared));
        }
        return utf8(survey, 0, account);
    }
    if survey.is_utf8() && !survey.has_escapes() || survey.is_damaged_utf8() {
        return utf8(survey, 0, account);
    }
    if survey.is_mixed() {
        return Err(format!(
            "some of its lines are UTF-8 and others are not (line {} is the first): {SETTLES}",
            survey.broken_line()
        ));
    }
    match detect::encoding(survey.sample()) {
        detect::Guess::Sure(encoding) if encoding == UTF_8 => utf8(survey, 0, account),
        detect::Guess::Sure(encoding) => Ok(settled(encoding, 0, How::Guessed)),
        detect::Guess::Unsure(name) => Err(format!(
            "it is not UTF-8 (line {}), and which encoding it has is not sure; perhaps {name}: {SETTLES}",
            survey.broken_line()
        )),
    }
}

/// The encoding that a file declares, where it is to be decoded by it.
fn declared(
    survey: &EncodingSurvey,
    name: &str,
    account: &mut FileAccount,
) -> std::result::Result<Option<&'static Encoding>, String> {
    let Some(encoding) = by_name(name) else {
        return match survey.is_ascii() {
            true => Ok(None),
            false => Err(format!(
                "it declares the encoding \"{name}\", which is not known: {SETTLES}"
            )),
        };
    };
    if survey.is_ascii() && !survey.has_escapes() {
        return Ok(None);
    }
    // A declaration that can be read byte by byte is not in UTF-16.
    let says_utf8 = encoding == UTF_8 || is_wide(encoding);
    if says_utf8 && !survey.is_utf8() && !survey.is_damaged_utf8() {
        return Err(format!(
            "it declares {}, and line {} is not{}: {SETTLES}",
            encoding.name(),
            survey.broken_line(),
            perhaps(survey)
        ));
    }
    if says_utf8 {
        return Ok(None);
    }
    if survey.is_foreign_utf8() {
        account.assumed(
            "encoding",
            "UTF-8",
            format!(
                "it declares {}, but its bytes are valid UTF-8",
                encoding.name()
            ),
        );
        return Ok(None);
    }
    Ok(Some(encoding))
}

fn perhaps(survey: &EncodingSurvey) -> String {
    match detect::encoding(survey.sample()) {
        detect::Guess::Sure(encoding) => format!(" (perhaps {})", encoding.name()),
        detect::Guess::Unsure(name) => format!(" (perhaps {name})"),
    }
}

/// UTF-8, unless it is too much damaged.
fn utf8(
    survey: &EncodingSurvey,
    mark: usize,
    account: &mut FileAccount,
) -> std::result::Result<Settled, String> {
    if survey.is_utf8() || survey.is_damaged_utf8() {
        return damaged(survey, mark, account);
    }
    Err(format!(
        "it begins as UTF-8, and line {} is not{}: {SETTLES}",
        survey.broken_line(),
        perhaps(survey)
    ))
}

/// UTF-8 with a note of what is broken in it.
fn damaged(
    survey: &EncodingSurvey,
    mark: usize,
    account: &mut FileAccount,
) -> std::result::Result<Settled, String> {
    if !survey.is_utf8() {
        account.warn(format!(
            "{} not valid UTF-8, the first in line {}: read as \u{fffd}",
            places(survey.broken()),
            survey.broken_line()
        ));
    }
    if survey.has_stray_zeros() {
        account.warn("the file has zero bytes in its text; they were left out");
    }
    if survey.has_controls() {
        account.assumed(
            "encoding",
            "UTF-8",
            "control characters U+0080 to U+009F were read as windows-1252 has them",
        );
    }
    Ok(Settled {
        encoding: UTF_8,
        mark,
        as_is: survey.is_utf8() && !survey.has_controls() && !survey.has_stray_zeros(),
        how: How::Sure,
    })
}

fn places(count: u64) -> String {
    match count {
        1 => "1 place of the file is".to_owned(),
        _ => format!("{count} places of the file are"),
    }
}

impl Settled {
    /// UTF-8 that was checked before.
    pub fn text() -> Self {
        Settled {
            encoding: UTF_8,
            mark: 0,
            as_is: true,
            how: How::Sure,
        }
    }

    /// Whether the whole file is to be decoded once before the first record is used.
    pub fn is_to_be_checked(&self) -> bool {
        self.how != How::Sure
    }

    /// Notes the encoding, or refuses it where the bytes contradict it.
    ///
    /// # Errors
    /// The reason, in words.
    pub fn check(
        &self,
        decoded: &decode::DecodingCounts,
        account: &mut FileAccount,
    ) -> std::result::Result<(), String> {
        let name = self.encoding.name();
        let few = 1 + decoded.foreign / 1_000;
        if decoded.broken > few || (decoded.broken > 0 && self.how == How::Guessed) {
            let why = match self.how {
                How::Guessed => "it is not UTF-8; it looks like",
                _ => "its encoding is said to be",
            };
            return Err(format!(
                "{why} {name}, but line {} has bytes that {name} does not have: {SETTLES}",
                decoded.broken_line
            ));
        }
        if decoded.broken > 0 {
            account.warn(format!(
                "{} not valid {name}, the first in line {}: read as \u{fffd}",
                places(decoded.broken),
                decoded.broken_line
            ));
        }
        if self.how == How::Guessed {
            let why = match &decoded.example {
                Some(example) => format!("it is not UTF-8, and reads well so (\"{example}\")"),
                None => "it is not UTF-8, and reads well so".to_owned(),
            };
            account.assumed("encoding", name, why);
        }
        account.file().encoding = Some(name.to_owned());
        Ok(())
    }
}

fn is_wide(encoding: &'static Encoding) -> bool {
    [UTF_16BE, UTF_16LE].contains(&encoding)
}

/// Whether two names mean one encoding; `utf-16` leaves the order of bytes to the mark.
fn is_same(wanted: &'static Encoding, found: &'static Encoding) -> bool {
    wanted == found || (wanted == UTF_16LE && found == UTF_16BE)
}
