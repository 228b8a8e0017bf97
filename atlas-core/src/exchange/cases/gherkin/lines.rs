//! The lines of a feature file as scenarios.

use super::keywords::{GherkinLanguage, Keyword};
use crate::exchange::distinct::add_new;

/// What kind of step a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StepKind {
    Given,
    When,
    Then,
}

/// A step with what hangs on it.
#[derive(Debug, Clone)]
pub(super) struct GherkinLine {
    pub kind: StepKind,
    /// The word that says its kind, as it was written: that of the line that an `And` goes on with.
    pub keyword: String,
    pub text: String,
    pub text_block: Option<String>,
    pub table: Vec<Vec<String>>,
}

/// What is wrong, and where.
#[derive(Debug)]
pub(super) struct GherkinFault {
    pub line: u64,
    pub column: u64,
    pub reason: String,
}

/// A scenario with all that its feature says of it.
#[derive(Debug, Default)]
pub(super) struct GherkinScenario {
    pub line: u64,
    pub feature: String,
    pub name: String,
    pub inherited: Vec<String>,
    pub tags: Vec<String>,
    pub description: Vec<String>,
    pub background: Vec<GherkinLine>,
    pub steps: Vec<GherkinLine>,
    pub examples: Vec<ExampleTable>,
    pub fault: Option<GherkinFault>,
}

/// A table of examples, with a header of its own.
#[derive(Debug, Default)]
pub(super) struct ExampleTable {
    /// Its title as it was written, keyword and name; empty where it has no name.
    pub title: String,
    pub rows: Vec<Vec<String>>,
}

/// A feature file.
#[derive(Debug, Default)]
pub(super) struct GherkinFeature {
    pub scenarios: Vec<GherkinScenario>,
    /// What is wrong outside of scenarios.
    pub fault: Option<GherkinFault>,
}

/// Reads a feature file.
pub(super) fn read(text: &str) -> GherkinFeature {
    let mut reader = GherkinReader::default();
    for (number, line) in (1..).zip(text.lines()) {
        reader.line(number, line);
    }
    reader.finish()
}

/// Reads a text in a language that stands without a feature, or even without a scenario, around it.
pub(super) fn read_part(
    text: &str,
    language: &'static GherkinLanguage,
    in_scenario: bool,
) -> GherkinFeature {
    let mut reader = GherkinReader {
        language,
        feature: Some(String::new()),
        place: GherkinBlock::Feature,
        ..GherkinReader::default()
    };
    if in_scenario {
        reader.scenario(1, "");
    }
    for (number, line) in (1..).zip(text.lines()) {
        reader.line(number, line);
    }
    reader.finish()
}

/// Where the next line belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum GherkinBlock {
    #[default]
    Start,
    Feature,
    Background,
    Rule,
    Scenario,
    Examples,
}

/// A text in quotes that is under way.
struct Block {
    fence: &'static str,
    indent: usize,
    line: u64,
    column: u64,
    lines: Vec<String>,
}

impl Block {
    /// How the text itself writes what would end it.
    fn escaped(&self) -> &'static str {
        match self.fence {
            "```" => "\\`\\`\\`",
            _ => "\\\"\\\"\\\"",
        }
    }
}

struct GherkinReader {
    language: &'static GherkinLanguage,
    place: GherkinBlock,
    feature: Option<String>,
    feature_tags: Vec<String>,
    rule_tags: Vec<String>,
    /// Steps of the feature's background, then of the rule's.
    background: Vec<GherkinLine>,
    of_feature: usize,
    in_rule: bool,
    pending: Vec<String>,
    block: Option<Block>,
    /// Lines that were read.
    lines: u64,
    found: GherkinFeature,
}

impl Default for GherkinReader {
    fn default() -> Self {
        GherkinReader {
            language: GherkinLanguage::english(),
            place: GherkinBlock::Start,
            feature: None,
            feature_tags: Vec::new(),
            rule_tags: Vec::new(),
            background: Vec::new(),
            of_feature: 0,
            in_rule: false,
            pending: Vec::new(),
            block: None,
            lines: 0,
            found: GherkinFeature::default(),
        }
    }
}

impl GherkinReader {
    fn line(&mut self, number: u64, line: &str) {
        self.lines = number;
        if self.block.is_some() {
            return self.block_line(line);
        }
        let text = line.trim();
        let column = 1 + line.chars().take_while(|c| c.is_whitespace()).count() as u64;
        match text.chars().next() {
            None => {
                self.describe("");
            }
            Some('#') => self.comment(number, column, text),
            Some('@') => self.pending.extend(tags(text)),
            Some('|') if self.takes_data() || !self.describe(text) => {
                self.row(number, column, text);
            }
            Some('|') => {}
            _ => {
                let fence = ["\"\"\"", "```"].into_iter().find(|f| text.starts_with(f));
                if let Some(fence) = fence.filter(|_| self.takes_data() || !self.describe(text)) {
                    self.block = Some(Block {
                        fence,
                        indent: column as usize - 1,
                        line: number,
                        column,
                        lines: Vec::new(),
                    });
                    return;
                } else if fence.is_some() {
                    return;
                }
                // A step's keyword ends with a blank, which trimming took where nothing follows.
                match self.language.split(text).or_else(|| self.bare(text)) {
                    Some((keyword, rest)) => self.keyword(number, column, keyword, text, rest),
                    None if self.describe(text) => {}
                    None => self.fault(
                        number,
                        column,
                        "the line is no step, keyword, table or comment".into(),
                    ),
                }
            }
        }
    }

