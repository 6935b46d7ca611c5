// What the browser scripts share: Debian's Chromium, people who log in and work in it, and a witness who looks at every
// page they pass, keeps a picture of it and asks axe whether everybody can read it.
import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";

export const desk = { width: 1366, height: 768 };
export const phone = { width: 390, height: 844 };

const wcag = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    args: [
      "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync",
    ],
  });
}

// newPage opens a page as a reader in Shanghai sees it. What the page complains about in the console goes to complaints.
export async function newPage(browser, site, { viewport = desk, script = true, complaints = [] } = {}) {
  const context = await browser.newContext({
    baseURL: site, viewport, javaScriptEnabled: script, locale: "zh-CN", timezoneId: "Asia/Shanghai", reducedMotion: "reduce",
  });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error.message}`));
  page.on("console", (message) => {
    // The browser reports every answer of 400 and above; those pages are looked at like any other.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
      complaints.push(`${page.url()}: ${message.text()}`);
    }
  });
  return page;
}

// login enters without the login page, which has tests of its own, and ends at the officer's desk.
export async function login(page, account, password) {
  const { origin } = new URL((await page.request.get("/healthz")).url());
  const answer = await page.request.post("/login", { form: { account, password }, headers: { origin } });
  if (!answer.ok() || new URL(answer.url()).pathname !== "/") throw new Error(`${account} cannot log in: ${answer.status()} at ${answer.url()}`);
  await page.goto("/");
}

// moved does something that brings another page, and waits until it is there: with or without a load event.
export async function moved(page, act) {
  const state = () => `${performance.timeOrigin} ${document.documentElement.dataset.moves}`;
  const before = await page.evaluate(state);
  await act();
  for (;;) {
    try {
      await page.waitForFunction((old) => document.readyState === "complete" && `${performance.timeOrigin} ${document.documentElement.dataset.moves}` !== old, before);
      return;
    } catch (error) {
      if (!/navigat|context was destroyed/i.test(error.message)) throw error; // a full load came in between
    }
  }
}

// picture shows the whole page, with the head and the bar where they stand in it, and what is drawn only when it comes into view.
async function picture(page, path) {
  const still = (position) => {
    for (const part of document.querySelectorAll(".top, .bar")) part.style.setProperty("position", position);
    for (const part of document.querySelectorAll("tbody.group, .timeline > li")) part.style.setProperty("content-visibility", position && "visible");
  };
  await page.evaluate(still, "static");
  await page.screenshot({ path, fullPage: true });
  await page.evaluate(still, "");
}

// Witness keeps pictures and counts what axe finds.
export class Witness {
  constructor(folder) {
    this.folder = folder;
    this.states = 0;
    this.findings = [];
    mkdirSync(folder, { recursive: true });
  }

  // look takes the picture of a page and has it checked. A page without scripts cannot run axe: it is only pictured.
  async look(page, name, { script = true } = {}) {
    const number = String(this.states + 1).padStart(2, "0");
    await picture(page, join(this.folder, `${number}-${name}.png`));
    this.states++;
    if (!script) return;
    await page.evaluate(() => window.scrollTo(0, 0)); // what lies half under the head or the bar is no target
    const width = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (width > 0) this.findings.push(`${name}: ${width} px wider than the window`);
    // Legacy mode: one frame, and no second page opened for every check.
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().withTags(wcag).analyze();
    for (const v of violations) {
      for (const node of v.nodes) this.findings.push(`${name}: ${v.id}: ${v.help}: ${node.target.join(" ")}: ${node.html}`);
    }
  }

  summary() {
    return `axe: ${this.states} page states, ${this.findings.length} findings`;
  }
}
