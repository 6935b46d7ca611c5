// Draws the pictures of the README and the guides from a loaded demonstration bureau. Its settings come as JSON in
// $SCREENSHOTS from screenshots_test.go.
import assert from "node:assert/strict";
import { join } from "node:path";

import { click, desk, hands, launch, login, moved, newPage, phone, write } from "./browser.mjs";

const wide = { width: 1920, height: 1080 };
const tall = { width: 1366, height: 3200 }; // that a part of a page is seen whole, and nothing lies over it

const leaders = ["liuyongjun", "xuman", "luojianping", "chenguodong"];

const { site, password, people, out } = JSON.parse(process.env.SCREENSHOTS);
const browser = await launch();

async function open(account, viewport = desk) {
  const page = await newPage(browser, site, { viewport, finger: viewport === phone });
  page.on("response", (answer) => { // a page, loaded or put in the place of the last one
    const { headers, isNavigation } = { headers: answer.request().headers(), isNavigation: answer.request().isNavigationRequest() };
    if (isNavigation || headers["hx-boosted"]) page.answered = answer.status();
  });
  if (account) await login(page, account, password);
  return page;
}

const officer = (role, viewport) => open(people[role], viewport);

// meant fails on any page, or part of one, but that which is meant: it is known by its heading, and the page by how it was answered.
async function meant(page, name, of, heading, status = 200) {
  const says = (await of.first().innerText()).replace(/\s+/g, "");
  assert.match(says, heading, `${name}: ${page.url()} is another page`);
  assert.equal(page.answered, status, `${name}: ${page.url()}`);
}

// shoot takes the picture of what is seen of the page at first.
async function shoot(page, name, heading, status) {
  await meant(page, name, page.locator("h1"), heading, status);
  await page.screenshot({ path: join(out, `${name}.png`) });
  await page.context().close();
}

// part takes the picture of one part of a page, or of as much of its upper end as is asked for.
async function part(page, name, labelled, heading, most = Infinity) {
  const of = page.locator(`section[aria-labelledby="${labelled}"]`);
  await meant(page, name, of.locator("h2"), heading);
  const { x, y, width, height } = await of.boundingBox();
  await page.screenshot({ path: join(out, `${name}.png`), clip: { x: x - 16, y: y - 12, width: width + 32, height: Math.min(height + 24, most) } });
}

// room takes the picture of a page that is found by its address alone.
async function room(role, name, path, heading, viewport) {
  const page = await officer(role, viewport);
  await page.goto(path);
  await shoot(page, name, heading);
}

// openTask goes from the list to the first case that asks for this, and tells its address.
async function openTask(page, ask, hand = hands.mouse) {
  await moved(page, () => hand.click(page, page.locator(`tr.row[id*="-${ask}-"] td.title a`).first()));
  return new URL(page.url()).pathname;
}

// signer is a leader on whose desk a reply waits to be signed.
async function signer() {
  for (const account of leaders) {
    const page = await open(account);
    const waits = await page.locator('tr.row[id*="-sign_off-"]').count();
    await page.context().close();
    if (waits > 0) return account;
  }
  throw new Error("no reply waits to be signed");
}

// written is a case of the handler whose reply is being written; two versions of it are kept.
async function written(page) {
  const path = await openTask(page, "drafting");
  const title = (await page.locator("h1").innerText()).match(/关于.*的建议/)[0];
  for (const [when, more] of [["年底前", ""], ["2026年12月底前", "群众遇到仍索要证明的，可以向社区或者我局反映。"]]) {
    await write(page, "#body", `您提出的《${title}》收悉，现答复如下：
一、关于公布社区不应出具的证明事项清单
我局会同有关部门梳理社区不应出具的证明事项，${when}向社会重新公布清单。
二、关于通报和纠正办法
对清单以外仍索要证明的单位，我局按季度通报，督促纠正。${more}
感谢您对民政工作的关心和支持。`);
    const version = await page.inputValue("[name=base_version]");
    await click(page, '.bar button[formaction$="/draft"]');
    await page.waitForFunction((old) => document.querySelector("[name=base_version]").value !== old, version);
  }
  return path;
}

// linked makes the deputy's link of an answered case that has not been rated yet, and tells the address of the case.
async function linked(page) {
  await page.goto("/cases?step=follow_up");
  const paths = await page.locator("tr.row td.title a").evaluateAll((links) => links.map((a) => a.getAttribute("href")));
  for (const path of paths) {
    await page.goto(path);
    const make = page.locator('form[action$="/deputy-link"] button:not([name])');
    if (await make.count() === 0) continue;
    await moved(page, () => click(page, make));
    return path.split("?")[0];
  }
  throw new Error("no case waits for its deputy's rating");
}

// race lets two windows of one officer act on the same case: the slower one is told.
async function race(page) {
  const path = await openTask(page, "office_review");
  const slower = await officer("office_reviewer");
  await slower.goto(path);
  await write(slower, "#comment", "第二部分的数字要注明截止日期，请补上再送。");
  for (const window of [page, slower]) await click(window, "#sha256"); // read to its end
  await moved(page, () => click(page, ".bar button.primary"));
  await moved(slower, () => click(slower, ".bar button.primary"));
  return slower;
}

const aCase = /^关于.*的(建议|提案|议案)/;

