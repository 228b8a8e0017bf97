# Written by hand; `python -m mypy.stubtest atlas` compares it with the module.

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from os import PathLike
from pathlib import Path
from typing import Any, Literal, TypeAlias, final

from ._plugins import BatchPredictorLike, Blender, PredictorLike, Steps
from ._progress import Progress
from ._results import (
    Account,
    Analysis,
    BacktestReport,
    Challenge,
    Counts,
    CoverageGaps,
    DateOrder,
    DayActivity,
    DecimalMark,
    DuplicateTicket,
    EdgeCase,
    EdgeCaseAnswer,
    EdgeCaseReceipt,
    Event,
    FeedbackReceipt,
    FolderBackup,
    Forgotten,
    FilePreview,
    ImportRecord,
    ImportReport,
    ImportUndone,
    MemoryEntry,
    MemoryHit,
    ModelVersion,
    Moment,
    MyWork,
    Outcome,
    PatternMerge,
    PatternOrigin,
    PatternPair,
    PatternProposal,
    Personality,
    Prediction,
    Profile,
    Question,
    QuickStats,
    ReadOnly,
    Rebuilt,
    Repair,
    Restored,
    Review,
    SampleReport,
    Scenario,
    Session,
    SessionResult,
    SessionSummary,
    SimilarTicket,
    Standing,
    StoredPattern,
    SyncOutcome,
    SyncReport,
    SyncStatus,
    TestFormat,
    TestPattern,
    TestReport,
    TestRun,
    Theme,
    Ticket,
    TicketNote,
    TrainingStatus,
    Undone,
    UserSettings,
    WorkChoices,
    WorkItem,
    WorkOrder,
)

__all__ = [
    "Atlas",
    "Database",
    "FlowNexus",
    "Jira",
    "Learning",
    "LiveJira",
    "Memory",
    "Patterns",
    "Play",
    "Predictions",
    "Query",
    "Sessions",
    "Tester",
    "Tickets",
    "__version__",
    "arrow_stream",
    "backtest_svg",
]

__version__: str

_Path: TypeAlias = str | PathLike[str]
_Progress: TypeAlias = bool | Callable[[Progress], object] | None
_Words: TypeAlias = Iterable[str] | None
_Pattern: TypeAlias = int | str | StoredPattern
_Session: TypeAlias = int | Session

