// A bureau that has never heard of us: with nothing but the address that the program prints it is set up and staffed, carries a suggestion and a proposal
// of the CPPCC to their public pages, and lets somebody go. Its settings come as JSON in $BUREAU from bureau_test.go.
import assert from "node:assert/strict";

import { Witness, choose, click, desk, effort, key, launch, moved, newPage, phone, write } from "./browser.mjs";

const { address, site, out, lists, day } = JSON.parse(process.env.BUREAU);
const browser = await launch();
const witness = new Witness(out);
const complaints = [];
const password = "和平 four words";

const saysOn = async (page, words) => page.getByText(words).first().waitFor();
const press = (page, target) => moved(page, () => click(page, target));
const primary = ".bar button.primary";

async function fill(page, fields) {
  for (const [name, value] of Object.entries(fields)) await write(page, `#${name}`, value);
}

// look takes the page at a desk and on a phone.
async function look(page, name) {
  await witness.look(page, name);
  await page.setViewportSize(phone);
  await witness.look(page, `${name}-phone`);
  await page.setViewportSize(desk);
}

async function setUp(page) {
  await page.goto(address);
  await fill(page, { name: "和平区民政局", short: "区民政局", place: "和平区", phone: "024-00000000" });
  await choose(page, "#level", "district");
  await press(page, primary);
  await fill(page, { npc: "和平区人大", cppcc: "政协和平区委员会" });
  await press(page, primary);
  await click(page, 'input[name="profile"][value="national"]');
  await fill(page, { series: "和民函", series_cppcc: "和民提函" });
  await press(page, primary);
  await fill(page, { person: "王芳", login: "wangfang", password, password_again: password });
  await press(page, primary);
  await fill(page, { account: "wangfang", password });
  await press(page, "main button");
  await saysOn(page, "还没有处室");
  await look(page, "home");
}

async function divisions(page) {
  await press(page, '#nav a[href="/divisions"]');
  for (const name of ["办公室", "养老服务科", "社会救助科", "基层政权科", "社会事务科", "规划财务科"]) {
    await write(page, "#name", name);
    await press(page, primary);
    await saysOn(page, `${name}存下了`);
  }
}

async function people(page) {
  await press(page, '#nav a[href="/people"]');
  for (const [list, shown, left] of [[lists[0], "能导入17行，要改3行", 17], [lists[1], "能导入3行，要改0行，没有变化17行", 3]]) {
    await press(page, 'a[href="/people/import"]');
    const choosing = page.waitForEvent("filechooser");
    await click(page, "#file");
    await (await choosing).setFiles(list);
    await press(page, primary);
    await saysOn(page, shown);
    await look(page, `import-${left}`);
    await press(page, primary);
    await saysOn(page, `新增${left}人`);
  }
}

// comesIn gives a colleague a password address, behind which they choose a password and come to their desk.
async function comesIn(admin, name) {
  await press(admin, '#nav a[href="/people"]');
  await write(admin, "#q", name);
  await press(admin, ".filters button");
  await press(admin, admin.getByRole("link", { name, exact: true }));
  await press(admin, ".password-make button");
  const [account, link] = await admin.locator(".password-link dd").allTextContents();
  const page = await newPage(browser, site, { complaints });
  await page.goto(link);
  await fill(page, { password, password_again: password });
  await press(page, primary);
  await fill(page, { account, password });
  await press(page, "main button");
  return page;
}

// directory enters a member, whom the liaison then chooses by two characters; it is looked at in both languages.
async function directory(page, { by, sector, tel }) {
  await press(page, '#nav a[href="/directory/deputies"]');
  await saysOn(page, "还没有");
  await press(page, 'main a[href="/directory/members"]');
  await press(page, ".filters a.primary");
  await fill(page, { name: by, group: sector, term: "十九届", phone: tel });
  await press(page, primary);
  await saysOn(page, "区政协十九届");
  await press(page, primary);
  await look(page, "directory-entry");
  await press(page, 'main a[href="/directory/members"]');
  await look(page, "directory");
  await page.goto("/language?to=en&back=/directory/members");
  await look(page, "directory-en");
  await page.goto("/language?to=zh&back=/directory/members");
}

