//! Words that say what follows: `Step 2:`, `Action:`, `Expected result:`, `Test data:`.

use super::item_marks::digits;
use crate::domain::Step;

/// What a labelled line holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StepLabel {
    Action,
    Expected,
    Data,
}

const STEP: [&str; 20] = [
    "test step",
    "step",
    "testschritt",
    "schritt",
    "étape",
    "etape",
    "paso",
    "passo",
    "passaggio",
    "stap",
    "krok",
    "шаг",
    "steg",
    "trin",
    "adım",
    "ステップ",
    "手順",
    "步骤",
    "步驟",
    "단계",
];
const HEADINGS: [&str; 26] = [
    "test steps",
    "steps",
    "step",
    "actions",
    "testschritte",
    "schritte",
    "étapes",
    "etapes",
    "pasos",
    "passos",
    "passi",
    "passaggi",
    "stappen",
    "kroki",
    "шаги",
    "steg",
    "trin",
    "adımlar",
    "ステップ",
    "手順",
    "步骤",
    "步驟",
    "测试步骤",
    "測試步驟",
    "단계",
    "테스트 단계",
];
const ACTION: [&str; 14] = [
    "action",
    "step",
    "test step",
    "aktion",
    "schritt",
    "acción",
    "ação",
    "azione",
    "actie",
    "akcja",
    "действие",
    "アクション",
    "操作",
    "동작",
];
/// Words that are never anything else, so that they count inside a line too.
const EXPECTED: [&str; 40] = [
    "esperado",
    "attendu",
    "atteso",
    "verwacht",
    "oczekiwane",
    "ожидается",
    "ожидание",
    "expected results",
    "expected result",
    "expected outcome",
    "expected behavior",
    "expected behaviour",
    "expected output",
    "expected",
    "erwartetes ergebnis",
    "erwartete ergebnisse",
    "erwartetes resultat",
    "erwartet",
    "résultats attendus",
    "résultat attendu",
    "resultados esperados",
    "resultado esperado",
    "risultati attesi",
    "risultato atteso",
    "verwachte resultaten",
    "verwacht resultaat",
    "oczekiwane rezultaty",
    "oczekiwany rezultat",
    "oczekiwany wynik",
    "ожидаемые результаты",
    "ожидаемый результат",
    "förväntat resultat",
    "forventet resultat",
    "beklenen sonuç",
    "期待される結果",
    "期待結果",
    "预期结果",
    "預期結果",
    "기대 결과",
    "예상 결과",
];
const RESULT: [&str; 12] = [
    "results",
    "result",
    "ergebnis",
    "résultat",
    "resultado",
    "risultato",
    "resultaat",
    "wynik",
    "результат",
    "結果",
    "结果",
    "결과",
];
const DATA: [&str; 15] = [
    "test data",
    "data",
    "input",
    "testdaten",
    "daten",
    "données de test",
    "datos de prueba",
    "dados de teste",
    "dati di test",
    "testgegevens",
    "dane testowe",
    "тестовые данные",
    "テストデータ",
    "测试数据",
    "테스트 데이터",
];

/// No label is longer, in bytes.
const LONGEST: usize = 48;

/// The number of `Step 2: …`, `Step 2` or `Schritt 2 - …`, and the rest.
pub(super) fn step_number(line: &str) -> Option<(usize, &str)> {
    // Most lines are none, and there are many.
    let digit = line.bytes().take(LONGEST).position(|b| b.is_ascii_digit());
    digit.filter(|at| *at > 0)?;
    let line = line.trim_start_matches(['*', '_']);
    let rest = STEP.iter().find_map(|word| after_word(line, word))?;
    let rest = rest.trim_start_matches([' ', '\u{a0}', '#']);
    let (number, rest) = digits(rest)?;
    let trimmed = rest.trim_start();
    let marks = [':', '：', '.', ')', '、'];
    let after = trimmed
        .strip_prefix(marks)
        .filter(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()));
    let dash = || {
        ["- ", "– ", "— "]
            .iter()
            .find_map(|dash| trimmed.strip_prefix(dash))
    };
    let alone = || trimmed.is_empty().then_some(trimmed);
    let after = after.or_else(dash).or_else(alone)?;
    Some((
        number,
        after.trim_start_matches(['*', '_', ' ', '\u{a0}', '\t']),
    ))
}

/// `Steps:` above a list.
pub(super) fn is_heading(line: &str) -> bool {
    let word = line.trim_start_matches('#').trim_matches([' ', '*', '_']);
    let word = word.trim_end_matches([':', '：', ' ', '*']);
    let is_marked = word.len() < line.len() && word.len() <= LONGEST;
    is_marked
        && HEADINGS
            .iter()
            .any(|heading| after_word(word, heading) == Some(""))
}

/// The rest of a line that begins with `Action:`.
pub(super) fn action(line: &str) -> Option<&str> {
    labelled(line, &ACTION)
}

/// What a line is labelled as, and the rest of it.
pub(super) fn part(line: &str) -> Option<(StepLabel, &str)> {
    let line = line.trim();
    let expected = labelled(line, &EXPECTED).or_else(|| labelled(line, &RESULT));
    let expected = expected.map(|rest| (StepLabel::Expected, rest));
    expected.or_else(|| labelled(line, &DATA).map(|rest| (StepLabel::Data, rest)))
}

/// What a line is that is such a word and nothing else: `Expected result`.
pub(super) fn part_alone(line: &str) -> Option<StepLabel> {
    let line = line.trim();
    if line.len() > LONGEST || line.contains([':', '：']) {
        return None;
    }
    part(&format!("{line}:")).map(|(label, _)| label)
}

