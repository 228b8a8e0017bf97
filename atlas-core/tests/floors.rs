//! Whether the modules of the core keep to their floors: reads the paths in its source.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::{fmt, fs};

/// Modules that may use a neighbour on their own floor, as ARCHITECTURE.md says.
const NEIGHBORS: [(&str, &str); 3] = [
    ("domain", "error"),
    ("jira", "exchange"),
    ("whole_file", "error"),
];

#[test]
fn no_module_uses_a_floor_above_its_own() {
    let floors = floors();
    let mut wrong = Vec::new();
    for arrow in core_arrows() {
        let (from, to) = (top(&arrow.from), top(&arrow.to));
        let neighbor = NEIGHBORS.contains(&(from, to));
        match (floors.get(from), floors.get(to)) {
            _ if from == to || from.is_empty() => {}
            (Some(own), Some(used)) if used < own || (used == own && neighbor) => {}
            (Some(_), Some(_)) => wrong.push(arrow.to_string()),
            _ => wrong.push(format!("{arrow} (a module that has no floor)")),
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn no_two_modules_use_each_other() {
    let wrong: Vec<String> = circles(core_arrows())
        .into_iter()
        .map(|circle| circle.to_string())
        .collect();
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn the_reader_of_paths_finds_circles_through_re_exports_and_between_cousins() {
    let source = Source::of_files(&[
        ("", "mod a; mod b; pub use a::deep::Thing;"),
        ("a", "pub mod deep; // use crate::b;"),
        ("a::deep", "fn f() { let _ = crate::b::g(\"{\"); }"),
        ("b", "mod under;\n#[cfg(test)]\nmod tests { use crate::c; }"),
        ("c", "pub(in crate::b) mod inner { use super::super::d; }"),
        ("d", "mod inner { use super::e; use super::super::e; }"),
        ("e", "//! use crate::c;"),
        ("b::under", "use crate::{\n    Thing as Other,\n    b,\n};"),
    ]);
    let arrows = source.arrows();
    let written: Vec<String> = arrows.iter().map(ToString::to_string).collect();
    assert_eq!(
        written,
        [
            "a/deep.rs:1: a::deep uses b",
            "b/under.rs:2: b::under uses a::deep",
            "c.rs:1: c uses d",
            "d.rs:1: d uses e",
        ]
    );
    let circles = circles(&arrows);
    assert_eq!(circles.len(), 1);
    assert_eq!(circles[0].members, ["a", "b"]);
}

/// What uses what in the core.
fn core_arrows() -> &'static [Arrow] {
    static ARROWS: LazyLock<Vec<Arrow>> = LazyLock::new(|| Source::of_the_core().arrows());
    &ARROWS
}

/// The floor of each module, from the table in ARCHITECTURE.md.
fn floors() -> BTreeMap<String, u32> {
    let text = fs::read_to_string(root().join("../ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    let mut floors = BTreeMap::new();
    for line in text.lines() {
        let mut cells = line.split('|').map(str::trim).skip(1);
        let Some(Ok(floor)) = cells.next().map(str::parse) else {
            continue;
        };
        let names = cells.next().unwrap_or_default();
        for name in names.split(',') {
            floors.insert(name.trim().trim_matches('`').to_owned(), floor);
        }
    }
    assert!(floors.len() > 10, "the table of floors: {floors:?}");
    floors
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn top(module: &str) -> &str {
    module.split("::").next().unwrap_or_default()
}

/// One module's use of another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Arrow {
    file: String,
    line: usize,
    from: String,
    to: String,
}

impl fmt::Display for Arrow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Arrow {
            file,
            line,
            from,
            to,
        } = self;
        write!(f, "{file}:{line}: {from} uses {to}")
    }
}

/// Modules of one folder of which each uses the next, with what is inside them.
#[derive(Debug)]
struct Circle {
    members: Vec<String>,
    arrows: Vec<Arrow>,
}

impl fmt::Display for Circle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a circle of {}:", self.members.join(", "))?;
        self.arrows
            .iter()
            .try_for_each(|arrow| write!(f, "\n    {arrow}"))
    }
}

/// The circles among the modules of each folder. An arrow from or to something deeper counts for
/// the module of the folder that it is in.
fn circles(arrows: &[Arrow]) -> Vec<Circle> {
    let mut folders: BTreeMap<&str, BTreeMap<(String, String), Vec<&Arrow>>> = BTreeMap::new();
    for arrow in arrows {
        if let Some((folder, from, to)) = siblings(&arrow.from, &arrow.to) {
            let pairs = folders.entry(folder).or_default();
            pairs
                .entry((from.to_owned(), to.to_owned()))
                .or_default()
                .push(arrow);
        }
    }
    let mut circles = Vec::new();
    for pairs in folders.values() {
        let mut next: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (from, to) in pairs.keys() {
            next.entry(from).or_default().insert(to);
        }
        let reached: BTreeMap<&str, BTreeSet<&str>> = next
            .keys()
            .map(|from| (*from, all_after(from, &next)))
            .collect();
        let round = |from: &str, to: &str| {
            reached.get(from).is_some_and(|all| all.contains(to))
                && reached.get(to).is_some_and(|all| all.contains(from))
        };
        let mut done: BTreeSet<&str> = BTreeSet::new();
        for &start in next.keys().filter(|start| round(start, start)) {
            let members: Vec<&str> = next.keys().copied().filter(|m| round(start, m)).collect();
            if !done.insert(members[0]) {
                continue;
            }
            let inside = |(from, to): &(String, String)| {
                members.contains(&from.as_str()) && members.contains(&to.as_str())
            };
            circles.push(Circle {
                arrows: pairs
                    .iter()
                    .filter(|(pair, _)| inside(pair))
                    .flat_map(|(_, arrows)| arrows.iter().copied().cloned())
                    .collect(),
                members: members.into_iter().map(str::to_owned).collect(),
            });
        }
    }
    circles
}

fn all_after<'m>(start: &str, next: &BTreeMap<&'m str, BTreeSet<&'m str>>) -> BTreeSet<&'m str> {
    let mut found = BTreeSet::new();
    let mut open = vec![start];
    while let Some(module) = open.pop() {
        for &after in next.get(module).into_iter().flatten() {
            if found.insert(after) {
                open.push(after);
            }
        }
    }
    found
}

/// The folder that holds both modules, and the modules in it that lead to them; `None` where one
/// of them is that folder itself: a parent and its child.
fn siblings<'m>(from: &'m str, to: &'m str) -> Option<(&'m str, &'m str, &'m str)> {
    let ends = |module: &'m str| {
        let inner = module.match_indices("::").map(|(at, _)| at);
        inner.chain([module.len()]).map(move |end| &module[..end])
    };
    let mut folder = "";
    if from.is_empty() || to.is_empty() {
        return None;
    }
    for (one, other) in ends(from).zip(ends(to)) {
        if one != other {
            return Some((folder, one, other));
        }
        folder = one;
    }
    None
}

