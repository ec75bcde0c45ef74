import assert from "node:assert/strict";
import type { MarketConfig } from "../../src/config/registry.ts";
import { levels, type OrderBook, withoutOwn } from "../../src/models/book.ts";
import { price, shares } from "../../src/models/money.ts";
import { anchorWeight } from "../../src/strategy/pricing/anchor.ts";
import {
  fairPrice,
  type FairPriceInput,
  layerWeights,
} from "../../src/strategy/pricing/fair_price.ts";
import { microprice } from "../../src/strategy/pricing/microprice.ts";
import {
  decayed,
  initialPosterior,
  observeTrade,
  type PosteriorState,
  type TradeObservation,
} from "../../src/strategy/pricing/posterior.ts";
import { PricingError } from "../../src/strategy/pricing_error.ts";
import { marketConfig as defaults } from "../support/config.ts";

const NOW = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** The layers as they were first designed: a Beta posterior beside an anchor that fades. */
function marketConfig(overrides: Partial<MarketConfig> = {}): MarketConfig {
  return defaults({ posteriorMode: "beta", ...overrides });
}

type Side = readonly (readonly [number, number])[];

function book(bids: Side, asks: Side): OrderBook {
  return { bids: levels("BID", bids), asks: levels("ASK", asks), lastTradePrice: null };
}

function near(actual: number | null, expected: number, tolerance = 0.0051): void {
  assert.ok(
    actual !== null && Math.abs(actual - expected) <= tolerance,
    `${actual} != ${expected}`,
  );
}

// --- anchor (§1) ---

Deno.test("anchor: the weight falls linearly and is gone after the decay time (§1, C-13)", () => {
  const config = marketConfig();
  for (
    const [minutes, weight] of [[0, 0.7], [15, 0.525], [30, 0.35], [60, 0], [600, 0]] as const
  ) {
    const actual = anchorWeight({ anchorSetAtMs: NOW, nowMs: NOW + minutes * MINUTE }, config);
    near(actual, weight, 1e-12);
  }
});

Deno.test("anchor: the weight never falls below its floor", () => {
  const config = marketConfig({ anchorWeightFloor: 0.1 });
  assert.equal(anchorWeight({ anchorSetAtMs: NOW, nowMs: NOW + 9 * HOUR }, config), 0.1);
});

Deno.test("anchor: an anchor set in the future has its full weight, not more", () => {
  assert.equal(anchorWeight({ anchorSetAtMs: NOW + HOUR, nowMs: NOW }, marketConfig()), 0.7);
});

// --- micro-price (§2) ---

const HONEST_BIDS: Side = [[48, 100], [47, 150], [46, 200]];
const HONEST_ASKS: Side = [[52, 50], [53, 80], [54, 120]];
const HONEST = book(HONEST_BIDS, HONEST_ASKS);

/** The micro-price of a book that has been seen often enough. */
function microOf(seen: OrderBook, overrides: Partial<MarketConfig> = {}): number | null {
  return microprice({ book: seen, history: [seen] }, marketConfig(overrides)).cents;
}

Deno.test("L-66: the micro-price of the spoof table (§2)", () => {
  const spoofed = book([[48, 100], [47, 150], [46, 5000]], HONEST_ASKS);
  const farSpoof = book([...HONEST_BIDS, [40, 5000]], HONEST_ASKS);
  near(microOf(HONEST), 50.60);
  near(microOf(HONEST, { micropriceLevels: 1 }), 50.67);
  near(microOf(spoofed, { micropriceLevelCapMultiple: 0 }), 51.74);
  near(microOf(spoofed), 50.75);
  near(microOf(farSpoof), 50.60);
});

Deno.test("L-66: own orders do not count: 20 at 48 and 30 at 52 removed give 50.74", () => {
  const others = withoutOwn(HONEST, [
    { side: "BID", yesPrice: price(48), remaining: shares(20) },
    { side: "ASK", yesPrice: price(52), remaining: shares(30) },
  ]);
  near(microOf(others), 50.74);
});

