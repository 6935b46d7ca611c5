// The morning of who supervises, by the mouse: every figure opens just the cases that it counts, how a case runs is told, and the engine's page and
// the table for the year can be read, on a desk and on a phone.
import assert from "node:assert/strict";

import { choose, click, effort, login, moved, newPage, phone, write } from "./browser.mjs";

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
  assert.equal(await page.locator('form[action$="/undo"]').count(), 0, "urging is offered to be taken back");
  await look(page, "urged");
  await moved(page, () => click(page, ".bar a.button"));
  assert.equal(new URL(page.url()).pathname, "/overview");
  assert.equal(await sort.locator("xpath=following-sibling::ol[1]").locator(".button").count(), 0, "what was urged can be urged again");
  const now = effort(page);
  console.log(`${done} cases at risk urged: ${now.clicks - before.clicks} clicks, ${Math.round(now.seconds - before.seconds)} s at a hand's pace`);
}

// watched: what who supervises came for stands in view on the page of a case, on a desk and on a phone, and opens its form.
async function watched(page, look, name) {
  await page.goto("/cases?within=overdue");
  await moved(page, () => click(page, "tr.row td.title a"));
  await look(page, name);
  await moved(page, () => click(page, '#case-bar > a[href^="?do=urge"]'));
  await page.waitForSelector('#act[action$="/act/urge"]');
}

// shared: the head of a division gives the cases of one on the board to another, takes it back, and comes back to the board.
async function shared(page, look) {
  await page.goto("/overview");
  for (const box of await page.locator("table.board input[type=checkbox]").all()) await click(page, box);
  await moved(page, () => click(page, "#share button"));
  for (const n of [0, 1]) await click(page, page.locator('input[name="task"]').nth(n));
  await choose(page, "#whom", await page.locator("#whom option").nth(1).getAttribute("value"));
  await write(page, "#reason", "两人的件数拉平。");
  await look(page, "share");
  await moved(page, () => click(page, ".bar button.primary"));
  await page.waitForFunction(() => !document.querySelector("#bulk-bar[data-under-way]"));
  await moved(page, () => click(page, 'form[action$="/undo"] button'));
  await page.waitForFunction(() => !document.querySelector("#bulk-bar[data-under-way]"));
  await look(page, "shared");
  await moved(page, () => click(page, ".bar a.button"));
  assert.equal(new URL(page.url()).pathname, "/overview", "who gave cases of the board to another comes back elsewhere");
}

// digest fits one screen of a phone, the daily and the weekly, in both languages.
async function digest(page, look) {
  for (const to of ["zh", "en"]) {
    await page.goto(`/language?to=${to}&back=/digest`);
    for (const path of ["/digest", "/digest?weekly=1"]) {
      await page.goto(path);
      await look(page, `digest-phone-${to}`);
      const height = await page.evaluate(() => document.documentElement.scrollHeight);
      assert.ok(height <= phone.height, `${path} in ${to} is ${height} px high, a phone has ${phone.height}`);
    }
  }
}

// walked goes from mark to mark of the ages by the arrow keys: Tab comes to one of them, Enter opens what it stands for.
async function walked(page) {
  const marks = page.locator(".ageing a.mark");
  const here = () => page.evaluate(() => [...document.querySelectorAll(".ageing a.mark")].indexOf(document.activeElement));
  assert.ok(await marks.count() > 2, "there are too few marks to walk on");
  assert.equal(await page.locator('.ageing a.mark[tabindex="0"]').count(), 1, "Tab comes to more than one mark");
  await click(page, "[aria-labelledby=runway] summary");
  for (let tabs = 0; tabs < 100 && await here() < 0; tabs++) await page.keyboard.press("Tab");
  assert.equal(await here(), 0, "Tab does not come to the first mark");
  for (const [key, at] of [["ArrowRight", 1], ["ArrowDown", 2], ["ArrowLeft", 1], ["ArrowUp", 0], ["ArrowLeft", 0], ["ArrowRight", 1]]) {
    await page.keyboard.press(key);
    assert.equal(await here(), at, `${key} leads to another mark`);
  }
  const opens = await marks.nth(1).getAttribute("href");
  await moved(page, () => page.keyboard.press("Enter"));
  const { pathname, search } = new URL(page.url());
  assert.equal(pathname + search, new URL(opens, page.url()).pathname + new URL(opens, page.url()).search, "Enter opens something else");
  await page.goto("/overview");
}

export async function supervise(browser, { site, password, account, head, look }) {
  const page = await newPage(browser, site);
  await login(page, account, password);
  await page.goto("/overview");
  await look(page, "overview");
  await counted(page, page.locator(".runway-says a").first());
  await counted(page, page.locator("[aria-labelledby=gates] td a").first());
  await walked(page);
  await click(page, "[aria-labelledby=runway] summary");
  await click(page, "[aria-labelledby=ageing] summary");
  await counted(page, page.locator(".ages td a").first());
  await look(page, "overview-table");
  await moved(page, () => click(page, page.locator('.acts a[href$="/process"]').first()));
  await look(page, "process");
  assert.ok(await page.locator("#runs").isVisible() && !await page.locator(".process .late", { hasText: "引擎没有应答" }).count(), "the engine does not tell how the case runs");
  await watched(page, look, "case-supervised");
  await atRisk(page, look);
  await page.goto("/statistics/table");
  await look(page, "statistics-table");
  await page.goto("/statistics/back");
  await look(page, "statistics-back");
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
  await watched(runs, look, "case-supervised-phone");
  await digest(runs, look);
  await runs.context().close();
  await page.context().close();
  const board = await newPage(browser, site);
  await login(board, head, password);
  await shared(board, look);
  await board.context().close();
}
