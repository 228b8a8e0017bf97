use std::collections::HashSet;

use super::*;

const SPEAKING: [Personality; 4] = [
    Personality::Coach,
    Personality::Analyst,
    Personality::HypeMan,
    Personality::DrillSergeant,
];

/// Everything that the occasion always has, and with `all` also what it may have.
fn facts(occasion: Occasion, all: bool) -> Facts {
    let (always, sometimes) = occasion.facts();
    let sometimes = sometimes.iter().filter(|_| all);
    always
        .iter()
        .chain(sometimes)
        .fold(Facts::new(), |facts, fact| match fact {
            Fact::Name => facts.text(*fact, "Ada"),
            Fact::Ticket => facts.text(*fact, "WRKA-1234"),
            Fact::Component => facts.text(*fact, "Reports"),
            Fact::Achievement => facts.text(*fact, "Three in a row"),
            Fact::Challenge => facts.text(*fact, "Complete 3 sessions"),
            _ => facts.number(*fact, 12),
        })
}

#[test]
fn the_shipped_file_has_twelve_lines_or_more_for_each_personality_and_occasion() {
    let lists = parse(SHIPPED).unwrap();
    let mut texts = HashSet::new();
    for personality in SPEAKING {
        for occasion in Occasion::ALL {
            let list = &lists[&(personality, occasion)];
            assert!(list.len() >= LINES_LEAST);
            for line in list {
                let text = line.text(&facts(occasion, true)).unwrap();
                assert!(!text.contains(['{', '}']), "{text}");
                assert!(text.chars().count() <= LINE_LONGEST, "{text}");
                assert!(text.ends_with(['.', '!', '?']), "{text}");
                assert!(texts.insert(text.clone()), "twice: {text}");
            }
        }
    }
    assert!(texts.len() >= 4 * 10 * 12);
}

#[test]
fn no_shipped_line_insults_or_threatens() {
    const BAD: &[&str] = &[
        "stupid",
        "idiot",
        "lazy",
        "useless",
        "pathetic",
        "worthless",
        "loser",
        "dumb",
        "fool",
        "weak",
        "maggot",
        "incompetent",
        "shame",
        "ashamed",
        "disgrace",
        "failure",
        "hate",
        "ugly",
        "hopeless",
        "coward",
        "punish",
        "sloppy",
        "careless",
        "terrible",
        "worst",
        "kill",
        "damn",
        "hell",
        "crap",
        "moron",
        "disappoint",
        "disappointed",
        "disappointing",
    ];
    let lists = parse(SHIPPED).unwrap();
    for (key, list) in &lists {
        for line in list {
            let text = line.text(&facts(key.1, true)).unwrap().to_lowercase();
            let words: Vec<&str> = text.split(|c: char| !c.is_alphabetic()).collect();
            // "Failure reproduced" speaks of the software.
            let bad = |word: &&&str| words.contains(word) && **word != "failure";
            assert_eq!(BAD.iter().find(bad), None, "{text}");
        }
    }
}

#[test]
fn ten_lines_go_by_before_one_is_said_again() {
    let coach = Coach::shipped().unwrap();
    for personality in SPEAKING {
        for occasion in Occasion::ALL {
            for all in [false, true] {
                let known = facts(occasion, all);
                let mut said: Vec<String> = Vec::new();
                for seed in 0..60 {
                    let line = coach
                        .say(personality, occasion, &known, &said, seed)
                        .unwrap();
                    let recent = said.iter().rev().take(LINES_BETWEEN);
                    assert!(recent.clone().all(|id| *id != line.id), "{}", line.text);
                    said.push(line.id);
                }
                assert!(said.iter().collect::<HashSet<_>>().len() > LINES_BETWEEN);
            }
        }
    }
}

#[test]
fn the_same_arguments_give_the_same_line_and_silence_is_silent() {
    let coach = Coach::shipped().unwrap();
    let known = facts(Occasion::SessionPassed, true);
    let say =
        |personality, seed| coach.say(personality, Occasion::SessionPassed, &known, &[], seed);
    assert_eq!(say(Personality::Coach, 4), say(Personality::Coach, 4));
    assert!((0..20).any(|seed| say(Personality::Coach, seed) != say(Personality::Coach, 4)));
    assert!((0..20).all(|seed| say(Personality::Silent, seed).is_none()));
}