// choosesFromDirectory types a name and takes it from the list with the keyboard.
async function choosesFromDirectory(page, { by, sector, tel }) {
  await write(page, "#lead_deputy", by);
  await page.locator("#lead_deputy-choices [role=option]").first().waitFor();
  await look(page, "choices");
  await write(page, "#lead_deputy", by); // it was left to be looked at
  await page.locator("#lead_deputy-choices [role=option]").first().waitFor();
  await key(page, "ArrowDown");
  await key(page, "Enter");
  await saysOn(page, "已从名录填入");
  assert.deepEqual([await page.inputValue("#lead_deputy"), await page.inputValue("#delegation"), await page.inputValue("#deputy_contact")], [by, sector, tel], "what the choice fills in");
}

// registers takes a case in and tells its address.
async function registers(page, { body, number, title, text, point, by, sector, tel }) {
  await press(page, '#nav a[href="/cases/new"]');
  assert.equal(await page.inputValue("#level"), "district", "the level of the assembly that a district's bureau mostly answers");
  if (body) await click(page, `input[name="body"][value="${body}"]`);
  await fill(page, { number, term: "19", session: "2", title, text, points: point, lead_deputy: by, assigned_on: day });
  if (sector) await choosesFromDirectory(page, { by, sector, tel });
  await done(page);
  return new URL(page.url()).pathname;
}

// open goes to the case from the officer's own list.
async function open(page, { number }) {
  await page.goto("/");
  const row = page.locator("tr.row", { hasText: number });
  assert.equal(await row.count(), 1, `${number} is not on the list at ${page.url()}`);
  await press(page, row.locator("td.title a"));
}

// done presses the primary button, below a reply that was read, and expects the action to have been taken.
async function done(page) {
  const tick = page.locator("#sha256:not(:checked)");
  if (await tick.count() > 0) await click(page, tick);
  await press(page, primary);
  if (await page.locator("p.flash").count() === 0) throw new Error(`the action was not taken at ${page.url()}:\n${await page.locator("main").innerText()}`);
}

const named = (page, select, name) => page.locator(`${select} option`, { hasText: name }).getAttribute("value");

// isAssigned brings a case to its handler.
async function isAssigned(desks, one, handler) {
  await open(desks.liaison, one);
  await choose(desks.liaison, "#lead", await named(desks.liaison, "#lead", "养老服务科"));
  await write(desks.liaison, "#opinion", "属养老服务科职责，建议由该科主办。");
  await done(desks.liaison);
  await open(desks.leader, one);
  await write(desks.leader, "#text", "同意，抓紧联系。");
  await done(desks.leader);
  await open(desks.head, one);
  await choose(desks.head, "#handler", await named(desks.head, "#handler", handler));
  await done(desks.head);
}

async function isDiscussed(page, one) {
  await open(page, one);
  await click(page, 'input[name="outcome"][value="reached"]');
  await click(page, "#tick\\.1");
  await write(page, "#words", "最关心的是开在哪里。");
  await click(page, 'input[name="wish"][value="agrees"]');
  await done(page);
}

async function isDrafted(page, one) {
  await open(page, one);
  await write(page, "#body", reply(one).join("\n"));
  const chips = page.locator(".mirror .line").nth(2).locator(".gutter-chips");
  await page.locator(".mirror .line").nth(3).waitFor();
  if (await chips.locator('[data-point="more"]').count() > 0) await click(page, chips.locator('[data-point="more"]'));
  const unlinked = chips.locator('[data-point="1"][aria-pressed="false"]');
  if (await unlinked.count() > 0) await click(page, unlinked);
  await choose(page, "#status\\.1", "solved");
  await choose(page, "#class", "A");
  await page.waitForFunction(() => !document.querySelector("#bar-says").hasAttribute("data-missing"));
  await done(page);
}

const reply = ({ noun, title, point }) => [
  `您提出的${title}收悉，现答复如下：`,
  `一、关于${point}`,
  `今年在全区新增老年食堂六个，本${noun}提到的社区已全部开业。`,
  "感谢您对民政工作的关心和支持。",
];