Deno.test("C-14: no spoof moves the micro-price out of the touch", () => {
  const spoofed = book([[48, 1], [47, 1], [46, 1_000_000]], [[52, 50]]);
  const cents = microOf(spoofed, { micropriceLevelCapMultiple: 0, micropriceMinDepth: 0 });
  assert.ok(cents !== null && cents >= 48 && cents <= 52, `${cents}`);
});

Deno.test("L-66: an order that was not in the previous book does not count", () => {
  const flicker = book([[50, 900], ...HONEST_BIDS], HONEST_ASKS);
  const answer = microprice({ book: flicker, history: [HONEST] }, marketConfig());
  near(answer.cents, 50.60);
});

Deno.test("L-66: a level counts with its smallest size over the last books", () => {
  const grown = book([[48, 1000], [47, 150], [46, 200]], HONEST_ASKS);
  near(microprice({ book: grown, history: [HONEST] }, marketConfig()).cents, 50.60);
});

Deno.test("microprice: nothing has persisted in the first book: it waits for the second", () => {
  const config = marketConfig();
  const first = microprice({ book: HONEST, history: [] }, config);
  assert.deepEqual([first.cents, first.reason], [null, "too few snapshots"]);
  const second = microprice({ book: HONEST, history: first.history }, config);
  assert.equal(second.reason, "valid");
});

Deno.test("microprice: it remembers no more books than it needs", () => {
  const config = marketConfig({ micropricePersistSnapshots: 3 });
  let history: readonly OrderBook[] = [];
  for (let cycle = 0; cycle < 10; cycle++) {
    history = microprice({ book: HONEST, history }, config).history;
  }
  assert.equal(history.length, 2);
});

Deno.test("L-20: a failed book read gives no micro-price and keeps the history", () => {
  const answer = microprice({ book: null, history: [HONEST] }, marketConfig());
  assert.deepEqual(answer, { cents: null, reason: "no book", history: [HONEST] });
});

Deno.test("microprice: books that say nothing are refused with the reason (§2, L-19)", () => {
  const cases: readonly (readonly [string, OrderBook])[] = [
    ["one-sided", book([], [])],
    ["one-sided", book([], HONEST_ASKS)],
    ["one-sided", book(HONEST_BIDS, [])],
    ["crossed", book([[52, 100]], [[52, 100]])],
    ["crossed", book([[55, 100]], [[52, 100]])],
    ["too wide", book([[40, 100]], [[61, 100]])],
    ["too thin", book([[48, 9]], [[52, 1000]])],
    ["too thin", book([[48, 1000]], [[52, 9]])],
  ];
  for (const [reason, seen] of cases) {
    const answer = microprice({ book: seen, history: [seen] }, marketConfig());
    assert.deepEqual([answer.cents, answer.reason], [null, reason]);
  }
});

Deno.test("microprice: the limits on width and depth themselves are allowed", () => {
  assert.equal(microOf(book([[40, 10]], [[60, 10]])), 50);
});

Deno.test("microprice: a book of only own orders gives no price", () => {
  const others = withoutOwn(book([[48, 20]], [[52, 30]]), [
    { side: "BID", yesPrice: price(48), remaining: shares(20) },
    { side: "ASK", yesPrice: price(52), remaining: shares(30) },
  ]);
  assert.equal(microOf(others), null);
});

Deno.test("the book of the others: what was taken out of one book is not taken out of the next", () => {
  const own = { yesPrice: price(48), remaining: shares(5) };
  const seen = book([[48, 20], [47, 9]], [[52, 30]]);
  const once = withoutOwn(seen, [{ ...own, side: "BID" }, { ...own, side: "BID" }]);
  assert.deepEqual(once.bids.map(({ quantity }) => quantity), [10, 9]);
  assert.deepEqual(withoutOwn(seen, []), seen);
  assert.deepEqual(withoutOwn(seen, [{ ...own, side: "ASK" }]), seen);
});

// --- posterior (§3) ---

const TRADE: TradeObservation = { priceCents: 50, aggressor: 0, quantity: 50, atMs: NOW };

