//! Which test case a record is: an id has a scope, and the same id with another title and other
//! steps is another test case.

use std::collections::{BTreeMap, HashSet};

use crate::domain::{Step, TestPattern, folded_name};

/// What stands between an id and its scope.
const AT: char = '@';
/// Titles and steps that are alike to this degree together are those of one test case.
const ALIKE: f64 = 1.0;
/// The same for titles or steps alone, where no other project has the id.
const UNIQUE_ALIKE: f64 = 0.5;
/// The same for titles alone, where one of the two has no steps.
const TITLES_ALIKE: f64 = 0.6;
/// Two steps are the same where they share so many of their words.
const STEP_ALIKE: f64 = 0.75;
/// So many steps are compared.
const MOST_STEPS: usize = 200;

/// An id as it is known beside the same id of other scopes: `12@Cart`.
pub(crate) fn scoped(id: &str, scope: &str) -> String {
    let scope: Vec<&str> = scope.split_whitespace().collect();
    format!("{id}{AT}{}", scope.join("_"))
}

/// Whether an id is one with its scope.
pub(crate) fn is_scoped(id: &str) -> bool {
    id.split_once(AT)
        .is_some_and(|(id, scope)| !id.is_empty() && !scope.is_empty())
}

/// What the scoped forms of an id begin with.
pub(crate) fn scoped_start(id: &str) -> String {
    format!("{id}{AT}")
}

/// Whether an id names its project itself, so that no scope is needed: `DEMO-12` of `DEMO`.
pub(crate) fn names_scope(id: &str, scope: &str) -> bool {
    let rest = id.get(..scope.len()).zip(id.get(scope.len()..));
    let begins = rest.is_some_and(|(start, rest)| {
        start.eq_ignore_ascii_case(scope) && rest.starts_with(['-', '/', ':', '.', '_'])
    });
    begins || id.ends_with(&scoped("", scope))
}

/// The scope of a record's ids: the project that the user gives, and what the file says within it.
pub(crate) fn scope_of(project: Option<&str>, own: Option<&str>) -> Option<String> {
    let filled = |text: Option<&str>| {
        let text = text.map(str::trim).filter(|text| !text.is_empty());
        text.map(str::to_owned)
    };
    match (filled(project), filled(own)) {
        (Some(project), Some(own)) if folded(&project) != folded(&own) => {
            Some(format!("{project}/{own}"))
        }
        (project, own) => project.or(own),
    }
}

/// Whether two ids are of one kind, such as `C7` and `C12`: one test case has only one of them.
pub(crate) fn same_kind(one: &str, other: &str) -> bool {
    let kind = |id: &str| {
        let mut kind = String::new();
        for c in id.chars().take(100) {
            match c.is_ascii_digit() {
                true if kind.ends_with('0') => {}
                true => kind.push('0'),
                false => kind.push(c),
            }
        }
        kind
    };
    kind(one) == kind(other)
}

/// Whether two records with one id are one test case: the title or the steps stayed, or enough of
/// both. Where the folders differ too, the title alone is not enough. An id that no other project
/// has (`is_unique`) needs less.
pub(crate) fn is_same(one: &TestPattern, other: &TestPattern, is_unique: bool) -> bool {
    let titles = titles_alike(&one.name, &other.name);
    let steps = steps_alike(&one.steps, &other.steps);
    if is_unique {
        return titles.max(steps.unwrap_or(0.0)) >= UNIQUE_ALIKE;
    }
    let Some(steps) = steps else {
        return titles >= TITLES_ALIKE;
    };
    let elsewhere = folder(one) != folder(other) && steps == 0.0;
    titles + steps >= ALIKE && !elsewhere
}

/// The same for an id that was stored without a scope, where less evidence is not enough.
pub(crate) fn is_surely_same(one: &TestPattern, other: &TestPattern) -> bool {
    let titles = titles_alike(&one.name, &other.name);
    titles + steps_alike(&one.steps, &other.steps).unwrap_or(0.5) >= 1.5
}

/// Whether a record says all that another of the same name says.
pub(crate) fn covers(one: &TestPattern, other: &TestPattern) -> bool {
    other.steps.is_empty() || one.steps == other.steps
}