// isSent brings a draft through its reviews to the signature, the number, the dispatch and the public page.
async function isSent(desks, one) {
  for (const who of ["head", "liaison"]) {
    await open(desks[who], one);
    await done(desks[who]);
  }
  await open(desks.openness, one);
  await click(desks.openness, 'input[name="openness"][value="open"]');
  await done(desks.openness);
  await open(desks.leader, one);
  await look(desks.leader, `sign-off-${one.number}`);
  await done(desks.leader);
  await open(desks.liaison, one);
  await write(desks.liaison, "#seal", "局印，一式三份");
  await done(desks.liaison);
  await open(desks.liaison, one);
  await click(desks.liaison, 'input[name="mode"][value="mail"]');
  await done(desks.liaison);
  await open(desks.publisher, one);
  await done(desks.publisher);
}

// isPublic reads the case as a citizen does.
async function isPublic(one) {
  const page = await newPage(browser, site, { complaints });
  await page.goto("/public/");
  await press(page, page.locator("ol.replies a", { hasText: one.title.slice(2, -3) }));
  const text = (await page.locator("body").innerText()).replaceAll(/\s/g, "");
  for (const words of ["承办处室：养老服务科", one.reference, ...reply(one), one.by, "024-00000000"]) assert.ok(text.includes(words), `the public page of ${one.number} lacks: ${words}`);
  assert.equal(await page.locator(".signature").innerText(), "和平区民政局");
  assert.doesNotMatch(text, /沈阳市民政局|演示/);
  await look(page, `public-${one.number}`);
  await page.context().close();
}

// leaves hands over what somebody has in hand, and closes their account.
async function leaves(admin, name, to, left) {
  await press(admin, '#nav a[href="/people"]');
  await press(admin, admin.getByRole("link", { name, exact: true }));
  await look(admin, "leaving");
  await press(admin, 'section.held a[href$="/hand-over"]');
  await look(admin, "hand-over");
  await choose(admin, "#to", await named(admin, "#to", to));
  await press(admin, primary);
  await admin.getByText(left).first().waitFor();
  await look(admin, "handed-over");
  await press(admin, ".bar > a.button");
  await saysOn(admin, "手上没有事");
  await click(admin, "#active");
  await press(admin, primary);
  await saysOn(admin, "已停用");
}

// isMerged closes a division; another takes over its people and open cases.
async function isMerged(admin, division, into) {
  await press(admin, '#nav a[href="/divisions"]');
  await press(admin, admin.getByRole("link", { name: division, exact: true }));
  await press(admin, 'main a[href$="/close"]');
  await look(admin, "close");
  await choose(admin, "#into", await named(admin, "#into", into));
  await press(admin, primary);
  await admin.getByText(`转给${into}`).first().waitFor();
  await admin.getByText("2／2").first().waitFor();
  await look(admin, "closed");
  await press(admin, ".bar > a.button");
  await saysOn(admin, `由${into}接手`);
  await look(admin, "divisions");
}

// opensTheEngine reads in the Temporal Web UI with what the workflow of a case began, which the engine keeps encrypted. The pages are not ours: what they
// complain of in the console is nothing to us.
async function opensTheEngine() {
  const page = await newPage(browser, site);
  await page.goto("/login");
  await fill(page, { account: "wangfang", password });
  await press(page, "main button");
  await page.goto(`/engine/namespaces/banli/workflows?query=${encodeURIComponent('WorkflowType="Proposal"')}`);
  const workflow = page.locator('a[href*="/workflows/proposal-"]').first();
  const id = (await workflow.getAttribute("href")).match(/proposal-([0-9a-f-]{36})/)[1];
  await click(page, workflow);
  await saysOn(page, `"case_id": "${id}"`);
}

