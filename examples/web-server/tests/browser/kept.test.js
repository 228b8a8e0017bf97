// Nothing is lost on the way: sessions with their notes, edited steps, ratings, drafts, answers,
// imports, and long lists.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open, testbed } from "./atlas.js";

const { atlas, browser, on } = await testbed();

const card = (page, place = 0) => page.locator("[data-scenario]").nth(place);
const clipboard = (page) => page.evaluate(() => navigator.clipboard.readText());

on("/tickets/WRKA-1240", "edited steps are what is copied and what the session has, without a reload", async (page) => {
  await card(page).getByRole("button", { name: "Modify" }).click();
  await page.getByLabel("Step 1: what to do").fill("Open the form as an auditor");
  await page.getByRole("button", { name: "Keep these steps" }).click();
  await card(page).getByRole("button", { name: "Modified" }).waitFor();
  await page.getByRole("button", { name: "Copy" }).click();
  await page.getByRole("menuitem", { name: "As Markdown" }).click();
  await page.getByText("Markdown copied.").waitFor();
  assert.match(await clipboard(page), /1\. Open the form as an auditor/);
  await page.getByRole("button", { name: "Start session" }).click();
  await page.waitForURL("**/session");
  await page.getByText("Open the form as an auditor").waitFor();
  const session = await atlas.call("GET", "/session/current");
  assert.equal(session.plan[0].test_steps[0].action, "Open the form as an auditor");
  assert.equal(session.plan[0].steps, session.plan[0].test_steps.length);
});

