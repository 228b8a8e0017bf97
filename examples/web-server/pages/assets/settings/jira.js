// Whether there is a Jira, when it was asked last, and asking it now.

import { html, useRef, useState } from "../vendor/preact-htm.js";
import { stream } from "../lib/api.js";
import { changed, useData } from "../lib/data.js";
import { ago, fullDate, number, plural, words } from "../lib/format.js";
import { Icon } from "../ui/icon.js";
import { Bones, Card, Meter, Problem, Read } from "../ui/parts.js";
import { toast } from "../ui/toast.js";

export function JiraPart() {
  const state = useData("/sync");
  return html`<${Card} title="Jira"><${Read} from=${state} bones=${html`<${Bones} n=${3} h=${34} />`}>${(data) => (data.configured ? html`<${Connected} state=${data} />` : html`<${NotConfigured} />`)}<//><//>`;
}

function NotConfigured() {
  return html`<div class="stack tight">
    <p>No Jira is configured. Put these lines into a file <code>.env</code> in the folder where ATLAS is started, and start it again:</p>
    <pre class="code" tabindex="0">JIRA_INSTANCE_URL=https://example.atlassian.net
JIRA_USER_EMAIL=you@example.com
JIRA_API_KEY=…</pre>
    <p class="small muted">The key stays on this machine, and is never sent to this page.</p>
  </div>`;
}

function Connected({ state }) {
  const [progress, setProgress] = useState(null);
  const [error, setError] = useState(null);
  const stop = useRef(null);
  const sync = async () => {
    setError(null);
    setProgress({ done: 0, total: null });
    stop.current = new AbortController();
    try {
      const report = await stream("POST", "/sync", { body: {}, signal: stop.current.signal, onProgress: setProgress });
      toast(`In step with Jira: ${report.new} new, ${report.updated} changed.`);
      await changed("/");
    } catch (failed) {
      if (failed.name !== "AbortError") setError(failed);
    }
    setProgress(null);
  };
  const outcome = state.last;
  return html`<div class="stack tight">
    <p class="row wrap"><span class="tag good">Configured</span>${state.site && html`<span class="small muted">${state.site}</span>`}</p>
    ${outcome &&
    html`<p class="small muted" title=${fullDate(outcome.finished)}>
      Last asked ${ago(outcome.finished)}${outcome.report ? `: ${plural(outcome.report.new, "new ticket")}, ${number(outcome.report.updated)} changed` : ""}.
    </p>`}
    ${outcome?.failure && html`<p class="note warn">${outcome.failure.message}</p>`} ${error && html`<${Problem} error=${error} again=${sync} />`}
    ${progress &&
    html`<div class="stack tight" role="status">
      <p class="small muted numeric">${words(progress.stage ?? "asking")}${progress.done ? `: ${number(progress.done)}${progress.total ? ` of ${number(progress.total)}` : ""}` : "…"}${progress.waiting_until ? " (Jira asks to wait)" : ""}</p>
      <${Meter} share=${progress.total ? progress.done / progress.total : 0.05} label="Progress" />
    </div>`}
    <div class="buttons">
      ${progress
        ? html`<button type="button" class="button" onClick=${() => stop.current.abort()}>Stop</button>`
        : html`<button type="button" class="button primary" onClick=${sync}><${Icon} name="sync" /> Ask Jira now</button>`}
    </div>
  </div>`;
}