try {
  await shoot(await officer("handler"), "desk", /^待办/);
  await shoot(await officer("handler", phone), "phone", /^待办/);
  await shoot(await officer("admin"), "desk-empty", /^待办/);

  let page = await officer("handler");
  await openTask(page, "opinion");
  await shoot(page, "case", aCase);

  page = await officer("handler");
  await openTask(page, "consultation");
  await moved(page, () => click(page, 'button[formaction$="/deputy-contact"]'));
  await shoot(page, "call", aCase);

  page = await officer("handler");
  const drafted = await written(page);
  await page.goto(drafted);
  await page.waitForTimeout(1500); // the findings come after the page
  await shoot(page, "draft", aCase);
  await room("handler", "compare", `${drafted}/compare`, /^比较各稿/);
  await room("handler", "preview", `${drafted}/preview`, /^第\d+稿版面/);
  await room("handler", "case-at", `${drafted}/at?date=${new Date(Date.now() - 3 * 864e5).toISOString().slice(0, 10)}&time=14:00`, aCase);

  page = await officer("handler");
  for (const box of await page.locator('tr.row input[name="task"]').all().then((all) => all.slice(0, 8))) await click(page, box);
  await moved(page, () => click(page, page.locator('.bar button[name="kind"][value="delegate"]:visible')));
  await shoot(page, "bulk", /^委派\d+件/);

  const leader = await signer();
  page = await open(leader, phone);
  await openTask(page, "sign_off", hands.finger);
  await shoot(page, "sign-phone", aCase);
  page = await open(leader);
  await page.goto("/signing");
  await shoot(page, "signing", /^等你审签\d+件/);

  await room("handler", "notices", "/notices", /^未读提醒\d+条/);
  await room("handler", "settings", "/settings", /^设置/);
  await room("handler", "paragraphs", "/paragraphs", /^常用段落\d+段/);
  page = await officer("handler", wide);
  await page.locator("#brief-case").waitFor();
  await shoot(page, "desk-wide", /^待办\d+件/);

  page = await officer("liaison");
  await openTask(page, "numbering");
  await shoot(page, "number", aCase);
  page = await officer("liaison");
  const answered = await linked(page);
  await shoot(page, "opinion-form", /^(代表|提案者)的反馈链接/);
  await room("liaison", "answered", answered, aCase, { ...desk, height: 1400 }); // down to its papers
  await room("liaison", "amend", `${answered}?do=amend`, aCase);
  await room("liaison", "register", "/cases/new", /^登记/);
  await room("liaison", "cases", "/cases", /^在办案件\d+件/);
  await room("liaison", "proxies", "/proxies", /^代理和委派/);
  await room("liaison", "outgoing", "/outgoing", /^发文登记/);
  await room("publisher", "home", "/home", /^首页/);
  await room("division_head", "division", "/overview", /^今天要定的\d+件/);

  await room("supervisor", "overview", "/overview", /^今天要定的\d+件/);
  page = await officer("supervisor", tall);
  await page.goto("/overview");
  await part(page, "runway", "runway", /^离(\d+年)?\d+月\d+日.*的到期高峰/);
  await part(page, "gates", "gates", /^窄口/);
  await part(page, "ageing", "ageing", /^每件在这一环节多久了/);
  await part(page, "decide", "decide", /^今天要定的/, 900);
  await moved(page, () => click(page, page.locator("[aria-labelledby=decide] h3", { hasText: "倒排赶不上" }).locator("a", { hasText: "一次催办" })));
  await page.setViewportSize(desk);
  await write(page, "#reason", "期限快到了，请今天报进度；送不出来的，说明卡在哪里。");
  await shoot(page, "urge-many", /^催办\d+件/);
  page = await officer("supervisor");
  await page.goto("/cases?within=overdue&division=shiwu");
  await moved(page, () => click(page, '.views-do a[href^="/views?save"]'));
  await write(page, "#act input[name=name]", "社会事务处逾期");
  await moved(page, () => click(page, "#act button.primary"));
  await page.reload(); // without the word that it was saved
  await shoot(page, "list", /^社会事务处逾期\d+件/);
  await room("supervisor", "digest", "/digest", /^督办日报/, phone);
  page = await officer("supervisor");
  await page.goto("/what-if");
  await click(page, page.locator("fieldset", { hasText: "基层政权和社区建设处" }).locator("label", { hasText: "张琼" }));
  await moved(page, () => click(page, "form#act button.primary"));
  await shoot(page, "what-if", /件会|都有人/);
  await room("supervisor", "process", `${drafted}/process`, aCase);
  await room("supervisor", "statistics", "/statistics", /^统计/);
  page = await officer("supervisor", tall);
  await page.goto("/statistics");
  await part(page, "formulas", "formulas", /^怎么算的/);
  await page.context().close();
  await room("supervisor", "table", "/statistics/table", /^办理情况统计表/);
  await room("supervisor", "operation", "/operation", /^(都在走|\d+处要看)/);

  for (const [name, path, heading] of [["admin-home", "/home", /^首页/], ["admin-people", "/people", /^人员/], ["admin-directory", "/directory/deputies", /^名录/], ["admin-rules", "/rules", /^办理规则/]]) {
    page = await officer("admin");
    await page.goto(path);
    await shoot(page, name, heading);
  }
  page = await officer("admin");
  await page.goto("/rules/new?from=shenyang-2");
  await write(page, "#count_first_contact", "10");
  await write(page, "#name_first_contact", "交办之日起10个工作日内与代表首次联系");
  await moved(page, () => click(page, '.bar button[value="look"]'));
  await shoot(page, "admin-rules-put", /^改一套新的规则/);

  page = await open();
  await page.goto("/public/?q=0392");
  await click(page, page.locator("main a", { hasText: "社工" }).first());
  await page.waitForURL(/\/public\/[0-9a-f]/);
  await shoot(page, "public", /社工.*的答复/);

  await shoot(await race(await officer("office_reviewer")), "conflict", aCase, 409); // last: it moves a case
} finally {
  await browser.close();
}
