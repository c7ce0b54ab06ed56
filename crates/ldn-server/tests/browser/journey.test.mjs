// From an empty folder to a verdict on the program `ldn` itself, by keyboard alone: first run, sign-in, course, plan, two
// weeks of diary, side effect, questionnaire, laboratory, events, verdict, card, letter, calendar, export, erasure.
// Wherever the Tab key stops, the focus is seen.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { choose, press, seeFocus, tabTo, typeDate, typeInto } from "./keyboard.mjs";
import { Site, berlinDate, model, newProfile, openBrowser, ready, send, sent } from "./support.mjs";

const PASSWORD = "a quiet garden behind the mill";
const DAY = 86_400_000;
const TODAY = berlinDate();
/** The week before LDN, the days of another phone, and the week that ends today, each by the days before today. */
const BEFORE = [21, 20, 19, 18, 17, 16, 15];
const ELSEWHERE = [14, 13, 12, 11, 10, 9, 8, 7];
const NOW = [6, 5, 4, 3, 2, 1, 0];
const MEASURES = ["pain", "fatigue", "sleep", "mood", "fog"];

/** @type {Site} */
let site;
/** @type {import("playwright-core").BrowserContext} */
let context;
/** @type {import("playwright-core").Page} */
let page;
/** Hosts that any request went to. */
const hosts = new Set();

before(async () => {
  site = await Site.start({ real: true });
  context = await openBrowser(newProfile(), { acceptDownloads: true });
  context.on("request", (request) => {
    const { protocol, host } = new URL(request.url());
    if (protocol.startsWith("http")) {
      hosts.add(host);
    }
  });
  page = await context.newPage();
});

after(async () => {
  await context?.close();
  await site?.end();
});

/** @param {number} daysBack below 0 for days to come */
function dateOf(daysBack) {
  return new Date(Date.parse(TODAY) - daysBack * DAY).toISOString().slice(0, 10);
}

/**
 * Turns the clock of the phone to noon of a day that is over, or to now.
 * @param {number} daysBack
 */
function turnClock(daysBack) {
  return page.clock.setFixedTime(daysBack === 0 ? Date.now() : `${dateOf(daysBack)}T12:00:00Z`);
}

/** @param {string} name */
function button(name) {
  return page.getByRole("button", { name, exact: true });
}

/** @param {string} name */
function link(name) {
  return page.getByRole("link", { name, exact: true });
}

/**
 * Goes to a page from the list of further pages.
 * @param {string} name
 */
async function more(name) {
  await press(page, link("More"));
  await press(page, link(name));
}

/** The heading of the page, with what stands before it in the title if something is wrong. */
async function heading() {
  assert.doesNotMatch(await page.title(), /^Error/);
  return page.locator("h1").innerText();
}

/**
 * Answers a question of the diary: the arrow keys choose, Enter saves.
 * @param {number} value
 */
async function rate(value) {
  const before = await page.locator(".stage").innerText();
  await seeFocus(page);
  for (let step = 0; step < value; step += 1) {
    await page.keyboard.press("ArrowRight");
  }
  await page.keyboard.press(value === 0 ? "Space" : "Enter");
  await page.waitForFunction((text) => document.querySelector(".stage")?.innerText !== text, before);
}

/**
 * Turns the clock of the phone and writes one day, down to the dose if the plan asks for one.
 * @param {number} daysBack
 * @param {number} pain
 */
async function writeDay(daysBack, pain) {
  await turnClock(daysBack);
  await page.goto(`${site.origin}/today`);
  await ready(page);
  const [first, ...others] = MEASURES;
  await tabTo(page, page.locator(`#${first}-0`));
  await rate(pain);
  for (const measure of others) {
    assert.match(await page.evaluate(() => document.activeElement?.id ?? ""), new RegExp(`^${measure}-0$`), "the focus follows");
    await rate(5);
  }
}

