"""The tester's work: sessions, notes, the day, the profile, play."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, TypeAlias

from ._base import Result, flat, json_name
from .predictions import Step

AchievementType: TypeAlias = Literal["milestone", "streak", "mastery", "discovery"]
DataSource: TypeAlias = Literal["live", "cached"]
WorkOrder: TypeAlias = Literal["priority", "updated", "key", "minutes", "difficulty"]
Outcome: TypeAlias = Literal["passed", "failed", "blocked"]
Personality: TypeAlias = Literal["coach", "analyst", "hype_man", "drill_sergeant", "silent"]
SessionStatus: TypeAlias = Literal["active", "paused", "completed", "cancelled"]
Theme: TypeAlias = Literal["light", "dark", "system"]


@dataclass(frozen=True, repr=False)
class PlannedScenario(Result):
    """One scenario that a session sets out to test."""

    name: str
    """Its name."""
    steps: int
    """How many steps it has."""
    prediction_id: int | None = None
    """The stored scenario's row id, if it was predicted."""
    pattern_id: int | None = None
    """Its pattern's row id, if it is a stored one."""
    estimated_minutes: int | None = None
    """Minutes that it was expected to take."""
    test_steps: tuple[Step, ...] = ()
    """The steps as they were when the session began: the tester's own where there were some."""


@dataclass(frozen=True, repr=False)
class Session(Result):
    """A session as its events tell it."""

    id: int
    """The row id."""
    ticket_id: int
    """The ticket's row id."""
    ticket_key: str
    """The ticket's key when the session began."""
    components: tuple[str, ...]
    """The ticket's components when the session began."""
    started_at: datetime
    """When it began."""
    status: SessionStatus
    """How it stands."""
    work_seconds: int
    """Seconds of work, breaks left out, up to its end or its last event."""
    breaks: int
    """How many breaks."""
    break_seconds: int
    """Seconds of breaks."""
    plan: tuple[PlannedScenario, ...]
    """What it set out to test."""
    steps_done: tuple[int, ...]
    """Numbers of the steps that are done, from 1 through all scenarios of the plan."""
    notes: tuple[str, ...]
    """What was written down, in order."""
    last_alive: datetime
    """When it was last heard of."""
    ended_at: datetime | None = None
    """When it was completed or given up."""
    outcome: Outcome | None = None
    """What came of it, once completed."""

    @property
    def steps_total(self) -> int | None:
        """How many steps the plan has; None without a plan."""
        return sum(scenario.steps for scenario in self.plan) if self.plan else None


@dataclass(frozen=True, repr=False)
class SessionSummary(Result):
    """A session as its row tells it."""

    id: int
    """The row id."""
    ticket_key: str
    """The ticket, by its present key."""
    summary: str
    """The ticket's title."""
    started_at: datetime | None
    """When it began."""
    ended_at: datetime | None
    """When it was completed or given up."""
    minutes: int
    """Minutes of work, breaks left out."""
    breaks: int
    """How many breaks."""
    break_minutes: int
    """Minutes of breaks."""
    steps_completed: int
    """Steps that are done."""
    steps_total: int | None
    """Steps that were planned, if there was a plan."""
    status: SessionStatus
    """How it stands."""
    outcome: Outcome | None
    """What came of it."""
    notes: str | None
    """What was written down, a note a line."""


@dataclass(frozen=True, repr=False)
class ChallengeGoal(Result):
    """What a challenge asks for."""

    goal: str
    """Such as complete_sessions."""
    component: str | None = None
    """The component, of a challenge that names one."""


@dataclass(frozen=True, repr=False)
class Moment(Result):
    """An instant, and what the tester's calendar said then."""

    at: datetime
    """When it happened."""
    offset_seconds: int
    """Seconds east of UTC that local time was."""
    day: date
    """The tester's day: the local date, or the one before in the hours before the day starts."""
    day_start: int
    """At what hour the day started then, 0 to 23."""
    zone: str | None = None
    """The zone's IANA name, if it had one."""


