// Carries one fresh case through every role in the browser, from registration to closure, and looks at every page on the
// way. Its settings come as JSON in $MAINLINE from mainline_test.go, which says what is in it.
import assert from "node:assert/strict";

import { Witness, choose, click, desk, launch, login, moved, newPage, phone, write } from "./browser.mjs";

const { site, password, people, lead, other, writer, approver, handler, out, number } = JSON.parse(process.env.MAINLINE);
Object.assign(people, { writer, approver });

const title = "关于完善老旧小区加装电梯审批服务、简化联合审查和规划公示程序、明确加装以后日常维护与安全责任、建立街道社区和业主委员会共同参与的长效管理机制的建议"; // as long as they get
const points = ["简化加装电梯审批手续", "明确加装后的维护责任"];
const reply = [
  `您提出的${title}收悉，现答复如下：`,
  "一、简化审批手续",
  "（一）合并受理窗口。加装电梯的申请由社区一次收齐，街道统一转送，不再由居民往返提交。",
  "（二）压缩办理时限。联合审查由二十个工作日缩短到十个工作日。",
  "二、明确维护责任",
  "加装前由全体申请业主签订维护协议，写明费用分担和维保单位；协议由社区存档备查。",
  "感谢您对社区工作的关心和支持。",
].join("\n");

const browser = await launch();
const witness = new Witness(out);
const complaints = [];
const desks = {};
let caseURL;

// at is the page of an officer, logged in once.
async function at(role) {
  if (!desks[role]) {
    desks[role] = await newPage(browser, site, { complaints });
    await login(desks[role], people[role], password);
  }
  return desks[role];
}

// open goes to the case from the officer's own task list, as an officer does.
async function open(role, page) {
  page ??= await at(role);
  await visit(page, "/");
  const row = page.locator("tr.row", { hasText: number });
  assert.equal(await row.count(), 1, `the case is not on the desk of ${role}`);
  await click(page, row.locator("td.title a"));
  await page.waitForURL(/\/cases\/[0-9a-f-]{36}/);
  return page;
}

// visit goes to an address that must be there.
async function visit(page, address) {
  const answer = await page.goto(address);
  assert.equal(answer.status(), 200, `${address} answers ${answer.status()}`);
}

// press sends the form of the page with its primary button and waits for the answer.
function press(page, selector = ".bar button.primary") {
  return moved(page, () => click(page, selector));
}

// readToItsEnd ticks, below a reply that is decided on, that it was read.
async function readToItsEnd(page) {
  const tick = page.locator("#sha256:not(:checked)");
  if (await tick.count() > 0) await click(page, tick);
}

// done presses the primary button and expects the action to have been taken.
async function done(page) {
  await readToItsEnd(page);
  await press(page);
  const flash = page.locator("p.flash");
  if (await flash.count() === 0) {
    throw new Error(`the action was not taken; the page at ${page.url()} says:\n${await page.locator("main").innerText()}`);
  }
}

async function stage(page, name) {
  assert.match(await page.locator("ol.stages li.now b").innerText(), new RegExp(name));
}

async function strangers() {
  const page = await newPage(browser, site, { complaints });
  await visit(page, "/");
  await page.waitForURL(/\/login/);
  await witness.look(page, "login");
  await write(page, "#account", people.liaison);
  await write(page, "#password", "not the password");
  await press(page, "button.primary");
  assert.equal(await page.inputValue("#account"), people.liaison, "the account typed is lost");
  await witness.look(page, "login-wrong");
  await press(page, 'a[lang="en"]');
  assert.equal(await page.getAttribute("html", "lang"), "en");
  await witness.look(page, "login-english");
  await page.goto("/no/such/page");
  await witness.look(page, "not-found-english");
  await page.context().close();
}

