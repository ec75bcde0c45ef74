import assert from "node:assert/strict";
import { AMM, FakeVenue } from "../support/fake_venue.ts";

/**
 * The worked examples of matching engine spec §14, one continuous run. Each figure stands twice:
 * with makers free of fees, and with makers paying 10 bps.
 */
interface Step {
  readonly name: string;
  readonly act: (venue: FakeVenue) => void;
  /** Available cash, `[maker fee off, on]`; nothing may stay frozen. */
  readonly cash: Readonly<Record<string, readonly [number, number]>>;
  readonly held: Readonly<Record<string, string>>;
  readonly reserve: number;
  readonly shares: number;
  readonly pool: number;
  readonly fees: readonly [number, number];
}

const STEPS: readonly Step[] = [
  {
    name: "§14.1 MINT: both buy, the taker is refunded the improvement",
    act: (venue) => {
      venue.place("A", "BUY YES 65 x 20");
      assert.deepEqual(venue.cash("A"), [98_697, 1_303]);
      venue.place("B", "BUY NO 37 x 20");
    },
    cash: { A: [98_700, 98_698], B: [99_298, 99_298] },
    held: { A: "YES 20/1300", B: "NO 20/700" },
    reserve: 2000,
    shares: 20,
    pool: 0,
    fees: [2, 4],
  },
  {
    name: "§14.2 TRANSFER_YES: the seller realises +40",
    act: (venue) => {
      venue.place("A", "SELL YES 70 x 8");
      venue.place("C", "BUY YES 72 x 8");
    },
    cash: { A: [99_260, 99_257], C: [99_438, 99_438] },
    held: { A: "YES 12/780", C: "YES 8/560" },
    reserve: 2000,
    shares: 20,
    pool: 40,
    fees: [4, 7],
  },
  {
    name: "§14.3 TRANSFER_NO: the seller of NO stands on the buy side",
    act: (venue) => {
      venue.place("D", "BUY NO 40 x 6");
      venue.place("B", "SELL NO 38 x 6");
    },
    cash: { B: [99_537, 99_537], D: [99_760, 99_759] },
    held: { B: "NO 14/490", D: "NO 6/240" },
    reserve: 2000,
    shares: 20,
    pool: 70,
    fees: [5, 9],
  },
  {
    name: "§14.4 BURN: both sell, the pair is paid from the reserve",
    act: (venue) => {
      venue.place("B", "SELL NO 30 x 5");
      venue.place("A", "SELL YES 66 x 5");
    },
    cash: { A: [99_609, 99_606], B: [99_687, 99_686] },
    held: { A: "YES 7/455", B: "NO 9/315" },
    reserve: 1500,
    shares: 15,
    pool: 70,
    fees: [6, 11],
  },
  {
    name: "§14.5 netting: the taker's pairs turn into cash",
    act: (venue) => {
      venue.place("A", "BUY YES 60 x 3");
      const { netting } = venue.place("C", "BUY NO 40 x 3");
      assert.deepEqual(netting, { nettedPairs: 3, refundCents: 300 });
    },
    cash: { A: [99_429, 99_425], C: [99_617, 99_617] },
    held: { A: "YES 10/635", C: "YES 5/350" },
    reserve: 1500,
    shares: 15,
    pool: 40,
    fees: [7, 13],
  },
  {
    name: "§14.6 settlement YES: 100 for each winning share, exactly the reserve",
    act: (venue) => {
      const { totalPayoutCents } = venue.exchange.control.resolve("MKT-1", "YES");
      assert.equal(totalPayoutCents, 1500);
    },
    cash: {
      A: [100_429, 100_425],
      B: [99_687, 99_686],
      C: [100_117, 100_117],
      D: [99_760, 99_759],
    },
    held: { A: "nothing", B: "nothing", C: "nothing", D: "nothing" },
    reserve: 0,
    shares: 0,
    pool: 0,
    fees: [7, 13],
  },
];

