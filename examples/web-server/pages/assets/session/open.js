// A session that is going on.

import { html, useEffect, useState } from "../vendor/preact-htm.js";
import { endSession, inSession } from "../lib/calls.js";
import { useDraft } from "../lib/drafts.js";
import { isUp } from "../lib/connection.js";
import { changed, useData } from "../lib/data.js";
import { ago, clock, minutes, plural } from "../lib/format.js";
import { useKeys } from "../lib/keys.js";
import { ticketPath } from "../lib/router.js";
import { DraftNote } from "../ui/draft.js";
import { Icon } from "../ui/icon.js";
import { Card, Dialog, Meter, PageHead, useBusy } from "../ui/parts.js";
import { breakSeconds, useSeconds, workSeconds } from "../ui/running.js";
import { complain, toast } from "../ui/toast.js";
import { EndDialog } from "./end.js";
import { Plan } from "./plan.js";

/** How often the server hears that the session is still looked at, in milliseconds. */
const ALIVE = 60_000;

export function OpenSession({ session, onEnd }) {
  const [dialog, setDialog] = useState(null);
  const [busy, run] = useBusy();
  const ticket = useData(`/tickets/${encodeURIComponent(session.ticket_key)}`);
  const paused = session.status === "paused";
  const act = (what, body) => run(() => inSession(what, { session_id: session.id, ...body }).catch(complain));
  const toggle = () => act(paused ? "resume" : "pause");
  useKeys("Session", [
    ["p", "Break, or go on", toggle],
    ["n", "Write something down", () => document.getElementById("session-note").focus()],
    ["d", "The next step is done", () => nextStep()],
    ["e", "End it", () => setDialog("end")],
  ]);
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden && isUp() && !paused && !session.left_open) inSession("alive", { session_id: session.id }).catch(() => {});
    }, ALIVE);
    return () => clearInterval(timer);
  }, [paused, session.left_open]);
  const planned = session.plan.reduce((sum, scenario) => sum + (scenario.estimated_minutes ?? 0), 0);
  const steps = session.plan.reduce((sum, scenario) => sum + scenario.steps, 0);
  const done = session.steps_done.length;
  const end = async (body) => {
    try {
      onEnd(await endSession({ session_id: session.id, ...body }));
    } catch (error) {
      complain(error);
    }
  };
  const cancel = async () => {
    try {
      await inSession("cancel", { session_id: session.id });
      toast("The session was given up and counts for nothing.");
      await changed("/");
    } catch (error) {
      complain(error);
    }
  };
  return html`<${PageHead} title=${`Testing ${session.ticket_key}`} lead=${html`<a href=${ticketPath(session.ticket_key)}>${ticket.data?.summary ?? session.ticket_key}</a>`} />
    ${session.left_open &&
    html`<p class="note warn row wrap" role="status">
      <span class="grow">This session was last heard of ${ago(session.last_alive)}. Go on, and the time since then is a break; or end it as of then.</span>
      <button type="button" class="button small" onClick=${() => act("resume")}>Go on</button>
      <button type="button" class="button small" onClick=${() => setDialog("close")}>End it as of then</button>
    </p>`}
    <div class="session-grid">
      <div class="stack">
        <${Plan} session=${session} />
      </div>
      <div class="stack session-side">
        <section class=${`card timer${paused ? " paused" : ""}`} aria-label="Time">
          <${Clock} session=${session} planned=${planned} />
          ${steps > 0 && html`<div class="timer-steps"><${Meter} share=${done / steps} label=${`${done} of ${steps} steps done`} /><span class="small muted numeric">${done} of ${plural(steps, "step")}</span></div>`}
          <div class="buttons timer-buttons">
            <button type="button" class="button grow" disabled=${busy} onClick=${toggle}><${Icon} name=${paused ? "play" : "pause"} /> ${paused ? "Go on" : "Break"}</button>
            <button type="button" class="button primary grow" disabled=${busy} onClick=${() => setDialog("end")}><${Icon} name="stop" /> End</button>
          </div>
        </section>
        <${Notes} session=${session} />
        <p><button type="button" class="link small muted" onClick=${() => setDialog("cancel")}>Give this session up</button></p>
      </div>
    </div>
    ${dialog === "end" && html`<${EndDialog} session=${session} onEnd=${end} onClose=${() => setDialog(null)} />`}
    ${dialog === "close" && html`<${EndDialog} session=${session} onEnd=${(body) => end({ ...body, left_open: true })} onClose=${() => setDialog(null)} />`}
    ${dialog === "cancel" &&
    html`<${Dialog} title="Give this session up?" onClose=${() => setDialog(null)}>
      <p>It then counts for nothing: no time, no points, no step. This cannot be taken back.</p>
      <div class="dialog-foot">
        <button type="button" class="button" onClick=${() => setDialog(null)}>Go on testing</button>
        <button type="button" class="button danger" onClick=${cancel}>Give it up</button>
      </div>
    <//>`}`;
}

function nextStep() {
  document.querySelector(".plan .step:not(.done) input")?.click();
}

function Clock({ session, planned }) {
  useSeconds();
  const worked = workSeconds(session);
  const over = planned > 0 && worked > planned * 60;
  const paused = session.status === "paused";
  return html`<div class="clock">
    <span class="small muted">${paused ? "In a break" : "Time at work"}</span>
    <b class="numeric" role="timer" aria-live="off">${clock(worked)}</b>
    <span class=${`small numeric ${over ? "warn" : "muted"}`}>${planned ? (over ? `over the ${minutes(planned)} planned` : `of ${minutes(planned)} planned`) : "no plan"}</span>
    ${(paused || session.breaks > 0) && html`<span class="small muted numeric">${plural(session.breaks, "break")}, ${clock(breakSeconds(session))}</span>`}
  </div>`;
}

function Notes({ session }) {
  const draft = useDraft(`session-note:${session.id}`, "");
  const text = draft.value;
  const [busy, run] = useBusy();
  const save = (event) => {
    event?.preventDefault();
    if (!text.trim()) return;
    run(async () => {
      try {
        await inSession("note", { session_id: session.id, text: text.trim() });
        draft.forget();
      } catch (error) {
        complain(error);
      }
    });
  };
  return html`<${Card} title="Notes">
    ${session.notes.length > 0 && html`<ul class="session-notes">${session.notes.map((note, i) => html`<li key=${i} class="pre" dir="auto">${note}</li>`)}</ul>`}
    <form class="form" onSubmit=${save}>
      <textarea
        id="session-note"
        dir="auto"
        rows="2"
        aria-label="Something to remember"
        placeholder="What you saw"
        value=${text}
        onInput=${(event) => draft.set(event.target.value)}
        onKeyDown=${(event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && save(event)}
      ></textarea>
      <div class="buttons"><button type="submit" class="button small" disabled=${busy || !text.trim()}>Write it down</button><span class="small muted">Ctrl + Enter</span></div>
      <${DraftNote} draft=${draft} />
    </form>
  <//>`;
}
