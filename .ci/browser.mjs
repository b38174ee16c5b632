// The checks of .ci/browser.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import path from "node:path";
import { createInterface } from "node:readline";

const { NODE_TOOLS: tools, CHROMIUM: executablePath, WORK: work, SHOTS: shots } = process.env;
const load = createRequire(path.join(tools, "x.js"));
const { chromium } = load("playwright-core");
const axe = fs.readFileSync(load.resolve("axe-core/axe.min.js"), "utf8");

// The partner's site: it notes what browsers bring back, and has a page that
// tries to misuse the one under test.
const came = [];
let trap = "";
const partner = http.createServer((request, response) => {
  if (request.url.startsWith("/done")) came.push(new URL(request.url, "http://partner").searchParams);
  response.setHeader("Content-Type", "text/html");
  response.end(`<!DOCTYPE html><html lang="en"><title>Partner</title><h1>Partner</h1>${request.url === "/trap" ? trap : ""}`);
});
partner.listen(0, "127.0.0.1");
await once(partner, "listening");
const port = partner.address().port;

// The binary under test.
const api = spawn(process.argv[2], ["api", "--db", path.join(work, "a.db"), "--listen", "127.0.0.1:0", "--redirect-url", `http://127.0.0.1:${port}/done`],
  { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, XDG_STATE_HOME: work } });
const env = {};
for await (const line of createInterface({ input: api.stdout })) {
  const [name, value] = line.split("=");
  env[name] = value;
  if (name === "ATTROVE_CLIENT_SECRET") break;
}
const origin = env.ATTROVE_BASE_URL;

async function call(where, body) {
  const response = await fetch(origin + where, { method: "POST", body: JSON.stringify(body), headers: {
    "Authorization": "Basic " + btoa(`${env.ATTROVE_CLIENT_ID}:${env.ATTROVE_CLIENT_SECRET}`), "Content-Type": "application/json" } });
  assert.equal(response.status, 201, await response.clone().text());
  return (await response.json()).data;
}

async function newLink(provider) {
  const user = await call("/v1/users", { email: `ann${Math.random()}@example.com` });
  return (await call(`/v1/users/${user.id}/connect-sessions`, { provider })).activation_url;
}

function mailbox(name, count, size) {
  const file = path.join(work, name);
  const text = "words of no weight ".repeat(size);
  let all = "";
  for (let i = 0; i < count; i++) {
    all += `From ann@acme.example Mon Nov  2 10:00:00 2026\nMessage-ID: <${name}-${i}@acme.example>\nFrom: Ann <ann@acme.example>\n` +
      `To: me@example.com\nDate: Mon, 2 Nov 2026 10:00:00 +0000\nSubject: Turbine ${i}\n\n${text}${i}\n\n`;
  }
  fs.writeFileSync(file, all);
  return file;
}
const small = mailbox("Inbox.mbox", 40, 1);
const large = mailbox("Archive.mbox", 40_000, 20);
const wrong = path.join(work, "photo.jpg");
fs.writeFileSync(wrong, "\xff\xd8\xff\xe0 JFIF");

const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync"] });

// visit opens a page that may ask for nothing from elsewhere, and complain of nothing.
async function visit(address, options = {}) {
  const context = await browser.newContext({ viewport: { width: 900, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.origin !== origin && url.origin !== `http://127.0.0.1:${port}`) strange.push(request.url());
  });
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("filechooser", () => {}); // from the start: a chooser that nobody waits for yet would be lost
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(address);
  return page;
}
const strange = [], complaints = [];

async function shoot(page, name) {
  if (shots) await page.screenshot({ path: path.join(shots, `${name}.png`), fullPage: true });
}