function learn(
  start: PosteriorState,
  trades: readonly Partial<TradeObservation>[],
  config: MarketConfig,
): PosteriorState {
  return trades.reduce<PosteriorState>(
    (state, trade) => observeTrade(state, { ...TRADE, ...trade }, config).state,
    start,
  );
}

Deno.test("C-15: the posterior follows the worked table of trades (§3)", () => {
  const config = marketConfig({ anchorPriceCents: 60 });
  let state = initialPosterior(60, NOW, config);
  const table = [
    [+1, 50, 62, 60.43, 7],
    [+1, 50, 63, 60.88, 8],
    [-1, 25, 61, 60.82, 8.5],
    [+1, 200, 63, 61.43, 10.5],
  ] as const;
  for (const [aggressor, quantity, priceCents, cents, strength] of table) {
    state = learn(state, [{ aggressor, quantity, priceCents }], config);
    near(state.mean * 100, cents);
    near(state.strength, strength, 1e-12);
  }
});

Deno.test("posterior: idle time takes the strength back and leaves the mean", () => {
  const config = marketConfig();
  const strong: PosteriorState = {
    ...initialPosterior(60, NOW, config),
    strength: 10.5,
  };
  for (const [minutes, strength] of [[10, 8.25], [20, 7.125], [30, 6.5625]] as const) {
    const later = decayed(strong, NOW + minutes * MINUTE, config);
    near(later.strength, strength, 1e-9);
    assert.equal(later.mean, 0.6);
  }
});

Deno.test("posterior: many short decays equal one long one", () => {
  const config = marketConfig();
  const strong: PosteriorState = { ...initialPosterior(60, NOW, config), strength: 30 };
  let stepwise = strong;
  for (let second = 2; second <= 600; second += 2) {
    stepwise = decayed(stepwise, NOW + second * 1000, config);
  }
  near(stepwise.strength, decayed(strong, NOW + 600_000, config).strength, 1e-9);
});

Deno.test("posterior: a half-life of 0 switches the decay off", () => {
  const config = marketConfig({ posteriorHalfLifeMs: 0 });
  const strong: PosteriorState = { ...initialPosterior(60, NOW, config), strength: 20 };
  assert.equal(decayed(strong, NOW + 24 * HOUR, config).strength, 20);
});

Deno.test("posterior: a trade older than the last one is learnt without turning time back", () => {
  const config = marketConfig();
  const state = initialPosterior(60, NOW, config);
  const late = observeTrade(state, { ...TRADE, atMs: NOW - MINUTE }, config);
  assert.equal(late.accepted, true);
  assert.equal(late.state.updatedAtMs, NOW);
  assert.ok(late.state.mean < 0.6);
});

Deno.test("L-08: the belief starts at the anchor, not at 50", () => {
  assert.equal(initialPosterior(20, NOW, marketConfig()).mean, 0.2);
});

Deno.test("posterior: steady buying moves it (rounded each time, it would stay at 50)", () => {
  const config = marketConfig();
  const buys = Array.from({ length: 200 }, () => ({ priceCents: 54, aggressor: 1 as const }));
  const state = learn(initialPosterior(50, NOW, config), buys, config);
  near(state.mean * 100, 55, 0.1);
});

Deno.test("posterior: one sell at 50 costs no whole cent (rounded, it would fall to 49)", () => {
  const config = marketConfig();
  const state = learn(initialPosterior(50, NOW, config), [{ aggressor: -1, quantity: 10 }], config);
  assert.ok(state.mean > 0.499 && state.mean < 0.5, `${state.mean}`);
});

Deno.test("posterior: balanced flow does not drift (rounded each time, it falls to 48)", () => {
  const config = marketConfig();
  const flow = Array.from(
    { length: 200 },
    (_, index) =>
      index % 2 === 0
        ? { priceCents: 51, aggressor: 1 as const }
        : { priceCents: 49, aggressor: -1 as const },
  );
  near(learn(initialPosterior(50, NOW, config), flow, config).mean * 100, 50, 0.1);
});