async function registration() {
  const page = await at("liaison");
  await witness.look(page, "desk-liaison");
  await visit(page, "/cases/new");
  await witness.look(page, "register");
  await press(page);
  assert.equal(await page.locator(".summary").count(), 1, "an empty registration lists what is missing");
  await witness.look(page, "register-incomplete");
  await write(page, "#number", number);
  await write(page, "#term", "16");
  await write(page, "#session", "3");
  await write(page, "#title", title);
  await write(page, "#text", "老旧小区加装电梯手续多、时间长，装好以后由谁维护也不清楚，建议简化审批，明确责任。");
  await write(page, "#points", points.join("\n"));
  await write(page, "#lead_deputy", "沈佳宁");
  await write(page, "#co_signers", "周立\n韩梅");
  await write(page, "#delegation", "沈河代表团");
  await write(page, "#deputy_contact", "13900001234");
  await write(page, "#assigned_on", today());
  await done(page);
  caseURL = new URL(page.url()).pathname;
  await witness.look(page, "case-registered");

  // The same number again: nothing is registered twice, the case that bears it is shown.
  await visit(page, "/cases/new");
  for (const [id, value] of Object.entries({ number, term: "16", session: "3", title, text: "重复", lead_deputy: "沈佳宁", assigned_on: today() })) {
    await write(page, `#${id}`, value);
  }
  await press(page);
  assert.equal(await page.locator(`main a[href="${caseURL}"]`).count(), 1, "the case with the number is not shown");
  await witness.look(page, "register-again");
}

function today() {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" }).format(new Date());
}

async function assignment() {
  await claiming();
  let page = await open("liaison");
  await choose(page, "#lead", lead);
  await click(page, `input[name=co_handling][value="${other}"]`);
  await write(page, "#opinion", "涉及社区事务，建议由该处主办。");
  await done(page);
  await stage(page, "分办");

  page = await open("leader_in_charge");
  await witness.look(page, "assignment-instruction");
  await write(page, "#text", "同意，抓紧联系代表。");
  await done(page);

  page = await open("division_head");
  await press(page, 'a[href*="do=refuse"]');
  await witness.look(page, "assignment-refuse");
  await visit(page, caseURL);
  await choose(page, "#handler", handler);
  await witness.look(page, "assignment-accept");
  await done(page);
}

// claiming takes the task from the list and puts it back on the case, and takes it again.
async function claiming() {
  const page = await at("liaison");
  await visit(page, "/");
  await press(page, `button[formaction="${caseURL}/claim"], form[action="${caseURL}/claim"] button`);
  await witness.look(page, "desk-claimed");
  await visit(page, caseURL);
  await press(page, `form[action="${caseURL}/release"] button`);
  await press(page, `button[formaction="${caseURL}/claim"], form[action="${caseURL}/claim"] button`);
}

async function consultation() {
  const page = await open("handler");
  await stage(page, "沟通");
  await witness.look(page, "consultation");
  await click(page, 'input[name=outcome][value="no_answer"]');
  await done(page);
  await stage(page, "沟通");
  await press(page, 'button[formaction$="/deputy-contact"]');
  assert.match(await page.locator("main").innerText(), /13900001234/);
  await witness.look(page, "consultation-contact-shown");
  await visit(page, caseURL);
  await click(page, 'input[name=outcome][value="reached"]');
  await press(page); // nothing ticked: the points are not confirmed
  await witness.look(page, "consultation-incomplete");
  for (let i = 1; i <= points.length; i++) await click(page, `#tick\\.${i}`);
  await write(page, "#words", "最关心的是装好以后谁来管。");
  await click(page, 'input[name=wish][value="agrees"]');
  await done(page);
  await stage(page, "拟稿");
}

// coHandling asks the other division; its handler writes and its head approves.
async function coHandling() {
  let page = await open("handler");
  await visit(page, `${caseURL}?do=ask_opinion`);
  await witness.look(page, "opinion-ask");
  await choose(page, "#division", other);
  await write(page, "#question", "请就加装电梯后的养老服务设施衔接提出意见。");
  await done(page);
  page = await open("writer");
  await witness.look(page, "opinion-write");
  await write(page, "#text", "同意由社区统一受理；涉及养老服务设施的，我处派员参加联合审查。");
  await done(page);
  page = await open("approver");
  await witness.look(page, "opinion-approve");
  await done(page);
}

