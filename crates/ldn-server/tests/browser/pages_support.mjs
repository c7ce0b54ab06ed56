// What the tests of every page and the screenshots share: the sample courses, a browser, somebody who has signed in.
//
// LDN_BIN names the program `ldn`, LDN_CHROMIUM the browser.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

import { chromium } from "playwright-core";

const BIN = process.env.LDN_BIN ?? "target/debug/ldn";
const CHROMIUM = process.env.LDN_CHROMIUM ?? "/usr/bin/chromium";

/** Everywhere a patient can go, and the pages for those who have not signed in. */
export const PATIENT_PAGES = [
  "/today", "/today/leave", "/plan", "/card", "/letter", "/charts", "/verdict", "/more", "/events", "/events/medicine",
  "/events/infection", "/events/procedure", "/events/pregnancy", "/labs", "/instruments", "/instruments/fiqr",
  "/instruments/acr2016", "/instruments/phq9", "/instruments/gad7", "/instruments/pgic", "/data", "/data/erase",
  "/sessions", "/prove", "/help", "/help/sign-in", "/start", "/plan/enter", "/instruments/gad7/result",
];
export const OPEN_PAGES = ["/sign-in", "/help", "/help/sign-in", "/nowhere"];
export const DANGERS = ["opioid", "withdrawal", "allergy", "yellow-skin", "self-harm", "too-much", "surgery", "pregnant"];

/** `ldn serve --sample` under way. */
export class Sample {
  static async start() {
    const sample = new Sample();
    sample.process = spawn(BIN, ["serve", "--sample", "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "inherit"] });
    sample.names = [];
    const lines = createInterface({ input: sample.process.stdout });
    const failed = once(sample.process, "exit").then(([code]) => {
      throw new Error(`${BIN} serve --sample ended with ${code}`);
    });
    const told = (async () => {
      for await (const line of lines) {
        sample.origin ??= /(http:\/\/localhost:\d+)/.exec(line)?.[1];
        sample.password ??= /password "([^"]+)"/.exec(line)?.[1];
        const name = /^ {2}(\w+) /.exec(line)?.[1];
        if (name) {
          sample.names.push(name);
        }
        if (line.startsWith("Stop it")) {
          return;
        }
      }
    })();
    await Promise.race([told, failed]);
    failed.catch(() => undefined);
    return sample;
  }

  async end() {
    const ended = once(this.process, "exit");
    this.process.kill("SIGTERM");
    await ended;
  }
}

export function openChromium() {
  return chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
}

/**
 * A browser context of its own, in which the theme and the language are chosen; returns it with its page.
 * @param {import("playwright-core").Browser} browser
 * @param {Sample} sample
 * @param {{ theme?: string, language?: string, width?: number, height?: number }} look
 */
export async function visitor(browser, sample, { theme = "light", language = "en", width = 1280, height = 900 } = {}) {
  const context = await browser.newContext({
    viewport: { width, height },
    locale: language,
    timezoneId: "Europe/Madrid",
    reducedMotion: "reduce",
    serviceWorkers: "block",
  });
  await choose(context, sample, { theme, language });
  return { context, page: await context.newPage() };
}

/**
 * Chooses theme and language, as the form at the foot of every page does.
 * @param {import("playwright-core").BrowserContext} context
 * @param {Sample} sample
 * @param {{ theme: string, language: string }} look
 */
export function choose(context, sample, { theme, language }) {
  const cookie = (name, value) => ({ name, value, url: sample.origin });
  return context.addCookies([cookie("theme", theme), cookie("language", language)]);
}

/**
 * @param {import("playwright-core").Page} page
 * @param {Sample} sample
 * @param {string} name
 */
export async function signIn(page, sample, name) {
  await page.goto(`${sample.origin}/sign-in`);
  await page.locator("#name").fill(name);
  await page.locator("#password").fill(sample.password);
  await Promise.all([
    page.waitForURL((url) => !url.pathname.startsWith("/sign-in")),
    page.locator("main form button").first().click(),
  ]);
}

/**
 * Opens a page and waits until its scripts have drawn what they draw.
 * @param {import("playwright-core").Page} page
 * @param {string} address
 */
export async function open(page, address) {
  const response = await page.goto(address, { waitUntil: "load" });
  if (new URL(page.url()).pathname === "/today") {
    await page.locator("#diary[data-ready]").waitFor();
  }
  return response;
}
