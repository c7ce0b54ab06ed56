// The scoring that works without a network gives what the scoring in Rust gives: both read the same vectors.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { AREAS, score, stored, tellsSelfHarm } from "../../assets/instruments.js";

const file = new URL("../../../../golden/instruments/vectors.json", import.meta.url);
const { vectors } = JSON.parse(readFileSync(file, "utf8"));

test("there are vectors of every questionnaire", () => {
  assert.ok(vectors.length >= 40, `${vectors.length} vectors`);
  const kinds = new Set(vectors.map((vector) => vector.instrument));
  assert.deepEqual([...kinds].sort(), ["acr2016", "fiqr", "gad7", "pgic", "phq9"]);
});

for (const { instrument, name, answers, expected, self_harm: selfHarm = false } of vectors) {
  test(`${instrument}: ${name}`, () => {
    assert.deepEqual(score(instrument, answers), expected);
    assert.equal(tellsSelfHarm(instrument, answers), selfHarm);
  });
}

test("there are nineteen places, fifteen of which show their region", () => {
  assert.equal(Object.keys(AREAS).length, 19);
  assert.equal(Object.values(AREAS).filter((region) => region !== null).length, 15);
});

test("answers are stored as the journal reads them", () => {
  const answers = { "phq9-9": 2, "phq9-1": undefined, "three-months": "unknown", "pgic-1": "much-improved" };
  assert.deepEqual(stored(answers), {
    "phq9-9": { points: "2" },
    "three-months": "left-open",
    "pgic-1": { text: "much-improved" },
  });
});

test("an unknown questionnaire is an error, never a score", () => {
  assert.throws(() => score("phq8", {}));
});