async function drafting() {
  const page = await open("handler");
  await witness.look(page, "draft-empty");
  const from = await page.locator("#body").evaluate((body) => body.getBoundingClientRect().top);
  const to = await page.locator("#case-bar").evaluate((bar) => bar.getBoundingClientRect().top);
  assert.ok(to - from >= 290, `a long title leaves ${to - from} px to write in`);
  await write(page, "#body", reply);
  await click(page, '.bar button[formaction$="/draft"]');
  await page.waitForFunction(() => /第1稿，\d\d:\d\d:\d\d已存/.test(document.querySelector("#draft-state").textContent));
  await click(page, ".bar button.primary"); // not linked, no class: it goes to the first of what is missing
  await page.waitForSelector("#bar-says[data-missing]");
  await witness.look(page, "draft-findings");
  for (const [line, point] of [[2, 1], [3, 1], [5, 2]]) {
    const chips = page.locator(".mirror .line").nth(line).locator(".gutter-chips");
    if (await chips.locator('[data-point="more"]').count() > 0) await click(page, chips.locator('[data-point="more"]'));
    await click(page, chips.locator(`[data-point="${point}"][aria-pressed="false"]`));
  }
  for (const n of [1, 2]) await choose(page, `#status\\.${n}`, "solved");
  await choose(page, "#class", "A");
  await page.waitForFunction(() => !document.querySelector("#bar-says").hasAttribute("data-missing"));
  await witness.look(page, "draft-complete");
  await done(page);
  await stage(page, "审核");
}

// amend puts words in the place of others in the reply, with the caret and the keys.
async function amend(page, words, by) {
  await click(page, "#body");
  const before = (await page.inputValue("#body")).indexOf(words);
  await page.keyboard.press("Control+Home");
  for (let i = 0; i < before; i++) await page.keyboard.press("ArrowRight");
  for (let i = 0; i < words.length; i++) await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.type(by);
}

async function review() {
  let page = await open("division_head");
  await witness.look(page, "review-division");
  await press(page, 'a[href*="do=send_back"]');
  await write(page, "#reason", "第二部分要写明协议由谁存档。");
  await witness.look(page, "review-send-back");
  await done(page);

  page = await open("handler");
  assert.match(await page.locator("main").innerText(), /第二部分要写明协议由谁存档/);
  await witness.look(page, "draft-sent-back");
  await amend(page, "由社区存档备查", "由社区和街道各存一份备查");
  await done(page);

  page = await open("division_head");
  await write(page, "#comment", "可以。");
  await done(page);

  page = await open("approver");
  await witness.look(page, "countersign");
  await done(page);

  // Two windows of one officer hold the same form; the slower one is told who was first and loses no word.
  page = await open("office_reviewer");
  const slower = await page.context().newPage();
  await slower.goto(caseURL);
  await write(slower, "#comment", "慢了一步的意见。");
  await readToItsEnd(slower);
  await witness.look(page, "review-office");
  await lostSession("office_reviewer");
  await withoutScript("office_reviewer");
  await press(slower);
  assert.match(await slower.locator("main").innerText(), /慢了一步的意见/);
  await witness.look(slower, "conflict");
  await slower.close();

  page = await open("openness_reviewer");
  await witness.look(page, "review-openness");
  await click(page, 'input[name=openness][value="open"]');
  await done(page);
}

// lostSession writes while the session ends: after the new login the words are there, to be sent or dropped.
async function lostSession(role) {
  const page = await newPage(browser, site, { complaints });
  await login(page, people[role], password);
  await open(role, page);
  await write(page, "#comment", "登录断开前写的意见。");
  await readToItsEnd(page);
  await page.context().clearCookies({ name: "banli" }); // the session's; whose words these are is told by another
  await press(page);
  await witness.look(page, "session-lost");
  await write(page, "#account", people[role]);
  await write(page, "#password", password);
  await press(page, "button.primary");
  assert.match(await page.locator("main").innerText(), /登录断开前写的意见/);
  await witness.look(page, "session-kept");
  await page.context().close();
}

// withoutScript does one whole turn in a browser that runs no scripts: login, list, case, action.
async function withoutScript(role) {
  const page = await newPage(browser, site, { script: false });
  await visit(page, "/login");
  await write(page, "#account", people[role]);
  await write(page, "#password", password);
  await press(page, "button.primary");
  await witness.look(page, "no-script-desk", { script: false });
  await open(role, page);
  await write(page, "#comment", "文字已核。");
  await done(page);
  await witness.look(page, "no-script-done", { script: false });
  await page.context().close();
}

async function sending() {
  let page = await open("leader_in_charge");
  await stage(page, "签发");
  await witness.look(page, "sign-off");
  await done(page);

  page = await open("liaison");
  await witness.look(page, "numbering");
  await write(page, "#seal", "局印，一式三份");
  await done(page);
  page = await open("liaison");
  await witness.look(page, "dispatch");
  await click(page, 'input[name=mode][value="mail"]');
  await write(page, "#copies", "市人大常委会代表工作委员会\n市政府督查室");
  await done(page);
}

