"""Predictors and blenders in Python."""

from __future__ import annotations

import gc
import sys
import types
import weakref
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

import atlas


class Money:
    name = "money"

    def predict(self, query: atlas.Query) -> atlas.Answer:
        if "invoice" not in query.text.lower():
            return None
        return [
            atlas.Candidate(
                "Amounts are rounded",
                0.9,
                steps=[("Book 0.005", "0.01"), "Book 0"],
                minutes=15,
                reasons=["the ticket speaks of an invoice"],
            )
        ]


class Broken:
    name = "broken"

    def __init__(self, error: BaseException) -> None:
        self.error = error

    def predict(self, query: atlas.Query) -> atlas.Answer:
        raise self.error


def reason(db: atlas.Atlas, name: str) -> str:
    degraded = db.predict(text="anything").degraded
    return next(plugin.reason for plugin in degraded if plugin.predictor == name)


def test_a_scenario_of_its_own() -> None:
    with atlas.open(predictors=[Money()]) as db:
        found = [s for s in db.predict(text="Invoice is wrong").scenarios if s.source == "money"]
        assert found[0].name == "Amounts are rounded" and found[0].minutes == 15
        assert found[0].steps == (atlas.Step("Book 0.005", "0.01"), atlas.Step("Book 0"))
        assert found[0].steps_origin == "plugin" and found[0].confidence == 90
        assert found[0].reasons[0].text == "the ticket speaks of an invoice"
        assert "money" in {d.predictor for d in db.predict(text="Login").degraded}


def test_a_vote_for_a_stored_pattern() -> None:
    class Favourite:
        name = "favourite"
        pattern = 0

        def predict(self, query: atlas.Query) -> atlas.Answer:
            return [(self.pattern, 1.0, "everybody likes it")]

    favourite = Favourite()
    with atlas.open(predictors=[favourite], weights={"favourite": 1000}) as db:
        favourite.pattern = db.patterns.list(active=True)[7].id
        first = db.predict(text="anything").scenarios[0]
        assert first.pattern_id == favourite.pattern
        assert "everybody likes it" in [reason.text for reason in first.reasons]
        favourite.pattern = 10_000
        assert "pattern 10000" in reason(db, "favourite")


def test_what_a_predictor_sees(db: atlas.Atlas, file: Path) -> None:
    seen: list[atlas.Query] = []

    class Watcher(atlas.Predictor):
        name = "watcher"

        def predict(self, query: atlas.Query) -> atlas.Answer:
            seen.append(query)
            return atlas.Suggestions(edge_cases=[atlas.EdgeCase("Watch it", "high")])

    with atlas.open(file, predictors=[Watcher()], retrain_after=None) as watched:
        prediction = watched.predict("WRKA-1234")
        assert any(case.description == "Watch it" for case in prediction.edge_cases)
    ticket = db.tickets.get("WRKA-1234")
    query = seen[0]
    assert (query.key, query.summary, query.components) == ("WRKA-1234", ticket.summary, ticket.components)
    assert query.created == ticket.created and query.reporter == ticket.reporter
    assert query.scenario_types[0][1] <= 1 and query.likely_components[0][0] == "MHIS"
    assert ticket.description and ticket.description in query.text


def test_batches_where_the_past_is_replayed(file: Path) -> None:
    class Batches:
        name = "batches"
        asked: list[int] = []

        def predict_batch(self, queries: list[atlas.Query]) -> list[Any]:
            self.asked.append(len(queries))
            return [None for _ in queries]

    with atlas.open(file, predictors=[Batches()], retrain_after=None) as db:
        report = db.backtest(resamples=5)
        assert sum(Batches.asked) >= report.tickets and max(Batches.asked) > 1
        Batches.asked.clear()
        db.predict("WRKA-1234")
        assert Batches.asked == [1]


@pytest.mark.parametrize("answer", [7, "text", [7], [("a",)], [(None, 0.5)], [("a", "b")], [("a", 7.0)], [("a", float("nan"))]])
def test_nonsense_costs_the_vote_alone(answer: Any) -> None:
    class Odd:
        name = "odd"

        def predict(self, query: atlas.Query) -> Any:
            return answer

    with atlas.open(predictors=[Odd()]) as db:
        assert reason(db, "odd")
        assert len(db.predict(text="anything").scenarios) == 5


def test_a_wrong_count() -> None:
    class Short:
        name = "short"

        def predict_batch(self, queries: list[atlas.Query]) -> list[Any]:
            return []

    with atlas.open(predictors=[Short()]) as db:
        assert "answered 0 of 1" in reason(db, "short")


def test_an_exception_degrades_with_its_traceback() -> None:
    with atlas.open(predictors=[Broken(ZeroDivisionError("planted"))]) as db:
        said = reason(db, "broken")
        assert "ZeroDivisionError: planted" in said.splitlines()[0]
        assert "Traceback" in said and "test_plugins.py" in said
        assert "test_plugins.py" in db.predict(text="x")._repr_html_()


