// People mend what went wrong in a day, by the mouse: a wrong name that is found after sign-off, while the only signer is on leave; a
// case that was closed by mistake; an officer who leaves; the other ways back. Its settings come as JSON in $MEND from mend_test.go.
import assert from "node:assert/strict";

import { Witness, choose, click, launch, login, moved, newPage, phone, desk, write } from "./browser.mjs";

const { site, password, out, ids, cases, left, today, until } = JSON.parse(process.env.MEND);
const browser = await launch();
const complaints = [];
const witness = new Witness(out);
const pages = {};

async function at(account) {
  if (!pages[account]) {
    pages[account] = await newPage(browser, site, { complaints });
    await login(pages[account], account, password);
  }
  return pages[account];
}

// look takes the picture at a desk and on a phone.
async function look(page, what) {
  await witness.look(page, what);
  await page.setViewportSize(phone);
  await witness.look(page, `${what}-phone`);
  await page.setViewportSize(desk);
}

const press = (page, target = ".bar button.primary") => moved(page, () => click(page, target));

// done presses the primary button and expects the action to have been taken.
async function done(page) {
  await press(page);
  const flash = page.locator("p.flash");
  if (await flash.count() === 0) throw new Error(`not taken; the page at ${page.url()} says:\n${await page.locator("main").innerText()}`);
  return flash.innerText();
}

// may opens what else may be done with a case.
async function may(page, id, kind) {
  await page.goto(`/cases/${id}`);
  const more = `details.more a[href*="do=${kind}"]`;
  const folded = await page.locator(more).count() > 0;
  if (folded) await click(page, "details.more summary");
  await press(page, folded ? more : `.bar a[href*="do=${kind}"]`);
}

const stage = (page) => page.locator("ol.stages li.now b").innerText();

// rows waits until an officer's list holds so many, as they would: by looking again.
async function rows(page, count) {
  for (const end = Date.now() + 60_000; ; await page.waitForTimeout(300)) {
    await page.goto("/?show=100");
    const held = await page.locator("tr.row").count();
    if (held === count) return;
    assert.ok(Date.now() < end, `${held} rows, not ${count}:\n${await page.locator("main").innerText()}`);
  }
}

// name corrects the name of the lead deputy on a reply that was signed, and is told before the press what follows.
async function name() {
  const page = await at("liaison");
  await may(page, cases.signed, "amend");
  await look(page, "amend");
  await press(page, 'a[href*="fact=lead_deputy"]');
  await write(page, "#value", "倪琛缮");
  const follows = page.locator("#follows li", { hasText: "签发作废" });
  await follows.waitFor();
  await look(page, "amend-follows");
  await write(page, "#reason", "登记时把名字打错了");
  await write(page, "#source", "建议原件");
  await done(page);
  assert.match(await stage(page), /签发/);
  assert.match(await page.locator("main").innerText(), /倪琛缮/);
  await look(page, "amended");
}

// leave enters who signs for the only signer; somebody else confirms it, and the cover signs.
async function leave() {
  let page = await at("liaison");
  await page.goto("/proxies");
  await choose(page, "#principal", ids.leader_in_charge);
  await choose(page, "#proxy", ids.second_leader);
  await write(page, "#from", today);
  await write(page, "#to", until);
  await write(page, "#reason", "公休");
  await done(page);
  page = await at("second_leader");
  await rows(page, 0); // nobody has confirmed it
  page = await at("admin");
  await page.goto("/proxies");
  await look(page, "proxy-to-confirm");
  await press(page, 'form[action$="/confirm"] button');
  page = await at("second_leader");
  await rows(page, 1);
  await press(page, "tr.row td.title a");
  assert.match(await page.locator("main").innerText(), /倪琛缮/);
  await look(page, "sign-for");
  const read = page.locator("#sha256:not(:checked)");
  if (await read.count() > 0) await click(page, read);
  await done(page);
}

// reopen takes back the end of a case.
async function reopen() {
  const page = await at("liaison");
  await may(page, cases.closed, "reopen");
  await look(page, "reopen");
  await write(page, "#reason", "点错了，还有一份回执没有收");
  await write(page, "#source", "联络员说明");
  await done(page);
  await page.goto(`/cases/${cases.closed}`);
  assert.match(await stage(page), /办结/);
  await look(page, "reopened");
}

// leaves has the administrator close the account of an officer; the head finds what they had and passes it on, all at once.
async function leaves() {
  let page = await at("handler");
  await rows(page, left);
  page = await at("admin");
  await page.goto(`/people/${ids.handler}`);
  await click(page, "#active");
  await done(page);
  page = await at("division_head");
  await rows(page, left);
  await look(page, "left-behind");
  await click(page, "#tick-all");
  await press(page, "button.bulk[value=transfer]");
  await choose(page, "#whom", ids.second_handler);
  await write(page, "#reason", "调离，由乙经办接手");
  await look(page, "pass-on");
  await press(page);
  await page.locator("#bulk-bar").filter({ hasText: `${left}件` }).waitFor({ timeout: 60_000 });
  page = await at("second_handler");
  await rows(page, left);
  await press(page, "tr.row td.title a");
  await look(page, "taken-over");
}

// back goes one of the other ways back, and looks where the case stands then.
async function back(account, id, kind, fields, stands) {
  const page = await at(account);
  await may(page, id, kind);
  await look(page, kind);
  for (const [field, value] of Object.entries(fields)) {
    await (value === "" ? click(page, field) : write(page, field, value));
  }
  await done(page);
  await page.goto(`/cases/${id}`);
  assert.match(await stage(page), stands, `${kind} of ${id}`);
}

// filed corrects what the file of a case says that was over when it was entered.
async function filed() {
  const page = await at("liaison");
  await may(page, cases.filed, "amend");
  await press(page, 'a[href*="fact=signed_by"]');
  await write(page, "#value", "何志强");
  await write(page, "#reason", "档案上看错了");
  await write(page, "#source", "档案");
  await done(page);
  await page.goto(`/cases/${cases.filed}`);
  assert.match(await page.locator("main").innerText(), /何志强/);
  await look(page, "filed");
}

try {
  await name();
  await leave();
  await reopen();
  await leaves();
  const why = { "#reason": "前面办错了", "#source": "来函" };
  await filed();
  await back("division_head", cases.talked, "correct_contact", { 'input[name=outcome][value="none"]': "", "#reason": "记到别的件上了" }, /沟通/);
  await back("liaison", cases.numbered, "void_number", { "#reason": "文号用错" }, /编号用印/);
  await back("liaison", cases.withdrawn, "reopen", why, /分办/);
  await back("liaison", cases.returned, "reopen", { ...why, "#assigned_on": today }, /分办/);
  await back("division_head", cases.sent, "correct_reply", { "#reason": "数字有误" }, /拟稿/);
  await back("assembly", cases.rated, "correct_rating", {
    'input[name=attitude][value="satisfied"]': "", 'input[name=result][value="dissatisfied"]': "", "#reason": "录反了",
  }, /分办/);
} finally {
  await browser.close();
}
for (const line of [...complaints, ...witness.findings]) console.log(line);
console.log(witness.summary());
process.exitCode = witness.findings.length + complaints.length > 0 ? 1 : 0;
