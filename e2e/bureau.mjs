// A bureau that has never heard of us: from the address that the program prints to its first registered case, with nothing else. Its settings come as
// JSON in $BUREAU from bureau_test.go.
import { Witness, choose, click, desk, effort, launch, moved, newPage, phone, write } from "./browser.mjs";

const { address, site, out, lists, day } = JSON.parse(process.env.BUREAU);
const browser = await launch();
const witness = new Witness(out);
const password = "和平 four words";

const saysOn = async (page, words) => page.getByText(words).first().waitFor();
const press = (page, target) => moved(page, () => click(page, target));
const primary = ".bar button.primary";

async function fill(page, fields) {
  for (const [name, value] of Object.entries(fields)) await write(page, `#${name}`, value);
}

// look takes the page at a desk and on a phone.
async function look(page, name) {
  await witness.look(page, name);
  await page.setViewportSize(phone);
  await witness.look(page, `${name}-phone`);
  await page.setViewportSize(desk);
}

async function setUp(page) {
  await page.goto(address);
  await fill(page, { name: "和平区民政局", short: "区民政局", place: "和平区", phone: "024-00000000" });
  await choose(page, "#level", "district");
  await press(page, primary);
  await fill(page, { npc: "和平区人大", cppcc: "政协和平区委员会" });
  await press(page, primary);
  await click(page, 'input[name="profile"][value="national"]');
  await fill(page, { series: "和民函", series_cppcc: "和民提函" });
  await press(page, primary);
  await fill(page, { person: "王芳", login: "wangfang", password, password_again: password });
  await press(page, primary);
  await fill(page, { account: "wangfang", password });
  await press(page, "main button");
  await saysOn(page, "还没有处室");
  await look(page, "home");
}

async function divisions(page) {
  await press(page, '#nav a[href="/divisions"]');
  for (const name of ["办公室", "养老服务科", "社会救助科", "基层政权科", "社会事务科", "规划财务科"]) {
    await write(page, "#name", name);
    await press(page, primary);
    await saysOn(page, `${name}存下了`);
  }
}

async function people(page) {
  await press(page, '#nav a[href="/people"]');
  for (const [list, shown, left] of [[lists[0], "能导入17行，要改3行", 17], [lists[1], "能导入3行，要改0行，没有变化17行", 3]]) {
    await press(page, 'a[href="/people/import"]');
    const choosing = page.waitForEvent("filechooser");
    await click(page, "#file");
    await (await choosing).setFiles(list);
    await press(page, primary);
    await saysOn(page, shown);
    await look(page, `import-${left}`);
    await press(page, primary);
    await saysOn(page, `新增${left}人`);
  }
}

// liaison gives a colleague a password address, who chooses a password and comes in.
async function comesIn(page, name) {
  await write(page, "#q", name);
  await press(page, ".filters button");
  await press(page, page.getByRole("link", { name }));
  await press(page, ".password-make button");
  const link = await page.locator(".password-link dd").last().textContent();
  const theirs = await newPage(browser, site);
  await theirs.goto(link);
  await fill(theirs, { password, password_again: password });
  await press(theirs, primary);
  await fill(theirs, { account: "lianluo", password });
  await press(theirs, "main button");
  return theirs;
}

async function registers(page) {
  await press(page, '#nav a[href="/cases/new"]');
  await fill(page, {
    number: "12", term: "19", session: "2", title: "关于在社区增设老年食堂的建议", text: "社区老年人吃饭不便。", points: "增设老年食堂",
    lead_deputy: "沈佳宁", assigned_on: day,
  });
  await press(page, primary);
  await page.locator("p.flash").waitFor();
  await look(page, "registered");
}

try {
  const begun = Date.now();
  const admin = await newPage(browser, site);
  await setUp(admin);
  await divisions(admin);
  await people(admin);
  const liaison = await comesIn(admin, "赵联");
  await registers(liaison);
  const taken = [admin, liaison].reduce((sum, page) => sum + effort(page).seconds, 0);
  console.log(`from the address to the first registered case: ${Math.round((Date.now() - begun) / 1000)} s of the machine, ${(taken / 60).toFixed(1)} min at a hand's pace`);
  await press(admin, '#nav a[href="/bureau"]');
  await saysOn(admin, "公开网站的页脚");
  await look(admin, "bureau");
} finally {
  await browser.close();
}
for (const line of witness.findings) console.log(line);
console.log(witness.summary());
process.exitCode = witness.findings.length > 0 ? 1 : 0;
