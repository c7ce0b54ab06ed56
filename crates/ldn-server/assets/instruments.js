// Questionnaires without a network: the same scores as `ldn_core::instrument`, and help at once.
//
// The first half is pure and is held to the scoring in Rust by golden/instruments/vectors.json. The second half is the
// page: it counts what is answered, ties the map of the body to its boxes, and shows what to do as soon as the ninth
// question tells of thoughts of self-harm, before anything is sent.

import { enqueue, entry, uuid7 } from "./queue.js";
import { keep, openVault, recall } from "./vault.js";

/** @typedef {Record<string, number | string | undefined>} Answers */
/** @typedef {{ error: "out-of-range" | "too-few-answers" }} NotScored */
/** @typedef {{ total: string, prorated: boolean, salaffi2018: string, salaffi2021: string }} FiqrScore */
/**
 * @typedef {{ widespread_pain_index: number, symptom_severity: number, polysymptomatic_distress: number,
 *   regions: number, meets_criteria: boolean | null }} Acr2016Score
 */
/** @typedef {{ total: number, band: string }} ItemSum */
/** @typedef {{ is_response: boolean }} PgicScore */

/** @type {NotScored} */
const TOO_FEW = { error: "too-few-answers" };
/** @type {NotScored} */
const OUT_OF_RANGE = { error: "out-of-range" };

/** The places of the body by the region over which pain must be spread; those that show no region have none. */
export const AREAS = /** @type {Record<string, string | null>} */ ({
  "jaw-left": null,
  "shoulder-left": "left-upper",
  "upper-arm-left": "left-upper",
  "lower-arm-left": "left-upper",
  "jaw-right": null,
  "shoulder-right": "right-upper",
  "upper-arm-right": "right-upper",
  "lower-arm-right": "right-upper",
  "hip-left": "left-lower",
  "upper-leg-left": "left-lower",
  "lower-leg-left": "left-lower",
  "hip-right": "right-lower",
  "upper-leg-right": "right-lower",
  "lower-leg-right": "right-lower",
  neck: "axial",
  "upper-back": "axial",
  "lower-back": "axial",
  chest: null,
  abdomen: null,
});

const CHANGES = [
  "very-much-improved",
  "much-improved",
  "minimally-improved",
  "no-change",
  "minimally-worse",
  "much-worse",
  "very-much-worse",
];

/**
 * Returns the numbers of a part; an unanswered one is undefined.
 * @param {Answers} answers
 * @param {string} stem
 * @param {number} count
 * @returns {(number | undefined)[]}
 */
function items(answers, stem, count) {
  return Array.from({ length: count }, (_, index) => {
    const answer = answers[`${stem}-${index + 1}`];
    return typeof answer === "number" ? answer : undefined;
  });
}

/**
 * @param {(number | undefined)[]} values
 * @param {number} highest
 */
function inRange(values, highest) {
  return values.every((value) => value === undefined || (Number.isInteger(value) && value >= 0 && value <= highest));
}

/**
 * @param {(number | undefined)[]} values
 * @returns {number[]}
 */
function given(values) {
  return values.filter((value) => value !== undefined);
}

/** @param {number[]} values */
function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}

/**
 * Returns the word of a total: that of the first limit which it does not pass.
 * @param {number} numerator
 * @param {number} denominator
 * @param {[number, string][]} limits
 * @param {string} above
 */
function band(numerator, denominator, limits, above) {
  return limits.find(([limit]) => numerator <= limit * denominator)?.[1] ?? above;
}

/**
 * Prints a fraction with one decimal at most, rounded half away from zero.
 * @param {number} numerator
 * @param {number} denominator
 */
function decimal(numerator, denominator) {
  const tenths = Math.floor((numerator * 20 + denominator) / (2 * denominator));
  return tenths % 10 === 0 ? String(tenths / 10) : `${Math.floor(tenths / 10)}.${tenths % 10}`;
}

/**
 * A third of function, overall as it is, half of symptoms; a part with gaps counts by its mean. Exact, in fractions.
 * @param {Answers} answers
 * @returns {FiqrScore | NotScored}
 */
