// The diary with script: each tap is kept on this phone at once, sent when there is a network, and shown all the same
// when there is none. Without script the page posts plain forms; if anything here fails to start, it still does.

import { fold, localDate, reportOf, dayOf } from "./fold.js";
import { alone, drop, enqueue, entry, flush, queued, tryAgain } from "./queue.js";
import { forget, keep, lastAccount, openVault, recall, rememberAccount } from "./vault.js";
import { h, openQuestion, rest, say, stage, top, waitingLines } from "./view.js";

/** @typedef {import("./fold.js").Model} Model */
/** @typedef {import("./queue.js").Entry} Entry */
/** @typedef {import("./vault.js").Vault} Vault */

/** How long an entry can be taken back by one tap, in milliseconds. */
const UNDO_LASTS = 10_000;

/** How long after the last tap the day is fetched again. */
const QUIET = 1_500;

/** How often what waits is tried again while the page is open. */
const RETRY = 20_000;

/** From so many entries on the home screen is offered. */
const OFFER_FROM = 3;

/** A dose between midnight and this hour belongs to the evening before. */
const NIGHT_ENDS = 5;

/** Where it is kept that the home screen was declined. */
const NO_INSTALL = "ldn-no-install";

const root = /** @type {HTMLElement} */ (document.getElementById("diary"));

/** @type {Promise<any> & { prompt?: () => Promise<void> } | null} */
let installing = null;

class Diary {
  /**
   * @param {Vault} vault
   * @param {Model} model
   * @param {string | null} token null until a session has shown itself
   * @param {string} device
   */
  constructor(vault, model, token, device) {
    this.vault = vault;
    this.token = token;
    this.device = device;
    /** @type {import("./view.js").State} */
    this.state = {
      model,
      today: localDate(new Date()),
      day: localDate(new Date()),
      ask: null,
      just: false,
      changing: false,
      typing: false,
      queue: [],
      installs: false,
      offersInstall: false,
      offline: token === null,
    };
    /** @type {string | null} */
    this.notice = null;
    /** @type {number | undefined} */
    this.undoTimer = undefined;
    /** @type {number | undefined} */
    this.refreshTimer = undefined;
    /** How many entries are being written to this phone just now. */
    this.saving = 0;
    this.channel = new BroadcastChannel(`ldn-${model.account}`);
    this.channel.onmessage = () => this.reread();
    this.actions = this.makeActions();
    this.parts = this.makeParts();
  }

  makeParts() {
    const parts = {
      top: h("div", { class: "part-top" }),
      stage: h("section", { class: "stage" }),
      status: h("p", { role: "status", class: "status" }),
      undo: h("button", { class: "quiet", type: "button", hidden: true }, say(this.state.model, "undo")),
      waiting: h("div", { class: "part-waiting" }),
      rest: h("div", { class: "part-rest" }),
    };
    const saved = h("div", { class: "saved" }, parts.status, parts.undo);
    root.replaceChildren(parts.top, parts.stage, saved, parts.waiting, parts.rest);
    return parts;
  }

  /** @returns {import("./view.js").Actions} */
  makeActions() {
    const { state } = this;
    return {
      openDay: (date) => this.go({ day: date, ask: null, just: false }, "day"),
      open: (ask) => this.go({ ask, just: false }, "stage"),
      justPain: () => this.go({ ask: "pain", just: true }, "stage"),
      more: () => this.go({ ask: null, just: false }, "stage"),
      change: () => this.go({ changing: !state.changing }, "amount"),
      typeEffect: () => this.go({ typing: !state.typing }, "term"),
      score: (measure, value) => this.score(measure, value),
      dose: (place, answer) => this.dose(place, answer),
      changed: (place, amount, time) => this.changed(place, amount, time),
      effect: (term) => this.save({ kind: "side-effect", content: { term, severity: "unknown", ongoing: "unknown" } }),
      severity: (id, severity) => this.severity(id, severity),
      note: (text) => this.save({ kind: "note", content: { text } }),
      settle: (measure, value) => this.settle(measure, value),
      install: () => this.install(),
      noInstall: () => this.noInstall(),
      retry: async (item) => {
        await tryAgain(this.vault, item);
        await this.reread();
        await this.send();
      },
      drop: async (item) => {
        await drop(this.vault, item);
        await this.refresh();
      },
    };
  }

