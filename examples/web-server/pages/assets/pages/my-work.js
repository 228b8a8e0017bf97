// My work: the tickets to test, with filters, notes and difficulty.

import { html, useMemo, useRef } from "../vendor/preact-htm.js";
import { Welcome } from "../dashboard/welcome.js";
import { get, query } from "../lib/api.js";
import { useData } from "../lib/data.js";
import { ago, fullDate, plural } from "../lib/format.js";
import { useKeys } from "../lib/keys.js";
import { go, useQuery } from "../lib/router.js";
import { Icon } from "../ui/icon.js";
import { Bones, Empty, PageHead, Read, Segments, Select } from "../ui/parts.js";
import { WorkRow } from "../work/row.js";

const SORTS = [
  ["priority", "Most urgent"],
  ["updated", "Newest change"],
  ["key", "Key"],
  ["minutes", "Longest to test"],
  ["difficulty", "Hardest"],
];
const PAGE = 50;

export default function MyWork() {
  const [live, setLive] = useQuery("live", "no");
  const [status, setStatus] = useQuery("status");
  const [project, setProject] = useQuery("project");
  const [open, setOpen] = useQuery("open", "yes");
  const [sort, setSort] = useQuery("sort", "priority");
  const [words, setWords] = useQuery("words");
  const [limit, setLimit] = useQuery("limit", String(PAGE));
  const path = `/personal/my-work${query({ live: live === "yes" ? "true" : "", status, project, unresolved: open === "yes" ? "true" : "", limit })}`;
  // Jira is asked when it is wanted, not every half minute.
  const work = useData(path, { refresh: live !== "yes", load: (path) => get(path) });
  const seen = useNames(work.data?.tickets);
  const shown = useMemo(() => arrange(work.data?.tickets ?? [], words, sort), [work.data, words, sort]);
  const list = useRef();
  useKeys("My work", [
    ["j", "The next ticket", () => step(list.current, 1)],
    ["k", "The one before", () => step(list.current, -1)],
    ["f", "Filter by words", () => document.getElementById("work-words").focus()],
    ["l", "Live from Jira, or as stored", () => setLive(live === "yes" ? "no" : "yes")],
  ]);
  const none = work.data && work.data.tickets.length === 0;
  const filtered = status || project || words;
  return html`<div class="page">
    <${PageHead} title="My work" lead=${html`<${Source} from=${work} />`}>
      <${Segments}
        label="Where it comes from"
        value=${live}
        onChange=${setLive}
        options=${[["no", "As stored"], ["yes", html`<${Icon} name="bolt" />Live from Jira`]]}
      />
    <//>
    <div class="filters">
      <input id="work-words" type="search" aria-label="Filter by words" placeholder="Filter these" value=${words} onInput=${(event) => setWords(event.target.value)} />
      <${Select} label="Status" value=${status} onChange=${setStatus} options=${[["", "Any status"], ...names(seen.statuses, status)]} />
      <${Select} label="Project" value=${project} onChange=${setProject} options=${[["", "Any project"], ...names(seen.projects, project)]} />
      <${Select} label="Order" value=${sort} onChange=${setSort} options=${SORTS} />
      <label class="choice"><input type="checkbox" checked=${open === "yes"} onChange=${(event) => setOpen(event.target.checked ? "yes" : "no")} /> Open ones only</label>
    </div>
    ${work.data?.live_failed && html`<p class="note warn" role="status">Jira could not be asked, so this is what is stored: ${work.data.live_failed}</p>`}
    <${Read} from=${work} bones=${html`<div class="card"><${Bones} n=${8} h=${64} /></div>`}>
      ${() =>
        none && !filtered
          ? open === "yes"
            ? html`<${NothingOpen} all=${() => setOpen("no")} />`
            : html`<${Welcome} />`
          : shown.length === 0
            ? html`<div class="card">
                <${Empty}
                  icon="search"
                  title="No ticket fits these filters"
                  actions=${html`<button type="button" class="button" onClick=${() => go("/my-work")}>Take the filters off</button>`}
                />
              </div>`
            : html`<section class="card flush" aria-label="Tickets">
                <ul class="rows" ref=${list}>
                  ${shown.map((ticket) => html`<${WorkRow} key=${ticket.ticket_key} ticket=${ticket} />`)}
                </ul>
              </section>`}
    <//>
    ${work.data &&
    !none &&
    html`<p class="small muted row wrap">
      <span class="grow">${plural(shown.length, "ticket")} of ${work.data.count}</span>
      ${work.data.tickets.length < work.data.count && html`<button type="button" class="button small" onClick=${() => setLimit(String(Math.min(1000, Number(limit) + PAGE)))}>Show more</button>`}
    </p>`}
  </div>`;
}

function Source({ from }) {
  if (!from.data) return "Reading…";
  if (from.data.data_source === "live") return `Live from Jira, ${ago(from.data.last_sync)}`;
  return from.data.last_sync ? html`<span title=${fullDate(from.data.last_sync)}>As stored; in step with Jira ${ago(from.data.last_sync)}</span>` : "As stored on this machine; not in step with a Jira yet";
}

function NothingOpen({ all }) {
  return html`<div class="card">
    <${Empty}
      icon="check"
      title="Nothing is open"
      actions=${html`<button type="button" class="button" onClick=${all}>Show resolved ones too</button><a class="button" href="/settings?part=data">Import tickets</a>`}
      >None of the stored tickets is waiting to be tested.<//
    >
  </div>`;
}

/** The statuses and projects that were seen so far, so that a filter does not empty its own list. */
function useNames(tickets) {
  const seen = useRef({ statuses: new Set(), projects: new Set() });
  for (const ticket of tickets ?? []) {
    if (ticket.status) seen.current.statuses.add(ticket.status);
    seen.current.projects.add(ticket.ticket_key.split("-")[0]);
  }
  return seen.current;
}

function names(seen, chosen) {
  return [...new Set([...seen, ...(chosen ? [chosen] : [])])].sort().map((name) => [name, name]);
}

function arrange(tickets, words, sort) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const text = (t) => `${t.ticket_key} ${t.summary} ${t.components.join(" ")} ${t.my_note ?? ""} ${t.assignee ?? ""}`.toLowerCase();
  const fits = tickets.filter((ticket) => wanted.every((word) => text(ticket).includes(word)));
  const by = {
    updated: (a, b) => (b.updated ?? "").localeCompare(a.updated ?? ""),
    key: (a, b) => a.ticket_key.localeCompare(b.ticket_key, "en", { numeric: true }),
    minutes: (a, b) => (b.prediction?.total_estimated_time ?? -1) - (a.prediction?.total_estimated_time ?? -1),
    difficulty: (a, b) => (b.difficulty ?? 0) - (a.difficulty ?? 0),
  }[sort];
  return by ? fits.sort(by) : fits;
}

function step(list, by) {
  const links = [...(list?.querySelectorAll("[data-ticket]") ?? [])];
  const here = links.indexOf(document.activeElement?.closest?.("li")?.querySelector("[data-ticket]"));
  links[here < 0 ? 0 : Math.max(0, Math.min(links.length - 1, here + by))]?.focus();
}

