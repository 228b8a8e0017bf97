// A ticket in the list of work: what it is, what is known, the note, the way into a session.

import { html, useState } from "../vendor/preact-htm.js";
import { predict, startSession } from "../lib/calls.js";
import { ago, fullDate, minutes, plural } from "../lib/format.js";
import { go, ticketPath } from "../lib/router.js";
import { NoteForm } from "../ticket/note.js";
import { Icon } from "../ui/icon.js";
import { Priority, Status, useBusy } from "../ui/parts.js";
import { complain } from "../ui/toast.js";

export function WorkRow({ ticket }) {
  const [noting, setNoting] = useState(false);
  const [busy, run] = useBusy();
  const running = ["active", "paused"].includes(ticket.session?.status);
  const start = () =>
    run(async () => {
      try {
        const { prediction_id: predictionId } = await predict(ticket.ticket_key, 5);
        await startSession(ticket.ticket_key, { predictionId });
        go("/session");
      } catch (error) {
        complain(error);
      }
    });
  const p = ticket.prediction;
  return html`<li class="work">
    <div class="work-main">
      <div class="row wrap work-facts">
        <span class="key small">${ticket.ticket_key}</span>
        <${Priority} name=${ticket.priority} /> <${Status} name=${ticket.status} />
        ${ticket.components.slice(0, 3).map((name) => html`<span key=${name} class="tag">${name}</span>`)}
        ${running && html`<span class="tag accent"><${Icon} name="timer" /> being tested</span>`}
      </div>
      <a class="work-title" dir="auto" data-ticket href=${ticketPath(ticket.ticket_key)}>${ticket.summary}</a>
      <p class="small muted row wrap work-meta">
        <span title=${fullDate(ticket.updated)}>${ticket.updated ? `changed ${ago(ticket.updated)}` : "no date"}</span>
        ${ticket.assignee && html`<span>${ticket.assignee}</span>`}
        ${p && html`<span class="numeric">${plural(p.scenarios, "scenario")}, ${minutes(p.total_estimated_time)}${p.answered ? `, ${p.answered} answered` : ""}</span>`}
        ${p?.stale?.length > 0 && html`<span class="warn">changed since it was predicted</span>`}
      </p>
      ${ticket.my_note && !noting && html`<p class="small work-note pre" dir="auto">${ticket.my_note}</p>`}
      ${noting && html`<div class="work-noting"><${NoteForm} ticketKey=${ticket.ticket_key} note=${ticket.my_note} difficulty=${ticket.difficulty} onDone=${() => setNoting(false)} /></div>`}
    </div>
    <div class="work-tools">
      <${Difficulty} value=${ticket.difficulty} />
      <button type="button" class="button small quiet icon-only" aria-expanded=${noting} aria-label=${`Note on ${ticket.ticket_key}`} title="Note and difficulty" onClick=${() => setNoting(!noting)}>
        <${Icon} name="note" />
      </button>
      ${running
        ? html`<a class="button small" href="/session">To the session</a>`
        : html`<button type="button" class="button small" disabled=${busy} aria-label=${`Start a session on ${ticket.ticket_key}`} onClick=${start}><${Icon} name="play" /> Start</button>`}
    </div>
  </li>`;
}

function Difficulty({ value }) {
  if (!value) return null;
  return html`<span class="difficulty" role="img" aria-label=${`Difficulty ${value} of 5`} title=${`Difficulty ${value} of 5`}>
    ${[1, 2, 3, 4, 5].map((n) => html`<i key=${n} class=${n <= value ? "on" : ""}></i>`)}
  </span>`;
}
