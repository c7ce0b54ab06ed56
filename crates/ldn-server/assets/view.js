// How the diary looks: elements made of what it knows. It keeps nothing and decides nothing.

import { LATE_DAYS, MEASURES, dayOf, daysBefore, localDate, reportOf } from "./fold.js";

/** @typedef {import("./fold.js").Model} Model */
/** @typedef {import("./fold.js").Day} Day */
/** @typedef {import("./fold.js").Dose} Dose */
/** @typedef {import("./queue.js").Waiting} Waiting */
/**
 * @typedef {{ model: Model, today: string, day: string, ask: string | null, just: boolean, changing: boolean,
 *   typing: boolean, queue: Waiting[], installs: boolean, offersInstall: boolean, offline: boolean }} State
 */
/**
 * @typedef {{ openDay(date: string): void, open(ask: string): void, score(measure: string, value: number): void,
 *   dose(place: number, answer: "yes" | "no"): void, change(): void,
 *   changed(place: number, amount: string, time: string): string | undefined, effect(term: string): void,
 *   typeEffect(): void, severity(entry: string, severity: string): void, justPain(): void, more(): void,
 *   note(text: string): void, settle(measure: string, value: number): void, install(): void, noInstall(): void,
 *   retry(item: Waiting): void, drop(item: Waiting): void }} Actions
 */

/**
 * Makes an element. Attributes whose value is a function listen to the event of that name.
 * @param {string} tag
 * @param {Record<string, any>} attributes
 * @param {...(Node | string | null | undefined | false)} children
 */
export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") {
      element.addEventListener(name, value);
    } else if (value === true) {
      element.setAttribute(name, "");
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, String(value));
    }
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/**
 * Says a sentence with its values.
 * @param {Model} model
 * @param {string} code
 * @param {Record<string, string | number>} values
 */
export function say(model, code, values = {}) {
  return (model.words[code] ?? code).replace(/\{(\w+)\}/g, (place, name) => String(values[name] ?? place));
}

/**
 * Returns the questions of a day in their fixed order.
 * @param {Day} day
 */
export function questions(day) {
  return [...MEASURES, ...day.doses.map((_, place) => `dose-${place}`), "side-effects"];
}

/**
 * @param {Day} day
 * @param {string} ask
 */
export function isAnswered(day, ask) {
  if (ask.startsWith("dose-")) {
    const dose = day.doses[Number(ask.slice(5))];
    return Boolean(dose && reportOf(day, dose.part));
  }
  return ask in day.scores;
}

/**
 * Returns the question that is open: the one asked for, else the first without an answer, else the side effects.
 * @param {Day} day
 * @param {string | null} wanted
 */
export function openQuestion(day, wanted) {
  const all = questions(day);
  const first = all.find((ask) => ask !== "side-effects" && !isAnswered(day, ask));
  return wanted && all.includes(wanted) ? wanted : (first ?? "side-effects");
}

/**
 * Returns a date in words, of today with the part of the day.
 * @param {Model} model
 * @param {string} date
 * @param {number | null} hour
 */
export function inWords(model, date, hour) {
  const [year, month, day] = date.split("-").map(Number);
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay() || 7;
  const values = { weekday: say(model, `weekday-${weekday}`), day, month: say(model, `month-${month}`) };
  if (hour === null) {
    return say(model, "date", values);
  }
  const part = hour < 5 ? "night" : hour < 12 ? "morning" : hour < 18 ? "afternoon" : "evening";
  return say(model, "date-now", { ...values, part: say(model, `part-${part}`) });
}

/**
 * Heading, days, what the plan says instead of a dose, and what must be asked.
 * @param {State} state
 * @param {Actions} actions
 */
export function top(state, actions) {
  const { model, day: date, today } = state;
  const hour = date === today ? new Date().getHours() : null;
  return [h("h1", { id: "day", tabindex: -1 }, inWords(model, date, hour)), days(state, actions), ...notes(state, actions)];
}

/**
 * @param {State} state
 * @param {Actions} actions
 */
