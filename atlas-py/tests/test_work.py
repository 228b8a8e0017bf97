"""Sessions, notes, the day and the profile."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest

import atlas


def test_a_session_from_start_to_end(db: atlas.Atlas) -> None:
    prediction = db.predict("WRKA-1234", top_k=2)
    session = db.sessions.start("WRKA-1234", prediction)
    assert [s.name for s in session.plan] == [s.name for s in prediction.scenarios]
    assert session.steps_total == sum(len(s.steps) for s in prediction.scenarios)
    assert db.sessions.open() == session and session.started_at.tzinfo is not None
    greeting = db.sessions.greeting(session)
    assert greeting is None or greeting
    assert db.sessions.step_done(session, 1).steps_done == (1,)
    assert db.sessions.step_undone(session.id, 1).steps_done == ()
    db.sessions.step_done(session, 2)
    assert db.sessions.pause(session).status == "paused"
    assert db.sessions.resume(session).breaks == 1
    assert db.sessions.note(session, "slow page").notes == ("slow page",)
    assert db.sessions.alive(session).id == session.id
    with pytest.raises(atlas.ConflictError) as refused:
        db.sessions.start("WRKA-1100")
    assert refused.value.code == "SESSION_OPEN"
    result = db.sessions.end(session, "passed")
    assert result.steps_completed == 1 and result.xp_earned > 0 and result.first_of_day
    assert sum(part.xp for part in result.xp_parts) >= result.xp_earned
    kinds = [event.kind for event in db.sessions.events(session)]
    assert kinds[0] == "session_started" and kinds[-1] == "ended"
    ended = db.sessions.events(session)[-1]
    assert ended.outcome == "passed" and ended.day == date.fromordinal(ended.day.toordinal())
    assert db.sessions.list()[0] == db.sessions.of_ticket("WRKA-1234")[0]
    assert db.sessions.get(session.id).outcome == "passed"
    with pytest.raises(atlas.NotFoundError):
        db.sessions.get(99)
    with pytest.raises(atlas.InvalidError, match="passed, failed or blocked"):
        db.sessions.end(session, "fine")  # type: ignore[arg-type]


def test_plans(db: atlas.Atlas) -> None:
    prediction = db.predict("WRKA-1234", top_k=3)
    chosen: list[atlas.Scenario | int] = [prediction.scenarios[2], prediction.scenarios[0].prediction_id or 0]
    session = db.sessions.start("WRKA-1234", chosen)
    assert [s.name for s in session.plan] == [prediction.scenarios[2].name, prediction.scenarios[0].name]
    assert db.sessions.cancel(session).status == "cancelled"
    assert db.sessions.left_open() is None and db.sessions.open() is None
    with pytest.raises(atlas.InvalidError, match="not stored"):
        db.sessions.start("WRKA-1234", db.predict(text="x"))


def test_the_day_and_what_play_makes_of_it(db: atlas.Atlas) -> None:
    session = db.sessions.start("WRKA-1234")
    db.sessions.step_done(session, 1)
    assert db.sessions.close(session, "failed").outcome == "failed"
    stats = db.tickets.quick_stats()
    assert stats.tickets_today == 1 and stats.current_streak == 1
    assert "Level" in stats._repr_html_()
    week = db.play.activity(7)
    assert len(week) == 7 and week[-1].failed == 1
    assert week[-1].day - week[0].day == timedelta(days=6)
    standing = db.play.standing()
    assert standing.xp == stats.xp_today and standing == db.play.rebuild().standing
    assert any(achievement.earned_at for achievement in standing.achievements)
    assert db.play.challenge() is None
    challenge = db.play.offer_challenge()
    assert challenge is None or isinstance(challenge, atlas.Challenge)
    assert db.play.challenge() == challenge
    table = atlas.table(week)
    assert table["day"][-1] == week[-1].day
    assert atlas.table(db.sessions.list()).num_rows == 1


def test_notes_and_work(db: atlas.Atlas) -> None:
    db.tickets.set_note("WRKA-1234", "ask Kim for an account")
    note = db.tickets.set_difficulty("WRKA-1234", 4)
    assert note is not None and (note.note, note.difficulty) == ("ask Kim for an account", 4)
    assert db.tickets.search_notes("account kim") == (db.tickets.note("WRKA-1234"),)
    assert db.tickets.recent(1)[0].my_note == "ask Kim for an account"
    work = db.tickets.work(project="WRKA", limit=5)
    assert len(work.tickets) == 5 and work.count > 5 and work.data_source == "cached"
    assert db.tickets.clear_note("WRKA-1234") and db.tickets.note("WRKA-1234") is None


def test_profile_and_settings(db: atlas.Atlas) -> None:
    profile = db.profile.update(username="Ada", coach_personality="silent", theme="dark")
    assert profile == db.profile.get() and profile.coach_personality == "silent"
    assert db.play.greeting() is None
    settings = atlas.UserSettings(day_start=4, time_zone="Europe/Berlin", weights={"neural": 0.5})
    db.profile.set_settings(settings)
    assert db.profile.settings() == settings
    with pytest.raises(atlas.InvalidError, match="day_start"):
        db.profile.set_settings({"day_start": 24})
    with pytest.raises(atlas.InvalidError, match="theme"):
        db.profile.update(theme="pink")  # type: ignore[arg-type]


def test_a_clock_of_the_hosts(db: atlas.Atlas) -> None:
    now = datetime(2026, 3, 2, 9, tzinfo=timezone.utc)
    with atlas.open(clock=lambda: now) as week:
        week.tickets.add(db.tickets.list()[:1])
        for _ in range(3):
            session = week.sessions.start(week.tickets.list()[0].key)
            assert session.started_at == now
            now += timedelta(minutes=30)
            result = week.sessions.end(session, "passed")
            assert result.duration_minutes == 30
            now += timedelta(days=1)
        assert week.tickets.quick_stats().current_streak == 3


def test_a_clock_that_is_none() -> None:
    with pytest.raises(TypeError, match="clock is no function"):
        atlas.open(clock=3)  # type: ignore[arg-type]
    with atlas.open(clock=lambda: datetime(2026, 3, 2)) as db, pytest.raises(TypeError, match="tzinfo"):
        db.tickets.quick_stats()
