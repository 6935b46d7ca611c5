// A day in the bureau by hand: officers log in, look into their rooms, and work tasks of every kind from the list to done, by the
// mouse, by the keyboard alone and by a finger on a phone. Its settings come as JSON in $DAY from day_test.go.
//
// The officer here knows nothing of the forms: they press the button, read what is missing, fill in what is marked, and press
// again. What cannot be done so, a newcomer could not do either.
import assert from "node:assert/strict";

import { Witness, desk, effort, hands, key, launch, moved, newPage, phone } from "./browser.mjs";

const { site, password, people, out, kinds, every } = JSON.parse(process.env.DAY);

const reply = (noun) => `您提出的${noun}收悉，现答复如下：\n一、关于所提问题\n我局已会同有关处室研究，将按职责逐项办理。\n感谢您对民政工作的关心和支持。`;

// Whoever has a pointer opens a row by its title and presses what they see; whoever has none walks with J and presses by the key.
const pointing = {
  open: (page, hand, row) => hand.click(page, `[id="${row}"] td.title a`),
  press: (page, hand) => hand.click(page, page.locator(".bar button.primary:visible").first()),
  home: (page, hand) => hand.click(page, "header a.name"),
};
const ways = {
  mouse: pointing,
  finger: pointing,
  keyboard: {
    async open(page, hand, row) {
      for (let i = 0; i < 500; i++) {
        const on = page.locator("tr.row.on");
        if (await on.count() > 0 && await on.getAttribute("id") === row) return key(page, "Enter");
        await key(page, "j");
      }
      throw new Error(`J does not reach ${row}`);
    },
    press: (page) => key(page, "Control+Enter"),
    async home(page) {
      await page.keyboard.press("g");
      await page.keyboard.press("d");
    },
  },
};

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
  if (/^(radio|checkbox|button)$/.test(type)) return hand.click(page, field);
  if (type === "select-one") return hand.choose(page, field, value);
  if (type === "date") return hand.write(page, field, day(14));
  if (type === "datetime-local") return hand.write(page, field, `${day(0)}T09:00`);
  const noun = /提案$/.test(await page.locator("h1").innerText()) ? "提案" : "建议";
  return hand.write(page, field, name === "body" ? reply(noun) : "已按规定办理，情况属实。");
}

// pressed presses the primary button and waits for the answer: another page, or the focus on what is missing, which it may have had
// before.
async function pressed(page, press) {
  await page.evaluate(() => { window.held = { moves: document.documentElement.dataset.moves, focus: document.activeElement, at: performance.now() }; });
  await press();
  await page.waitForFunction(() => {
    const focus = document.activeElement;
    return document.readyState === "complete" && (!window.held || document.documentElement.dataset.moves !== window.held.moves ||
      (focus !== window.held.focus || performance.now() > window.held.at + 3000) && focus.matches("textarea, select, input, article, button:not(.primary)"));
  });
}