/// Whether two records say the same: title and steps.
pub(crate) fn is_equal(one: &TestPattern, other: &TestPattern) -> bool {
    folded(&one.name) == folded(&other.name) && one.steps == other.steps
}

/// Whether two records have one title.
pub(crate) fn is_titled(one: &TestPattern, other: &TestPattern) -> bool {
    folded(&one.name) == folded(&other.name)
}

/// Whether two records lie in one folder.
pub(crate) fn is_placed(one: &TestPattern, other: &TestPattern) -> bool {
    folder(one) == folder(other)
}

fn folder(pattern: &TestPattern) -> (String, String) {
    let component = pattern.component.as_deref().unwrap_or_default();
    (folded(&pattern.pattern_type), folded(component))
}

/// How alike two titles are, 0 to 1: by their words, or where these have no blanks by pairs of
/// letters.
fn titles_alike(one: &str, other: &str) -> f64 {
    let (one, other) = (folded(one), folded(other));
    if one == other {
        return 1.0;
    }
    let unspaced = !one.contains(' ') && !other.contains(' ');
    match unspaced && !(one.is_ascii() && other.is_ascii()) {
        true => dice(&pairs(&one), &pairs(&other)),
        false => dice(&words(&one), &words(&other)),
    }
}

/// How many of the steps are the same, 0 to 1; none where one of the two has no steps.
pub(crate) fn steps_alike(one: &[Step], other: &[Step]) -> Option<f64> {
    let texts = |steps: &[Step]| -> Vec<String> {
        let steps = steps.iter().take(MOST_STEPS);
        steps.map(text).filter(|text| !text.is_empty()).collect()
    };
    let (one, mut other) = (texts(one), texts(other));
    if one.is_empty() || other.is_empty() {
        return None;
    }
    let count = one.len() + other.len();
    let mut common = 0;
    for step in &one {
        let exact = other.iter().position(|text| text == step);
        let like = || {
            let words_of = words(step);
            let mut others = other.iter();
            others.position(|text| dice(&words_of, &words(text)) >= STEP_ALIKE)
        };
        if let Some(place) = exact.or_else(like) {
            other.swap_remove(place);
            common += 1;
        }
    }
    Some(2.0 * f64::from(common) / count as f64)
}

fn text(step: &Step) -> String {
    let action = folded(&step.action);
    match action.is_empty() {
        true => folded(
            step.expected
                .as_deref()
                .or(step.data.as_deref())
                .unwrap_or_default(),
        ),
        false => action,
    }
}

/// Small letters and digits, one blank between words.
fn folded(text: &str) -> String {
    let spaced: String = folded_name(text)
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    let words: Vec<&str> = spaced.split_whitespace().collect();
    words.join(" ")
}

fn words(text: &str) -> HashSet<String> {
    text.split(' ').map(str::to_owned).collect()
}

fn pairs(text: &str) -> HashSet<String> {
    let chars: Vec<char> = text.chars().collect();
    match chars.len() {
        0 | 1 => HashSet::from([text.to_owned()]),
        _ => chars.windows(2).map(|pair| pair.iter().collect()).collect(),
    }
}

fn dice(one: &HashSet<String>, other: &HashSet<String>) -> f64 {
    let both = one.intersection(other).count();
    2.0 * both as f64 / (one.len() + other.len()).max(1) as f64
}

/// What a record is within its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum InFile {
    /// The only one, or the first, of its id.
    First,
    /// It says what the record at this place says.
    Repeats(usize),
    /// The record at this place has its id, another title or other steps.
    Conflicts(usize),
    /// It has no id, and too many others have its name and folder and other steps.
    Crowd,
}

/// What each record is within its file, by the ids of each with their scopes. A repeated record
/// with steps stands for one without.
pub(crate) fn within_file(records: &[Option<(Vec<String>, &TestPattern)>]) -> Vec<InFile> {
    let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (place, record) in records.iter().enumerate() {
        let ids = record.iter().flat_map(|(ids, _)| ids);
        for id in ids {
            places.entry(id).or_default().push(place);
        }
    }
    let mut found = vec![InFile::First; records.len()];
    for places in places.values().filter(|places| places.len() > 1) {
        settle(records, places, &mut found);
    }
    found
}

