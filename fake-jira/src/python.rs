//! Python programs that tests are run against.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

/// One environment is made at a time.
static MAKING: Mutex<()> = Mutex::new(());

/// The folder of the programs of an environment that has packages of PyPI, `name==version`, parted by
/// blanks; the first names it. It is
/// made below `folder` where it is not there yet; none where it cannot be made.
pub fn python(folder: &Path, package: &str) -> Option<PathBuf> {
    let _alone = MAKING.lock().unwrap_or_else(PoisonError::into_inner);
    let first = package.split(' ').next()?;
    let (name, version) = first.split_once("==")?;
    let folder = folder.join(format!("python-{name}"));
    let bin = folder.join(if cfg!(windows) { "Scripts" } else { "bin" });
    let python = bin.join("python");
    let test = format!("import importlib.metadata as m; assert m.version('{name}') == '{version}'");
    let has = || runs(Command::new(&python).args(["-c", &test]));
    if has() {
        return Some(bin);
    }
    let venv = ["-m", "venv", "--clear"];
    let pip = "-m pip install -q --retries 0 --timeout 10";
    let made = runs(Command::new("python3").args(venv).arg(&folder))
        && runs(
            Command::new(&python)
                .args(pip.split(' '))
                .args(package.split(' ')),
        );
    (made && has()).then_some(bin)
}

fn runs(command: &mut Command) -> bool {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null());
    let status = quiet.stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}