@final
class Atlas:
    def __new__(
        cls,
        path: _Path | None = None,
        *,
        predictors: Iterable[PredictorLike | BatchPredictorLike] | None = None,
        weights: Mapping[str, float] | None = None,
        blender: Blender | None = None,
        on_plugin_error: Literal["degrade", "raise"] = "degrade",
        flow_nexus: FlowNexus | None = None,
        retrain_after: int | None = 20,
        blend: Literal["auto", "weighted_sum", "learned"] = "auto",
        edge_case_rules: str | None = None,
        design_rules: str | None = None,
        coach_lines: str | None = None,
        model: _Path | None = None,
        ticket_tokens: int = 128,
        pattern_tokens: int = 256,
        approximate_from: int = 100_000,
        starter_catalogue: bool = True,
        cache: bool | None = None,
        read_only: bool = False,
        clock: Callable[[], datetime] | None = None,
    ) -> Atlas: ...
    def __enter__(self) -> Atlas: ...
    def __exit__(self, *_raised: object) -> None: ...
    def close(self) -> None: ...
    @property
    def path(self) -> Path | None: ...
    @property
    def closed(self) -> bool: ...

    # Bringing in and out
    def analyze(
        self,
        key: str | None = None,
        *,
        text: str | None = None,
        description: str | None = None,
        ticket_type: str | None = None,
        priority: str | None = None,
        components: _Words = None,
        labels: _Words = None,
    ) -> Analysis: ...
    def review(
        self,
        key: str | None = None,
        *,
        text: str | None = None,
        description: str | None = None,
        ticket_type: str | None = None,
        priority: str | None = None,
        components: _Words = None,
        labels: _Words = None,
    ) -> Review: ...
    def similar(
        self,
        key: str | None = None,
        k: int = 10,
        *,
        text: str | None = None,
        description: str | None = None,
        threshold: float = 0.0,
        projects: _Words = None,
        components: _Words = None,
        statuses: _Words = None,
        created_from: datetime | None = None,
        created_before: datetime | None = None,
    ) -> tuple[SimilarTicket, ...]: ...
    def duplicates(self, key: str, k: int = 10) -> tuple[DuplicateTicket, ...]: ...
    def predict(
        self,
        key: str | None = None,
        *,
        text: str | None = None,
        description: str | None = None,
        ticket_type: str | None = None,
        priority: str | None = None,
        components: _Words = None,
        labels: _Words = None,
        top_k: int = 5,
    ) -> Prediction: ...
    def feedback(
        self,
        prediction: Prediction | int,
        scenario: Scenario | int | None,
        answer: Literal["accepted", "rejected", "modified"],
        *,
        steps: Steps | None = None,
        rating: int | None = None,
        comments: str | None = None,
        minutes: int | None = None,
        host_id: str | None = None,
        clear: _Words = None,
    ) -> FeedbackReceipt: ...
    def missed(
        self,
        key: str,
        scenario: int | str,
        steps: Steps | None = None,
        *,
        pattern_type: str | None = None,
        component: str | None = None,
        minutes: int | None = None,
        host_id: str | None = None,
    ) -> FeedbackReceipt: ...
    def undo(self, feedback_id: int) -> Undone: ...
    def gaps(
        self,
        key: str | None = None,
        chosen: Iterable[Scenario | int | str] | None = None,
        *,
        text: str | None = None,
        description: str | None = None,
        ticket_type: str | None = None,
        priority: str | None = None,
        components: _Words = None,
        labels: _Words = None,
    ) -> CoverageGaps: ...
    def backtest(
        self,
        *,
        learn_first: int = 0,
        frozen: bool = False,
        retrain_every: int = 20,
        resamples: int = 1000,
        seed: int = 1,
        progress: _Progress = None,
    ) -> BacktestReport: ...

    # The tester's work
    def sync(
        self,
        jira: Jira,
        *,
        projects: _Words = None,
        jql: str | None = None,
        since: datetime | None = None,
        full: bool = False,
        overlap: float = 600.0,
        census: Literal["daily", "always", "never"] = "daily",
        progress: _Progress = None,
    ) -> SyncReport: ...
    @property
    def tickets(self) -> Tickets: ...
    @property
    def patterns(self) -> Patterns: ...
    @property
    def predictions(self) -> Predictions: ...
    @property
    def learning(self) -> Learning: ...
    @property
    def sessions(self) -> Sessions: ...
    @property
    def play(self) -> Play: ...
    @property
    def memory(self) -> Memory: ...
    @property
    def jira(self) -> LiveJira: ...
    @property
    def profile(self) -> Tester: ...
    @property
    def database(self) -> Database: ...

@final
class Tickets:
    def of_row(self, id: int) -> Ticket: ...
    def import_file(
        self,
        path: _Path,
        *,
        columns: Mapping[str, str] | None = None,
        encoding: str | None = None,
        delimiter: str | None = None,
        date_order: DateOrder | None = None,
        decimal: DecimalMark | None = None,
        dry_run: bool = False,
        progress: _Progress = None,
    ) -> ImportReport: ...
    def test_runs(self, key: str) -> tuple[TestRun, ...]: ...
    def add(self, tickets: Iterable[Ticket | Mapping[str, Any]]) -> ImportReport: ...
    def get(self, key: str) -> Ticket: ...
    def list(self) -> tuple[Ticket, ...]: ...
    def mark_not_similar(self, key: str, other: str) -> bool: ...
    def unmark_not_similar(self, key: str, other: str) -> bool: ...

    # Predictions and feedback
    def forget(self, key: str) -> Forgotten: ...
    def note(self, key: str) -> TicketNote | None: ...
    def set_note(self, key: str, note: str | None) -> TicketNote | None: ...
    def set_difficulty(self, key: str, difficulty: int | None) -> TicketNote | None: ...
    def clear_note(self, key: str) -> bool: ...
    def search_notes(self, words: str = "", limit: int = 50) -> tuple[TicketNote, ...]: ...
    def work(
        self,
        *,
        assignee: str | None = None,
        status: str | None = None,
        project: str | None = None,
        unresolved: bool = False,
        words: str | None = None,
        order: WorkOrder = "priority",
        limit: int = 50,
        offset: int = 0,
    ) -> MyWork: ...
    def work_live(
        self,
        jira: Jira,
        *,
        assignee: str | None = None,
        status: str | None = None,
        project: str | None = None,
        unresolved: bool = False,
        words: str | None = None,
        order: WorkOrder = "priority",
        limit: int = 50,
        offset: int = 0,
    ) -> MyWork: ...
    def work_choices(self) -> WorkChoices: ...
    def recent(self, limit: int = 10) -> tuple[WorkItem, ...]: ...
    def quick_stats(self) -> QuickStats: ...

