//! `atlas._atlas`: the core for Python. Conversions only; what ATLAS does is in `atlas-core`, what
//! results look like in `python/atlas`.
//!
//! | place | what it holds |
//! |---|---|
//! | `src/atlas/` | the class `Atlas` and its areas (`areas.rs`), the methods by subject; `after_fork` |
//! | `src/to_python.rs` | a serde serializer that makes instances of the classes in `_results`: a Rust struct becomes the Python class of its name |
//! | `src/from_python.rs` | the other way, by JSON |
//! | `src/plugins/` | Python objects as `Predictor` and `Blender`, and the `Query` that they see |
//! | `src/progress.rs` | progress, and Ctrl-C in long calls |
//! | `python/atlas/_results/` | the results: frozen dataclasses with the names and the documentation of the Rust structs |
//! | `python/atlas/_html.py`, `_table.py`, `_errors.py`, `_plugins.py` | display, columns, exceptions, what plugins are made of |
//! | `python/atlas/_atlas.pyi` | the types of the native part, by hand |
//! | `check` | builds, and runs pytest with the docstrings and notebooks, mypy, stubtest and pyright |
//!
//! - A call converts its arguments, lets go of the interpreter's lock, runs, and converts the
//!   result. Holding the lock would be a deadlock as soon as another thread asks a plugin in
//!   Python.
//! - A plugin is asked on the calling thread, a batch at a time. What it raises is its `degraded`
//!   reason, or is kept for the thread, stops the core's call with `CANCELLED`, and is raised when
//!   that has returned; KeyboardInterrupt and SystemExit always are. So nothing half done is
//!   stored.
//! - Stored predictions answer again only where no plugin is in Python, since an edited cell of a
//!   notebook has the same name and another code.
//! - The collector sees one reference per plugin, which adapter and `Atlas` share. `Atlas` is
//!   frozen, so a cycle is broken elsewhere.
//! - A child process opens the file anew on threads of its own, and leaves the parent's connections
//!   alone.
//! - When the interpreter ends, open databases are closed first: a training in the background would
//!   wait for it without end.
//! - The wheel has a profile of its own (`wheel`), built for size but for what works long.
//!   `.cargo/config.toml` lets the module leave Python's symbols open, so the workspace builds
//!   where there is no Python.

mod atlas;
mod errors;
mod from_python;
mod plugins;
mod progress;
mod remote;
mod table;
mod to_python;

/// The native part of the package `atlas`.
#[pyo3::pymodule(gil_used = false)]
mod _atlas {
    use pyo3::prelude::*;
    use pyo3::types::{IntoPyDict, PyModule};

    #[pymodule_export]
    use crate::atlas::{Atlas, backtest_svg};
    #[pymodule_export]
    use crate::atlas::{
        Database, Learning, LiveJira, Memory, Patterns, Play, Predictions, Sessions, Tester,
        Tickets,
    };
    #[pymodule_export]
    use crate::plugins::Query;
    #[pymodule_export]
    use crate::remote::{FlowNexus, Jira};
    #[pymodule_export]
    use crate::table::arrow_stream;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        let close_all = wrap_pyfunction!(crate::atlas::close_all, module)?;
        module
            .py()
            .import("atexit")?
            .call_method1("register", (close_all,))?;
        let forked = wrap_pyfunction!(crate::atlas::forked, module)?;
        let os = module.py().import("os")?;
        if let Some(register) = os.getattr_opt("register_at_fork")? {
            let when = [("after_in_child", forked)].into_py_dict(module.py())?;
            register.call((), Some(&when))?;
        }
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