for (const makerFee of [false, true]) {
  const pick = (figures: readonly [number, number]) => figures[makerFee ? 1 : 0];
  Deno.test(`the worked run comes out to the cent, maker fee ${makerFee}`, async (t) => {
    const venue = new FakeVenue({ makerFee }).users(100_000, "A", "B", "C", "D");
    for (const step of STEPS) {
      await t.step(step.name, () => {
        step.act(venue);
        for (const [user, figures] of Object.entries(step.cash)) {
          assert.deepEqual([user, ...venue.cash(user)], [user, pick(figures), 0]);
        }
        for (const [user, held] of Object.entries(step.held)) {
          assert.deepEqual([user, venue.held(user)], [user, held]);
        }
        const { reserve, shares, pool } = step;
        assert.deepEqual(venue.escrow(), { reserve, shares, pool, fees: pick(step.fees) });
        venue.exchange.control.assertInvariants();
      });
    }
  });

  Deno.test(`§14.8 the AMM mints, sells and burns, maker fee ${makerFee}`, () => {
    const venue = new FakeVenue({ makerFee }).users(50_000, AMM, "U");
    venue.exchange.mint(AMM, { marketId: "MKT-1", quantity: 100, idempotencyKey: "m" });
    assert.deepEqual(venue.cash(AMM), [40_000, 0]);
    assert.equal(venue.held(AMM), "YES 100/5000, NO 100/5000");
    assert.equal(venue.escrow().reserve, 10_000);

    venue.place(AMM, "SELL YES 55 x 30");
    venue.place("U", "BUY YES 55 x 30");
    assert.deepEqual(venue.cash(AMM), [pick([41_650, 41_648]), 0]);
    assert.equal(venue.held(AMM), "YES 70/3500, NO 100/5000");
    assert.equal(venue.escrow().pool, 150);

    venue.exchange.burn(AMM, { marketId: "MKT-1", quantity: 70, idempotencyKey: "b" });
    assert.deepEqual(venue.cash(AMM), [pick([48_650, 48_648]), 0]);
    assert.equal(venue.held(AMM), "NO 30/1500");
    const { reserve, pool } = venue.escrow();
    assert.deepEqual({ reserve, pool }, { reserve: 3000, pool: 150 });
    venue.exchange.control.assertInvariants();
  });
}

Deno.test("realised PnL of the worked run stands in the trade records", () => {
  const venue = new FakeVenue().users(100_000, "A", "B", "C", "D");
  for (const step of STEPS.slice(0, 4)) step.act(venue);
  const pnl = venue.exchange.control.dumpState().trades.map((trade) => [
    trade.scenario,
    trade.buyRealizedPnlCents,
    trade.sellRealizedPnlCents,
  ]);
  assert.deepEqual(pnl, [
    ["MINT", null, null],
    ["TRANSFER_YES", null, 40],
    ["TRANSFER_NO", 30, null],
    ["BURN", -25, 25],
  ]);
});

Deno.test("§14.7 a fee larger than its share of the buffer is paid from available", () => {
  const venue = new FakeVenue().users(100_000, "X", "Y", "Z");
  venue.place("X", "BUY NO 50 x 5");
  venue.place("Z", "BUY NO 50 x 5");
  venue.place("Y", "BUY YES 50 x 10");
  assert.deepEqual(venue.cash("Y"), [100_000 - 502, 0]);
  assert.equal(venue.escrow().fees, 2);
  venue.exchange.control.assertInvariants();
});

Deno.test("a fee that nobody can pay is waived by a cent (§6)", () => {
  const venue = new FakeVenue().users(100_000, "X", "Z").users(501, "Y");
  venue.place("X", "BUY NO 50 x 5");
  venue.place("Z", "BUY NO 50 x 5");
  venue.place("Y", "BUY YES 50 x 10");
  assert.deepEqual(venue.cash("Y"), [0, 0]);
  assert.equal(venue.escrow().fees, 1);
  venue.exchange.control.assertInvariants();
});
