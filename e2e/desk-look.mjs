import { chromium } from "playwright-core";
const site = "http://127.0.0.1:18180";
const b = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
const jobs = JSON.parse(process.argv[2]);
for (const j of jobs) {
  const ctx = await b.newContext({ baseURL: site, viewport: j.phone ? { width: 390, height: 844 } : { width: 1366, height: 768 }, locale: "zh-CN", colorScheme: j.dark ? "dark" : "light", javaScriptEnabled: !j.nojs });
  const page = await ctx.newPage();
  page.on("pageerror", e => console.log("ERR", e.message));
  page.on("console", m => { if (m.type() === "error") console.log("CON", m.text()); });
  await page.goto("/login"); await page.fill("#account", j.who); await page.fill("#password", "banli2026");
  await Promise.all([page.waitForURL(u => u.pathname !== "/login"), page.click("button.primary")]);
  for (const c of j.before || []) await page.goto(c);
  await page.goto(j.path || "/");
  for (const k of j.keys || []) { await page.keyboard.press(k); await page.waitForTimeout(150); }
  await page.waitForTimeout(400);
  await page.screenshot({ path: "/tmp/b/" + j.out + ".png", fullPage: !!j.full });
  console.log(j.out, page.url(), await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth].join("/")));
  await ctx.close();
}
await b.close();
