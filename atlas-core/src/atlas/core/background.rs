//! The thread that makes the approximate index while the exact scan answers.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use crate::search::approximate;
use crate::search::hnsw::Graph;
use crate::search::ticket_index::TicketIndex;

/// At most one thread; it is stopped and waited for when this is dropped.
#[derive(Default)]
pub(crate) struct Background(Mutex<Option<Job>>);

struct Job {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<Option<Arc<Graph>>>,
}

impl Background {
    /// Starts to make the approximate index of these tickets and returns at once. A thread that
    /// still works for earlier ones is told to stop; what it made is used again where it fits.
    pub(crate) fn start(&self, tickets: Arc<TicketIndex>, least: usize, database: Option<&Path>) {
        if tickets.rows.len() < least {
            return;
        }
        let mut job = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let earlier = job.take();
        if let Some(earlier) = &earlier {
            earlier.stop.store(true, Ordering::Relaxed);
        }
        let stop = Arc::new(AtomicBool::new(false));
        let folder = database.map(folder_beside);
        let work = {
            let stop = stop.clone();
            move || {
                // One that panicked has made nothing.
                let last = earlier.and_then(|earlier| earlier.thread.join().ok().flatten());
                approximate::prepare(&tickets.text, least, folder.as_deref(), last.clone(), &stop)
                    .or(last)
            }
        };
        // Where no thread can be had the exact scan goes on answering.
        let thread = thread::Builder::new()
            .name("atlas-index".to_owned())
            .spawn(work);
        *job = thread.ok().map(|thread| Job { stop, thread });
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        let job = self
            .0
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(job) = job {
            job.stop.store(true, Ordering::Relaxed);
            let _ = job.thread.join();
        }
    }
}

/// `work.db.index` for `work.db`.
fn folder_beside(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".index");
    PathBuf::from(name)
}
