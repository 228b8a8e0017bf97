"""Progress, stopping, threads, forks."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import atlas
from conftest import SAMPLE


def tickets_file(path: Path, count: int) -> Path:
    """Jira's JSON lines, each text another one."""
    with path.open("w") as file:
        for n in range(1, count + 1):
            fields = {"summary": f"Export number {n} of list {n % 97}", "description": f"Row {n} is lost"}
            file.write(json.dumps({"key": f"BIG-{n}", "fields": fields}) + "\n")
    return path


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[atlas.Progress] = []
    with atlas.open() as db:
        db.tickets.import_file(SAMPLE / "tickets.jsonl", progress=told.append)
        assert told[-1].stage == "encoding" and told[-1].done == told[-1].total
        assert all(p.total is None or p.done <= p.total for p in told)
        db.patterns.import_file(SAMPLE / "patterns.csv", progress=True)
        db.learning.import_history(SAMPLE / "history.csv", progress=False)
        told.clear()
        db.backtest(resamples=5, progress=told.append)
        assert {p.stage for p in told} == {"replaying", "learning"}
        with pytest.raises(atlas.InvalidError, match="progress"):
            db.learning.retrain(progress=7)  # type: ignore[arg-type]


def test_a_bar_where_tqdm_is_there(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("tqdm")
    with atlas.open() as db:
        db.tickets.import_file(SAMPLE / "tickets.jsonl", progress=True)
        assert "encoding" in capsys.readouterr().err
        monkeypatch.setitem(sys.modules, "tqdm.auto", None)
        db.tickets.import_file(SAMPLE / "tickets.jsonl", progress=True)
        assert "encoding" not in capsys.readouterr().err


def test_a_stop_keeps_what_is_whole(tmp_path: Path) -> None:
    path = tickets_file(tmp_path / "big.jsonl", 2_500)
    with atlas.open(tmp_path / "work.db") as db:
        with pytest.raises(atlas.CancelledError):
            db.tickets.import_file(path, progress=lambda progress: False)
        assert db.database.counts().tickets == 0
        with pytest.raises(atlas.CancelledError):
            db.tickets.import_file(path, progress=lambda progress: db.database.counts().tickets == 0)
        stored = db.database.counts()
        assert 0 < stored.tickets < 2_500 and stored.unencoded == 2 * stored.tickets
        assert db.database.check() == ()

        def fails(progress: atlas.Progress) -> None:
            raise ZeroDivisionError("planted")

        with pytest.raises(ZeroDivisionError, match="planted"):
            db.tickets.import_file(path, progress=fails)
        stages: list[str] = []

        def soon(progress: atlas.Progress) -> bool:
            stages.append(progress.stage)
            return stages.count("encoding") < 3

        with pytest.raises(atlas.CancelledError):
            db.tickets.import_file(path, progress=soon)
        encoded = db.database.counts()
        assert encoded.tickets == 2_500 and 0 < encoded.unencoded < 5_000


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_stops_a_long_call(tmp_path: Path) -> None:
    path = tickets_file(tmp_path / "big.jsonl", 1_200)
    with atlas.open(tmp_path / "work.db") as db:
        began = threading.Event()

        def press() -> None:
            began.wait()
            os.kill(os.getpid(), signal.SIGINT)

        presser = threading.Thread(target=press)
        presser.start()

        def note(progress: atlas.Progress) -> None:
            if db.database.counts().tickets:
                began.set()

        with pytest.raises(KeyboardInterrupt):
            db.tickets.import_file(path, progress=note)
            while True:  # it came between two looks
                began.wait(0.01)
        presser.join()
        assert db.database.check() == () and db.database.counts().tickets > 0


def test_other_threads_run_meanwhile(tmp_path: Path) -> None:
    path = tickets_file(tmp_path / "big.jsonl", 300)
    with atlas.open() as db:
        done = threading.Event()
        counted = 0
        with ThreadPoolExecutor(1) as pool:
            imported = pool.submit(db.tickets.import_file, path)
            imported.add_done_callback(lambda _: done.set())
            while not done.is_set():
                done.wait(0.001)
                counted += 1
        assert imported.result().new == 300
        assert counted > 10


class Slow:
    name = "slow"

    def predict(self, query: atlas.Query) -> atlas.Answer:
        threading.Event().wait(0.001)
        return [(f"Look at {query.summary}", 0.4)]


def test_many_threads_at_once(file: Path) -> None:
    with atlas.open(file, predictors=[Slow()], retrain_after=1) as db:
        keys = [f"WRKA-{1000 + n}" for n in range(400)]
        known = [key for key in keys if _is_stored(db, key)][:24]
        expected = {key: db.predict(key, top_k=3).scenarios for key in known}

        def work(key: str) -> bool:
            prediction = db.predict(key, top_k=3)
            db.similar(key, k=3)
            db.predict(text=f"Export {key}")
            return {s.name for s in prediction.scenarios} == {s.name for s in expected[key]}

        with ThreadPoolExecutor(8) as pool:
            assert all(pool.map(work, known * 2))


def _is_stored(db: atlas.Atlas, key: str) -> bool:
    try:
        return bool(db.tickets.get(key))
    except atlas.NotFoundError:
        return False


def test_a_training_with_a_plugin_does_not_hold_up_closing(file: Path) -> None:
    for _ in range(3):
        db = atlas.open(file, predictors=[Slow()], retrain_after=1)
        prediction = db.predict("WRKA-1234")
        db.feedback(prediction, prediction.scenarios[0], "accepted")
        del db  # drops the last reference while the training runs


def test_an_interpreter_that_ends_while_training(file: Path) -> None:
    program = f"""
import atlas, time
class Slow:
    name = "slow"
    def predict(self, query):
        time.sleep(0.005)
db = atlas.open({str(file)!r}, predictors=[Slow()], retrain_after=1)
p = db.predict("WRKA-1234")
db.feedback(p, p.scenarios[0], "accepted")
print("told")
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    assert (ended.returncode, ended.stdout.strip()) == (0, "told"), ended.stderr


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a system with fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_fork_after_use_works(db: atlas.Atlas, tmp_path: Path) -> None:
    expected = [s.name for s in db.predict("WRKA-1234").scenarios]
    path = tickets_file(tmp_path / "more.jsonl", 300)
    context = multiprocessing.get_context("fork")
    answers: multiprocessing.SimpleQueue[tuple[list[str], int]] = context.SimpleQueue()

    def child() -> None:
        names = [s.name for s in db.predict("WRKA-1234").scenarios]
        answers.put((names, db.tickets.import_file(path).new))

    process = context.Process(target=child)
    process.start()
    process.join(120)
    if process.is_alive():
        process.kill()
    assert process.exitcode == 0
    assert answers.get() == (expected, 300)
    assert db.database.counts().tickets == 365, "the parent sees what the child stored"
    assert db.database.check() == ()


class Holds:
    """Stays in its call until it is let go."""

    name = "holds"

    def __init__(self) -> None:
        self.inside, self.go_on = threading.Event(), threading.Event()

    def predict(self, _query: atlas.Query) -> None:
        self.inside.set()
        self.go_on.wait(120)


def told_by_a_child(ask: Callable[[], object]) -> str:
    """The code of the error that a call raises in a forked process, or ok."""
    context = multiprocessing.get_context("fork")
    answers: multiprocessing.SimpleQueue[str] = context.SimpleQueue()

    def child() -> None:
        try:
            ask()
            answers.put("ok")
        except atlas.AtlasError as error:
            answers.put(error.code)

    process = context.Process(target=child)
    process.start()
    process.join(120)
    if process.is_alive():
        process.kill()
    assert process.exitcode == 0
    return answers.get()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a system with fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_fork_while_other_threads_are_in_calls_is_told(file: Path) -> None:
    holds = Holds()
    db = atlas.open(file, predictors=[holds])
    thread = threading.Thread(target=db.predict, args=("WRKA-1234",))
    thread.start()
    assert holds.inside.wait(120)
    try:
        assert told_by_a_child(db.database.counts) == "FORKED"
        assert told_by_a_child(lambda: atlas.open(file)) == "FORKED"
        assert db.database.counts().tickets == 65, "the parent goes on"
    finally:
        holds.go_on.set()
        thread.join(120)
    assert told_by_a_child(db.database.counts) == "ok"
    with atlas.open() as memory:
        assert told_by_a_child(memory.database.counts) == "FORKED"


def test_a_call_from_a_callback_and_ctrl_c_end_whole_exports_and_imports(file: Path, tmp_path: Path) -> None:
    with atlas.open(file) as db:
        for number in range(700):
            db.memory.put("context", f"k{number}", "v")
        exported = tmp_path / "all.jsonl"
        seen: list[int] = []

        def ask(_progress: object) -> None:
            seen.append(db.database.counts().tickets)
            db.tickets.set_note("WRKA-1234", "asked by a callback")

        rows = db.database.export_all(exported, progress=ask)
        assert seen and rows["agent_memory"] == 700

        def interrupt(_progress: object) -> None:
            signal.raise_signal(signal.SIGINT)

        with pytest.raises(KeyboardInterrupt):
            db.database.export_all(tmp_path / "stopped.jsonl", progress=interrupt)
        assert not (tmp_path / "stopped.jsonl").exists()
    with atlas.open() as other:
        with pytest.raises(KeyboardInterrupt):
            other.database.import_all(exported, progress=interrupt)
        assert other.database.counts().tickets == 0
        assert other.database.import_all(exported, progress=lambda _: bool(other.database.counts()))["agent_memory"] == 700
