//! The objects of uniffi: `Atlas`'s methods, and an object for each area.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use atlas_surface::{Area, Argument, Method};

use crate::attributes;

/// The list of what is not as the core has it.
const LIST: &str = "areas.txt";
/// Arguments that may be left out where their type has a default.
const OPTIONS: [&str; 4] = ["edits", "end", "filter", "options"];

/// What `areas.txt` says of methods.
#[derive(Default)]
struct List {
    by_hand: BTreeSet<String>,
    defaults: BTreeMap<String, BTreeMap<String, String>>,
}

/// An argument as uniffi and as the core take it.
struct Crossing {
    name: String,
    kind: String,
    passed: String,
    default: Option<String>,
}

/// The source of all objects. `with_default` names the records that have a default.
pub fn written(core: &Path, with_default: &BTreeSet<String>) -> String {
    println!("cargo::rerun-if-changed={LIST}");
    let list = List::read(&fs::read_to_string(LIST).expect("areas.txt is there"));
    let areas = atlas_surface::areas(core).expect("the core's source can be read");
    let unknown = list.unknown(&areas);
    assert!(
        unknown.is_empty(),
        "{LIST} names what is not there: {unknown:?}"
    );
    let written = areas
        .iter()
        .map(|area| object(area, &areas, &list, with_default));
    written.collect()
}

impl List {
    fn read(text: &str) -> Self {
        let mut list = List::default();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let mut words = line.split_whitespace();
            let Some(method) = words.next() else { continue };
            let rest: Vec<&str> = words.collect();
            if rest.first() == Some(&"-") {
                assert!(rest.len() > 1, "{LIST}: {method}: why?");
                list.by_hand.insert(method.to_owned());
                continue;
            }
            let pairs = rest.iter().map(|pair| {
                let pair = pair.split_once('=');
                let (name, value) = pair.unwrap_or_else(|| panic!("{LIST}: {line}"));
                (name.to_owned(), value.to_owned())
            });
            list.defaults.insert(method.to_owned(), pairs.collect());
        }
        list
    }

    fn unknown(&self, areas: &[Area]) -> Vec<&String> {
        let named = |name: &&String| {
            !areas.iter().any(|area| {
                let mut methods = area.methods.iter();
                methods.any(|method| **name == format!("{}.{}", area.name, method.name))
            })
        };
        let names = self.by_hand.iter().chain(self.defaults.keys());
        names.filter(named).collect()
    }
}

fn object(area: &Area, all: &[Area], list: &List, with_default: &BTreeSet<String>) -> String {
    let name = &area.name;
    let of_area = |method: &&Method| !list.by_hand.contains(&format!("{name}.{}", method.name));
    let methods = area.methods.iter().filter(of_area);
    let methods = methods.flat_map(|method| {
        let none = BTreeMap::new();
        let defaults = list.defaults.get(&format!("{name}.{}", method.name));
        functions(area, method, defaults.unwrap_or(&none), with_default)
    });
    let methods: String = methods.collect();
    if area.accessor.is_some() {
        let doc = attributes(&area.documentation);
        return format!(
            "{doc}#[derive(uniffi::Object)]\npub struct {name} {{ atlas: Weak<Atlas> }}\n\n\
             impl {name} {{\nfn atlas(&self) -> Result<Arc<Atlas>> {{\n\
             self.atlas.upgrade().ok_or_else(|| AtlasError::closed(\"database\"))\n}}\n}}\n\n\
             #[uniffi::export]\nimpl {name} {{\n{methods}}}\n\n"
        );
    }
    let accessors = all.iter().filter_map(|area| {
        let (accessor, name) = (area.accessor.as_ref()?, &area.name);
        let doc = attributes(&area.documentation);
        Some(format!(
            "{doc}pub fn {accessor}(self: Arc<Self>) -> Arc<{name}> {{ Arc::new({name} {{ atlas: Arc::downgrade(&self) }}) }}\n"
        ))
    });
    let accessors: String = accessors.collect();
    format!("#[uniffi::export]\nimpl Atlas {{\n{accessors}{methods}}}\n\n")
}

/// One method, or two where the core takes a ticket or a draft.
fn functions(
    area: &Area,
    method: &Method,
    defaults: &BTreeMap<String, String>,
    with_default: &BTreeSet<String>,
) -> Vec<String> {
    let is_subject = |argument: &&Argument| argument.kind == "impl Into<Subject<'a>>";
    let Some(subject) = method.arguments.iter().find(is_subject) else {
        return vec![function(area, method, &method.name, defaults, with_default)];
    };
    let of = |name: &str, kind: &str| {
        let mut one = method.clone();
        for argument in &mut one.arguments {
            if argument.name == subject.name {
                (argument.name, argument.kind) = (name.to_owned(), kind.to_owned());
            }
        }
        one
    };
    let draft = format!("{}_draft", method.name);
    vec![
        function(
            area,
            &of("key", "&str"),
            &method.name,
            defaults,
            with_default,
        ),
        function(area, &of("draft", "&Draft"), &draft, defaults, with_default),
    ]
}

