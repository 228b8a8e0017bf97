// How long the dashboard takes, in a fresh browser profile each time: `node speed.js URL [times]`.
// The server runs already. Interactive is when the day's numbers are drawn and no task of more
// than 50 ms follows; complete is when every part, the chart too, is drawn.

import { launch } from "./atlas.js";

const [base, times = "20"] = process.argv.slice(2);
if (!base) throw new Error("usage: node speed.js http://127.0.0.1:5000 [times]");

function watch() {
  const seen = { ready: null, complete: null, paint: null, tasks: [] };
  globalThis.seen = seen;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) seen.paint ??= entry.startTime;
  }).observe({ type: "paint", buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) seen.tasks.push(entry.startTime + entry.duration);
  }).observe({ type: "longtask", buffered: true });
  const look = () => {
    if (!seen.ready && document.querySelector(".stats[data-ready=true]")) seen.ready = performance.now();
    const drawn = seen.ready && !document.querySelector(".bone") && !document.querySelector(".chart canvas:not([width])");
    if (drawn) seen.complete = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

const browser = await launch();
const runs = [];
for (let i = 0; i < Number(times); i += 1) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript(watch);
  await page.goto(base);
  await page.waitForFunction(() => globalThis.seen.complete);
  await page.waitForTimeout(250);
  const { paint, ready, complete, tasks } = await page.evaluate(() => globalThis.seen);
  runs.push({ paint, interactive: Math.max(ready, ...tasks.filter((end) => end < complete)), complete });
  await context.close();
}
await browser.close();

for (const name of ["paint", "interactive", "complete"]) {
  const sorted = runs.map((run) => run[name]).sort((a, b) => a - b);
  const at = (share) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]);
  console.log(`${name.padEnd(12)} median ${at(0.5)} ms, p95 ${at(0.95)} ms, worst ${Math.round(sorted.at(-1))} ms`);
}
