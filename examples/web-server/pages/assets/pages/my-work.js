// My work: the tickets to test, with filters, notes and difficulty.

import { html, useEffect, useRef, useState } from "../vendor/preact-htm.js";
import { Welcome } from "../dashboard/welcome.js";
import { get, query } from "../lib/api.js";
import { useData } from "../lib/data.js";
import { ago, fullDate, number, plural } from "../lib/format.js";
import { useKeys } from "../lib/keys.js";
import { go, useQuery } from "../lib/router.js";
import { Icon } from "../ui/icon.js";
import { Bones, Empty, PageHead, Read, Segments, Select, useBusy } from "../ui/parts.js";
import { complain } from "../ui/toast.js";
import { WorkRow } from "../work/row.js";

const SORTS = [
  ["priority", "Most urgent"],
  ["updated", "Newest change"],
  ["key", "Key"],
  ["minutes", "Longest to test"],
  ["difficulty", "Hardest"],
];
const PAGE = 50;
/** How long typing rests before it is looked for, in milliseconds. */
const REST = 180;

export default function MyWork() {
  const [live, setLive] = useQuery("live", "no");
  const [status, setStatus] = useQuery("status");
  const [project, setProject] = useQuery("project");
  const [open, setOpen] = useQuery("open", "yes");
  const [sort, setSort] = useQuery("sort", "priority");
  const [words, setWords] = useQuery("words");
  const [assignee, setAssignee] = useQuery("assignee");
  const [limit] = useQuery("limit", String(PAGE));
  const [typed, setTyped] = useState(words);
  useEffect(() => {
    const timer = setTimeout(() => setWords(typed.trim()), REST);
    return () => clearTimeout(timer);
  }, [typed]);
  const order = sort === "priority" ? "" : sort;
  const path = `/personal/my-work${query({ live: live === "yes" ? "true" : "", assignee, status, project, words, order, unresolved: open === "yes" ? "true" : "", limit })}`;
  // Jira is asked when it is wanted, not every half minute.
  const work = useData(path, { refresh: live !== "yes", load: (path) => get(path) });
  const { data: known } = useData("/personal/work-choices");
  const { data: settings } = useData("/settings");
  const more = useMore(path, work);
  const shown = more.tickets;
  const list = useRef();
  useKeys("My work", [
    ["j", "The next ticket", () => step(list.current, 1)],
    ["k", "The one before", () => step(list.current, -1)],
    ["f", "Filter by words", () => document.getElementById("work-words").focus()],
    ["l", "Live from Jira, or as stored", () => setLive(live === "yes" ? "no" : "yes")],
  ]);
  const none = work.data && work.data.tickets.length === 0;
  const filtered = status || project || words || assignee;
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
      <input id="work-words" type="search" aria-label="Filter by words" placeholder="Words, or a key such as MM-24" value=${typed} onInput=${(event) => setTyped(event.target.value)} />
      <${Select} label="Whose" value=${assignee} onChange=${setAssignee} options=${[["", settings?.assignee ? `Mine (${settings.assignee})` : "Anybody's"], ...names(known?.assignees, assignee)]} />
      <${Select} label="Status" value=${status} onChange=${setStatus} options=${[["", "Any status"], ...names(known?.statuses, status)]} />
      <${Select} label="Project" value=${project} onChange=${setProject} options=${[["", "Any project"], ...names(known?.projects, project)]} />
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
                  actions=${html`<button type="button" class="button" onClick=${() => { setTyped(""); go("/my-work"); }}>Take the filters off</button>`}
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
      <span class="grow numeric">${plural(shown.length, "ticket")} of ${number(work.data.count)}</span>
      ${more.next && html`<button type="button" class="button small" disabled=${more.busy} onClick=${more.show}>Show more</button>`}
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

/** What can be chosen, and what is chosen though no ticket has it. */
function names(known, chosen) {
  return [...new Set([...(known ?? []), ...(chosen ? [chosen] : [])])].map((name) => [name, name]);
}

/** The parts of the list after the first, as they were asked for. */
function useMore(path, work) {
  const [more, setMore] = useState({ path, parts: [] });
  const [busy, run] = useBusy();
  const parts = more.path === path ? more.parts : [];
  const last = parts.at(-1) ?? work.data;
  const next = last?.next_cursor;
  const show = () =>
    run(async () => {
      try {
        const part = await get(`${path}${path.includes("?") ? "&" : "?"}cursor=${encodeURIComponent(next)}`);
        setMore({ path, parts: [...parts, part] });
      } catch (error) {
        complain(error);
      }
    });
  const seen = new Set();
  const tickets = [work.data, ...parts].flatMap((part) => part?.tickets ?? []).filter((ticket) => !seen.has(ticket.ticket_key) && seen.add(ticket.ticket_key));
  return { tickets, next, show, busy };
}

function step(list, by) {
  const links = [...(list?.querySelectorAll("[data-ticket]") ?? [])];
  const here = links.indexOf(document.activeElement?.closest?.("li")?.querySelector("[data-ticket]"));
  links[here < 0 ? 0 : Math.max(0, Math.min(links.length - 1, here + by))]?.focus();
}