/// The modules of a crate: their names, and the paths that their code speaks of.
struct Source {
    modules: BTreeMap<String, Module>,
}

#[derive(Default)]
struct Module {
    file: String,
    /// Paths of `use` and in the code, by line.
    paths: Vec<(usize, Vec<String>)>,
    /// What `use` gives names to: `name -> path`.
    names: BTreeMap<String, Vec<String>>,
}

impl Source {
    fn of_the_core() -> Source {
        let mut files = Vec::new();
        let src = root().join("src");
        read_folder(&src, &src, &mut files);
        assert!(files.len() > 200, "the source of the core");
        Source::new(files)
    }

    fn of_files(files: &[(&str, &str)]) -> Source {
        Source::new(
            files
                .iter()
                .map(|(name, text)| {
                    let file = format!("{}.rs", name.replace("::", "/"));
                    (name.to_string(), file, text.to_string())
                })
                .collect(),
        )
    }

    /// `files`: the name of each module, its file, its text.
    fn new(files: Vec<(String, String, String)>) -> Source {
        let mut modules = BTreeMap::new();
        let mut of_tests = Vec::new();
        for (name, file, text) in files {
            let mut tokens = tokens(&text);
            for module in without_tests(&mut tokens) {
                of_tests.push(joined(&name, &module));
            }
            let (paths, names) = paths(&tokens);
            modules.insert(name, Module { file, paths, names });
        }
        modules.retain(|name, _| {
            let under = |tests: &String| name.starts_with(&format!("{tests}::"));
            !of_tests.iter().any(|tests| name == tests || under(tests))
        });
        Source { modules }
    }

    /// What uses what, in the order of the source.
    fn arrows(&self) -> Vec<Arrow> {
        let mut arrows = BTreeSet::new();
        for (from, module) in &self.modules {
            for (line, path) in &module.paths {
                let Some(to) = self.home(from, path, 0) else {
                    continue;
                };
                if siblings(from, &to).is_some() {
                    arrows.insert(Arrow {
                        file: module.file.clone(),
                        line: *line,
                        from: from.clone(),
                        to,
                    });
                }
            }
        }
        arrows.into_iter().collect()
    }

