// Where the pages begin: which address draws what.

import { html, render, useEffect, useErrorBoundary, useState } from "./vendor/preact-htm.js";
import { usePath } from "./lib/router.js";
import { Bones, PageHead, Problem } from "./ui/parts.js";
import { Shell } from "./ui/shell.js";

// A page's module is loaded when it is first gone to, and kept.
const LOADERS = {
  dashboard: () => import("./pages/dashboard.js"),
  work: () => import("./pages/my-work.js"),
  ticket: () => import("./pages/ticket.js"),
  draft: () => import("./pages/draft.js"),
  session: () => import("./pages/session.js"),
  past: () => import("./pages/past-session.js"),
  patterns: () => import("./pages/patterns.js"),
  achievements: () => import("./pages/achievements.js"),
  accuracy: () => import("./pages/accuracy.js"),
  settings: () => import("./pages/settings.js"),
};
const PATHS = { "/": "dashboard", "/my-work": "work", "/tickets": "draft", "/tickets/new": "draft", "/session": "session", "/patterns": "patterns", "/achievements": "achievements", "/accuracy": "accuracy", "/settings": "settings" };
const pages = new Map();

async function load(name) {
  pages.set(name, (await LOADERS[name]()).default);
}

function match(path) {
  if (PATHS[path]) return { name: PATHS[path] };
  const ticket = path.match(/^\/tickets\/([^/]+)$/);
  if (ticket) return { name: "ticket", ticketKey: decoded(ticket[1]) };
  const session = path.match(/^\/sessions\/(\d+)$/);
  if (session) return { name: "past", id: session[1] };
  return { name: null };
}

/** An address that is no proper one is shown as it is. */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function Page({ path }) {
  const { name, ...rest } = match(path);
  const [, setLoaded] = useState(null);
  const [failed, setFailed] = useState(null);
  const [error] = useErrorBoundary((error) => console.error(error));
  useEffect(() => {
    if (!name || pages.has(name)) return;
    load(name).then(
      () => setLoaded(name),
      () => setFailed(new Error("This page could not be loaded. Is ATLAS still running?")),
    );
  }, [name]);
  const wrong = error ?? failed;
  if (wrong) {
    return html`<div class="page">
      <${PageHead} title="Something went wrong" />
      <${Problem} error=${{ message: error ? `This page could not be drawn: ${error.message}` : failed.message }} again=${() => location.reload()} />
    </div>`;
  }
  if (!name) {
    return html`<div class="page">
      <${PageHead} title="There is no such page" lead=${path} />
      <p><a href="/">Go to the dashboard</a></p>
    </div>`;
  }
  const Drawn = pages.get(name);
  // Its own key for each ticket, so that nothing of one is seen on another.
  return Drawn ? html`<${Drawn} key=${path} ...${rest} />` : html`<div class="page"><${Bones} n=${3} h=${120} gap=${20} /></div>`;
}

function App() {
  const path = usePath();
  return html`<${Shell}><${Page} key=${match(path).name} path=${path} /><//>`;
}

// The first page is drawn at once; where it cannot be loaded, the frame is drawn and says so.
const { name } = match(location.pathname);
if (name) await load(name).catch(() => {});
render(html`<${App} />`, document.getElementById("app"));
