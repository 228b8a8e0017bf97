//! The lines of a text, code in fences and quoted texts known.

/// A line of a text.
pub(super) struct TextLine<'a> {
    /// Without its indent and end.
    pub text: &'a str,
    pub raw: &'a str,
    /// In columns; a tab has four.
    pub indent: usize,
    pub in_code: bool,
    pub is_fence: bool,
}

/// Goes through the lines of a text; knows what is fenced code.
pub(super) struct TextScan<'a> {
    text: &'a str,
    /// Where the next line begins, and where the last one ended, its blanks aside.
    at: usize,
    end: usize,
    in_code: bool,
    fences: usize,
}

impl<'a> TextScan<'a> {
    pub fn new(text: &'a str) -> Self {
        TextScan {
            text,
            at: 0,
            end: 0,
            in_code: false,
            fences: text.lines().filter(|line| is_fence(line)).count(),
        }
    }

    pub fn next_line(&mut self) -> Option<TextLine<'a>> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let (raw, _) = rest.split_once('\n').unwrap_or((rest, ""));
        self.end = self.at + raw.trim_end().len();
        self.at += raw.len() + 1;
        let is_fence = is_fence(raw);
        let in_code = self.in_code || is_fence;
        if is_fence {
            self.fences -= self.fences.min(1);
            // A fence that nobody closes is a line.
            self.in_code = !self.in_code && self.fences > 0;
        }
        let columns = |c: char| if c == '\t' { 4 } else { 1 };
        Some(TextLine {
            text: raw.trim(),
            raw,
            indent: raw
                .chars()
                .take_while(|c| c.is_whitespace())
                .map(columns)
                .sum(),
            in_code,
            is_fence,
        })
    }

    /// A text in quotes that begins with these last bytes of the line and ends some line.
    pub fn quoted(&mut self, start: &str) -> Option<String> {
        let from = self.end.checked_sub(start.len())?;
        let inner = self.text.get(from..)?.strip_prefix('"')?;
        let end = closing(inner)?;
        let after = inner.get(end + 1..)?;
        let (left, _) = after.split_once('\n').unwrap_or((after, ""));
        if !left.trim().is_empty() {
            return None;
        }
        self.at = from + 1 + end + 1 + left.len() + 1;
        Some(inner.get(..end)?.replace("\"\"", "\""))
    }
}

/// Whether a text whose opening quote was taken is closed by a quote at the end of a line.
pub(super) fn is_closed(inner: &str) -> bool {
    let after = closing(inner).and_then(|end| inner.get(end + 1..));
    after.is_some_and(|after| {
        after
            .lines()
            .next()
            .is_none_or(|line| line.trim().is_empty())
    })
}

/// Where a quote stands that is not doubled.
fn closing(text: &str) -> Option<usize> {
    let mut at = 0;
    loop {
        at += text.get(at..)?.find('"')?;
        match text.get(at + 1..) {
            Some(after) if after.starts_with('"') => at += 2,
            _ => return Some(at),
        }
    }
}

fn is_fence(line: &str) -> bool {
    line.trim_start().starts_with("```")
}
