//! A layer over SQLite's own access to files, in which chosen calls fail.
//!
//! It is registered as the default of this process, so the library opens its databases through it.
//! Only files in a folder that a test watches are concerned; all others are left alone.
#![allow(unsafe_code)]

use std::ffi::{CStr, c_char, c_int, c_void};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::{mem, ptr};

use rusqlite::ffi;

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Files cannot grow. Half of what is written arrives.
    DiskFull,
    /// What is written, synced, cut or deleted fails.
    WriteError,
    /// What is read fails.
    ReadError,
    /// No file can be opened.
    NoHandles,
}

impl Fault {
    pub const ALL: [Fault; 4] = [
        Fault::DiskFull,
        Fault::WriteError,
        Fault::ReadError,
        Fault::NoHandles,
    ];

    /// What SQLite is told where this fault meets a call; nothing where it does not.
    fn code(self, call: Call) -> Option<c_int> {
        Some(match (self, call) {
            (Fault::DiskFull, Call::Write) => ffi::SQLITE_FULL,
            (Fault::DiskFull, Call::Map) => ffi::SQLITE_IOERR_SHMSIZE,
            (Fault::WriteError, Call::Write) => ffi::SQLITE_IOERR_WRITE,
            (Fault::WriteError, Call::Sync) => ffi::SQLITE_IOERR_FSYNC,
            (Fault::WriteError, Call::Truncate) => ffi::SQLITE_IOERR_TRUNCATE,
            (Fault::WriteError, Call::Delete) => ffi::SQLITE_IOERR_DELETE,
            (Fault::WriteError, Call::Map) => ffi::SQLITE_IOERR_SHMMAP,
            (Fault::ReadError, Call::Read) => ffi::SQLITE_IOERR_READ,
            (Fault::NoHandles, Call::Open | Call::Map) => ffi::SQLITE_CANTOPEN,
            _ => return None,
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Call {
    Open,
    Read,
    Write,
    Sync,
    Truncate,
    Delete,
    /// Of the index of the log.
    Map,
}

/// When calls fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct When {
    pub fault: Fault,
    /// Which of the calls that the fault meets, from 0.
    pub from: u64,
    /// Whether all that follow fail too.
    pub lasting: bool,
}

/// The folder of a test, and what fails there.
#[derive(Debug)]
pub struct Watched {
    folder: PathBuf,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    when: Option<When>,
    met: u64,
    failed: u64,
}

static WATCHED: Mutex<Vec<Weak<Watched>>> = Mutex::new(Vec::new());

/// Watches the files beneath a folder from now on, as long as what is returned lives. Files that are
/// open already are not seen.
pub fn watch(folder: &Path) -> Arc<Watched> {
    install();
    let watched = Arc::new(Watched {
        folder: folder.canonicalize().unwrap(),
        state: Mutex::default(),
    });
    let mut all = lock(&WATCHED);
    all.retain(|other| other.strong_count() > 0);
    all.push(Arc::downgrade(&watched));
    watched
}

impl Watched {
    /// Lets calls fail from now on.
    pub fn arm(&self, when: When) {
        *lock(&self.state) = State {
            when: Some(when),
            ..State::default()
        };
    }

    /// Lets nothing fail any more; how many calls the fault met, and how many of them failed.
    pub fn disarm(&self) -> (u64, u64) {
        let state = mem::take(&mut *lock(&self.state));
        (state.met, state.failed)
    }

    fn fails(&self, call: Call) -> Option<c_int> {
        let mut state = lock(&self.state);
        let when = state.when?;
        let code = when.fault.code(call)?;
        let number = state.met;
        state.met += 1;
        let hit = number == when.from || (when.lasting && number > when.from);
        state.failed += u64::from(hit);
        hit.then_some(code)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn watched(name: *const c_char) -> Option<Arc<Watched>> {
    if name.is_null() {
        return None;
    }
    // SAFETY: SQLite hands names that end in a zero and stay while it is in the call.
    let name = unsafe { CStr::from_ptr(name) };
    let path = Path::new(name.to_str().ok()?);
    let mut all = lock(&WATCHED).clone().into_iter();
    all.find_map(|one| one.upgrade().filter(|one| path.starts_with(&one.folder)))
}

/// SQLite's own access, which lies beneath.
struct Beneath(*mut ffi::sqlite3_vfs);

// SAFETY: SQLite keeps it as long as the process lives, and nothing writes to it.
unsafe impl Send for Beneath {}
// SAFETY: as above.
unsafe impl Sync for Beneath {}

/// 9 October 2025, in milliseconds of the Julian day.
const NOON: ffi::sqlite3_int64 = 212_626_600_800_000;

static BENEATH: OnceLock<Beneath> = OnceLock::new();

/// What lies behind SQLite's own file, in the same piece of memory.
#[repr(C)]
struct Layer {
    /// SQLite's methods but for those that may fail.
    methods: ffi::sqlite3_io_methods,
    own: *const ffi::sqlite3_io_methods,
    watched: Arc<Watched>,
}

fn install() {
    BENEATH.get_or_init(|| {
        // SAFETY: SQLite is initialised first; the default that is found stays for ever, and so
        // does the copy of it that is registered, which is never freed.
        unsafe {
            assert_eq!(ffi::sqlite3_initialize(), ffi::SQLITE_OK);
            let beneath = ffi::sqlite3_vfs_find(ptr::null());
            let mut own = *beneath;
            own.pNext = ptr::null_mut();
            own.zName = c"faults".as_ptr();
            own.szOsFile = (place_of_layer(beneath) + mem::size_of::<Layer>()) as c_int;
            own.xOpen = Some(open);
            own.xDelete = Some(delete);
            own.xCurrentTimeInt64 = Some(noon);
            let registered = ffi::sqlite3_vfs_register(Box::leak(Box::new(own)), 1);
            assert_eq!(registered, ffi::SQLITE_OK);
            Beneath(beneath)
        }
    });
}

/// Where in a file's memory the layer begins.
///
/// # Safety
/// `beneath` is SQLite's own access.
unsafe fn place_of_layer(beneath: *const ffi::sqlite3_vfs) -> usize {
    // SAFETY: the caller's.
    let own = unsafe { (*beneath).szOsFile } as usize;
    own.next_multiple_of(mem::align_of::<Layer>())
}

/// The layer of a file that [`open`] has opened.
///
/// # Safety
/// `file` has the methods that `open` gave it.
unsafe fn layer<'f>(file: *mut ffi::sqlite3_file) -> &'f Layer {
    // SAFETY: its methods are the first field of its layer.
    unsafe { &*(*file).pMethods.cast::<Layer>() }
}

unsafe extern "C" fn open(
    _: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: SQLite gives memory for a file of the size that was registered. Without methods it
    // is not closed. SQLite's own access writes to the part before the layer alone.
    unsafe {
        (*file).pMethods = ptr::null();
        let Some(Beneath(beneath)) = BENEATH.get() else {
            return ffi::SQLITE_CANTOPEN;
        };
        let watched = watched(name);
        if let Some(code) = watched.as_ref().and_then(|w| w.fails(Call::Open)) {
            return code;
        }
        let opened = match (**beneath).xOpen {
            Some(open) => open(*beneath, name, file, flags, out),
            None => ffi::SQLITE_CANTOPEN,
        };
        let own = (*file).pMethods;
        let Some(watched) = watched.filter(|_| opened == ffi::SQLITE_OK && !own.is_null()) else {
            return opened;
        };
        let mut methods = *own;
        methods.xClose = Some(close);
        methods.xRead = Some(read);
        methods.xWrite = Some(write);
        methods.xTruncate = Some(truncate);
        methods.xSync = Some(sync);
        methods.xShmMap = methods.xShmMap.map(|_| map as _);
        let layer = file.byte_add(place_of_layer(*beneath)).cast::<Layer>();
        layer.write(Layer {
            methods,
            own,
            watched,
        });
        (*file).pMethods = &raw const (*layer).methods;
        opened
    }
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: SQLite closes once, what was opened here. The layer is read out of memory that
    // SQLite frees without looking at it.
    unsafe {
        let layer = ptr::read((*file).pMethods.cast::<Layer>());
        (*file).pMethods = layer.own;
        match (*layer.own).xClose {
            Some(close) => close(file),
            None => ffi::SQLITE_OK,
        }
    }
}

/// The same time at every call, so that equal calls store equal rows.
unsafe extern "C" fn noon(_: *mut ffi::sqlite3_vfs, to: *mut ffi::sqlite3_int64) -> c_int {
    // SAFETY: SQLite gives a place for the milliseconds of the Julian day.
    unsafe { *to = NOON };
    ffi::SQLITE_OK
}

unsafe extern "C" fn delete(_: *mut ffi::sqlite3_vfs, name: *const c_char, sync: c_int) -> c_int {
    if let Some(code) = watched(name).and_then(|w| w.fails(Call::Delete)) {
        return code;
    }
    // SAFETY: what SQLite gave is handed on.
    unsafe {
        let delete = BENEATH.get().and_then(|b| Some((b.0, (*b.0).xDelete?)));
        delete.map_or(ffi::SQLITE_IOERR_DELETE, |(beneath, delete)| {
            delete(beneath, name, sync)
        })
    }
}

unsafe extern "C" fn read(
    file: *mut ffi::sqlite3_file,
    to: *mut c_void,
    amount: c_int,
    offset: ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: a file that was opened here; what SQLite gave is handed on.
    unsafe {
        let layer = layer(file);
        match (layer.watched.fails(Call::Read), (*layer.own).xRead) {
            (None, Some(read)) => read(file, to, amount, offset),
            (code, _) => code.unwrap_or(ffi::SQLITE_IOERR_READ),
        }
    }
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    from: *const c_void,
    amount: c_int,
    offset: ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: a file that was opened here; no more is written than SQLite gave.
    unsafe {
        let layer = layer(file);
        let Some(write) = (*layer.own).xWrite else {
            return ffi::SQLITE_IOERR_WRITE;
        };
        match layer.watched.fails(Call::Write) {
            None => write(file, from, amount, offset),
            Some(ffi::SQLITE_FULL) => {
                write(file, from, amount / 2, offset);
                ffi::SQLITE_FULL
            }
            Some(code) => code,
        }
    }
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, size: ffi::sqlite3_int64) -> c_int {
    // SAFETY: a file that was opened here; what SQLite gave is handed on.
    unsafe {
        let layer = layer(file);
        match (layer.watched.fails(Call::Truncate), (*layer.own).xTruncate) {
            (None, Some(truncate)) => truncate(file, size),
            (code, _) => code.unwrap_or(ffi::SQLITE_IOERR_TRUNCATE),
        }
    }
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, flags: c_int) -> c_int {
    // SAFETY: a file that was opened here; what SQLite gave is handed on.
    unsafe {
        let layer = layer(file);
        match (layer.watched.fails(Call::Sync), (*layer.own).xSync) {
            (None, Some(sync)) => sync(file, flags),
            (code, _) => code.unwrap_or(ffi::SQLITE_IOERR_FSYNC),
        }
    }
}

unsafe extern "C" fn map(
    file: *mut ffi::sqlite3_file,
    page: c_int,
    size: c_int,
    extend: c_int,
    to: *mut *mut c_void,
) -> c_int {
    // SAFETY: a file that was opened here; what SQLite gave is handed on.
    unsafe {
        let layer = layer(file);
        match (layer.watched.fails(Call::Map), (*layer.own).xShmMap) {
            (None, Some(map)) => map(file, page, size, extend, to),
            (code, _) => {
                *to = ptr::null_mut();
                code.unwrap_or(ffi::SQLITE_IOERR_SHMMAP)
            }
        }
    }
}
