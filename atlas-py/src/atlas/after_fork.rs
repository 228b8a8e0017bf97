//! Work in a process that was forked from one in which ATLAS had threads.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rayon::{ThreadPool, ThreadPoolBuilder};

/// The process in which this was first asked: the one that loaded the module.
fn first_process() -> u32 {
    static FIRST: OnceLock<u32> = OnceLock::new();
    *FIRST.get_or_init(std::process::id)
}

/// Notes the process that loads the module.
pub fn note_process() {
    first_process();
}

/// Runs work; in a forked process on threads of its own, because those that the parent had are
/// gone and would be waited for without end.
pub fn with_own_threads<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    match own_threads() {
        Some(pool) => pool.install(work),
        None => work(),
    }
}

fn own_threads() -> Option<Arc<ThreadPool>> {
    static POOL: Mutex<Option<(u32, Arc<ThreadPool>)>> = Mutex::new(None);
    let process = std::process::id();
    if process == first_process() {
        return None;
    }
    let mut pool = POOL.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((owner, pool)) = &*pool
        && *owner == process
    {
        return Some(Arc::clone(pool));
    }
    let made = Arc::new(ThreadPoolBuilder::new().build().ok()?);
    // One that a parent made has no threads here and cannot be ended.
    std::mem::forget(pool.replace((process, Arc::clone(&made))));
    Some(made)
}
