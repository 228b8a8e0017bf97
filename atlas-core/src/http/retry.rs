//! Which answers are asked for again, and after what time.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;

use super::Response;
use super::control::LONGEST_WAIT;

/// How often and how long to try again.
///
/// Where the server says when to come back (`Retry-After` in seconds or as a date,
/// `X-RateLimit-Reset`), that time is waited, and up to `base` more so that many clients do not
/// come back at once. Else the wait is random up to a bound that doubles ("full jitter", Brooker,
/// *Exponential Backoff and Jitter*, 2015).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Attempts in all, 1 or more.
    pub attempts: u32,
    /// The bound of the first random wait.
    pub base: Duration,
    /// The bound of any random wait.
    pub most: Duration,
    /// The time that one call may wait in all; a server that asks for more is an error.
    pub budget: Duration,
    /// Seed of the random waits; none for different ones in each process.
    pub seed: Option<u64>,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        RetryPolicy {
            attempts: 5,
            base: Duration::from_secs(1),
            most: Duration::from_secs(60),
            budget: Duration::from_secs(15 * 60),
            seed: None,
        }
    }
}

impl RetryPolicy {
    /// The random wait before the attempt after `failed` ones.
    pub(super) fn random_wait(&self, failed: u32, random: &mut fastrand::Rng) -> Duration {
        let doubled = self
            .base
            .saturating_mul(1 << failed.saturating_sub(1).min(20));
        part(doubled.min(self.most), random.f64())
    }
}

/// A share of a time, 0 to 1.
pub(super) fn part(time: Duration, share: f64) -> Duration {
    time.min(LONGEST_WAIT).mul_f64(share)
}

/// Whether the same request may be answered later.
pub(super) fn passes(status: u16) -> bool {
    matches!(status, 429 | 502 | 503 | 504)
}

/// When the server wants to be asked again, if it says so and that is not past.
pub(crate) fn come_back(response: &Response, now: Timestamp) -> Option<Timestamp> {
    let retry_after = response.header("retry-after").map(str::trim);
    let asked = retry_after.and_then(|text| match text.parse::<u32>() {
        Ok(seconds) => now.checked_add(Duration::from_secs(seconds.into())).ok(),
        Err(_) => http_date(text),
    });
    let reset = || {
        let text = response.header("x-ratelimit-reset")?.trim();
        // Jira leaves the seconds out: 2026-03-26T16:00Z.
        let date = || text.parse::<Timestamp>().ok();
        date().or_else(|| Timestamp::from_second(text.parse().ok()?).ok())
    };
    asked.or_else(reset).filter(|&at| at > now)
}

/// `Wed, 21 Oct 2015 07:28:00 GMT`.
fn http_date(text: &str) -> Option<Timestamp> {
    Some(rfc2822::parse(text).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(headers: &[(&str, &str)]) -> Response {
        let own = |&(name, value): &(&str, &str)| (name.to_owned(), value.to_owned());
        Response {
            status: 429,
            headers: headers.iter().map(own).collect(),
            body: Vec::new(),
        }
    }

    #[test]
    fn every_form_of_a_time_to_come_back() {
        let now: Timestamp = "2026-03-26T15:58:30Z".parse().unwrap();
        for (headers, seconds) in [
            (vec![("Retry-After", "7")], Some(7)),
            (
                vec![("retry-after", "Thu, 26 Mar 2026 15:59:00 GMT")],
                Some(30),
            ),
            (vec![("X-RateLimit-Reset", "2026-03-26T16:00Z")], Some(90)),
            (vec![("X-RateLimit-Reset", "1774540740")], Some(30)),
            (
                vec![
                    ("Retry-After", "5"),
                    ("X-RateLimit-Reset", "2026-03-26T16:00Z"),
                ],
                Some(5),
            ),
            (
                vec![
                    ("Retry-After", "soon"),
                    ("X-RateLimit-Reset", "2026-03-26T16:00Z"),
                ],
                Some(90),
            ),
            (vec![("Retry-After", "0")], None),
            (vec![("Retry-After", "Thu, 26 Mar 2020 15:59:00 GMT")], None),
            (vec![("X-RateLimit-Reset", "tomorrow")], None),
            (vec![], None),
        ] {
            let at = come_back(&answer(&headers), now);
            let waits = at.map(|at| at.duration_since(now).as_secs());
            assert_eq!(waits, seconds, "{headers:?}");
        }
    }

    #[test]
    fn random_waits_double_up_to_the_bound() {
        let policy = RetryPolicy::default();
        let mut random = fastrand::Rng::with_seed(7);
        for failed in 1..40 {
            let bound = Duration::from_secs(1 << (failed - 1).min(6)).min(policy.most);
            let waits: Vec<Duration> = (0..50)
                .map(|_| policy.random_wait(failed, &mut random))
                .collect();
            assert!(waits.iter().all(|wait| *wait <= bound), "{failed}");
            assert!(waits.iter().any(|wait| *wait > bound / 2), "{failed}");
        }
    }
}
