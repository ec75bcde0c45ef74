import assert from "node:assert/strict";
import { shares } from "../../src/models/money.ts";
import { evaluatePauses, NOT_PAUSED } from "../../src/risk/pauses.ts";
import { type SideGuards, withdrawnBy } from "../../src/risk/sides.ts";
import type { Unwinding } from "../../src/models/explanation.ts";
import type { BookSide } from "../../src/models/vocabulary.ts";
import { marketConfig } from "../support/config.ts";

const OPEN: SideGuards = {
  level: "NORMAL",
  unwinding: null,
  pauses: NOT_PAUSED,
  maturity: { onlySide: null, stop: false },
  exposedSides: [],
};

function paused(extremeSide: BookSide | null, raised: readonly "DRIFT"[] = []) {
  return evaluatePauses(
    NOT_PAUSED,
    { raised, extremeSide, cleanReconciliation: false },
    marketConfig(),
  );
}

/** Unwinding that reduces by a side. */
function reducing(side: BookSide): Unwinding {
  return {
    kind: "reduce",
    side,
    topLadderPrice: 50,
    lowestLadderPrice: 40,
    maxShares: shares(10),
    skewDiscountCents: 0,
    ageDiscountCents: 0,
    goalSkew: 0,
  };
}

/** The guards that withdraw the ASK and the BID. */
function withdrawn(overrides: Partial<SideGuards>): [readonly string[], readonly string[]] {
  const guards = { ...OPEN, ...overrides };
  return [withdrawnBy("ASK", guards), withdrawnBy("BID", guards)];
}

Deno.test("sides: with nothing wrong, and in WIDEN, both sides may be quoted", () => {
  assert.deepEqual(withdrawn({}), [[], []]);
  assert.deepEqual(withdrawn({ level: "WIDEN" }), [[], []]);
});

Deno.test("sides: KILL_SWITCH and a pause withdraw both sides", () => {
  assert.deepEqual(withdrawn({ level: "KILL_SWITCH" }), [["KILL_SWITCH"], ["KILL_SWITCH"]]);
  assert.deepEqual(withdrawn({ pauses: paused(null, ["DRIFT"]) }), [["DRIFT"], ["DRIFT"]]);
});

Deno.test("C-20: ONE_SIDE leaves the reducing side only", () => {
  const oneSide = { level: "ONE_SIDE" } as const;
  assert.deepEqual(withdrawn({ ...oneSide, unwinding: reducing("ASK") }), [[], ["ONE_SIDE"]]);
  assert.deepEqual(withdrawn({ ...oneSide, unwinding: reducing("BID") }), [["ONE_SIDE"], []]);
});

Deno.test("L-23: ONE_SIDE with nothing to reduce leaves both sides or none", () => {
  const oneSide = { level: "ONE_SIDE" } as const;
  const both = [["ONE_SIDE"], ["ONE_SIDE"]];
  assert.deepEqual(withdrawn({ ...oneSide, unwinding: { kind: "wide" } }), [[], []]);
  assert.deepEqual(withdrawn({ ...oneSide, unwinding: { kind: "none" } }), both);
  assert.deepEqual(withdrawn({ ...oneSide, unwinding: null }), both);
});

Deno.test("C-56: at the edge one side is withdrawn, unless ONE_SIDE needs it to get out", () => {
  assert.deepEqual(withdrawn({ pauses: paused("BID") }), [[], ["EXTREME_PRICE"]]);
  const oneSide = { level: "ONE_SIDE", pauses: paused("BID") } as const;
  assert.deepEqual(withdrawn({ ...oneSide, unwinding: reducing("BID") }), [["ONE_SIDE"], []]);
  assert.deepEqual(withdrawn({ ...oneSide, unwinding: { kind: "wide" } }), [[], [
    "EXTREME_PRICE",
  ]]);
});

Deno.test("sides: near the end only the reducing side is left, then none", () => {
  assert.deepEqual(withdrawn({ maturity: { onlySide: "ASK", stop: false } }), [[], ["MATURITY"]]);
  const stopped = withdrawn({ maturity: { onlySide: null, stop: true } });
  assert.deepEqual(stopped, [["MATURITY"], ["MATURITY"]]);
});

Deno.test("sides: every guard that applies is named", () => {
  const guards = { level: "KILL_SWITCH", pauses: paused("ASK", ["DRIFT"]) } as const;
  assert.deepEqual(withdrawn(guards)[0], ["KILL_SWITCH", "EXTREME_PRICE", "DRIFT"]);
});
