"""Sessions, notes, the day and the profile."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest

import atlas


def test_a_session_from_start_to_end(db: atlas.Atlas) -> None:
    prediction = db.predict("WRKA-1234", top_k=2)
    session = db.start_session("WRKA-1234", prediction)
    assert [s.name for s in session.plan] == [s.name for s in prediction.scenarios]
    assert session.steps_total == sum(len(s.steps) for s in prediction.scenarios)
    assert db.open_session() == session and session.started_at.tzinfo is not None
    greeting = db.session_greeting(session)
    assert greeting is None or greeting
    assert db.step_done(session, 1).steps_done == (1,)
    assert db.step_undone(session.id, 1).steps_done == ()
    db.step_done(session, 2)
    assert db.pause_session(session).status == "paused"
    assert db.resume_session(session).breaks == 1
    assert db.note_in_session(session, "slow page").notes == ("slow page",)
    assert db.session_alive(session).id == session.id
    with pytest.raises(atlas.ConflictError) as refused:
        db.start_session("WRKA-1100")
    assert refused.value.code == "SESSION_OPEN"
    result = db.end_session(session, "passed")
    assert result.steps_completed == 1 and result.xp_earned > 0 and result.first_of_day
    assert sum(part.xp for part in result.xp_parts) >= result.xp_earned
    kinds = [event.kind for event in db.session_events(session)]
    assert kinds[0] == "session_started" and kinds[-1] == "ended"
    ended = db.session_events(session)[-1]
    assert ended.outcome == "passed" and ended.day == date.fromordinal(ended.day.toordinal())
    assert db.sessions()[0] == db.sessions_of("WRKA-1234")[0]
    assert db.session(session.id).outcome == "passed"
    with pytest.raises(atlas.NotFoundError):
        db.session(99)
    with pytest.raises(atlas.InvalidError, match="passed, failed or blocked"):
        db.end_session(session, "fine")  # type: ignore[arg-type]


def test_plans(db: atlas.Atlas) -> None:
    prediction = db.predict("WRKA-1234", top_k=3)
    chosen: list[atlas.Scenario | int] = [prediction.scenarios[2], prediction.scenarios[0].prediction_id or 0]
    session = db.start_session("WRKA-1234", chosen)
    assert [s.name for s in session.plan] == [prediction.scenarios[2].name, prediction.scenarios[0].name]
    assert db.cancel_session(session).status == "cancelled"
    assert db.left_open() is None and db.open_session() is None
    with pytest.raises(atlas.InvalidError, match="not stored"):
        db.start_session("WRKA-1234", db.predict(text="x"))


def test_the_day_and_what_play_makes_of_it(db: atlas.Atlas) -> None:
    session = db.start_session("WRKA-1234")
    db.step_done(session, 1)
    assert db.close_session(session, "failed").outcome == "failed"
    stats = db.quick_stats()
    assert stats.tickets_today == 1 and stats.current_streak == 1
    assert "Level" in stats._repr_html_()
    week = db.activity(7)
    assert len(week) == 7 and week[-1].failed == 1
    assert week[-1].day - week[0].day == timedelta(days=6)
    standing = db.standing()
    assert standing.xp == stats.xp_today and standing == db.rebuild_progress().standing
    assert any(achievement.earned_at for achievement in standing.achievements)
    assert db.challenge() is None
    challenge = db.offer_challenge()
    assert challenge is None or isinstance(challenge, atlas.Challenge)
    assert db.challenge() == challenge
    table = atlas.table(week)
    assert table["day"][-1] == week[-1].day
    assert atlas.table(db.sessions()).num_rows == 1


def test_notes_and_work(db: atlas.Atlas) -> None:
    db.set_note("WRKA-1234", "ask Kim for an account")
    note = db.set_difficulty("WRKA-1234", 4)
    assert note is not None and (note.note, note.difficulty) == ("ask Kim for an account", 4)
    assert db.search_notes("account kim") == (db.note("WRKA-1234"),)
    assert db.recent_tickets(1)[0].my_note == "ask Kim for an account"
    work = db.my_work(project="WRKA", limit=5)
    assert len(work.tickets) == 5 and work.count > 5 and work.data_source == "cached"
    assert db.clear_note("WRKA-1234") and db.note("WRKA-1234") is None


def test_profile_and_settings(db: atlas.Atlas) -> None:
    profile = db.update_profile(username="Ada", coach_personality="silent", theme="dark")
    assert profile == db.profile() and profile.coach_personality == "silent"
    assert db.greeting() is None
    settings = atlas.UserSettings(day_start=4, time_zone="Europe/Berlin", weights={"neural": 0.5})
    db.set_user_settings(settings)
    assert db.user_settings() == settings
    with pytest.raises(atlas.InvalidError, match="day_start"):
        db.set_user_settings({"day_start": 24})
    with pytest.raises(atlas.InvalidError, match="theme"):
        db.update_profile(theme="pink")  # type: ignore[arg-type]


def test_a_clock_of_the_hosts(db: atlas.Atlas) -> None:
    now = datetime(2026, 3, 2, 9, tzinfo=timezone.utc)
    with atlas.open(clock=lambda: now) as week:
        week.add_tickets(db.tickets()[:1])
        for _ in range(3):
            session = week.start_session(week.tickets()[0].key)
            assert session.started_at == now
            now += timedelta(minutes=30)
            result = week.end_session(session, "passed")
            assert result.duration_minutes == 30
            now += timedelta(days=1)
        assert week.quick_stats().current_streak == 3


def test_a_clock_that_is_none() -> None:
    with pytest.raises(TypeError, match="clock is no function"):
        atlas.open(clock=3)  # type: ignore[arg-type]
    with atlas.open(clock=lambda: datetime(2026, 3, 2)) as db, pytest.raises(TypeError, match="tzinfo"):
        db.quick_stats()