  // What is shown.

  /**
   * @param {Partial<import("./view.js").State>} change
   * @param {string} focus where the focus goes: "stage", "day", or an id
   */
  go(change, focus) {
    Object.assign(this.state, { changing: false, typing: false }, change);
    this.render(focus);
  }

  /** @param {string | null} focus null leaves it where it is */
  render(focus = null) {
    const { parts, state, actions } = this;
    const before = document.activeElement?.id ?? "";
    const opened = [...root.querySelectorAll("details")].map((details) => details.open);
    parts.top.replaceChildren(...top(state, actions));
    parts.stage.replaceChildren(...stage(state, actions));
    parts.rest.replaceChildren(...rest(state, actions));
    root.querySelectorAll("details").forEach((details, place) => {
      details.open = details.open || (focus === null && Boolean(opened[place]));
    });
    this.renderWaiting();
    const target = this.focusTarget(focus ?? before);
    target?.focus({ preventScroll: focus === null });
  }

  /**
   * @param {string} focus
   * @returns {HTMLElement | null}
   */
  focusTarget(focus) {
    if (focus === "stage") {
      const first = "input:checked, input, .answers button, h2[tabindex]";
      return this.parts.stage.querySelector("input:checked") ?? this.parts.stage.querySelector(first);
    }
    return focus ? document.getElementById(focus) : null;
  }

  renderWaiting() {
    const { parts, state, actions } = this;
    const lines = waitingLines(state, actions);
    if (this.notice) {
      lines.push(h("p", { class: "note" }, this.notice, " ", this.noticeLink()));
    }
    parts.waiting.replaceChildren(...lines);
  }

  noticeLink() {
    const { model } = this.state;
    const stranger = this.notice === say(model, "somebody-else");
    const [address, code] = stranger ? ["/today", "reload"] : ["/sign-in?next=/today", "sign-in"];
    return h("a", { href: address }, stranger ? say(model, code) : "→");
  }

  /** @param {string} code */
  announce(code) {
    this.parts.status.textContent = say(this.state.model, code);
  }

  // What is saved.

  /**
   * Keeps an entry on this phone, shows it, and sends it when it can.
   * @param {{ kind: string, content: any }} body
   * @param {{ undoable?: boolean, ask?: string | null }} then
   */
  async save(body, { undoable = true, ask = null } = {}) {
    const made = entry(this.device, this.state.day, body);
    this.busy(1);
    try {
      if (!(await this.keepEntry(made))) {
        return;
      }
      await this.show(made, undoable, ask);
    } finally {
      this.busy(-1);
    }
    this.channel.postMessage("changed");
    this.send();
  }

  /**
   * @param {Entry} made
   * @returns {Promise<boolean>} false if this phone has no room, which is said
   */
  async keepEntry(made) {
    try {
      await enqueue(this.vault, this.state.model.course, made);
      return true;
    } catch {
      this.announce("no-room");
      return false;
    }
  }

  /** @param {1 | -1} change of the number of entries that are being written */
  busy(change) {
    this.saving += change;
    this.parts.stage.ariaBusy = String(this.saving > 0);
  }

  /**
   * Shows an entry that is kept on this phone.
   * @param {Entry} made
   * @param {boolean} undoable
   * @param {string | null} ask
   */
  async show(made, undoable, ask) {
    const { state, vault } = this;
    navigator.storage?.persist?.();
    const opened = openQuestion(dayOf(state.model, state.day), state.ask);
    fold(state.model, [made]);
    state.queue = await queued(vault, state.model.course);
    state.model.n_entries += 1;
    this.offerInstall();
    this.announce("saved-here");
    this.go({ ask }, "stage");
    this.offerUndo(undoable ? made.id : null, opened);
  }