@final
class Patterns:
    def import_file(self, path: _Path, *, progress: _Progress = None) -> ImportReport: ...
    def import_file_with(
        self,
        path: _Path,
        *,
        format: TestFormat | None = None,
        columns: Mapping[str, str] | None = None,
        project: str | None = None,
        encoding: str | None = None,
        delimiter: str | None = None,
        date_order: DateOrder | None = None,
        decimal: DecimalMark | None = None,
        dry_run: bool = False,
        progress: _Progress = None,
    ) -> TestReport: ...
    def export(
        self,
        path: _Path,
        format: TestFormat,
        *,
        text: str | None = None,
        pattern_type: str | None = None,
        component: str | None = None,
        project: str | None = None,
        bdd: bool = False,
        changed_only: bool = False,
        dry_run: bool = False,
    ) -> TestReport: ...
    def add_all(self, patterns: Iterable[TestPattern | Mapping[str, Any]]) -> ImportReport: ...
    def list(
        self,
        *,
        text: str | None = None,
        pattern_type: str | None = None,
        component: str | None = None,
        origin: PatternOrigin | None = None,
        active: bool | None = None,
    ) -> tuple[StoredPattern, ...]: ...
    def get(self, pattern: _Pattern) -> StoredPattern: ...
    def add(self, pattern: TestPattern | Mapping[str, Any]) -> StoredPattern: ...
    def update(self, id: int, pattern: TestPattern | Mapping[str, Any]) -> StoredPattern: ...
    def rename(self, pattern: _Pattern, name: str) -> StoredPattern: ...
    def retire(self, pattern: _Pattern) -> StoredPattern: ...
    def reactivate(self, pattern: _Pattern) -> StoredPattern: ...
    def unused(self, since: datetime | None = None) -> tuple[StoredPattern, ...]: ...
    def duplicates(
        self, *, similarity: float = 0.9, limit: int = 50
    ) -> tuple[PatternPair, ...]: ...
    def merge(self, keep: _Pattern, drop: _Pattern) -> PatternMerge: ...
    def detect(
        self,
        *,
        min_tickets: int = 2,
        similarity: float = 0.62,
        limit: int = 0,
        known: bool = False,
        progress: _Progress = None,
    ) -> tuple[PatternProposal, ...]: ...
    def merge_proposals(self, keep: PatternProposal, other: PatternProposal) -> PatternProposal: ...
    def accept(
        self,
        proposal: PatternProposal,
        *,
        name: str | None = None,
        pattern_type: str | None = None,
        component: str | None = None,
    ) -> StoredPattern: ...
    def drop_proposal(self, proposal: PatternProposal) -> None: ...

    # Learning

@final
class Predictions:
    def export(
        self,
        key: str,
        path: _Path,
        format: TestFormat,
        *,
        scenarios: Sequence[int] | None = None,
        project: str | None = None,
        bdd: bool = False,
        dry_run: bool = False,
    ) -> TestReport: ...
    def latest(self, key: str) -> Prediction | None: ...
    def latest_of_all(self) -> tuple[Prediction, ...]: ...
    def scenario(self, prediction_id: int) -> Scenario: ...
    def feedback_of(self, key: str) -> tuple[FeedbackReceipt, ...]: ...
    def recent_feedback(self, limit: int = 20) -> tuple[FeedbackReceipt, ...]: ...
    def answer_edge_case(
        self, key: str, edge_case: EdgeCase | str, answer: EdgeCaseAnswer
    ) -> EdgeCaseReceipt: ...
    def undo_edge_case(self, id: int | EdgeCaseReceipt) -> EdgeCaseReceipt: ...
    def edge_case_answers(self, limit: int = 20) -> tuple[EdgeCaseReceipt, ...]: ...
    def questions(self, n: int = 5) -> tuple[Question, ...]: ...
    def ask_questions(self, n: int = 5) -> tuple[Question, ...]: ...

    # Patterns

