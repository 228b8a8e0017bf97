// How good predictions would have been on one's own past, and what was learned from it.

import { html, useEffect, useRef, useState } from "../vendor/preact-htm.js";
import { Methods, Reliability, Timeline } from "../accuracy/charts.js";
import { Learning } from "../accuracy/learning.js";
import { stream } from "../lib/api.js";
import { percent, plural } from "../lib/format.js";
import { Icon } from "../ui/icon.js";
import { Card, Empty, Meter, PageHead, Problem } from "../ui/parts.js";

// A backtest is long; the last one is kept while the pages are open.
let last = null;

export default function Accuracy() {
  const [report, setReport] = useState(last);
  const [progress, setProgress] = useState(null);
  const [error, setError] = useState(null);
  const stop = useRef(null);
  const run = async () => {
    setError(null);
    setProgress({ done: 0, total: null });
    stop.current = new AbortController();
    try {
      last = await stream("GET", "/backtest", { signal: stop.current.signal, onProgress: setProgress });
      setReport(last);
    } catch (failed) {
      if (failed.name !== "AbortError") setError(failed);
    }
    setProgress(null);
  };
  useEffect(() => {
    if (!last) run();
    return () => stop.current?.abort();
  }, []);
  return html`<div class="page">
    <${PageHead} title="Accuracy" lead="Each ticket of your past is predicted from what was known before it, and compared with what you tested.">
      ${progress
        ? html`<button type="button" class="button" onClick=${() => stop.current.abort()}><${Icon} name="x" /> Stop</button>`
        : html`<button type="button" class="button" onClick=${run}><${Icon} name="sync" /> Run it again</button>`}
    <//>
    ${progress && html`<${Running} progress=${progress} />`} ${error && html`<${Problem} error=${error} again=${run} />`}
    ${report && html`<${Report} report=${report} />`} ${!report && !progress && !error && html`<div class="card"><${Empty} icon="chart" title="Not run yet">It takes seconds on a small past, and minutes on a long one.<//></div>`}
    <${Learning} />
  </div>`;
}

function Running({ progress }) {
  const { done, total } = progress;
  return html`<div class="card stack tight" role="status" aria-label="The backtest is running">
    <p class="muted">Predicting your past again${total ? html`: <span class="numeric">${done} of ${plural(total, "ticket")}</span>` : "…"}</p>
    <${Meter} share=${total ? done / total : 0.02} label="Progress" />
  </div>`;
}

function Report({ report }) {
  const atlas = report.methods.find((method) => method.name === "ATLAS");
  return html`<section class="card sentence" aria-label="In one sentence"><p>${report.summary}</p></section>
    ${report.tickets > 0 &&
    html`<div class="stats">
        <${Figure} label="Right one first" value=${percent(atlas.hit_1.value)} note=${between(atlas.hit_1)} />
        <${Figure} label="In the first five" value=${percent(atlas.hit_5.value)} note=${between(atlas.hit_5)} />
        <${Figure} label="In the first ten" value=${percent(atlas.hit_10.value)} note=${between(atlas.hit_10)} />
        <${Figure} label="Minutes within the interval" value=${report.minutes ? percent(report.minutes.covered) : "–"} note=${report.minutes ? `80 % are meant; median error ${Math.round(report.minutes.median_error)} min` : "no times known"} />
      </div>
      <div class="columns wide-columns">
        <${Card} title="Against simpler ways"><${Methods} methods=${report.methods} /><//>
        <${Card} title="Is confidence to be believed?"><${Reliability} reliability=${report.reliability} judged=${report.calibrated_scenarios} /><//>
        <${Card} title="Over time"><${Timeline} timeline=${report.timeline} drift=${report.drift} /><//>
        <${Card} title="By component"><${Components} groups=${report.by_component} /><//>
      </div>`}`;
}

const between = ({ low, high }) => `${percent(low)} to ${percent(high)} in 95 % of resampled pasts`;

function Figure({ label, value, note }) {
  return html`<div class="card stat"><span class="label">${label}</span><div class="stat-value numeric"><b>${value}</b></div><span class="small muted">${note}</span></div>`;
}

function Components({ groups }) {
  if (!groups.length) return html`<p class="muted">No component is known.</p>`;
  return html`<div class="table-scroll" tabindex="0" role="region" aria-label="Numbers by component"><table>
    <thead><tr><th scope="col">Component</th><th scope="col">Tickets</th><th scope="col">In the first ten</th><th scope="col">MRR</th></tr></thead>
    <tbody>${groups.map((group) => html`<tr key=${group.name}><th scope="row">${group.name}</th><td>${group.tickets}</td><td>${percent(group.hit_10)}</td><td>${group.mrr.toFixed(2)}</td></tr>`)}</tbody>
  </table></div>`;
}