  /**
   * @param {string | null} id
   * @param {string} ask the question to open again
   */
  offerUndo(id, ask) {
    clearTimeout(this.undoTimer);
    const old = this.parts.undo;
    const undo = h("button", { class: "quiet", type: "button", id: "undo", hidden: id === null }, say(this.state.model, "undo"));
    if (id !== null) {
      undo.addEventListener("click", () => this.undo(id, ask));
      this.undoTimer = setTimeout(() => {
        undo.hidden = true;
        this.parts.status.textContent = "";
      }, UNDO_LASTS);
    }
    old.replaceWith(undo);
    this.parts.undo = undo;
  }

  /**
   * @param {string} id
   * @param {string} ask
   */
  async undo(id, ask) {
    const body = { kind: "corrected", content: { replaces: id, reason: "undone" } };
    await this.save(body, { undoable: false, ask });
    this.announce("undone");
  }

  /**
   * @param {string} measure
   * @param {number} value
   */
  score(measure, value) {
    const form = { measure, scale: "0-10", value };
    const before = dayOf(this.state.model, this.state.day).scores[measure];
    if (!before) {
      return this.save({ kind: "scores", content: [form] });
    }
    if (before.value === value) {
      return this.go({ ask: null }, "stage");
    }
    const content = before.content.map((other) => (other.measure === measure ? form : other));
    return this.correct(before.entry, { kind: "scores", content }, "changed");
  }

  /**
   * @param {string} replaces
   * @param {{ kind: string, content: any } | undefined} with_
   * @param {string} reason
   */
  correct(replaces, with_, reason) {
    const content = with_ ? { replaces, with: with_, reason } : { replaces, reason };
    return this.save({ kind: "corrected", content });
  }

  /**
   * @param {number} place
   * @param {"yes" | "no"} answer
   */
  dose(place, answer) {
    const { state } = this;
    const planned = dayOf(state.model, state.day).doses[place].dose_ng;
    // Of today it may still be taken; of a day that is over it was left out.
    const no = state.day === state.today ? "not-taken" : "skipped";
    this.report(place, answer === "no" ? no : { taken: planned === null ? {} : { dose_ng: planned } });
  }

  /**
   * @param {number} place
   * @param {import("./fold.js").Outcome} outcome
   */
  report(place, outcome) {
    const day = dayOf(this.state.model, this.state.day);
    const { part } = day.doses[place];
    const body = { kind: "dose", content: { day: this.state.day, ...(part ? { part } : {}), outcome } };
    const before = reportOf(day, part);
    return before ? this.correct(before.entry, body, "changed") : this.save(body);
  }

  /**
   * @param {number} place
   * @param {string} amount
   * @param {string} time
   * @returns {string | undefined} what is wrong
   */
  changed(place, amount, time) {
    const { state } = this;
    const { dose_ng: planned, at } = dayOf(state.model, state.day).doses[place];
    const nanograms = planned === null ? null : amount.trim() === "" ? planned : nanogramsOf(amount);
    if (nanograms === undefined) {
      return say(state.model, "amount-wrong");
    }
    const instant = time === "" ? null : instantOf(state.day, time, at === "bedtime");
    if (instant && !(instant.getTime() <= Date.now())) {
      return say(state.model, "time-wrong");
    }
    const taken = {
      ...(nanograms === null ? {} : { dose_ng: nanograms }),
      ...(instant ? { at: instant.toISOString() } : {}),
    };
    this.report(place, { taken });
    return undefined;
  }

  /**
   * @param {string} id
   * @param {string} severity
   */
  severity(id, severity) {
    const effect = dayOf(this.state.model, this.state.day).side_effects.find((known) => known.entry === id);
    if (effect) {
      this.correct(id, { kind: "side-effect", content: { ...effect.content, severity } }, "severity added");
    }
  }

