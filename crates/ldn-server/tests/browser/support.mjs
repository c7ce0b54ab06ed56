// What every test in a browser begins with: a site on a store of its own, a browser, and somebody who has signed in.
//
// LDN_BIN names the program: `ldn`, or `diary_site` of this crate's examples, which is always taken where two patients or
// a plan are needed without a clinic's pages; it is looked for beside `ldn`. LDN_CHROMIUM names the browser.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { createInterface } from "node:readline";

import { chromium } from "playwright-core";

/** @typedef {import("playwright-core").Page} Page */

const BIN = process.env.LDN_BIN ?? "target/debug/ldn";
const DEMO = basename(BIN) === "diary_site" ? BIN : join(dirname(BIN), "examples", "diary_site");
export const CHROMIUM = process.env.LDN_CHROMIUM ?? "/usr/bin/chromium";

/** No name in it means anything; the password is long enough and not a common one. */
const PASSWORD = "a quiet garden behind the mill";

/** @returns {Promise<number>} a port that nobody uses now */
function freePort() {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });
}

/** A site that can be killed and started again on the same store and the same port. */
export class Site {
  /** @param {{ two?: boolean, real?: boolean }} options two patients of a clinic; the real program instead of the example */
  static async start({ two = false, real = false } = {}) {
    const site = new Site();
    site.bin = real ? BIN : DEMO;
    site.two = two;
    site.links = [];
    site.folder = mkdtempSync(join(tmpdir(), "ldn-browser-"));
    site.port = await freePort();
    site.origin = `http://localhost:${site.port}`;
    await site.up();
    return site;
  }

  /** Starts the program, unless it runs, and waits until it answers. */
  async up() {
    if (this.process && this.process.exitCode === null && this.process.signalCode === null) {
      return;
    }
    const store = join(this.folder, "ldn.db");
    const args = basename(this.bin) === "diary_site"
      ? [store, String(this.port), ...(this.two ? ["two"] : [])]
      : ["serve", "--store", store, "--listen", `127.0.0.1:${this.port}`, "--origin", this.origin];
    this.process = spawn(this.bin, args, { stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        this.links.push(...(line.match(/https?:\/\/\S+\/invitation\/\S+/g) ?? []));
        this.plan = line.startsWith("plan ") ? JSON.parse(line.slice(5)) : this.plan;
      });
    }
    for (let tries = 0; tries < 200; tries += 1) {
      const up = await fetch(`${this.origin}/health`).then((answer) => answer.ok, () => false);
      if (up) {
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`no answer from ${this.bin} ${args.join(" ")}`);
  }

  /** Kills the program as a power cut would. */
  async down() {
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    this.process.kill("SIGKILL");
    await ended;
  }

  async end() {
    await this.down().catch(() => undefined);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/**
 * Opens a browser with a profile of its own, which survives the browser.
 * @param {string} profile a folder
 * @param {object} options
 */
export function openBrowser(profile, options = {}) {
  return chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    args: ["--no-sandbox"],
    viewport: { width: 360, height: 740 },
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    reducedMotion: "reduce",
    ...options,
  });
}

export function newProfile() {
  return mkdtempSync(join(tmpdir(), "ldn-profile-"));
}

/**
 * Redeems an invitation, signs in on a device that is marked as own, and begins a course.
 * @param {import("playwright-core").Page} page
 * @param {Site} site
 * @param {{ name?: string, link?: string, solo?: boolean, plan?: boolean }} who
 */
export async function signUp(page, site, { name = "ana", link = site.links[0], solo = !site.two, plan = true } = {}) {
  await page.goto(link);
  if (solo) {
    await page.locator("#role-patient").check();
  }
  const personName = page.locator("#person-name");
  if (await personName.count()) {
    await personName.fill(`${name} Example`);
  }
  await page.locator("#name").fill(name);
  await page.locator("#password").fill(PASSWORD);
  await page.locator("main form button").first().click();
  await signIn(page, site, name);
  if (page.url().includes("/start")) {
    await page.locator("#birth-year").fill("1980");
    await page.locator("main form button").first().click();
  }
  await page.goto(`${site.origin}/today`);
  await ready(page);
  if (plan && site.plan) {
    await send(page, [site.plan]);
    await page.reload();
    await ready(page);
  }
}