#[test]
fn nothing_is_said_of_what_is_not_known() {
    let coach = Coach::shipped().unwrap();
    let none = Facts::new().text(Fact::Ticket, " ").number(Fact::Steps, 0);
    for seed in 0..50 {
        let line = coach.say(
            Personality::HypeMan,
            Occasion::SessionPassed,
            &none,
            &[],
            seed,
        );
        let text = line.unwrap().text;
        assert!(!text.contains("step") && !text.contains("WRKA"), "{text}");
    }
    assert_eq!(
        coach
            .say(
                Personality::Analyst,
                Occasion::ChallengeCompleted,
                &Facts::new(),
                &[],
                1
            )
            .map(|l| l.text),
        Some("The day's target is met. Next draw: tomorrow.".into())
    );
}

#[test]
fn numbers_have_their_units() {
    let words = |fact, n| Facts::new().number(fact, n).words(fact, false).unwrap();
    assert_eq!(words(Fact::Steps, 1), "1 step");
    assert_eq!(words(Fact::Steps, 12), "12 steps");
    assert_eq!(words(Fact::Minutes, 0), "less than a minute");
    assert_eq!(words(Fact::Minutes, 65), "1 h 5 min");
    assert_eq!(words(Fact::Xp, 25), "25 XP");
    let line = Template::parse("1".into(), "{minutes}. {minutes}", Occasion::SessionPassed);
    let known = Facts::new().number(Fact::Minutes, 0);
    let said = line.unwrap().text(&known).unwrap();
    assert_eq!(said, "Less than a minute. Less than a minute");
}

/// A file with one list of lines.
fn own(lines: &[String]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| format!("  {line:?},")).collect();
    format!("# mine\n[coach]\nlevel_up = [\n{}\n]\n", lines.join("\n"))
}

#[test]
fn a_list_of_the_users_own_takes_the_place_of_the_shipped_one() {
    let lines: Vec<String> = (0..12)
        .map(|n| format!("Line {n}: level {{#level}}"))
        .collect();
    let coach = Coach::with_lines(&own(&lines)).unwrap();
    let known = facts(Occasion::LevelUp, false);
    let say = |personality| {
        let line = coach.say(personality, Occasion::LevelUp, &known, &[], 3);
        line.unwrap().text
    };
    assert!(say(Personality::Coach).ends_with(": level 12"));
    assert!(!say(Personality::Analyst).starts_with("Line"));
}

#[test]
fn a_file_that_is_wrong_is_told_where() {
    let lines: Vec<String> = (0..12).map(|n| format!("Line {n}")).collect();
    let with = |place: usize, text: &str| {
        let mut lines = lines.clone();
        lines[place] = text.to_owned();
        own(&lines)
    };
    let cases = [
        (with(2, "Level {lvl}"), "line 6", "{lvl}"),
        (
            with(0, "On {ticket}"),
            "line 4",
            "level_up knows level, to_next, name",
        ),
        (with(1, "Level {level"), "line 5", "a } for each {"),
        (with(1, "Level level}"), "line 5", "a { for each }"),
        (with(3, " "), "line 7", "some words"),
        (with(3, "Line 1"), "line 7", "not there already"),
        (with(3, &"x".repeat(141)), "line 7", "at most 140"),
        (own(&lines[..11]), "line 3", "at least 12 lines; it has 11"),
        (
            own(&[&lines[..10], &["{name}".into(), "{name}!".into()]].concat()),
            "line 3",
            "at least 11 lines have no other placeholder than level, to_next; 10 do",
        ),
        ("[captain]\nlevel_up = []".into(), "line 1", "one of coach"),
        ("[silent]\nlevel_up = []".into(), "line 1", "one of coach"),
        (
            "\n[coach]\nlevelup = []".into(),
            "line 3",
            "session_started",
        ),
        (
            "[coach]\n\nlevel_up = [1]".into(),
            "line 3",
            "lists of lines",
        ),
        ("[coach\n".into(), "line 1", "lists of lines"),
    ];
    for (toml, line, what) in cases {
        let error = Coach::with_lines(&toml).unwrap_err();
        assert_eq!(error.code(), "INVALID_VALUE");
        let message = error.to_string();
        assert!(
            message.contains(line) && message.contains(what),
            "{message}"
        );
    }
}