  /**
   * Of several scores of one day keeps the one that the person says is right.
   * @param {string} measure
   * @param {number} value
   */
  async settle(measure, value) {
    const score = dayOf(this.state.model, this.state.day).scores[measure];
    const all = [{ entry: score.entry, value: score.value }, ...score.others];
    for (const wrong of all.filter((one) => one.value !== value)) {
      const content = { replaces: wrong.entry, reason: "another value is right" };
      await this.save({ kind: "corrected", content }, { undoable: false });
    }
  }

  // What is sent.

  /** Sends what waits. */
  async send() {
    let fetched = false;
    await alone(async () => {
      if (this.token === null) {
        fetched = await this.fetchModel();
        if (!fetched) {
          return;
        }
      }
      const { state, vault } = this;
      const acknowledge = async (/** @type {Entry[]} */ entries) => {
        fold(state.model, entries);
        await this.keepPage();
      };
      const { sent, ended } = await flush(vault, state.model.course, this.token ?? "", acknowledge);
      state.offline = ended === "no-network";
      if (ended === "not-ours") {
        this.token = null;
        // Another session of the same account sends at the next occasion; of another account, never.
        fetched = await this.fetchModel();
      }
      state.queue = await queued(vault, state.model.course);
      if (sent > 0) {
        this.channel.postMessage("changed");
        this.refreshSoon();
      }
      if (state.queue.length === 0 && sent > 0) {
        this.announceSaved();
      }
    });
    if (fetched) {
      await this.reread();
    } else {
      this.renderWaiting();
    }
  }

  announceSaved() {
    const here = say(this.state.model, "saved-here");
    if (this.parts.status.textContent === here) {
      this.announce("saved");
    }
  }

  refreshSoon() {
    clearTimeout(this.refreshTimer);
    this.refreshTimer = setTimeout(() => this.refresh(), QUIET);
  }

  /** Fetches the day again, unless somebody is typing; what they type is worth more than a newer picture. */
  async refresh() {
    await this.fetchModel();
    await this.reread();
  }

  /** Reads what waits again: another tab may have added or sent something. */
  async reread() {
    const { state, vault } = this;
    state.queue = await queued(vault, state.model.course);
    fold(state.model, state.queue.map((item) => item.entry));
    if (this.isBusy()) {
      this.renderWaiting();
    } else {
      this.render();
    }
  }

  isBusy() {
    const active = document.activeElement;
    const typing = active instanceof HTMLTextAreaElement || (active instanceof HTMLInputElement && active.type !== "radio");
    // Chosen with the arrow keys and not saved yet.
    const chosen = this.parts.stage.contains(active) && active instanceof HTMLInputElement && active.checked;
    return root.contains(active) && (typing || chosen);
  }

  /**
   * Fetches what the server knows, and with it the token of this session; false if there is none of this account.
   * @returns {Promise<boolean>}
   */
  async fetchModel() {
    const { state } = this;
    let response;
    try {
      response = await fetch("/api/today", { redirect: "error" });
    } catch {
      state.offline = true;
      return false;
    }
    if (response.status === 401) {
      this.token = null;
      this.notice = say(state.model, "sign-in");
      return false;
    }
    if (!response.ok) {
      state.offline = true;
      return false;
    }
    const { token, ...model } = await response.json();
    if (model.account !== state.model.account || model.course !== state.model.course) {
      this.token = null;
      this.notice = say(state.model, "somebody-else");
      return false;
    }
    this.token = token;
    this.notice = null;
    state.offline = false;
    state.model = model;
    state.queue = await queued(this.vault, model.course);
    await this.keepPage();
    fold(state.model, state.queue.map((item) => item.entry));
    return true;
  }

  /** Keeps the page for days without a network, on the person's own device only. */
  async keepPage() {
    if (this.state.model.may_keep) {
      await keep(this.vault, "pages", "diary", this.state.model);
    } else {
      await forget(this.vault, "pages", ["diary"]);
    }
  }

  // The home screen.

  offerInstall() {
    const standalone = matchMedia("(display-mode: standalone)").matches;
    const said = localStorage.getItem(NO_INSTALL) !== null;
    this.state.installs = installing !== null;
    this.state.offersInstall = !standalone && !said && this.state.model.n_entries >= OFFER_FROM;
  }

