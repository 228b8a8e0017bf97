//! Test patterns: reusable scenarios with steps.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{folded_name, same_name};
use crate::{Error, Result};

/// One step of a test.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Step {
    /// What the tester does.
    pub action: String,
    /// What should be seen, if the source says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// Values to use, if the source says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
}

impl Step {
    /// A step with an action and, if not empty, an expected result.
    pub fn new(action: impl Into<String>, expected: impl Into<String>) -> Self {
        let expected = expected.into();
        Step {
            action: action.into(),
            expected: (!expected.is_empty()).then_some(expected),
            data: None,
        }
    }
}

/// Where a pattern came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PatternOrigin {
    /// From the catalogue that ships with ATLAS.
    Starter,
    /// From a test-case library.
    Imported,
    /// Written by the user.
    User,
    /// Found in the user's tickets and accepted.
    Mined,
}

impl PatternOrigin {
    /// The name that the database keeps.
    pub fn as_str(self) -> &'static str {
        match self {
            PatternOrigin::Starter => "starter",
            PatternOrigin::Imported => "imported",
            PatternOrigin::User => "user",
            PatternOrigin::Mined => "mined",
        }
    }

    /// The origin with this name; unknown names count as the user's own.
    pub fn from_name(name: &str) -> Self {
        match name {
            "starter" => PatternOrigin::Starter,
            "imported" => PatternOrigin::Imported,
            "mined" => PatternOrigin::Mined,
            _ => PatternOrigin::User,
        }
    }
}

/// A reusable test scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TestPattern {
    /// The key in the library that it came from, such as `MM-T42`; unique where present.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The scenario's name. Names may repeat.
    pub name: String,
    /// The scenario's type, such as `Form Submission` or `Workflow Transition`.
    pub pattern_type: String,
    /// The component it belongs to, or the library's folder.
    #[serde(default)]
    pub component: Option<String>,
    /// What the test is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub objective: Option<String>,
    /// What must hold before it starts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precondition: Option<String>,
    /// The steps, in order.
    #[serde(default)]
    pub steps: Vec<Step>,
    /// Words that help to find it; not shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
    /// Average minutes that it takes, 1 to [`MOST_MINUTES`], if known.
    #[serde(default)]
    pub avg_time_minutes: Option<u32>,
    /// Share of its uses that were right, 0 to 1.
    #[serde(default)]
    pub success_rate: f64,
    /// How often it was used.
    #[serde(default)]
    pub frequency: u32,
    /// When it was last used.
    #[serde(default)]
    pub last_used: Option<Timestamp>,
    /// Retired patterns are kept and not predicted.
    #[serde(default = "yes")]
    pub is_active: bool,
    /// Where it came from.
    #[serde(default = "imported")]
    pub origin: PatternOrigin,
}

fn yes() -> bool {
    true
}

fn imported() -> PatternOrigin {
    PatternOrigin::Imported
}

/// No test is said to take longer, in minutes.
pub const MOST_MINUTES: u32 = 100_000;

impl TestPattern {
    /// Whether its numbers are in their ranges.
    ///
    /// # Errors
    /// `INVALID_VALUE` for a success rate outside 0 to 1, or minutes outside 1 to
    /// [`MOST_MINUTES`].
    ///
    /// ```
    /// use atlas_core::domain::TestPattern;
    /// let mut pattern = TestPattern::new("CSV export", "Data Export");
    /// pattern.avg_time_minutes = Some(u32::MAX);
    /// assert!(pattern.check_numbers().is_err());
    /// ```
    pub fn check_numbers(&self) -> Result<()> {
        if !(0.0..=1.0).contains(&self.success_rate) {
            return Err(Error::invalid("success_rate", self.success_rate, "0 to 1"));
        }
        match self.avg_time_minutes {
            Some(minutes) if !(1..=MOST_MINUTES).contains(&minutes) => {
                let expected = format!("minutes, 1 to {MOST_MINUTES}");
                Err(Error::invalid("avg_time_minutes", minutes, expected))
            }
            _ => Ok(()),
        }
    }

    /// A pattern of the user's own with a name and a type, everything else empty.
    pub fn new(name: impl Into<String>, pattern_type: impl Into<String>) -> Self {
        TestPattern {
            key: None,
            name: name.into(),
            pattern_type: pattern_type.into(),
            component: None,
            objective: None,
            precondition: None,
            steps: Vec::new(),
            labels: Vec::new(),
            avg_time_minutes: None,
            success_rate: 0.0,
            frequency: 0,
            last_used: None,
            is_active: true,
            origin: PatternOrigin::User,
        }
    }
}

/// A pattern with the row id that names it in calls.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct StoredPattern {
    /// The row id.
    pub id: i64,
    /// The pattern.
    #[serde(flatten)]
    pub pattern: TestPattern,
}

/// Which patterns are listed; by default all, the retired among them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PatternFilter {
    /// Only those whose name or key holds this text, whatever its case.
    pub text: Option<String>,
    /// Only this type, whatever its case.
    pub pattern_type: Option<String>,
    /// Only this component, whatever its case.
    pub component: Option<String>,
    /// Only of this origin.
    pub origin: Option<PatternOrigin>,
    /// Only active ones, or only retired ones.
    pub active: Option<bool>,
}

impl PatternFilter {
    /// Whether a pattern is listed.
    ///
    /// ```
    /// use atlas_core::domain::{PatternFilter, TestPattern};
    /// let filter = PatternFilter { text: Some("export".into()), ..PatternFilter::default() };
    /// assert!(filter.accepts(&TestPattern::new("CSV Export", "Data Export")));
    /// assert!(!filter.accepts(&TestPattern::new("CSV import", "Data Import")));
    /// ```
    pub fn accepts(&self, pattern: &TestPattern) -> bool {
        let holds = |text: &str, part: &str| folded_name(text).contains(&folded_name(part));
        let key = pattern.key.as_deref().unwrap_or_default();
        let same = |wanted: &Option<String>, name: Option<&str>| {
            let wanted = wanted.as_deref();
            wanted.is_none_or(|wanted| name.is_some_and(|name| same_name(name, wanted)))
        };
        self.text
            .as_deref()
            .is_none_or(|text| holds(&pattern.name, text) || holds(key, text))
            && same(&self.pattern_type, Some(&pattern.pattern_type))
            && same(&self.component, pattern.component.as_deref())
            && self.origin.is_none_or(|origin| origin == pattern.origin)
            && self.active.is_none_or(|active| active == pattern.is_active)
    }
}
