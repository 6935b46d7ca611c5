// Draws the pictures of the README and the guides from a loaded demonstration bureau. Its settings come as JSON in
// $SCREENSHOTS from screenshots_test.go.
import { join } from "node:path";

import { desk, launch, login, moved, newPage, phone } from "./browser.mjs";

const leaders = ["liuyongjun", "xuman", "luojianping", "chenguodong"];

const { site, password, people, out } = JSON.parse(process.env.SCREENSHOTS);
const browser = await launch();

async function officer(role, viewport = desk) {
  const page = await newPage(browser, site, { viewport });
  await login(page, people[role], password);
  return page;
}

async function shoot(page, name) {
  await page.screenshot({ path: join(out, `${name}.png`) });
  await page.context().close();
}

// openTask goes from the list to the first case that asks for this, and tells its address.
async function openTask(page, ask) {
  await moved(page, () => page.locator(`tr.row[id*="-${ask}-"] td.title a`).first().click());
  return new URL(page.url()).pathname;
}

// signer is a leader on whose desk a reply waits to be signed.
async function signer() {
  for (const account of leaders) {
    const page = await newPage(browser, site);
    await login(page, account, password);
    const waits = await page.locator('tr.row[id*="-sign_off-"]').count();
    await page.context().close();
    if (waits > 0) return account;
  }
  throw new Error("no reply waits to be signed");
}

// race lets two windows of one officer act on the same case: the slower one is told.
async function race(page) {
  const path = await openTask(page, "office_review");
  const slower = await page.context().newPage();
  await slower.goto(path);
  await slower.fill("#comment", "第二部分的数字要注明截止日期，请补上再送。");
  await moved(page, () => page.click(".bar button.primary"));
  await moved(slower, () => slower.click(".bar button.primary"));
  return slower;
}

try {
  await shoot(await officer("handler"), "desk");
  await shoot(await officer("handler", phone), "phone");
  await shoot(await officer("admin"), "desk-empty");

  let page = await officer("handler");
  await openTask(page, "opinion");
  await shoot(page, "case");

  page = await officer("handler");
  await openTask(page, "consultation");
  await moved(page, () => page.click('button[formaction$="/deputy-contact"]'));
  await shoot(page, "call");

  page = await officer("handler");
  const drafted = await openTask(page, "drafting");
  await page.waitForTimeout(1500); // the findings come after the page
  await shoot(page, "draft");
  for (const room of ["compare", "preview"]) {
    page = await officer("handler");
    await page.goto(`${drafted}/${room}`);
    await shoot(page, room);
  }
  page = await officer("handler");
  await page.goto(`${drafted}/at?date=${new Date(Date.now() - 3 * 864e5).toISOString().slice(0, 10)}&time=14:00`);
  await shoot(page, "case-at");

  page = await officer("division_head");
  for (const box of await page.locator('tr.row input[name="task"]').all().then((all) => all.slice(0, 8))) await box.check();
  await moved(page, () => page.locator('.bar button[name="kind"][value="delegate"], .bar button[name="kind"][value="transfer"], .bar button[name="kind"]').first().click());
  await shoot(page, "bulk");

  const leader = await signer();
  page = await newPage(browser, site, { viewport: phone });
  await login(page, leader, password);
  await openTask(page, "sign_off");
  await shoot(page, "sign-phone");
  page = await newPage(browser, site);
  await login(page, leader, password);
  await page.goto("/signing");
  await shoot(page, "signing");

  page = await officer("handler");
  await page.goto("/notices");
  await shoot(page, "notices");
  page = await officer("handler");
  await page.goto("/settings");
  await shoot(page, "settings");

  page = await officer("supervisor");
  await page.goto("/overview");
  await shoot(page, "overview");

  page = await newPage(browser, site);
  await page.goto("/public/?q=0392");
  await page.locator("main a", { hasText: "社工" }).first().click();
  await page.waitForURL(/\/public\/[0-9a-f]/);
  await shoot(page, "public");

  await shoot(await race(await officer("office_reviewer")), "conflict"); // last: it moves a case
} finally {
  await browser.close();
}
