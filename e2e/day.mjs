// A day in the bureau: tasks of every kind are worked from the list to done, by mouse, by the keyboard alone and at phone
// width. Its settings come as JSON in $DAY from day_test.go.
//
// The officer here knows nothing of the forms: they press the button, read what is missing, fill in what is marked, and press
// again. What cannot be done so, a newcomer could not do either.
import assert from "node:assert/strict";

import { Witness, desk, launch, login, moved, newPage, phone } from "./browser.mjs";

const { site, password, logins, out, kinds, every } = JSON.parse(process.env.DAY);

const reply = (noun) => `您提出的${noun}收悉，现答复如下：\n一、关于所提问题\n我局已会同有关处室研究，将按职责逐项办理。\n感谢您对民政工作的关心和支持。`;

// A hand works a page in one way: it opens the row of a task, presses the primary button, and fills a field.
const pointing = {
  open: (page, row) => page.locator(`[id="${row}"] td.title a`).click(),
  press: (page) => page.locator(".bar button.primary:visible").first().click(),
  async choose(page, field) { // on its words, as one would
    const words = await page.locator(field).first().evaluateHandle((f) => [...f.labels].find((l) => l.offsetParent) || f);
    await words.asElement().click();
  },
  select: (page, field, value) => page.locator(field).selectOption(value),
  write: (page, field, text) => page.locator(field).fill(text),
  tap: (page) => page.locator(":focus").click(),
};
const hands = {
  mouse: { viewport: desk, ...pointing },
  phone: { viewport: phone, ...pointing },
  keyboard: {
    viewport: desk,
    async open(page, row) {
      for (let i = 0; i < 500; i++) {
        const on = page.locator("tr.row.on");
        if (await on.count() > 0 && await on.getAttribute("id") === row) return page.keyboard.press("Enter");
        await page.keyboard.press("j");
      }
      throw new Error(`J does not reach ${row}`);
    },
    press: (page) => page.keyboard.press("Control+Enter"),
    tap: (page) => page.keyboard.press("Space"), // where the focus is
    async choose(page, field) {
      await tabTo(page, field);
      await page.keyboard.press("Space");
    },
    async select(page, field, value) {
      await tabTo(page, field);
      const steps = await page.locator(field).evaluate((s, v) => [...s.options].findIndex((o) => o.value === v) - s.selectedIndex, value);
      for (let i = 0; i < steps; i++) await page.keyboard.press("ArrowDown");
    },
    async write(page, field, text) {
      await tabTo(page, field);
      if (!/^\d{4}-/.test(text)) return page.keyboard.insertText(text);
      const [year, ...rest] = text.match(/\d+/g); // Chromium's own control: the year takes more than four digits
      await page.keyboard.type(year);
      await page.keyboard.press("ArrowRight");
      await page.keyboard.type(rest.join(""));
    },
  },
};

