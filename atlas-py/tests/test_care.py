"""Memory, backups, and the whole database as a file."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import atlas


def test_memory() -> None:
    later = datetime(2100, 1, 1, tzinfo=timezone.utc)
    with atlas.open() as db:
        db.memory_put("context", "export", "the CSV export drops umlauts", expires_at=later)
        db.memory_put("preference", "tea", "green, in the morning")
        entry = db.memory_get("context", "export")
        assert entry is not None and (entry.value, entry.expires_at) == ("the CSV export drops umlauts", later)
        assert [e.key for e in db.memory_list(key_prefix="te")] == ["tea"]
        (hit,) = db.memory_search("encoding of exported files", k=1)
        assert isinstance(hit, atlas.MemoryHit) and hit.key == "export" and hit.similarity > 0
        assert db.memory_delete("preference", "tea") and not db.memory_delete("preference", "tea")
        assert db.memory_get("preference", "tea") is None and db.memory_expire() == 0


def test_backups_and_restoring(db: atlas.Atlas, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    made = db.backup_to_folder(folder, keep=2)
    assert made.path.parent == folder and made.removed == ()
    target = tmp_path / "again.db"
    restored = atlas.Atlas.restore(made.path, target)
    assert restored.path == target and restored.replaced is None
    with atlas.open(target) as again:
        assert again.counts() == db.counts()


def test_everything_as_a_file(db: atlas.Atlas, tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl.gz"
    rows = db.export_all(path)
    assert rows["jira_tickets"] == 65
    with atlas.open() as other:
        assert other.import_all(path) == rows
        assert other.tickets() == db.tickets()
