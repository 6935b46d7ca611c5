// The editor of a reply: typing, links by click and by keys, a finding mended by a click, a network cut while typing, a session
// lost, a second window, a reply of 100,000 characters. page is the handler's, logged in; address is a case whose reply is written.
import assert from "node:assert/strict";

const saved = /\d\d:\d\d:\d\d已存/;

async function kept(page) {
  await page.waitForFunction((pattern) => {
    const state = document.querySelector("#draft-state");
    return state && !state.classList.contains("unsaved") && new RegExp(pattern).test(state.textContent);
  }, saved.source);
}

// typeAtEnd types as a person does, after the last word of the reply.
async function typeAtEnd(page, words) {
  await page.focus("#body");
  await page.evaluate(() => { const body = document.querySelector("#body"); body.setSelectionRange(body.value.length, body.value.length); });
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
  assert.equal(await page.locator(".mirror mark", { hasText: "[2018]65号" }).count(), 1, "the words are not marked");
  await finding.locator("[data-fix]").click();
  assert.match(await page.inputValue("#body"), /沈民发〔2018〕65号/);
  await page.keyboard.press("Control+z");
  assert.match(await page.inputValue("#body"), /沈民发\[2018\]65号/, "undo does not know the mending");
  await page.keyboard.press("Control+Shift+z");
  await finding.waitFor({ state: "detached" });

  // A paragraph is linked by click and by keys; the link follows it when a line comes before it.
  const last = page.locator(".mirror .line").last();
  await last.locator("button[data-point]").last().click();
  const link = last.locator("button[aria-pressed=true]");
  if (await link.count() === 0) await last.locator("button[aria-pressed=false]").first().click();
  assert.match(await link.first().getAttribute("aria-label"), /^本段答要点\d，已关联$/);
  await page.evaluate(() => { const body = document.querySelector("#body"); body.focus(); body.setSelectionRange(0, 0); });
  await page.keyboard.type("先写一行。");
  await page.keyboard.press("Enter");
  assert.equal(await page.locator(".mirror .line").last().locator("button[aria-pressed=true]").count() > 0, true, "the link was left behind");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.closest(".gutter-chips") !== null), true, "Tab does not reach the chips");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Space");

  // The network goes while somebody types, and the tab is closed on it: the words are there again.
  await kept(page);
  await page.context().setOffline(true);
  await page.focus("#body");
  await page.evaluate(() => { const body = document.querySelector("#body"); body.setSelectionRange(body.value.length, body.value.length); });
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
  await second.focus("#body");
  await second.evaluate(() => { const body = document.querySelector("#body"); body.setSelectionRange(body.value.length, body.value.length); });
  await second.keyboard.type("第二个窗口。");
  await second.waitForSelector("#draft-theirs .theirs");
  assert.match(await second.inputValue("#body"), /第二个窗口。/);
  assert.match(await second.locator("#draft-theirs .differ").innerText(), /第\s*删去：\s*一\s*加上：\s*二\s*个窗口/);
  await second.click("#draft-theirs [name=on_top]");
  await second.waitForFunction(() => !document.querySelector("#draft-theirs .theirs"));
  assert.match(await second.inputValue("#body"), /第二个窗口。/);
  await second.close();

  // The session goes: the words stay on this computer until the next login.
  await page.goto(address);
  await page.waitForSelector(".editor.live");
  const cookies = await page.context().cookies();
  await page.context().clearCookies();
  await page.focus("#body");
  await page.keyboard.type("登录断了写的。");
  await page.waitForSelector("#draft-state.unsaved a");
  await page.context().addCookies(cookies);
  await kept(page);
}

// longReply measures from a key to the paint after it, in a reply of 100,000 characters; it answers the slowest of ten, in ms.
export async function longReply(page) {
  await page.evaluate(() => {
    const body = document.querySelector("#body");
    body.value = Array.from({ length: 1000 }, () => `\u3000\u3000${"我市发展社区便民服务事项".repeat(9).slice(0, 98)}`).join("\n");
    body.dispatchEvent(new Event("input", { bubbles: true }));
    body.setSelectionRange(500, 500);
    body.focus();
  });
  await page.waitForTimeout(3000);
  const times = [];
  for (let i = 0; i < 10; i++) {
    await page.evaluate(() => {
      window.painted = new Promise((done) => document.querySelector("#body").addEventListener("beforeinput", () => {
        const start = performance.now();
        requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
      }, { once: true }));
    });
    await page.keyboard.type("字");
    times.push(await page.evaluate(() => window.painted));
  }
  return Math.max(...times);
}
