//! Locks that a second SQLite in this process cannot drop.
//!
//! SQLite's own locks are POSIX locks, which belong to the process: as soon as anybody in it closes
//! the file, all of them are gone. So a program that has a SQLite of its own (Python's `sqlite3`)
//! and opens and closes the file takes itself for the last who uses it, and removes the log into
//! which ATLAS goes on writing. Locks of an open file description outlive that: two of them, which
//! only read, tell everybody that the file and the index of its log are in use.
//!
//! Systems without such locks have the look at the files before and after each write instead
//! ([`Marks::displaced`](super::place::Marks::displaced)).
//!
//! So nothing in ATLAS opens the file but SQLite (`access` says what may be written). The guards of
//! a process are one list, since closing one of two would drop the other's locks; with the numbers
//! of partial files this is the only state outside objects.

use super::place::Place;

/// Held as long as a store may write. Let go before the connections close, so that the last one
/// tidies up, and closed after them.
#[derive(Debug, Default)]
pub(super) struct Guard(Option<held::Shared>);

impl Guard {
    /// Guards a database that is open, as far as the system can.
    pub fn hold(place: &Place) -> Self {
        Guard(held::hold(place))
    }

    /// Takes the locks away unless another store of this process needs them.
    pub fn let_go(&self) {
        if let Some(shared) = &self.0 {
            held::let_go(shared);
        }
    }
}

#[cfg(all(
    any(target_os = "linux", target_os = "android"),
    target_pointer_width = "64"
))]
mod held {
    use std::fs::File;
    use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

    use nix::fcntl::{FcntlArg, fcntl};
    use nix::libc::{self, c_int, c_short};

    use super::super::place::{Place, beside, number};

    /// The bytes that whoever reads or writes a database has locked, in SQLite's file format.
    const IN_USE: (i64, i64) = (0x4000_0002, 510);
    /// The byte of the log's index that everybody who uses it has locked.
    const INDEX_IN_USE: (i64, i64) = (128, 1);

    pub type Shared = Arc<Locks>;

    #[derive(Debug)]
    pub struct Locks {
        process: u32,
        file: (u64, u64),
        database: File,
        index: File,
    }

    /// One for each database that this process has open, because closing one of two would drop
    /// the locks that SQLite needs for the other.
    static HELD: Mutex<Vec<Weak<Locks>>> = Mutex::new(Vec::new());

    fn all() -> MutexGuard<'static, Vec<Weak<Locks>>> {
        HELD.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn hold(place: &Place) -> Option<Shared> {
        let mut all = all();
        all.retain(|locks| locks.strong_count() > 0);
        let file = number(&std::fs::metadata(&place.database).ok()?);
        let process = std::process::id();
        let mut held = all.iter().filter_map(Weak::upgrade);
        if let Some(locks) = held.find(|l| (l.process, l.file) == (process, file)) {
            return Some(locks);
        }
        let index = File::open(beside(&place.database, "-shm")).ok()?;
        let Ok(database) = File::open(&place.database) else {
            // Too many are open; closing this one would drop SQLite's locks.
            std::mem::forget(index);
            return None;
        };
        let locks = Arc::new(Locks {
            process,
            file,
            database,
            index,
        });
        // A file system without these locks: the files stay open all the same, because closing
        // them would drop SQLite's.
        set(&locks.database, libc::F_RDLCK, IN_USE);
        set(&locks.index, libc::F_RDLCK, INDEX_IN_USE);
        all.push(Arc::downgrade(&locks));
        Some(locks)
    }

    pub fn let_go(locks: &Shared) {
        let mut all = all();
        if Arc::strong_count(locks) == 1 {
            set(&locks.database, libc::F_UNLCK, IN_USE);
            set(&locks.index, libc::F_UNLCK, INDEX_IN_USE);
            let mine = Arc::as_ptr(locks);
            all.retain(|other| other.as_ptr() != mine);
        }
    }

    fn set(file: &File, kind: c_int, (start, length): (i64, i64)) {
        let lock = libc::flock {
            l_type: kind as c_short,
            l_whence: libc::SEEK_SET as c_short,
            l_start: start,
            l_len: length,
            l_pid: 0,
        };
        // Where it fails, the files are looked at before and after each write.
        let _ = fcntl(file, FcntlArg::F_OFD_SETLK(&lock));
    }
}

#[cfg(not(all(
    any(target_os = "linux", target_os = "android"),
    target_pointer_width = "64"
)))]
mod held {
    use super::super::place::Place;

    pub type Shared = std::convert::Infallible;

    pub fn hold(_: &Place) -> Option<Shared> {
        None
    }

    pub fn let_go(_: &Shared) {}
}
