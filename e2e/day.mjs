// A day of every role: tasks of many kinds are worked from the list to done, by mouse, by keyboard alone and at phone width in
// turn. Its settings come as JSON in $DAY from day_test.go.
//
// The officer here knows nothing of the forms: they press the button, read what is missing, fill in what is marked, and press
// again. Whatever cannot be done so, a newcomer could not do either.
import assert from "node:assert/strict";

import { Witness, desk, launch, login, moved, newPage, phone } from "./browser.mjs";

const { site, password, logins, out, want } = JSON.parse(process.env.DAY);

const browser = await launch();
const complaints = [];
const witness = new Witness(out);
const done = new Map(); // what was asked, how it was done

// A hand works a page in one way. Each can open the row of a task, press the primary button, and fill one field.
const hands = {
  mouse: {
    viewport: desk,
    open: (page, row) => moved(page, () => page.locator(`[id="${row}"] td.title a`).click()),
    press: (page) => page.locator(".bar .primary[form], .bar button.primary").first().click(),
    choose: (page, field) => page.locator(field).first().check({ force: true }),
    select: (page, field, value) => page.locator(field).selectOption(value),
    write: (page, field, text) => page.locator(field).fill(text),
  },
  keyboard: {
    viewport: desk,
    async open(page, row) {
      for (let i = 0; i < 200; i++) {
        await page.keyboard.press("j");
        if (await page.locator("tr.row.on").getAttribute("id") === row) return moved(page, () => page.keyboard.press("Enter"));
        if (await page.locator("tr.row").last().getAttribute("class") === "row on") break;
      }
      for (let i = 0; i < 200; i++) {
        if (await page.locator("tr.row.on").getAttribute("id") === row) return moved(page, () => page.keyboard.press("Enter"));
        await page.keyboard.press("k");
      }
      throw new Error(`J and K do not reach ${row}`);
    },
    press: (page) => page.keyboard.press("Control+Enter"),
    async choose(page, field) {
      await tabTo(page, field);
      await page.keyboard.press("Space");
    },
    async select(page, field, value) {
      await tabTo(page, field);
      const step = await page.locator(field).evaluate((s, v) => [...s.options].findIndex((o) => o.value === v) - s.selectedIndex, value);
      for (let i = 0; i < step; i++) await page.keyboard.press("ArrowDown");
    },
    async write(page, field, text) {
      await tabTo(page, field);
      const type = await page.locator(field).getAttribute("type");
      if (type === "date" || type === "datetime-local") await page.locator(field).fill(text); // by the parts, as the browser's own control wants them
      else await page.keyboard.insertText(text);
    },
  },
  phone: {
    viewport: phone,
    open: (page, row) => moved(page, () => page.locator(`[id="${row}"] td.title a`).click()),
    press: (page) => page.locator(".bar .primary[form], .bar button.primary").first().click(),
    choose: (page, field) => page.locator(field).first().check({ force: true }),
    select: (page, field, value) => page.locator(field).selectOption(value),
    write: (page, field, text) => page.locator(field).fill(text),
  },
};

// tabTo walks with Tab until the field has the focus: one of a group, for radios.
async function tabTo(page, field) {
  for (let i = 0; i < 250; i++) {
    const there = await page.evaluate((f) => {
      const a = document.activeElement;
      if (!a) return false;
      if (a.matches(f)) return true;
      const wanted = document.querySelector(f);
      return wanted && wanted.type === "radio" && a.type === "radio" && a.name === wanted.name;
    }, field);
    if (there) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not reach ${field} on ${page.url()}`);
}

function day(offset) {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" }).format(new Date(Date.now() + offset * 864e5));
}

const texts = {
  body: "您提出的建议收悉，现答复如下：\n一、关于所提问题\n我局已会同有关处室研究，将按职责逐项办理。\n感谢您对民政工作的关心和支持。",
};

// missing are the fields that the page marks, each with what a newcomer would put there.
function missing(page) {
  return page.evaluate(() => [...document.querySelectorAll(".field.bad, fieldset.bad")].map((bad) => {
    const input = bad.querySelector("textarea, select, input:not([type=hidden])");
    if (!input) return null;
    const kind = input.tagName === "SELECT" ? "select" : input.type === "radio" || input.type === "checkbox" ? "choose" : "write";
    const field = input.id ? `[id="${CSS.escape(input.id)}"]` : `[name="${CSS.escape(input.name)}"]`;
    return {
      kind, field, name: input.name, type: input.type,
      value: kind === "select" ? ([...input.options].find((o) => o.value) || {}).value : "",
    };
  }).filter(Boolean));
}

// work does one task: true if the action was taken.
async function work(page, hand, row, name) {
  await hand.open(page, row);
  for (let tries = 0; tries < 6; tries++) {
    const before = await page.evaluate(() => `${performance.timeOrigin} ${banli.moves}`);
    await hand.press(page);
    await page.waitForFunction((old) => document.readyState === "complete" && `${performance.timeOrigin} ${banli.moves}` !== old, before, { timeout: 6000 }).catch(() => {});
    if (await page.locator("p.flash").count() > 0) {
      await witness.look(page, `${name}-done`);
      return true;
    }
    if (tries === 0) await witness.look(page, name);
    for (const m of await missing(page)) {
      if (m.kind === "choose") await hand.choose(page, m.field);
      else if (m.kind === "select") await hand.select(page, m.field, m.value);
      else await hand.write(page, m.field, m.type === "date" ? day(14) : m.type === "datetime-local" ? `${day(0)}T09:00` : texts[m.name] || "已按规定办理，情况属实。");
    }
  }
  return false;
}

try {
  const names = Object.keys(hands);
  let turn = 0;
  for (const account of logins) {
    const pages = {};
    for (;;) {
      const name = names[turn % names.length];
      const hand = hands[name];
      if (!pages[name]) {
        pages[name] = await newPage(browser, site, { viewport: hand.viewport, complaints });
        await login(pages[name], account, password);
      }
      const page = pages[name];
      await page.goto("/");
      const rows = await page.evaluate(() => [...document.querySelectorAll("tr.row")].map((r) => r.id));
      const row = rows.find((id) => !done.has(id.split("-").slice(6)[0]) && id);
      if (!row) break;
      const ask = row.split("-").slice(6)[0];
      turn++;
      done.set(ask, name);
      if (!await work(page, hand, row, `${ask}-${name}`)) {
        console.log(`not done: ${ask} by ${name} as ${account} at ${page.url()}:\n${(await page.locator("main").innerText()).slice(0, 1500)}`);
        done.set(ask, "");
      }
    }
    for (const page of Object.values(pages)) await page.context().close();
  }
} finally {
  await browser.close();
}
const finished = [...done].filter(([, how]) => how);
console.log(finished.map(([ask, how]) => `${ask} by ${how}`).join("\n"));
for (const line of [...complaints, ...witness.findings]) console.log(line);
console.log(`tasks: ${finished.length} kinds done`);
console.log(witness.summary());
assert.ok(finished.length >= want, `${finished.length} kinds of task done, want ${want}`);
process.exitCode = witness.findings.length + complaints.length > 0 ? 1 : 0;
