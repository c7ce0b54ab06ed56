// What the diary knows once the entries of this phone are counted in: pure, so that it can be tested without a browser.
//
// The server folds the journal by the same rules (`ldn_core::course`); this is for the time until it has answered.
// Folding the same entries again changes nothing.

/** @typedef {import("./queue.js").Entry} Entry */
/** @typedef {{ measure: string, scale: string, value: number }} ScoreForm */
/** @typedef {{ entry: string, value: number, alone: boolean }} OtherScore */
/** @typedef {{ entry: string, value: number, content: ScoreForm[], others: OtherScore[] }} Score */
/** @typedef {{ part: string | null, at: string, say: string, dose_ng: number | null }} Dose */
/** @typedef {"not-taken" | "skipped" | { taken: { dose_ng?: number, at?: string } }} Outcome */
/** @typedef {{ entry: string, content: { day: string, part?: string, outcome: Outcome } }} Report */
/** @typedef {{ entry: string, content: { term: string, severity: string, ongoing: string } }} Effect */
/**
 * @typedef {{ doses: Dose[], says: string | null, scores: Record<string, Score>, reports: Report[],
 *   side_effects: Effect[] }} Day
 */
/**
 * @typedef {{ account: string, course: string, person: string | null, language: string, today: string, made: string,
 *   blinded: boolean, may_keep: boolean, n_entries: number, days: Record<string, Day>,
 *   plan: { version: number, valid_until: string, signed: boolean } | null, chips: string[], card: string | null,
 *   line: { svg: string, sentence: string }, words: Record<string, string> }} Model
 */

/** The measures in the order in which a diary asks for them. */
export const MEASURES = ["pain", "fatigue", "sleep", "mood", "fog"];

/** How many of the person's own side effects are offered. */
const CHIPS = 5;

/** How many days back an entry may still be made; the server refuses older ones. */
export const LATE_DAYS = 7;

/**
 * Returns the local date of an instant as the device's clock shows it.
 * @param {Date} instant
 */
export function localDate(instant) {
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  return `${instant.getFullYear()}-${two(instant.getMonth() + 1)}-${two(instant.getDate())}`;
}

/**
 * Returns the date so many days before; by the calendar, so that no change of clocks matters.
 * @param {string} date
 * @param {number} days
 */
export function daysBefore(date, days) {
  const [year, month, day] = date.split("-").map(Number);
  return new Date(Date.UTC(year, month - 1, day - days)).toISOString().slice(0, 10);
}

/**
 * Returns a day with what the plan may still say of it. After its last valid day, and where this phone knows nothing of
 * the day, a plan gives no dose, whatever else stands here.
 * @param {Model} model
 * @param {string} date
 * @returns {Day}
 */
export function dayOf(model, date) {
  const day = model.days[date] ?? { doses: [], says: null, scores: {}, reports: [], side_effects: [] };
  const silent = model.plan !== null && (date > model.plan.valid_until || !(date in model.days));
  return silent ? { ...day, doses: [], says: day.says ?? model.words.ask } : day;
}

/**
 * Returns what counts of a dose: "taken" before "skipped" before "not taken", of equals the later.
 * @param {Day} day
 * @param {string | null} part
 */
export function reportOf(day, part) {
  const rank = (/** @type {Outcome} */ outcome) =>
    outcome === "not-taken" ? 0 : outcome === "skipped" ? 1 : "dose_ng" in outcome.taken ? 3 : 2;
  return day.reports
    .filter((report) => (report.content.part ?? null) === part)
    .reduce(
      (/** @type {Report | undefined} */ best, report) =>
        best && rank(best.content.outcome) > rank(report.content.outcome) ? best : report,
      undefined,
    );
}

/**
 * Counts entries of this phone in.
 * @param {Model} model changed in place
 * @param {Entry[]} entries
 */
export function fold(model, entries) {
  for (const entry of [...entries].sort(byTime)) {
    apply(model, entry);
  }
}

/**
 * @param {Entry} one
 * @param {Entry} other
 */
function byTime(one, other) {
  return one.recorded.localeCompare(other.recorded) || one.id.localeCompare(other.id);
}

/**
 * @param {Model} model
 * @param {Entry} entry
 */
function apply(model, { id, day: date, body }) {
  const content = /** @type {any} */ (body.content);
  const day = (model.days[date] ??= { doses: [], says: null, scores: {}, reports: [], side_effects: [] });
  switch (body.kind) {
    case "scores":
      for (const score of content) {
        addScore(day, id, score, content);
      }
      break;
    case "dose":
      addOnce(day.reports, { entry: id, content });
      break;
    case "side-effect":
      addOnce(day.side_effects, { entry: id, content });
      model.chips = [content.term, ...model.chips.filter((chip) => !same(chip, content.term))].slice(0, CHIPS);
      break;
    case "corrected":
      for (const each of Object.values(model.days)) {
        correct(each, content.replaces, content.with);
      }
      break;
  }
}

/**
 * @param {string} one
 * @param {string} other
 */
function same(one, other) {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}

/**
 * @template {{ entry: string }} T
 * @param {T[]} list
 * @param {T} made
 */
function addOnce(list, made) {
  if (!list.some((known) => known.entry === made.entry)) {
    list.push(made);
  }
}

/**
 * @param {Day} day
 * @param {string} entry
 * @param {ScoreForm} score
 * @param {ScoreForm[]} content
 */
function addScore(day, entry, score, content) {
  const before = day.scores[score.measure];
  if (before && (before.entry === entry || before.others.some((other) => other.entry === entry))) {
    return;
  }
  const value = onTen(score);
  const earlier = before ? [{ entry: before.entry, value: before.value, alone: before.content.length === 1 }] : [];
  const others = [...earlier, ...(before?.others ?? [])].filter((other) => other.value !== value);
  day.scores[score.measure] = { entry, value, content, others };
}

/** @param {ScoreForm} score */
function onTen(score) {
  return score.scale === "0-100" ? score.value / 10 : score.value;
}

/**
 * @param {Day} day
 * @param {string} replaces
 * @param {{ kind: string, content: any } | undefined} with_
 */
function correct(day, replaces, with_) {
  for (const [measure, score] of Object.entries(day.scores)) {
    score.others = score.others.filter((other) => other.entry !== replaces || with_);
    if (score.entry === replaces) {
      correctScore(day, measure, score, with_?.content);
    }
  }
  day.reports = corrected(day.reports, replaces, with_?.content);
  day.side_effects = corrected(day.side_effects, replaces, with_?.content);
}

/**
 * @param {Day} day
 * @param {string} measure
 * @param {Score} score
 * @param {ScoreForm[] | undefined} content
 */
function correctScore(day, measure, score, content) {
  const now = content?.find((form) => form.measure === measure);
  if (content && now) {
    day.scores[measure] = { ...score, content, value: onTen(now) };
    return;
  }
  const [next, ...others] = score.others;
  delete day.scores[measure];
  if (next) {
    const form = { measure, scale: "0-10", value: next.value };
    day.scores[measure] = { entry: next.entry, value: next.value, content: [form], others };
  }
}

/**
 * @template T
 * @param {{ entry: string, content: T }[]} list
 * @param {string} replaces
 * @param {T | undefined} content
 */
function corrected(list, replaces, content) {
  return content
    ? list.map((known) => (known.entry === replaces ? { ...known, content } : known))
    : list.filter((known) => known.entry !== replaces);
}
