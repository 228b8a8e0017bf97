//! How another thread stops a call, sees what it waits for, and whose clock counts.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;

/// About a hundred years: waits are no longer, so that every instant can be reckoned.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(100 * 365 * 86_400);

/// The instant after a time.
pub(crate) fn after(time: Duration) -> Instant {
    Instant::now() + time.min(LONGEST_WAIT)
}

/// What a call waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Until when.
    pub until: Timestamp,
    /// Why, in words.
    pub reason: String,
}

/// Stops calls from another thread, and says what they wait for. Clones share one state.
///
/// ```
/// use atlas_core::http::Control;
/// let control = Control::default();
/// let elsewhere = control.clone();
/// std::thread::spawn(move || elsewhere.cancel()).join().unwrap();
/// assert!(control.is_cancelled());
/// ```
#[derive(Debug, Clone, Default)]
pub struct Control(Arc<ControlState>);

#[derive(Debug, Default)]
struct ControlState {
    state: Mutex<ControlValues>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct ControlValues {
    cancelled: bool,
    waiting: Option<Waiting>,
}

impl Control {
    /// Stops what runs under this control, for good; what waits stops waiting at once.
    pub fn cancel(&self) {
        self.state().cancelled = true;
        self.0.changed.notify_all();
    }

    /// Whether it was stopped.
    pub fn is_cancelled(&self) -> bool {
        self.state().cancelled
    }

    /// What is waited for now, if anything.
    pub fn waiting(&self) -> Option<Waiting> {
        self.state().waiting.clone()
    }

    pub(super) fn set_waiting(&self, waiting: Option<Waiting>) {
        self.state().waiting = waiting;
    }

    /// Waits; false if it was stopped meanwhile.
    pub fn sleep(&self, time: Duration) -> bool {
        let end = after(time);
        let mut state = self.state();
        while !state.cancelled {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            let woken = self.0.changed.wait_timeout(state, left);
            state = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
        !state.cancelled
    }

    fn state(&self) -> MutexGuard<'_, ControlValues> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The time, and waiting; tests replace it.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
    /// Waits; false if `control` was stopped meanwhile.
    fn wait(&self, time: Duration, control: &Control) -> bool;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn wait(&self, time: Duration, control: &Control) -> bool {
        control.sleep(time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stop_ends_a_long_wait() {
        let control = Control::default();
        let elsewhere = control.clone();
        let stopper = std::thread::spawn(move || elsewhere.cancel());
        assert!(!control.sleep(Duration::from_secs(3600)));
        stopper.join().unwrap();
        assert!(Control::default().sleep(Duration::ZERO));
    }

    #[test]
    fn the_longest_wait_is_one_that_can_be_stopped() {
        let control = Control::default();
        let elsewhere = control.clone();
        let waiter = std::thread::spawn(move || elsewhere.sleep(Duration::MAX));
        control.cancel();
        assert!(!waiter.join().unwrap());
    }
}