    /// The module that declares what a path leads to, through `pub use` too; `None` for what is
    /// not of this crate.
    fn home(&self, from: &str, path: &[String], depth: usize) -> Option<String> {
        let mut at = match path.first()?.as_str() {
            "crate" => String::new(),
            "self" | "super" => from.to_owned(),
            first if self.modules.contains_key(&joined(from, first)) => from.to_owned(),
            _ => return None,
        };
        for (i, segment) in path.iter().enumerate() {
            match segment.as_str() {
                "crate" | "self" => continue,
                "super" => {
                    at = at
                        .rsplit_once("::")
                        .map_or("", |(parent, _)| parent)
                        .to_owned();
                    continue;
                }
                _ => {}
            }
            let child = joined(&at, segment);
            if self.modules.contains_key(&child) {
                at = child;
                continue;
            }
            let renamed = self.modules.get(&at)?.names.get(segment);
            return match renamed {
                Some(path_there) if depth < 20 => {
                    let whole = [path_there, &path[i + 1..]].concat();
                    self.home(&at, &whole, depth + 1).or(Some(at))
                }
                _ => Some(at),
            };
        }
        Some(at)
    }
}

fn joined(module: &str, name: &str) -> String {
    match module {
        "" => name.to_owned(),
        _ => format!("{module}::{name}"),
    }
}

fn read_folder(src: &Path, folder: &Path, files: &mut Vec<(String, String, String)>) {
    let entries = fs::read_dir(folder).expect("a folder of the source");
    for path in entries.map(|entry| entry.expect("an entry").path()) {
        if path.is_dir() {
            read_folder(src, &path, files);
            continue;
        }
        let file = path
            .strip_prefix(src)
            .expect("inside")
            .display()
            .to_string();
        let file = file.replace('\\', "/");
        let Some(name) = file.strip_suffix(".rs") else {
            continue;
        };
        let name = name.strip_suffix("/mod").unwrap_or(name).replace('/', "::");
        let name = if name == "lib" { String::new() } else { name };
        let text = fs::read_to_string(&path).expect("a file of the source");
        files.push((name, file, text));
    }
}

/// A word or a sign of the source, and its line.
type Token<'t> = (usize, &'t str);

/// The words and signs of the source, without comments and texts.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let (mut rest, mut line) = (text, 1);
    while let Some(first) = rest.chars().next() {
        let length = match first {
            _ if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            _ if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            '"' => text_length(rest, 1),
            'r' | 'b' if raw_text_length(rest) > 0 => raw_text_length(rest),
            '\'' => char_length(rest),
            _ if first == '_' || first.is_alphanumeric() => {
                let length = rest.find(|c: char| c != '_' && !c.is_alphanumeric());
                let length = length.unwrap_or(rest.len());
                tokens.push((line, &rest[..length]));
                length
            }
            _ if rest.starts_with("::") => {
                tokens.push((line, "::"));
                2
            }
            _ => {
                if !first.is_whitespace() {
                    tokens.push((line, &rest[..first.len_utf8()]));
                }
                first.len_utf8()
            }
        };
        line += rest[..length].matches('\n').count();
        rest = &rest[length..];
    }
    tokens
}

/// The length of a text in quotes, from `start` on to its end.
fn text_length(rest: &str, start: usize) -> usize {
    let mut escaped = false;
    for (at, sign) in rest[start..].char_indices() {
        match sign {
            '"' if !escaped => return start + at + 1,
            _ => escaped = sign == '\\' && !escaped,
        }
    }
    rest.len()
}

/// The length of `r"…"`, `r#"…"#` or `b"…"`; 0 where there is none.
fn raw_text_length(rest: &str) -> usize {
    let after = rest.strip_prefix('b').unwrap_or(rest);
    let Some(raw) = after.strip_prefix('r') else {
        let plain = after.len() < rest.len() && after.starts_with('"');
        return if plain { text_length(rest, 2) } else { 0 };
    };
    let marks = raw.len() - raw.trim_start_matches('#').len();
    if !raw[marks..].starts_with('"') {
        return 0;
    }
    let end = format!("\"{}", "#".repeat(marks));
    let body = &raw[marks + 1..];
    body.find(&end)
        .map_or(rest.len(), |at| rest.len() - body.len() + at + end.len())
}

/// The length of a character in quotes, or of the mark of a lifetime.
fn char_length(rest: &str) -> usize {
    let body = &rest[1..];
    if body.starts_with('\\') {
        return body[2..].find('\'').map_or(rest.len(), |end| end + 4);
    }
    let first = body.chars().next().map_or(0, char::len_utf8);
    if body[first..].starts_with('\'') {
        first + 2
    } else {
        1
    }
}