function fiqr(answers) {
  const parts = [items(answers, "function", 9), items(answers, "overall", 2), items(answers, "symptoms", 10)];
  // As in Rust, the first part that is wrong decides what is said.
  for (const part of parts) {
    if (!inRange(part, 10)) {
      return OUT_OF_RANGE;
    }
    if (given(part).length === 0) {
      return TOO_FEW;
    }
  }
  const counts = parts.map((part) => given(part).length);
  const denominator = counts.reduce((product, count) => product * count, 1);
  const weights = [3, 2, 5];
  const numerators = parts.map((part, place) => (sum(given(part)) * weights[place] * denominator) / counts[place]);
  const numerator = sum(numerators);
  return {
    total: decimal(numerator, denominator),
    prorated: parts.some((part) => part.includes(undefined)),
    salaffi2018: band(numerator, denominator, [[30, "remission"], [45, "mild"], [65, "moderate"]], "severe"),
    salaffi2021: band(
      numerator,
      denominator,
      [[23, "remission"], [40, "mild"], [63, "moderate"], [82, "severe"]],
      "very-severe",
    ),
  };
}

/**
 * The criteria of 2016.
 * @param {Answers} answers
 * @returns {Acr2016Score | NotScored}
 */
function acr2016(answers) {
  const areas = Object.keys(AREAS);
  if (areas.some((area) => typeof answers[area] !== "number")) {
    return TOO_FEW;
  }
  const hurting = areas.filter((area) => Number(answers[area]) > 0);
  const number = (/** @type {string} */ id) => {
    const answer = answers[id];
    return typeof answer === "number" ? answer : undefined;
  };
  const graded = ["fatigue", "unrefreshed", "cognition"].map(number);
  if (!inRange(graded, 3)) {
    return OUT_OF_RANGE;
  }
  const points = ["headache", "abdominal-pain", "depression"].map(number);
  const all = given([...graded, ...points.map((point) => (point === undefined ? undefined : Number(point > 0)))]);
  if (all.length < 6) {
    return TOO_FEW;
  }
  const index = hurting.length;
  const severity = sum(all);
  const regions = new Set(hurting.map((area) => AREAS[area]).filter((region) => region !== null)).size;
  const reaches = (index >= 7 && severity >= 5) || (index >= 4 && index <= 6 && severity >= 9);
  const months = number("three-months");
  const lasting = months === undefined ? null : months > 0;
  return {
    widespread_pain_index: index,
    symptom_severity: severity,
    polysymptomatic_distress: index + severity,
    regions,
    meets_criteria: reaches && regions >= 4 ? lasting : false,
  };
}

/**
 * A sum of items from 0 to 3; an unanswered one leaves it without a score.
 * @param {(number | undefined)[]} values
 * @param {[number, string][]} limits
 * @returns {ItemSum | NotScored}
 */
function itemSum(values, limits) {
  if (!inRange(values, 3)) {
    return OUT_OF_RANGE;
  }
  if (given(values).length < values.length) {
    return TOO_FEW;
  }
  const total = sum(given(values));
  return { total, band: band(total, 1, limits, "severe") };
}

/**
 * @param {Answers} answers
 * @returns {PgicScore | NotScored}
 */
function pgic(answers) {
  const place = CHANGES.indexOf(String(answers["pgic-1"] ?? ""));
  return place < 0 ? TOO_FEW : { is_response: place < 2 };
}

/**
 * Computes the score of a set of answers.
 * @param {string} instrument
 * @param {Answers} answers
 */
export function score(instrument, answers) {
  switch (instrument) {
    case "fiqr":
      return fiqr(answers);
    case "acr2016":
      return acr2016(answers);
    case "phq9":
      return itemSum(items(answers, "phq9", 9), [
        [4, "minimal"],
        [9, "mild"],
        [14, "moderate"],
        [19, "moderately-severe"],
      ]);
    case "gad7":
      return itemSum(items(answers, "gad7", 7), [[4, "minimal"], [9, "mild"], [14, "moderate"]]);
    case "pgic":
      return pgic(answers);
    default:
      throw new Error(`no questionnaire is called ${instrument}`);
  }
}

/**
 * Returns true if the answers tell of thoughts of self-harm, whether or not anything else is answered.
 * @param {string} instrument
 * @param {Answers} answers
 */
export function tellsSelfHarm(instrument, answers) {
  const answer = answers["phq9-9"];
  return instrument === "phq9" && typeof answer === "number" && answer > 0;
}

/**
 * Reads the answers of a form by the same rules as the server.
 * @param {HTMLFormElement} form
 * @returns {Answers}
 */