// inspect lets axe look at a page in both colour schemes.
async function inspect(page, name) {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await shoot(page, `${name}-${colorScheme}`);
    await page.evaluate(axe + "; 0");
    const { violations } = await page.evaluate(() => axe.run({ resultTypes: ["violations"] }));
    const grave = violations.filter((v) => ["serious", "critical"].includes(v.impact));
    assert.deepEqual(grave.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(" ")}`), [], `${name}, ${colorScheme}`);
  }
}

// tabTo presses Tab until the element has the focus, and sees to it that it shows.
async function tabTo(page, selector) {
  for (let i = 0; i < 20; i++) {
    await page.keyboard.press("Tab");
    const state = await page.evaluate((s) => {
      const at = document.activeElement;
      return { there: at.matches(s), shown: getComputedStyle(at).outlineStyle !== "none" };
    }, selector);
    if (state.there) {
      assert.ok(state.shown, `${selector} has the focus and does not show it`);
      return;
    }
  }
  assert.fail(`Tab does not reach ${selector}`);
}

async function chooseByKeyboard(page, file) {
  await tabTo(page, "#file");
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.keyboard.press("Enter")]);
  await chooser.setFiles(file);
}

// holdAt has a page that asks how far an import is hear nothing more from a phase on,
// however fast it is over, until the returned function is called.
async function holdAt(page, phase) {
  let release, held;
  const released = new Promise((resolve) => { release = resolve; });
  await page.route(/\/connect\/status/, async (route) => {
    const response = await route.fetch();
    await held;
    if ((await response.json()).phase === phase) held = released;
    await route.fulfill({ response });
  });
  return release;
}

const checks = {
  async "keyboard only, to the end and back"() {
    const link = await newLink("gmail");
    const page = await visit(link);
    await chooseByKeyboard(page, small);
    await tabTo(page, "button[type=submit]");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#back");
    assert.match(await page.textContent("dl"), /40 messages/);
    await tabTo(page, "#back");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/done/);
    const brought = came.at(-1);
    assert.equal(brought.get("status"), "success");
    assert.equal(brought.get("provider"), "gmail");
    assert.match(brought.get("user_id"), /^[0-9a-f-]{36}$/);
    complaints.length = 0;
    assert.equal((await page.goto(link)).status(), 410);
    complaints.length = 0; // the browser complains of any 410
    await inspect(page, "used");
  },

  async "no barriers in light and dark, while it imports and after"() {
    const page = await visit(await newLink("outlook"));
    await inspect(page, "form");
    await page.setInputFiles("#file", wrong);
    await page.keyboard.press("Enter");
    await page.click("button[type=submit]");
    await page.waitForSelector(".problem");
    assert.match(await page.textContent("[role=alert]"), /photo\.jpg cannot be imported/);
    await inspect(page, "problem");
    await page.setInputFiles("#file", large);
    const goOn = await holdAt(page, "Importing");
    await page.click("button[type=submit]");
    await page.waitForFunction(() => document.querySelector("[role=status]")?.textContent.includes("Importing"));
    await page.waitForSelector("#importing progress[value]");
    await inspect(page, "progress");
    goOn();
    await page.waitForSelector("#back", { timeout: 600_000 });
    await inspect(page, "done");
    await page.click(".leaving button");
    assert.ok(await page.isHidden(".leaving"));
  },

  async "without scripts"() {
    const page = await visit(await newLink(), { javaScriptEnabled: false });
    await page.setInputFiles("#file", small);
    await page.click("button[type=submit]");
    await page.waitForSelector("#back");
    await page.waitForURL(/\/done/); // by itself
    assert.equal(came.at(-1).get("status"), "success");
  },

  async "a small screen does not scroll sideways"() {
    const page = await visit(await newLink("gmail"), { viewport: { width: 320, height: 640 } });
    await shoot(page, "form-small");
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    await page.click("form a.quiet");
    await page.waitForURL(/\/done/);
    assert.deepEqual([came.at(-1).get("status"), came.at(-1).get("error")], ["error", "cancelled"]);
  },

  async "other sites can neither post nor frame it"() {
    const link = await newLink();
    const csrf = (await (await fetch(link)).text()).match(/name="csrf" value="([0-9a-f]+)"/)[1];
    trap = `<iframe src="${link}"></iframe><form method="post" enctype="multipart/form-data" action="${link}">
      <input name="csrf" value="${csrf}"><input type="file" name="file" id="file"><button>Go</button></form>`;
    const page = await visit(`http://127.0.0.1:${port}/trap`);
    assert.equal(await page.frames()[1].evaluate(() => document.querySelector("form")), null, "it is shown in a frame");
    await page.goto(`http://localhost:${port}/trap`); // another site, not only another port
    await page.setInputFiles("#file", small);
    const [answer] = await Promise.all([page.waitForResponse((r) => r.request().method() === "POST"), page.click("button")]);
    assert.equal(answer.status(), 403);
    strange.splice(0, strange.length, ...strange.filter((url) => !url.startsWith(`http://localhost:${port}/`)));
    complaints.length = 0; // of what was refused
  },
};

let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
    assert.deepEqual(strange, [], "it asked elsewhere");
    assert.deepEqual(complaints, [], "the browser complained");
    console.log(`ok  ${name}`);
  } catch (error) {
    failed++;
    console.log(`browser: ${name}: ${error.stack}`);
    strange.length = complaints.length = 0;
  }
  for (const context of browser.contexts()) await context.close();
}
await browser.close();
partner.close();
partner.closeAllConnections();
api.kill();
await once(api, "exit");
process.exit(failed ? 1 : 0);
