// The rooms of an officer in which words could be lost: the telephone call, the editor, and a list that changes while it is
// read; and every word of every room. Its settings come as JSON in $ROOMS from rooms_test.go.
import { Witness, click, launch, login, moved, newPage } from "./browser.mjs";
import { call } from "./call.mjs";
import { drafting } from "./draft.mjs";
import { live } from "./live.mjs";
import { words } from "./words.mjs";

const { site, password, people, out, number, lead } = JSON.parse(process.env.ROOMS);
const browser = await launch();
const witness = new Witness(out);
const look = (page, name) => witness.look(page, name);

// waiting are the addresses of an officer's cases that ask for this.
async function waiting(page, ask) {
  await page.goto("/");
  const rows = page.locator(`tr.row[id*="-${ask}-"] td.title a`);
  return Promise.all((await rows.all()).map((a) => a.getAttribute("href")));
}

async function handler() {
  const page = await newPage(browser, site);
  await login(page, people.handler, password);
  return page;
}

try {
  let page = await handler();
  const paths = await waiting(page, "consultation");
  await page.goto(paths[0]);
  await look(page, "call");
  await call(page, { paths, account: people.handler, password });
  await page.context().close();

  page = await handler();
  const [draft] = await waiting(page, "drafting");
  await moved(page, () => click(page, 'tr.row[id*="-drafting-"] td.title a'));
  await page.waitForTimeout(1000);
  await look(page, "draft");
  await drafting(page, draft);
  await look(page, "draft-worked");
  for (const room of ["compare", "preview", "paragraphs", "at?date=2026-01-05&time=14:00"]) {
    await page.goto(`${draft.split("?")[0]}/${room}`);
    await look(page, room.split("?")[0]);
  }
  for (const room of ["settings", "notices", "keys", "views", "bulk", "paragraphs", "signing", "proxies"]) {
    await page.goto(`/${room}`);
    await look(page, `room-${room}`);
  }
  await page.context().close();

  await live(browser, { site, password, people, number, lead, look });

  const { wrong, pages } = await words(browser, { site, password, logins: [...new Set(Object.values(people))] });
  witness.findings.push(...wrong);
  console.log(`words: ${pages} pages in two languages and three sizes, ${wrong.length} findings`);
} finally {
  await browser.close();
}
for (const line of witness.findings) console.log(line);
console.log(witness.summary());
process.exitCode = witness.findings.length > 0 ? 1 : 0;
