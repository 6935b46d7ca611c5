// Looks at every room of every officer for words that are cut off or have no text, in both languages, on a desk, on a phone and
// at twice the size.
import { login, newPage, phone } from "./browser.mjs";

const rooms = ["/settings", "/notices", "/keys", "/views", "/bulk", "/paragraphs", "/signing", "/proxies", "/calendar", "/cases", "/overview", "/statistics", "/statistics/table", "/operation", "/outgoing", "/cases/new", "/?box=active", "/?box=done", "/?box=watched"];
const windows = { desk: { width: 1366, height: 768 }, phone, double: { width: 683, height: 384 } };

// badWords are the texts of the page that a reader does not get whole.
export function badWords(page) {
  return page.evaluate(() => {
    const found = new Set();
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      const text = node.data.trim();
      const box = node.parentElement;
      if (!text || box.closest("script, style, noscript, .visually-hidden, textarea") || !box.checkVisibility({ visibilityProperty: true })) continue;
      if (/^[a-z_]+(\.[a-z_0-9]+)+$/.test(text)) found.add(`no text: ${text}`);
      for (let e = box; e && e !== document.body; e = e.parentElement) {
        const style = getComputedStyle(e);
        const cut = /hidden|clip/.test(style.overflowX) && e.scrollWidth > e.clientWidth + 1 || /hidden|clip/.test(style.overflowY) && e.scrollHeight > e.clientHeight + 1;
        if (cut && e.clientWidth > 1 && !e.title) found.add(`cut off: ${text.slice(0, 30)} in ${e.tagName.toLowerCase()}.${e.className}`);
        if (/auto|scroll/.test(style.overflowX + style.overflowY)) break;
      }
    }
    if (document.documentElement.scrollWidth > document.documentElement.clientWidth) found.add("wider than the window");
    return [...found];
  });
}

// words visits the rooms of these officers and the first task of each kind on their desks; it returns what is wrong and how many
// pages it saw.
export async function words(browser, { site, password, logins }) {
  const wrong = [];
  const seen = new Set();
  let pages = 0;
  for (const account of logins) {
    const page = await newPage(browser, site);
    await login(page, account, password);
    const tasks = await page.locator("tr.row").evaluateAll((rows) => {
      const first = {};
      for (const row of rows) first[row.id.split("-")[6]] ||= row.querySelector("td.title a").getAttribute("href");
      return Object.entries(first);
    });
    const paths = [["desk", "/"], ...rooms.map((room) => [room, room]), ...tasks].filter(([name]) => !seen.has(name));
    for (const to of ["zh", "en"]) {
      await page.goto(`/language?to=${to}&back=/keys`);
      for (const [name, path] of paths) {
        await page.setViewportSize(windows.desk);
        const answer = await page.goto(path);
        if (answer.status() !== 200) continue; // not for this officer
        seen.add(name);
        for (const [size, viewport] of Object.entries(windows)) {
          await page.setViewportSize(viewport);
          pages++;
          for (const what of await badWords(page)) wrong.push(`${path} as ${account}, ${to}, ${size}: ${what}`);
        }
      }
    }
    await page.context().close();
  }
  return { wrong, pages };
}
