// What to do next with an empty database.

import { html } from "../vendor/preact-htm.js";
import { post, remove } from "../lib/api.js";
import { plural } from "../lib/format.js";
import { changed } from "../lib/data.js";
import { go } from "../lib/router.js";
import { Icon } from "../ui/icon.js";
import { useBusy } from "../ui/parts.js";
import { complain, toast } from "../ui/toast.js";

export function Welcome() {
  const [busy, run] = useBusy();
  const load = () => run(loadSample);
  return html`<section class="card welcome" aria-label="First steps">
    <div class="welcome-head">
      <h2>Your database is empty. Three ways to begin:</h2>
      <p class="muted">Give ATLAS a ticket, and it says what to test: scenarios with steps, minutes, confidence, and the reasons.</p>
    </div>
    <ul class="welcome-ways">
      <li>
        <${Icon} name="play" />
        <h3>Look around first</h3>
        <p class="muted small">65 invented tickets with test patterns and a past to learn from.</p>
        <button type="button" class="button primary" disabled=${busy} onClick=${load}>${busy ? "Loading…" : "Load the sample"}</button>
      </li>
      <li>
        <${Icon} name="upload" />
        <h3>Bring your own</h3>
        <p class="muted small">Tickets as Jira JSON or CSV, test cases, and what was tested so far.</p>
        <button type="button" class="button" onClick=${() => go("/settings?part=data")}>Import files</button>
      </li>
      <li>
        <${Icon} name="sync" />
        <h3>Connect Jira</h3>
        <p class="muted small">Brings in what is there, then what changes. Your token stays on this machine.</p>
        <button type="button" class="button" onClick=${() => go("/settings?part=jira")}>See how</button>
      </li>
    </ul>
    <p class="small muted">Or <a href="/tickets/new">ask about any text</a>: 115 general test patterns are there already.</p>
  </section>`;
}

/** Fills the database with the sample; every page then reads again. */
export async function loadSample() {
  try {
    await post("/sample");
    await changed("/");
    toast("The sample is there.");
  } catch (error) {
    complain(error);
  }
}

/** Takes the sample out again; what was changed or used since stays. */
export async function removeSample() {
  try {
    const { items } = await remove("/sample");
    await changed("/");
    const kept = items.reduce((sum, one) => sum + one.kept_count, 0);
    toast(kept ? `The sample is gone, but for ${plural(kept, "record")} that you changed or used.` : "The sample is gone.");
  } catch (error) {
    complain(error);
  }
}
