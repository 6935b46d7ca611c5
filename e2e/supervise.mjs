// The morning of who supervises, by the mouse: every figure opens just the cases that it counts, how a case runs is told, and the engine's page and
// the table for the year can be read, on a desk and on a phone.
import assert from "node:assert/strict";

import { click, login, moved, newPage, phone } from "./browser.mjs";

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
  await moved(page, () => click(page, page.locator('.acts a.button[href$="/process"]').first()));
  await look(page, "process");
  assert.ok(await page.locator("#runs").isVisible() && !await page.locator(".process .late", { hasText: "引擎没有应答" }).count(), "the engine does not tell how the case runs");
  await page.goto("/statistics/table");
  await look(page, "statistics-table");
  await page.goto("/operation");
  await look(page, "operation");
  const runs = await newPage(browser, site, { viewport: phone, finger: true });
  await login(runs, account, password);
  await runs.goto("/language?to=en&back=/operation");
  await look(runs, "operation-phone");
  await runs.goto("/overview");
  const late = await runs.locator('.acts a.button[href$="/process"]').first().getAttribute("href");
  await runs.goto(late);
  await look(runs, "process-phone");
  await runs.context().close();
  await page.context().close();
}