function days({ model, day, today }, actions) {
  const link = (/** @type {string} */ date, /** @type {string} */ name) =>
    h(
      "a",
      {
        href: `/today?day=${date}`,
        "aria-current": date === day ? "date" : null,
        click: (/** @type {Event} */ event) => {
          event.preventDefault();
          actions.openDay(date);
        },
      },
      name,
    );
  const dates = Array.from({ length: LATE_DAYS + 1 }, (_, back) => daysBefore(today, back));
  const earlier = dates.slice(2).map((date) => h("li", {}, link(date, inWords(model, date, null))));
  return h(
    "nav",
    { class: "days", "aria-label": say(model, "days") },
    link(dates[0], say(model, "today")),
    link(dates[1], say(model, "yesterday")),
    h("details", {}, h("summary", {}, say(model, "earlier")), h("ul", {}, ...earlier)),
  );
}

/**
 * @param {State} state
 * @param {Actions} actions
 */
function notes({ model, day: date }, actions) {
  const day = dayOf(model, date);
  const notes = [];
  if (day.says) {
    notes.push(h("p", { class: "note" }, day.says));
  }
  for (const [measure, score] of Object.entries(day.scores)) {
    if (score.others.length > 0) {
      notes.push(twoScores(model, measure, score, actions));
    }
  }
  const parts = new Set(day.reports.map((report) => report.content.part));
  for (const part of parts) {
    const said = day.reports.filter((report) => report.content.part === part);
    if (new Set(said.map((report) => JSON.stringify(report.content.outcome))).size > 1) {
      notes.push(h("p", { class: "note" }, say(model, "two-doses")));
    }
  }
  return notes;
}

/**
 * @param {Model} model
 * @param {string} measure
 * @param {import("./fold.js").Score} score
 * @param {Actions} actions
 */
function twoScores(model, measure, score, actions) {
  const values = { measure: say(model, measure), value: score.value, other: score.others[0].value };
  const alone = score.content.length === 1 && score.others.every((other) => other.alone);
  const choice = (/** @type {number} */ value) =>
    h("button", { class: "quiet", type: "button", click: () => actions.settle(measure, value) }, String(value));
  const choices = [score.value, ...new Set(score.others.map((other) => other.value))].map(choice);
  return h(
    "div",
    { class: "note" },
    h("p", {}, say(model, "two-scores", values)),
    alone && h("div", { class: "answers" }, ...choices),
  );
}

/**
 * The question that is open, always in the same place.
 * @param {State} state
 * @param {Actions} actions
 */
export function stage(state, actions) {
  const { model, day: date, just } = state;
  const day = dayOf(model, date);
  if (just && "pain" in day.scores) {
    return [
      h("h2", { id: "thanks", tabindex: -1 }, say(model, "just-thanks")),
      h("p", {}, h("button", { class: "quiet", type: "button", click: actions.more }, say(model, "more"))),
    ];
  }
  const open = just ? "pain" : openQuestion(day, state.ask);
  if (open.startsWith("dose-")) {
    return dose(state, Number(open.slice(5)), actions);
  }
  return open === "side-effects" ? effects(state, actions) : rating(state, open, actions);
}

/**
 * @param {State} state
 * @param {string} measure
 * @param {Actions} actions
 */
function rating(state, measure, actions) {
  const { model, day: date, just } = state;
  const name = say(model, measure);
  const before = dayOf(model, date).scores[measure]?.value;
  const legend = h("legend", {}, `${name} `, h("span", { class: "hint" }, say(model, "period")));
  const points = Array.from({ length: 11 }, (_, value) => point(model, measure, value, before === value));
  const grid = h("div", { class: "points", "aria-describedby": "keys" }, ...points);
  saveOnChoice(grid, (value) => actions.score(measure, value));
  const anchor = (/** @type {string} */ end, /** @type {string} */ value) =>
    h("span", {}, h("strong", {}, value), ` ${say(model, `${measure}-${end}`)}`);
  return [
    h(
      "fieldset",
      { class: "rating" },
      legend,
      grid,
      h("p", { class: "anchors" }, anchor("low", "0"), " ", anchor("high", "10")),
      h("p", { class: "out-of-sight", id: "keys" }, say(model, "keys")),
    ),
    h(
      "div",
      { class: "stage-more" },
      measure === "pain" && !just && quiet(say(model, "just"), actions.justPain),
      !just && quiet(say(model, "skip"), () => actions.open(after(state, measure))),
    ),
  ];
}

