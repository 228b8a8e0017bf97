//! What a line begins with as an item of a list: its number, or its bullet.

/// What a line begins with as an item: its number, and the rest.
pub(super) type ItemMark = fn(&str) -> Option<(usize, &str)>;

/// What stands around the number of an item.
pub(super) fn style(line: &str, rest: &str) -> &'static str {
    let mark = line.strip_suffix(rest).unwrap_or(line).trim_end();
    match (
        mark.starts_with('('),
        mark.ends_with(".)"),
        mark.ends_with('.'),
    ) {
        (true, ..) => "()",
        (_, true, _) => ".)",
        (.., true) => ".",
        _ => ")",
    }
}

/// `12. `, `12) `, `(12) `.
pub(super) fn strong(line: &str) -> Option<(usize, &str)> {
    let open = line.strip_prefix('(');
    let (number, rest) = digits(open.unwrap_or(line))?;
    let rest = match open {
        Some(_) => rest.strip_prefix(')')?,
        None => rest
            .strip_prefix(".)")
            .or_else(|| rest.strip_prefix(['.', ')']))?,
    };
    let blank = rest.is_empty() || rest.starts_with([' ', '\t', '\u{a0}', '"']);
    blank.then(|| (number, rest.trim_start()))
}

/// `12.Open`, `12 - `, `12: `, `[12] `, `12、`.
pub(super) fn weak(line: &str) -> Option<(usize, &str)> {
    if let Some(open) = line.strip_prefix(['[', '#']) {
        let (number, rest) = digits(open)?;
        let rest = match line.starts_with('[') {
            true => rest.strip_prefix(']')?,
            false => rest,
        };
        return rest.starts_with(' ').then(|| (number, rest.trim_start()));
    }
    let (number, rest) = digits(line)?;
    let letter = |rest: &&str| rest.starts_with(char::is_alphabetic);
    let close = rest.strip_prefix(['.', ')']).filter(letter);
    let wide = || rest.strip_prefix(['、', '．', '：', '）']);
    let apart = || {
        let marks = [": ", " - ", " – ", " — ", " : "];
        marks.iter().find_map(|mark| rest.strip_prefix(mark))
    };
    let rest = close.or_else(wide).or_else(apart)?;
    Some((number, rest.trim_start()))
}

/// A number of at most four digits at the start.
pub(super) fn digits(text: &str) -> Option<(usize, &str)> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    let number = text.get(..length).filter(|digits| digits.len() <= 4)?;
    Some((number.parse().ok()?, text.get(length..)?))
}

const BULLETS: [char; 9] = ['-', '*', '•', '–', '—', '·', '‣', '◦', '▪'];

/// The bullet of a line, and the rest.
pub(super) fn bullet(line: &str) -> Option<(char, &str)> {
    let mark = line.chars().next().filter(|c| BULLETS.contains(c))?;
    let rest = line.strip_prefix(mark)?;
    let blank = rest.starts_with([' ', '\t', '\u{a0}']) || (rest.is_empty() && mark == '•');
    let rest = rest.trim_start();
    let task = ["[ ] ", "[x] ", "[X] "]
        .iter()
        .find_map(|task| rest.strip_prefix(task));
    blank.then_some((mark, task.unwrap_or(rest)))
}

/// `- `, `a) `.
pub(super) fn is_nested(line: &str) -> bool {
    let letter = line.strip_prefix(|c: char| c.is_ascii_lowercase());
    bullet(line).is_some() || letter.is_some_and(|rest| rest.starts_with(") "))
}
