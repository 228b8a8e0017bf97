// Each page's main path, by mouse, with nothing in the console and no request to elsewhere.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Atlas, open, testbed } from "./atlas.js";

const { atlas, browser, on } = await testbed();

on("/", "the dashboard shows the day and leads to a ticket", async (page) => {
  await page.locator(".stats[data-ready=true]").waitFor();
  await page.getByRole("heading", { name: "Today's challenge" }).waitFor();
  await page.locator(".calendar-squares i").first().waitFor();
  const ticket = page.getByRole("region", { name: "Up next" }).getByRole("link").nth(1);
  const key = await ticket.locator(".key").textContent();
  await ticket.click();
  await page.waitForURL(`**/tickets/${key}`);
  await page.goBack();
  await page.waitForURL(`${atlas.base}/`);
});

on("/my-work", "filters, order, a note and a difficulty", async (page) => {
  const rows = page.locator(".work");
  await rows.first().waitFor();
  const all = await rows.count();
  await page.getByLabel("Filter by words").fill("MHIS");
  await page.waitForFunction((all) => document.querySelectorAll(".work").length < all, all);
  for (const text of await rows.allTextContents()) assert.match(text, /mhis/i);
  await page.getByLabel("Filter by words").fill("nothing at all is like this");
  await page.getByText("No ticket fits these filters").waitFor();
  await page.getByRole("button", { name: "Take the filters off" }).click();
  await page.waitForFunction((all) => document.querySelectorAll(".work").length === all, all);
  const first = await page.locator(".work .key").first().textContent();
  await page.getByLabel("Order").selectOption("key");
  await page.waitForFunction((first) => document.querySelector(".work .key")?.textContent !== first, first);
  const keys = await page.locator(".work .key").allTextContents();
  assert.deepEqual(keys, [...keys].sort((a, b) => a.localeCompare(b, "en", { numeric: true })));
  const row = rows.first();
  await row.getByRole("button", { name: /^Note on/ }).click();
  await row.getByRole("radio", { name: "4 of 5" }).click();
  await row.getByRole("textbox").fill("Ask Kim for an account");
  await row.getByRole("button", { name: "Save note" }).click();
  await row.locator(".work-note").waitFor();
  const note = (await atlas.call("GET", `/tickets/${keys[0]}`));
  assert.deepEqual([note.my_note, note.difficulty], ["Ask Kim for an account", 4]);
});

on("/my-work?live=yes", "without a Jira it says so and shows what is stored", async (page) => {
  await page.getByText(/Jira could not be asked/).waitFor();
  await page.locator(".work").first().waitFor();
});

on("/tickets/WRKA-1234", "scenarios are accepted, rejected, modified, rated, and taken back", async (page) => {
  const cards = page.locator("[data-scenario]");
  await cards.nth(4).waitFor();
  await cards.nth(0).getByRole("button", { name: "Accept" }).click();
  await cards.nth(0).getByRole("button", { name: "Accepted" }).waitFor();
  // A designed test has no pattern: the page finds its answer again by its name.
  const designed = page.getByRole("article", { name: await cards.nth(2).getAttribute("aria-label"), exact: true });
  await designed.getByRole("button", { name: "Reject" }).click();
  await designed.getByRole("button", { name: "Rejected" }).waitFor();
  assert.equal(await designed.getByRole("checkbox").first().isChecked(), false);
  await cards.nth(1).getByRole("button", { name: "Modify" }).click();
  await page.getByLabel("Step 1: what to do").fill("Open the form as a reviewer");
  await page.getByRole("button", { name: "Keep these steps" }).click();
  await cards.nth(1).getByRole("button", { name: "Modified" }).waitFor();
  await cards.nth(0).getByRole("button", { name: "Rate" }).click();
  await page.getByRole("dialog").getByRole("radio", { name: "5 of 5" }).click();
  await page.getByLabel("Minutes that it took").fill("25");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await cards.nth(0).getByRole("button", { name: "5 of 5" }).waitFor();
  const [rated, modified, rejected] = (await atlas.call("GET", "/feedback?limit=3")).items.map((receipt) => receipt.items[0]);
  assert.deepEqual([rated.answer, rated.rating, rated.actual_minutes], ["accepted", 5, 25]);
  assert.equal(modified.steps[0].action, "Open the form as a reviewer");
  assert.equal(rejected.answer, "rejected");
  await page.reload();
  await designed.getByRole("button", { name: "Rejected" }).waitFor();
  await designed.getByRole("button", { name: "Accept" }).click();
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await designed.getByRole("button", { name: "Rejected" }).waitFor();
});

