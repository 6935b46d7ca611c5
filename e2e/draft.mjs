// The editor of a reply: typing, links by click and by keys, a finding mended by a click, a network cut while typing, a session
// lost, a second window, a reply of 100,000 characters. page is the handler's, logged in; address is a case whose reply is written.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

import { click } from "./browser.mjs";

const saved = /\d\d:\d\d:\d\d已存/;

async function kept(page) {
  await page.waitForFunction((pattern) => {
    const state = document.querySelector("#draft-state");
    return state && !state.classList.contains("unsaved") && new RegExp(pattern).test(state.textContent);
  }, saved.source, { timeout: 60000 }); // it is sent again every five seconds
}

// atEnd puts the caret behind the last word of the reply, by a click in the text.
async function atEnd(page) {
  await click(page, "#body");
  await page.keyboard.press("Control+End");
}

// typeAtEnd types as a person does, after the last word of the reply.
async function typeAtEnd(page, words) {
  await atEnd(page);
  const answered = page.waitForResponse((r) => r.url().endsWith("/draft/check") && r.ok());
  await page.keyboard.type(words);
  await answered;
  await kept(page);
}

export async function drafting(page, address) {
  await page.goto(address);
  await page.waitForSelector(".editor.live");

  // Typing is kept, and checked: a wrong bracket is found beside its words and mended by one click; undo takes it back.
  await typeAtEnd(page, "\n根据沈民发[2018]65号文件办理。");
  const finding = page.locator(".finding", { has: page.locator('[data-fix="〔2018〕65号"]') });
  await finding.waitFor();
  const mark = page.locator(".mirror mark", { hasText: "[2018]65号" });
  assert.equal(await mark.count(), 1, "the words are not marked");
  await page.goto(address); // and it is all there again when the page is
  await mark.waitFor();
  assert.ok(await page.locator(".leaders path").count() > 0, "no line leads from the words to what is said of them");
  await click(page, finding.locator("[data-fix]"));
  assert.match(await page.inputValue("#body"), /沈民发〔2018〕65号/);
  await page.keyboard.press("Control+z");
  assert.match(await page.inputValue("#body"), /沈民发\[2018\]65号/, "undo does not know the mending");
  await page.keyboard.press("Control+Shift+z");
  await finding.waitFor({ state: "detached" });

  // A paragraph is linked by click and by keys; the link follows it when a line comes before it. The pointer that comes near the
  // + shows all points, and a click on it links none of them.
  const last = page.locator(".mirror .line").last();
  const link = last.locator("button[aria-pressed=true]");
  await click(page, last.locator("button.more"));
  assert.equal(await link.count(), 0, "a click on + has linked a point");
  await click(page, last.locator("button[aria-pressed=false]").first());
  assert.match(await link.first().getAttribute("aria-label"), /^本段答要点\d，已关联$/);
  await click(page, "#body");
  await page.keyboard.press("Control+Home");
  await page.keyboard.type("先写一行。");
  await page.keyboard.press("Enter");
  assert.equal(await page.locator(".mirror .line").last().locator("button[aria-pressed=true]").count() > 0, true, "the link was left behind");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.closest(".gutter-chips") !== null), true, "Tab does not reach the chips");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Space");

  // What has passed lies over the points, which stay in the window.
  await click(page, "#draft-past summary");

  // The network goes while somebody types, and the tab is closed on it: the words are there again.
  await kept(page);
  await page.context().setOffline(true);
  await atEnd(page);
  await page.keyboard.type("断网时写的。");
  await page.waitForSelector("#draft-state.unsaved");
  await page.waitForTimeout(500);
  await page.goto("about:blank");
  await page.context().setOffline(false);
  await page.goto(address);
  await page.waitForSelector(".editor.live");
  assert.match(await page.inputValue("#body"), /断网时写的。/, "what was typed without a network is lost");
  await kept(page);

  // A second window that has not seen the first one's words writes over nothing.
  const second = await page.context().newPage();
  await second.goto(address);
  await second.waitForSelector(".editor.live");
  await typeAtEnd(page, "第一个窗口。");
  await atEnd(second);
  await second.keyboard.type("第二个窗口。");
  await second.waitForSelector("#draft-theirs .theirs");
  assert.match(await second.inputValue("#body"), /第二个窗口。/);
  assert.match(await second.locator("#draft-theirs .differ").innerText(), /第\s*删去：\s*一\s*加上：\s*二\s*个窗口/);
  await click(second, "#draft-theirs [name=on_top]");
  await second.waitForFunction(() => !document.querySelector("#draft-theirs .theirs"));
  assert.match(await second.inputValue("#body"), /第二个窗口。/);
  await second.close();

  // The session goes: the words stay on this computer until the next login.
  await page.goto(address);
  await page.waitForSelector(".editor.live");
  const cookies = await page.context().cookies();
  await page.context().clearCookies();
  await click(page, "#body");
  await page.keyboard.type("登录断了写的。");
  await page.waitForSelector("#draft-state.unsaved a");
  await page.context().addCookies(cookies);
  await kept(page);

  // A reply that was changed in a word processor comes back by the file chooser, as the next version with what is different.
  await click(page, "#file-in summary");
  const chooser = page.waitForEvent("filechooser");
  await click(page, "#draft-file");
  await (await chooser).setFiles(fileURLToPath(new URL("../internal/gongwen/testdata/libreoffice.docx", import.meta.url)));
  await click(page, "#file-in button");
  await page.waitForURL(/\/compare\?/);
  const read = await page.locator("main").innerText();
  assert.match(read, /已读入，存为第\d+稿/);
  assert.match(read, /删去\d+处，插入\d+处/, "the comparison does not say what is different");
  assert.match(read, /没进正文：.*抄送：/, "what the paper prints itself is not left out");
  await page.goto(address);
  await page.waitForSelector(".editor.live");
}
