//! The marks that people and tools leave in a line of text, taken off; and lines that are no text.

/// Longer steps tell a story; they are cut after a sentence, or left out.
const LONGEST: usize = 200;

/// HTML's entities and tags undone.
pub fn decoded(text: &str) -> String {
    // Wiki markup's monospace.
    let mut text = text.replace("{{", "").replace("}}", "");
    if !text.contains(['&', '<']) {
        return text;
    }
    // Twice: some tools escape what is escaped.
    for _ in 0..2 {
        for (entity, plain) in [
            ("&gt;", ">"),
            ("&lt;", "<"),
            ("&nbsp;", " "),
            ("&quot;", "\""),
            ("&#39;", "'"),
            ("&apos;", "'"),
            ("&amp;", "&"),
        ] {
            text = text.replace(entity, plain);
        }
    }
    for tag in [
        "p", "br", "b", "i", "em", "strong", "li", "ul", "ol", "code", "pre", "span", "div",
    ] {
        for form in [
            format!("<{tag}>"),
            format!("</{tag}>"),
            format!("<{tag}/>"),
            format!("<{tag} />"),
        ] {
            text = text.replace(&form, " ");
        }
    }
    text
}

/// Without numbering, emphasis and double blanks.
pub fn unmarked(text: &str) -> String {
    let mut rest = text.trim();
    loop {
        let before = rest.len();
        rest = rest.trim_start_matches([
            '-', '*', '•', '#', '·', '>', '→', '–', ':', ',', ';', '.', ')', ' ', '+', '=', '|',
        ]);
        rest = without_number(rest);
        if rest.len() == before {
            break;
        }
    }
    let words = rest.split_whitespace().map(|word| {
        let bare = word.replace("{{", "").replace("}}", "").replace("\\", "");
        let is_path = bare.chars().all(|c| c == '*' || c == '_');
        if is_path {
            String::new()
        } else {
            bare.trim_matches(['*', '_']).to_owned()
        }
    });
    words
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Without `2.`, `2)`, `Step 2:`, `a)` at the start.
pub fn without_number(text: &str) -> &str {
    let lower_step = text.get(..5).filter(|s| s.eq_ignore_ascii_case("step "));
    let body = if lower_step.is_some() {
        &text[5..]
    } else {
        text
    };
    let digits = body.bytes().take_while(u8::is_ascii_digit).count();
    let after = &body[digits..];
    if (1..=2).contains(&digits) {
        let marked = after.starts_with(['.', ')', ':', '-', ']'])
            && !after[1..].starts_with(|c: char| c.is_ascii_digit());
        if marked || lower_step.is_some() {
            return after.trim_start_matches(['.', ')', ':', '-', ']', ' ']);
        }
    }
    let bytes = text.as_bytes();
    if bytes.len() > 2 && bytes[0].is_ascii_lowercase() && bytes[1] == b')' {
        return &text[2..];
    }
    text
}

/// Cut after the last sentence that fits.
pub fn shortened(text: &str) -> Option<String> {
    if text.chars().count() <= LONGEST {
        return Some(text.to_owned());
    }
    let end = text
        .char_indices()
        .nth(LONGEST)
        .map_or(text.len(), |(end, _)| end);
    let cut = [". ", "; ", "? ", "! "]
        .iter()
        .filter_map(|stop| text[..end].rfind(stop))
        .max()?;
    (cut >= 10).then(|| text[..cut].to_owned())
}

/// Without what is left where an address or a file stood: "Install it from".
pub fn without_loose_end(text: &str) -> &str {
    let mut text = text;
    loop {
        let Some((before, last)) = text.rsplit_once(' ') else {
            return text;
        };
        let last = last
            .trim_matches(|c: char| !c.is_alphanumeric())
            .to_lowercase();
        if ![
            "from", "at", "to", "see", "in", "on", "with", "and", "or", "via", "using", "is",
            "the", "by", "like", "of", "as", "eg", "ie", "e.g", "i.e", "",
        ]
        .contains(&last.as_str())
        {
            return text;
        }
        // "Log in" and "turn it on" end well.
        if ["in", "on"].contains(&last.as_str()) {
            return text;
        }
        text = before.trim_end_matches([':', ',', ';', '(', '-', ' ', '.']);
    }
}

/// A line of code, markup, a command's output or a path.
pub fn is_code(text: &str) -> bool {
    let line = text.trim();
    let has = |parts: &[&str]| parts.iter().any(|part| line.contains(part));
    let marks = line
        .chars()
        .filter(|c| "{}();=<>[]$\\/|`\"".contains(*c))
        .count();
    let starts = |parts: &[&str]| parts.iter().any(|part| line.starts_with(part));
    has(&[
        "});",
        "();",
        "){",
        ") {",
        "};",
        "=>{",
        " = function",
        "function(",
        "function (",
        "/*",
        "*/",
        "</",
        "/>",
        "=\"",
        "('",
        "(\"",
        "var ",
        " == ",
        " === ",
        "&&",
        "||",
        "::",
        "->get",
        "+=",
        "__",
    ]) || line.ends_with([';', '{', '}'])
        || starts(&[
            "//", "#include", "import ", "@import", "$.", "Ti.UI.", "<", "{", "}", "at com.",
            "at org.", "[INFO", "[ERROR", "[WARN", "[DEBUG", "[TRACE",
        ])
        || marks * 5 > line.chars().count()
}

/// The first letter as a capital, unless the word is a name such as iOS.
pub fn capitalised(text: &str) -> String {
    let word = text.split_whitespace().next().unwrap_or_default();
    if word
        .chars()
        .skip(1)
        .any(|c| c.is_uppercase() || ".()_".contains(c))
    {
        return text.to_owned();
    }
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}
