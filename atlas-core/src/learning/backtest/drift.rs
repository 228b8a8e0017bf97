//! Whether predictions have become worse lately.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How many tickets "lately" is.
const LATELY: usize = 40;
/// How many standard errors a fall must have: one in a hundred falls so far by chance.
const SIGNIFICANT: f64 = 2.33;
/// Components with fewer tickets lately are not blamed.
const LEAST_TICKETS: usize = 3;

/// A significant fall of the hit rate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Drift {
    /// Share of the latest tickets with a right scenario among the first ten.
    pub lately: f64,
    /// The same share of the tickets before them.
    pub before: f64,
    /// How many tickets "lately" is.
    pub tickets: usize,
    /// The component that it fell most in, where one stands out.
    pub component: Option<String>,
    /// The same in one sentence.
    pub warning: String,
}

/// Compares the latest tickets with all before them, by a one-sided test of two shares; `None`
/// where nothing has significantly fallen or there are too few tickets to say.
///
/// Tickets come in order of time, with their component and whether a right scenario was among the
/// first ten.
///
/// ```
/// use atlas_core::learning::backtest::drift;
/// let fine: Vec<(String, bool)> = (0..200).map(|i| ("Login".to_owned(), i % 5 != 0)).collect();
/// assert_eq!(drift(&fine), None);
/// let broken: Vec<(String, bool)> = (0..200)
///     .map(|i| (["Login", "Export"][i % 2].to_owned(), i < 160 || i % 2 == 0))
///     .collect();
/// assert_eq!(drift(&broken).unwrap().component.as_deref(), Some("Export"));
/// ```
pub fn drift(tickets: &[(String, bool)]) -> Option<Drift> {
    if tickets.len() < 3 * LATELY {
        return None;
    }
    let (before, lately) = tickets.split_at(tickets.len() - LATELY);
    let (was, is) = (share(before), share(lately));
    let all = share(tickets);
    let spread = all * (1.0 - all);
    let error = (spread * (1.0 / before.len() as f64 + 1.0 / LATELY as f64)).sqrt();
    if was - is <= SIGNIFICANT * error.max(1e-9) {
        return None;
    }
    let component = most_fallen(before, lately);
    let most = component
        .as_ref()
        .map(|name| format!(", most in {name}"))
        .unwrap_or_default();
    Some(Drift {
        lately: is,
        before: was,
        tickets: LATELY,
        warning: format!(
            "On the latest {LATELY} tickets the top 10 held what was tested {:.0} % of the time, {:.0} % before{most}.",
            100.0 * is,
            100.0 * was
        ),
        component,
    })
}

fn share(tickets: &[(String, bool)]) -> f64 {
    tickets.iter().filter(|(_, hit)| *hit).count() as f64 / tickets.len().max(1) as f64
}

/// The component whose lost hits weigh most.
fn most_fallen(before: &[(String, bool)], lately: &[(String, bool)]) -> Option<String> {
    let mut tickets: BTreeMap<&str, Vec<(String, bool)>> = BTreeMap::new();
    for ticket in lately {
        tickets.entry(&ticket.0).or_default().push(ticket.clone());
    }
    let usual = share(before);
    let lost = |name: &str, now: &[(String, bool)]| {
        let earlier: Vec<_> = before.iter().filter(|t| t.0 == name).cloned().collect();
        let was = if earlier.is_empty() {
            usual
        } else {
            share(&earlier)
        };
        (was - share(now)) * now.len() as f64
    };
    tickets
        .iter()
        .filter(|(name, now)| !name.is_empty() && now.len() >= LEAST_TICKETS)
        .map(|(name, now)| (lost(name, now), *name))
        .filter(|(lost, _)| *lost > 0.0)
        .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1)))
        .map(|(_, name)| name.to_owned())
}