/**
 * @param {Model} model
 * @param {string} measure
 * @param {number} value
 * @param {boolean} checked
 */
function point(model, measure, value, checked) {
  const input = h("input", {
    type: "radio",
    name: "value",
    id: `${measure}-${value}`,
    value,
    checked,
    "aria-label": say(model, "point", { measure: say(model, measure), value }),
  });
  return h("label", { class: "point" }, input, h("span", { "aria-hidden": "true" }, String(value)));
}

/**
 * Saves what is chosen: at once by finger, mouse or space bar, but not while arrow keys pass over the numbers; there
 * Enter or the space bar saves.
 * @param {HTMLElement} grid
 * @param {(value: number) => void} save
 */
function saveOnChoice(grid, save) {
  let passing = false;
  grid.addEventListener("keydown", (event) => {
    passing = event.key.startsWith("Arrow");
    const input = /** @type {HTMLInputElement} */ (event.target);
    if ((event.key === "Enter" || event.key === " ") && input.checked) {
      event.preventDefault();
      save(Number(input.value));
    }
  });
  grid.addEventListener("pointerdown", () => {
    passing = false;
  });
  grid.addEventListener("click", (event) => {
    // A tap on the number that is chosen already changes nothing, and confirms it.
    const input = event.target;
    if (input instanceof HTMLInputElement && !passing) {
      save(Number(input.value));
    }
    passing = false;
  });
}

/**
 * @param {string} text
 * @param {() => void} click
 */
function quiet(text, click) {
  return h("button", { class: "quiet", type: "button", click }, text);
}

/**
 * Returns the question after this one.
 * @param {State} state
 * @param {string} ask
 */
function after({ model, day }, ask) {
  const all = questions(dayOf(model, day));
  return all[all.indexOf(ask) + 1] ?? "side-effects";
}

/**
 * @param {State} state
 * @param {number} place
 * @param {Actions} actions
 */
function dose(state, place, actions) {
  const { model, day: date, changing } = state;
  const asked = dayOf(model, date).doses[place];
  const answer = (/** @type {"yes" | "no"} */ word, /** @type {string} */ kind) =>
    h("button", { class: kind, type: "button", id: `dose-${word}`, click: () => actions.dose(place, word) }, say(model, word));
  const legend = h("legend", {}, `${asked.say} `, h("span", { class: "hint" }, say(model, "taken-question")));
  const buttons = h(
    "div",
    { class: "answers" },
    answer("yes", ""),
    answer("no", "quiet"),
    h("button", { class: "quiet", type: "button", "aria-expanded": String(changing), click: actions.change }, say(model, "changed")),
  );
  return [
    h("fieldset", { class: "dose" }, legend, buttons),
    model.plan && !model.plan.signed && h("p", { class: "hint" }, say(model, "plan-unsigned")),
    changing && changeForm(model, asked, place, actions),
    h("div", { class: "stage-more" }, quiet(say(model, "skip"), () => actions.open(after(state, `dose-${place}`)))),
  ].filter((child) => child instanceof HTMLElement);
}

/**
 * @param {Model} model
 * @param {Dose} asked
 * @param {number} place
 * @param {Actions} actions
 */
function changeForm(model, asked, place, actions) {
  const planned = asked.dose_ng === null ? "" : String(asked.dose_ng / 1e6);
  const amount = /** @type {HTMLInputElement} */ (h("input", { id: "amount", inputmode: "decimal", value: planned }));
  const time = /** @type {HTMLInputElement} */ (h("input", { id: "time", type: "time" }));
  const problem = h("p", { class: "wrong", role: "alert", hidden: true });
  const field = (/** @type {string} */ name, /** @type {string} */ code, /** @type {HTMLElement} */ input) =>
    h("div", { class: "field" }, h("label", { for: name }, say(model, code)), input);
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    const wrong = actions.changed(place, asked.dose_ng === null ? "" : amount.value, time.value);
    problem.hidden = !wrong;
    problem.textContent = wrong ?? "";
  };
  return h(
    "form",
    { class: "change", submit },
    problem,
    asked.dose_ng !== null && field("amount", "amount", amount),
    field("time", "time", time),
    h("button", {}, say(model, "save")),
  );
}