@dataclass(frozen=True, repr=False)
class Event(Result):
    """One entry of the log of the tester's work. What an event of its kind has not, is None."""

    id: int
    """The row id."""
    at: datetime
    """When."""
    offset_seconds: int
    """Seconds east of UTC that local time was."""
    day: date
    """The tester's day."""
    day_start: int
    """At what hour the day started then, 0 to 23."""
    kind: str
    """What, such as session_started or step_done."""
    zone: str | None = None
    """The zone's IANA name, if it had one."""
    session_id: int | None = None
    """The session that it belongs to, if any."""
    ticket_id: int | None = None
    """The ticket's row id."""
    ticket_key: str | None = None
    """The ticket's key then."""
    components: tuple[str, ...] | None = None
    """The ticket's components then."""
    plan: tuple[PlannedScenario, ...] | None = None
    """What is to be tested."""
    step: int | None = None
    """The step's number, from 1."""
    text: str | None = None
    """What was written down."""
    outcome: Outcome | None = None
    """With what the session was completed."""
    feedback_id: int | None = None
    """The feedback's id."""
    scenarios: int | None = None
    """How many scenarios the feedback judged."""
    questions: int | None = None
    """How many of them answered a question."""
    own_accepted: int | None = None
    """How many of them are the tester's own scenarios, predicted and accepted."""
    challenge: ChallengeGoal | None = None
    """What the day's challenge asks for."""
    target: int | None = None
    """How often it is to be done."""
    xp: int | None = None
    """What completing it earns."""
    repaired: date | None = None
    """The day that was missed."""


@dataclass(frozen=True, repr=False)
class XpPart(Result):
    """Experience points and what they were given for."""

    label: str
    """What for, in a few words."""
    xp: int
    """How many."""


@dataclass(frozen=True, repr=False)
class Achievement(Result):
    """One achievement and how far it is."""

    key: str
    """Its stable key, such as sessions-10."""
    achievement_type: AchievementType = field(metadata=json_name("type"))
    """Its type."""
    name: str
    """Its name."""
    description: str
    """What it is given for."""
    icon: str
    """One character that stands for it."""
    target: int
    """How much is needed."""
    progress: int
    """How much there is, at most `target`."""
    xp: int
    """Experience points that it gives."""
    earned_at: datetime | None = None
    """When it was earned."""


@dataclass(frozen=True, repr=False)
class Challenge(Result):
    """A day's challenge and how far it is."""

    day: date
    """The tester's day."""
    goal: str
    """What is to be done, such as complete_sessions."""
    text: str
    """The same in words."""
    target: int
    """How often it is to be done."""
    progress: int
    """How often it was done, at most `target`."""
    xp: int
    """What completing it earns."""
    component: str | None = None
    """The component, of a challenge that names one."""
    completed_at: datetime | None = None
    """When it was completed."""


@dataclass(frozen=True, repr=False)
class Standing(Result):
    """What the whole log amounts to."""

    xp: int
    """Experience points in all."""
    level: int
    """The level that they make, from 1."""
    xp_in_level: int
    """Points within the level."""
    xp_to_next: int
    """Points that the level takes in all."""
    current_streak: int
    """Days in a row with a completed session, up to today or yesterday."""
    longest_streak: int
    """The most days in a row so far."""
    freezes: int
    """Freezes that are left for missed days."""
    last_session_day: date | None
    """The day of the last completed session."""
    achievements: tuple[Achievement, ...]
    """Every achievement, earned or not."""
    challenges: tuple[Challenge, ...] = field(metadata=flat("Challenge"))
    """Every challenge, by day."""


@dataclass(frozen=True, repr=False)
class Rebuilt(Result):
    """What deriving everything again from the log did."""

    standing: Standing
    """What the log amounts to."""
    rows_written: int
    """Rows of the profile, of achievements and of challenges that were not there or said something
    else, and were written."""


@dataclass(frozen=True, repr=False)
class SessionResult(Result):
    """What the end of a session gave."""

    session_id: int
    """The session's row id."""
    ticket_key: str
    """The ticket's key when the session began."""
    outcome: Outcome
    """What came of it."""
    duration_minutes: int
    """Minutes of work, breaks left out."""
    break_minutes: int
    """Minutes of breaks."""
    steps_completed: int
    """How many steps were done."""
    xp_earned: int
    """Experience points of the session itself."""
    xp_total: int
    """All experience points that came with it: the sum of `xp_parts`."""
    xp_parts: tuple[XpPart, ...]
    """Everything that was earned, and what for."""
    level_before: int
    """The level before it."""
    level: int
    """The level after it."""
    current_streak: int
    """Days in a row with a completed session, with this one."""
    longest_streak: int
    """The most days in a row so far."""
    first_of_day: bool
    """Whether it was the first of its day that counts, so that the streak grew."""
    achievements: tuple[Achievement, ...]
    """Achievements that it earned."""
    challenge_completed: bool
    """Whether it completed the day's challenge."""
    challenge: Challenge | None = field(default=None, metadata=flat("Challenge"))
    """The challenge of its day, if there is one."""
    coach: str | None = None
    """What the coach says."""


@dataclass(frozen=True, repr=False)
class DayActivity(Result):
    """What was done on one of the tester's days."""

    day: date
    """The day."""
    sessions: int
    """Completed sessions."""
    tickets: int
    """Different tickets of theirs."""
    minutes: int
    """Minutes of theirs, breaks left out."""
    steps: int
    """Steps of theirs."""
    passed: int
    """How many passed."""
    failed: int
    """How many found a defect."""
    blocked: int
    """How many could not be tested."""
    xp: int
    """Experience points of the day, for whatever."""