// tabTo walks with Tab until the field has the focus; of a group of radios, until one of them has it.
async function tabTo(page, field) {
  for (let i = 0; i < 250; i++) {
    const there = await page.locator(field).first().evaluate((f) => {
      const a = document.activeElement;
      return a === f || (f.type === "radio" && a.type === "radio" && a.name === f.name);
    });
    if (there) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not reach ${field} at ${page.url()}`);
}

// day is the date so many days from now, in Shanghai.
function day(offset) {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" }).format(new Date(Date.now() + offset * 864e5));
}

// asked are the fields that the page marks as missing or wrong; where it marks none, what it has put the focus on.
function asked(page) {
  return page.evaluate(() => {
    const kind = (input, field) => ({
      field, name: input.name, type: input.type, value: input.options ? [...input.options].map((o) => o.value).find((v) => v && v !== "office") : "", // that has no handlers
    });
    const marked = [...document.querySelectorAll(".bad")].map((bad) => bad.querySelector("textarea, select, input:not([type=hidden])")).filter(Boolean);
    if (marked.length > 0) return marked.map((input) => kind(input, input.id ? `[id="${input.id}"]` : `[name="${input.name}"]`));
    return document.activeElement === document.body ? [] : [kind(document.activeElement, ":focus")];
  });
}

async function fill(page, hand, { field, name, type, value }) {
  if (type === "radio" || type === "checkbox") return hand.choose(page, field);
  if (type === "button") return hand.tap(page);
  if (type === "select-one") return hand.select(page, field, value);
  if (type === "date") return hand.write(page, field, day(14));
  if (type === "datetime-local") return hand.write(page, field, `${day(0)}T09:00`);
  const noun = /提案$/.test(await page.locator("h1").innerText()) ? "提案" : "建议";
  return hand.write(page, field, name === "body" ? reply(noun) : "已按规定办理，情况属实。");
}

// pressed presses the primary button and waits for the answer: another page, or the focus on what is missing.
async function pressed(page, hand) {
  await page.evaluate(() => { window.held = { moves: document.documentElement.dataset.moves, focus: document.activeElement }; });
  await hand.press(page);
  await page.waitForFunction(() => {
    const focus = document.activeElement;
    return document.readyState === "complete" && (!window.held || document.documentElement.dataset.moves !== window.held.moves ||
      focus !== window.held.focus && focus.matches("textarea, select, input, article, button:not(.primary)"));
  });
}

// work does one task, and says whether the action was taken.
async function work(page, hand, row, look) {
  await moved(page, () => hand.open(page, row));
  await look("");
  for (let tries = 0; tries < 12; tries++) {
    await pressed(page, hand);
    if (await page.locator("p.flash").count() > 0) return true;
    if (tries === 0) await look("-missing");
    for (const m of await asked(page)) await fill(page, hand, m);
  }
  return false;
}

const browser = await launch();
const complaints = [];
const witness = new Witness(out);
const tried = new Map(); // a kind of task and a hand: whether it was done
const ask = (row) => row.split("-")[6];

// turn works one task of a kind that no hand has had yet; then, if every hand shall have every kind, one that this hand has not had.
async function turn(page, name, account) {
  const hand = hands[name];
  await page.setViewportSize(hand.viewport);
  await page.goto("/");
  const rows = await page.locator("tr.row").evaluateAll((all) => all.map((row) => row.id));
  const fresh = rows.filter((row) => !tried.has(`${ask(row)} ${name}`));
  const known = [...tried.keys()].map((key) => key.split(" ")[0]);
  const row = fresh.find((r) => !known.includes(ask(r))) || (every && fresh[0]);
  if (!row) return false;
  const first = !known.includes(ask(row));
  const look = async (state) => { if (first) await witness.look(page, `${ask(row)}-${name}${state}`); };
  let done = false;
  try {
    done = await work(page, hand, row, look);
  } catch (error) {
    console.log(error.message);
  }
  if (!done) {
    const [says, focus] = await page.evaluate(() => [document.body.innerText, document.activeElement.outerHTML]);
    console.log(`not done: ${ask(row)} by ${name} as ${account} at ${page.url()}, the focus on ${focus.slice(0, 200)}:\n${says}`);
  }
  tried.set(`${ask(row)} ${name}`, done);
  return true;
}

const desks = {};

// at is the page of an officer, logged in once.
async function at(account) {
  if (!desks[account]) {
    desks[account] = await newPage(browser, site, { complaints });
    await login(desks[account], account, password);
  }
  return desks[account];
}

const names = Object.keys(hands);
let next = 0; // whose turn it is: each hand in its turn
try {
  // What one officer does lands on another's desk: the rounds go on until there is nothing new.
  for (let worked = true; worked;) {
    worked = false;
    for (const account of logins) {
      const page = await at(account);
      for (let idle = 0; idle < (every ? names.length : 1); next++) {
        const did = await turn(page, names[next % names.length], account);
        idle = did ? 0 : idle + 1;
        worked ||= did;
      }
      await page.goto("about:blank"); // an open list would ask for every bit of news of the day
    }
  }
} finally {
  await browser.close();
}
const failed = [...tried].filter(([, done]) => !done).map(([key]) => key);
const by = (name) => [...tried.keys()].filter((key) => key.endsWith(` ${name}`)).map((key) => key.split(" ")[0]);
const all = new Set([...tried.keys()].map((key) => key.split(" ")[0]));
for (const name of names) console.log(`by ${name}: ${by(name).join(", ")}`);
for (const line of [...complaints, ...witness.findings]) console.log(line);
console.log(`day: ${all.size} kinds of task, ${tried.size} tasks, ${failed.length} not done`);
console.log(witness.summary());
assert.deepEqual(failed, [], "not done");
assert.ok(all.size >= kinds, `${all.size} kinds of task, want ${kinds}`);
process.exitCode = witness.findings.length + complaints.length > 0 ? 1 : 0;