/**
 * @param {State} state
 * @param {Actions} actions
 */
function effects({ model, typing }, actions) {
  const chips = model.chips.map((term, place) =>
    h("button", { class: "quiet", type: "button", id: `chip-${place}`, click: () => actions.effect(term) }, term),
  );
  const other = h(
    "button",
    { class: "quiet", type: "button", "aria-expanded": String(typing), click: actions.typeEffect },
    say(model, "effects-other"),
  );
  return [
    h("h2", { id: "effects", tabindex: -1 }, say(model, "effects-question")),
    h("p", { class: "hint" }, say(model, "effects-hint")),
    h("div", { class: "chips" }, ...chips, other),
    typing && textForm(model, "term", "effects-term", false, actions.effect),
  ].filter((child) => child instanceof HTMLElement);
}

/**
 * @param {Model} model
 * @param {string} id
 * @param {string} code
 * @param {boolean} long
 * @param {(text: string) => void} save
 */
function textForm(model, id, code, long, save) {
  const input = /** @type {HTMLInputElement} */ (
    h(long ? "textarea" : "input", { id, required: true, maxlength: long ? 4000 : 200, rows: long ? 3 : null })
  );
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (input.value.trim()) {
      save(input.value.trim());
    }
  };
  return h(
    "form",
    { class: "change", submit },
    h("div", { class: "field" }, h("label", { for: id }, say(model, code)), input),
    h("button", {}, say(model, "save")),
  );
}

/**
 * Everything below: how bad, the other questions, the last 28 days, a note, the card.
 * @param {State} state
 * @param {Actions} actions
 */
export function rest(state, actions) {
  const { model, day: date, just } = state;
  const day = dayOf(model, date);
  return [
    ...day.side_effects.map((effect) => howBad(model, effect, actions)),
    !just && steps(state, day, actions),
    line(state),
    state.offersInstall && install(state, actions),
    h("details", { class: "change" }, h("summary", {}, say(model, "note")), textForm(model, "note", "note-text", true, actions.note)),
    model.card && card(state),
    model.plan && planLine(model),
  ].filter((child) => child instanceof HTMLElement);
}

/**
 * @param {Model} model
 * @param {import("./fold.js").Effect} effect
 * @param {Actions} actions
 */
function howBad(model, { entry, content }, actions) {
  if (["mild", "moderate", "severe"].includes(content.severity)) {
    return h("p", { class: "effect" }, `${content.term} `, h("strong", {}, say(model, `severity-${content.severity}`)));
  }
  const button = (/** @type {string} */ severity) =>
    quiet(say(model, `severity-${severity}`), () => actions.severity(entry, severity));
  return h(
    "fieldset",
    { class: "effect" },
    h("legend", {}, say(model, "effects-how-bad", { term: content.term })),
    h("div", { class: "answers" }, ...["mild", "moderate", "severe"].map(button)),
  );
}

/**
 * @param {State} state
 * @param {Day} day
 * @param {Actions} actions
 */
function steps(state, day, actions) {
  const { model } = state;
  const open = openQuestion(day, state.ask);
  const step = (/** @type {string} */ ask) =>
    h(
      "li",
      {},
      h(
        "button",
        { type: "button", id: `step-${ask}`, class: isAnswered(day, ask) ? "answered" : null, click: () => actions.open(ask) },
        h("span", {}, nameOf(model, day, ask)),
        " ",
        h("strong", {}, answerOf(model, day, ask)),
      ),
    );
  const folded = questions(day).filter((ask) => ask !== open);
  return h("ul", { class: "steps", "aria-label": say(model, "answers") }, ...folded.map(step));
}

/**
 * @param {Model} model
 * @param {Day} day
 * @param {string} ask
 */
function nameOf(model, day, ask) {
  if (ask.startsWith("dose-")) {
    return day.doses[Number(ask.slice(5))].say;
  }
  return say(model, ask === "side-effects" ? "effects" : ask);
}

/**
 * @param {Model} model
 * @param {Day} day
 * @param {string} ask
 */
