"""Importing, asking and telling, on the sample."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

import atlas
from conftest import SAMPLE


def test_the_sample_is_imported_and_predicted(db: atlas.Atlas) -> None:
    assert db.database.counts().tickets == 65
    assert db.database.counts().observations == 111
    prediction = db.predict("WRKA-1234", top_k=5)
    first = prediction.scenarios[0]
    assert "MHIS Form Validation" in [scenario.name for scenario in prediction.scenarios]
    assert first.steps_origin == "designed" and first.reasons[0].rule == "criterion"
    assert first.confidence == pytest.approx(sum(part.value for part in first.parts), abs=1e-3)
    assert first.steps[0].action and first.minutes_low <= first.minutes <= first.minutes_high
    assert prediction.total_minutes == sum(s.minutes for s in prediction.scenarios)
    assert prediction.edge_cases[0].criticality == "high"
    assert db.predict("wrka-1234", top_k=5) == prediction, "the stored one answers"
    assert db.predictions.latest("WRKA-1234") == prediction


def test_a_second_import_changes_nothing(db: atlas.Atlas) -> None:
    report = db.tickets.import_file(str(SAMPLE / "tickets.jsonl"))
    assert (report.new, report.updated, report.unchanged) == (0, 0, 65)
    assert report.stored == 65


def test_an_import_is_taken_back(db: atlas.Atlas, tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_text("Issue key,Summary\nOWN-1,One\nWRKA-1234,Changed\n")
    summary = db.tickets.get("WRKA-1234").summary
    report = db.tickets.import_file(file)
    assert report.import_id is not None
    record = db.database.imports()[0]
    assert (record.source, record.kind, record.state) == ("own.csv", "tickets", "complete")
    assert (record.new.tickets, record.updated.tickets) == (1, 1)
    undone = db.database.undo_import(report.import_id)
    assert (undone.removed.tickets, undone.put_back.tickets, undone.kept) == (1, 1, ())
    assert undone.record.state == "undone"
    assert db.tickets.get("WRKA-1234").summary == summary
    with pytest.raises(atlas.NotFoundError) as error:
        db.database.undo_import(report.import_id)
    assert error.value.code == "IMPORT_NOT_FOUND"


def test_the_sample_goes_whole() -> None:
    with atlas.open() as db:
        before = db.database.counts()
        files = [SAMPLE / name for name in ("tickets.jsonl", "patterns.csv", "history.csv")]
        assert db.database.load_sample(*files).tickets.new == 65
        assert db.database.has_sample()
        assert [undone.kept_count for undone in db.database.remove_sample()] == [0, 0, 0]
        assert (db.database.counts(), db.database.has_sample()) == (before, False)


def test_a_text_that_is_no_ticket(db: atlas.Atlas) -> None:
    prediction = db.predict(text="Login fails with an expired password", components=["Login"])
    assert prediction.id is None and prediction.ticket_key is None
    assert len(prediction.scenarios) == 5
    assert db.predict(text="x", components="Login"), "one word will do for a list"
    assert db.analyze(text="Reviewer cannot sign the form").similar_tickets
    assert len(db.similar(text="Reviewer cannot sign the form", k=3)) == 3


def test_similar_tickets_can_be_narrowed(db: atlas.Atlas) -> None:
    alike = db.similar("WRKA-1234", k=10)
    assert len(alike) == 10
    assert alike == tuple(sorted(alike, key=lambda t: -t.similarity))
    by_project = db.similar("WRKA-1234", k=10, projects="WRKA")
    assert all(ticket.ticket_key.startswith("WRKA-") for ticket in by_project)
    created = db.tickets.get(alike[0].ticket_key).created
    assert created is not None and created.tzinfo is not None
    earlier = db.similar("WRKA-1234", k=10, created_before=created)
    assert alike[0].ticket_key not in [ticket.ticket_key for ticket in earlier]
    assert db.similar("WRKA-1234", threshold=1.0) == ()
    assert db.duplicates("WRKA-1234", 3)[0].likelihood <= 1


def test_feedback_counts_and_can_be_taken_back(db: atlas.Atlas) -> None:
    prediction = db.predict("WRKA-1234")
    before = db.database.counts().observations
    receipt = db.feedback(prediction, prediction.scenarios[0], "accepted", minutes=20, host_id="1")
    assert receipt.items[0].actual_minutes == 20 and not receipt.repeated
    assert receipt.given_at is not None and receipt.given_at.tzinfo is not None
    assert db.feedback(prediction, prediction.scenarios[0], "accepted", host_id="1").repeated
    own: list[atlas.Step | tuple[str, str] | str] = [("Open page 2", "It is empty"), "Close it", atlas.Step("Look", data="x")]
    edited = db.feedback(prediction, prediction.scenarios[1], "modified", steps=own)
    assert edited.items[0].steps is not None and len(edited.items[0].steps) == 3
    assert db.predictions.recent_feedback(1)[0].feedback_id == edited.feedback_id
    undone = db.undo(edited.feedback_id)
    assert isinstance(undone, atlas.Undone) and undone.withdrawn_models == 0
    db.undo(receipt.feedback_id)
    assert db.database.counts().observations == before
    whole = db.feedback(prediction.id or 0, None, "rejected")
    assert len(whole.items) == len([s for s in prediction.scenarios if s.prediction_id])


def test_missed_and_forgotten(db: atlas.Atlas) -> None:
    receipt = db.missed("WRKA-1234", "Leap day", ["Set 29 February"], minutes=15)
    assert receipt.items[0].made_pattern
    known = db.patterns.list(text="form")[0]
    assert db.missed("WRKA-1234", known.id).items[0].pattern_id == known.id
    assert db.tickets.forget("WRKA-1234").feedback == 2


def test_review(db: atlas.Atlas) -> None:
    review = db.review("WRKA-1234")
    assert (review.ticket_key, review.language) == ("WRKA-1234", "en")
    asked = db.review(text="Search", ticket_type="Story", description="Acceptance criteria:\n- It must be fast")
    assert [(one.code, one.severity) for one in asked.findings] == [("vague-quality", "medium"), ("pronoun", "low")]
    assert asked.findings[0].quotes == (atlas.Quote("It must be fast", "criterion", 1),)


def test_coverage_and_questions(db: atlas.Atlas) -> None:
    prediction = db.predict("WRKA-1234", top_k=10)
    gaps = db.gaps("WRKA-1234", [prediction.scenarios[0], "Draft is kept"])
    assert gaps.chosen_from == "given" and len(gaps.chosen) == 2
    assert gaps.is_complete == (not gaps.open_criteria and not gaps.type_gaps)
    assert db.predictions.questions(3)[0].ticket_key == "WRKA-1234"
    assert db.predictions.ask_questions(3) == db.predictions.questions(3)


def test_patterns(db: atlas.Atlas) -> None:
    made = db.patterns.add(atlas.TestPattern("Umlauts survive", "Data Export", steps=[atlas.Step("Export")]))
    assert made.steps[0] == atlas.Step("Export") and made.origin == "user"
    assert db.patterns.get(made.id) == db.patterns.get("Umlauts survive") == db.patterns.get(made)
    renamed = db.patterns.rename(made, "Umlauts stay")
    assert renamed.name == "Umlauts stay"
    assert not db.patterns.retire(renamed).is_active
    assert db.patterns.list(active=False) == (db.patterns.get(made.id),)
    assert db.patterns.reactivate(made.id).is_active
    assert made.id in [pattern.id for pattern in db.patterns.unused()]
    longer = db.patterns.update(made.id, {**made.to_dict(), "name": "Umlauts and ß"})
    assert longer.name == "Umlauts and ß"
    assert isinstance(db.patterns.duplicates(similarity=0.5), tuple)


def test_patterns_found_in_tickets() -> None:
    steps = "Steps to reproduce:\n1. Open the list\n2. Press Export\n3. Open the file\n\nExpected: umlauts"
    tickets = [
        atlas.Ticket(f"WRKA-{n}", f"CSV export of {who} loses umlauts", description=steps)
        for n, who in enumerate(["clients", "customers", "patients"], 1)
    ]
    with atlas.open() as db:
        db.tickets.add(tickets)
        (proposal,) = db.patterns.detect()
        assert proposal.ticket_keys == ("WRKA-1", "WRKA-2", "WRKA-3")
        kept = db.patterns.accept(proposal, name="CSV keeps umlauts")
        assert (kept.name, kept.origin) == ("CSV keeps umlauts", "mined")
        assert db.patterns.detect() == ()


def test_learning_and_its_versions(db: atlas.Atlas) -> None:
    version = db.learning.retrain()
    assert version is not None and version.state == "serving"
    assert version.trained_at is not None
    assert abs(version.trained_at - datetime.now(timezone.utc)) < timedelta(hours=1)
    assert db.learning.models()[0].version == version.version
    assert db.learning.status().serving == version.version
    db.learning.roll_back()
    assert db.learning.status().serving is None
    db.learning.wait_until_trained()


def test_the_backtest_and_its_picture(db: atlas.Atlas) -> None:
    report = db.backtest(resamples=50, seed=3)
    assert report.tickets == 44 and report.options.seed == 3
    own = report.method("ATLAS")
    assert own is not None and own.hit_10.low <= own.hit_10.value <= own.hit_10.high
    assert report.to_svg().startswith("<svg")


def test_training_data_goes_to_another_database(db: atlas.Atlas, tmp_path: Path) -> None:
    path = tmp_path / "training.jsonl"
    written = db.learning.export_training(path)
    assert written == 111
    with atlas.open(retrain_after=None) as other:
        assert other.learning.import_training(path).new == written
        assert other.learning.import_training(path).unchanged == written


def test_backup_and_check(db: atlas.Atlas, tmp_path: Path) -> None:
    db.database.backup(tmp_path / "copy.db")
    with atlas.open(str(tmp_path / "copy.db")) as copy:
        assert copy.database.counts() == db.database.counts()
        assert copy.database.check() == ()
        assert copy.path == tmp_path / "copy.db"
    assert db.database.schema_version() >= 3 and db.database.model_id() == copy_model()


def copy_model() -> str:
    with atlas.open() as other:
        return other.database.model_id()


def test_tickets_from_the_program() -> None:
    tokyo = timezone(timedelta(hours=9))
    ticket = atlas.Ticket(
        "WRKA-7", "Export", created=datetime(2026, 3, 1, 9, tzinfo=tokyo), links=[atlas.TicketLink("Relates", "WRKA-8")]
    )
    with atlas.open() as db:
        assert db.tickets.add([ticket, {"key": "WRKA-8", "summary": "Import"}]).new == 2
        stored = db.tickets.get("WRKA-7")
        assert stored.created == ticket.created and stored.links == ticket.links
        assert db.tickets.mark_not_similar("WRKA-7", "WRKA-8") and db.tickets.unmark_not_similar("WRKA-7", "WRKA-8")
        with pytest.raises(ValueError, match="time zone"):
            db.tickets.add([atlas.Ticket("WRKA-9", "Naive", created=datetime(2026, 3, 1))])


def test_options() -> None:
    rule = '[[rule]]\nid = "moon"\nwhen = "moon"\n'
    with atlas.open(weights={"neural": 1.0, "similarity": 0.0}, starter_catalogue=False) as db:
        assert db.database.counts().patterns == 0
        assert db.predict(text="anything").scenarios == ()
    with pytest.raises(atlas.InvalidError):
        atlas.open(edge_case_rules=rule)
    with pytest.raises(atlas.InvalidError) as refused:
        atlas.open(blend="best")  # type: ignore[arg-type]
    assert refused.value.details["field"] == "blend"
    with pytest.raises(atlas.InvalidError):
        atlas.open(ticket_tokens=1)


def test_closing(file: Path) -> None:
    db = atlas.open(file)
    with db as same:
        assert same is db and not db.closed
    assert db.closed and "closed" in repr(db)
    db.close()
    with pytest.raises(atlas.ConflictError) as refused:
        db.database.counts()
    assert refused.value.code == "CLOSED"


def test_results_are_plain_json(db: atlas.Atlas) -> None:
    for result in [db.predict("WRKA-1234"), db.analyze("WRKA-1234"), db.tickets.get("WRKA-1234"), db.database.counts()]:
        again = json.loads(json.dumps(result.to_dict()))
        assert again == result.to_dict()
