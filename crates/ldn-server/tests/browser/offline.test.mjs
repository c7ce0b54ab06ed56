// The diary in a cellar: no network, a killed browser, two people on one phone.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";

import { Killable, Site, berlinDate, model, newProfile, openBrowser, ready, sent, signIn, signUp, tap, workerReady } from "./support.mjs";

/** @type {Site} */
let site;

before(async () => {
  site = await Site.start();
});

afterEach(() => site.up());

after(async () => {
  await site?.end();
});

/** @param {number} days */
function daysAgo(days) {
  return berlinDate(new Date(Date.now() - days * 86_400_000));
}

/** @param {import("playwright-core").Page} page */
function waitingCount(page) {
  return page.locator("#waiting").innerText();
}

/** Opens the diary again and signs in if the browser lost its session with its life. */
async function openAgain(page) {
  await page.goto(`${site.origin}/today`);
  if (page.url().includes("/sign-in")) {
    await signIn(page, site);
    await page.goto(`${site.origin}/today`);
  }
  await ready(page);
}

test("server killed, ten entries, browser killed and opened again, server back: ten entries, once each, right days", async () => {
  const profile = newProfile();
  let browser = await Killable.open(profile);
  await signUp(browser.page, site);
  await workerReady(browser.page);
  const before = (await model(browser.page)).n_entries;

  await site.down();
  await browser.page.goto(`${site.origin}/today`);
  await ready(browser.page);
  const { page } = browser;
  for (const value of [6, 4, 5, 7, 3]) {
    await tap(page, value);
  }
  await page.locator("#dose-yes").click();
  await page.getByRole("button", { name: "Something else" }).click();
  await page.locator("#term").fill("Headache");
  await page.locator(".stage form button").click();
  await page.getByText("7 entries on this phone, not yet sent").waitFor();
  await page.getByRole("link", { name: "Yesterday" }).click();
  for (const value of [2, 2, 9]) {
    await tap(page, value);
  }
  assert.equal(await waitingCount(page), "10 entries on this phone, not yet sent");

  await browser.kill();
  browser = await Killable.open(profile);
  await browser.page.goto(`${site.origin}/today`);
  await ready(browser.page);
  assert.equal(await waitingCount(browser.page), "10 entries on this phone, not yet sent", "they survived the browser");
  assert.match(await browser.page.locator(".banner").innerText(), /ana Example, born 1980/);
  // Killed once more in the middle of sending: sending again is harmless.
  await site.up();
  await browser.page.goto(`${site.origin}/today`).catch(() => undefined);
  await browser.kill();

  browser = await Killable.open(profile);
  await openAgain(browser.page);
  await sent(browser.page);
  const { n_entries, days } = await model(browser.page);
  assert.equal(n_entries - before, 10);
  const values = (date) => Object.fromEntries(Object.entries(days[date].scores).map(([name, score]) => [name, score.value]));
  assert.deepEqual(values(berlinDate()), { pain: 6, fatigue: 4, sleep: 5, mood: 7, fog: 3 });
  assert.deepEqual(values(daysAgo(1)), { pain: 2, fatigue: 2, sleep: 9 });
  assert.equal(days[berlinDate()].reports.length, 1);
  assert.equal(days[berlinDate()].side_effects.length, 1);
  assert.deepEqual(Object.values(days[berlinDate()].scores).flatMap((score) => score.others), []);
  await browser.kill();
});

test("without a network: the second visit is there in 300 ms, with plan, card and pages of danger in both languages", async () => {
  const context = await openBrowser(newProfile());
  const page = await context.newPage();
  await signIn(page, site);
  await page.goto(`${site.origin}/today`);
  await ready(page);
  await workerReady(page);
  await page.reload();
  await ready(page);
  await site.down();
  const times = [];
  for (let visit = 0; visit < 5; visit += 1) {
    await page.goto(`${site.origin}/today`);
    await ready(page);
    times.push(Number(await page.locator("#diary").getAttribute("data-ready")));
  }
  console.log(`# second visit without a network: ${times} ms`);
  // The machine is shared with other work, so one visit of five may be slow.
  const median = [...times].sort((one, other) => one - other)[2];
  assert.ok(median < 300, `${times} ms`);
  assert.match(await page.locator(".steps").innerText(), /4\.5 mg at bedtime\s+taken/);
  assert.match(await page.getByText(/Plan version 1/).innerText(), /last fetched on .*, valid until /);
  assert.match(await page.locator(".wallet").innerText(), /naltrexone[\s\S]*Last dose/i);
  assert.match(await page.locator(".wallet").innerText(), /Last dose recorded on this phone: \w+day/);
  for (const [language, words] of [["en", /Do not take another dose/], ["es", /No tome otra dosis/]]) {
    await page.goto(`${site.origin}/danger/${language}/allergy`);
    assert.match(await page.locator("main").innerText(), words);
  }
  await site.up();
  await context.close();
});

