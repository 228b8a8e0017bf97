//! The number at the start of an item of a list.

/// The number and the text of `2. text`, `2) text`, `2: text` and `2.text`, not of `2.5`.
pub(super) fn numbered(line: &str) -> Option<(u32, &str)> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let number = line.get(..digits).filter(|d| d.len() <= 3)?.parse().ok()?;
    let rest = line.get(digits..)?;
    let rest = rest
        .strip_prefix(['.', ')'])
        .or_else(|| rest.strip_prefix(": "))?;
    let is_item = !rest.starts_with(|c: char| c.is_ascii_digit()) && !rest.trim().is_empty();
    is_item.then_some((number, rest.trim()))
}