/// Settles the records of one id: all but the fullest repeat it, or all are in conflict.
fn settle(records: &[Option<(Vec<String>, &TestPattern)>], places: &[usize], found: &mut [InFile]) {
    let pattern = |place: usize| records.get(place).and_then(Option::as_ref).map(|(_, p)| *p);
    let has_steps = |place: &&usize| pattern(**place).is_some_and(|p| !p.steps.is_empty());
    let first = places.iter().find(has_steps).or(places.first());
    let Some((&first, fullest)) = first.and_then(|place| Some((place, pattern(*place)?))) else {
        return;
    };
    let agrees = |place: usize| {
        pattern(place)
            .is_some_and(|p| folded(&p.name) == folded(&fullest.name) && covers(fullest, p))
    };
    let conflict = places.iter().find(|place| !agrees(**place)).copied();
    for &place in places {
        let Some(slot) = found.get_mut(place) else {
            continue;
        };
        match conflict {
            Some(other) if place == first => *slot = InFile::Conflicts(other),
            Some(_) => *slot = InFile::Conflicts(first),
            None if place != first && *slot == InFile::First => *slot = InFile::Repeats(first),
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(name: &str, steps: &[&str]) -> TestPattern {
        let mut pattern = TestPattern::new(name, "General");
        pattern.steps = steps.iter().map(|step| Step::new(*step, "")).collect();
        pattern
    }

    #[test]
    fn the_same_id_is_the_same_test_case_where_title_or_steps_stayed() {
        let log_in = case("Log in", &["Open", "Submit"]);
        for same in [
            case("Log in", &["Open", "Type the name", "Submit"]),
            case("Log in", &["Tap"]),
            case("Sign in", &["Open", "Submit"]),
            case("log  in!", &[]),
        ] {
            assert!(is_same(&log_in, &same, false), "{same:?}");
        }
        for other in [
            case("Cart is paid", &["Pay"]),
            case("Cart is paid", &["Open", "Pay"]),
            case("Log out", &["Press"]),
            case("Cart is paid", &[]),
        ] {
            assert!(!is_same(&log_in, &other, false), "{other:?}");
        }
        assert!(!is_same(
            &case("支払い", &["払う"]),
            &case("ログイン", &["開く"]),
            false
        ));
        assert!(is_same(
            &case("ログインする", &["開く"]),
            &case("ログインをする", &["開く"]),
            false
        ));
        let web = TestPattern {
            pattern_type: "Web".into(),
            ..case("Log in", &["Tap"])
        };
        assert!(!is_same(&log_in, &web, false));
        assert!(is_same(&log_in, &case("Sign in", &["Press"]), true));
        assert!(!is_same(&log_in, &case("Cart is paid", &["Pay"]), true));
    }

    #[test]
    fn ids_have_a_scope() {
        assert_eq!(scoped("12", "My cart"), "12@My_cart");
        assert!(names_scope("DEMO-12", "demo") && names_scope("12@Cart", "Cart"));
        assert!(!names_scope("DEMOS-12", "DEMO") && !names_scope("12", "DEMO"));
        assert_eq!(
            scope_of(Some("WEB"), Some("Cart")).as_deref(),
            Some("WEB/Cart")
        );
        assert_eq!(scope_of(Some(" "), Some("Cart")).as_deref(), Some("Cart"));
        assert_eq!(scope_of(Some("web"), Some("WEB")).as_deref(), Some("web"));
        assert!(same_kind("C7", "C12") && !same_kind("C7", "WRKA-7"));
    }

    #[test]
    fn an_id_twice_in_a_file_is_a_repetition_or_a_conflict() {
        let (bare, full, other) = (case("A", &[]), case("A", &["x"]), case("B", &["y"]));
        let record = |id: &str, pattern| Some((vec![id.to_owned()], pattern));
        let found = within_file(&[
            record("1", &bare),
            record("2", &other),
            record("1", &full),
            None,
            record("3", &full),
            record("3", &other),
        ]);
        use InFile::{Conflicts, First, Repeats};
        assert_eq!(
            found,
            [Repeats(2), First, First, First, Conflicts(5), Conflicts(4)]
        );
    }
}