function answersOf(form) {
  /** @type {Answers} */
  const answers = {};
  const typed = new FormData(form);
  const mapDone = typed.get("map") === "yes";
  for (const question of form.querySelectorAll("[data-question]")) {
    const id = /** @type {HTMLElement} */ (question).dataset.question ?? "";
    if (id === "map") {
      for (const area of Object.keys(AREAS)) {
        const hurts = typed.get(area) === "1";
        answers[area] = hurts || mapDone ? Number(hurts) : undefined;
      }
    } else {
      const value = typed.get(id);
      const isNumber = typeof value === "string" && /^\d+$/.test(value);
      answers[id] = value === null ? undefined : isNumber ? Number(value) : String(value);
    }
  }
  return answers;
}

/**
 * Makes the stored form of answers.
 * @param {Answers} answers
 */
export function stored(answers) {
  const form = (/** @type {number | string} */ answer) => {
    if (typeof answer === "number") {
      return { points: String(answer) };
    }
    return answer === "unknown" ? "left-open" : { text: answer };
  };
  const answered = Object.entries(answers).filter(([, answer]) => answer !== undefined);
  return Object.fromEntries(answered.map(([id, answer]) => [id, form(answer ?? "")]));
}

/**
 * Keeps the answers on this device, sealed, until the diary sends them.
 * @param {HTMLFormElement} form
 */
async function keepHere(form) {
  const { account = "", course = "", day = "", instrument = "", version = "" } = form.dataset;
  const vault = await openVault(account);
  const known = await recall(vault, "pages", "device");
  const device = typeof known === "string" ? known : uuid7(Date.now());
  if (device !== known) {
    await keep(vault, "pages", "device", device);
  }
  const content = { instrument, version, answers: stored(answersOf(form)) };
  await enqueue(vault, course, entry(device, day, { kind: "instrument", content }));
}

/**
 * Shows what to do, at once; then records the answer, here if there is no network.
 * @param {HTMLFormElement} form
 * @param {HTMLElement} help
 */
async function helpNow(form, help) {
  help.hidden = false;
  form.hidden = true;
  help.focus();
  help.scrollIntoView();
  const line = /** @type {HTMLElement | null} */ (help.querySelector("[data-kept]"));
  const { sent = "", waits = "", lost = "" } = line?.dataset ?? {};
  let told = sent;
  try {
    const body = new URLSearchParams(/** @type {any} */ (new FormData(form)));
    const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" });
    if (answer.type !== "opaqueredirect") {
      throw new Error("not recorded");
    }
  } catch {
    told = await keepHere(form).then(() => waits, () => lost);
  }
  if (line) {
    line.textContent = told;
  }
}

/** @param {HTMLFormElement} form */
function countAnswers(form) {
  const line = /** @type {HTMLElement | null} */ (form.querySelector("[data-progress]"));
  const questions = Array.from(form.querySelectorAll("[data-question]"));
  const isAnswered = (/** @type {Element} */ question) =>
    question.querySelector(question.querySelector("[data-map-done]") ? "[data-map-done]:checked" : ":checked") !== null;
  const text = (line?.dataset.progress ?? "").replace("#", String(questions.filter(isAnswered).length));
  if (line && line.textContent !== text) {
    line.textContent = text;
  }
}

/** @param {HTMLFormElement} form */
function start(form) {
  const help = document.getElementById("help-now");
  form.addEventListener("change", (event) => {
    countAnswers(form);
    const name = /** @type {HTMLInputElement} */ (event.target).name;
    if (help && name === "phq9-9" && tellsSelfHarm(form.dataset.instrument ?? "", answersOf(form))) {
      helpNow(form, help);
    }
  });
  for (const place of form.querySelectorAll("[data-area]")) {
    place.addEventListener("click", () => {
      const box = document.getElementById(/** @type {SVGElement} */ (place).dataset.area ?? "");
      box?.click();
    });
  }
  help?.querySelector("[data-go-on]")?.addEventListener("click", () => {
    help.hidden = true;
    form.hidden = false;
    /** @type {HTMLElement | null} */ (form.querySelector("[name=button]"))?.focus();
  });
  countAnswers(form);
}

if (typeof document !== "undefined") {
  const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-instrument]"));
  if (form) {
    start(form);
  }
}