    /// A step's keyword without anything after it.
    fn bare(&self, text: &str) -> Option<(Keyword, &'static str)> {
        let (keyword, rest) = self
            .language
            .split(&format!("{text} "))
            .map(|(k, r)| (k, r.len()))?;
        (rest == 0).then_some((keyword, ""))
    }

    fn keyword(&mut self, number: u64, column: u64, keyword: Keyword, line: &str, rest: &str) {
        match keyword {
            Keyword::Feature if self.feature.is_some() => {
                self.fault(
                    number,
                    column,
                    "a file has one feature: this is a second one".into(),
                );
            }
            Keyword::Feature => {
                self.feature = Some(rest.to_owned());
                self.feature_tags = std::mem::take(&mut self.pending);
                self.place = GherkinBlock::Feature;
            }
            _ if self.feature.is_none() => {
                self.fault(number, column, "there is no \"Feature:\" before it".into());
            }
            Keyword::Background => {
                self.place = GherkinBlock::Background;
                self.tags_left(number, column);
            }
            Keyword::Rule => {
                self.background.truncate(self.of_feature);
                self.in_rule = true;
                self.rule_tags = std::mem::take(&mut self.pending);
                self.place = GherkinBlock::Rule;
            }
            Keyword::Scenario | Keyword::Outline => self.scenario(number, rest),
            Keyword::Examples => self.examples(number, column, line, rest),
            step => self.step(number, column, step, line, rest),
        }
    }

    /// A table of examples begins; its tags are the scenario's.
    fn examples(&mut self, number: u64, column: u64, line: &str, name: &str) {
        let is_inside = matches!(self.place, GherkinBlock::Scenario | GherkinBlock::Examples);
        let last = self.found.scenarios.last_mut().filter(|_| is_inside);
        let Some(scenario) = last else {
            return self.fault(number, column, "examples belong to a scenario".into());
        };
        add_new(&mut scenario.tags, std::mem::take(&mut self.pending));
        let title = if name.is_empty() { "" } else { line };
        scenario.examples.push(ExampleTable {
            title: title.to_owned(),
            rows: Vec::new(),
        });
        self.place = GherkinBlock::Examples;
    }

    /// Tags that nothing takes are a mistake, and are told.
    fn tags_left(&mut self, number: u64, column: u64) {
        if !std::mem::take(&mut self.pending).is_empty() {
            let reason = "tags belong to a feature, rule, scenario or examples";
            self.fault(number, column, reason.into());
        }
    }

    fn scenario(&mut self, number: u64, name: &str) {
        let inherited = self.feature_tags.iter().chain(&self.rule_tags);
        let scenario = GherkinScenario {
            line: number,
            feature: self.feature.clone().unwrap_or_default(),
            name: name.to_owned(),
            inherited: inherited.cloned().collect(),
            tags: std::mem::take(&mut self.pending),
            background: self.background.clone(),
            ..GherkinScenario::default()
        };
        self.found.scenarios.push(scenario);
        self.place = GherkinBlock::Scenario;
    }

    fn step(&mut self, number: u64, column: u64, keyword: Keyword, line: &str, text: &str) {
        let Some(steps) = self.steps() else {
            if !self.describe(line) {
                self.fault(
                    number,
                    column,
                    "a step belongs to a scenario or background".into(),
                );
            }
            return;
        };
        let last = steps.last().map(|line| (line.kind, line.keyword.clone()));
        let word = line.strip_suffix(text).unwrap_or(line).trim();
        let written = |kind| (kind, word.to_owned());
        let (kind, keyword) = match keyword {
            Keyword::Given => written(StepKind::Given),
            Keyword::Then => written(StepKind::Then),
            Keyword::And => last.unwrap_or_else(|| written(StepKind::Given)),
            _ => written(StepKind::When),
        };
        steps.push(GherkinLine {
            kind,
            keyword,
            text: text.to_owned(),
            text_block: None,
            table: Vec::new(),
        });
        if self.place == GherkinBlock::Background && !self.in_rule {
            self.of_feature = self.background.len();
        }
    }

    /// Whether a table or a text in quotes can come here; elsewhere it is a description.
    fn takes_data(&mut self) -> bool {
        match self.place {
            GherkinBlock::Examples => true,
            _ => self.steps().is_some_and(|steps| !steps.is_empty()),
        }
    }

    /// The steps that the present place takes.
    fn steps(&mut self) -> Option<&mut Vec<GherkinLine>> {
        match self.place {
            GherkinBlock::Background => Some(&mut self.background),
            GherkinBlock::Scenario => self.found.scenarios.last_mut().map(|s| &mut s.steps),
            _ => None,
        }
    }

