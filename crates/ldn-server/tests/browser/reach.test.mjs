// Every page at 400 % zoom, with wide text, by keyboard, and with a finger: nothing is lost, cut off or hidden, and every
// target is large enough.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { walk } from "./keyboard.mjs";
import { DANGERS, OPEN_PAGES, PATIENT_PAGES, Sample, choose, open, openChromium, signIn, visitor } from "./pages_support.mjs";

/** Longer than any answer takes. */
const TIMEOUT = 900_000;
/** A window of 1280 by 1024 px at 400 %. */
const ZOOMED = { width: 320, height: 256 };
/** Smallest target in px: WCAG 2.2, 2.5.8. Those of the diary are held to 56 px in diary.test.mjs. */
const SMALLEST = 24;

/** @type {Sample} */
let sample;
/** @type {import("playwright-core").Browser} */
let browser;

before(async () => {
  sample = await Sample.start();
  browser = await openChromium();
});

after(async () => {
  await browser?.close();
  await sample?.end();
});

/**
 * Spaces text as far as WCAG 2.2, 1.4.12, allows readers to; through the browser, because pages allow no style of others.
 * @param {import("playwright-core").Page} page
 */
function spaceText(page) {
  return page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(
      "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }" +
        "p { margin-bottom: 2em !important; }",
    );
    document.adoptedStyleSheets = [sheet];
  });
}

/** Opens every block that can be folded. */
function unfold(page) {
  return page.evaluate(() => document.querySelectorAll("details").forEach((details) => { details.open = true; }));
}

/**
 * Returns text that sticks out of the window or out of a box that cuts it off. What lies in a region that scrolls by itself
 * can be reached.
 * @param {import("playwright-core").Page} page
 */
function lost(page) {
  return page.evaluate(() => {
    const found = [];
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth > width) {
      found.push(`the page is ${document.documentElement.scrollWidth} px wide in a window of ${width} px`);
    }
    const cuts = (/** @type {Element} */ element) => /hidden|clip/.test(getComputedStyle(element).overflowX + getComputedStyle(element).overflowY);
    for (const element of document.querySelectorAll("body *")) {
      if (!element.checkVisibility() || element.closest(".out-of-sight, .skip, .scroll") || element.closest("svg")) {
        continue;
      }
      const tooWide = element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0;
      const tooHigh = element.scrollHeight > element.clientHeight + 1 && element.clientHeight > 0;
      if ((cuts(element) || element.matches("button, .button, select, summary")) && (tooWide || tooHigh)) {
        found.push(`cut off: ${element.outerHTML.slice(0, 100)}`);
      }
    }
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      const parent = text.parentElement;
      // The words in a picture are spaced with it; all of them stand below it in a sentence and a table.
      if (!text.textContent?.trim() || !parent?.checkVisibility() || parent.closest(".out-of-sight, .skip, .scroll, svg")) {
        continue;
      }
      const range = document.createRange();
      range.selectNodeContents(text);
      const out = [...range.getClientRects()].some((box) => box.left < -1 || box.right > width + 1);
      if (out) {
        found.push(`out of the window: ${text.textContent.trim().slice(0, 60)}`);
      }
    }
    return found.slice(0, 5);
  });
}

/**
 * Returns targets that are too small. Links within a sentence are as high as the sentence.
 * @param {import("playwright-core").Page} page
 */
function small(page) {
  return page.evaluate((smallest) => {
    const inSentence = (/** @type {Element} */ element) =>
      element.matches("a") && getComputedStyle(element).display === "inline" &&
      [...(element.parentElement?.childNodes ?? [])].some((node) => node.nodeType === Node.TEXT_NODE && /\w/.test(node.textContent ?? ""));
    const targets = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")];
    return targets
      .filter((target) => target.checkVisibility() && !target.closest(".out-of-sight, .skip") && !inSentence(target))
      .map((target) => ({ target, box: target.getBoundingClientRect() }))
      .filter(({ box }) => Math.min(box.width, box.height) < smallest - 0.01)
      .map(({ target, box }) => `${Math.round(box.width)} x ${Math.round(box.height)} px: ${target.outerHTML.slice(0, 100)}`)
      .slice(0, 5);
  }, SMALLEST);
}

/**
 * Looks at pages in both languages: zoomed, zoomed with wide text, and by keyboard.
 * @param {import("playwright-core").BrowserContext} context
 * @param {import("playwright-core").Page} page
 * @param {string[]} addresses
 */
async function look(context, page, addresses) {
  const problems = [];
  let stops = 0;
  for (const language of ["en", "es"]) {
    await choose(context, sample, { theme: "light", language });
    for (const address of addresses) {
      const say = (/** @type {string} */ how) => (/** @type {string} */ problem) => `${address} ${language}, ${how}: ${problem}`;
      await page.setViewportSize({ width: 1280, height: 800 });
      await open(page, sample.origin + address);
      problems.push(...(await small(page)).map(say("1280 px")));
      await page.setViewportSize(ZOOMED);
      const walked = await walk(page);
      stops += walked.stops;
      problems.push(...walked.problems.map(say("400 %")));
      await unfold(page);
      problems.push(...(await lost(page)).map(say("400 %")), ...(await small(page)).map(say("400 %")));
      await spaceText(page);
      problems.push(...(await lost(page)).map(say("400 %, wide text")));
    }
  }
  console.log(`# ${addresses.length} pages in 2 languages, ${stops} stops of the Tab key`);
  return problems;
}

test("pages for those who have not signed in", { timeout: TIMEOUT }, async () => {
  const { context, page } = await visitor(browser, sample);
  assert.deepEqual(await look(context, page, [...OPEN_PAGES, ...DANGERS.map((slug) => `/danger/${slug}`)]), []);
  await context.close();
});

test("every page of a course in week 20", { timeout: TIMEOUT }, async () => {
  const { context, page } = await visitor(browser, sample);
  await signIn(page, sample, "ana");
  assert.deepEqual(await look(context, page, PATIENT_PAGES), []);
  await context.close();
});

for (const name of ["ben", "carla", "dan"]) {
  test(`what differs in the course of ${name}`, { timeout: TIMEOUT }, async () => {
    const { context, page } = await visitor(browser, sample);
    await signIn(page, sample, name);
    assert.deepEqual(await look(context, page, ["/today", "/plan", "/charts", "/verdict", "/card", "/events"]), []);
    await context.close();
  });
}
