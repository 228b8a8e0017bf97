// The pages' files themselves: what they import is there, what the first page needs is preloaded,
// and nothing in them could turn a text into a tag or ask for something from elsewhere.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../pages", import.meta.url));
const files = readdirSync(ROOT, { recursive: true }).filter((file) => /\.(js|css|html|svg)$/.test(file) && !file.includes("vendor"));
const read = (file) => readFileSync(join(ROOT, file), "utf8");
const shell = read("index.html");

function imports(file) {
  return [...read(file).matchAll(/from "(\.[^"]+)"/g)].map(([, path]) => normalize(join(dirname(file), path)));
}

function needed(file, seen = new Set()) {
  if (seen.has(file)) return seen;
  seen.add(file);
  if (!file.includes("vendor")) imports(file).forEach((path) => needed(path, seen));
  return seen;
}

test("every import leads to a file", () => {
  for (const file of files.filter((file) => file.endsWith(".js"))) {
    for (const path of imports(file)) assert.doesNotThrow(() => read(path), `${file} imports ${path}`);
  }
});

test("the shell preloads what the dashboard needs, and nothing else", () => {
  const preloaded = [...shell.matchAll(/modulepreload" href="\/([^"]+)"/g)].map(([, path]) => path);
  const wanted = new Set([...needed("assets/app.js"), ...needed("assets/pages/dashboard.js")]);
  wanted.delete("assets/app.js");
  assert.deepEqual(preloaded.sort(), [...wanted].sort());
});

test("the early reads are those of the dashboard", () => {
  const paths = [...read("assets/early.js").matchAll(/"(\/[^"]+)"/g)].map(([, path]) => path);
  const dashboard = read("assets/pages/dashboard.js").replace("${DAYS}", "371");
  for (const path of paths.filter((path) => path.length > 1)) assert.ok(dashboard.includes(path), `${path} is asked for early and not used`);
});

test("no text becomes markup, and nothing is inline", () => {
  for (const file of files.filter((file) => file.endsWith(".js"))) {
    assert.doesNotMatch(read(file), /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc|javascript:/i, file);
  }
  assert.doesNotMatch(shell, /<script(?![^>]+src=)|\sstyle=|\son[a-z]+=|<style/);
});

test("no file names another host", () => {
  for (const file of files) {
    // What a namespace is called, and an example to type, are not asked for.
    const hosts = read(file).replaceAll("http://www.w3.org/2000/svg", "").replaceAll("https://example.atlassian.net", "");
    assert.doesNotMatch(hosts, /(https?:)?\/\/[a-z0-9-]+\.[a-z]/i, file);
  }
});