// work does one task, and says whether the action was taken.
async function work(page, name, row, look) {
  const hand = hands[name];
  await moved(page, () => ways[name].open(page, hand, row));
  await look("");
  for (let tries = 0; tries < 12; tries++) {
    await pressed(page, () => ways[name].press(page, hand));
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

// taken begins to count what the hands do on a page, and tells it in the end.
function taken(page) {
  const before = { ...effort(page) };
  return () => {
    const now = effort(page);
    return `${now.clicks - before.clicks} clicks, ${now.keys - before.keys} keys, ${Math.round(now.seconds - before.seconds)} s at a hand's pace`;
  };
}

// errands are what is no task on a list, done with the mouse. They belong to the long day.
const errands = [
  ["a suggestion registered", "liaison", async (page, { click, write }) => {
    await moved(page, () => click(page, '#nav a[href="/cases/new"]'));
    const typed = {
      number: "9801", term: "17", session: "5", title: "关于在社区办事大厅增设适老服务窗口的建议", text: "办事大厅窗口多、指引少，老年人办事不便。", points: "增设适老窗口", lead_deputy: "沈佳宁", assigned_on: day(0),
    };
    for (const [name, value] of Object.entries(typed)) await write(page, `#${name}`, value);
    await moved(page, () => click(page, ".bar button.primary"));
    await page.locator("p.flash").waitFor();
  }],
  ["the ten most urgent found and urged", "supervisor", async (page, { click, write }) => {
    await moved(page, () => click(page, '#nav a[href="/cases"]'));
    for (let i = 0; i < 10; i++) await click(page, page.locator("tr.row td.tick input").nth(i));
    await many(page, "urge", { click });
    await write(page, "#reason", "请抓紧办理。");
    await begun(page, { click });
  }],
  ["five cases of a colleague handed over", "liwei", async (page, { click, write, choose }) => {
    await moved(page, () => click(page, '#nav a[href="/overview"]'));
    await moved(page, () => click(page, page.locator(".board td a").first()));
    const theirs = await page.locator("tr.row td.tick input").count();
    for (let i = 0; i < Math.min(5, theirs); i++) await click(page, page.locator("tr.row td.tick input").nth(i));
    await many(page, "transfer", { click });
    await choose(page, "#whom", await page.locator("#whom option").nth(1).getAttribute("value"));
    await write(page, "#reason", "下沉社区一个月。");
    await begun(page, { click });
  }],
];

const many = (page, kind, { click }) => moved(page, () => click(page, page.locator(`button.bulk[value=${kind}]:visible`)));

// begun presses the button of many cases at once and waits for what becomes of them.
async function begun(page, { click }) {
  await moved(page, () => click(page, ".bar button.primary"));
  await page.waitForURL(/\/bulk\/[0-9a-f-]{36}/);
}

// turn works one task of a kind that no hand has had yet; then, if every hand shall have every kind, one that this hand has not had.
async function turn(page, name, account) {
  const rows = await page.locator("tr.row").evaluateAll((all) => all.map((row) => row.id));
  const fresh = rows.filter((row) => !tried.has(`${ask(row)} ${name}`));
  const known = [...tried.keys()].map((each) => each.split(" ")[0]);
  const row = fresh.find((r) => !known.includes(ask(r))) || (every && fresh[0]);
  if (!row) return false;
  const first = !known.includes(ask(row));
  const look = async (state) => { if (first) await witness.look(page, `${ask(row)}-${name}${state}`); };
  let done = false;
  const told = taken(page);
  try {
    done = await work(page, name, row, look);
    efforts.push(`${ask(row)} by ${name}: ${told()}`);
  } catch (error) {
    console.log(error.message);
  }
  if (!done) {
    const [says, focus] = await page.evaluate(() => [document.body.innerText, document.activeElement.outerHTML]);
    console.log(`not done: ${ask(row)} by ${name} as ${account} at ${page.url()}, the focus on ${focus.slice(0, 200)}:\n${says}`);
  }
  tried.set(`${ask(row)} ${name}`, done);
  await page.keyboard.press("Escape"); // out of a field
  await moved(page, () => ways[name].home(page, hands[name]));
  return true;
}

const desks = {};

// at is an officer who comes to the desk, and has logged in that morning.
async function at(account, name) {
  const seat = `${account} ${name}`;
  if (desks[seat]) {
    await desks[seat].goto("/");
    return desks[seat];
  }
  const page = desks[seat] = await newPage(browser, site, { viewport: name === "finger" ? phone : desk, finger: name === "finger", complaints });
  await page.goto("/");
  await hands[name].write(page, "#account", account);
  await hands[name].write(page, "#password", password);
  await moved(page, () => hands[name].click(page, "button.primary"));
  return page;
}

// rooms goes to every room that the head of the page leads to.
async function rooms(page, name, account) {
  const count = await page.locator("#nav a").count();
  for (let i = 0; i < count; i++) {
    const link = page.locator("#nav a").nth(i);
    const [words, to] = [(await link.innerText()).trim(), await link.getAttribute("href")];
    try {
      await moved(page, () => hands[name].click(page, link));
      assert.equal(new URL(page.url()).pathname, to.split("?")[0], `${words} leads elsewhere`);
      if (await page.locator("#nav").count() === 0) await page.goBack(); // the public site
    } catch (error) {
      failures.push(`${account}, ${words} by ${name}: ${error.message}`);
    }
  }
  if (count > 0) await moved(page, () => ways[name].home(page, hands[name]));
}

const names = Object.keys(hands);
const failures = [];
const efforts = []; // what each task took
const visited = new Set(); // the roles whose rooms somebody has gone through
let next = 0; // whose turn it is: each hand in its turn
try {
  // What one officer does lands on another's desk: the rounds go on until there is nothing new.
  for (let worked = true; worked;) {
    worked = false;
    for (const { login, roles } of people) {
      const pages = {};
      for (let idle = 0; idle < (every ? names.length : 1); next++) {
        const name = names[next % names.length];
        const page = pages[name] = await at(login, name); // anew: another hand may have done what stood on the list
        if (roles.some((role) => !visited.has(role))) await rooms(page, name, login);
        for (const role of roles) visited.add(role);
        const did = await turn(page, name, login);
        idle = did ? 0 : idle + 1;
        worked ||= did;
      }
      for (const page of Object.values(pages)) await page.goto("about:blank"); // an open list asks for every bit of news of the day
    }
  }
  for (const [what, who, does] of every ? errands : []) {
    const page = await at(people.find((p) => p.login === who || p.roles.includes(who)).login, "mouse");
    const told = taken(page);
    try {
      await does(page, hands.mouse);
      efforts.push(`${what}: ${told()}`);
    } catch (error) {
      failures.push(`${what}: ${error.message}`);
    }
  }
} finally {
  await browser.close();
}
const failed = [...tried].filter(([, done]) => !done).map(([task]) => task);
const by = (name) => [...tried.keys()].filter((task) => task.endsWith(` ${name}`)).map((task) => task.split(" ")[0]);
const all = new Set([...tried.keys()].map((task) => task.split(" ")[0]));
for (const name of names) console.log(`by ${name}: ${by(name).join(", ")}`);
for (const line of [...efforts, ...complaints, ...failures, ...witness.findings]) console.log(line);
console.log(`day: ${all.size} kinds of task, ${tried.size} tasks, ${failed.length} not done`);
console.log(witness.summary());
assert.deepEqual(failed, [], "not done");
assert.ok(all.size >= kinds, `${all.size} kinds of task, want ${kinds}`);
process.exitCode = witness.findings.length + complaints.length + failures.length > 0 ? 1 : 0;