async function publication() {
  let page = await open("publisher");
  await witness.look(page, "publication");
  await done(page);
  await witness.look(page, "publication-done");

  // The deputy rates through a link that is shown once; nobody of the bureau can.
  page = await at("liaison");
  await visit(page, caseURL);
  await press(page, 'form[action$="/deputy-link"] button:not([name])');
  await witness.look(page, "deputy-link");
  const link = new URL(await page.locator("main p.address").first().innerText()); // the lead's
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await click(page, '[data-copy="#address-0"]');
  await page.getByText("已复制").waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), link.href, "copied");
  const sheets = (await page.pdf({ preferCSSPageSize: true })).toString("latin1").match(/\/Type\s*\/Page\b/g);
  assert.equal(sheets.length, 3, "sheets of the feedback form: the lead and two co-signers");
  await rating(link.pathname);

  page = await open("liaison");
  await witness.look(page, "closure");
  await done(page);
  await witness.look(page, "case-closed");
  await visit(page, "/?box=done");
  await witness.look(page, "desk-done");
}

async function rating(link) {
  const page = await newPage(browser, site, { complaints });
  await visit(page, link);
  await witness.look(page, "deputy");
  await click(page, 'input[name=attitude][value="satisfied"]');
  await click(page, 'input[name=result][value="basically"]');
  await write(page, "#words", "维护责任说清楚了，盼早日落实。");
  await press(page, "button.send");
  await witness.look(page, "deputy-thanks");
  await page.context().close();
}

async function published() {
  const page = await newPage(browser, site, { complaints });
  await visit(page, "/public/");
  await witness.look(page, "public-list");
  await visit(page, `/public/${caseURL.split("/").pop()}`);
  const text = (await page.locator("main").innerText()).replaceAll(/\s/g, ""); // however its lines are broken
  for (const line of reply.replace("由社区存档备查", "由社区和街道各存一份备查").split("\n")) {
    assert.ok(text.includes(line), `the public page lacks: ${line}`);
  }
  assert.ok(text.includes(title.slice(2)), "the public page lacks the title");
  assert.ok(!text.includes("13900001234"), "the public page shows the deputy's telephone");
  assert.match(text, /沈佳宁/);
  await witness.look(page, "public-reply");
  await page.setViewportSize(phone);
  await witness.look(page, "public-reply-phone");
  await visit(page, "/public/");
  await witness.look(page, "public-list-phone");
  await page.goto("/public/00000000-0000-0000-0000-000000000000");
  await witness.look(page, "public-not-found-phone");
  await page.context().close();
}

async function others() {
  let page = await at("supervisor");
  await visit(page, "/overview");
  await witness.look(page, "overview");
  await visit(page, "/cases");
  await witness.look(page, "cases");
  await visit(page, caseURL);
  await witness.look(page, "case-supervisor");
  await click(page, "details.why summary");
  await witness.look(page, "case-explained");
  await page.setViewportSize(phone);
  await visit(page, "/overview");
  await witness.look(page, "overview-phone");

  page = await at("liaison");
  await page.setViewportSize(phone);
  await visit(page, "/");
  await witness.look(page, "desk-phone");
  await visit(page, caseURL);
  await witness.look(page, "case-phone");
  await visit(page, "/cases/new");
  await witness.look(page, "register-phone");
  await page.setViewportSize(desk);

  page = await at("handler");
  await visit(page, "/language?to=en&back=/");
  assert.equal(await page.getAttribute("html", "lang"), "en");
  await witness.look(page, "desk-english");
  await visit(page, caseURL);
  await witness.look(page, "case-english");
  await visit(page, "/display?theme=dark&back=/");
  await witness.look(page, "desk-dark-english");
  await page.goto("/cases/new"); // not for a handler
  await witness.look(page, "forbidden-english");
}

try {
  await strangers();
  await registration();
  await assignment();
  await consultation();
  await coHandling();
  await drafting();
  await review();
  await sending();
  await publication();
  await published();
  await others();
} finally {
  await browser.close();
}
for (const line of [...complaints, ...witness.findings]) console.log(line);
console.log(witness.summary());
process.exitCode = witness.findings.length + complaints.length > 0 ? 1 : 0;
