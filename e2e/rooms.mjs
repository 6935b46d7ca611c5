// The rooms of an officer in which words could be lost: the telephone call, the editor, and a list that changes while it is
// read; the pane of a wide screen and the homes of those who begin with no tasks; and every word of every room. Its settings come as
// JSON in $ROOMS from rooms_test.go.
import assert from "node:assert/strict";

import { Witness, click, desk, key, launch, login, moved, newPage } from "./browser.mjs";
import { call } from "./call.mjs";
import { drafting } from "./draft.mjs";
import { live } from "./live.mjs";
import { supervise } from "./supervise.mjs";
import { words } from "./words.mjs";

const { site, password, people, out, number, lead } = JSON.parse(process.env.ROOMS);
const browser = await launch();
const witness = new Witness(out);
const look = (page, name) => witness.look(page, name);

// waiting are the addresses of an officer's cases that ask for this.
async function waiting(page, ask) {
  await page.goto("/");
  const rows = page.locator(`tr.row[id*="-${ask}-"] td.title a`);
  return Promise.all((await rows.all()).map((a) => a.getAttribute("href")));
}

async function handler() {
  const page = await newPage(browser, site);
  await login(page, people.handler, password);
  return page;
}

const wide = { width: 1920, height: 1080 };

// pane: a wide screen has room beside the list for the case whose row has the focus. It follows the focus, and its title leads there.
async function pane(page) {
  await page.setViewportSize(wide);
  await page.goto("/");
  await key(page, "j");
  const row = page.locator("tr.row.on");
  const told = (await row.locator("td.number").innerText()).trim();
  await page.locator("#brief .number", { hasText: told }).waitFor();
  await look(page, "desk-wide");
  const to = await row.locator("td.title a").getAttribute("href");
  await moved(page, () => click(page, "#brief h2 a"));
  assert.equal(new URL(page.url()).pathname, to.split("?")[0], "the pane leads to another case");
  await page.setViewportSize(desk);
}

// home: who has no list of tasks begins the day with lists that are theirs; each number is as long as what it opens.
async function home(account) {
  const page = await newPage(browser, site);
  await login(page, account, password);
  await moved(page, () => click(page, '#nav a[href="/home"]'));
  await look(page, `home-${account}`);
  const lists = page.locator(".home-lists a");
  const count = await lists.count();
  assert.ok(count > 1, `${count} lists`);
  for (let i = 0; i < count; i++) {
    const n = Number((await lists.nth(i).locator("b").innerText()).match(/\d+/)[0]);
    await moved(page, () => click(page, lists.nth(i)));
    assert.match(await page.locator("h1").innerText(), new RegExp(`\\D${n}件`), `list ${i + 1} of ${account} has another length`);
    await moved(page, () => click(page, '#nav a[href="/home"]'));
  }
  await page.context().close();
}

try {
  let page = await handler();
  const paths = await waiting(page, "consultation");
  await page.goto(paths[0]);
  await look(page, "call");
  await call(page, { paths, account: people.handler, password });
  await page.context().close();

  page = await handler();
  const [draft] = await waiting(page, "drafting");
  await moved(page, () => click(page, 'tr.row[id*="-drafting-"] td.title a'));
  await page.waitForTimeout(1000);
  await look(page, "draft");
  await drafting(page, draft);
  await look(page, "draft-worked");
  await pane(page);
  for (const room of ["compare", "preview", "paragraphs", "at?date=2026-01-05&time=14:00"]) {
    await page.goto(`${draft.split("?")[0]}/${room}`);
    await look(page, room.split("?")[0]);
  }
  for (const room of ["settings", "notices", "keys", "views", "bulk", "paragraphs", "signing", "proxies"]) {
    await page.goto(`/${room}`);
    await look(page, `room-${room}`);
  }
  await page.context().close();

  for (const role of ["publisher", "assembly", "auditor"]) await home(people[role]);
  await supervise(browser, { site, password, account: people.supervisor, head: people.division_head, look });

  await live(browser, { site, password, people, number, lead, look });

  const { wrong, pages } = await words(browser, { site, password, logins: [...new Set(Object.values(people))] });
  witness.findings.push(...wrong);
  console.log(`words: ${pages} pages in two languages and three sizes, ${wrong.length} findings`);
} finally {
  await browser.close();
}
for (const line of witness.findings) console.log(line);
console.log(witness.summary());
process.exitCode = witness.findings.length > 0 ? 1 : 0;