on("/session", "a finished session has a page with its steps, notes, times and points", async (page) => {
  await page.locator(".plan .step input").first().check();
  await page.getByLabel("Something to remember").fill("The *form* flickered");
  await page.getByRole("button", { name: "Write it down" }).click();
  await page.locator(".session-notes li").waitFor();
  await page.locator(".timer").getByRole("button", { name: "End" }).click();
  await page.getByRole("radio", { name: /Defect found/ }).check();
  await page.getByRole("button", { name: "End the session" }).click();
  await page.getByRole("link", { name: "The session, with its notes" }).click();
  await page.waitForURL("**/sessions/*");
  const path = new URL(page.url()).pathname;
  for (let visit = 0; visit < 2; visit += 1) {
    await page.getByText("The *form* flickered").waitFor();
    await page.getByText("Open the form as an auditor").waitFor();
    assert.equal(await page.locator(".tested .tag.good").count(), 1);
    await page.getByRole("heading", { name: /^\+\d+ XP$/ }).waitFor();
    await page.getByText("Defect found").first().waitFor();
    await page.getByText("Time at work").waitFor();
    await page.reload();
  }
  await page.getByRole("button", { name: "Copy as a comment" }).click();
  await page.getByRole("menuitem", { name: "For Jira" }).click();
  await page.getByText("Comment copied.").waitFor();
  const comment = await clipboard(page);
  assert.match(comment, /^\*Tested: Defect found\*/);
  assert.match(comment, /^# \(done\) /m);
  assert.ok(comment.includes("* The \\*form\\* flickered"), comment);
  for (const from of ["/tickets/WRKA-1240", "/", "/session"]) {
    await page.goto(atlas.base + from);
    await page.locator(`a[href="${path}"]`).first().waitFor();
  }
});

on("/tickets/WRKA-1234", "the dialog shows what is stored, and what is not mentioned stays", async (page) => {
  const rate = () => card(page).getByRole("button", { name: /^(Rate|\d of 5)$/ }).click();
  const dialog = page.getByRole("dialog");
  await rate();
  await dialog.getByRole("radio", { name: "4 of 5" }).click();
  await page.getByLabel("Minutes that it took").fill("35");
  await page.getByLabel("Remark").fill("Needs two accounts");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await dialog.waitFor({ state: "detached" });
  await card(page).getByText("Needs two accounts").waitFor();
  await page.reload();
  await rate();
  assert.equal(await page.getByLabel("Minutes that it took").inputValue(), "35");
  assert.equal(await page.getByLabel("Remark").inputValue(), "Needs two accounts");
  await dialog.getByRole("radio", { name: "2 of 5" }).click();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await card(page).getByRole("button", { name: "2 of 5" }).waitFor();
  // A bare answer after it mentions none of the three.
  await card(page).getByRole("button", { name: "Reject" }).click();
  await card(page).getByRole("button", { name: "Rejected" }).waitFor();
  await rate();
  assert.equal(await page.getByLabel("Minutes that it took").inputValue(), "35");
  // What is emptied here is cleared, and stays so.
  await page.getByLabel("Remark").fill("");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await card(page).getByText("Needs two accounts").waitFor({ state: "detached" });
  await page.reload();
  await rate();
  assert.equal(await page.getByLabel("Remark").inputValue(), "");
  assert.equal(await page.getByLabel("Minutes that it took").inputValue(), "35");
});

on("/tickets/WRKA-1246", "answers are taken back on the button and in their history, at any time", async (page) => {
  const answers = async () => (await atlas.call("GET", "/tickets/WRKA-1246/feedback")).items.length;
  const accept = card(page).getByRole("button", { name: "Accept" });
  await accept.dblclick();
  await card(page).getByRole("button", { name: /^Accept(ed)?$/ }).waitFor();
  await page.waitForTimeout(300);
  assert.ok((await answers()) <= 1, "two presses are no two answers");
  if ((await answers()) === 0) await card(page).getByRole("button", { name: "Accept" }).click();
  await card(page).getByRole("button", { name: "Accepted" }).waitFor();
  await page.reload();
  await card(page).getByRole("button", { name: "Accepted" }).click();
  await card(page).getByRole("button", { name: "Accept", exact: true }).waitFor();
  assert.equal(await answers(), 0);
  await card(page, 1).getByRole("button", { name: "Reject" }).click();
  await card(page, 1).getByRole("button", { name: "Rejected" }).waitFor();
  await page.reload();
  await page.getByRole("region", { name: "Your answers" }).getByRole("button", { name: /^Take back: Rejected/ }).click();
  await card(page, 1).getByRole("button", { name: "Reject", exact: true }).waitFor();
  assert.equal(await answers(), 0);
});

on("/tickets/WRKA-1228", "what is typed is kept over Escape, navigation and reload, until it is thrown away", async (page) => {
  const note = page.getByLabel("Your note on WRKA-1228");
  await note.fill("Half of a thought");
  await card(page).getByRole("button", { name: "Modify" }).click();
  await page.getByLabel("Step 1: what to do").fill("Not kept yet");
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.getByRole("link", { name: "My work" }).click();
  await page.locator(".work").first().waitFor();
  await page.goto(`${atlas.base}/tickets/WRKA-1228`);
  await card(page).waitFor();
  assert.equal(await note.inputValue(), "Half of a thought");
  await card(page).getByRole("button", { name: "Modify" }).click();
  assert.equal(await page.getByLabel("Step 1: what to do").inputValue(), "Not kept yet");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Throw it away" }).click();
  await dialog.getByRole("button", { name: "No, keep it" }).click();
  assert.equal(await page.getByLabel("Step 1: what to do").inputValue(), "Not kept yet");
  await dialog.getByRole("button", { name: "Throw it away" }).click();
  await dialog.getByRole("button", { name: "Yes, throw it away" }).click();
  assert.notEqual(await page.getByLabel("Step 1: what to do").inputValue(), "Not kept yet");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Save note" }).click();
  await page.getByText("Note saved.").waitFor();
  await page.reload();
  await card(page).waitFor();
  assert.equal(await page.getByText("is not saved yet").count(), 0);
});

on("/settings?part=data", "the content tells what a file is, and a look comes before the import", async (page) => {
  const drop = async (name, text) => {
    const dropped = await page.evaluateHandle(
      ([name, text]) => {
        const data = new DataTransfer();
        data.items.add(new File([text], name));
        return data;
      },
      [name, text],
    );
    await page.dispatchEvent(".drop", "drop", { dataTransfer: dropped });
  };
  await page.locator(".drop").waitFor();
  const before = (await atlas.call("GET", "/imports?limit=50")).items.length;
  const tickets = Array.from({ length: 5 }, (_, i) => `LAT-${i + 1},Ticket ${i + 1},To Do,seen`).join("\n");
  // By its name it would be test cases.
  await drop("latest test results.csv", `key,summary,status,odd\n${tickets}\n`);
  await page.getByText("By its content this is: Tickets").waitFor();
  await page.getByText("LAT-1 Ticket 1").waitFor();
  assert.equal(await page.getByText("LAT-4 Ticket 4").count(), 0);
  await page.getByText(/^5 new, 0 changed/).waitFor();
  await page.getByText(/Columns that were not used: odd/).waitFor();
  assert.equal((await atlas.call("GET", "/imports?limit=50")).items.length, before);
  await drop("tickets.csv", "Name,Type,Steps\nLog in,Authentication,Open the page\n");
  await page.getByText("By its content this is: Test patterns").waitFor();
  await drop("cases.csv", "ticket_key,test_key,verdict\nWRKA-1234,TP-1,right\n");
  await page.getByText("By its content this is: History").waitFor();
  await page.getByRole("button", { name: "Take cases.csv off the list" }).click();
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await page.getByRole("button", { name: "Take back latest test results.csv" }).first().click();
  await page.getByText(/^Taken back: 5 removed, 0 as before/).first().waitFor();
  await page.getByRole("button", { name: "Take back tickets.csv" }).first().click();
  await page.getByText(/^Taken back: 1 removed, 0 as before/).first().waitFor();
});

test("/my-work: filter, order and search see all tickets, and the list has an end", async () => {
  const form = new FormData();
  const rows = Array.from({ length: 130 }, (_, i) => `MM-${2400 + i},Ticket number ${i},To Do,${i % 2 ? "Kim" : "Ann"},${i === 129 ? "Blocker" : "Low"}`);
  form.append("kind", "tickets");
  form.append("file", new File([`key,summary,status,assignee,priority\n${rows.join("\n")}\n`], "many.csv"));
  assert.equal((await atlas.call("POST", "/import", form)).new, 130);
  const page = await open(browser, atlas, "/my-work");
  const work = page.locator(".work");
  await work.first().waitFor();
  await page.getByLabel("Filter by words").fill("MM-24");
  await page.getByText("50 tickets of 100").waitFor();
  await page.getByRole("button", { name: "Show more" }).click();
  await page.getByText("100 tickets of 100").waitFor();
  assert.equal(await page.getByRole("button", { name: "Show more" }).count(), 0);
  await page.getByLabel("Filter by words").fill("mm-25");
  await page.getByText("30 tickets of 30").waitFor();
  await page.getByLabel("Order").selectOption("key");
  await page.waitForFunction(() => document.querySelector(".work .key").textContent === "MM-2500");
  await page.getByLabel("Whose").selectOption("Kim");
  await page.getByText("15 tickets of 15").waitFor();
  const keys = await page.locator(".work .key").allTextContents();
  assert.equal(keys[0], "MM-2501");
  // A ticket far down the list is found by its title.
  await page.getByLabel("Whose").selectOption("");
  await page.getByLabel("Filter by words").fill("number 77");
  await page.getByText("1 ticket of 1").waitFor();
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test("a text from right to left is drawn so, and paper and forced colors lose nothing", async () => {
  const form = new FormData();
  form.append("kind", "tickets");
  form.append("file", new File(["key,summary,status\nRTL-1,الدخول لا يعمل,To Do\n"], "rtl.csv"));
  await atlas.call("POST", "/import", form);
  const page = await open(browser, atlas, "/tickets/RTL-1");
  await page.getByRole("heading", { level: 1, name: "الدخول لا يعمل" }).waitFor();
  const direction = () => page.evaluate(() => getComputedStyle(document.querySelector("h1")).direction);
  assert.equal(await direction(), "rtl");
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator(".side").isVisible(), false);
  assert.equal(await page.locator("h1").isVisible(), true);
  assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector(".main")).marginLeft), "0px");
  await page.emulateMedia({ media: "screen", forcedColors: "active" });
  assert.notEqual(await page.evaluate(() => getComputedStyle(document.querySelector(".tag")).borderTopStyle), "none");
  assert.deepEqual(page.problems, []);
  await page.context().close();
});
