// Files to bring in: dropped, or chosen. The content tells what each one is, and a look at it says
// what the import would do before it is done.

import { html, useRef, useState } from "../vendor/preact-htm.js";
import { stream } from "../lib/api.js";
import { changed } from "../lib/data.js";
import { number, plural } from "../lib/format.js";
import { Icon } from "../ui/icon.js";
import { TakeBack } from "./imports.js";
import { Meter, Select, useBusy } from "../ui/parts.js";

const KINDS = [["tickets", "Tickets"], ["patterns", "Test patterns"], ["history", "History"], ["results", "Results of test runs"]];
/** Tickets first: the history names tickets and patterns. */
const ORDER = { tickets: 0, patterns: 1, history: 2, results: 3 };

let next = 1;

export function Import() {
  const [files, setFiles] = useState([]);
  const [over, setOver] = useState(false);
  const [busy, run] = useBusy();
  const input = useRef();
  const set = (id, change) => setFiles((before) => before.map((one) => (one.id === id ? { ...one, ...change } : one)));
  const look = async ({ id, file }, kind) => {
    set(id, { state: "looks", error: null, preview: null, ...(kind && { kind }) });
    try {
      const body = new FormData();
      if (kind) body.append("kind", kind);
      body.append("file", file, file.name);
      const preview = await stream("POST", "/import/preview", { body });
      set(id, { state: "waits", kind: kind ?? preview.kind, preview });
    } catch (error) {
      set(id, { state: "unknown", error });
    }
  };
  const add = (list) => {
    const fresh = [...list].map((file) => ({ id: next++, file, kind: null, state: "looks" }));
    setFiles((before) => [...before, ...fresh]);
    // One after the other: the server takes few long calls at a time.
    fresh.reduce((before, one) => before.then(() => look(one)), Promise.resolve());
  };
  const importAll = () =>
    run(async () => {
      const waiting = files.filter((one) => one.state === "waits" || one.state === "failed").sort((a, b) => ORDER[a.kind] - ORDER[b.kind]);
      for (const one of waiting) {
        set(one.id, { state: "runs", progress: null, error: null });
        try {
          const body = new FormData();
          body.append("kind", one.kind);
          body.append("file", one.file, one.file.name);
          const report = await stream("POST", "/import", { body, onProgress: (progress) => set(one.id, { progress }) });
          set(one.id, { state: "done", report: report.report ?? report });
        } catch (error) {
          set(one.id, { state: "failed", error });
        }
      }
      await changed("/");
    });
  const waiting = files.some((one) => one.state === "waits" || one.state === "failed");
  return html`<div class="stack tight">
    <div
      class=${over ? "drop over" : "drop"}
      onDragOver=${(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave=${() => setOver(false)}
      onDrop=${(event) => {
        event.preventDefault();
        setOver(false);
        add(event.dataTransfer.files);
      }}
    >
      <${Icon} name="upload" />
      <p><b>Drop files here</b>, or <button type="button" class="link" onClick=${() => input.current.click()}>choose them</button></p>
      <p class="small muted">Tickets as Jira JSON, CSV or Excel; test cases of TestRail, Xray, Zephyr, Qase, Gherkin, CSV, Excel or JSON; history as CSV; results as JUnit XML; .gz too</p>
      <input ref=${input} type="file" multiple hidden accept=".json,.jsonl,.ndjson,.csv,.tsv,.txt,.xlsx,.xml,.feature,.gz" aria-label="Files to import" onChange=${(event) => { add(event.target.files); event.target.value = ""; }} />
    </div>
    ${files.length > 0 && html`<ul class="imports">${files.map((one) => html`<${FileRow} key=${one.id} one=${one} look=${look} drop=${() => setFiles(files.filter((other) => other !== one))} />`)}</ul>`}
    ${waiting && html`<div class="buttons"><button type="button" class="button primary" disabled=${busy} onClick=${importAll}>${busy ? "Importing…" : "Import"}</button></div>`}
  </div>`;
}