test("first run: a link, one form, one sign-in and one question, far below two minutes", async () => {
  assert.equal(site.links.length, 1, "the program prints one link");
  await page.goto(site.links[0]);
  let asked = 0;
  await choose(page, "first_role", "patient");
  for (const [field, text] of [["#person-name", "Ana Example"], ["#name", "ana"], ["#password", PASSWORD]]) {
    await typeInto(page, field, text);
    asked += 1;
  }
  await press(page, button("Continue"));
  assert.equal(await heading(), "Your account is ready");
  await press(page, link("Sign in"));
  await typeInto(page, "#name", "ana");
  await typeInto(page, "#password", PASSWORD);
  await tabTo(page, page.locator("#own-device"));
  await page.keyboard.press("Space");
  asked += 3;
  await press(page, button("Sign in"));
  assert.equal(await heading(), "Begin your record");
  await typeInto(page, "#birth-year", "1980");
  asked += 1;
  await press(page, button("Continue"));
  assert.match(page.url(), /\/plan\/enter$/, "the first thing to do stands there");
  // One more for who one is. Ten seconds for each field are a minute and a half for people who type with one finger.
  asked += 1;
  console.log(`# first run: ${asked} fields on 3 forms`);
  assert.ok(asked * 10 <= 120, `${asked} fields`);
});

test("the skip link is the first stop and leads into the page", async () => {
  await page.goto(`${site.origin}/more`);
  await page.keyboard.press("Tab");
  await seeFocus(page);
  assert.equal(await page.evaluate(() => document.activeElement?.className), "skip");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "content");
});

test("a plan is entered as it was prescribed", async () => {
  await press(page, link("Plan"));
  await press(page, link("Enter my plan"));
  await typeDate(page, "start", dateOf(ELSEWHERE[0]));
  await typeInto(page, "#dose_1", "1.5 mg");
  await press(page, button("Continue"));
  assert.equal(await page.locator("table strong").innerText(), "1.5 mg at bedtime");
  await press(page, button("Yes, save it"));
  assert.match(await page.locator("main .dose").first().innerText(), /Tonight: 1\.5 mg/);
  assert.match(await page.locator("main").innerText(), /Not signed: as you say it was prescribed/);
});

test("fourteen days of diary, with doses and a side effect", async () => {
  for (const daysBack of BEFORE) {
    await writeDay(daysBack, 7);
    await page.getByRole("heading", { name: "Any side effects?" }).waitFor();
  }
  for (const daysBack of NOW) {
    await writeDay(daysBack, 3);
    await page.locator("#dose-yes").waitFor();
    await seeFocus(page);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Any side effects?" }).waitFor();
  }
  await press(page, button("Something else"), false);
  await typeInto(page, "#term", "Vivid dreams");
  await page.keyboard.press("Enter");
  await page.getByRole("group", { name: "Vivid dreams: how bad?" }).waitFor();
  await press(page, button("Mild"), false);
  await page.locator(".effect strong", { hasText: "Mild" }).waitFor();
  await sent(page);
  const { days } = await model(page);
  for (const daysBack of NOW) {
    const day = days[dateOf(daysBack)];
    assert.deepEqual([day.scores.pain.value, Object.keys(day.scores).length], [3, 5], dateOf(daysBack));
    assert.deepEqual(day.reports.map((report) => report.content.outcome), [{ taken: { dose_ng: 1_500_000 } }]);
  }
  assert.equal(days[dateOf(0)].side_effects[0].content.severity, "mild");
});

test("too few days give no number, and how many are missing", async () => {
  await more("What your diary says");
  assert.equal(await heading(), "Not enough yet");
  const text = await page.locator("main").innerText();
  assert.match(text, /On 8 of 22 days nothing says whether a dose was taken/);
  assert.equal(await page.locator("figure").count(), 0);
});

test("with the days that another phone wrote, twenty answers stand there, in three zones that are all of them", async () => {
  for (const daysBack of ELSEWHERE) {
    const date = dateOf(daysBack);
    const scores = MEASURES.map((measure) => ({ measure, scale: "0-10", value: measure === "pain" ? 4 : 5 }));
    await turnClock(daysBack);
    const bodies = [
      { kind: "scores", content: scores },
      { kind: "dose", content: { day: date, outcome: { taken: { dose_ng: 1_500_000 } } } },
    ];
    const { answer } = await send(page, bodies, date);
    assert.deepEqual(answer.outcomes.map(({ outcome }) => outcome), ["new", "new"]);
  }
  await turnClock(0);
  await more("What your diary says");
  assert.equal(await page.locator("figure svg:visible .dot").count(), 20, await page.locator("main").innerText());
  await press(page, page.locator("details.table summary"), false);
  const counts = await page.locator("details.table td.number").allInnerTexts();
  assert.equal(counts.map(Number).reduce((sum, count) => sum + count, 0), 20, counts.join(" + "));
  assert.doesNotMatch(await page.locator("main").innerText(), /\bNaN\b|undefined|%/);
});

