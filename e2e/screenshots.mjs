// Draws the pictures of the README and the guides from a loaded demonstration bureau. Its settings come as JSON in
// $SCREENSHOTS from screenshots_test.go.
import { join } from "node:path";

import { desk, launch, login, newPage, phone } from "./browser.mjs";

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

// openCase goes from the list to the case with the number.
async function openCase(page, number) {
  await page.locator("tr.row", { hasText: number }).first().locator("td.title a").click();
  await page.waitForURL(/\/cases\//);
}

try {
  await shoot(await officer("handler"), "desk");

  let page = await officer("handler");
  await openCase(page, "台40");
  await shoot(page, "case");

  page = await officer("handler", phone);
  await shoot(page, "phone");

  page = await officer("supervisor");
  await page.goto("/overview");
  await shoot(page, "overview");

  page = await newPage(browser, site);
  await page.goto("/public/?q=0392");
  await page.locator("main a", { hasText: "社工" }).first().click();
  await page.waitForURL(/\/public\/[0-9a-f]/);
  await shoot(page, "public");
} finally {
  await browser.close();
}
