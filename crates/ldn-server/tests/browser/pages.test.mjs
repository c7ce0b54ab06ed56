// Every page of a patient, with sample courses, in every language and theme, at 320 and 1280 px: nothing for axe-core to
// say, nothing that is cut off, nothing asked of another host. 320 px is also a window of 1280 px at 400 % zoom.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";

import { DANGERS, OPEN_PAGES, PATIENT_PAGES, Sample, choose, open, openChromium, signIn, visitor } from "./pages_support.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const LANGUAGES = ["en", "es"];
const THEMES = ["light", "dark", "dim"];
const WIDTHS = [320, 1280];
/** Longer than any answer takes; the page after a sign-in waits for the verdict. */
const TIMEOUT = 900_000;

/** @type {Sample} */
let sample;
/** @type {import("playwright-core").Browser} */
let browser;
/** Addresses outside the site that any page asked for. */
const elsewhere = new Set();
let nLooks = 0;

before(async () => {
  sample = await Sample.start();
  browser = await openChromium();
});

after(async () => {
  await browser?.close();
  await sample?.end();
});

/** @param {import("playwright-core").BrowserContext} context */
function watch(context) {
  context.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith("http") && origin !== sample.origin) {
      elsewhere.add(request.url());
    }
  });
}

/**
 * Returns what axe-core finds. Its source goes in through the debugger, because the pages run no script but their own.
 * @param {import("playwright-core").Page} page
 */
async function violations(page) {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, { resultTypes: ["violations"] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).slice(0, 3).join(" | ")}`);
  });
}

/**
 * Returns what sticks out of the page sideways.
 * @param {import("playwright-core").Page} page
 */
function overflow(page) {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) {
      return [];
    }
    const wide = [...document.querySelectorAll("body *")].filter((element) => element.getBoundingClientRect().right > width + 1);
    return wide.slice(0, 4).map((element) => element.outerHTML.slice(0, 120));
  });
}

/**
 * Looks at pages in every language, theme and width.
 * @param {import("playwright-core").BrowserContext} context
 * @param {import("playwright-core").Page} page
 * @param {string[]} addresses
 */
async function look(context, page, addresses) {
  const problems = [];
  for (const language of LANGUAGES) {
    for (const address of addresses) {
      for (const theme of THEMES) {
        await choose(context, sample, { theme, language });
        const response = await open(page, sample.origin + address);
        const place = `${address} ${language} ${theme}`;
        assert.ok((response?.status() ?? 0) < 500, place);
        assert.ok(address === "/sign-in" || new URL(page.url()).pathname !== "/sign-in", `${place}: still signed in`);
        assert.equal(await page.locator("html").getAttribute("lang"), language, place);
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 800 });
          const found = [...await overflow(page), ...await violations(page)];
          problems.push(...found.map((problem) => `${place} ${width}: ${problem}`));
          nLooks += 1;
        }
      }
    }
  }
  return problems;
}

test("pages for those who have not signed in", { timeout: TIMEOUT }, async () => {
  const { context, page } = await visitor(browser, sample);
  watch(context);
  const dangers = DANGERS.map((slug) => `/danger/${slug}`);
  assert.deepEqual(await look(context, page, [...OPEN_PAGES, ...dangers]), []);
  await context.close();
});

test("every page of a course in week 20", { timeout: TIMEOUT }, async () => {
  const { context, page } = await visitor(browser, sample);
  watch(context);
  await signIn(page, sample, "ana");
  assert.deepEqual(await look(context, page, PATIENT_PAGES), []);
  await context.close();
});

for (const name of ["ben", "carla", "dan"]) {
  test(`what differs in the course of ${name}`, { timeout: TIMEOUT }, async () => {
    const { context, page } = await visitor(browser, sample);
    watch(context);
    await signIn(page, sample, name);
    assert.deepEqual(await look(context, page, ["/today", "/plan", "/charts", "/verdict", "/card", "/events"]), []);
    await context.close();
  });
}

test("every page says that it is sample data, and nothing was asked of another host", async () => {
  const { context, page } = await visitor(browser, sample);
  watch(context);
  await signIn(page, sample, "dan");
  for (const address of ["/today", "/plan", "/charts", "/verdict", "/more", "/data"]) {
    await open(page, sample.origin + address);
    assert.match(await page.locator(".sample").innerText(), /Sample data/, address);
  }
  await context.close();
  assert.deepEqual([...elsewhere], []);
  console.log(`# ${nLooks} looks: pages × languages × themes × widths`);
});