test("a questionnaire", async () => {
  await more("Questionnaires");
  await press(page, page.locator('a[href="/instruments/gad7"]'));
  for (let item = 1; item <= 7; item += 1) {
    await choose(page, `gad7-${item}`, "1");
  }
  await press(page, button("Finish"));
  assert.match(await page.locator("main .dose").innerText(), /\b7\b/);
});

test("a place on the body, an answer after the other, and a pause", async () => {
  await more("Questionnaires");
  await press(page, page.locator('a[href="/instruments/acr2016"]'));
  await tabTo(page, page.locator("#neck"));
  await page.keyboard.press("Space");
  await tabTo(page, page.locator("#map"));
  await page.keyboard.press("Space");
  await press(page, page.locator('button[value="pause"]'));
  assert.match(await page.locator("main").innerText(), /Saved\. You can go on until tomorrow evening/);
});

test("a laboratory result", async () => {
  await more("Laboratory results");
  await tabTo(page, page.locator("#test"));
  await page.keyboard.type("ALT");
  await typeInto(page, "#value", "30");
  await typeInto(page, "#unit", "U/L");
  await typeInto(page, "#limit", "40");
  await typeDate(page, "on", dateOf(3));
  await press(page, page.locator("main form button").first());
  assert.equal(await page.locator('[role="alert"]').count(), 0, await page.locator("main").innerText());
  assert.match(await page.locator("table").innerText(), /ALT[\s\S]*30 U\/L/);
});

test("a new medicine, and its correction", async () => {
  await more("Medicines and events");
  await press(page, page.locator('a[href="/events/medicine"]'));
  await typeInto(page, "#name", "sertraline");
  await choose(page, "use", "daily");
  await press(page, button("Continue"));
  assert.match(await page.locator("main").innerText(), /sertraline/i);
  await press(page, page.locator('form[action="/events/strike"] button').first());
  assert.equal(await page.locator('form[action="/events/strike"]').count(), 0);
});

test("card, letter and calendar", async () => {
  await more("Wallet card");
  assert.match(await page.locator(".sheet").innerText(), /Ana Example[\s\S]*1980/);
  await more("Surgery letter");
  await typeDate(page, "operation", dateOf(-30));
  await press(page, page.locator("main form button").first());
  assert.match(await page.locator(".sheet").innerText(), /Ana Example/);
  await press(page, link("Plan"));
  await tabTo(page, page.locator('a[href="/plan/calendar.ics"]'));
  const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
  const calendar = readFileSync(await download.path(), "utf8");
  assert.match(calendar, /^BEGIN:VCALENDAR\r\n/);
  assert.doesNotMatch(calendar.match(/^SUMMARY.*$/gm)?.join("\n") ?? "", /naltrexone|LDN/i);
});

test("an operation makes a pause, in words, where the dose stood", async () => {
  await more("Medicines and events");
  await press(page, page.locator('a[href="/events/procedure"]'));
  await typeInto(page, "#name", "hip replacement");
  await choose(page, "when", "day");
  await typeDate(page, "on", dateOf(-2));
  await choose(page, "opioids", "yes");
  await press(page, button("Continue"));
  assert.equal(await heading(), "Medicines and events");
  await press(page, link("Plan"));
  assert.doesNotMatch(await page.locator("main .dose").first().innerText(), /1\.5 mg/);
});

test("everything can be taken along, and erased", async () => {
  await more("My data");
  await tabTo(page, page.locator('a[href="/data/diary.csv"]'));
  const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
  const rows = readFileSync(await download.path(), "utf8").trim().split("\n");
  assert.equal(rows.length, 1 + BEFORE.length + ELSEWHERE.length + NOW.length, "a head and twenty-two days");
  await press(page, page.locator('a[href="/data/erase"]'));
  await typeInto(page, "#name", "Ana Example");
  await press(page, page.locator("main form button.danger"));
  assert.match(await page.locator("main").innerText(), /erased|gone/i);
});

test("nothing was asked of any other host", () => {
  assert.deepEqual([...hosts], [`localhost:${site.port}`]);
});