def test_an_exception_is_raised_by_choice() -> None:
    error = ZeroDivisionError("planted")
    with atlas.open(predictors=[Broken(error)], on_plugin_error="raise") as db:
        with pytest.raises(atlas.PluginError, match="planted") as failed:
            db.predict(text="anything")
        assert failed.value.__cause__ is error
        assert failed.value.details["name"] == "broken"
        with pytest.raises(atlas.NotFoundError):
            db.tickets.get("WRKA-1")


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_what_ends_the_program_passes(error: type[BaseException], file: Path) -> None:
    with atlas.open(file, predictors=[Broken(error())], retrain_after=None, cache=True) as db:
        with pytest.raises(error):
            db.predict("WRKA-1234")
        with pytest.raises(error):
            db.backtest()
        assert db.predictions.latest("WRKA-1234") is None, "nothing half done is stored"


def test_what_is_no_predictor() -> None:
    class NoName:
        def predict(self, query: atlas.Query) -> None: ...

    class NoMethod:
        name = "x"

    for odd in (NoName(), NoMethod(), 7):
        with pytest.raises(TypeError, match="no predictor"):
            atlas.open(predictors=[odd])  # type: ignore[list-item]
    with pytest.raises(TypeError, match="no blender"):
        atlas.open(blender=7)  # type: ignore[arg-type]
    with pytest.raises(atlas.InvalidError, match="two predictors"):
        atlas.open(predictors=[Money(), Money()])


def test_changed_code_is_asked_again(file: Path) -> None:
    """A notebook's cell is run again with another predictor of the same name."""

    class Says:
        name = "says"

        def __init__(self, word: str) -> None:
            self.word = word

        def predict(self, query: atlas.Query) -> atlas.Answer:
            return [(self.word, 1.0)]

    for word in ("first", "second"):
        with atlas.open(file, predictors=[Says(word)], retrain_after=None) as db:
            assert db.predict("WRKA-1234").scenarios[0].name == word


class Loudest:
    name = "loudest"

    def blend(self, votes: tuple[atlas.Vote, ...]) -> Iterable[tuple[int | str, float]]:
        best: dict[int | str, float] = {}
        for vote in votes:
            for candidate in vote.candidates:
                known = best.get(candidate.scenario, 0.0)
                best[candidate.scenario] = max(known, 100 * candidate.confidence)
        return list(best.items())


def test_a_blender(file: Path) -> None:
    with atlas.open(file, blender=Loudest(), predictors=[Money()], retrain_after=None) as db:
        prediction = db.predict("WRKA-1234")
        assert prediction.blend.by == "loudest"
        assert [p.name for p in prediction.scenarios[0].parts] == ["loudest"]
        own = db.predict(text="Invoice").scenarios[0]
        assert own.name == "Amounts are rounded" and own.steps and own.source == "money"
        confidences = [s.confidence for s in prediction.scenarios]
        assert confidences == sorted(confidences, reverse=True)


def test_a_blender_with_parts_and_bad_ones() -> None:
    class Parts:
        def blend(self, votes: tuple[atlas.Vote, ...]) -> list[atlas.Blended]:
            first = votes[0].candidates[0].scenario
            return [atlas.Blended(first, 30, {"a": 10, "b": 20})]

    with atlas.open(blender=Parts()) as db:
        (only,) = db.predict(text="x").scenarios
        assert [(p.name, p.value) for p in only.parts] == [("a", 10), ("b", 20)]

    class Bad:
        answer: Any = None

        def blend(self, votes: tuple[atlas.Vote, ...]) -> Any:
            if self.answer is KeyboardInterrupt:
                raise KeyboardInterrupt
            return self.answer

    bad = Bad()
    with atlas.open(blender=bad) as db:
        for bad.answer in (None, 7, [7], [(-1, 5.0)], [("x", 200.0)]):
            prediction = db.predict(text="x")
            assert prediction.blend.by == "weighted sum" and len(prediction.scenarios) == 5
            assert "blender" in {d.predictor for d in prediction.degraded}
        bad.answer = KeyboardInterrupt
        with pytest.raises(KeyboardInterrupt):
            db.predict(text="x")


def test_cycles_are_collected(file: Path) -> None:
    class Cyclic(Money):
        db: Any = None

    predictor = Cyclic()
    predictor.db = atlas.open(file, predictors=[predictor], blender=None)
    predictor.db.predict(text="x")
    gone = weakref.ref(predictor)
    del predictor
    gc.collect()
    assert gone() is None


def test_a_predictor_may_ask_the_database(file: Path) -> None:
    class Curious:
        name = "curious"
        db: Any = None

        def predict(self, query: atlas.Query) -> atlas.Answer:
            alike = self.db.similar(text=query.summary, k=1)
            return [(f"As in {alike[0].ticket_key}", 0.5)]

    curious = Curious()
    with atlas.open(file, predictors=[curious]) as db:
        curious.db = db
        names = [s.name for s in db.predict("WRKA-1234", top_k=20).scenarios]
        assert any(name.startswith("As in WRKA-") for name in names)
        curious.db = None


def test_entry_points_are_loaded_on_request(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    info = tmp_path / "acme-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[atlas.predictors]\nmoney = acme_rules:Money\n")
    module = types.ModuleType("acme_rules")
    module.Money = Money  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "acme_rules", module)
    monkeypatch.syspath_prepend(tmp_path)
    assert [p.name for p in atlas.load_predictors()] == ["money"]
    assert isinstance(atlas.load_predictors("money")[0], Money)
    with pytest.raises(atlas.NotFoundError, match="there are: money"):
        atlas.load_predictors("other")
