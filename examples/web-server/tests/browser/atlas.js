// A server with a database of its own, and a browser, for the tests.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const BINARY = process.env.ATLAS_WEB ?? fileURLToPath(new URL("../../../../target/debug/atlas-web", import.meta.url));
const BROWSER = process.env.CHROMIUM ?? "/usr/bin/chromium";
/** How long the server may take to answer, in milliseconds. */
const START = 20_000;

/** A server on a port of its own; `stop` and `start` end and begin it on the same database. */
export class Atlas {
  #child = null;

  constructor({ sample }) {
    this.folder = mkdtempSync(join(tmpdir(), "atlas-web-"));
    this.sample = sample;
  }

  static async start({ sample = true } = {}) {
    const atlas = new Atlas({ sample });
    atlas.port = await freePort();
    await atlas.start();
    return atlas;
  }

  get base() {
    return `http://127.0.0.1:${this.port}`;
  }

  async start() {
    const sample = this.sample ? ["--sample"] : [];
    const options = ["--db", join(this.folder, "test.db"), "--port", String(this.port), ...sample];
    // A working folder of its own: no .env of the developer's is read.
    this.#child = spawn(BINARY, options, { cwd: this.folder, stdio: ["ignore", "ignore", "inherit"] });
    const failed = new Promise((_, reject) => this.#child.once("error", reject));
    await Promise.race([this.#answers(), failed]);
  }

  async #answers() {
    for (const end = Date.now() + START; Date.now() < end; ) {
      try {
        if ((await fetch(`${this.base}/health`)).ok) return;
      } catch {
        // Not yet.
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error("the server does not answer");
  }

  async stop() {
    const child = this.#child;
    if (child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await ended;
  }

  async remove() {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** A call of the API; gives the data of the envelope. */
  async call(method, path, body) {
    const init = { method };
    if (body instanceof FormData) init.body = body;
    else if (body) Object.assign(init, { body: JSON.stringify(body), headers: { "content-type": "application/json" } });
    const response = await fetch(`${this.base}/api/atlas${path}`, init);
    if (response.status === 204) return null;
    const answer = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${answer.error.code}: ${answer.error.message}`);
    return answer.data;
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

export const launch = () => chromium.launch({ executablePath: BROWSER, args: ["--no-sandbox"] });

/**
 * A page that collects in `problems` what must never be: errors and warnings of the console,
 * requests to elsewhere, dialogs of the browser.
 */
export async function open(browser, atlas, path, { theme = "light", width = 1280, height = 900 } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme, reducedMotion: "reduce", permissions: ["clipboard-read", "clipboard-write"] });
  const page = await context.newPage();
  page.problems = [];
  page.setDefaultTimeout(10_000);
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && page.problems.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => page.problems.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => {
    page.problems.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith("http") && url.origin !== atlas.base) page.problems.push(`request to ${url.origin}`);
  });
  if (path) await page.goto(atlas.base + path);
  return page;
}

/**
 * The server and the browser of a file's tests, which end with them. `on` adds a test of one page
 * that must have no problems.
 */
export async function testbed() {
  const [atlas, browser] = await Promise.all([Atlas.start(), launch()]);
  after(async () => {
    await browser.close();
    await atlas.remove();
  });
  const on = (path, name, run, options) =>
    test(`${path}: ${name}`, async () => {
      const page = await open(browser, atlas, path, options);
      await run(page);
      assert.deepEqual(page.problems, []);
      await page.context().close();
    });
  return { atlas, browser, on };
}
