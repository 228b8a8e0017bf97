//! Pictures are sound XML with the report's numbers in them.

use super::ink::{cut, text_width, wrapped};
use crate::learning::backtest::{
    ATLAS, BacktestReport, Drift, FREQUENCY, GroupScore, Interval, MethodScore, Timeline,
    TimelinePoint,
};
use crate::learning::calibration::Reliability;

const HOSTILE: &str = "<script>alert(\"&'\")</script>\u{1b}[31m\u{202e}";

fn method(name: &str, hit: f64, mrr: f64) -> MethodScore {
    let interval = |value: f64| Interval {
        value,
        low: value - 0.04,
        high: value + 0.04,
    };
    MethodScore {
        name: name.to_owned(),
        hit_1: interval(mrr),
        hit_5: interval(mrr),
        hit_10: interval(hit),
        mrr: interval(mrr),
        recall_10: interval(mrr),
    }
}

fn report() -> BacktestReport {
    let judged: Vec<(f64, bool)> = (0..100)
        .map(|n| (f64::from(n) / 100.0, n % 3 == 0))
        .collect();
    let stretch = |hit_10: f64| GroupScore {
        name: "SHOP-1 to SHOP-40".to_owned(),
        tickets: 40,
        hit_10,
        mrr: 0.5,
    };
    let point = |tickets: usize| TimelinePoint {
        ticket: format!("SHOP-{tickets}"),
        tickets,
        hit_10: 0.7,
        frequency_hit_10: 0.2,
    };
    BacktestReport {
        summary: "On your last 80 tickets the top 10 held it 71 % of the time.".to_owned(),
        options: Default::default(),
        tickets: 80,
        learned_first: 0,
        patterns: 4_321,
        methods: vec![
            method(ATLAS, 0.713, 0.512),
            method(HOSTILE, 0.66, 0.48),
            method(FREQUENCY, 0.22, 0.1),
            method("words only", 0.782, 0.491),
        ],
        answered_by_learned: 40,
        reliability: Some(Reliability::of(&judged)),
        calibrated_scenarios: 9_876,
        minutes: None,
        by_component: Vec::new(),
        by_time: vec![stretch(0.6), stretch(0.8)],
        timeline: Timeline {
            window: 17,
            points: (17..=80).map(point).collect(),
        },
        drift: Some(Drift {
            lately: 0.5,
            before: 0.8,
            tickets: 40,
            component: Some(HOSTILE.to_owned()),
            warning: format!("It fell, most in {HOSTILE}."),
        }),
    }
}

/// The texts of an XML document whose tags are closed in order and whose special characters are
/// escaped.
fn texts(xml: &str) -> Vec<String> {
    let mut open: Vec<&str> = Vec::new();
    let mut texts = Vec::new();
    for piece in xml.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').expect("a tag ends");
        let name = tag.split([' ', '/']).find(|name| !name.is_empty());
        let name = name.expect("a tag has a name");
        assert!(
            [
                "svg", "style", "text", "rect", "circle", "line", "polyline", "polygon", "path"
            ]
            .contains(&name),
            "{tag}"
        );
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        match (tag.starts_with('/'), tag.ends_with('/')) {
            (true, _) => assert_eq!(open.pop(), Some(name)),
            (_, true) => {}
            _ => open.push(name),
        }
        for entity in text.split('&').skip(1) {
            let known = ["lt;", "gt;", "amp;", "quot;", "apos;"];
            assert!(
                known.iter().any(|known| entity.starts_with(known)),
                "{text}"
            );
        }
        texts.push(text.trim().to_owned());
    }
    assert!(open.is_empty(), "{open:?} are not closed");
    assert!(xml.chars().all(|c| !c.is_control() || c == '\n'));
    texts
}

#[test]
fn a_picture_is_sound_and_holds_the_numbers() {
    let svg = report().to_svg().unwrap();
    let texts = texts(&svg);
    for said in [
        "On your last 80 tickets the top 10 held it 71 % of the time.",
        "4321 patterns",
        "words only",
        "71 (67–75)",
        "78 (74–82)",
        "0.51 (0.47–0.55)",
        "bars: fifths · lines: last 17 tickets · orange: 40 ago",
        "It fell, most in &lt;script&gt;alert(&quot;&amp;&apos;&quot;)&lt;/script&gt;[31m.",
    ] {
        assert!(texts.iter().any(|text| text == said), "{said}\n{texts:#?}");
    }
    assert!(
        texts
            .iter()
            .any(|text| text.contains("9876 judged scenarios"))
    );
    assert_eq!(svg.matches("<circle").count(), 10, "a point for each band");
    assert!(!svg.contains("<script") && !svg.contains('\u{202e}'));
    // Better in hit@10 alone, so marked there alone.
    let orange = |tag: &&str| tag.starts_with("text ") && tag.contains("#BC4C00");
    let orange = svg.split('<').filter(orange).count();
    assert_eq!(orange, 2, "the warning and one number");
    assert_eq!(svg, report().to_svg().unwrap());
}

#[test]
fn what_is_missing_is_said() {
    let few = BacktestReport {
        reliability: None,
        drift: None,
        timeline: Timeline::default(),
        ..report()
    };
    let drawn = texts(&few.to_svg().unwrap());
    assert!(
        drawn
            .iter()
            .any(|text| text.starts_with("Not calibrated yet"))
    );
    assert!(!drawn.iter().any(|text| text.contains("lines:")));
    let nothing = BacktestReport { tickets: 0, ..few };
    assert!(texts(&nothing.to_svg().unwrap()).len() < drawn.len() / 4);
}

#[test]
fn text_stays_within_its_width() {
    let words = "what was tested most often for tickets like this ".repeat(5);
    let lines = wrapped(&words, 300, 14);
    assert!(lines.len() > 3 && lines.iter().all(|line| text_width(line, 14) <= 300));
    assert_eq!(lines.join(" "), words.trim());
    assert!(text_width(&cut(&words, 100, 13), 13) <= 100);
    assert_eq!(wrapped(&"x".repeat(500), 300, 14).len(), 1);
}