Deno.test("L-09: 200 balanced trades around 12 bring the belief to 12, wherever it began", () => {
  const config = marketConfig();
  const flow = Array.from(
    { length: 200 },
    (_, index) =>
      index % 2 === 0
        ? { priceCents: 13, aggressor: 1 as const }
        : { priceCents: 11, aggressor: -1 as const },
  );
  for (const anchor of [5, 12, 50, 90]) {
    near(learn(initialPosterior(anchor, NOW, config), flow, config).mean * 100, 12, 1);
  }
});

Deno.test("posterior: dense trades teach less each, sparse ones more", () => {
  const config = marketConfig();
  const dense = learn(
    initialPosterior(50, NOW, config),
    Array.from({ length: 100 }, () => ({ quantity: 100 })),
    config,
  );
  assert.equal(dense.strength, config.posteriorMaxStrength);
  const step = (state: PosteriorState) => learn(state, [{ priceCents: 60 }], config).mean;
  assert.ok(step(dense) < step(initialPosterior(50, NOW, config)));
});

Deno.test("posterior: one huge trade weighs no more than the cap", () => {
  const config = marketConfig();
  const start = initialPosterior(50, NOW, config);
  const capped = learn(start, [{ priceCents: 90, quantity: 1_000_000 }], config);
  const atCap = learn(start, [{ priceCents: 90, quantity: 100 }], config);
  assert.deepEqual(capped, atCap);
});

Deno.test("posterior: invalid trades are refused and change nothing", () => {
  const config = marketConfig();
  const state = initialPosterior(50, NOW, config);
  const invalid: readonly Partial<TradeObservation>[] = [
    { quantity: 0 },
    { quantity: -5 },
    { quantity: NaN },
    { quantity: Infinity },
    { priceCents: 0 },
    { priceCents: 100 },
    { priceCents: NaN },
    { atMs: NaN },
  ];
  for (const trade of invalid) {
    const answer = observeTrade(state, { ...TRADE, ...trade }, config);
    assert.deepEqual(answer, { state, accepted: false }, JSON.stringify(trade));
  }
});

Deno.test("posterior: the nudge never takes an observation out of 1 to 99 cents", () => {
  const config = marketConfig({ posteriorNudgeCents: 3 });
  const high = Array.from({ length: 500 }, () => ({ priceCents: 99, aggressor: 1 as const }));
  const low = Array.from({ length: 500 }, () => ({ priceCents: 1, aggressor: -1 as const }));
  assert.ok(learn(initialPosterior(50, NOW, config), high, config).mean <= 0.99);
  assert.ok(learn(initialPosterior(50, NOW, config), low, config).mean >= 0.01);
});

Deno.test("posterior: the moving average learns at the base rate after a silence (ema)", () => {
  const config = marketConfig({ posteriorMode: "ema", posteriorNudgeCents: 0 });
  const state = learn(initialPosterior(50, NOW, config), [{ priceCents: 60 }], config);
  near(state.mean * 100, 50 + 0.15 * 10, 1e-9);
});

Deno.test("posterior: the moving average learns slower when trades are dense (ema)", () => {
  const config = marketConfig({ posteriorMode: "ema", posteriorNudgeCents: 0 });
  const busy = (recentTrades: number): PosteriorState => ({
    ...initialPosterior(50, NOW, config),
    recentTrades,
  });
  const rate = (recentTrades: number, overrides: Partial<MarketConfig> = {}) => {
    const settings = { ...config, ...overrides };
    return (learn(busy(recentTrades), [{ priceCents: 60 }], settings).mean - 0.5) / 0.1;
  };
  near(rate(3), 0.075, 1e-9);
  near(rate(8), 0.05, 1e-9);
  near(rate(10_000), 0.02, 1e-9);
  near(rate(0, { learningRateMax: 0.1 }), 0.1, 1e-9);
});

