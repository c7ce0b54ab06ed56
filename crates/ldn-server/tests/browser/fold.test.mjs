// What the script knows without a browser: which day, which score, which dose, and that an old plan says nothing.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const source = readFileSync(new URL("../../assets/fold.js", import.meta.url), "utf8");
const { dayOf, daysBefore, fold, reportOf } = await import(`data:text/javascript,${encodeURIComponent(source)}`);

const TODAY = "2026-11-25";

function emptyModel() {
  const dose = { part: null, at: "bedtime", say: "4.5 mg at bedtime", dose_ng: 4_500_000 };
  const day = () => ({ doses: [dose], says: null, scores: {}, reports: [], side_effects: [] });
  const days = {};
  for (let back = 8; back >= -35; back -= 1) {
    days[daysBefore(TODAY, back)] = day();
  }
  return { days, chips: [], words: { ask: "Ask before the next dose." }, plan: { version: 1, valid_until: "2026-12-10", signed: true } };
}

let made = 0;
function entry(body, recorded = `2026-11-25T20:00:${String(made).padStart(2, "0")}.000Z`) {
  made += 1;
  return { id: `id-${String(made).padStart(4, "0")}`, day: TODAY, recorded, body };
}

const score = (measure, value) => entry({ kind: "scores", content: [{ measure, scale: "0-10", value }] });
const dose = (outcome) => entry({ kind: "dose", content: { day: TODAY, outcome } });

test("1 to 60 days away: a plan that has ended, and a day that nobody knows, give no dose", () => {
  const model = emptyModel();
  for (let ahead = 0; ahead <= 60; ahead += 1) {
    const date = daysBefore(TODAY, -ahead);
    const { doses, says } = dayOf(model, date);
    if (date <= "2026-12-10") {
      assert.equal(doses.length, 1, date);
    } else {
      assert.deepEqual([doses, says], [[], "Ask before the next dose."], date);
    }
  }
  model.plan.valid_until = "2027-12-31";
  assert.deepEqual(dayOf(model, daysBefore(TODAY, -36)).doses, [], "beyond what was fetched");
});

test("folding the same entries again, in any order and number, changes nothing", () => {
  const entries = [score("pain", 6), score("fatigue", 4), dose("not-taken"), dose({ taken: { dose_ng: 1 } })];
  entries.push(entry({ kind: "corrected", content: { replaces: entries[1].id, reason: "undone" } }));
  const once = emptyModel();
  fold(once, entries);
  const often = emptyModel();
  fold(often, [...entries].reverse());
  fold(often, entries);
  fold(often, [...entries, ...entries]);
  assert.deepEqual(often, once);
  assert.deepEqual(Object.keys(once.days[TODAY].scores), ["pain"]);
});

test("taken counts before skipped before not taken, whatever came last", () => {
  const model = emptyModel();
  fold(model, [dose({ taken: {} }), dose("skipped"), dose("not-taken")]);
  assert.deepEqual(reportOf(model.days[TODAY], null).content.outcome, { taken: {} });
});

test("of two scores the later counts, both stay, and striking one out leaves the other", () => {
  const model = emptyModel();
  const [first, second] = [score("pain", 6), score("pain", 3)];
  fold(model, [second, first]);
  const { pain } = model.days[TODAY].scores;
  assert.deepEqual([pain.value, pain.others.map((other) => other.value)], [3, [6]]);
  fold(model, [entry({ kind: "corrected", content: { replaces: second.id, reason: "wrong" } })]);
  assert.equal(model.days[TODAY].scores.pain.value, 6);
});

test("days are counted by the calendar, over the change of clocks and the end of February", () => {
  for (const [date, days, expected] of [
    ["2026-03-30", 1, "2026-03-29"],
    ["2026-10-26", 1, "2026-10-25"],
    ["2028-03-01", 1, "2028-02-29"],
    ["2027-01-03", 7, "2026-12-27"],
    ["2026-12-31", -1, "2027-01-01"],
  ]) {
    assert.equal(daysBefore(date, days), expected);
  }
});
