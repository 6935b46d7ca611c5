// The officers' pages in the oldest browser that they are made for: Chromium 86, on which the domestic browsers are built. npm
// has it in chrome-aws-lambda; playwright does not speak to one so old, puppeteer of its time does. Settings: $FLOOR, from
// floor_test.go.
import assert from "node:assert/strict";
import { createReadStream, createWriteStream, mkdirSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress } from "node:zlib";

import puppeteer from "puppeteer-core";

import { choose, click, write } from "./browser.mjs";

const { site, password, account, folder, out, executable } = JSON.parse(process.env.FLOOR);
mkdirSync(out, { recursive: true });

async function unpack() {
  const path = join(folder, "chromium");
  await pipeline(createReadStream("node_modules/chrome-aws-lambda/bin/chromium.br"), createBrotliDecompress(), createWriteStream(path, { mode: 0o755 }));
  return path;
}

const browser = await puppeteer.launch({
  executablePath: executable || await unpack(), timeout: 60_000, userDataDir: join(folder, "profile"),
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--lang=zh-CN", "--no-first-run", "--disable-background-networking", "--disable-sync"],
  defaultViewport: { width: 1366, height: 768 },
});
const complaints = [];
try {
  const version = await browser.version();
  assert.match(version, /Chrome\/86\./);
  console.log(version);

  const page = await browser.newPage();
  page.setDefaultTimeout(30_000);
  page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) complaints.push(`${page.url()}: ${message.text()}`);
  });
  // This puppeteer has no wheel yet.
  const { mouse } = page;
  const session = await page.target().createCDPSession();
  mouse.wheel = (deltaX, deltaY) => session.send("Input.dispatchMouseEvent", { type: "mouseWheel", x: mouse._x, y: mouse._y, deltaX, deltaY });
  const path = () => new URL(page.url()).pathname;
  const go = (to) => page.goto(new URL(to, site).href, { waitUntil: "load" });
  const until = (fn, ...args) => page.waitForFunction(fn, {}, ...args);
  // inPlace does what brings another page, and holds that it came without a load.
  const inPlace = async (act) => {
    const before = await page.evaluate(() => [performance.timeOrigin, document.documentElement.dataset.moves]);
    await act();
    await until((moves) => document.documentElement.dataset.moves !== moves, before[1]);
    const after = await page.evaluate(() => [performance.timeOrigin, document.documentElement.dataset.moves]);
    assert.equal(after[0], before[0], "a full load");
  };
  const look = async (name) => {
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    await page.screenshot({ path: join(out, `${name}.png`) });
    assert.ok(wide <= 0, `${name}: ${wide} px wider than the window`);
  };

  await go("/login");
  await write(page, "#account", account);
  await write(page, "#password", password);
  await Promise.all([page.waitForNavigation(), click(page, "button.primary")]);
  assert.equal(path(), "/");

  // The libraries stand and the scripts took the page.
  assert.equal(await page.evaluate(() => window.htmx.version), "2.0.11");
  assert.equal(await page.evaluate(() => typeof window.Idiomorph.morph), "function");
  assert.ok(await page.$eval("html", (html) => html.classList.contains("scripted")));
  await look("desk");

  // J and K.
  const on = () => page.$eval("tr.row.on", (row) => row.id);
  const rows = await page.$$eval("tr.row", (all) => all.map((row) => row.id));
  assert.ok(rows.length > 2, "the list is too short to walk");
  assert.equal(await on(), rows[0]);
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  assert.equal(await on(), rows[2]);
  await page.keyboard.press("k");
  assert.equal(await on(), rows[1]);

  // A filter.
  const filter = await page.$eval("#filters select", (select) => ({ name: select.name, value: [...select.options].map((o) => o.value).find((v) => v && v !== select.value) }));
  await inPlace(() => choose(page, `#filters select[name="${filter.name}"]`, filter.value));
  assert.equal(new URL(page.url()).searchParams.get(filter.name), filter.value);
  await look("desk-filtered");

  // A case by click.
  await go("/");
  await inPlace(() => click(page, "tr.row td.title a"));
  assert.match(path(), /^\/cases\//);
  assert.equal(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle), "none", "a ring around what got the focus by mouse");
  await look("case");

  // The pages of this officer's own tasks, until one has the editor and one is a call.
  await go("/");
  const tasks = [...new Set(await page.$$eval("tr.row td.title a", (links) => links.map((a) => a.getAttribute("href"))))];
  let draft = "", call = "";
  for (const task of tasks) {
    if (draft && call) break;
    await go(task);
    const address = await page.evaluate(() => {
      const to = document.querySelector("main a[href$='/draft'], main a[href$='/call']");
      return { draft: Boolean(document.querySelector("#editor")), call: Boolean(document.querySelector(".call-outcomes")), to: to && to.getAttribute("href") };
    });
    if (!draft && address.draft) draft = task;
    if (!call && address.call) call = task;
  }
  assert.ok(draft, `no task of ${account} has a reply to write`);
  assert.ok(call, `no task of ${account} is a call`);

  // The reply: typed, kept, and there again after a load.
  await go(draft);
  const words = "在八六版浏览器里写下的一句。";
  await until(() => document.querySelector("#editor").offsetHeight > 0 && document.getElementById("body"));
  await click(page, "#body");
  await page.keyboard.down("Control");
  await page.keyboard.press("End");
  await page.keyboard.up("Control");
  const state = await page.$eval("#draft-state", (p) => p.textContent);
  await page.keyboard.type(words);
  await until((before) => {
    const said = document.getElementById("draft-state");
    return said && said.textContent !== before && /已存/.test(said.textContent) && !said.classList.contains("unsaved");
  }, state);
  console.log("reply:", await page.$eval("#draft-state", (p) => p.textContent));
  await look("draft");
  await go(draft);
  assert.ok((await page.$eval("#body", (body) => body.value)).includes(words), "the reply lost what was typed");

  // The call: 1, 2 and 3 choose how it went.
  await go(call);
  for (const [key, value] of [["1", "reached"], ["2", "no_answer"], ["3", "call_back"]]) {
    await click(page, "h1"); // 3 goes on to the time of the next call
    await page.keyboard.press(key);
    assert.equal(await page.$eval(".call-outcomes input:checked", (input) => input.value), value, `key ${key}`);
  }
  await look("call");

} finally {
  await browser.close();
}
assert.deepEqual(complaints, []);