// The administrator asks a second factor of their own role, gets a passkey at a name that browsers trust, and comes in with it: where there is only a number
// in the address the page says why there are none.
async function provesMore() {
  const page = await newPage(browser, site.replace("127.0.0.1", "localhost"), { complaints });
  const keys = await page.context().newCDPSession(page);
  await keys.send("WebAuthn.enable");
  await keys.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", transport: "internal", hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
  const logsIn = async () => {
    await page.goto("/login");
    await fill(page, { account: "wangfang", password });
    await press(page, "main button");
  };
  await logsIn();
  await page.goto("/bureau");
  await click(page, 'input[name="second_factor"][value="admin"]');
  await press(page, primary);
  await saysOn(page, "本单位要求你登记二次验证");
  await look(page, "second-factor");
  await write(page, "#key_name", "办公室电脑");
  await press(page, '[data-passkey="make"] button');
  await saysOn(page, "只显示这一次");
  await look(page, "second-factor-codes");
  await press(page, 'a[href="/second-factor"]');
  await saysOn(page, "办公室电脑");
  await press(page, ".me form button");
  await logsIn();
  await look(page, "second-factor-login");
  await press(page, '[data-passkey="use"] button');
  await page.goto("/second-factor");
  await saysOn(page, "上次用");

  const elsewhere = await newPage(browser, site, { complaints });
  await elsewhere.goto("/login");
  await fill(elsewhere, { account: "wangfang", password });
  await press(elsewhere, "main button");
  await saysOn(elsewhere, "你的通行密钥在这个地址用不了");
}

const suggestion = {
  number: "12", noun: "建议", title: "关于在社区增设老年食堂的建议", text: "社区老年人吃饭不便。", point: "增设老年食堂", by: "沈佳宁", reference: `和民函〔${day.slice(0, 4)}〕1号`,
};
const proposal = {
  body: "cppcc", number: "305", noun: "提案", title: "关于为居家老年人送餐的提案", text: "居家老年人做饭难。", point: "为居家老年人送餐", by: "韩梅", sector: "社会福利界", tel: "139 0000 0305", reference: `和民提函〔${day.slice(0, 4)}〕1号`,
};

try {
  const begun = Date.now();
  const admin = await newPage(browser, site, { complaints });
  await setUp(admin);
  await divisions(admin);
  await people(admin);
  const desks = { liaison: await comesIn(admin, "赵联") };
  await registers(desks.liaison, suggestion);
  await look(desks.liaison, "registered");
  const taken = [admin, desks.liaison].reduce((sum, page) => sum + effort(page).seconds, 0);
  console.log(`from the address to the first registered case: ${Math.round((Date.now() - begun) / 1000)} s of the machine, ${(taken / 60).toFixed(1)} min at a hand's pace`);

  const others = { leader: "周分", head: "科长0", handler: "经办0", successor: "经办八", openness: "孙开", publisher: "李网" };
  for (const [seat, name] of Object.entries(others)) desks[seat] = await comesIn(admin, name);
  await isAssigned(desks, suggestion, others.handler);
  await isDiscussed(desks.handler, suggestion);
  await isDrafted(desks.handler, suggestion);
  await isSent(desks, suggestion);
  await isPublic(suggestion);

  // Who handles the second case leaves in the middle of it.
  await directory(desks.liaison, proposal);
  await registers(desks.liaison, proposal);
  await isAssigned(desks, proposal, others.handler);
  await isDiscussed(desks.handler, proposal);
  await leaves(admin, others.handler, others.successor, "已交接");
  await isDrafted(desks.successor, proposal);
  await isSent(desks, proposal);
  await isPublic(proposal);

  await isMerged(admin, "养老服务科", "社会救助科");
  await isPublic(suggestion);

  await press(admin, '#nav a[href="/bureau"]');
  await saysOn(admin, "公开网站");
  await look(admin, "bureau");
  await press(admin, 'a[href="/bureau/wording"]');
  await saysOn(admin, "提醒、邮件的用语和答复的骨架");
  await look(admin, "wording");
  await press(admin, 'a[href="/bureau/wording/notice.urge"]');
  await saysOn(admin, "可以不写");
  await look(admin, "wording-edit");
  await opensTheEngine();
  await provesMore();
  console.log(`to both public pages: ${Math.round((Date.now() - begun) / 1000)} s of the machine`);
} finally {
  await browser.close();
}
for (const line of [...complaints, ...witness.findings]) console.log(line);
console.log(witness.summary());
process.exitCode = witness.findings.length + complaints.length > 0 ? 1 : 0;