    fn row(&mut self, number: u64, column: u64, text: &str) {
        let Some(cells) = cells(text) else {
            return self.fault(
                number,
                column,
                "the row of a table does not end with |".into(),
            );
        };
        let table = match self.place {
            GherkinBlock::Examples => {
                let scenario = self.found.scenarios.last_mut();
                let examples = scenario.and_then(|scenario| scenario.examples.last_mut());
                examples.map(|examples| &mut examples.rows)
            }
            _ => self
                .steps()
                .and_then(|steps| steps.last_mut())
                .map(|l| &mut l.table),
        };
        match table {
            Some(table) => table.push(cells),
            None => self.fault(
                number,
                column,
                "a table belongs to a step or to examples".into(),
            ),
        }
    }

    fn block_line(&mut self, line: &str) {
        let Some(mut block) = self.block.take() else {
            return;
        };
        if line.trim() != block.fence {
            let indent = line.chars().take_while(|c| c.is_whitespace()).count();
            let cut: String = line.chars().skip(indent.min(block.indent)).collect();
            block.lines.push(cut.replace(block.escaped(), block.fence));
            self.block = Some(block);
            return;
        }
        let text = block.lines.join("\n");
        match self.steps().and_then(|steps| steps.last_mut()) {
            Some(line) => line.text_block = Some(text),
            None => self.fault(
                block.line,
                block.column,
                "a text in quotes belongs to a step".into(),
            ),
        }
    }

    fn comment(&mut self, number: u64, column: u64, text: &str) {
        let language = text.trim_start_matches('#').trim();
        let Some(name) = language.strip_prefix("language") else {
            return;
        };
        let Some(name) = name.trim_start().strip_prefix(':') else {
            return;
        };
        if self.feature.is_some() {
            return;
        }
        match GherkinLanguage::named(name.trim()) {
            Some(language) => self.language = language,
            None => self.fault(
                number,
                column,
                format!("the language {} is not known", name.trim()),
            ),
        }
    }

    /// Takes a line as a description, where there can be one.
    fn describe(&mut self, text: &str) -> bool {
        match self.place {
            GherkinBlock::Start => text.is_empty(),
            GherkinBlock::Feature | GherkinBlock::Rule => true,
            // After its first row a table goes on, or ends.
            GherkinBlock::Examples => {
                let scenario = self.found.scenarios.last();
                let examples = scenario.and_then(|scenario| scenario.examples.last());
                text.is_empty() || examples.is_some_and(|examples| examples.rows.is_empty())
            }
            GherkinBlock::Background => text.is_empty() || self.background.len() == self.of_feature,
            GherkinBlock::Scenario => {
                let Some(scenario) = self.found.scenarios.last_mut() else {
                    return false;
                };
                if scenario.steps.is_empty() {
                    scenario.description.push(text.to_owned());
                }
                text.is_empty() || scenario.steps.is_empty()
            }
        }
    }

    /// Notes what is wrong: with the scenario under way, else with the file. The first counts.
    fn fault(&mut self, line: u64, column: u64, reason: String) {
        let in_scenario = matches!(self.place, GherkinBlock::Scenario | GherkinBlock::Examples);
        let last = self.found.scenarios.last_mut().filter(|_| in_scenario);
        let fault = last.map_or(&mut self.found.fault, |scenario| &mut scenario.fault);
        fault.get_or_insert(GherkinFault {
            line,
            column,
            reason,
        });
    }

    fn finish(mut self) -> GherkinFeature {
        if let Some(block) = self.block.take() {
            self.fault(
                block.line,
                block.column,
                "the text in quotes has no end".into(),
            );
        }
        if self.feature.is_some() {
            self.place = GherkinBlock::Feature;
            self.tags_left(self.lines, 1);
        }
        if self.feature.is_none() {
            self.fault(1, 1, "the file has no \"Feature:\"".into());
        }
        self.found
    }
}

fn tags(text: &str) -> Vec<String> {
    let text = text.split(" #").next().unwrap_or(text);
    let words = text.split_whitespace().flat_map(|word| word.split('@'));
    words
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The cells of a row, `\|`, `\n` and `\\` undone.
fn cells(text: &str) -> Option<Vec<String>> {
    let mut cells = Vec::new();
    let mut cell = String::new();
    let mut chars = text.strip_prefix('|')?.chars();
    while let Some(c) = chars.next() {
        match c {
            '|' => cells.push(trimmed(std::mem::take(&mut cell))),
            '\\' => match chars.next() {
                Some('n') => cell.push('\u{0}'),
                Some(c @ ('|' | '\\')) => cell.push(c),
                Some(c) => cell.extend(['\\', c]),
                None => cell.push('\\'),
            },
            // A stand-in of ours cannot come from a file.
            '\u{0}' => {}
            c => cell.push(c),
        }
    }
    cell.trim().is_empty().then_some(cells)
}

/// Blanks around a cell do not count, line feeds that were written as `\n` do.
fn trimmed(cell: String) -> String {
    cell.trim().replace('\u{0}', "\n")
}
