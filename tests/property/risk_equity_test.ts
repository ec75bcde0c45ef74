import assert from "node:assert/strict";
import fc from "fast-check";
import { equityCents, NO_POSITION } from "../../src/models/inventory.ts";
import { cents, feeCents, shares } from "../../src/models/money.ts";
import type { Fill } from "../../src/models/order.ts";
import type { Contract, QuoteFunding } from "../../src/models/vocabulary.ts";
import { type DayState, noteDeposit, profitAndLoss } from "../../src/risk/budget.ts";
import { applyFill } from "../../src/risk/holdings.ts";
import { bookBurn, bookDeposit, bookFill, bookMint, openLedger } from "../../src/risk/ledger.ts";
import { bookFillCost, bookMintCost } from "../../src/risk/position_costs.ts";
import { fillOf, holding } from "../support/risk.ts";

const FUNDING = cents(1_000_000);
const START = holding(5000, 5000);
const DAY: DayState = {
  day: "2026-01-05",
  startEquityCents: cents(2_000_000),
  depositsTodayCents: cents(0),
  fills: 0,
};

/** A fill that a mode can produce; the fee is what a venue could charge, from nothing to 10 %. */
function fills(mode: QuoteFunding): fc.Arbitrary<Fill> {
  const directions = mode === "inventory"
    ? (["SELL"] as const)
    : mode === "cash"
    ? (["BUY"] as const)
    : (["SELL", "BUY"] as const);
  return fc.record({
    direction: fc.constantFrom(...directions),
    contract: fc.constantFrom<Contract>("YES", "NO"),
    at: fc.integer({ min: 1, max: 99 }),
    quantity: fc.integer({ min: 1, max: 100 }),
    bps: fc.integer({ min: 0, max: 1000 }),
  }).map(({ direction, contract, at, quantity, bps }) =>
    fillOf([direction, contract, at, quantity], { feeCents: feeCents(cents(at * quantity), bps) })
  );
}

for (const mode of ["inventory", "cash", "inventory_then_cash"] as const) {
  Deno.test(`§29.6: each fill changes equity by exactly its edge less its fee, ${mode}`, () => {
    fc.assert(
      fc.property(
        fc.array(fills(mode), { maxLength: 40 }),
        fc.integer({ min: 1, max: 99 }),
        (sequence, mark) => {
          let ledger = openLedger(FUNDING);
          let holdings = START;
          for (const fill of sequence) {
            const before = equityCents(ledger.marketCashCents, holdings, mark);
            ledger = bookFill(ledger, fill);
            holdings = applyFill(holdings, fill).holdings;
            const edge = fill.side === "ASK" ? fill.yesPrice - mark : mark - fill.yesPrice;
            const after = equityCents(ledger.marketCashCents, holdings, mark);
            assert.equal(after - before, edge * fill.quantity - fill.feeCents);
          }
        },
      ),
      { numRuns: 100 },
    );
  });
}

Deno.test("§11: the cash of the ledger is what its formula says", () => {
  const anyFill = fc.oneof(fills("inventory"), fills("cash"));
  const amounts = fc.record({
    deposit: fc.integer({ min: -50_000, max: 50_000 }),
    minted: fc.nat(500),
    burned: fc.nat(500),
  });
  fc.assert(
    fc.property(fc.array(anyFill, { maxLength: 20 }), amounts, (sequence, amount) => {
      let ledger = openLedger(FUNDING);
      ledger = bookDeposit(ledger, cents(amount.deposit));
      ledger = bookMint(ledger, shares(amount.minted));
      ledger = sequence.reduce(bookFill, ledger);
      ledger = bookBurn(ledger, shares(amount.burned));
      const traded = (direction: "BUY" | "SELL") =>
        sequence.filter((fill) => fill.direction === direction)
          .reduce((sum, fill) => sum + fill.contractPrice * fill.quantity, 0);
      const fees = sequence.reduce((sum, fill) => sum + fill.feeCents, 0);
      assert.equal(ledger.feesPaidCents, fees);
      assert.equal(
        ledger.marketCashCents,
        FUNDING + amount.deposit + traded("SELL") - traded("BUY") - fees -
          100 * amount.minted + 100 * amount.burned,
      );
    }),
    { numRuns: 100 },
  );
});

Deno.test("§11: a deposit at any moment changes equity and no profit figure", () => {
  fc.assert(
    fc.property(
      fc.array(fills("inventory_then_cash"), { maxLength: 20 }),
      fc.integer({ min: -100_000, max: 100_000 }),
      fc.double({ min: 0, max: 100, noNaN: true }),
      (sequence, amount, markCents) => {
        const ledger = sequence.reduce(bookFill, openLedger(FUNDING));
        const holdings = sequence.reduce((held, fill) => applyFill(held, fill).holdings, START);
        const before = profitAndLoss({ ledger, holdings, markCents, day: DAY });
        const after = profitAndLoss({
          ledger: bookDeposit(ledger, cents(amount)),
          day: noteDeposit(DAY, cents(amount)),
          holdings,
          markCents,
        });
        assert.deepEqual(after, { ...before, equityCents: before.equityCents + amount });
      },
    ),
    { numRuns: 100 },
  );
});

Deno.test("§11: at no price of the outcome is the loss larger than the worst case", () => {
  fc.assert(
    fc.property(
      fc.array(fills("inventory_then_cash"), { maxLength: 20 }),
      fc.double({ min: 0, max: 100, noNaN: true }),
      (sequence, markCents) => {
        const ledger = sequence.reduce(bookFill, openLedger(FUNDING));
        const holdings = sequence.reduce((held, fill) => applyFill(held, fill).holdings, START);
        const { pnlTotalCents, worstCaseCents } = profitAndLoss({
          ledger,
          holdings,
          markCents,
          day: DAY,
        });
        assert.ok(pnlTotalCents >= worstCaseCents, `${pnlTotalCents} < ${worstCaseCents}`);
      },
    ),
    { numRuns: 100 },
  );
});

Deno.test("§11: realised profit and remaining cost add up to the cash that moved", () => {
  fc.assert(
    fc.property(fc.array(fills("inventory_then_cash"), { maxLength: 30 }), (sequence) => {
      let position = bookMintCost(NO_POSITION, shares(5000));
      const costBefore = position.yesCostCents + position.noCostCents;
      let realised = 0;
      for (const fill of sequence) {
        const next = bookFillCost(position, fill);
        position = next.position;
        realised += next.realisedCents;
      }
      const cash = sequence.reduce(bookFill, openLedger(FUNDING)).marketCashCents - FUNDING;
      const costAfter = position.yesCostCents + position.noCostCents;
      assert.equal(realised, cash + costAfter - costBefore);
    }),
    { numRuns: 100 },
  );
});

Deno.test("risk: no fill makes holdings negative, and what was missing is reported", () => {
  fc.assert(
    fc.property(fills("inventory"), fc.nat(100), fc.nat(100), (fill, yes, no) => {
      const { holdings, missingShares } = applyFill(holding(yes, no), fill);
      const held = fill.contract === "YES" ? yes : no;
      const left = fill.contract === "YES" ? holdings.yes : holdings.no;
      assert.equal(left - missingShares, held - fill.quantity);
      assert.ok(left === 0 || missingShares === 0);
    }),
    { numRuns: 100 },
  );
});
