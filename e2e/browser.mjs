// What the browser scripts share: Debian's Chromium, people who log in and work in it, and a witness who looks at every
// page they pass, keeps a picture of it and asks axe whether everybody can read it.
import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";

export const desk = { width: 1366, height: 768 };
export const phone = { width: 390, height: 844 };

const wcag = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];

// plain is a name of the site that no browser trusts without TLS.
export const plain = "banli.internal";

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    args: [
      "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", `--host-resolver-rules=MAP ${plain} 127.0.0.1`,
    ],
  });
}

// newPage opens a page as a reader in Shanghai sees it. What the page complains about in the console goes to complaints.
export async function newPage(browser, site, { viewport = desk, finger = false, script = true, complaints = [] } = {}) {
  const context = await browser.newContext({
    baseURL: site, viewport, javaScriptEnabled: script, locale: "zh-CN", timezoneId: "Asia/Shanghai", reducedMotion: "reduce",
    hasTouch: finger, isMobile: finger,
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

// login enters without the login page, which has tests of its own, and ends at the officer's desk; some have a home of their own.
export async function login(page, account, password) {
  const { origin } = new URL((await page.request.get("/healthz")).url());
  const answer = await page.request.post("/login", { form: { account, password }, headers: { origin } });
  if (!answer.ok() || !["/", "/home", "/overview"].includes(new URL(answer.url()).pathname)) throw new Error(`${account} cannot log in: ${answer.status()} at ${answer.url()}`);
  await page.goto("/");
}

// moved does something that brings another page, and waits until it is there: with or without a load event. It asks from outside, since
// a page without scripts has no clock of its own.
export async function moved(page, act) {
  const state = () => `${performance.timeOrigin} ${document.documentElement.dataset.moves}`;
  // A page that came late for something done before does not count while the answer to this press is under way.
  const settled = (old) => document.readyState === "complete" && !document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling") &&
    `${performance.timeOrigin} ${document.documentElement.dataset.moves}` !== old;
  const before = await page.evaluate(state);
  await act();
  for (const until = Date.now() + 30000; Date.now() < until; await page.waitForTimeout(40)) {
    try {
      if (await page.evaluate(settled, before)) return;
    } catch (error) {
      if (!/navigat|context was destroyed/i.test(error.message)) throw error; // a full load came in between
    }
  }
  throw new Error(`${page.url()}: no other page came`);
}

// ---- hands ----
//
// A test acts on a page by one of three hands and by nothing else: TestHands of the house sees to it. A hand knows only what is to be
// seen. It turns the wheel, drags or tabs until the thing is in the window, acts in the middle of what is seen of it, and fails if
// something else lies there.

// pace is how long a hand takes, in seconds: the keystroke-level model of Card, Moran and Newell for looking, pointing, pressing
// and keys; a Chinese character typed by its sound takes a second. The time of the machine is not in it.
const pace = { look: 1.35, point: 1.1, press: 0.2, key: 0.28, character: 1, turn: 0.5 };

const efforts = new WeakMap();

// effort is what the hands have done on a page so far.
export function effort(page) {
  if (!efforts.has(page)) efforts.set(page, { clicks: 0, keys: 0, seconds: 0 });
  return efforts.get(page);
}

// spent counts what a hand does.
function spent(page, what, times = 1) {
  const e = effort(page);
  if (what === "press") e.clicks += times;
  if (what === "key" || what === "character") e.keys += times;
  e.seconds += pace[what] * times;
}

// found is the first element that a selector names, or the one of a locator.
const found = (page, target) => typeof target === "string" ? page.waitForSelector(target, { state: "attached" }) : target.elementHandle();

const outline = (element) => element.evaluate((e) => e.outerHTML.replace(/\s+/g, " ").slice(0, 200));

// spot runs in the page. It tells where a hand would act on the element, and what lies there: "" if it is the element. What is not
// in the window, or lies under something, needs another move of the page or of a pane in it. A tick that is not drawn itself is
// acted on at its words.
function spot(element) {
  const rect = (e) => [...e.getClientRects()].find((r) => r.width > 2 && r.height > 2);
  const seen = [element, ...element.labels || []].find(rect);
  if (!seen) return null;
  const middle = (r) => ({ x: (r.left + r.right) / 2, y: (r.top + r.bottom) / 2 });
  const scrolls = (e) => {
    const { overflowX, overflowY } = getComputedStyle(e);
    return /auto|scroll/.test(overflowY) && e.scrollHeight > e.clientHeight || /auto|scroll/.test(overflowX) && e.scrollWidth > e.clientWidth;
  };
  const chain = [rect(seen)]; // the panes that it lies in, from the outside in, and itself
  for (let e = seen; e && getComputedStyle(e).position !== "fixed"; e = e.parentElement) {
    const pane = e.parentElement;
    if (pane && pane !== document.body && pane !== document.documentElement && scrolls(pane)) chain.unshift(pane.getBoundingClientRect());
  }
  let view = { left: 0, top: 0, right: document.documentElement.clientWidth, bottom: window.innerHeight };
  let within = view;
  for (const box of chain) {
    // Something larger than the view is seen well enough when it fills the half of it.
    const fits = (from, to, start, end) => to - from <= end - start ? start - 1 <= from && to <= end + 1 : Math.min(to, end) - Math.max(from, start) >= (end - start) / 2;
    const at = middle(view);
    const to = middle(box);
    if (!fits(box.left, box.right, view.left, view.right) || !fits(box.top, box.bottom, view.top, view.bottom)) {
      return { ...at, by: { x: to.x - at.x, y: to.y - at.y }, other: "the edge of what is seen" };
    }
    within = view;
    view = { left: Math.max(view.left, box.left), top: Math.max(view.top, box.top), right: Math.min(view.right, box.right), bottom: Math.min(view.bottom, box.bottom) };
  }
  const { x, y } = middle(view);
  const hit = document.elementFromPoint(x, y);
  const ours = hit && [element, ...element.labels || []].some((e) => e.contains(hit));
  // From under what stands still in the window, a page is scrolled. What moves along with the element lies over it wherever it is.
  const pinned = (e) => e && (/fixed|sticky/.test(getComputedStyle(e).position) || pinned(e.parentElement));
  return { x, y, by: { x: 0, y: !hit || pinned(hit) ? y - middle(within).y : 0 }, other: ours ? "" : hit ? hit.outerHTML.replace(/\s+/g, " ").slice(0, 200) : "nothing" };
}

// reach brings something into the window and tells where the hand acts on it.
async function reach(page, target, scroll) {
  let last = "";
  for (let stuck = 0; stuck < 40;) {
    const element = await found(page, target);
    const at = await element.evaluate(spot);
    if (at && at.other === "") return { element, ...at };
    const now = JSON.stringify(at);
    if (now === last) stuck++;
    last = now;
    if (at && stuck % 4 === 0) { // a page that is being drawn may have missed it
      spent(page, "turn");
      await scroll(page, at);
    }
    await page.waitForTimeout(stuck ? 100 : 40); // what moves comes to rest
  }
  const at = JSON.parse(last);
  throw new Error(`${page.url()}: no hand reaches ${await outline(await found(page, target))}: ${at ? `there lies ${at.other}` : "it is not to be seen"}`);
}

// day types a day, and the time of day, into Chromium's own control: its parts stand in the order of the browser's language, and a
// year takes more than four digits.
async function day(page, element, text) {
  const [year, month, date, hour, minute] = text.match(/\d+/g);
  const clock = hour ? [hour, minute] : [];
  const american = hour ? [String(hour % 12 || 12).padStart(2, "0"), minute, hour < 12 ? "a" : "p"] : [];
  for (const parts of [[year, "ArrowRight", month, date, ...clock], [month, date, year, "ArrowRight", ...american]]) {
    for (let i = 0; i < 6; i++) await page.keyboard.press("ArrowLeft");
    for (const part of parts) await (part === "ArrowRight" ? page.keyboard.press(part) : page.keyboard.type(part));
    if (await element.evaluate((field) => field.value) === text) return;
  }
  throw new Error(`${page.url()}: no hand can write ${text} into ${await outline(element)}`);
}

// type puts text in the place of what is in a field that has the focus.
async function type(page, element, text) {
  const kind = await element.evaluate((e) => e === document.activeElement ? e.type : null);
  if (kind === null) throw new Error(`${page.url()}: what is typed does not go into ${await outline(element)}`);
  spent(page, "look");
  spent(page, "key", text.replace(/[^\x20-\x7e]/g, "").length + 1);
  spent(page, "character", text.replace(/[\x20-\x7e]/g, "").length);
  if (/^(date|datetime-local)$/.test(kind)) return day(page, element, text);
  await page.keyboard.down("Control");
  await page.keyboard.press("a");
  await page.keyboard.up("Control");
  return text ? page.keyboard.type(text) : page.keyboard.press("Delete");
}

// arrows walks in a select from what is chosen to the value.
async function arrows(page, element, value) {
  const steps = await element.evaluate((select, wanted) => {
    const open = [...select.options].filter((o) => !o.disabled || o.selected);
    return open.findIndex((o) => o.value === wanted) - open.findIndex((o) => o.selected);
  }, value);
  spent(page, "key", Math.abs(steps));
  for (let i = 0; i < Math.abs(steps); i++) await page.keyboard.press(steps > 0 ? "ArrowDown" : "ArrowUp");
}

async function chosen(page, element, value) {
  const now = await element.evaluate((select) => select.value);
  if (now !== value) throw new Error(`${page.url()}: the hand chose ${JSON.stringify(now)}, not ${JSON.stringify(value)}, in ${await outline(element)}`);
}

// pointing makes a hand of a way to press a point and a way to move the page.
function pointing(press, scroll) {
  const click = async (page, target) => {
    const { element, x, y } = await reach(page, target, scroll);
    spent(page, "look");
    spent(page, "point");
    spent(page, "press");
    await press(page, element, x, y);
    return element;
  };
  return {
    click,
    write: async (page, target, text) => type(page, await click(page, target), text),
    async choose(page, target, value) {
      const element = await click(page, target);
      await arrows(page, element, value);
      await page.keyboard.press("Enter");
      await chosen(page, element, value);
    },
  };
}

async function pointer(page, element, x, y) {
  const point = async () => {
    await page.mouse.move(x, y); // from here on no news moves anything under it
    await page.waitForTimeout(20); // what is drawn because the pointer is there; a page without scripts has no frames to wait for
  };
  await point();
  const now = await element.evaluate(spot);
  if (now?.other === "" && now.y !== y) { // news moved it before
    ({ x, y } = now);
    await point();
  }
  const other = await element.evaluate((e, at) => {
    const words = (any) => any.getAttribute("aria-label") || any.textContent.trim();
    const hit = document.elementFromPoint(at.x, at.y);
    return [e, ...e.labels || []].some((own) => own.contains(hit) || words(own) && words(own) === words(hit)) ? "" : hit.outerHTML;
  }, { x, y });
  if (other) throw new Error(`${page.url()}: under the pointer ${await outline(element)} gave way to ${other.slice(0, 200)}`);
  await page.mouse.down();
  await page.mouse.up();
}

async function wheel(page, { x, y, by }) {
  await page.mouse.move(x, y);
  await page.mouse.wheel(by.x, by.y);
}

// drag moves the page with a finger, which rests before it is lifted, so that the page does not roll on.
async function drag(page, { x, y, by }) {
  const reachable = (v, size) => Math.max(-0.35 * size, Math.min(0.35 * size, v));
  const { width, height } = page.viewportSize();
  const to = { x: x - reachable(by.x, width), y: y - reachable(by.y, height) };
  const session = await page.context().newCDPSession(page);
  const touch = (kind, ...points) => session.send("Input.dispatchTouchEvent", { type: kind, touchPoints: points });
  await touch("touchStart", { x, y });
  for (let i = 1; i <= 6; i++) await touch("touchMove", { x: x + (to.x - x) * i / 6, y: y + (to.y - y) * i / 6 });
  await page.waitForTimeout(60);
  await touch("touchMove", to);
  await touch("touchEnd");
  await session.detach();
  // On a busy machine it rolls on all the same, and a tap would only stop it.
  await page.evaluate(() => new Promise((still) => {
    const look = (was) => scrollX + scrollY === was ? still() : setTimeout(look, 100, scrollX + scrollY);
    look();
  }));
}

// tab walks with Tab until the element has the focus; of a group of radios, until one of them has it.
export async function tab(page, target) {
  const element = await found(page, target);
  for (let i = 0; i < 300; i++) {
    const there = await element.evaluate((e) => {
      const focus = document.activeElement;
      return e === focus || e.type === "radio" && focus.type === "radio" && focus.name === e.name;
    });
    if (there) return element;
    spent(page, "key");
    await page.keyboard.press("Tab");
  }
  throw new Error(`${page.url()}: Tab does not reach ${await outline(element)}`);
}

const keyboard = {
  async click(page, target) {
    const element = await tab(page, target);
    spent(page, "look");
    spent(page, "key");
    const kind = await element.evaluate((e) => e.type === "radio" && e !== document.activeElement ? "another radio" : e.type);
    if (kind !== "another radio") return page.keyboard.press(/^(radio|checkbox)$/.test(kind) ? "Space" : "Enter");
    for (let i = 0; i < 20 && !await element.evaluate((e) => e.checked); i++) await page.keyboard.press("ArrowDown");
  },
  write: async (page, target, text) => type(page, await tab(page, target), text),
  async choose(page, target, value) {
    const element = await tab(page, target);
    await arrows(page, element, value);
    await chosen(page, element, value);
  },
};

export const hands = {
  mouse: pointing(pointer, wheel),
  finger: pointing((page, element, x, y) => page.touchscreen.tap(x, y), drag),
  keyboard,
};

// Most tests have a mouse in the hand.
export const { click, write, choose } = hands.mouse;

// key presses keys where the focus is: for shortcuts, which act on no field.
export async function key(page, name) {
  spent(page, "key");
  await page.keyboard.press(name);
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

// Witness counts what axe finds, and keeps pictures if there is a folder for them.
export class Witness {
  constructor(folder) {
    this.folder = folder;
    this.states = 0;
    this.findings = [];
    if (folder) mkdirSync(folder, { recursive: true });
  }

  // look has a page checked, and takes its picture. A page without scripts cannot run axe: it is only pictured.
  async look(page, name, { script = true } = {}) {
    this.states++;
    if (this.folder) await picture(page, join(this.folder, `${String(this.states).padStart(2, "0")}-${name}.png`));
    if (!script) return;
    await page.evaluate(() => window.scrollTo(0, 0)); // what lies half under the head or the bar is no target
    const width = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (width > 0) this.findings.push(`${name}: ${width} px wider than the window`);
    // Legacy mode: one frame, and no second page opened for every check.
    // Only what is wrong is told in full: of a long list, to tell what passes takes longer than to check it.
    const { violations } = await new AxeBuilder({ page }).options({ resultTypes: ["violations"] }).setLegacyMode().withTags(wcag).analyze();
    for (const v of violations) {
      for (const node of v.nodes) this.findings.push(`${name}: ${v.id}: ${v.help}: ${node.target.join(" ")}: ${node.html}`);
    }
  }

  summary() {
    return `axe: ${this.states} page states, ${this.findings.length} findings`;
  }
}
