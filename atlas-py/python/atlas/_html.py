"""Results as HTML for notebooks: self-contained, for light and dark backgrounds, text escaped."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._results import (
        Analysis,
        BacktestReport,
        Counts,
        EdgeCase,
        MethodScore,
        Prediction,
        QuickStats,
        Reason,
        Scenario,
        SimilarTicket,
    )
    from ._table import Table

# Half-transparent greys suit both backgrounds; the accent is readable on either.
_STYLE = """<style>
.atlas{font:14px/1.45 system-ui,sans-serif;max-width:56em;--line:rgba(128,128,128,.3);--soft:rgba(128,128,128,.15);--accent:#2f7d6d;--warn:#a15c00}
@media (prefers-color-scheme:dark){.atlas{--accent:#63c3ae;--warn:#e0a458}}
[data-jp-theme-light=false] .atlas,.vscode-dark .atlas,html[theme=dark] .atlas{--accent:#63c3ae;--warn:#e0a458}
.atlas h4{margin:.9em 0 .3em;font-size:1em}
.atlas .dim{opacity:.7}
.atlas .warn{color:var(--warn);white-space:pre-wrap}
.atlas details{border-top:1px solid var(--line);padding:.35em 0}
.atlas summary{cursor:pointer;display:flex;gap:.7em;align-items:baseline}
.atlas summary b{flex:1}
.atlas .bar{flex:none;align-self:center;width:5em;height:.55em;background:var(--soft);border-radius:.3em;overflow:hidden}
.atlas .bar i{display:block;height:100%;background:var(--accent)}
.atlas ol,.atlas ul{margin:.3em 0 .3em 1.4em;padding:0}
.atlas table{border-collapse:collapse;margin:.3em 0}
.atlas td,.atlas th{text-align:left;padding:.15em .9em .15em 0;border-top:1px solid var(--line);background:none;vertical-align:top}
.atlas td.n,.atlas th.n{text-align:right;font-variant-numeric:tabular-nums}
.atlas svg{max-width:100%;height:auto}
</style>"""


def prediction(result: Prediction) -> str:
    """What to test."""
    title = escape(result.ticket_key or "This text")
    time = escape(_minutes(result.total_minutes))
    said = [f"<div><b>{title}</b> <span class=dim>{len(result.scenarios)} scenarios, {time} in all</span></div>"]
    if result.stale:
        said.append(f"<div class=warn>Changed since: {escape(', '.join(result.stale))}</div>")
    said += [_scenario(number, scenario) for number, scenario in enumerate(result.scenarios, 1)]
    if result.edge_cases:
        said.append("<h4>Edge cases to try</h4>" + _table(map(_edge_case, result.edge_cases)))
    known = "calibrated on your past" if result.blend.calibrated else "not yet calibrated on your past"
    said.append(f"<div class=dim>Blended by {escape(result.blend.by)}; confidence is {known}.</div>")
    for plugin in result.degraded:
        first, _, trace = plugin.reason.partition("\n")
        line = f"<span class=warn>{escape(plugin.predictor)}: {escape(first)}</span>"
        more = f"<details><summary>{line}</summary><pre>{escape(trace)}</pre></details>"
        said.append(more if trace else f"<div>{line}</div>")
    return _page(said)


def _scenario(number: int, scenario: Scenario) -> str:
    low, high = scenario.minutes_low, scenario.minutes_high
    time = f"{scenario.minutes} min" + (f" ({low}–{high})" if high else "")
    head = (
        f"<summary><span class=dim>{number}</span>{_bar(scenario.confidence / 100)}"
        f"<span>{scenario.confidence:.0f}</span><b>{escape(scenario.name)}</b>"
        f"<span class=dim>{escape(time)}</span></summary>"
    )
    parts = " + ".join(f"{part.name} {part.value:.0f}" for part in scenario.parts)
    facts = [scenario.source, parts, scenario.component or "", scenario.pattern_key or ""]
    body = f"<div class=dim>{escape(' · '.join(fact for fact in facts if fact))}</div>"
    body += _list("ul", map(_reason, scenario.reasons))
    steps = (
        escape(step.action)
        + (f"<div class=dim>→ {escape(step.expected)}</div>" if step.expected else "")
        for step in scenario.steps
    )
    opened = " open" if number == 1 else ""
    return f"<details{opened}>{head}{body}{_list('ol', steps)}</details>"


def _reason(reason: Reason) -> str:
    return escape(reason.text)


def _edge_case(case: EdgeCase) -> tuple[str, str, str]:
    return case.criticality, case.description, case.component or ""


def analysis(result: Analysis) -> str:
    """What a ticket is about."""
    said = [f"<div><b>{escape(result.ticket_key or 'This text')}</b></div>"]
    if result.components:
        rows = ((c.name, f"{c.confidence:.2f}", c.reason) for c in result.components)
        said.append("<h4>Components</h4>" + _table(rows))
    if result.scenario_types:
        types = ((t.scenario_type, f"{t.relevance:.2f}", ", ".join(t.words)) for t in result.scenario_types)
        said.append("<h4>Types of scenario</h4>" + _table(types))
    if result.similar_tickets:
        said.append("<h4>Similar tickets</h4>" + _table(map(_similar, result.similar_tickets)))
    return _page(said)


def _similar(ticket: SimilarTicket) -> tuple[str, ...]:
    words = ", ".join(ticket.shared_words)
    return ticket.ticket_key, f"{ticket.similarity:.2f}", ticket.band, ticket.summary, words


def backtest(result: BacktestReport) -> str:
    """How good predictions were."""
    said = [f"<div><b>{escape(result.summary)}</b></div>"]
    if result.drift is not None:
        said.append(f"<div class=warn>{escape(result.drift.warning)}</div>")
    if result.methods:
        head = ("", "hit@1", "hit@5", "hit@10", "MRR", "recall@10")
        said.append(_table(map(_method, result.methods), head))
    said.append(result.to_svg())
    return _page(said)


def _method(method: MethodScore) -> tuple[str, ...]:
    shares = (method.hit_1, method.hit_5, method.hit_10)
    percents = (f"{100 * s.value:.0f} % ({100 * s.low:.0f}–{100 * s.high:.0f})" for s in shares)
    mrr, recall = method.mrr, method.recall_10
    return method.name, *percents, f"{mrr.value:.2f}", f"{100 * recall.value:.0f} %"


def counts(result: Counts) -> str:
    """How much is stored."""
    rows = [
        ("tickets", f"{result.tickets:,}"),
        ("patterns", f"{result.patterns:,}"),
        ("of the starter catalogue", f"{result.starter_patterns:,}"),
        ("observations", f"{result.observations:,}"),
    ]
    if result.unencoded:
        rows.append(("texts that wait for encoding", f"{result.unencoded:,}"))
    return _page([_table(rows)])


def quick_stats(result: QuickStats) -> str:
    """How the day stands."""
    share = result.xp_current / max(1, result.xp_next)
    days = "day" if result.current_streak == 1 else "days"
    rows = [
        ("tickets today", str(result.tickets_today)),
        ("time today", _minutes(result.minutes_today)),
        ("points today", str(result.xp_today)),
        ("streak", f"{result.current_streak} {days}"),
    ]
    level = f"Level {result.level} {_bar(share)} <span class=dim>{result.xp_current} of {result.xp_next} points</span>"
    return _page([f"<div style='display:flex;gap:.7em'>{level}</div>", _table(rows)])


def table(result: Table) -> str:
    """The first rows of a table."""
    shown = 10
    columns = (map(_cell, column[:shown]) for column in result.to_dict().values())
    rows = list(zip(*columns, strict=True))
    more = result.num_rows - shown
    said = [_table(rows, result.column_names)]
    if more > 0:
        said.append(f"<div class=dim>… and {more:,} more rows</div>")
    return _page(said)


def _page(parts: Iterable[str]) -> str:
    return f"{_STYLE}<div class=atlas>{''.join(parts)}</div>"


def _bar(share: float) -> str:
    width = max(0.0, min(1.0, share)) * 100
    return f'<span class=bar><i style="width:{width:.0f}%"></i></span>'


def _list(tag: str, items: Iterable[str]) -> str:
    made = "".join(f"<li>{item}</li>" for item in items)
    return f"<{tag}>{made}</{tag}>" if made else ""


def _table(rows: Iterable[tuple[str, ...]], head: tuple[str, ...] = ()) -> str:
    made = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    for row in rows:
        cells = "".join(f"<td{_number(cell)}>{escape(cell)}</td>" for cell in row)
        made += f"<tr>{cells}</tr>"
    return f"<table>{made}</table>"


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return str(value)


def _number(cell: str) -> str:
    return " class=n" if cell[:1].isdigit() and cell.replace(".", "").replace(",", "").isdigit() else ""


def _minutes(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return " ".join(part for part in (f"{hours} h" * bool(hours), f"{rest} min" * bool(rest)) if part) or "0 min"
