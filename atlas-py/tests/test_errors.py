"""Errors: a class per kind, with code and details."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

import atlas


def test_lookups_and_values() -> None:
    with atlas.open() as db:
        with pytest.raises(atlas.NotFoundError) as missing:
            db.predict("WRKA-1")
        assert missing.value.code == "TICKET_NOT_FOUND"
        assert missing.value.details == {"ticket_key": "WRKA-1"}
        assert not isinstance(missing.value, KeyError)
        with pytest.raises(ValueError, match="top_k") as wrong:
            db.predict(text="x", top_k=0)
        assert isinstance(wrong.value, atlas.InvalidError)
        with pytest.raises(atlas.InvalidError) as wrong_key:
            db.tickets.get("not a key")
        assert wrong_key.value.code == "INVALID_TICKET_KEY"
        with pytest.raises(atlas.InvalidError, match="either the key"):
            db.predict()
        with pytest.raises(atlas.InvalidError, match="either the key"):
            db.predict("WRKA-1", text="both")
        prediction = db.predict(text="x")
        with pytest.raises(atlas.InvalidError, match="stored ticket"):
            db.feedback(prediction, prediction.scenarios[0], "accepted")
        with pytest.raises(atlas.InvalidError, match="modified"):
            db.feedback(1, 1, "perhaps")  # type: ignore[arg-type]
        with pytest.raises(atlas.NotFoundError):
            db.undo(99)
        with pytest.raises(atlas.InvalidError):
            db.tickets.add([{"key": "no key", "summary": "x"}])
        with pytest.raises(TypeError):
            db.tickets.add([object()])  # type: ignore[list-item]


def test_files(tmp_path: Path) -> None:
    with atlas.open() as db:
        with pytest.raises(OSError, match="nowhere") as missing:
            db.tickets.import_file(tmp_path / "nowhere.csv")
        assert isinstance(missing.value, atlas.FileError) and missing.value.code == "FILE_FAILED"
        with pytest.raises(OSError):
            db.learning.export_training(tmp_path / "no" / "folder.jsonl")
    junk = tmp_path / "junk.db"
    junk.write_bytes(b"this is no database" * 100)
    with pytest.raises(atlas.StorageError) as refused:
        atlas.open(junk)
    assert refused.value.code == "NOT_A_DATABASE"
    assert junk.read_bytes().startswith(b"this is no"), "it was left as it is"


def test_every_class_is_an_atlas_error_and_picklable() -> None:
    kinds = [cls for name, cls in vars(atlas).items() if name.endswith("Error")]
    assert len(kinds) == 10
    for kind in kinds:
        assert issubclass(kind, atlas.AtlasError)
        error = kind("said", "CODE", {"a": "b"})
        again = pickle.loads(pickle.dumps(error))
        assert (type(again), str(again), again.code, again.details) == (kind, "said", "CODE", {"a": "b"})


def test_credentials_do_not_show() -> None:
    jira = atlas.Jira("https://example.atlassian.net", "planted", user="me@example.com")
    nexus = atlas.FlowNexus("planted")
    assert "planted" not in repr(jira) + repr(nexus) + str(vars(type(jira)))
    with pytest.raises(atlas.InvalidError) as refused:
        atlas.Jira("https://example.atlassian.net", "planted token")
    assert "planted" not in str(refused.value) + str(refused.value.details)
    with pytest.raises(atlas.InvalidError):
        atlas.Jira("https://example.atlassian.net", "x", kind="server")  # type: ignore[arg-type]
    with pytest.raises(atlas.InvalidError):
        atlas.FlowNexus("x", timeout=-1)
