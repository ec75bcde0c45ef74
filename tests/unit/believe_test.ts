import assert from "node:assert/strict";
import fc from "fast-check";
import { believe, type FlowSeen } from "../../src/cycle/believe.ts";
import { decide, decideWithoutPrice, type Decision } from "../../src/cycle/decide.ts";
import {
  type MarketState,
  openMarket,
  resumeMarket,
  setAnchor,
  toPersisted,
} from "../../src/cycle/market_state.ts";
import type { MarketConfig } from "../../src/config/registry.ts";
import { NO_POSITION } from "../../src/models/inventory.ts";
import { cents, price } from "../../src/models/money.ts";
import type { Fill, QuotedTouch } from "../../src/models/order.ts";
import { openLedger } from "../../src/risk/ledger.ts";
import { marketConfig } from "../support/config.ts";
import { marketRecord } from "../support/market.ts";
import { fillOf } from "../support/risk.ts";
import { scenes } from "../support/scenes.ts";

const NOW = Date.UTC(2026, 0, 5, 12);
const MINUTE = 60_000;
const config = marketConfig({ posteriorMode: "flow", quoteFunding: "cash" });
const QUOTED: QuotedTouch = { bid: price(47), ask: price(53), shares: { BID: 10, ASK: 10 } };

const OPENING = {
  market: marketRecord(),
  position: NO_POSITION,
  ledger: openLedger(cents(100_000)),
  tradeCursor: null,
  nowMs: NOW,
};

function market(overrides: Partial<MarketState> = {}): MarketState {
  return { ...openMarket(OPENING, config), quotedTouch: QUOTED, ...overrides };
}

function seen(overrides: Partial<FlowSeen> = {}): FlowSeen {
  return { nowMs: NOW + 1_000, wallMs: NOW + 1_000, print: null, isSynced: true, ...overrides };
}

/** A fill of an own ASK at a YES price, so many milliseconds after the start. */
function sold(at: number, quantity = 10, ms = 500): Fill {
  return fillOf(["BUY", "NO", 100 - at, quantity], { executedAtMs: NOW + ms });
}

function meanOf({ posterior }: MarketState): number {
  return 100 * posterior.mean;
}

function after(fills: readonly Fill[], state: MarketState = market()): MarketState {
  return believe({ ...state, pendingFills: fills }, seen(), config);
}

Deno.test("believe: the first cycle begins with the anchor, and says how sure it is", () => {
  const state = believe(market(), seen(), config);
  assert.ok(state.belief !== null && Math.abs(meanOf(state) - 50) < 1e-6);
  const { sdCents } = state.belief.moments;
  assert.ok(Math.abs(sdCents - config.anchorErrorCents) < 0.2, `${sdCents}`);
});

Deno.test("believe: an own ASK that was filled moves it up, a BID down", () => {
  assert.ok(meanOf(after([sold(53)])) > 50.2);
  const bought = fillOf(["BUY", "YES", 47, 10], { executedAtMs: NOW + 500 });
  assert.ok(meanOf(after([bought])) < 49.8);
});

Deno.test("believe: fills of one moment are one taker, with the worst price that he took", () => {
  const sweep = after([sold(53, 10, 500), sold(54, 5, 500), sold(55, 2, 501)]);
  const one = after([sold(55, 17, 500)]);
  assert.ok(Math.abs(meanOf(sweep) - meanOf(one)) < 1e-9);
  const three = after([sold(53, 10, 100), sold(54, 10, 400), sold(55, 10, 700)]);
  assert.ok(Math.abs(meanOf(three) - meanOf(one)) > 0.2, "three takers are not one");
});

Deno.test("believe: buyers and sellers of one cycle both count", () => {
  const bought = fillOf(["BUY", "YES", 47, 10], { executedAtMs: NOW + 500 });
  assert.ok(Math.abs(meanOf(after([sold(53), bought])) - 50) < 0.1);
});

Deno.test("believe: who takes a tenth of the nearest order teaches a tenth", () => {
  const tenth = meanOf(after([sold(53, 1)])) - 50;
  const whole = meanOf(after([sold(53, 10)])) - 50;
  const more = meanOf(after([sold(53, 30)])) - 50;
  assert.ok(tenth > 0 && tenth < 0.25 * whole, `${tenth} ${whole}`);
  assert.equal(more, whole, "more than a whole taker is one taker");
});

Deno.test("believe: a trade of others counts as the part that its weight says", () => {
  const print = (weight: number) =>
    meanOf(believe(market(), seen({ print: { aggressor: 1, priceCents: 53, weight } }), config));
  assert.ok(print(1) > 50.2 && print(0.02) > 50 && print(0.02) < 50.1);
});

