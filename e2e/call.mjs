// A telephone call worked by the keyboard alone, and text that survives a lost network, a lost session and a closed tab.
import assert from "node:assert/strict";

import { hands, login, moved, newPage, phone, tab, write } from "./browser.mjs";

// writing waits until the page says that it keeps the text: on the server or, offline, on this computer.
async function kept(page, local = false) {
  await page.waitForFunction((here) => {
    const state = document.querySelector("#act [data-keep-state]");
    return state && !state.hidden && state.classList.contains("local") === here;
  }, local);
}

// twoWindows types into one form in two windows, and finds both texts.
async function twoWindows(page, path) {
  await page.goto(path);
  const other = await page.context().newPage();
  await other.goto(path);
  await write(page, "#words", "第一个窗口里写得长一些");
  await kept(page);
  await write(other, "#words", "第二个窗口");
  await kept(other);
  assert.match(await other.textContent("#act [data-keep-state]"), /两份都留着/);
  await other.close();
  await page.goto(path);
  assert.equal(await page.inputValue("#words"), "第二个窗口");
  assert.match(await page.textContent(".unsent"), /第一个窗口里写得长一些/);
  await moved(page, () => hands.mouse.click(page, ".unsent button"));
  assert.equal(await page.locator(".unsent").count(), 0, "dropped, and still there");
}

// lostNetwork types while the network is gone, and finds the text again after a reload.
async function lostNetwork(page, path) {
  await page.goto(path);
  await page.context().setOffline(true);
  await write(page, "#words", "断网时记下的话");
  await kept(page, true);
  await page.context().setOffline(false);
  await page.goto(path);
  await page.waitForFunction(() => document.querySelector("#words").value === "断网时记下的话");
  // The page before may have brought the text to the server already; this one takes the copy away when it has asked. It must not stay behind.
  await page.waitForFunction(() => !Object.keys(localStorage).some((key) => key.startsWith("banli.keep.")));
}

// lostSession types, loses the session, goes on typing, logs in again and finds every word.
async function lostSession(page, path, account, password) {
  await page.goto(path);
  await write(page, "#words", "会话断了以前");
  await kept(page);
  await page.context().clearCookies();
  await write(page, "#words", "会话断了以前，和以后");
  await kept(page, true);
  await login(page, account, password);
  await page.goto(path);
  await page.waitForFunction(() => document.querySelector("#words").value === "会话断了以前，和以后");
}

// byKeyboard holds the whole call without a mouse.
async function byKeyboard(page, path) {
  await page.goto(path);
  await tab(page, "[formaction$='/deputy-contact']");
  await moved(page, () => page.keyboard.press("Enter"));
  await page.waitForSelector(".phone a[href^='tel:']");
  assert.equal(await page.inputValue("#words"), "会话断了以前，和以后", "looking at the number lost what was typed");
  await page.keyboard.press("1");
  await page.waitForSelector(".call-clock:not([hidden])");
  await hands.keyboard.click(page, "#tick\\.1");
  await page.keyboard.press("a");
  await page.keyboard.type("代表当场提的一点");
  await page.keyboard.press("Enter");
  assert.match(await page.textContent("[data-after]"), /定为本件要点/);
  await tab(page, "#words");
  await page.keyboard.press("Control+End");
  await page.keyboard.type("。打完了");
  await kept(page);
  await moved(page, () => page.keyboard.press("Control+Enter"));
  assert.match(await page.textContent("main"), /代表当场提的一点/);
}

// call works the calls of two cases that wait for their consultation.
export async function call(page, { paths, account, password }) {
  await twoWindows(page, paths[0]);
  await lostNetwork(page, paths[0]);
  await lostSession(page, paths[0], account, password);
  await byKeyboard(page, paths[0]);

  const pocket = await newPage(page.context().browser(), new URL(page.url()).origin, { viewport: phone, finger: true });
  await login(pocket, account, password);
  await pocket.goto(paths[1]);
  const width = await pocket.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= phone.width, `the page is ${width} px wide on a phone`);
  await hands.finger.click(pocket, "label.outcome:has(input[value=no_answer])");
  await moved(pocket, () => hands.finger.click(pocket, ".call-bar button.primary"));
  assert.match(await pocket.textContent(".call-before"), /无人接听/);
  await pocket.context().close();
}
