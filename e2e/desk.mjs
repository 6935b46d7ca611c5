// A desk with five hundred tasks, many cases at once, two officers who race for one, and a batch of replies to sign. Its settings
// come as JSON in $DESK from desk_test.go.
import assert from "node:assert/strict";

import { Witness, choose, click, desk, launch, login, moved, newPage, phone, write } from "./browser.mjs";

const { site, password, first, second, signer, contested, tasks, out } = JSON.parse(process.env.DESK);
const browser = await launch();
const complaints = [];
const witness = new Witness(out);

async function officer(account) {
  const page = await newPage(browser, site, { complaints });
  await login(page, account, password);
  return page;
}

const primary = (page) => moved(page, () => click(page, page.locator(".bar button.primary:visible").first()));

// long shows every task on one page, which must stay light to fetch, to draw and to move in.
async function long(page) {
  const answer = await page.goto("/?show=500");
  const { responseBodySize } = await answer.request().sizes();
  assert.ok(responseBodySize < 100_000, `${responseBodySize} bytes come over the wire`);
  assert.equal(await page.locator("tr.row").count(), tasks);
  const drawn = await page.evaluate(() => ({
    answered: performance.getEntriesByType("navigation")[0].responseEnd,
    painted: performance.getEntriesByName("first-contentful-paint")[0].startTime,
  }));
  await page.waitForTimeout(500); // the scripts have the list
  await page.evaluate(() => {
    window.steps = [];
    addEventListener("keydown", () => {
      const begun = performance.now();
      requestAnimationFrame(() => setTimeout(() => window.steps.push(performance.now() - begun)));
    }, true);
  });
  for (let i = 0; i < 20; i++) {
    await page.keyboard.press("j");
    await page.waitForFunction((n) => window.steps.length === n, i + 1);
  }
  const steps = await page.evaluate(() => window.steps.sort((a, b) => a - b));
  console.log(`desk: ${tasks} tasks in ${responseBodySize} bytes, painted ${Math.round(drawn.painted - drawn.answered)} ms after the last byte, J in ${Math.round(steps[10])} ms (median of 20)`);
  assert.equal(await page.locator("tr.row").nth(20).evaluate((row) => row.classList.contains("on")), true, "J does not move");
  await witness.look(page, "desk-500");
  await moved(page, () => page.keyboard.press("e"));
  assert.ok(await page.locator("details.why").evaluate((why) => why.open), "E does not explain the date");
  await page.goto("/?show=500");
  await page.setViewportSize(phone);
  await witness.look(page, "desk-500-phone");
  await page.setViewportSize(desk);
}

// race has two officers propose a division for the same case, both from the same page.
async function race(quick, slow) {
  for (const page of [quick, slow]) {
    await page.goto(contested);
    await choose(page, "#lead", await page.locator("#lead option").nth(1).getAttribute("value"));
  }
  await write(quick, "#opinion", "由该处主办。");
  await write(slow, "#opinion", "慢的一方写的理由。");
  await Promise.all([primary(quick), moved(slow, () => slow.keyboard.press("Control+Enter"))]);
  const pages = [quick, slow];
  const told = await Promise.all(pages.map((page) => page.locator("main").innerText()));
  const lost = told.findIndex((words) => /你写的/.test(words));
  assert.ok(lost >= 0 && await pages[1 - lost].locator("p.flash").count() === 1, `one of the two is told that the other was first:\n${told.join("\n----\n")}`);
  assert.match(told[lost], lost === 1 ? /慢的一方写的理由/ : /由该处主办/, "what the loser typed is lost");
  await witness.look(pages[lost], "race-lost");
}

// bulk claims everything at once, pauses, cancels the rest and takes back what was done.
async function bulk(page) {
  await page.goto("/");
  await page.keyboard.press("x");
  await click(page, "#tick-whole");
  await witness.look(page, "bulk-ticked");
  await moved(page, () => click(page, "button.bulk[value=claim]"));
  await witness.look(page, "bulk-new");
  await primary(page);
  await page.waitForURL(/\/bulk\/[0-9a-f-]{36}/);
  const bar = page.locator("#bulk-bar");
  const counted = (words) => bar.filter({ hasText: words }).waitFor({ timeout: 60_000 });
  await counted(/认领了\d+件/);
  await page.keyboard.press("p");
  await counted("暂停了");
  await witness.look(page, "bulk-paused");
  await moved(page, () => click(page, "form[action$='/cancel'] button"));
  await counted("没做的取消了");
  await witness.look(page, "bulk-cancelled");
  const done = Number((await bar.innerText()).match(/认领了(\d+)件/)[1]);
  await page.goto("/");
  assert.equal(await page.locator("tr.row [data-key=r]").count(), Math.min(done, 100), "the list does not show what the bulk claimed");
  await page.goBack();
  await moved(page, () => click(page, "form[action$='/undo'] button"));
  await counted(`撤销了${done}件`);
  await witness.look(page, "bulk-undone");
  console.log(`desk: ${done} of ${tasks} claimed when the bulk was cancelled, ${done} taken back`);
}

// signing signs a batch of replies: not before each was read to its end.
async function signing(page) {
  await page.goto("/signing");
  const replies = await page.locator(".reply-row").count();
  assert.ok(replies >= 3, `${replies} replies wait`);
  await witness.look(page, "signing");
  for (let i = 0; i < replies; i++) {
    await page.goto("/signing");
    await moved(page, () => click(page, page.locator(".reply-row .what a").nth(i)));
    await moved(page, () => click(page, ".read-end form button"));
  }
  await page.goto("/signing");
  for (const tick of await page.locator(".reply-row input[type=checkbox]").all()) await click(page, tick);
  await witness.look(page, "signing-read");
  await primary(page);
  assert.equal(await page.locator(".reply-row.done").count(), replies);
  await witness.look(page, "signing-done");
}

try {
  const one = await officer(first);
  await long(one);
  const two = await officer(second);
  await race(one, two);
  await bulk(one);
  await signing(await officer(signer));
} finally {
  await browser.close();
}
for (const line of [...complaints, ...witness.findings]) console.log(line);
console.log(witness.summary());
process.exitCode = witness.findings.length + complaints.length > 0 ? 1 : 0;
