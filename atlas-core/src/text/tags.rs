//! Tags and entities in a text, as HTML has them.

/// Elements that make structure.
pub(super) const STRUCTURE: [&str; 35] = [
    "a",
    "article",
    "blockquote",
    "br",
    "caption",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "img",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "section",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
    "pre",
];

/// Elements that may go: the text in them stays.
pub(super) const FORMAT: [&str; 37] = [
    "abbr",
    "b",
    "big",
    "body",
    "cite",
    "code",
    "col",
    "colgroup",
    "del",
    "details",
    "em",
    "figcaption",
    "figure",
    "font",
    "head",
    "html",
    "i",
    "ins",
    "kbd",
    "label",
    "link",
    "mark",
    "meta",
    "q",
    "s",
    "samp",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "summary",
    "sup",
    "time",
    "tt",
    "u",
    "wbr",
];

pub(super) struct HtmlTag<'a> {
    pub name: &'a str,
    pub closes: bool,
    /// Where the text after it starts.
    pub end: usize,
}

/// All tags with the places where they start.
pub(super) fn tags_of(html: &str) -> impl Iterator<Item = (usize, HtmlTag<'_>)> {
    html.match_indices('<')
        .filter_map(|(at, _)| Some((at, tag_at(html, at)?)))
}

fn tag_at(html: &str, at: usize) -> Option<HtmlTag<'_>> {
    let body = html.get(at + 1..)?;
    let closes = body.starts_with('/');
    let body = body.strip_prefix('/').unwrap_or(body);
    let length = body
        .find(|c: char| !c.is_ascii_alphanumeric())
        .unwrap_or(body.len());
    let name = &body[..length];
    let end = body.find(['>', '<'])?;
    let is_tag =
        name.starts_with(|c: char| c.is_ascii_alphabetic()) && body[end..].starts_with('>');
    is_tag.then_some(HtmlTag {
        name,
        closes,
        end: html.len() - body.len() + end + 1,
    })
}

/// The text with HTML's tags taken out (a line feed for a block's) and entities decoded.
pub(super) fn without_tags(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut from = 0;
    for (at, tag) in tags_of(html) {
        let is = |names: &[&str]| names.iter().any(|n| n.eq_ignore_ascii_case(tag.name));
        let block = is(&STRUCTURE) && !tag.name.eq_ignore_ascii_case("a");
        if at >= from && (block || is(&STRUCTURE) || is(&FORMAT)) {
            decode_into(&mut text, &html[from..at]);
            text.push_str(if block { "\n" } else { "" });
            from = tag.end;
        }
    }
    decode_into(&mut text, &html[from..]);
    text
}

pub(super) fn decode_into(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(12).position(|b| b == b';');
        match end.and_then(|end| Some((entity(&rest[1..end])?, end))) {
            Some((c, end)) => {
                out.push(c);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
}

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code);
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        _ => return None,
    })
}
