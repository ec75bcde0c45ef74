import assert from "node:assert/strict";
import {
  NO_ORACLE_SEEN,
  NO_READING,
  observeOracle,
  type OracleInput,
  type OracleState,
} from "../../src/risk/oracle_guard.ts";
import {
  EMPTY_VOLATILITY,
  estimateVolatility,
  sigmaDayCents,
} from "../../src/strategy/volatility.ts";
import { marketConfig } from "../support/config.ts";

const CONFIG = marketConfig({ oracleGuardEnabled: true, oracleSlug: "rain" });
/** At 50 cents, where nothing has been measured: a day moves the price by 2.45 cents. */
const SIGMA_DAY = sigmaDayCents({ sigmaHourCents: null }, 50, CONFIG);
const NOW_MS = 1_000_000;

/** What the guard says of an outside price at 50 cents, read a second ago. */
function look(
  priceCents: number | null,
  input: Partial<OracleInput> & { readonly ageMs?: number } = {},
  state: OracleState = NO_ORACLE_SEEN,
) {
  const { ageMs = 1000, nowMs = NOW_MS, ...rest } = input;
  const reading = priceCents === null ? null : { priceCents, observedAtMs: nowMs - ageMs };
  return observeOracle(state, {
    view: { reading, problem: null },
    fairCents: 50,
    sigmaDayCents: SIGMA_DAY,
    paused: false,
    nowMs,
    ...rest,
  }, CONFIG);
}

Deno.test("oracle: sigma of a day is 2.45 c at 50, so that the threshold is 4.9 c (§15)", () => {
  assert.ok(Math.abs(SIGMA_DAY - 2.449) < 0.001);
  assert.ok(Math.abs(look(50).terms.thresholdCents - 4.899) < 0.001);
});

Deno.test("oracle: sigma of a day is the measured one where a window is full", () => {
  const samples = [50, 52, 51, 53, 53, 50].map((priceCents, index) => ({
    priceCents,
    atMs: ([0, 4, 10, 13, 25, 31][index] ?? 0) * 60_000,
    source: "fair" as const,
  }));
  const estimate = estimateVolatility({ samples }, 50, CONFIG);
  assert.ok(Math.abs(sigmaDayCents(estimate, 50, CONFIG) - 5.91 * Math.sqrt(24)) < 0.05);
  const short = estimateVolatility(EMPTY_VOLATILITY, 50, CONFIG);
  assert.equal(sigmaDayCents(short, 50, CONFIG), SIGMA_DAY);
});

Deno.test("oracle: 6 cents away pauses, 4 do not (§15)", () => {
  assert.equal(look(56).terms.pauses, true);
  assert.equal(look(54).terms.pauses, false);
  assert.equal(look(44).terms.deviationCents, 6);
});

Deno.test("oracle: in a quiet market the threshold is never below its floor", () => {
  const quiet = { sigmaDayCents: 0.1 };
  assert.equal(look(52, quiet).terms.pauses, false);
  assert.equal(look(52.1, quiet).terms.pauses, true);
});

Deno.test("oracle: what has paused goes on until the prices are within 80 % of the threshold", () => {
  const distances = [4.8, 3.93, 3.91];
  const held = distances.map((cents) => look(50 + cents, { paused: true }).terms.pauses);
  assert.deepEqual(held, [true, true, false]);
  assert.equal(look(54.8).terms.pauses, false);
});

Deno.test("oracle: the warning has a limit of its own and changes nothing", () => {
  const far = look(55.5, { sigmaDayCents: 10 }).terms;
  assert.deepEqual([far.warns, far.pauses, far.stale], [true, false, false]);
  assert.equal(look(55, { sigmaDayCents: 10 }).terms.warns, false);
});

Deno.test("oracle: an unknown threshold pauses", () => {
  assert.equal(look(50, { sigmaDayCents: NaN }).terms.pauses, true);
});

Deno.test("oracle: a price is stale once it is older than the limit, and if there never was one", () => {
  assert.equal(look(50, { ageMs: 30_000 }).terms.stale, false);
  assert.equal(look(50, { ageMs: 30_001 }).terms.stale, true);
  const never = look(null, { view: NO_READING }).terms;
  assert.deepEqual(
    [never.stale, never.priceCents, never.ageMs, never.problem],
    [true, null, null, "nothing was read yet"],
  );
});

Deno.test("oracle: a stale price neither pauses nor warns: a dead feed would pause for ever (L-01)", () => {
  const { terms } = look(90, { ageMs: 31_000, paused: true });
  assert.deepEqual([terms.stale, terms.pauses, terms.warns], [true, false, false]);
  assert.equal(terms.deviationCents, null);
});

Deno.test("oracle: a price that cannot be is none, and what was seen before stays", () => {
  const { state } = look(48);
  for (const impossible of [-1, 100.1, 4700, NaN, Infinity]) {
    const { terms, state: after } = look(impossible, {}, state);
    assert.deepEqual([terms.priceCents, terms.stale, terms.pauses], [null, true, false]);
    assert.deepEqual(after, state);
  }
  assert.equal(look(50, { ageMs: NaN }).terms.stale, true);
});

Deno.test("oracle: a price from the future is new, not forever", () => {
  assert.equal(look(50, { ageMs: -60_000 }).terms.ageMs, 0);
});

Deno.test("oracle: after a jump up no offers, after a jump down no bids, for half a minute (C-24)", () => {
  const before = look(48).state;
  for (const [to, exposed] of [[54, "ASK"], [42, "BID"]] as const) {
    const { state, terms } = look(to, {}, before);
    assert.deepEqual(terms.exposedSides, [exposed]);
    const later = (ms: number) => look(to, { nowMs: NOW_MS + ms }, state).terms.exposedSides;
    assert.deepEqual(later(29_999), [exposed]);
    assert.deepEqual(later(30_000), []);
  }
  assert.deepEqual(look(53, {}, before).terms.exposedSides, []);
});

Deno.test("oracle: the first price is no jump", () => {
  assert.deepEqual(look(95).terms.exposedSides, []);
});

Deno.test("oracle: a jump and its return expose both sides", () => {
  const up = look(60, {}, look(50).state);
  const back = look(50, { nowMs: NOW_MS + 10_000 }, up.state);
  assert.deepEqual(back.terms.exposedSides, ["ASK", "BID"]);
  const end = look(50, { nowMs: NOW_MS + 30_000 }, back.state);
  assert.deepEqual(end.terms.exposedSides, ["BID"]);
});

Deno.test("oracle: a jump across an outage counts", () => {
  const silent = look(null, {}, look(50).state);
  assert.deepEqual(look(60, {}, silent.state).terms.exposedSides, ["ASK"]);
});