Deno.test("posterior: its trade rate approaches the trades per minute (ema)", () => {
  const config = marketConfig({ posteriorMode: "ema" });
  const trades = Array.from({ length: 600 }, (_, index) => ({ atMs: NOW + index * 1000 }));
  const state = learn(initialPosterior(50, NOW, config), trades, config);
  near(state.recentTrades, 60, 1);
});

Deno.test("posterior: the state survives a restart as plain data", () => {
  const config = marketConfig();
  const state = learn(initialPosterior(60, NOW, config), [{ priceCents: 63 }], config);
  assert.deepEqual(JSON.parse(JSON.stringify(state)), state);
});

// --- fair price (§4) ---

function fairInput(overrides: Partial<FairPriceInput> = {}): FairPriceInput {
  return {
    nowMs: NOW,
    anchorSetAtMs: NOW,
    microprice: { cents: null, reason: "no book" },
    posterior: initialPosterior(50, NOW, marketConfig()),
    phase: "EXPLORATION",
    opening: true,
    previousRawCents: null,
    ...overrides,
  };
}

const micro = (cents: number) => ({ cents, reason: "valid" as const });
const belief = (cents: number) => initialPosterior(cents, NOW, marketConfig());

Deno.test("fairPrice: 0.35 x 60 + 0.20 x 61.4 + 0.45 x 60.43 is quoted as 60 (§4)", () => {
  const terms = fairPrice(
    fairInput({
      nowMs: NOW + 30 * MINUTE,
      microprice: micro(61.4),
      posterior: belief(60.43),
    }),
    marketConfig({ anchorPriceCents: 60 }),
  );
  near(terms.anchorWeight, 0.35, 1e-12);
  near(terms.microWeight, 0.20, 1e-12);
  near(terms.posteriorWeight, 0.45, 1e-12);
  near(terms.rawCents, 60.47);
  assert.equal(terms.fairCents, 60);
  assert.deepEqual(terms.limitedBy, []);
});

Deno.test("L-08: an untraded market stays at its anchor of 20 in each phase and mode", () => {
  for (const pricingMode of ["decay", "phase"] as const) {
    for (const phase of ["EXPLORATION", "STABILIZATION"] as const) {
      const config = marketConfig({ anchorPriceCents: 20, pricingMode });
      let previousRawCents: number | null = null;
      for (let cycle = 0; cycle < 100; cycle++) {
        const nowMs = NOW + cycle * MINUTE;
        const posterior = decayed(initialPosterior(20, NOW, config), nowMs, config);
        const terms = fairPrice(
          fairInput({ nowMs, posterior, phase, opening: false, previousRawCents }),
          config,
        );
        assert.equal(terms.fairCents, 20);
        previousRawCents = terms.rawCents;
      }
    }
  }
});

Deno.test("fairPrice: without a micro-price its share goes to the posterior", () => {
  const weights = layerWeights(fairInput(), marketConfig());
  assert.equal(weights.micro, 0);
  near(weights.posterior, 0.3, 1e-12);
});

Deno.test("fairPrice: an anchor floor never makes the posterior's weight negative", () => {
  const weights = layerWeights(
    fairInput({ microprice: micro(50) }),
    marketConfig({ anchorWeightFloor: 0.9 }),
  );
  assert.equal(weights.anchor, 0.9);
  near(weights.micro, 0.1, 1e-12);
  assert.ok(weights.posterior >= 0);
});

Deno.test("fairPrice: phase mode uses the weights of the phase", () => {
  const config = marketConfig({ pricingMode: "phase" });
  const seen = { microprice: micro(50) };
  const exploring = layerWeights(fairInput(seen), config);
  const stable = layerWeights(fairInput({ ...seen, phase: "STABILIZATION" }), config);
  near(exploring.posterior, 0.1, 1e-12);
  assert.deepEqual([exploring.anchor, exploring.micro], [0.6, 0.3]);
  near(stable.posterior, 0.3, 1e-12);
  assert.deepEqual([stable.anchor, stable.micro], [0.2, 0.5]);
});

