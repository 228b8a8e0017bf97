"""The sample as a database: imported once, copied for every test that wants it."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

import atlas

# A shell that starts something in the background has it ignore Ctrl-C, which some tests press.
signal.signal(signal.SIGINT, signal.default_int_handler)

SAMPLE = Path(__file__).parents[2] / "examples" / "sample"


@pytest.fixture(scope="session")
def sample_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sample") / "sample.db"
    with atlas.open(path, retrain_after=None) as db:
        db.tickets.import_file(SAMPLE / "tickets.jsonl")
        db.patterns.import_file(str(SAMPLE / "patterns.csv"))
        db.learning.import_history(SAMPLE / "history.csv")
    return path


@pytest.fixture
def file(sample_file: Path, tmp_path: Path) -> Path:
    path = tmp_path / "work.db"
    shutil.copy(sample_file, path)
    return path


@pytest.fixture
def db(file: Path) -> Iterator[atlas.Atlas]:
    with atlas.open(file, retrain_after=None) as db:
        yield db
