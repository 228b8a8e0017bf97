"""Memory, backups, and the whole database as a file."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path

import pytest

import atlas


def test_memory() -> None:
    later = datetime(2100, 1, 1, tzinfo=timezone.utc)
    with atlas.open() as db:
        db.memory.put("context", "export", "the CSV export drops umlauts", expires_at=later)
        db.memory.put("preference", "tea", "green, in the morning")
        entry = db.memory.get("context", "export")
        assert entry is not None and (entry.value, entry.expires_at) == ("the CSV export drops umlauts", later)
        assert [e.key for e in db.memory.list(key_prefix="te")] == ["tea"]
        (hit,) = db.memory.search("encoding of exported files", k=1)
        assert isinstance(hit, atlas.MemoryHit) and hit.key == "export" and hit.similarity > 0
        assert db.memory.delete("preference", "tea") and not db.memory.delete("preference", "tea")
        assert db.memory.get("preference", "tea") is None and db.memory.expire() == 0


def test_backups_and_restoring(db: atlas.Atlas, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    made = db.database.backup_to_folder(folder, keep=2)
    assert made.path.parent == folder and made.removed == ()
    target = tmp_path / "again.db"
    restored = atlas.Database.restore(made.path, target)
    assert restored.path == target and restored.replaced is None
    with atlas.open(target) as again:
        assert again.database.counts() == db.database.counts()


def test_what_is_derived_is_repaired(db: atlas.Atlas) -> None:
    assert db.database.check() == ()
    assert db.database.repair() == atlas.Repair(repaired=(), left=(), copy=None)


def test_everything_as_a_file(db: atlas.Atlas, tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl.gz"
    rows = db.database.export_all(path)
    assert rows["jira_tickets"] == 65
    with atlas.open() as other:
        assert other.database.import_all(path) == rows
        assert other.tickets.list() == db.tickets.list()


def test_test_cases_of_other_tools_in_and_out(db: atlas.Atlas, tmp_path: Path) -> None:
    cases = tmp_path / "cases.csv"
    cases.write_text("ID,Title,Section,Steps (Step)\nC7,Log in,Login,Open the page\nC8,,Login,Nothing\n")
    dry = db.patterns.import_file_with(cases, dry_run=True)
    assert (dry.format, dry.created, dry.dry_run) == ("testrail-csv", 1, True)
    assert db.patterns.import_file_with(cases).created == 1
    assert db.patterns.import_file_with(cases, format="testrail-csv").unchanged == 1
    with pytest.raises(atlas.InvalidError, match="qase-csv"):
        db.patterns.import_file_with(cases, format="excel")  # type: ignore[arg-type]

    feature = tmp_path / "login.feature"
    report = db.patterns.export(feature, "gherkin", text="Log in")
    assert report.files == (feature,) and "C7" in {item.external_id for item in report.items}
    assert "Scenario: Log in" in feature.read_text()

    prediction = db.predict("WRKA-1234", top_k=10)
    chosen = [s.prediction_id for s in prediction.scenarios[:2] if s.prediction_id]
    assert db.predictions.export("WRKA-1234", tmp_path / "two.md", "markdown", scenarios=chosen).created == 2

    # A result is one of a stored pattern; a designed test has none.
    stored = [s for s in prediction.scenarios if s.pattern_id]
    session = db.sessions.start("WRKA-1234", stored)
    db.sessions.step_done(session, 1)
    db.sessions.end(session, "failed")
    results = tmp_path / "results.xml"
    assert db.sessions.export(session, results, "junit").created == len(stored) > 0
    assert db.learning.import_results(results, tickets="WRKA-1234").refused == 0
    assert "failed" in {run.outcome for run in db.tickets.test_runs("WRKA-1234")}


def test_a_database_that_is_only_read(file: Path, db: atlas.Atlas) -> None:
    assert db.database.read_only() is None
    db.close()
    before = file.read_bytes()
    with atlas.open(file, read_only=True) as reading:
        why = reading.database.read_only()
        assert why == atlas.ReadOnly("it was opened only for reading", ())
        assert reading.predict("WRKA-1234").id is None
        with pytest.raises(atlas.StorageError) as refused:
            reading.tickets.set_note("WRKA-1234", "x")
        assert refused.value.code == "READ_ONLY_DATABASE"
    assert file.read_bytes() == before and list(file.parent.glob("work.db*")) == [file]


NOTES = """
import os, signal, sqlite3, sys
import atlas

db = atlas.open(sys.argv[1], retrain_after=None)
for number in range(20):
    # A SQLite of its own in the same process, opened and closed.
    other = sqlite3.connect(sys.argv[1])
    other.execute("SELECT count(*) FROM jira_tickets").fetchone()
    other.close()
    try:
        db.tickets.set_note("WRKA-1234", f"note {number}")
    except atlas.StorageError as refused:
        assert refused.code == "DATABASE_REPLACED", refused
        break
    print(number, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="files that are open cannot be removed there")
def test_sqlite3_in_the_same_process_loses_nothing(file: Path) -> None:
    child = subprocess.run([sys.executable, "-c", NOTES, str(file)], capture_output=True, text=True)
    assert child.returncode == -signal.SIGKILL, child.stderr
    acknowledged = child.stdout.split()
    with atlas.open(file, retrain_after=None) as db:
        note = db.tickets.note("WRKA-1234")
        assert db.database.check() == ()
    last = None if note is None else note.note
    assert last == (f"note {acknowledged[-1]}" if acknowledged else None)
    if sys.platform == "linux":
        assert len(acknowledged) == 20
    connection = sqlite3.connect(file)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    assert os.listdir(file.parent) == ["work.db"]