@final
class Learning:
    def import_results(
        self,
        path: _Path,
        *,
        format: TestFormat | None = None,
        project: str | None = None,
        tickets: str | Iterable[str] | None = None,
        encoding: str | None = None,
        delimiter: str | None = None,
        date_order: DateOrder | None = None,
        decimal: DecimalMark | None = None,
        dry_run: bool = False,
        progress: _Progress = None,
    ) -> TestReport: ...
    def import_history(
        self,
        path: _Path,
        *,
        encoding: str | None = None,
        delimiter: str | None = None,
        date_order: DateOrder | None = None,
        decimal: DecimalMark | None = None,
        progress: _Progress = None,
    ) -> ImportReport: ...
    def import_training(self, path: _Path, *, progress: _Progress = None) -> ImportReport: ...
    def export_training(self, path: _Path) -> int: ...
    def retrain(self, *, progress: _Progress = None) -> ModelVersion | None: ...
    def models(self) -> tuple[ModelVersion, ...]: ...
    def roll_back(self, version: int | None = None) -> None: ...
    def status(self) -> TrainingStatus: ...
    def wait_until_trained(self) -> None: ...

@final
class Sessions:
    def export(
        self,
        session: _Session,
        path: _Path,
        format: TestFormat,
        *,
        project: str | None = None,
        dry_run: bool = False,
    ) -> TestReport: ...
    def start(
        self, key: str, plan: Prediction | Iterable[Scenario | int] | None = None
    ) -> Session: ...
    def end(
        self, session: _Session, outcome: Outcome, *, steps_completed: int | None = None
    ) -> SessionResult: ...
    def close(self, session: _Session, outcome: Outcome) -> SessionResult: ...
    def greeting(self, session: _Session) -> str | None: ...
    def open(self) -> Session | None: ...
    def left_open(self) -> Session | None: ...
    def get(self, session_id: int) -> Session: ...
    def result(self, session: _Session) -> SessionResult | None: ...
    def events(self, session: _Session) -> tuple[Event, ...]: ...
    def list(self, limit: int = 50, offset: int = 0) -> tuple[SessionSummary, ...]: ...
    def of_ticket(self, key: str) -> tuple[SessionSummary, ...]: ...
    def step_done(self, session: _Session, step: int) -> Session: ...
    def step_undone(self, session: _Session, step: int) -> Session: ...
    def mark_steps(
        self, session: _Session, steps: Sequence[int], done: bool = True
    ) -> Session: ...
    def pause(self, session: _Session) -> Session: ...
    def resume(self, session: _Session) -> Session: ...
    def note(self, session: _Session, text: str) -> Session: ...
    def alive(self, session: _Session) -> Session: ...
    def cancel(self, session: _Session) -> Session: ...

@final
class Play:
    def activity(self, days: int = 7) -> tuple[DayActivity, ...]: ...
    def standing(self) -> Standing: ...
    def challenge(self) -> Challenge | None: ...
    def offer_challenge(self) -> Challenge | None: ...
    def repair_streak(self, missed: date) -> Standing: ...
    def rebuild(self) -> Rebuilt: ...
    def greeting(self) -> str | None: ...

@final
class Memory:
    def put(
        self, memory_type: str, key: str, value: str, *, expires_at: datetime | None = None
    ) -> None: ...
    def get(self, memory_type: str, key: str) -> MemoryEntry | None: ...
    def list(
        self, memory_type: str | None = None, *, key_prefix: str | None = None
    ) -> tuple[MemoryEntry, ...]: ...
    def delete(self, memory_type: str, key: str) -> bool: ...
    def expire(self) -> int: ...
    def search(
        self,
        text: str,
        k: int = 10,
        *,
        memory_type: str | None = None,
        key_prefix: str | None = None,
    ) -> tuple[MemoryHit, ...]: ...

    # A live Jira

