// One session: what was tested, what came of it, how long it took, what was noted and earned.

import { html } from "../vendor/preact-htm.js";
import { get } from "../lib/api.js";
import { useData } from "../lib/data.js";
import { fullDate, minutes, plural } from "../lib/format.js";
import { ticketPath } from "../lib/router.js";
import { outcomeOf, scenariosOf, toComment } from "../session/record.js";
import { copy } from "../ticket/copy.js";
import { Icon } from "../ui/icon.js";
import { Bones, Card, Empty, Menu, Outcome, PageHead, Problem } from "../ui/parts.js";

export default function PastSession({ id }) {
  const session = useData(`/sessions/${id}`);
  const result = useData(`/sessions/${id}/result`);
  const s = session.data;
  const ticket = useData(s ? `/tickets/${encodeURIComponent(s.ticket_key)}` : null);
  const words = useWords(s);
  if (session.error && !s) return html`<${NoSession} id=${id} session=${session} />`;
  if (!s || words.loading) return html`<div class="page"><${PageHead} title="Session" /><div class="card"><${Bones} n=${6} h=${40} /></div></div>`;
  const scenarios = scenariosOf(s, words.of);
  const open = s.status === "active" || s.status === "paused";
  const comment = (form, name) => copy(toComment(s, scenarios, form), name);
  return html`<div class="page">
    <${PageHead} title=${`Session on ${s.ticket_key}`} lead=${html`<a href=${ticketPath(s.ticket_key)} dir="auto">${ticket.data?.summary ?? s.ticket_key}</a>`}>
      <div class="buttons no-print">
        ${open && html`<a class="button primary" href="/session"><${Icon} name="timer" /> To the session</a>`}
        <${Menu} label="Copy as a comment" icon="copy" items=${[["For Jira", "note", () => comment("wiki", "Comment")], ["As Markdown", "list", () => comment("markdown", "Markdown")]]} />
        <button type="button" class="button" onClick=${() => print()}><${Icon} name="file" /> Print</button>
      </div>
    <//>
    <div class="session-grid">
      <div class="stack">${scenarios.length ? scenarios.map((scenario, i) => html`<${Tested} key=${i} scenario=${scenario} place=${i + 1} />`) : html`<${NoPlan} session=${s} />`}</div>
      <div class="stack">
        <${Facts} session=${s} outcome=${outcomeOf(s)} />
        <${Card} title="Notes">
          ${s.notes.length ? html`<ul class="session-notes">${s.notes.map((note, i) => html`<li key=${i} class="pre" dir="auto">${note}</li>`)}</ul>` : html`<p class="muted">Nothing was written down.</p>`}
        <//>
        ${result.data && html`<${Earned} result=${result.data} />`}
      </div>
    </div>
  </div>`;
}

function Facts({ session: s }) {
  return html`<${Card} title="What came of it">
    <p class="row wrap"><${Outcome} name=${s.outcome ?? s.status} />${s.status === "paused" && html`<span class="tag">In a break</span>`}${s.status === "active" && html`<span class="tag accent">Open</span>`}</p>
    <dl class="session-times">
      <div class="between"><dt>Began</dt><dd class="numeric">${fullDate(s.started_at)}</dd></div>
      ${s.ended_at && html`<div class="between"><dt>Ended</dt><dd class="numeric">${fullDate(s.ended_at)}</dd></div>`}
      <div class="between"><dt>Time at work</dt><dd class="numeric">${minutes(Math.round(s.work_seconds / 60))}</dd></div>
      <div class="between"><dt>Breaks</dt><dd class="numeric">${s.breaks ? `${plural(s.breaks, "break")}, ${minutes(Math.round(s.break_seconds / 60))}` : "none"}</dd></div>
    </dl>
  <//>`;
}

function Tested({ scenario, place }) {
  const done = scenario.steps.filter((step) => step.done).length;
  return html`<${Card} label=${scenario.name}>
    <div class="card-head"><h2 dir="auto">${place}. ${scenario.name}</h2><span class="small muted numeric nowrap">${done} of ${plural(scenario.steps.length, "step")}</span></div>
    <ol class="pattern-steps tested">
      ${scenario.steps.map(
        (step, i) => html`<li key=${i}>
          <span class="muted numeric">${i + 1}</span>
          <div class="grow">
            <p class="pre" dir="auto">${step.action}</p>
            ${step.data && html`<code class="step-data pre" dir="auto">${step.data}</code>`} ${step.expected && html`<p class="muted small pre" dir="auto">${step.expected}</p>`}
          </div>
          <span class=${step.done ? "tag good" : "tag"}>${step.done ? "Done" : "Not done"}</span>
        </li>`,
      )}
    </ol>
  <//>`;
}

function NoPlan({ session }) {
  const done = session.steps_done.length;
  return html`<${Card} title="Steps"><${Empty} icon="note" title="This session had no plan">${done ? `${plural(done, "step")} done.` : "It was tested freely."}<//><//>`;
}

function Earned({ result }) {
  return html`<${Card} title=${`+${result.xp_total} XP`}>
    <dl class="xp-parts">${result.xp_parts.map((part, i) => html`<div key=${i} class="between"><dt>${part.label}</dt><dd class="numeric">+${part.xp}</dd></div>`)}</dl>
    ${result.achievements.length > 0 && html`<ul class="earned">${result.achievements.map((one) => html`<li key=${one.key} class="note good row"><span class="badge-icon" aria-hidden="true">${one.icon}</span><span><b>${one.name}</b><br />${one.description}</span></li>`)}</ul>`}
  <//>`;
}

function NoSession({ id, session }) {
  return html`<div class="page">
    <${PageHead} title=${`Session ${id}`} />
    ${session.error.status === 404
      ? html`<div class="card"><${Empty} icon="search" title="This session is not here" actions=${html`<a class="button" href="/session">All sessions</a>`}>No stored session has this number.<//></div>`
      : html`<${Problem} error=${session.error} again=${session.reload} />`}
  </div>`;
}

/** The steps' words of older sessions, which have them in their prediction alone. */
function useWords(session) {
  const ids = (session?.plan ?? []).filter((scenario) => !scenario.test_steps && scenario.prediction_id && scenario.steps).map((scenario) => scenario.prediction_id);
  const load = () => Promise.all(ids.map((id) => get(`/scenarios/${id}`).then((scenario) => [id, scenario.steps], () => [id, []])));
  const { data, loading } = useData(ids.length ? `/session-steps:${ids.join(",")}` : null, { load, refresh: false });
  const known = new Map(data ?? []);
  return { loading, of: (scenario) => known.get(scenario.prediction_id) };
}