@dataclass(frozen=True, repr=False)
class TicketNote(Result):
    """What the tester wrote on a ticket."""

    ticket_key: str
    """The ticket."""
    note: str | None
    """The note, if there is one."""
    difficulty: int | None
    """How hard the ticket is to test, 1 (easy) to 5."""
    updated_at: datetime | None
    """When either was last changed."""


@dataclass(frozen=True, repr=False)
class PredictionSummary(Result):
    """A stored prediction in short."""

    id: int = field(metadata=json_name("prediction_id"))
    """The prediction's row id."""
    created_at: datetime | None
    """When it was made."""
    scenarios: int
    """How many scenarios."""
    answered: int
    """How many of them have feedback."""
    total_minutes: int = field(metadata=json_name("total_estimated_time"))
    """Minutes that all scenarios are expected to take."""
    top_scenario: str | None
    """The first scenario's name."""
    top_confidence: float | None
    """The first scenario's confidence, 0 to 100."""
    stale: tuple[str, ...]
    """What of the ticket has changed since."""


@dataclass(frozen=True, repr=False)
class WorkItem(Result):
    """A ticket to test, with what the tester and ATLAS have on it."""

    ticket_key: str
    """The ticket."""
    summary: str
    """Its title."""
    ticket_type: str
    """Story, Task, Bug, …"""
    status: str
    """To Do, In Progress, Done, …"""
    priority: str | None
    """The Jira site's own name for it."""
    assignee: str | None
    """Display name."""
    components: tuple[str, ...]
    """Component names."""
    updated: datetime | None
    """When Jira last changed it."""
    my_note: str | None
    """The tester's note."""
    difficulty: int | None
    """The tester's difficulty, 1 to 5."""
    prediction: PredictionSummary | None
    """The newest stored prediction, in short."""
    session: SessionSummary | None
    """The open session, if it is on this ticket."""


@dataclass(frozen=True, repr=False)
class MyWork(Result):
    """The tester's tickets."""

    tickets: tuple[WorkItem, ...]
    """The page that was asked for."""
    count: int
    """How many there are in all."""
    data_source: DataSource
    """Where they came from."""
    last_sync: datetime | None
    """When Jira was last asked."""
    live_failed: str | None = None
    """Why Jira could not be asked, if it was to be."""


@dataclass(frozen=True, repr=False)
class WorkChoices(Result):
    """What the stored tickets can be filtered by, each in alphabetical order."""

    assignees: tuple[str, ...]
    """Names of those who have a ticket; at most a thousand."""
    statuses: tuple[str, ...]
    """Statuses of tickets; at most a thousand."""
    projects: tuple[str, ...]
    """Keys of projects; at most a thousand."""


@dataclass(frozen=True, repr=False)
class QuickStats(Result):
    """How the tester's day stands."""

    tickets_today: int
    """Different tickets with a session completed today."""
    minutes_today: int
    """Minutes of these sessions, breaks left out."""
    xp_today: int
    """Experience points of today."""
    current_streak: int
    """Days in a row with a completed session, up to today or yesterday."""
    level: int
    """The level."""
    xp_current: int
    """Experience points within the level."""
    xp_next: int
    """Experience points that the level takes in all."""

    def _repr_html_(self) -> str:
        from .._html import quick_stats

        return quick_stats(self)


@dataclass(frozen=True, repr=False)
class Profile(Result):
    """The one user of a database."""

    id: int
    """The row id."""
    username: str
    """The name."""
    email: str | None
    """The address, if given."""
    xp_total: int
    """Experience points in all."""
    xp_level: int
    """The level that they make, from 1."""
    current_streak: int
    """Days in a row with a completed session, up to today or yesterday."""
    longest_streak: int
    """The most days in a row so far."""
    last_session_date: date | None
    """The day of the last completed session."""
    coach_personality: Personality
    """How the coach speaks."""
    theme: Theme
    """Colours."""
    created_at: datetime | None
    """When the profile was made."""


@dataclass(frozen=True, repr=False)
class UserSettings(Result):
    """Settings that live in the database."""

    day_start: int = 0
    """At which hour the tester's day starts, 0 to 23."""
    time_zone: str | None = None
    """The zone of the tester's calendar, by its IANA name; the system's, if None."""
    assignee: str | None = None
    """Whose tickets are the tester's own, by display name."""
    weights: Mapping[str, float] = field(default_factory=dict, hash=False)
    """Weights of predictors by name, instead of those that the program sets."""
