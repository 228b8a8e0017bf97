//! The endings of English verbs.

/// "open" as "opens"; nothing for other words than plain verbs.
pub(super) fn third_person(verb: &str) -> Option<String> {
    if !verb.chars().all(|c| c.is_ascii_lowercase()) || verb.len() < 2 {
        return None;
    }
    let ends = |ends: &[&str]| ends.iter().any(|end| verb.ends_with(end));
    Some(match verb {
        "have" => "has".to_owned(),
        "login" => "logs in".to_owned(),
        // "does not works": many write so.
        _ if verb.ends_with('s') && !verb.ends_with("ss") && !ends(&["focus", "bus"]) => {
            plain_form(verb)?;
            verb.to_owned()
        }
        "feed" | "speed" | "embed" | "proceed" | "exceed" | "succeed" | "need" | "shed"
        | "bring" | "ring" | "string" | "ping" => format!("{verb}s"),
        _ if ends(&["ing", "ed"]) => return None,
        // "correctly", "properly": the verb follows.
        _ if verb.ends_with("ly") && !ends(&["apply", "reply", "rely", "comply", "supply"]) => {
            return None;
        }
        _ if ends(&["s", "sh", "ch", "x", "z", "o"]) => format!("{verb}es"),
        _ if verb.ends_with('y') && !ends(&["ay", "ey", "oy", "uy"]) => {
            format!("{}ies", &verb[..verb.len() - 1])
        }
        _ => format!("{verb}s"),
    })
}

/// "opens" as "open"; nothing for other words than the third person.
pub(super) fn plain_form(third: &str) -> Option<String> {
    let stem = third.strip_suffix('s')?;
    if !third.chars().all(|c| c.is_ascii_lowercase()) || stem.len() < 2 || stem.ends_with('s') {
        return match third {
            "passes" => Some("pass".to_owned()),
            _ => None,
        };
    }
    Some(match third {
        "does" | "has" | "is" | "was" | "this" | "its" | "always" | "us" | "as" => return None,
        "goes" => "go".to_owned(),
        _ => match stem.strip_suffix("ie") {
            Some(stem) if stem.len() > 1 => format!("{stem}y"),
            _ => match stem.strip_suffix('e') {
                Some(bare)
                    if ["ss", "sh", "ch", "x", "zz"]
                        .iter()
                        .any(|end| bare.ends_with(end)) =>
                {
                    bare.to_owned()
                }
                _ => stem.to_owned(),
            },
        },
    })
}