/// The rest of a text that begins with the word for a step.
pub(super) fn after_step(text: &str) -> Option<&str> {
    STEP.iter().find_map(|word| after_word(text, word))
}

/// A step whose text may say itself what is expected.
pub(super) fn step(text: &str) -> Step {
    let text = match text.split_once('\n') {
        Some((first, rest)) => action(first).map(|first| join(first, rest)),
        None => action(text).map(str::to_owned),
    }
    .unwrap_or_else(|| text.to_owned());
    let expects = |line: &str| matches!(part(line), Some((StepLabel::Expected, _)));
    if !text
        .lines()
        .any(|line| expects(line) || within(line).is_some())
    {
        return Step::new(text, "");
    }
    let mut parts = [String::new(), String::new(), String::new()];
    let mut now = StepLabel::Action;
    for line in text.lines() {
        let (before, found) = match part(line) {
            Some((label, rest)) => (None, Some((label, rest))),
            None => match within(line).filter(|_| now != StepLabel::Expected) {
                Some((before, rest)) => (Some(before), Some((StepLabel::Expected, rest))),
                None => (Some(line), None),
            },
        };
        if let Some(before) = before {
            let (before, data) = match found {
                Some(_) => data_within(before),
                None => (before, None),
            };
            add_line(&mut parts[now as usize], before);
            if let Some(data) = data {
                add_line(&mut parts[StepLabel::Data as usize], data);
            }
        }
        if let Some((label, rest)) = found {
            now = label;
            add_line(&mut parts[now as usize], rest);
        }
    }
    let [action, expected, data] = parts.map(|part| part.trim().to_owned());
    Step {
        data: (!data.is_empty()).then_some(data),
        ..Step::new(action, expected)
    }
}

/// `Open the page | Data: x`: what stands before the data, and the data.
fn data_within(text: &str) -> (&str, Option<&str>) {
    let cut = ["|", ";"].iter().find_map(|mark| {
        let (before, rest) = text.rsplit_once(mark)?;
        let data = labelled(rest, &DATA).filter(|data| !data.is_empty())?;
        Some((before.trim_end(), data))
    });
    cut.map_or((text, None), |(before, data)| (before, Some(data)))
}

fn add_line(text: &mut String, line: &str) {
    let line = if text.is_empty() {
        line.trim()
    } else {
        line.trim_end()
    };
    text.push_str(if text.is_empty() { "" } else { "\n" });
    text.push_str(line);
}

fn join(first: &str, rest: &str) -> String {
    match first.is_empty() {
        true => rest.to_owned(),
        false => format!("{first}\n{rest}"),
    }
}

/// `Open the page. Expected: a form` in one line: what stands before and after.
fn within(line: &str) -> Option<(&str, &str)> {
    let mut quoted = false;
    for (at, mark) in line.match_indices([':', '：', '"', '`']) {
        if matches!(mark, "\"" | "`") {
            quoted = !quoted;
        } else if !quoted && let Some(action) = before_label(line.get(..at)?.trim_end()) {
            let opened = action.trim_end().ends_with('(');
            let marks = ['(', '|', ';', '-', '–', '—', '/', '>', '='];
            let action = action.trim_end().trim_end_matches(marks).trim_end();
            let rest = line.get(at + mark.len()..)?.trim();
            let inner = rest.strip_suffix(')').filter(|_| opened);
            return Some((action, inner.unwrap_or(rest)));
        }
    }
    None
}

/// The text before a word for what is expected, where it ends with one that begins a sentence.
fn before_label(text: &str) -> Option<&str> {
    EXPECTED.iter().find_map(|word| {
        let (action, label) = text.split_at(ends_with_word(text, word)?);
        let apart = action.ends_with([' ', '\t', '(', '.', ';', ',', '|', '。']);
        let capital = label.starts_with(|c: char| c.is_alphabetic() && !c.is_lowercase());
        (apart && capital && !action.trim_start().is_empty()).then_some(action)
    })
}

/// The rest of a line that begins with one of the words and a colon.
/// A label without the number of its step: `Expected 1`, `Expected result (2)`.
fn without_index(label: &str) -> &str {
    let open = label.trim_end_matches([')', ']']);
    let bare = open.trim_end_matches(|c: char| c.is_ascii_digit());
    match open.len() - bare.len() {
        1..=2 => bare.trim_end_matches([' ', '\u{a0}', '#', '(', '[']),
        _ => label,
    }
}

fn labelled<'l>(line: &'l str, words: &[&str]) -> Option<&'l str> {
    let (label, rest) = line.split_once([':', '：'])?;
    if label.len() > 2 * LONGEST {
        return None;
    }
    let marks = [' ', '\t', '\u{a0}', '*', '_'];
    let word = without_index(label.trim_matches(marks));
    let is_bold = label.trim_start().starts_with(['*', '_']);
    let known = words
        .iter()
        .any(|known| after_word(word, known) == Some(""));
    let rest = if is_bold {
        rest.trim_start_matches(['*', '_'])
    } else {
        rest
    };
    known.then(|| rest.trim())
}

/// The text after a word, whatever its case.
fn after_word<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let mut rest = text.chars();
    for wanted in word.chars() {
        let c = rest.next()?;
        if !(c == wanted || c.to_lowercase().eq([wanted])) {
            return None;
        }
    }
    Some(rest.as_str())
}

/// Where a word starts that ends the text, whatever its case.
fn ends_with_word(text: &str, word: &str) -> Option<usize> {
    let start = text
        .char_indices()
        .rev()
        .nth(word.chars().count().checked_sub(1)?)?
        .0;
    (after_word(text.get(start..)?, word) == Some("")).then_some(start)
}