test("what waits is sealed: no word of it stands in the browser's database, and the key cannot be taken out", async () => {
  const context = await openBrowser(newProfile());
  const page = await context.newPage();
  await signIn(page, site);
  await page.goto(`${site.origin}/today?ask=side-effects`);
  await ready(page);
  await page.route("**/api/courses/**", (route) => route.abort());
  await page.getByRole("button", { name: "Something else" }).click();
  await page.locator("#term").fill("Unmistakable rash");
  await page.locator(".stage form button").click();
  await page.locator("#waiting").waitFor();
  const found = await page.evaluate(async () => {
    const done = (request) => new Promise((resolve, reject) => Object.assign(request, { onsuccess: () => resolve(request.result), onerror: reject }));
    const [{ name }] = (await indexedDB.databases()).filter((database) => database.name.startsWith("ldn-"));
    const database = await done(indexedDB.open(name));
    const all = (store) => done(database.transaction(store).objectStore(store).getAll());
    const boxes = [...(await all("queue")), ...(await all("pages"))];
    const text = boxes.map((box) => new TextDecoder("latin1").decode(box.sealed)).join("");
    const [key] = await all("keys");
    database.close();
    const taken = await crypto.subtle.exportKey("raw", key).then(() => "exported", (error) => error.name);
    return { boxes: boxes.length, keys: Object.keys(boxes[0]).sort(), leaks: /rash|pain|Example|4\.5/.test(text), taken, local: JSON.stringify(localStorage) };
  });
  assert.ok(found.boxes >= 3);
  assert.deepEqual(found.keys, ["iv", "sealed"]);
  assert.equal(found.leaks, false);
  assert.equal(found.taken, "InvalidAccessError");
  assert.equal(found.local, "{}");

  // Signing out asks first; then everything is gone.
  await workerReady(page);
  await page.locator(".sign-out button").click();
  await page.waitForURL("**/today/leave");
  await page.getByText("1 entry on this phone, not yet sent").waitFor();
  await page.getByRole("button", { name: "Sign out and delete them" }).click();
  await page.waitForURL("**/sign-in");
  const left = await page.evaluate(async () => (await indexedDB.databases()).map((database) => database.name));
  assert.deepEqual(left, []);
  await context.close();
});

test("nothing is kept for days without a network on a device that nobody marked as own", async () => {
  const context = await openBrowser(newProfile());
  const page = await context.newPage();
  await page.goto(`${site.origin}/sign-in`);
  await page.locator("#name").fill("ana");
  await page.locator("#password").fill("a quiet garden behind the mill");
  await page.locator("main form button").first().click();
  await page.waitForURL("**/today");
  await ready(page);
  await workerReady(page);
  await page.waitForTimeout(300);
  await site.down();
  await page.goto(`${site.origin}/today`);
  assert.match(await page.locator("main").innerText(), /Nothing is kept on this phone/);
  assert.doesNotMatch(await page.locator("body").innerText(), /Example/);
  await site.up();
  await context.close();
});

test("two patients in two tabs of one browser never mix, and nobody sends for somebody else", async () => {
  const clinic = await Site.start({ two: true });
  const context = await openBrowser(newProfile());
  const ana = await context.newPage();
  const seen = [];
  await signUp(ana, clinic, { name: "ana", link: clinic.links[0] });
  await ana.route("**/api/courses/**", (route) => route.abort());
  await tap(ana, 9);
  await ana.locator("#waiting").waitFor();

  const bea = await context.newPage();
  await signUp(bea, clinic, { name: "bea", link: clinic.links[1] });
  bea.on("request", (request) => seen.push(request.url()));
  await tap(bea, 1);
  await sent(bea);
  assert.equal((await model(bea)).days[berlinDate()].scores.pain.value, 1);

  // Ana's tab may send again, but the session is Bea's now.
  await ana.unroute("**/api/courses/**");
  await tap(ana, 8);
  await ana.getByText("Somebody else is signed in on this phone").waitFor();
  assert.equal(await waitingCount(ana), "2 entries on this phone, not yet sent");
  assert.doesNotMatch(await ana.locator("body").innerText(), /Bea/);
  assert.doesNotMatch(await bea.locator("body").innerText(), /Ana/);
  const beas = (await model(bea)).days[berlinDate()].scores;
  assert.deepEqual(Object.keys(beas), ["pain"]);
  assert.equal(beas.pain.value, 1);

  // Without a network the page opens the vault of whoever was last here, under their name, and no other.
  await workerReady(bea);
  await clinic.down();
  await bea.goto(`${clinic.origin}/today`);
  await bea.locator("#diary h1").waitFor();
  assert.doesNotMatch(await bea.locator("body").innerText(), /Ana/);
  assert.equal(await bea.locator("#waiting").count(), 0);
  await clinic.up();

  // When Ana signs in again, hers are sent to her course.
  await signIn(ana, clinic, "ana");
  await ana.goto(`${clinic.origin}/today`);
  await ready(ana);
  await sent(ana);
  const anas = (await model(ana)).days[berlinDate()].scores;
  assert.deepEqual([anas.pain.value, anas.fatigue.value], [9, 8]);
  await context.close();
  await clinic.end();
});
