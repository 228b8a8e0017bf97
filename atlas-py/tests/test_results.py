"""Results: frozen, comparable, picklable, and of the types that they promise."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, Union, get_args, get_origin

import pytest

import atlas
from atlas._results import CLASSES, Result


def all_kinds(db: atlas.Atlas) -> Iterator[Result]:
    """Results of as many classes as the sample gives."""
    prediction = db.predict("WRKA-1234", top_k=20)
    yield prediction
    yield db.predict(text="New thing", description="Given a\nWhen b\nThen c")
    yield db.tickets.get("WRKA-1234")
    yield db.analyze("WRKA-1234")
    yield db.review(text="Upload", description="Large files must be refused.")
    yield from db.similar("WRKA-1234")
    yield from db.duplicates("WRKA-1234")
    yield db.database.counts()
    yield db.gaps("WRKA-1234")
    yield from db.predictions.questions(5)
    receipt = db.feedback(prediction, None, "accepted", rating=4, host_id="a")
    yield receipt
    yield from db.predictions.recent_feedback()
    yield db.undo(receipt.feedback_id)
    yield db.tickets.forget("WRKA-1234")
    yield from db.patterns.list()
    yield from db.patterns.duplicates(similarity=0.5)
    yield from db.patterns.detect(known=True, similarity=0.3)
    keep, drop = db.patterns.list(active=True)[:2]
    yield db.patterns.merge(keep, drop)
    yield db.learning.status()
    version = db.learning.retrain()
    assert version is not None
    yield version
    yield from db.learning.models()
    yield db.backtest(resamples=20)
    yield db.jira.status()
    session = db.sessions.start("WRKA-1234", db.predict("WRKA-1234"))
    yield db.sessions.step_done(session, 1)
    yield db.sessions.end(session, "passed")
    yield from db.sessions.events(session)
    yield from db.sessions.list()
    yield from db.play.activity(3)
    yield db.play.standing()
    yield db.profile.get()
    yield db.profile.settings()
    yield db.tickets.quick_stats()
    yield db.profile.now()
    case = db.predict("WRKA-1234").edge_cases[0]
    yield db.predictions.answer_edge_case("WRKA-1234", case, "kept")
    note = db.tickets.set_note("WRKA-1234", "slow")
    assert note is not None
    yield note
    yield db.tickets.work()
    with TemporaryDirectory() as folder:
        table = Path(folder) / "tickets.csv"
        table.write_text("Issue key,Summary,Created,Sprint\nODD-1,One,03/04/2025,7\nODD-2,Two,soon,8\n")
        yield db.tickets.import_file(table, dry_run=True)
        yield db.sessions.export(session, Path(folder) / "results.xml", "junit")
        yield db.learning.import_results(Path(folder) / "results.xml", tickets="WRKA-1234")
    yield from db.tickets.test_runs("WRKA-1234")


def conforms(value: Any, wanted: Any) -> bool:
    """Whether a value is of an annotated type."""
    origin, arguments = get_origin(wanted), get_args(wanted)
    if origin in (Union, types.UnionType):
        return any(conforms(value, one) for one in arguments)
    if origin is Literal:
        return value in arguments
    if origin is Sequence:
        return isinstance(value, tuple) and all(conforms(item, arguments[0]) for item in value)
    if origin is Mapping:
        return isinstance(value, dict)
    if origin is tuple:
        if not isinstance(value, tuple):
            return False
        if arguments[-1] is ...:
            return all(conforms(item, arguments[0]) for item in value)
        return len(value) == len(arguments) and all(map(conforms, value, arguments))
    if wanted is None:
        return value is None
    if wanted is datetime:
        return isinstance(value, datetime) and value.tzinfo is not None
    if wanted is Path:
        return isinstance(value, Path)
    return type(value) is wanted


def parts_of(result: Result) -> Iterator[Result]:
    yield result
    for field in dataclasses.fields(result):
        value = getattr(result, field.name)
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, Result):
                yield from parts_of(item)


def test_every_value_is_of_its_annotated_type(db: atlas.Atlas) -> None:
    seen = set()
    for result in all_kinds(db):
        for part in parts_of(result):
            cls = type(part)
            seen.add(cls.__name__)
            hints = typing.get_type_hints(cls)
            unknown = set(vars(part)) - {field.name for field in dataclasses.fields(part)}
            assert not unknown, f"{cls.__name__} has no annotation for {unknown}"
            for field in dataclasses.fields(part):
                value = getattr(part, field.name)
                assert conforms(value, hints[field.name]), f"{cls.__name__}.{field.name} is {value!r}"
    remote = {"Account", "SkippedIssue", "SyncReport", "SyncFailure", "SyncOutcome"}
    rare = {"Degraded", "Drift", "KnownPattern", "PatternProposal", "Skipped", "TicketLink", "TypeGap"}
    taken_back = {"ImportCounts", "ImportRecord", "ImportUndone", "KeptRecord", "SampleReport", "FilePreview", "PreviewRecord", "WorkChoices"}
    imports = {"ReadOnly", "Rebuilt", "SheetReport", "MemoryEntry", "MemoryHit", "FolderBackup", "Repair", "Restored", "Challenge", "ChallengeGoal"}
    given = {"TestPattern", "PatternName", "PatternPair"}
    assert {cls.__name__ for cls in CLASSES.values()} - seen <= remote | rare | taken_back | imports | given


def test_frozen_equal_hashable_and_picklable(db: atlas.Atlas) -> None:
    for result in all_kinds(db):
        for made in (pickle.loads(pickle.dumps(result)), copy.deepcopy(result)):
            assert made == result and type(made) is type(result) and hash(made) == hash(result)
        assert result != object()
        name = dataclasses.fields(result)[0].name
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(result, name, 1)
        assert type(result).__module__ == "atlas"
        assert set(result.to_dict()) == {field.name for field in dataclasses.fields(result)}


def test_numbers_are_as_rust_writes_them(db: atlas.Atlas) -> None:
    weights = {part.name: part.value for part in db.predict("WRKA-1234").blend.weights}
    assert weights == {"neural": 0.7, "similarity": 0.3}


def test_repr_is_short_and_says_what_there_is() -> None:
    assert repr(atlas.Step("Open")) == "Step(action='Open')"
    assert atlas.Step("Open") == atlas.Step("Open", None) != atlas.Step("Shut")


def test_html_is_escaped_and_self_contained(db: atlas.Atlas) -> None:
    evil = "<script>alert(1)</script> & <img src=x onerror=alert(2)>"
    db.tickets.add([atlas.Ticket("EVIL-1", evil, components=[evil], description=evil)])
    db.patterns.add(atlas.TestPattern(evil, evil, component=evil, steps=[atlas.Step(evil, evil)]))
    shown = [db.predict("EVIL-1", top_k=20), db.analyze("EVIL-1"), db.backtest(resamples=5), db.database.counts()]
    similar = db.analyze(text="script alert img src onerror")
    for result in [*shown, similar]:
        page = result._repr_html_()  # type: ignore[attr-defined]
        assert "<script" not in page and "<img" not in page
        assert "http://" not in page.replace("http://www.w3.org", "") and "https://" not in page
        assert "prefers-color-scheme:dark" in page
    assert "&lt;script&gt;" in shown[0]._repr_html_()  # type: ignore[attr-defined]
