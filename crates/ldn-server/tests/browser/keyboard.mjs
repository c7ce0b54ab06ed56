// A person without a mouse: moves by Tab, types, presses Enter and the space bar, and sees where the focus is.

import assert from "node:assert/strict";

/** More stops than any page has. */
const MOST_STOPS = 250;

/**
 * What is wrong with the place of the focus: no ring of 3 px, out of the window, or under something else. Empty if nothing.
 * Runs in the page.
 */
function focusProblem() {
  const focused = document.activeElement;
  if (!focused || focused === document.body) {
    return "";
  }
  const name = `${focused.tagName.toLowerCase()}#${focused.id}.${focused.className} ${focused.textContent.trim().slice(0, 40)}`;
  const ringed = (/** @type {Element | null} */ element) => {
    const style = element && getComputedStyle(element);
    return style && style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 3;
  };
  // A number of the diary is a radio that fills its label; the ring is around what is seen.
  if (!ringed(focused) && !ringed(focused.nextElementSibling)) {
    return `${name}: no focus ring`;
  }
  const box = focused.getBoundingClientRect();
  const width = Math.min(box.right, innerWidth) - Math.max(box.left, 0);
  const height = Math.min(box.bottom, innerHeight) - Math.max(box.top, 0);
  if (width < 1 || height < 1) {
    return `${name}: out of the window, ${Math.round(box.top)} to ${Math.round(box.bottom)} of ${innerHeight} px`;
  }
  const [x, y] = [Math.max(box.left, 0) + width / 2, Math.max(box.top, 0) + height / 2];
  const above = document.elementFromPoint(x, y);
  const same = above && (focused.contains(above) || above.contains(focused) || above.parentElement === focused.parentElement);
  return same || above?.closest("label")?.control === focused ? "" : `${name}: under ${above?.outerHTML.slice(0, 80)}`;
}

/**
 * Asserts that the focus can be seen.
 * @param {import("playwright-core").Page} page
 */
export async function seeFocus(page) {
  assert.equal(await page.evaluate(focusProblem), "", page.url());
}

/**
 * Moves by Tab to something; asserts at every stop on the way that the focus can be seen.
 * @param {import("playwright-core").Page} page
 * @param {import("playwright-core").Locator} target
 */
export async function tabTo(page, target) {
  await target.waitFor();
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) {
      return;
    }
    await page.keyboard.press("Tab");
    await seeFocus(page);
  }
  assert.fail(`${target} is not reached by ${MOST_STOPS} times Tab on ${page.url()}`);
}

/**
 * Moves to a field and types into it, in place of what stands there.
 * @param {import("playwright-core").Page} page
 * @param {string} selector
 * @param {string} text
 */
export async function typeInto(page, selector, text) {
  await tabTo(page, page.locator(selector));
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type(text);
}

/**
 * Types a day into its three fields.
 * @param {import("playwright-core").Page} page
 * @param {string} name
 * @param {string} date as 2026-01-31
 */
export async function typeDate(page, name, date) {
  const [year, month, day] = date.split("-").map(Number);
  await typeInto(page, `#${name}_day`, String(day));
  await typeInto(page, `#${name}_month`, String(month));
  await typeInto(page, `#${name}_year`, String(year));
}

/**
 * Moves to a link or button and presses Enter; with `goes`, waits for the page behind it.
 * @param {import("playwright-core").Page} page
 * @param {import("playwright-core").Locator} target
 * @param {boolean} goes
 */
export async function press(page, target, goes = true) {
  await tabTo(page, target);
  await (goes ? Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]) : page.keyboard.press("Enter"));
}

/**
 * Moves to a group of radios and chooses one of them by the arrow keys.
 * @param {import("playwright-core").Page} page
 * @param {string} group the name of the radios
 * @param {string} value
 */
export async function choose(page, group, value) {
  const radios = page.locator(`input[type="radio"][name="${group}"]`);
  const values = await radios.evaluateAll((all) => all.map((radio) => radio.value));
  assert.ok(values.includes(value), `${group}: ${value} of ${values}`);
  // The Tab key stops at the chosen one of a group, else at its first.
  const chosen = await radios.evaluateAll((all) => Math.max(all.findIndex((radio) => radio.checked), 0));
  await tabTo(page, radios.nth(chosen));
  await page.keyboard.press("Space");
  const steps = values.indexOf(value) - chosen;
  for (let step = 0; step < Math.abs(steps); step += 1) {
    await page.keyboard.press(steps > 0 ? "ArrowDown" : "ArrowUp");
    await seeFocus(page);
  }
  assert.ok(await radios.nth(values.indexOf(value)).isChecked(), `${group} ${value}`);
}

/**
 * Walks over the whole page by Tab.
 * @param {import("playwright-core").Page} page
 * @returns {Promise<{ problems: string[], stops: number }>} what cannot be seen, and how many stops there are
 */
export async function walk(page) {
  const problems = [];
  await page.evaluate(() => {
    globalThis.walked = [];
  });
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    await page.keyboard.press("Tab");
    const been = await page.evaluate(() => {
      const focused = document.activeElement;
      const ended = !focused || focused === document.body || globalThis.walked.includes(focused);
      globalThis.walked.push(focused);
      return ended;
    });
    if (been) {
      return { problems, stops: stop };
    }
    const problem = await page.evaluate(focusProblem);
    if (problem) {
      problems.push(problem);
    }
  }
  return { problems: [...problems, `more than ${MOST_STOPS} stops`], stops: MOST_STOPS };
}
