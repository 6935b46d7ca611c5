// Two officers with open pages: one acts, the other's page says so and changes in place, without taking the focus, the place on
// the page or what is being typed. Then the server goes away and comes back, and then the network.
import assert from "node:assert/strict";
import net from "node:net";

import { choose, click, login, moved, newPage, plain, tab, write } from "./browser.mjs";

// door stands between a browser and the site. Shut, the server is gone for that browser.
async function door(site) {
  const { hostname, port } = new URL(site);
  const open = new Set();
  let shut = false;
  const server = net.createServer((near) => {
    if (shut) {
      near.destroy();
      return;
    }
    const far = net.connect(Number(port), hostname);
    for (const [a, b] of [[near, far], [far, near]]) {
      a.pipe(b);
      a.on("error", () => b.destroy());
      a.on("close", () => b.destroy());
      open.add(a);
      a.on("close", () => open.delete(a));
    }
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    site: `http://127.0.0.1:${server.address().port}`,
    shut() {
      shut = true;
      for (const socket of open) socket.destroy();
    },
    open() { shut = false; },
    close() {
      this.shut();
      server.close();
    },
  };
}

const title = "关于在社区办事大厅增设适老服务窗口的建议";

// register enters a suggestion and returns its address.
async function register(page, number) {
  await page.goto("/cases/new");
  const day = await page.evaluate(() => new Date().toLocaleDateString("sv", { timeZone: "Asia/Shanghai" }));
  const form = {
    number, term: "16", session: "3", title, text: "办事大厅窗口多、指引少，老年人办事不便。", points: "增设适老窗口",
    lead_deputy: "沈佳宁", assigned_on: day,
  };
  for (const [name, value] of Object.entries(form)) await write(page, `#${name}`, value);
  await moved(page, () => click(page, ".bar button.primary"));
  return new URL(page.url()).pathname;
}

async function propose(page, address, lead) {
  await page.goto(address);
  await choose(page, "#lead", lead);
  await write(page, "#opinion", "请主办处室研究办理。");
  await moved(page, () => click(page, ".bar button.primary"));
}

// nothingMovesUnderTheHand: what comes for a list while the mouse moves over it comes once the mouse rests.
async function nothingMovesUnderTheHand(watcher, actor, number, lead) {
  const address = await register(actor, number);
  let fetched = false;
  const news = watcher.waitForResponse(async (answer) => "x-banli-live" in answer.request().headers() && (await answer.text()).includes(number))
    .then(() => { fetched = true; });
  const acted = propose(actor, address, lead);
  const row = watcher.locator("tr.row", { hasText: number });
  for (let i = 0, more = 0; more < 8; i++, more += fetched) {
    await watcher.mouse.move(600 + i % 2, 200);
    assert.equal(await row.count(), 0, "the list moved under the hand");
    await watcher.waitForTimeout(50);
  }
  await Promise.all([news, acted, row.waitFor()]);
}

// eightTabs: over plain http a browser keeps no more than six connections to a host, and eight pages live with it. When the one that
// hears for all is closed, another hears.
async function eightTabs(browser, site, { account, password, act, number }) {
  const page = await newPage(browser, site.replace("127.0.0.1", plain));
  await page.goto("/login");
  assert.equal(await page.evaluate(() => isSecureContext), false);
  await write(page, "[name=account]", account);
  await write(page, "[name=password]", password);
  await moved(page, () => click(page, "form button.primary"));
  const tabs = [page];
  while (tabs.length < 8) {
    const next = await page.context().newPage();
    await next.goto("/");
    await next.waitForTimeout(700);
    tabs.push(next);
  }
  await tabs.shift().close();
  await tabs[0].bringToFront();
  await tabs[0].waitForTimeout(1500);
  await act();
  await tabs[0].locator("tr.row", { hasText: number }).waitFor();
  await tabs[0].context().close();
}

// pulse is where a reader is on a page: what has the focus, what stands first in sight, and the address.
function pulse(page) {
  return page.evaluate(() => {
    const rows = [...document.querySelectorAll("tr.row")].filter((row) => row.getBoundingClientRect().top >= 44);
    return {
      focus: document.activeElement.closest("tr") ? document.activeElement.closest("tr").id : document.activeElement.id,
      first: rows[0] && [rows[0].id, Math.round(rows[0].getBoundingClientRect().top)].join(" "),
      ticks: [...document.querySelectorAll("tr.row input:checked")].map((tick) => tick.closest("tr").id).join(" "),
      open: [...document.querySelectorAll("details[open]")].length,
    };
  });
}

const line = (page) => page.locator("#live-line .as-of");
const strip = (page) => page.locator("#live-strip");

// live needs the site, the people by role, a number for a fresh suggestion and the division that shall lead it.
export async function live(browser, { site, password, people, number, lead, look = async () => {} }) {
  const complaints = [];
  const gate = await door(site);
  const actor = await newPage(browser, site, { complaints });
  await login(actor, people.liaison, password);
  const address = await register(actor, number);
  const watcher = await newPage(browser, gate.site, { viewport: { width: 1366, height: 420 } });
  await login(watcher, people.leader_in_charge, password);
  await watcher.setViewportSize({ width: 1366, height: 300 });

  // A second tab shares the stream of the first.
  const second = await watcher.context().newPage();
  await second.goto("/");

  await watcher.bringToFront();
  await click(watcher, watcher.locator("tr.row input[type=checkbox]").first());
  await click(watcher, "details.menu summary");
  await tab(watcher, watcher.locator("tr.row td.title a").last());
  await watcher.evaluate(() => {
    window.arrived = 0;
    new MutationObserver(() => {
      if (!window.arrived && document.querySelector("tr.row.fresh")) window.arrived = Date.now();
    }).observe(document.body, { subtree: true, childList: true, attributes: true });
  });
  const search = watcher.locator("input[type=search]").first();
  const before = await pulse(watcher);
  await propose(actor, address, lead);
  const answered = Date.now();
  await watcher.waitForFunction(() => window.arrived > 0);
  const took = (await watcher.evaluate(() => window.arrived)) - answered;
  assert.deepEqual(await pulse(watcher), before, "the reader was moved");
  const row = watcher.locator("tr.row.fresh", { hasText: number });
  assert.equal(await row.locator(".new.just").innerText(), "刚到");
  assert.match(await watcher.locator("#live-line .said").innerText(), new RegExp(`刚.*${number}号.*已排进`));
  await watcher.waitForFunction((n) => document.getElementById("live-say").textContent.includes(n), number);
  await click(watcher, "details.menu summary");
  await look(watcher, "live-list");
  await second.bringToFront();
  await second.locator("tr.row", { hasText: number }).waitFor();
  await second.close();
  await watcher.bringToFront();
  await nothingMovesUnderTheHand(watcher, actor, `${number}9`, lead);
  const eighth = await register(actor, `${number}7`);
  await eightTabs(browser, site, { account: people.leader_in_charge, password, act: () => propose(actor, eighth, lead), number: `${number}7` });

  // A filter that is half typed is left alone, with its list.
  if (await search.count() > 0) {
    await write(watcher, search, "适老");
    await actor.goto(address);
    const claim = actor.locator("form[action$='/claim'] button, form[action$='/release'] button").first();
    if (await claim.count() > 0) await click(actor, claim);
    await watcher.waitForTimeout(1800);
    assert.equal(await search.inputValue(), "适老");
    assert.ok(await search.evaluate((field) => field === document.activeElement), "the field lost the focus");
    await write(watcher, search, "");
  }

  // A form that somebody overtakes keeps its words, and says who did what.
  const writer = await newPage(browser, gate.site);
  await login(writer, people.leader_in_charge, password);
  await writer.goto(`${address}?do=send_back`);
  await write(writer, "[name=reason]", "请补充依据");
  await watcher.goto(`${address}`);
  await moved(watcher, () => click(watcher, ".bar button.primary"));
  await strip(writer).filter({ hasText: /你 \d\d:\d\d 在另一页办了这件：批示同意分办，你正在写的没有丢。/ }).waitFor();
  assert.equal(await writer.inputValue("[name=reason]"), "请补充依据");
  await look(writer, "live-overtaken");
  await writer.context().close();

  // The server goes away and comes back.
  await watcher.goto("/");
  await watcher.waitForTimeout(300);
  gate.shut();
  await watcher.locator("#live-line .as-of a").waitFor({ timeout: 10_000 });
  assert.match(await line(watcher).innerText(), /之后可能有变，点此更新/);
  assert.match(await strip(watcher).innerText(), /网断了。\d\d:\d\d以后写的字存在本机，连上就送。/);
  await click(watcher, "tr.row td.title a");
  await watcher.locator("#live-fault").waitFor();
  assert.match(await watcher.locator("#live-fault").innerText(), /没有取到/);
  await look(watcher, "live-gone");
  gate.open();
  await watcher.waitForFunction(() => !document.querySelector("#live-line .as-of a") && document.getElementById("live-strip").hidden, null, { timeout: 20_000 });
  assert.match(await line(watcher).innerText(), /已是最新/);

  // The network is cut while somebody types.
  await watcher.goto("/proxies");
  await write(watcher, "[name=reason]", "出差");
  await watcher.evaluate(() => {
    window.told = [];
    for (const name of ["offline", "online"]) document.addEventListener(`banli:${name}`, () => window.told.push(name));
  });
  await watcher.context().setOffline(true);
  await watcher.waitForFunction(() => window.told.includes("offline"));
  await strip(watcher).waitFor();
  await watcher.keyboard.press("Control+Enter");
  await watcher.locator("#live-fault").waitFor();
  assert.match(await watcher.locator("#live-fault").innerText(), /没有送出/);
  assert.equal(await watcher.inputValue("[name=reason]"), "出差");
  await watcher.context().setOffline(false);
  await watcher.waitForFunction(() => window.told.includes("online"));
  await watcher.waitForFunction(() => document.getElementById("live-strip").hidden);

  // The session ends elsewhere: the page stays as it is, and the next press goes to the login page and back.
  await watcher.goto(address);
  const other = await watcher.context().newPage();
  await other.goto("/");
  await Promise.all([other.waitForURL(/\/login/), click(other, "form[action='/logout'] button")]);
  await other.close();
  await moved(watcher, () => click(watcher, ".case-title a.back"));
  await watcher.waitForURL(/\/login\?back=/);

  await actor.context().close();
  await watcher.context().close();
  gate.close();
  assert.deepEqual(complaints, []);
  return `live: changed in place ${took} ms after the answer`;
}
