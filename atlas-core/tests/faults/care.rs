//! Faults while a database is copied, put in another's place, or written row by row.

use std::path::Path;

use atlas_core::domain::silent;
use atlas_core::{Atlas, Database, Result};

use super::place::{DATABASE, builder, lived_in};
use super::trial::Trial;
use super::vfs::Fault;

#[test]
fn a_backup_is_whole_or_told() {
    let backup = |atlas: &Atlas, folder: &Path| atlas.database().backup(folder.join("copy.db"));
    Trial::on(lived_in(|_| ()), &backup).repeats().run();
    let earlier = lived_in(|atlas| drop(atlas.tickets().forget("WRKA-1").unwrap()));
    let over = Trial::on(lived_in(|_| ()), &backup).file("copy.db", earlier);
    over.repeats().run();
}

#[test]
fn a_backup_in_a_folder_removes_nothing_before_it_is_whole() {
    let earlier = lived_in(|atlas| drop(atlas.tickets().forget("WRKA-1").unwrap()));
    let backup =
        |atlas: &Atlas, folder: &Path| atlas.database().backup_to_folder(folder, 1).map(drop);
    let mut trial = Trial::on(lived_in(|_| ()), &backup);
    // An earlier backup that cannot be read is left alone.
    trial.without = &[Fault::ReadError, Fault::NoHandles];
    trial
        .file("work.backup-20240501T093000Z.db", earlier)
        .repeats()
        .run();
}

#[test]
fn a_restore_is_done_or_the_database_is_as_it_was() {
    let backup = lived_in(|atlas| drop(atlas.tickets().forget("WRKA-1").unwrap()));
    let restore = |folder: &Path| -> Result<()> {
        Database::restore(folder.join("copy.db"), folder.join(DATABASE)).map(drop)
    };
    let files = vec![(DATABASE, lived_in(|_| ())), ("copy.db", backup)];
    Trial::within(files, &restore).run();
}

#[test]
fn an_export_of_all_rows_is_whole_or_told() {
    let export = |atlas: &Atlas, folder: &Path| {
        atlas
            .database()
            .export_all_to(folder.join("all.jsonl"), &mut silent)
            .map(drop)
    };
    let trial = Trial::on(lived_in(|_| ()), &export);
    trial.file("all.jsonl", "an earlier one").repeats().run();
}

#[test]
fn a_check_tells_what_cannot_be_read_from_what_is_damaged() {
    let check = |folder: &Path| -> Result<()> {
        let atlas = builder().open(folder.join(DATABASE))?;
        assert_eq!(atlas.database().check()?, Vec::<String>::new());
        Ok(())
    };
    let trial = Trial::within(vec![(DATABASE, lived_in(|_| ()))], &check);
    trial.repeats().places(20).run();
}
