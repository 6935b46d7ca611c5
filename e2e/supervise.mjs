// The morning of who supervises, by the mouse: every figure opens just the cases that it counts, how a case runs is told, and the engine's page and
// the table for the year can be read, on a desk and on a phone.
import assert from "node:assert/strict";

import { click, effort, login, moved, newPage, phone, write } from "./browser.mjs";

// counted opens the list behind a figure and sees that it is as long as the figure says.
async function counted(page, figure) {
  const n = Number((await figure.textContent()).match(/\d+/)[0]);
  const path = new URL(page.url()).pathname;
  await moved(page, () => click(page, figure));
  const total = Number((await page.locator(".list-head h1").textContent()).match(/\d+/)[0]);
  assert.equal(total, n, `${page.url()} lists ${total} cases, the figure said ${n}`);
  await moved(page, () => page.goBack());
  assert.equal(new URL(page.url()).pathname, path);
}

// atRisk urges the cases most at risk, ten or more, from the morning page, and tells what it took at a hand's pace.
async function atRisk(page, look) {
  await page.goto("/overview");
  const before = { ...effort(page) };
  const sort = page.locator("[aria-labelledby=decide] h3", { has: page.locator('a[href*="only=behind"]') });
  await moved(page, () => click(page, sort.locator('a[href^="/bulk/new"]')));
  const rows = await page.locator('input[name="task"]').count();
  assert.ok(rows >= 10, `of the cases at risk only ${rows} can be urged at once`);
  await write(page, "#reason", "请今天报进度，送不出来的说明卡在哪里。");
  await look(page, "urge");
  await moved(page, () => click(page, ".bar button.primary"));
  await page.waitForFunction(() => !document.querySelector("#bulk-bar[data-under-way]"));
  const done = await page.locator("#bulk-items .became .ok").count();
  assert.equal(done, rows, `${done} of ${rows} were urged`);
  await look(page, "urged");
  await moved(page, () => click(page, ".bar a.button"));
  assert.equal(new URL(page.url()).pathname, "/overview");
  assert.equal(await sort.locator("xpath=following-sibling::ol[1]").locator(".button").count(), 0, "what was urged can be urged again");
  const now = effort(page);
  console.log(`${done} cases at risk urged: ${now.clicks - before.clicks} clicks, ${Math.round(now.seconds - before.seconds)} s at a hand's pace`);
}

export async function supervise(browser, { site, password, account, look }) {
  const page = await newPage(browser, site);
  await login(page, account, password);
  await page.goto("/overview");
  await look(page, "overview");
  await counted(page, page.locator(".runway-says a").first());
  await counted(page, page.locator("[aria-labelledby=gates] td a").first());
  await click(page, "[aria-labelledby=runway] summary");
  await click(page, "[aria-labelledby=ageing] summary");
  await counted(page, page.locator(".ages td a").first());
  await look(page, "overview-table");
  await moved(page, () => click(page, page.locator('.acts a[href$="/process"]').first()));
  await look(page, "process");
  assert.ok(await page.locator("#runs").isVisible() && !await page.locator(".process .late", { hasText: "引擎没有应答" }).count(), "the engine does not tell how the case runs");
  await atRisk(page, look);
  await page.goto("/statistics/table");
  await look(page, "statistics-table");
  await page.goto("/operation");
  await look(page, "operation");
  const runs = await newPage(browser, site, { viewport: phone, finger: true });
  await login(runs, account, password);
  await runs.goto("/language?to=en&back=/operation");
  await look(runs, "operation-phone");
  await runs.goto("/overview");
  const late = await runs.locator('.acts a[href$="/process"]').first().getAttribute("href");
  await runs.goto(late);
  await look(runs, "process-phone");
  await runs.context().close();
  await page.context().close();
}