function FileRow({ one, look, drop }) {
  const { file, kind, state, progress, preview, report, error } = one;
  const choose = state === "waits" || state === "failed" || state === "unknown";
  return html`<li class="import">
    <div class="row">
      <${Icon} name="file" />
      <span class="grow clip" title=${file.name}>${file.name}</span>
      ${choose
        ? html`<${Select} label=${`What ${file.name} is`} value=${kind ?? ""} options=${kind ? KINDS : [["", "Not known"], ...KINDS]} onChange=${(value) => value && look(one, value)} />`
        : html`<span class="tag">${KINDS.find(([name]) => name === kind)?.[1] ?? "Looking…"}</span>`}
      ${state !== "runs" && html`<button type="button" class="button quiet small icon-only" aria-label=${`Take ${file.name} off the list`} onClick=${drop}><${Icon} name="x" /></button>`}
    </div>
    ${state === "looks" && html`<p class="small muted" role="status">Looking at the file. Nothing is stored yet.</p>`}
    ${state === "waits" && preview && html`<${Preview} preview=${preview} kind=${kind} />`}
    ${state === "runs" && html`<${Meter} thin share=${progress?.total ? progress.done / progress.total : 0.03} label="Progress" />`}
    ${error && html`<p class="small bad">${error.message}</p>`} ${report && html`<${Report} report=${report} />`}
    ${report?.import_id && html`<${TakeBack} id=${report.import_id} name=${file.name} />`}
  </li>`;
}

/** What the file is, how it begins and what its import would do. */
function Preview({ preview, kind }) {
  const { records, report } = preview;
  const told = KINDS.find(([name]) => name === preview.kind)?.[1] ?? preview.kind;
  return html`<div class="small preview">
    <p>By its content this is: <b>${told}</b>.${kind !== preview.kind ? html` <span class="warn">You chose ${KINDS.find(([name]) => name === kind)?.[1]}.</span>` : ""}</p>
    <p class="label">It begins with</p>
    <ul class="muted">${records.map((one) => html`<li key=${one.line} dir="auto">Line ${one.line}: ${one.key ? `${one.key} ` : ""}${one.title}</li>`)}</ul>
    ${report
      ? html`<p class="label">The import would give</p>
          <${Report} report=${report} />`
      : html`<p class="muted">A history can be counted only when it is imported.</p>`}
  </div>`;
}

function Report({ report }) {
  const skipped = report.skipped ?? [];
  const left = report.skipped_count ?? skipped.length;
  return html`<div class="small">
    ${(report.file?.warnings ?? []).map((warning) => html`<p class="warn" key=${warning}>${warning}</p>`)}
    <p class="good numeric">${number(report.new)} new, ${number(report.updated)} changed, ${number(report.unchanged)} as they were${left ? html`, <span class="warn">${plural(left, "line")} left out</span>` : ""}</p>
    ${report.truncated && html`<p class="warn">${report.truncated}</p>`}
    ${skipped.length > 0 && html`<ul class="muted">${skipped.slice(0, 5).map((one) => html`<li key=${one.line}>Line ${one.line}: ${one.reason}</li>`)}</ul>`}
    <${Account} file=${report.file ?? {}} />
  </div>`;
}

/** What of the file was assumed, not read and not used. */
function Account({ file }) {
  const unused = (file.columns ?? []).filter((one) => !one.used_as && one.first_value);
  const used = (file.columns ?? []).filter((one) => one.used_as);
  const lines = [
    used.length > 0 && `Columns that are used: ${used.map((one) => (one.used_as === one.name ? one.name : `${one.name} as ${one.used_as}`)).join(", ")}.`,
    file.encoding && `Read as ${file.encoding}.`,
    ...(file.assumed ?? []).map((one) => `Assumed ${one.assumed}: ${one.why}.`),
    ...(file.unread ?? []).map((one) => `${plural(one.count, "value")} of “${one.column}” could not be read, the first in line ${one.line}: “${one.example}”. Expected: ${one.expected}.`),
    ...(file.sheets ?? []).filter((one) => one.left_out).map((one) => `Sheet “${one.name}” was not read: ${one.left_out}.`),
    unused.length > 0 && `Columns that were not used: ${unused.map((one) => `${one.name} (“${one.first_value}”)`).join(", ")}.`,
  ].filter(Boolean);
  return lines.length > 0 && html`<ul class="muted">${lines.map((line) => html`<li key=${line}>${line}</li>`)}</ul>`;
}
