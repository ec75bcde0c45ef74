import assert from "node:assert/strict";
import { z } from "zod";
import { FakeExchange, type Placement, VenueCrash } from "../../sim/exchange/mod.ts";
import { AMM, orderOf, type OrderText } from "../support/fake_venue.ts";

/** Every account and market moved by so much; names as in the recording. */
type Figures = Record<string, Record<string, number>>;

const step = z.object({
  step: z.string(),
  status: z.number(),
  order_frozen: z.number().nullish(),
  trades: z.union([
    z.string(),
    z.array(z.object({ price: z.number(), quantity: z.number(), scenario: z.string() })),
  ]),
  netting: z.object({ netting_qty: z.number(), refund_amount: z.number() }).nullable(),
  diff: z.record(z.string(), z.union([z.record(z.string(), z.number()), z.number()])),
});
const scenario = z.object({ scenario: z.string(), market: z.string(), steps: z.array(step) });

const SCENARIOS = z.array(scenario).parse(JSON.parse(Deno.readTextFileSync(
  new URL("../fixtures/exchange-wire/scenarios_before_after.json", import.meta.url),
)));

/** Pairs that the AMM held at the start. */
const AMM_PAIRS = 200;
const AMM_MARKETS = ["MKT-LAB-10", "MKT-LAB-11", "MKT-LAB-12", "MKT-LAB-13"];

/** The deployed exchange as the fake makes it: the reference and the defects that show here. */
function deployedExchange(): FakeExchange {
  const exchange = new FakeExchange({
    clock: { nowMs: () => 1_800_000_000_000 },
    settings: {
      quirks: new Set(
        ["Q-01", "Q-03", "Q-05", "Q-06", "Q-07", "Q-08", "Q-09", "Q-10", "Q-11", "Q-23"] as const,
      ),
    },
  });
  for (const userId of ["alice", "bob", "carol"]) {
    exchange.control.createUser({ userId, cashCents: 500_000 });
  }
  exchange.control.createUser({ userId: AMM, cashCents: 1_000_000 });
  for (const marketId of new Set(SCENARIOS.map(({ market }) => market))) {
    exchange.control.createMarket({ marketId });
    if (AMM_MARKETS.includes(marketId)) {
      exchange.control.seedPairs(AMM, marketId, AMM_PAIRS);
    }
  }
  return exchange;
}

/** The figures of all users and of a market, in the names of the recording. */
function snapshot(exchange: FakeExchange, marketId: string): Figures {
  const { accounts, markets, platformFeeCents } = exchange.control.dumpState();
  const market = markets.find(({ terms }) => terms.marketId === marketId);
  assert.ok(market !== undefined);
  const { reserveCents, pnlPoolCents, yesShares, noShares } = market.terms;
  const figures: Figures = {
    market: { reserve: reserveCents, pnl: pnlPoolCents, ys: yesShares, ns: noShares },
    fee: { fee: platformFeeCents },
  };
  for (const { userId, availableCents, frozenCents } of accounts) {
    const held = market.positions.find((each) => each.userId === userId);
    figures[userId === AMM ? "amm" : userId] = {
      avail: availableCents,
      frozen: frozenCents,
      yv: held?.yes ?? 0,
      yc: held?.yesCostCents ?? 0,
      yp: held?.yesPendingSell ?? 0,
      nv: held?.no ?? 0,
      nc: held?.noCostCents ?? 0,
      np: held?.noPendingSell ?? 0,
    };
  }
  return figures;
}

/** What changed; figures that did not are left out, as in the recording. */
function difference(before: Figures, after: Figures): z.infer<typeof step>["diff"] {
  const changed: z.infer<typeof step>["diff"] = {};
  for (const [name, figures] of Object.entries(after)) {
    const moved = Object.entries(figures)
      .map(([field, value]) => [field, value - (before[name]?.[field] ?? 0)] as const)
      .filter(([, change]) => change !== 0);
    if (moved.length === 0) continue;
    changed[name] = name === "fee" ? (moved[0]?.[1] ?? 0) : Object.fromEntries(moved);
  }
  return changed;
}

/** Sends an order such as `alice BUY YES 100@60`; null if the exchange dies of it. */
function send(exchange: FakeExchange, marketId: string, order: string, isIoc: boolean) {
  const [name = "", direction, contract, quantity, price] = order.split(/[ @]/);
  const text = `${direction} ${contract} ${price} x ${quantity}` as OrderText;
  const request = { marketId, ...orderOf(text), ...(isIoc ? { timeInForce: "IOC" as const } : {}) };
  try {
    return exchange.placeOrder(name === "amm" ? AMM : name, request);
  } catch (error) {
    if (error instanceof VenueCrash) return null;
    throw error;
  }
}

function briefs(placement: Placement | null) {
  return placement?.trades.map(({ yesPrice, quantity, scenario }) => ({
    price: yesPrice,
    quantity,
    scenario,
  })) ?? "Internal Server Error";
}

/**
 * The deployed exchange was watched while orders were sent to it one by one, with all figures
 * before and after each. With its defects switched on, the fake moves every figure by the same
 * cents.
 */
Deno.test("the fake with its defects on repeats the recorded scenarios", async (t) => {
  const exchange = deployedExchange();
  for (const { scenario, market, steps } of SCENARIOS) {
    await t.step(scenario, () => {
      for (const { step, status, order_frozen, trades, netting, diff } of steps) {
        const before = snapshot(exchange, market);
        // Only alice's orders of the IOC scenarios were sent as IOC.
        const isIoc = scenario.startsWith("IOC") && step.startsWith("alice");
        const placement = send(exchange, market, step, isIoc);
        assert.equal(placement === null ? 500 : 201, status, step);
        assert.deepEqual(briefs(placement), trades, step);
        assert.equal(placement?.order.frozenAmount ?? null, order_frozen ?? null, step);
        assert.deepEqual(
          placement?.netting?.nettedPairs ?? null,
          netting?.netting_qty ?? null,
          step,
        );
        assert.deepEqual(difference(before, snapshot(exchange, market)), diff, step);
        exchange.control.assertInvariants();
      }
    });
  }
});