/// Removes what is compiled for tests alone; returns the names of modules in files of their own.
fn without_tests(tokens: &mut Vec<Token<'_>>) -> Vec<String> {
    let mut modules = Vec::new();
    let mut kept = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        let word = |offset: usize| tokens.get(at + offset).map_or("", |token| token.1);
        let attribute = word(0) == "#" && word(1) == "[" && word(2) == "cfg" && word(3) == "(";
        if !attribute || !matches!(word(4), "test" | "doctest") {
            kept.push(tokens[at]);
            at += 1;
            continue;
        }
        let start = at + 7;
        at = after_item(tokens, start);
        let item = &tokens[start..at];
        if let Some(place) = item.iter().position(|token| token.1 == "mod")
            && item.last().is_some_and(|token| token.1 == ";")
        {
            modules.push(item[place + 1].1.to_owned());
        }
    }
    *tokens = kept;
    modules
}

/// Where the item ends that begins at `start`: after its `;` or its block.
fn after_item(tokens: &[Token<'_>], start: usize) -> usize {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate().skip(start) {
        match token.1 {
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => {
                depth -= 1;
                if token.1 == "}" && depth == 0 {
                    return at + 1;
                }
            }
            ";" if depth == 0 => return at + 1,
            _ => {}
        }
    }
    tokens.len()
}

type Paths = (Vec<(usize, Vec<String>)>, BTreeMap<String, Vec<String>>);

/// The paths of `use` and those in the code that begin at the crate or at a module above, and the
/// names that `use` gives.
fn paths(tokens: &[Token<'_>]) -> Paths {
    let (mut paths, mut names) = (Vec::new(), BTreeMap::new());
    // How many braces are open, and before which of them a module within the file begins.
    let (mut depth, mut within) = (0, Vec::new());
    let mut at = 0;
    while at < tokens.len() {
        let word = |place: usize| tokens.get(place).map_or("", |token| token.1);
        let before = at.checked_sub(1).map_or("", word);
        match word(at) {
            "mod" if word(at + 2) == "{" => within.push(depth),
            "{" => depth += 1,
            "}" => {
                depth -= 1;
                within.pop_if(|begun| *begun == depth);
            }
            "use" => {
                at += 1;
                use_tree(tokens, &mut at, &[], &mut |line, path, name| {
                    let path = of_the_file(path, within.len());
                    names.insert(name, path.clone());
                    paths.push((line, path));
                });
            }
            // After `in` it says who may see something.
            "crate" | "super" if word(at + 1) == "::" && !matches!(before, "::" | "in") => {
                let line = tokens[at].0;
                let mut path = vec![word(at).to_owned()];
                while word(at + 1) == "::" {
                    at += 2;
                    path.push(word(at).to_owned());
                }
                paths.push((line, of_the_file(path, within.len())));
            }
            _ => {}
        }
        at += 1;
    }
    (paths, names)
}

/// A path from within so many modules of a file, as the file itself would write it.
fn of_the_file(path: Vec<String>, depth: usize) -> Vec<String> {
    let ups = path
        .iter()
        .take_while(|segment| *segment == "super")
        .count();
    let inside = ups.min(depth);
    let rest = path.into_iter().skip(inside);
    match inside > 0 && inside == ups {
        true => ["self".to_owned()].into_iter().chain(rest).collect(),
        false => rest.collect(),
    }
}

/// Reads one branch of a `use`, up to its `,`, `}` or `;`: line, path and name of each leaf.
fn use_tree(
    tokens: &[Token<'_>],
    at: &mut usize,
    prefix: &[String],
    leaf: &mut impl FnMut(usize, Vec<String>, String),
) {
    let mut path = prefix.to_vec();
    let mut line = tokens.get(*at).map_or(0, |token| token.0);
    let mut name = None;
    while let Some((here, word)) = tokens.get(*at) {
        match *word {
            "," | "}" | ";" => break,
            "{" => {
                loop {
                    *at += 1;
                    use_tree(tokens, at, &path, leaf);
                    if tokens.get(*at).is_none_or(|token| token.1 != ",") {
                        break;
                    }
                }
                *at += 1;
                return;
            }
            "as" => {
                *at += 1;
                name = tokens.get(*at).map(|token| token.1.to_owned());
            }
            "::" => {}
            "*" => name = Some(String::new()),
            _ => {
                line = *here;
                path.push((*word).to_owned());
            }
        }
        *at += 1;
    }
    if path.len() > prefix.len() || name.is_some() {
        if path.len() > 1 && path.last().is_some_and(|last| last == "self") {
            path.pop();
        }
        let name = name.or_else(|| path.last().cloned()).unwrap_or_default();
        leaf(line, path, name);
    }
}
