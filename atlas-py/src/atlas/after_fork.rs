//! Work in a process that was forked from one in which ATLAS had threads.

use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use pyo3::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

/// Calls that are under way in this process.
static CALLS: AtomicUsize = AtomicUsize::new(0);
/// Calls of other threads that were under way when this process was forked. What they held, such as
/// SQLite's own locks, is held here for good.
static LEFT: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    /// Of the calls under way, those of this thread: a plugin may call.
    static OWN: Cell<usize> = const { Cell::new(0) };
}

/// Counts a call for as long as it lives.
struct Call;

impl Call {
    fn begin() -> Self {
        CALLS.fetch_add(1, Ordering::SeqCst);
        OWN.set(OWN.get() + 1);
        Call
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        CALLS.fetch_sub(1, Ordering::SeqCst);
        OWN.set(OWN.get().saturating_sub(1));
    }
}

/// Runs a call that takes locks, and counts it meanwhile.
pub fn counted<T>(call: impl FnOnce() -> T) -> T {
    let _call = Call::begin();
    call()
}

/// Called in a process that was just forked, by its one thread.
#[pyfunction]
pub fn forked() {
    let own = OWN.get();
    let others = CALLS.swap(own, Ordering::SeqCst).saturating_sub(own);
    LEFT.fetch_add(others, Ordering::SeqCst);
}

/// Refuses to work in a process that was forked while other threads were in calls: it could wait
/// for ever for what they held.
pub fn check(py: Python<'_>) -> PyResult<()> {
    let left = LEFT.load(Ordering::SeqCst);
    if left == 0 {
        return Ok(());
    }
    let message = format!(
        "this process was forked while {left} calls of ATLAS were under way in other threads: fork \
         while there are none, or start processes with \"spawn\""
    );
    let conflict = py.import("atlas._errors")?.getattr("ConflictError")?;
    Err(PyErr::from_value(conflict.call1((message, "FORKED"))?))
}

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