on("/tickets/WRKA-1246", "why, how sure, how long; steps are ticked off; Markdown and Gherkin", async (page) => {
  const card = page.locator("[data-scenario]").first();
  await card.locator(".reasons li").first().waitFor();
  assert.match(await card.locator(".confidence").textContent(), /^\d+.*neural \d+/s);
  assert.match(await card.locator(".minutes").textContent(), /\d (h|min).*\(\d+–\d+/s);
  await card.locator(".step input").first().check();
  await page.reload();
  await card.locator(".step.done").waitFor();
  await page.getByRole("button", { name: "Copy" }).click();
  await page.getByRole("menuitem", { name: "As Markdown" }).click();
  await page.getByText("Markdown copied.").waitFor();
  const markdown = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(markdown, /^# What to test: WRKA-1246/);
  assert.match(markdown, /^## 1\. /m);
  assert.match(markdown, /^- \[ \] /m);
  await page.getByRole("button", { name: "Copy" }).click();
  await page.getByRole("menuitem", { name: "As Gherkin" }).click();
  await page.getByText("Gherkin copied.").waitFor();
  const gherkin = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(gherkin, /^Feature: WRKA-1246/);
  assert.match(gherkin, /^ {2}Scenario: .+\n {4}When .+/m);
  await page.getByRole("region", { name: "Similar tickets" }).getByRole("link").first().waitFor();
  await page.getByRole("region", { name: "Ask the author" }).waitFor();
  await page.getByRole("region", { name: "Edge cases to try" }).getByRole("listitem").first().waitFor();
});

on("/tickets/WRKA-1246", "what was missing becomes a pattern", async (page) => {
  await page.getByRole("button", { name: "Something was missing" }).click();
  await page.getByLabel("The scenario's name").fill("Income in another currency");
  await page.getByLabel("Step 1: what to do").fill("Enter an income in euros");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText(/ATLAS learns from it/).waitFor();
  const { items } = await atlas.call("GET", "/patterns?text=another currency");
  assert.equal(items.length, 1);
});

on("/tickets/NONE-1", "a ticket that is not here says what to do", async (page) => {
  await page.getByText("This ticket is not here").waitFor();
  // The browser itself notes the 404.
  page.problems = page.problems.filter((problem) => !problem.includes("404"));
});

on("/tickets/new", "a text is predicted for", async (page) => {
  await page.getByLabel("What was changed, or what is wrong?").fill("CSV export drops umlauts");
  await page.getByRole("button", { name: "What to test" }).click();
  await page.locator("[data-scenario]").nth(2).waitFor();
  assert.match(page.url(), /text=CSV/);
});

on("/tickets/WRKA-1240", "a session: steps, break, note, end, and what it earned", async (page) => {
  await page.locator("[data-scenario]").nth(4).waitFor();
  for (const place of [2, 3, 4]) await page.locator("[data-scenario] > .scenario-top > input").nth(place).uncheck();
  await page.getByRole("button", { name: "Start session" }).click();
  await page.waitForURL("**/session");
  const step = page.locator(".plan .step input");
  await step.first().check();
  await step.nth(1).check();
  await step.nth(1).uncheck();
  await page.getByRole("button", { name: "Break" }).click();
  await page.getByRole("button", { name: "Go on" }).click();
  await page.getByLabel("Something to remember").fill("The form flickered");
  await page.getByRole("button", { name: "Write it down" }).click();
  await page.locator(".session-notes li").waitFor();
  const session = await atlas.call("GET", "/session/current");
  assert.deepEqual([session.plan.length, session.steps_done, session.breaks, session.notes], [2, [1], 1, ["The form flickered"]]);
  await page.reload();
  await page.locator(".plan .step.done").waitFor();
  await page.locator(".timer").getByRole("button", { name: "End" }).click();
  await page.getByRole("radio", { name: /Defect found/ }).check();
  await page.getByRole("button", { name: "End the session" }).click();
  await page.locator(".result-xp").waitFor();
  assert.equal((await atlas.call("GET", "/sessions?limit=1")).items[0].outcome, "failed");
});

on("/patterns", "a pattern is written, found, changed, retired, and used again", async (page) => {
  await page.getByRole("button", { name: "New pattern" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Export keeps umlauts");
  await page.getByLabel("Type").fill("Data Export");
  await page.getByLabel("Step 1: what to do").fill("Export a name with ü");
  await page.getByLabel("Step 1: what should be seen").fill("The file has ü");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByLabel("Find by name or key").fill("umlauts");
  await page.getByRole("button", { name: /Export keeps umlauts/ }).click();
  await page.getByRole("button", { name: "Change", exact: true }).click();
  await page.getByLabel("Minutes on average").fill("12");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("dialog").getByText("12 min").waitFor();
  await page.getByRole("button", { name: "Retire" }).click();
  await page.getByRole("button", { name: "Use again" }).click();
  await page.getByRole("button", { name: "Retire" }).waitFor();
  const [pattern] = (await atlas.call("GET", "/patterns?text=umlauts")).items;
  assert.deepEqual([pattern.avg_time_minutes, pattern.is_active, pattern.steps.length], [12, true, 1]);
});

on("/achievements", "all are there, and can be told apart", async (page) => {
  await page.locator(".badge").nth(31).waitFor();
  await page.getByRole("radio", { name: "Still to earn" }).check();
  await page.waitForFunction(() => !document.querySelector(".earned-badge"));
});

on("/accuracy", "the backtest says its sentence and draws its charts", async (page) => {
  await page.getByText(/^On your last \d+ tickets/).waitFor({ timeout: 60_000 });
  await page.locator(".chart canvas").nth(1).waitFor();
  await page.waitForFunction(() => globalThis.Chart && [...document.querySelectorAll("canvas")].every((canvas) => Chart.getChart(canvas)));
  await page.getByRole("row", { name: /most frequent/ }).waitFor();
});

on("/settings", "profile, colours, day; a file is dropped and imported", async (page) => {
  await page.getByLabel("Name", { exact: true }).fill("Kayla");
  await page.getByRole("radio", { name: /Analyst/ }).check();
  await page.getByRole("region", { name: "You", exact: true }).getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved.").waitFor();
  assert.deepEqual(await atlas.call("GET", "/user/profile").then((p) => [p.username, p.coach_personality]), ["Kayla", "analyst"]);
  await page.getByRole("radio", { name: "Dark" }).check();
  await page.locator("html[data-theme=dark]").waitFor();
  await page.reload();
  await page.locator("html[data-theme=dark]").waitFor();
  await page.getByLabel("A day starts at").selectOption("4");
  await page.getByRole("region", { name: "Your day" }).getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved.").waitFor();
  assert.equal((await atlas.call("GET", "/settings")).day_start, 4);
  const dropped = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(["key,summary,status\nNEW-1,A ticket from a file,To Do\n"], "my tickets.csv"));
    return data;
  });
  await page.dispatchEvent(".drop", "drop", { dataTransfer: dropped });
  await page.getByText(/^1 new, 0 changed/).waitFor();
  await assert.rejects(atlas.call("GET", "/tickets/NEW-1"));
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await page.getByRole("button", { name: "Take back my tickets.csv" }).first().waitFor();
  assert.equal((await atlas.call("GET", "/tickets/NEW-1")).summary, "A ticket from a file");
  await page.getByRole("button", { name: "Take back my tickets.csv" }).first().click();
  await page.getByText(/^Taken back: 1 removed, 0 as before/).first().waitFor();
  await assert.rejects(atlas.call("GET", "/tickets/NEW-1"));
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export as JSON" }).click();
  await (await download).delete();
});

test("/settings: a Jira is asked, with what it says on the way, and what goes wrong", async () => {
  const page = await open(browser, atlas, null);
  const last = { started: "2026-01-05T08:00:00Z", finished: "2026-01-05T08:01:00Z", report: { new: 3, updated: 4 }, failure: { code: "JIRA_DENIED", message: "Jira refused the key" } };
  let answer = 'event: progress\ndata: {"stage":"reading","done":40,"total":100}\n\nevent: error\ndata: {"error":{"code":"JIRA_AWAY","message":"Jira did not answer"},"meta":{}}\n\n';
  // No Jira is at hand here: this is what the server says of one.
  await page.route("**/api/atlas/sync", (route) =>
    route.request().method() === "GET"
      ? route.fulfill({ json: { data: { configured: true, site: "jira.example", running: false, next: null, last }, meta: {} } })
      : route.fulfill({ contentType: "text/event-stream", body: answer }),
  );
  await page.goto(`${atlas.base}/settings?part=jira`);
  await page.getByText("Jira refused the key").waitFor();
  await page.getByRole("button", { name: "Ask Jira now" }).click();
  await page.getByRole("alert").getByText("Jira did not answer").waitFor();
  answer = ': alive\n\nevent: done\ndata: {"data":{"new":7,"updated":2},"meta":{}}\n\n';
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText("In step with Jira: 7 new, 2 changed.").waitFor();
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test("an empty database says what to do, and one click loads the sample", async () => {
  const empty = await Atlas.start({ sample: false });
  const page = await open(browser, empty, "/");
  await page.getByText("Your database is empty").waitFor();
  await page.getByRole("button", { name: "Load the sample" }).click();
  await page.getByRole("region", { name: "Up next" }).getByRole("link", { name: /WRKA-/ }).first().waitFor({ timeout: 60_000 });
  assert.deepEqual(page.problems, []);
  await page.context().close();
  await empty.remove();
});