fn function(
    area: &Area,
    method: &Method,
    name: &str,
    defaults: &BTreeMap<String, String>,
    with_default: &BTreeSet<String>,
) -> String {
    let is_long = |argument: &&Argument| argument.kind == "ProgressFn<'_>";
    let long = method.arguments.iter().any(|argument| is_long(&argument));
    let crossing = method
        .arguments
        .iter()
        .map(|argument| match is_long(&argument) {
            true => vec![
                Crossing::absent("progress", "Option<Arc<dyn ProgressListener>>", "tell"),
                Crossing::absent("cancellation", "Option<Arc<Cancellation>>", ""),
            ],
            false => vec![Crossing::new(argument, defaults, with_default)],
        });
    let arguments: Vec<Crossing> = crossing.flatten().collect();
    let list = arguments
        .iter()
        .map(|one| format!(", {}: {}", one.name, one.kind));
    let list: String = list.collect();
    let passed: Vec<&str> = arguments.iter().map(|one| one.passed.as_str()).collect();
    let passed: Vec<&str> = passed.into_iter().filter(|text| !text.is_empty()).collect();
    let object = match &area.accessor {
        Some(accessor) => format!("core.{accessor}()"),
        None => "core".to_owned(),
    };
    let call = format!("{object}.{}({})", method.name, passed.join(", "));
    let call = match (method.is_fallible, &method.output) {
        (true, _) => call,
        (false, Some(_)) => format!("Ok({call})"),
        (false, None) => format!("{{ {call}; Ok(()) }}"),
    };
    let output = method.output.as_deref().unwrap_or("()");
    let atlas = area.accessor.as_ref().map_or("self", |_| "self.atlas()?");
    let body = match long {
        true => format!(
            "let core = {atlas}.core()?;\nWatch::new(cancellation).run(progress, |tell| {call})"
        ),
        false => format!("{atlas}.call(|core| {call})"),
    };
    let doc = attributes(&method.documentation);
    let export = trailing_defaults(&arguments);
    format!("{doc}{export}pub fn {name}(&self{list}) -> Result<{output}> {{\n{body}\n}}\n")
}

/// The attribute for the arguments at the end that all have a default: a language may want these last.
fn trailing_defaults(arguments: &[Crossing]) -> String {
    let last = arguments.iter().rev().map_while(|one| {
        let default = one.default.as_ref()?;
        Some(format!("{} = {default}", one.name))
    });
    let mut last: Vec<String> = last.collect();
    last.reverse();
    match last.is_empty() {
        true => String::new(),
        false => format!("#[uniffi::method(default({}))]\n", last.join(", ")),
    }
}

impl Crossing {
    fn absent(name: &str, kind: &str, passed: &str) -> Self {
        Crossing {
            name: name.to_owned(),
            kind: kind.to_owned(),
            passed: passed.to_owned(),
            default: Some("None".to_owned()),
        }
    }

    fn new(
        argument: &Argument,
        defaults: &BTreeMap<String, String>,
        with_default: &BTreeSet<String>,
    ) -> Self {
        let Argument { name, kind } = argument;
        let (kind, passed) = match kind.as_str() {
            "&str" => ("String".to_owned(), format!("&{name}")),
            "impl AsRef<Path>" => ("String".to_owned(), format!("&{name}")),
            "Option<&str>" => ("Option<String>".to_owned(), format!("{name}.as_deref()")),
            "&JiraClient" => ("Arc<Jira>".to_owned(), format!("&{name}.client")),
            other => match other.strip_prefix('&') {
                None => (other.to_owned(), name.clone()),
                Some(record) if OPTIONS.contains(&&**name) && with_default.contains(record) => (
                    format!("Option<{record}>"),
                    format!("&{name}.unwrap_or_default()"),
                ),
                Some(slice) if slice.starts_with('[') => {
                    let item = slice.trim_matches(['[', ']']);
                    (format!("Vec<{item}>"), format!("&{name}"))
                }
                Some(record) => (record.to_owned(), format!("&{name}")),
            },
        };
        let optional = kind.starts_with("Option<").then(|| "None".to_owned());
        Crossing {
            default: defaults.get(name).cloned().or(optional),
            name: name.clone(),
            kind,
            passed,
        }
    }
}