Deno.test("fairPrice: phase mode without a micro-price splits its weight pro rata", () => {
  const config = marketConfig({ pricingMode: "phase" });
  const exploring = layerWeights(fairInput(), config);
  near(exploring.anchor, 6 / 7, 1e-12);
  near(exploring.posterior, 1 / 7, 1e-12);
  const onlyMicro = marketConfig({ pricingMode: "phase", phaseWeightsExploration: [0, 1, 0] });
  assert.deepEqual(layerWeights(fairInput(), onlyMicro), { anchor: 0, micro: 0, posterior: 1 });
});

Deno.test("fairPrice: one cycle moves the price by at most max_mid_step_cents, both ways", () => {
  for (const [cents, raw] of [[80, 55], [20, 45]] as const) {
    const terms = fairPrice(
      fairInput({
        phase: "STABILIZATION",
        opening: false,
        anchorSetAtMs: NOW - 2 * HOUR,
        posterior: belief(cents),
        previousRawCents: 50,
      }),
      marketConfig(),
    );
    assert.equal(terms.rawCents, raw);
    assert.equal(terms.blendCents, cents);
    assert.deepEqual(terms.limitedBy, ["max_mid_step_cents"]);
  }
});

Deno.test("fairPrice: the first cycle has no step limit", () => {
  const terms = fairPrice(
    fairInput({ anchorSetAtMs: NOW - 2 * HOUR, opening: false, posterior: belief(80) }),
    marketConfig(),
  );
  assert.equal(terms.rawCents, 80);
});

Deno.test("fairPrice: opening quotes stay within the anchor band, both ways", () => {
  for (const [cents, raw] of [[95, 70], [5, 30]] as const) {
    const terms = fairPrice(
      fairInput({ anchorSetAtMs: NOW - 2 * HOUR, posterior: belief(cents) }),
      marketConfig(),
    );
    assert.equal(terms.rawCents, raw);
    assert.deepEqual(terms.limitedBy, ["anchor_band_cents"]);
  }
});

Deno.test("fairPrice: after a rollback the anchor band does not drag the price back", () => {
  const terms = fairPrice(
    fairInput({
      anchorSetAtMs: NOW - 2 * HOUR,
      phase: "EXPLORATION",
      opening: false,
      posterior: belief(90),
      previousRawCents: 90,
    }),
    marketConfig(),
  );
  assert.equal(terms.fairCents, 90);
});

Deno.test("C-10: the fair price is rounded half to even, or kept if mid_rounding says so", () => {
  for (const [anchorPriceCents, cents, fair] of [[49, 50, 50], [50, 51, 50]] as const) {
    const half = { anchorPriceCents, anchorInitialWeight: 0.5 };
    const input = fairInput({ posterior: belief(cents) });
    assert.equal(fairPrice(input, marketConfig(half)).fairCents, fair);
    const exact = fairPrice(input, marketConfig({ ...half, midRounding: "none" }));
    assert.equal(exact.fairCents, (anchorPriceCents + cents) / 2);
  }
});

Deno.test("fairPrice: the explanation shows every layer and the decayed strength", () => {
  const posterior: PosteriorState = { ...belief(60), strength: 10.5 };
  const terms = fairPrice(
    fairInput({
      nowMs: NOW + 10 * MINUTE,
      microprice: { cents: null, reason: "too thin" },
      posterior,
    }),
    marketConfig(),
  );
  assert.deepEqual(
    [terms.anchorCents, terms.microCents, terms.microReason, terms.posteriorCents],
    [50, null, "too thin", 60],
  );
  near(terms.posteriorStrength, 8.25, 1e-9);
});

Deno.test("fairPrice: a layer that is not a number is an error, never a price", () => {
  for (
    const broken of [
      { posterior: { ...belief(50), mean: NaN } },
      { posterior: { ...belief(50), mean: Infinity } },
      { microprice: micro(NaN) },
      { previousRawCents: NaN },
      { nowMs: NaN },
    ]
  ) {
    assert.throws(() => fairPrice(fairInput(broken), marketConfig()), PricingError);
  }
});