Deno.test("believe: silence is looked at now and then, and when the quotes have changed", () => {
  const first = believe(market(), seen(), config);
  const at = (ms: number, quotedTouch = QUOTED) =>
    believe({ ...first, quotedTouch }, seen({ nowMs: NOW + ms }), config);
  assert.equal(at(3_000).belief, first.belief);
  assert.notEqual(at(30_000).belief, first.belief);
  assert.notEqual(at(3_000, { ...QUOTED, ask: price(54) }).belief, first.belief);
});

Deno.test("believe: a venue that cannot be read is not silent", () => {
  const first = believe(market(), seen(), config);
  const minutes = (isSynced: boolean) =>
    believe(first, seen({ nowMs: NOW + 10 * MINUTE, isSynced }), config);
  assert.equal(minutes(false).belief, first.belief);
  assert.notEqual(minutes(true).belief, first.belief);
  const filled = { ...first, pendingFills: [sold(53)] };
  const later = seen({ nowMs: NOW + 10 * MINUTE, isSynced: false });
  const traded = believe(filled, later, config);
  assert.ok(meanOf(traded) > 50.2, "fills are known");
  assert.equal(traded.belief?.updatedAtMs, first.belief?.updatedAtMs, "and time is made up for");
});

Deno.test("believe: quotes in a market that is not active say nothing", () => {
  const ended = market({ market: marketRecord({ status: "SUSPENDED" }) });
  const alone = { bid: null, ask: price(51), shares: { BID: 0, ASK: 10 } };
  const minutes = (state: MarketState) =>
    meanOf(believe({ ...state, quotedTouch: alone }, seen({ nowMs: NOW + 15 * MINUTE }), config));
  assert.ok(minutes(market()) < 49.99);
  assert.ok(Math.abs(minutes(ended) - 50) < 1e-6);
});

Deno.test("believe: a market that leaves the mode forgets the belief and comes back with what was learnt", () => {
  const learnt = after([sold(53)]);
  const beta = believe(learnt, seen(), marketConfig({ posteriorMode: "beta" }));
  assert.equal(beta.belief, null);
  const moved = { ...beta, posterior: { ...beta.posterior, mean: 0.3, strength: 30 } };
  assert.ok(Math.abs(meanOf(believe(moved, seen(), config)) - 30) < 1);
});

Deno.test("believe: a new anchor begins anew", () => {
  const moved: MarketConfig = { ...config, anchorPriceCents: 80 };
  const state = believe(setAnchor(after([sold(53)]), NOW, moved), seen(), moved);
  assert.ok(Math.abs(meanOf(state) - 80) < 0.1);
});

Deno.test("believe: mean and certainty survive a restart, and time without the bot takes certainty away", () => {
  const learnt = after([sold(53), sold(54, 10, 900)]);
  const persisted = JSON.parse(JSON.stringify(toPersisted(learnt, config)));
  const risk = {
    ...persisted,
    learner: {
      anchorPriceCents: persisted.anchorPriceCents,
      anchorSetAtMs: persisted.anchorSetAtMs,
      posterior: persisted.posterior,
    },
  };
  const resumed = (ms: number, anchor = 50) => {
    const now: MarketConfig = { ...config, anchorPriceCents: anchor };
    const opening = { ...OPENING, nowMs: NOW + ms };
    const state = resumeMarket(opening, { risk, operation: null } as never, now);
    return believe(state, seen({ nowMs: NOW + ms, wallMs: NOW + ms }), now);
  };
  const sd = ({ belief }: MarketState) => belief === null ? NaN : belief.moments.sdCents;
  assert.ok(Math.abs(meanOf(resumed(1_000)) - meanOf(learnt)) < 0.01);
  assert.ok(Math.abs(sd(resumed(1_000)) - sd(learnt)) < 0.2);
  assert.ok(sd(resumed(600 * MINUTE)) > sd(learnt) + 0.5);
  assert.ok(Math.abs(meanOf(resumed(1_000, 70)) - 70) < 0.01, "another anchor, another belief");
  assert.ok(Number.isFinite(sd(resumed(-600 * MINUTE))), "the clock was set back meanwhile");
});

Deno.test("L-69: a cycle without a price, or without a venue, loses no fill for the belief", () => {
  const [scene] = fc.sample(scenes("cash"), { numRuns: 1, seed: 7 });
  assert(scene);
  const settings = { ...scene.config, posteriorMode: "flow" as const };
  const fills = [{ ...sold(60), executedAtMs: scene.seen.nowMs }];
  const before = { ...scene.before, belief: null, pendingFills: [] };
  const noRoom = { ...before.market, minPrice: price(50), maxPrice: price(50) };
  for (const decideOn of [decide, decideWithoutPrice]) {
    const of = (pendingFills: readonly Fill[]): Decision =>
      decideOn({ ...before, market: noRoom, pendingFills }, scene.seen, settings);
    const [quiet, traded] = [of([]), of(fills)];
    assert.equal(traded.targets, null, "there is no price");
    assert.ok(meanOf(traded.state) > meanOf(quiet.state) + 0.01);
    assert.deepEqual(traded.state.pendingFills, [], "and it is counted once");
  }
});