/**
 * @param {import("playwright-core").Page} page
 * @param {Site} site
 * @param {string} name
 */
export async function signIn(page, site, name = "ana") {
  await page.goto(`${site.origin}/sign-in`);
  await page.locator("#name").fill(name);
  await page.locator("#password").fill(PASSWORD);
  await page.locator("#own-device").check();
  await Promise.all([page.waitForURL((url) => !url.pathname.startsWith("/sign-in")), page.locator("main form button").first().click()]);
}

/**
 * Waits until the script has the diary.
 * @param {import("playwright-core").Page} page
 */
export function ready(page) {
  return page.locator("#diary[data-ready]").waitFor();
}

/**
 * Waits until the service worker has kept everything.
 * @param {import("playwright-core").Page} page
 */
export async function workerReady(page) {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    for (let tries = 0; tries < 100 && !navigator.serviceWorker.controller; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });
}

/**
 * Sends bodies through the API in the page's own session; returns the outcomes.
 * @param {import("playwright-core").Page} page
 * @param {object[]} bodies
 * @param {string} [day]
 */
export function send(page, bodies, day) {
  return page.evaluate(
    async ({ bodies, day }) => {
      const { token, course, today } = await (await fetch("/api/today")).json();
      const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
      const uuid7 = () => {
        const time = Date.now().toString(16).padStart(12, "0");
        const tail = hex(crypto.getRandomValues(new Uint8Array(9)));
        return `${time.slice(0, 8)}-${time.slice(8)}-7${tail.slice(0, 3)}-8${tail.slice(3, 6)}-${tail.slice(6)}`;
      };
      const entries = bodies.map((body) => ({
        id: uuid7(),
        day: day ?? today,
        zone: "Europe/Berlin",
        offset_s: 3600,
        recorded: new Date().toISOString(),
        salt: hex(crypto.getRandomValues(new Uint8Array(16))),
        body,
      }));
      const response = await fetch(`/api/courses/${course}/entries`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-form-token": token },
        body: JSON.stringify({ entries }),
      });
      return { status: response.status, answer: await response.json(), entries, course, token };
    },
    { bodies, day },
  );
}

/**
 * Returns what the server knows.
 * @param {import("playwright-core").Page} page
 */
export function model(page) {
  return page.evaluate(async () => (await fetch("/api/today")).json());
}

/** @param {Date} date in the zone of the tests' browsers */
export function berlinDate(date = new Date()) {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Berlin" }).format(date);
}

/** Taps a number of the open rating, and waits until the next question is there. */
export async function tap(page, value) {
  const before = await page.locator(".stage").innerText();
  await page.locator(`.point:has(input[value="${value}"])`).click();
  await page.waitForFunction((text) => document.querySelector(".stage")?.innerText !== text, before);
}

/** Waits until everything that was tapped is written, and nothing waits on this phone any more. */
export async function sent(page) {
  await page.waitForFunction(() => !document.querySelector(".stage[aria-busy=true]") && !document.getElementById("waiting"));
}

/**
 * A browser that can be killed as when a phone's battery dies: a process of its own, controlled from outside.
 */
export class Killable {
  /** @param {string} profile */
  static async open(profile) {
    const browser = new Killable();
    const args = ["--headless=new", "--no-sandbox", "--disable-gpu", `--user-data-dir=${profile}`, "--remote-debugging-port=0", "about:blank"];
    // A group of its own, because a browser is many processes.
    browser.process = spawn(CHROMIUM, args, { detached: true, stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, TZ: "Europe/Berlin" } });
    const endpoint = await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("the browser does not start")), 20_000);
      createInterface({ input: browser.process.stderr }).on("line", (line) => {
        const found = /DevTools listening on (ws:\S+)/.exec(line);
        if (found) {
          clearTimeout(timer);
          resolve(found[1]);
        }
      });
    });
    browser.remote = await chromium.connectOverCDP(endpoint);
    browser.context = browser.remote.contexts()[0];
    browser.page = await browser.context.newPage();
    return browser;
  }

  /** Kills every process of the browser at once; nothing is flushed. */
  async kill() {
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    process.kill(-this.process.pid, "SIGKILL");
    await ended;
    await this.remote.close().catch(() => undefined);
  }
}
