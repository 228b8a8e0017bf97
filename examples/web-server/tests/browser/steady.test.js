// A page that is used for long: refreshed while one types, left alone by its server, used without
// a mouse, in both themes and every width, by who cannot see it.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { before, test } from "node:test";
import { open, testbed } from "./atlas.js";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const PAGES = ["/", "/my-work", "/tickets/WRKA-1234", "/tickets/new?text=Export%20drops%20umlauts", "/session", "/sessions/1", "/patterns", "/achievements", "/accuracy", "/settings", "/no-such-page"];

const { atlas, browser } = await testbed();

before(async () => {
  // A session that has ended, so that its page is looked at too.
  const { prediction_id: prediction } = await atlas.call("POST", "/predict", { ticket_key: "WRKA-1228", top_k: 2 });
  await atlas.call("POST", "/session/start", { ticket_key: "WRKA-1228", prediction_id: prediction });
  await atlas.call("POST", "/session/note", { text: "Seen twice" });
  await atlas.call("POST", "/session/end", { outcome: "passed", steps_completed: 1 });
});

/** Waits until nothing is being read any more. */
const settled = (page) => page.waitForFunction(() => document.querySelector("h1") && !document.querySelector(".bone") && !document.querySelector(".chart canvas:not([width])"));

for (const theme of ["light", "dark"]) {
  test(`axe finds nothing wrong, ${theme}`, async () => {
    for (const path of PAGES) {
      const page = await open(browser, atlas, path, { theme });
      if (path === "/accuracy") await page.locator(".sentence").waitFor({ timeout: 60_000 });
      await settled(page);
      // The test looks from outside the page's own policy.
      await page.evaluate(await import("node:fs").then(({ readFileSync }) => readFileSync(AXE, "utf8")));
      const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
      const found = violations.map(({ id, nodes }) => `${path} ${id}: ${nodes.map((node) => node.target.join(" ")).slice(0, 4).join("; ")}`);
      assert.deepEqual(found, []);
      // The browser itself notes the 404 of the page that is none.
      assert.deepEqual(page.problems.filter((problem) => path !== "/no-such-page" || !problem.includes("404")), []);
      await page.context().close();
    }
  });
}

test("nothing is wider than the window, from 360 to 1920 pixels", async () => {
  for (const width of [360, 768, 1280, 1920]) {
    const page = await open(browser, atlas, null, { width });
    for (const path of PAGES) {
      await page.goto(atlas.base + path);
      await settled(page);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(over <= 0, `${path} at ${width} px is ${over} px too wide`);
    }
    await page.context().close();
  }
});