function answerOf(model, day, ask) {
  if (ask === "side-effects") {
    return day.side_effects.map((effect) => effect.content.term).join(", ") || say(model, "open");
  }
  if (!ask.startsWith("dose-")) {
    return ask in day.scores ? String(day.scores[ask].value) : say(model, "open");
  }
  const asked = day.doses[Number(ask.slice(5))];
  const outcome = reportOf(day, asked.part)?.content.outcome;
  if (!outcome) {
    return say(model, "open");
  }
  if (typeof outcome === "string") {
    return say(model, "not-taken");
  }
  const taken = outcome.taken.dose_ng;
  const other = taken !== undefined && asked.dose_ng !== null && taken !== asked.dose_ng;
  return other ? say(model, "taken-other", { dose: `${taken / 1e6} mg` }) : say(model, "taken");
}

/** @param {State} state */
function line({ model, queue }) {
  const figure = h("figure", { class: "line" });
  const picture = new DOMParser().parseFromString(model.line.svg, "text/html").querySelector("svg");
  if (picture) {
    figure.append(picture);
  }
  const later = queue.length > 0 ? ` ${say(model, "line-later")}` : "";
  figure.append(h("figcaption", {}, model.line.sentence + later));
  return figure;
}

/**
 * @param {State} state
 * @param {Actions} actions
 */
function install({ model, installs }, actions) {
  return h(
    "aside",
    { class: "card install", "aria-labelledby": "install" },
    h("h2", { id: "install" }, say(model, "install")),
    h("p", {}, say(model, "install-why")),
    !installs && h("p", {}, say(model, "install-how")),
    h(
      "div",
      { class: "answers" },
      installs && h("button", { type: "button", click: actions.install }, say(model, "install")),
      quiet(say(model, "install-no"), actions.noInstall),
    ),
  );
}

/** @param {State} state */
function card({ model, offline, today }) {
  const last = lastDose(model, today);
  return h(
    "details",
    { class: "change wallet", open: offline },
    h("summary", {}, say(model, "card")),
    last && h("p", {}, h("strong", {}, say(model, "card-last", { when: last }))),
    h("pre", { lang: "en" }, model.card ?? ""),
  );
}

/**
 * Returns when the last dose was taken that this phone knows of, in words.
 * @param {Model} model
 * @param {string} today
 */
function lastDose(model, today) {
  for (const date of Object.keys(model.days).filter((date) => date <= today).sort().reverse()) {
    for (const { content } of [...model.days[date].reports].reverse()) {
      if (typeof content.outcome !== "string") {
        const at = content.outcome.taken.at;
        const instant = at ? new Date(at) : null;
        const time = instant ? `, ${instant.toTimeString().slice(0, 5)}` : "";
        return inWords(model, instant ? localDate(instant) : date, null) + time;
      }
    }
  }
  return null;
}

/** @param {Model} model */
function planLine(model) {
  const plan = model.plan;
  if (!plan) {
    return null;
  }
  const values = {
    version: plan.version,
    when: inWords(model, localDate(new Date(model.made)), null),
    day: `${inWords(model, plan.valid_until, null)} ${plan.valid_until.slice(0, 4)}`,
  };
  return h("p", { class: "muted small" }, say(model, "plan-line", values));
}

/**
 * What waits on this phone, and what the server refused.
 * @param {State} state
 * @param {Actions} actions
 */
export function waitingLines({ model, queue }, actions) {
  const refused = queue.filter((item) => item.refused);
  const count = queue.length - refused.length;
  const lines = refused.map((item) =>
    h(
      "div",
      { class: "act", role: "alert" },
      h("p", {}, say(model, "refused", { why: item.refused ?? "" })),
      h(
        "div",
        { class: "answers" },
        quiet(say(model, "try-again"), () => actions.retry(item)),
        h("button", { class: "danger", type: "button", click: () => actions.drop(item) }, say(model, "delete")),
      ),
    ),
  );
  if (count > 0) {
    const text = count === 1 ? say(model, "waiting-one") : say(model, "waiting-many", { count });
    lines.unshift(h("p", { class: "waiting", id: "waiting" }, text));
  }
  return lines;
}
