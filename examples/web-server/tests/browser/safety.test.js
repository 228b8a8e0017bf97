// Text from elsewhere is text: nothing of it becomes a tag, runs, or is asked for.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { open, testbed } from "./atlas.js";

const EVIL = `<img src=x onerror="alert(1)"><script>alert(2)</script><svg onload=alert(3)>"'\`{{7*7}}`;

const { atlas, browser } = await testbed();

before(async () => {
  const form = new FormData();
  const field = (text) => `"${text.replaceAll('"', '""')}"`;
  const header = "key,summary,status,priority,type,assignee,description,components";
  const row = ["EVIL-1", EVIL, EVIL, EVIL, EVIL, EVIL, `${EVIL} see the attached mockup`, EVIL].map(field).join(",");
  form.append("kind", "tickets");
  form.append("file", new File([`${header}\n${row}\n`], "evil.csv"));
  const report = await atlas.call("POST", "/import", form);
  assert.equal(report.new, 1);
  await atlas.call("POST", "/patterns", { name: EVIL, pattern_type: EVIL, component: EVIL, objective: EVIL, precondition: EVIL, steps: [{ action: EVIL, expected: EVIL, data: EVIL }] });
  await atlas.call("PUT", "/personal/notes/EVIL-1", { note: EVIL, difficulty: 5 });
  await atlas.call("PUT", "/user/profile", { username: EVIL });
});

/** Fails if anything of the text was taken for more than text. */
async function harmless(page) {
  const made = await page.evaluate(() => [...document.querySelectorAll("img:not([src^='/assets/']), script:not([src^='/assets/']), [onerror], [onload], svg:not(.icon)")].map((element) => element.outerHTML));
  assert.deepEqual(made, []);
  assert.deepEqual(page.problems, []);
}

const PATHS = [
  ["/", ".rows"],
  ["/my-work?open=no&limit=100", ".work-note"],
  ["/tickets/EVIL-1", "[data-scenario]"],
  [`/tickets/new?text=${encodeURIComponent(EVIL)}`, "[data-scenario]"],
  ["/patterns", ".pattern-name"],
  ["/session", ".plan"],
  ["/sessions/1", ".session-notes"],
  ["/settings", ".outcomes"],
];

test("a session on the ticket", async () => {
  const prediction = await atlas.call("POST", "/predict", { ticket_key: "EVIL-1", top_k: 10 });
  await atlas.call("POST", "/session/start", { ticket_key: "EVIL-1", prediction_id: prediction.prediction_id });
  await atlas.call("POST", "/session/note", { text: EVIL });
});

for (const [path, shown] of PATHS) {
  test(`what is stored stays text on ${path.slice(0, 30)}`, async () => {
    const page = await open(browser, atlas, path);
    await page.locator(shown).first().waitFor();
    if (path !== "/settings") await page.getByText("<img src=x").first().waitFor({ state: "attached" });
    await harmless(page);
    await page.context().close();
  });
}

test("a pattern's dialog, a note and a search", async () => {
  const page = await open(browser, atlas, "/patterns?text=onerror");
  await page.getByRole("button", { name: /<img/ }).click();
  await page.getByRole("dialog").getByText("<script>").first().waitFor();
  await page.getByRole("button", { name: "Change", exact: true }).click();
  assert.equal(await page.getByLabel("Step 1: what to do").inputValue(), EVIL);
  await page.keyboard.press("Escape");
  await page.getByRole("combobox", { name: /^Search/ }).fill("<img src=x onerror");
  await page.getByRole("option", { name: /<img/ }).first().waitFor();
  await harmless(page);
  await page.context().close();
});

test("a file's name, and what the server says of the file", async () => {
  const page = await open(browser, atlas, "/settings");
  const dropped = await page.evaluateHandle((name) => {
    const data = new DataTransfer();
    data.items.add(new File([`key,summary\n${name}`], `${name}.csv`));
    return data;
  }, EVIL.replaceAll("/", ""));
  await page.locator(".drop").waitFor();
  await page.dispatchEvent(".drop", "drop", { dataTransfer: dropped });
  await page.locator(".import .preview, .import .bad").first().waitFor();
  const ready = page.getByRole("button", { name: "Import", exact: true });
  if (await ready.count()) await ready.click();
  await page.locator(".import .good, .import .bad").first().waitFor();
  await harmless(page);
  await page.context().close();
});

test("the address is no way in", async () => {
  for (const path of [`/tickets/${encodeURIComponent(EVIL)}`, `/${encodeURIComponent("<img src=x onerror=alert(1)>")}`, "/tickets/%E0%A4%A", `/settings?part=${encodeURIComponent('"]<img>')}`]) {
    const page = await open(browser, atlas, path);
    await page.locator("h1, body").first().waitFor();
    await page.waitForTimeout(150);
    page.problems = page.problems.filter((problem) => !/status of (400|404)/.test(problem));
    await harmless(page);
    await page.context().close();
  }
});

test("the policy holds: an inline script does not run, another host is not asked", async () => {
  const page = await open(browser, atlas, "/");
  const policy = (await page.request.get(`${atlas.base}/`)).headers()["content-security-policy"];
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe/);
  const ran = await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "globalThis.evil = true";
    document.body.append(script);
    return globalThis.evil === true;
  });
  assert.equal(ran, false);
  await page.context().close();
});