test("nothing jumps while the dashboard is read", async () => {
  const page = await open(browser, atlas, null);
  await page.addInitScript(() => {
    globalThis.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) globalThis.shift += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  for (const path of ["/", "/my-work", "/tickets/WRKA-1219"]) {
    await page.goto(atlas.base + path);
    await settled(page);
    await page.waitForTimeout(300);
    const shift = await page.evaluate(() => globalThis.shift);
    assert.ok(shift < 0.05, `${path}: layout shift ${shift.toFixed(3)}`);
  }
  await page.context().close();
});

test("a refresh leaves what is typed, the caret and the scroll position", async () => {
  const page = await open(browser, atlas, null, { height: 600 });
  await page.clock.install();
  await page.goto(`${atlas.base}/tickets/WRKA-1228`);
  await settled(page);
  const note = page.getByLabel("Your note on WRKA-1228");
  await note.fill("Half of a thou");
  await note.press("ArrowLeft");
  await page.evaluate(() => scrollTo(0, 150));
  const before = await page.evaluate(() => [scrollY, document.activeElement.selectionStart]);
  assert.ok(before[0] > 0, "the page is scrolled");
  await atlas.call("PUT", "/personal/notes/WRKA-1228", { note: "from elsewhere", difficulty: 3 });
  const refreshed = page.waitForResponse((response) => response.url().endsWith("/tickets/WRKA-1228"));
  await page.clock.fastForward(31_000);
  await refreshed;
  await page.getByRole("radio", { name: "3 of 5", checked: true }).waitFor();
  assert.equal(await note.inputValue(), "Half of a thou");
  assert.deepEqual(await page.evaluate(() => [scrollY, document.activeElement.selectionStart]), before);
  assert.ok(await note.evaluate((element) => element === document.activeElement));
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test("a refresh leaves a dialog and a search as they are", async () => {
  const page = await open(browser, atlas, null);
  await page.clock.install();
  await page.goto(`${atlas.base}/patterns`);
  await settled(page);
  await page.getByRole("button", { name: "New pattern" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Not finished");
  await page.clock.fastForward(31_000);
  await page.waitForTimeout(300);
  assert.equal(await page.getByLabel("Name", { exact: true }).inputValue(), "Not finished");
  await page.context().close();
});

test("a server that went away is said, and the page goes on when it is back", async () => {
  const page = await open(browser, atlas, "/my-work");
  await page.locator(".work").first().waitFor();
  await page.getByRole("button", { name: /^Note on/ }).first().click();
  const note = page.locator(".work-noting textarea");
  await note.fill("Typed while the server was there");
  await atlas.stop();
  await page.getByRole("button", { name: "Save note" }).click();
  await page.locator(".away").waitFor();
  assert.ok(await page.locator(".work").first().isVisible(), "what was read is still shown");
  assert.equal(await note.inputValue(), "Typed while the server was there");
  await atlas.start();
  await page.locator(".away").waitFor({ state: "detached", timeout: 20_000 });
  await page.getByRole("button", { name: "Save note" }).click();
  await page.locator(".work-note").first().waitFor();
  // The browser notes each request that found nobody.
  assert.deepEqual(page.problems.filter((problem) => !problem.includes("ERR_CONNECTION_REFUSED")), []);
  await page.context().close();
});

test("everything can be done with the keyboard", async () => {
  const page = await open(browser, atlas, "/");
  await settled(page);
  const keys = async (...list) => {
    for (const key of list) await page.keyboard.press(key);
  };
  await keys("?");
  await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
  await keys("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  for (const [second, title] of [["w", "My work"], ["p", "Patterns"], ["a", "Achievements"], ["s", "Session"], ["e", "Settings"], ["w", "My work"]]) {
    await keys("g", second);
    await page.getByRole("heading", { level: 1, name: title }).waitFor();
  }
  await page.locator(".work").first().waitFor();
  await keys("j", "j", "k", "Enter");
  await page.locator("[data-scenario]").nth(1).waitFor();
  await keys("j", "a");
  await page.getByRole("button", { name: "Accepted", exact: true }).waitFor();
  await keys("j", "r");
  await page.getByRole("button", { name: "Rejected", exact: true }).waitFor();
  await keys("j", "x", "o", "s");
  await page.waitForURL("**/session");
  await page.locator(".plan .step input").first().waitFor();
  await keys("d");
  await page.locator(".plan .step.done").waitFor();
  await keys("p");
  await page.getByRole("button", { name: "Go on" }).waitFor();
  await keys("p", "n");
  await page.keyboard.type("Found with keys only");
  await keys("Control+Enter");
  await page.locator(".session-notes li").waitFor();
  await page.evaluate(() => document.activeElement.blur());
  await keys("e");
  await page.getByRole("dialog").waitFor();
  await keys("Tab", "Enter");
  await page.locator(".result-xp").waitFor();
  await keys("/");
  await page.keyboard.type("WRKA-1234");
  await page.getByRole("option").first().waitFor();
  await keys("Enter");
  await page.waitForURL("**/tickets/WRKA-1234");
  await keys("t");
  await page.locator("html[data-theme=dark]").waitFor();
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test("the first key is a way past the navigation, and shortcuts can be switched off", async () => {
  const page = await open(browser, atlas, "/settings");
  await settled(page);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");
  await page.getByRole("checkbox", { name: /Keyboard shortcuts/ }).uncheck();
  await page.keyboard.press("g");
  await page.keyboard.press("d");
  await page.waitForTimeout(150);
  assert.ok(page.url().endsWith("/settings"));
  await page.context().close();
});
