//! Encoding behind the storing.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::Receiver;
use std::time::Duration;

use crate::Result;
use crate::atlas::core::Core;
use crate::domain::Progress;
use crate::http::Control;

/// How often the encoder looks whether a page is still being stored.
const BETWEEN: Duration = Duration::from_millis(2);

/// What the storing and the encoding thread know of each other.
#[derive(Default)]
pub(super) struct Work {
    /// Texts that were turned into vectors.
    pub(super) encoded: AtomicU64,
    /// A page is being stored. The encoder, which would take every core, lets it go first.
    pub(super) storing: AtomicBool,
}

/// Encodes what is stored, whenever a page was, until nothing more comes.
pub(super) fn encode_behind(
    core: &Core,
    woken: &Receiver<()>,
    control: &Control,
    work: &Work,
) -> Result<()> {
    let encoded = &work.encoded;
    loop {
        let more = woken.recv().is_ok();
        let before = encoded.load(Ordering::Relaxed);
        let mut report = |progress: Progress| {
            encoded.store(before + progress.done, Ordering::Relaxed);
            while work.storing.load(Ordering::Relaxed) {
                if !control.sleep(BETWEEN) {
                    break;
                }
            }
            match control.is_cancelled() {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        };
        let now = core.encode_pending(&mut report)?;
        encoded.store(before + now, Ordering::Relaxed);
        if !more {
            return Ok(());
        }
    }
}
