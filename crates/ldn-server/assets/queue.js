// Entries on their way: kept here until the server has acknowledged each one by its id.

import { count, forget, keep, recallAll } from "./vault.js";

/** @typedef {import("./vault.js").Vault} Vault */
/**
 * @typedef {{ id: string, device: string, day: string, zone: string, offset_s: number, recorded: string, salt: string,
 *   body: { kind: string, content: object } }} Entry
 */

/** @typedef {{ course: string, entry: Entry, refused?: string, conflict?: boolean }} Waiting */

/** The server takes this many at once. */
const BATCH = 100;

/** The time in the last name; the next one is later, so that names sort in the order in which they were made. */
let lastNamed = 0;

/**
 * Makes a UUID of version 7: sorted by time, and random enough that two devices never agree.
 * @param {number} now milliseconds since 1970
 */
export function uuid7(now) {
  lastNamed = Math.max(now, lastNamed + 1);
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let place = 0; place < 6; place += 1) {
    bytes[place] = Math.floor(lastNamed / 2 ** (8 * (5 - place))) % 256;
  }
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/**
 * Makes an entry of today. The day is what the page shows, chosen by the person; it is never derived from the instant.
 * @param {string} device this browser's own id
 * @param {string} day the person's local date, ISO
 * @param {{ kind: string, content: object }} body
 * @returns {Entry}
 */
export function entry(device, day, body) {
  const now = Date.now();
  const salt = crypto.getRandomValues(new Uint8Array(16));
  return {
    id: uuid7(now),
    device,
    day,
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone || "Etc/UTC",
    offset_s: -60 * new Date(now).getTimezoneOffset(),
    recorded: new Date(now).toISOString(),
    salt: Array.from(salt, (byte) => byte.toString(16).padStart(2, "0")).join(""),
    body,
  };
}

/**
 * Keeps an entry on this device; when this returns it survives a killed browser.
 * @param {Vault} vault
 * @param {string} course
 * @param {Entry} made
 */
export function enqueue(vault, course, made) {
  return keep(vault, "queue", made.id, { course, entry: made });
}

/**
 * Returns how many entries wait.
 * @param {Vault} vault
 */
export function waiting(vault) {
  return count(vault, "queue");
}

/**
 * Returns what waits for a course, oldest first.
 * @param {Vault} vault
 * @param {string} course
 * @returns {Promise<Waiting[]>}
 */
export async function queued(vault, course) {
  return (await recallAll(vault, "queue")).filter((item) => item.course === course);
}

/**
 * What became of sending: all was said, there is no network, nobody is signed in, or somebody else is.
 * @typedef {"done" | "no-network" | "not-ours"} Ended
 */

/**
 * Sends what waits, oldest first, and removes what the server has acknowledged.
 *
 * An entry that the server refuses stays here, marked with the reason, and is not sent again until the person says so:
 * nothing that was typed is dropped without a word. The token belongs to one session of one account, so that the
 * session of another account cannot send.
 * @param {Vault} vault
 * @param {string} course
 * @param {string} token
 * @param {(acknowledged: Entry[]) => Promise<void>} acknowledge called before they are removed
 * @returns {Promise<{ sent: number, ended: Ended }>}
 */
export async function flush(vault, course, token, acknowledge) {
  const mine = (await queued(vault, course)).filter((item) => !item.refused);
  let sent = 0;
  for (let start = 0; start < mine.length; start += BATCH) {
    const batch = mine.slice(start, start + BATCH).map((item) => item.entry);
    const response = await post(course, token, batch);
    if (!response) {
      return { sent, ended: "no-network" };
    }
    if (!response.ok) {
      return { sent, ended: [401, 403, 404].includes(response.status) ? "not-ours" : "no-network" };
    }
    const { outcomes } = await response.json();
    sent += await settle(vault, course, batch, outcomes, acknowledge);
  }
  return { sent, ended: "done" };
}

/**
 * @param {string} course
 * @param {string} token
 * @param {Entry[]} entries
 */
async function post(course, token, entries) {
  try {
    return await fetch(`/api/courses/${course}/entries`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-form-token": token },
      body: JSON.stringify({ entries }),
      redirect: "error",
    });
  } catch {
    return undefined;
  }
}

/**
 * @param {Vault} vault
 * @param {string} course
 * @param {Entry[]} batch
 * @param {{ id: string, outcome: string, message?: string }[]} outcomes
 * @param {(acknowledged: Entry[]) => Promise<void>} acknowledge
 */
async function settle(vault, course, batch, outcomes, acknowledge) {
  const told = new Map(outcomes.map((outcome) => [outcome.id, outcome]));
  const stored = (/** @type {Entry} */ entry) => ["new", "known"].includes(told.get(entry.id)?.outcome ?? "");
  const acknowledged = batch.filter(stored);
  await acknowledge(acknowledged);
  await forget(vault, "queue", acknowledged.map((entry) => entry.id));
  for (const entry of batch) {
    const outcome = told.get(entry.id);
    if (outcome && !stored(entry)) {
      const refused = outcome.message ?? outcome.outcome;
      await keep(vault, "queue", entry.id, { course, entry, refused, conflict: outcome.outcome === "conflict" });
    }
  }
  return acknowledged.length;
}

/**
 * Puts a refused entry back among those that are sent; where the server has another entry of that name, under a new one.
 * @param {Vault} vault
 * @param {Waiting} item
 */
export async function tryAgain(vault, item) {
  const entry = item.conflict ? { ...item.entry, id: uuid7(Date.now()) } : item.entry;
  await keep(vault, "queue", entry.id, { course: item.course, entry });
  if (entry.id !== item.entry.id) {
    await forget(vault, "queue", [item.entry.id]);
  }
}

/**
 * Deletes an entry that was never stored, because the person says so.
 * @param {Vault} vault
 * @param {Waiting} item
 */
export function drop(vault, item) {
  return forget(vault, "queue", [item.entry.id]);
}

/**
 * Sends one at a time even if several tabs or events ask at once.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function alone(work) {
  return navigator.locks ? await navigator.locks.request("ldn-queue", work) : await work();
}