@final
class LiveJira:
    def schedule(
        self,
        jira: Jira,
        every: float,
        *,
        projects: _Words = None,
        jql: str | None = None,
        since: datetime | None = None,
        overlap: float = 600.0,
        census: Literal["daily", "always", "never"] = "daily",
    ) -> None: ...
    def stop(self) -> None: ...
    def status(self) -> SyncStatus: ...
    def last_sync(self) -> SyncOutcome | None: ...

    # The database

@final
class Tester:
    def now(self) -> Moment: ...
    def get(self) -> Profile: ...
    def update(
        self,
        *,
        username: str | None = None,
        email: str | None = None,
        coach_personality: Personality | None = None,
        theme: Theme | None = None,
    ) -> Profile: ...
    def settings(self) -> UserSettings: ...
    def set_settings(self, settings: UserSettings | Mapping[str, Any]) -> None: ...

    # What is remembered

@final
class Database:
    def encode(self, *, progress: _Progress = None) -> int: ...
    def preview_file(
        self,
        path: _Path,
        *,
        encoding: str | None = None,
        delimiter: str | None = None,
        date_order: DateOrder | None = None,
        decimal: DecimalMark | None = None,
    ) -> FilePreview: ...
    def imports(self) -> tuple[ImportRecord, ...]: ...
    def undo_import(self, import_id: int) -> ImportUndone: ...
    def load_sample(
        self, tickets: _Path, patterns: _Path, history: _Path, *, progress: _Progress = None
    ) -> SampleReport: ...
    def has_sample(self) -> bool: ...
    def remove_sample(self) -> tuple[ImportUndone, ...]: ...

    # Tickets
    def counts(self) -> Counts: ...
    def model_id(self) -> str: ...
    def schema_version(self) -> int: ...
    def backup(self, path: _Path) -> None: ...
    def backup_to_folder(self, folder: _Path, *, keep: int = 7) -> FolderBackup: ...
    @staticmethod
    def restore(backup: _Path, database: _Path) -> Restored: ...
    def export_all(self, path: _Path, *, progress: _Progress = None) -> dict[str, int]: ...
    def import_all(self, path: _Path, *, progress: _Progress = None) -> dict[str, int]: ...
    def read_only(self) -> ReadOnly | None: ...
    def check(self) -> tuple[str, ...]: ...
    def repair(self, *, progress: _Progress = None) -> Repair: ...

@final
class Query:
    def __new__(
        cls,
        summary: str,
        *,
        description: str | None = None,
        key: str | None = None,
        ticket_type: str = "",
        priority: str | None = None,
        components: _Words = None,
        labels: _Words = None,
    ) -> Query: ...
    @property
    def key(self) -> str | None: ...
    @property
    def summary(self) -> str: ...
    @property
    def description(self) -> str | None: ...
    @property
    def text(self) -> str: ...
    @property
    def ticket_type(self) -> str: ...
    @property
    def priority(self) -> str | None: ...
    @property
    def components(self) -> tuple[str, ...]: ...
    @property
    def labels(self) -> tuple[str, ...]: ...
    @property
    def reporter(self) -> str | None: ...
    @property
    def created(self) -> datetime | None: ...
    @property
    def scenario_types(self) -> tuple[tuple[str, float], ...]: ...
    @property
    def likely_components(self) -> tuple[tuple[str, float], ...]: ...

@final
class Jira:
    def __new__(
        cls,
        site: str,
        token: str,
        *,
        user: str | None = None,
        api_base: str | None = None,
        kind: Literal["cloud", "data_center"] | None = None,
        timeout: float = 60.0,
        page_size: int = 100,
    ) -> Jira: ...
    @classmethod
    def from_env(cls) -> Jira: ...
    @property
    def site(self) -> str: ...
    def myself(self) -> Account: ...
    def issue(self, key: str) -> Ticket: ...
    def assigned(
        self, assignee: str = "currentUser()", *, status: str | None = None
    ) -> tuple[Ticket, ...]: ...

@final
class FlowNexus:
    def __new__(
        cls,
        key: str,
        *,
        base_url: str | None = None,
        model_id: str | None = None,
        timeout: float = 5.0,
    ) -> FlowNexus: ...
    @classmethod
    def from_env(cls) -> FlowNexus | None: ...

def arrow_stream(columns: list[tuple[str, str, list[Any]]]) -> object: ...
def backtest_svg(report: BacktestReport) -> str: ...