  async install() {
    await installing?.prompt?.();
    this.noInstall();
  }

  noInstall() {
    localStorage.setItem(NO_INSTALL, "1");
    this.state.offersInstall = false;
    this.render();
  }

  /** Follows the calendar when the page was left open over midnight, and sends what waits. */
  awake() {
    const today = localDate(new Date());
    if (today !== this.state.today) {
      const stays = this.state.day !== this.state.today;
      Object.assign(this.state, { today, day: stays ? this.state.day : today });
      this.render();
    }
    this.send();
  }

  async start() {
    const { state, vault } = this;
    state.queue = await queued(vault, state.model.course);
    fold(state.model, state.queue.map((item) => item.entry));
    const query = new URLSearchParams(location.search);
    const asked = query.get("day");
    if (asked && asked <= state.today) {
      state.day = asked;
    }
    state.just = query.get("just") === "pain";
    state.ask = query.get("ask");
    this.offerInstall();
    const tapped = root.querySelector("fieldset.rating input:checked:not([checked])");
    this.render();
    root.dataset.ready = String(Math.round(performance.now()));
    if (this.token !== null) {
      await rememberAccount(state.model.account);
      await this.keepPage();
    }
    if (tapped instanceof HTMLInputElement) {
      // Tapped before this script was there.
      await this.score(openQuestion(dayOf(state.model, state.day), state.ask), Number(tapped.value));
    }
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") {
        this.awake();
      }
    });
    window.addEventListener("online", () => this.awake());
    setInterval(() => {
      if (state.queue.length > 0) {
        this.send();
      }
    }, RETRY);
    await this.send();
  }
}

/**
 * Reads milligrams digit by digit into nanograms; undefined if they are none. Comma or point.
 * @param {string} text
 */
function nanogramsOf(text) {
  const found = /^(\d{1,3})(?:[.,](\d{1,6}))?$/.exec(text.trim());
  const nanograms = found ? Number(found[1]) * 1_000_000 + Number((found[2] ?? "").padEnd(6, "0")) : 0;
  return nanograms > 0 ? nanograms : undefined;
}

/**
 * @param {string} day
 * @param {string} time
 * @param {boolean} bedtime
 */
function instantOf(day, time, bedtime) {
  const instant = new Date(`${day}T${time}`);
  if (bedtime && instant.getHours() < NIGHT_ENDS) {
    instant.setDate(instant.getDate() + 1);
  }
  return instant;
}

/** @param {Vault} vault */
async function deviceOf(vault) {
  const known = await recall(vault, "pages", "device");
  if (known) {
    return known;
  }
  const made = crypto.randomUUID();
  await keep(vault, "pages", "device", made);
  return made;
}

/** Tells the server the time zone, so that its "today" is the person's. */
function sayZone() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone) {
    document.cookie = `zone=${encodeURIComponent(zone)}; Path=/; Max-Age=31536000; SameSite=Lax`;
  }
}

/** With a network: the page brings its data. */
async function startOnline(/** @type {HTMLElement} */ block) {
  const model = JSON.parse(block.textContent ?? "");
  const vault = await openVault(model.account);
  const diary = new Diary(vault, model, block.dataset.token ?? null, await deviceOf(vault));
  await diary.start();
}

/** Without: the vault of the account that was last open here, or nothing. */
async function startOffline() {
  const account = await lastAccount();
  if (!account) {
    return;
  }
  const vault = await openVault(account);
  const model = await recall(vault, "pages", "diary");
  if (!model) {
    return;
  }
  const person = h("span", { class: "person" }, model.person ?? "");
  document.querySelector(".banner")?.append(person);
  document.documentElement.lang = model.language;
  const diary = new Diary(vault, model, null, await deviceOf(vault));
  await diary.start();
}

window.addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  installing = /** @type {any} */ (event);
});
sayZone();
const block = document.getElementById("model");
await (block ? startOnline(block) : startOffline());
if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register("/sw.js", { scope: "/" });
}
