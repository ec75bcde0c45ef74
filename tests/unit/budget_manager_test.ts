import assert from "node:assert/strict";
import {
  effectiveSkew,
  type Holdings,
  NO_HOLDINGS,
  NO_POSITION,
} from "../../src/models/inventory.ts";
import { cents, shares } from "../../src/models/money.ts";
import type { Fill } from "../../src/models/order.ts";
import {
  type DayState,
  globalDayPnl,
  lossAlerts,
  markOf,
  noteDeposit,
  profitAndLoss,
  riskPnl,
  rollDay,
} from "../../src/risk/budget.ts";
import { CALM, evaluateDefense } from "../../src/risk/defense_stack.ts";
import { applyFill } from "../../src/risk/holdings.ts";
import {
  bookBurn,
  bookDeposit,
  bookFee,
  bookFill,
  bookMint,
  freeCash,
  type Ledger,
  noteLeak,
  openLedger,
  openLedgerWithHoldings,
} from "../../src/risk/ledger.ts";
import { bookBurnCost, bookFillCost, bookMintCost } from "../../src/risk/position_costs.ts";
import { brokenInvariants } from "../../src/risk/stock_invariants.ts";
import { marketConfig } from "../support/config.ts";
import { fillOf, holding, restingOrder, type Trade } from "../support/risk.ts";

const FUNDING = cents(100_000);
const NOON = Date.UTC(2026, 0, 5, 12);
const DAY_MS = 86_400_000;

/** A day that began with the funding. */
const DAY: DayState = {
  day: "2026-01-05",
  startEquityCents: FUNDING,
  depositsTodayCents: cents(0),
  fills: 0,
};

interface Books {
  readonly ledger: Ledger;
  readonly holdings: Holdings;
}

function booked(books: Books, fills: readonly Fill[]): Books {
  return fills.reduce<Books>(
    ({ ledger, holdings }, fill) => ({
      ledger: bookFill(ledger, fill),
      holdings: applyFill(holdings, fill).holdings,
    }),
    books,
  );
}

/** The `inventory` example of §11: 1000 pairs, 120 YES sold at 52 and 40 NO at 53. */
function inventoryExample(): Books {
  const minted = {
    ledger: bookMint(openLedger(FUNDING), shares(1000)),
    holdings: holding(1000, 1000),
  };
  return booked(minted, [
    fillOf(["SELL", "YES", 52, 120], { feeCents: 7 }),
    fillOf(["SELL", "NO", 53, 40], { feeCents: 3 }),
  ]);
}

/** The same fills with `cash` funding and no mint. */
function cashExample(): Books {
  return booked({ ledger: openLedger(FUNDING), holdings: NO_HOLDINGS }, [
    fillOf(["BUY", "NO", 48, 120], { feeCents: 6 }),
    fillOf(["BUY", "YES", 47, 40], { feeCents: 2 }),
  ]);
}

Deno.test("budget: the inventory example of §11 to the cent", () => {
  const books = inventoryExample();
  assert.equal(books.ledger.marketCashCents, 8350);
  assert.deepEqual(books.holdings, { yes: 880, no: 960 });
  assert.equal(effectiveSkew(books.holdings, 400).toFixed(4), "-0.0435");
  const table: [mark: number, equity: number, pnl: number][] = [
    [50, 100_350, 350],
    [56, 99_870, -130],
    [60, 99_550, -450],
    [90, 97_150, -2850],
  ];
  for (const [markCents, equityCents, pnl] of table) {
    assert.deepEqual(profitAndLoss({ ...books, markCents, day: DAY }), {
      equityCents,
      pnlDayCents: pnl,
      pnlTotalCents: pnl,
      worstCaseCents: -3650,
    });
  }
});

Deno.test("budget: the cash example of §11 to the cent", () => {
  const books = cashExample();
  assert.equal(books.ledger.marketCashCents, 92_352);
  assert.deepEqual(books.holdings, { yes: 40, no: 120 });
  assert.equal(effectiveSkew(books.holdings, 400), -0.2);
  const equities = [50, 56, 60, 90].map((markCents) =>
    profitAndLoss({ ...books, markCents, day: DAY }).equityCents
  );
  assert.deepEqual(equities, [100_352, 99_872, 99_552, 97_152]);
  assert.equal(profitAndLoss({ ...books, markCents: 50, day: DAY }).worstCaseCents, -3648);
});

Deno.test("budget: the loss at a price of 90 asks for ONE_SIDE in the same cycle", () => {
  const pnl = profitAndLoss({ ...inventoryExample(), markCents: 90, day: DAY });
  const { state } = evaluateDefense(CALM, {
    skew: -0.0435,
    riskPnlCents: riskPnl(pnl),
    globalDayPnlCents: pnl.pnlDayCents,
    maxDailyLossCents: 10_000,
    equityCents: pnl.equityCents,
    marketStatus: "ACTIVE",
    guards: [],
    nowMs: NOON,
  }, marketConfig());
  assert.equal(state.level, "ONE_SIDE");
});

Deno.test("budget: the YES sale of the example releases 6000 of cost and realises 233", () => {
  const minted = bookMintCost(NO_POSITION, shares(1000));
  assert.deepEqual([minted.yesCostCents, minted.noCostCents], [50_000, 50_000]);
  const sold = bookFillCost(minted, fillOf(["SELL", "YES", 52, 120], { feeCents: 7 }));
  assert.equal(sold.position.yesCostCents, 44_000);
  assert.equal(sold.realisedCents, 233);
});

Deno.test("position costs: what a partial sale rounds off is released with the last share", () => {
  const bought = bookFillCost(NO_POSITION, fillOf(["BUY", "NO", 33, 3])).position;
  const odd = { ...bought, noCostCents: cents(100) };
  const one = bookFillCost(odd, fillOf(["SELL", "NO", 40, 1]));
  assert.deepEqual([one.position.noCostCents, one.realisedCents], [67, 7]);
  const rest = bookFillCost(one.position, fillOf(["SELL", "NO", 40, 2]));
  assert.deepEqual([rest.position.noCostCents, rest.realisedCents], [0, 13]);
});

Deno.test("position costs: a burn releases the cost of both contracts", () => {
  const minted = bookMintCost(NO_POSITION, shares(100));
  const burned = bookBurnCost(minted, shares(30));
  assert.deepEqual(burned, { yes: 70, no: 70, yesCostCents: 3500, noCostCents: 3500 });
});

Deno.test("position costs: a sale of shares nobody knew of releases only the cost there is", () => {
  const bought = bookFillCost(NO_POSITION, fillOf(["BUY", "YES", 50, 10])).position;
  const sold = bookFillCost(bought, fillOf(["SELL", "YES", 60, 15]));
  assert.deepEqual([sold.position.yes, sold.position.yesCostCents], [0, 0]);
  assert.equal(sold.missingShares, 5);
});

const FILL_EFFECTS: [trade: Trade, yes: number, no: number, cash: number][] = [
  [["SELL", "YES", 52, 10], -10, 0, 520],
  [["BUY", "NO", 48, 10], 0, 10, -480],
  [["SELL", "NO", 53, 10], 0, -10, 530],
  [["BUY", "YES", 47, 10], 10, 0, -470],
];

for (const [trade, yes, no, cash] of FILL_EFFECTS) {
  Deno.test(`L-12: a ${trade[0]} of ${trade[1]} changes one contract and the cash`, () => {
    const fill = fillOf(trade, { feeCents: 1 });
    const { holdings, missingShares } = applyFill(holding(100, 100), fill);
    assert.deepEqual(holdings, { yes: 100 + yes, no: 100 + no });
    assert.equal(missingShares, 0);
    assert.equal(bookFill(openLedger(FUNDING), fill).marketCashCents, 100_000 + cash - 1);
  });
}

Deno.test("L-14: a fill of 100 at 63 with a recorded fee of 4 adds 6296 to the cash", () => {
  const ledger = bookFill(openLedger(FUNDING), fillOf(["SELL", "YES", 63, 100], { feeCents: 4 }));
  assert.equal(ledger.marketCashCents, 106_296);
  assert.equal(ledger.feesPaidCents, 4);
});

Deno.test("L-14: a venue that charges makers nothing leaves no fee after 50 fills", () => {
  const fills = Array<Fill>(50).fill(fillOf(["SELL", "YES", 52, 3]));
  const { ledger } = booked({ ledger: openLedger(FUNDING), holdings: holding(150, 0) }, fills);
  assert.equal(ledger.feesPaidCents, 0);
  assert.equal(ledger.marketCashCents, 100_000 + 50 * 156);
});

Deno.test("budget: selling more than is held reports the missing shares and stays booked", () => {
  const { holdings, missingShares } = applyFill(holding(5, 9), fillOf(["SELL", "YES", 52, 8]));
  assert.deepEqual(holdings, { yes: 0, no: 9 });
  assert.equal(missingShares, 3);
});

Deno.test("L-27: a loss in one market leaves the books of the other alone", () => {
  const day = rollDay(null, NOON, FUNDING);
  const loser = booked({ ledger: openLedger(FUNDING), holdings: NO_HOLDINGS }, [
    fillOf(["BUY", "YES", 60, 100]),
  ]);
  const other = { ledger: openLedger(FUNDING), holdings: NO_HOLDINGS };
  assert.equal(profitAndLoss({ ...loser, markCents: 20, day }).pnlDayCents, -4000);
  assert.equal(profitAndLoss({ ...other, markCents: 20, day }).pnlDayCents, 0);
});

Deno.test("L-28: 60 % of the limit lost, a restart, 60 % lost again is a KILL", () => {
  const config = marketConfig();
  let books: Books = { ledger: openLedger(FUNDING), holdings: NO_HOLDINGS };
  let day = rollDay(null, NOON, FUNDING);
  // Bought at 60, worth 30: 3000 lost of 5000.
  books = booked(books, [fillOf(["BUY", "YES", 60, 100])]);
  const first = profitAndLoss({ ...books, markCents: 30, day });
  assert.equal(riskPnl(first), -3000);

  const restarted: { books: Books; day: DayState } = JSON.parse(JSON.stringify({ books, day }));
  day = rollDay(restarted.day, NOON + 60_000, first.equityCents);
  books = booked(restarted.books, [fillOf(["BUY", "YES", 60, 100])]);
  const second = profitAndLoss({ ...books, markCents: 30, day });
  assert.equal(riskPnl(second), -6000);
  assert.ok(riskPnl(second) < -config.maxPerMarketLossCents);
});

Deno.test("budget: the day begins at midnight UTC with the equity of that moment", () => {
  const first = rollDay(null, Date.UTC(2026, 0, 5, 23, 59, 59, 999), cents(90_000));
  assert.equal(first.day, "2026-01-05");
  assert.equal(rollDay(first, Date.UTC(2026, 0, 5, 0, 0, 1), cents(1)), first);
  assert.deepEqual(rollDay(first, Date.UTC(2026, 0, 6), cents(80_000)), {
    day: "2026-01-06",
    startEquityCents: 80_000,
    depositsTodayCents: 0,
    fills: 0,
  });
});

Deno.test("budget: a wall clock that is set back a day does not wipe out the losses", () => {
  const day = rollDay(null, NOON, cents(100_000));
  assert.equal(rollDay(day, NOON - DAY_MS, cents(40_000)), day);
});

Deno.test("C-07: the risk figure is the worse of day and total", () => {
  const books = cashExample();
  const richDay = { ...DAY, startEquityCents: cents(104_000) };
  const poorDay = { ...DAY, startEquityCents: cents(95_000) };
  assert.equal(riskPnl(profitAndLoss({ ...books, markCents: 50, day: richDay })), -3648);
  assert.equal(riskPnl(profitAndLoss({ ...books, markCents: 50, day: poorDay })), 352);
});

Deno.test("budget: a deposit or a withdrawal of any size changes no profit", () => {
  const books = inventoryExample();
  for (const amount of [1_000_000, -8000]) {
    const ledger = bookDeposit(books.ledger, cents(amount));
    const day = noteDeposit(DAY, cents(amount));
    const pnl = profitAndLoss({ ledger, holdings: books.holdings, markCents: 60, day });
    assert.equal(pnl.equityCents, 99_550 + amount);
    assert.deepEqual([pnl.pnlDayCents, pnl.pnlTotalCents, pnl.worstCaseCents], [
      -450,
      -450,
      -3650,
    ]);
  }
});

Deno.test("budget: no trades and no inventory are worth the funding at any price", () => {
  const books = { ledger: openLedger(FUNDING), holdings: NO_HOLDINGS };
  for (const markCents of [0, 1, 50, 99, 100]) {
    assert.equal(profitAndLoss({ ...books, markCents, day: DAY }).pnlTotalCents, 0);
  }
});

Deno.test("budget: mint and burn move cash into pairs and back without profit", () => {
  const minted = bookMint(openLedger(FUNDING), shares(400));
  assert.equal(minted.marketCashCents, 60_000);
  const burned = bookBurn(minted, shares(150));
  assert.equal(burned.marketCashCents, 75_000);
  assert.deepEqual([burned.mintedPairs, burned.burnedPairs], [400, 150]);
  const pnl = profitAndLoss({
    ledger: burned,
    holdings: holding(250, 250),
    markCents: 3,
    day: DAY,
  });
  assert.equal(pnl.pnlTotalCents, 0);
});

Deno.test("budget: a fee found in the account balance is a loss", () => {
  const ledger = bookFee(openLedger(FUNDING), cents(12));
  assert.deepEqual([ledger.marketCashCents, ledger.feesPaidCents], [99_988, 12]);
});

Deno.test("budget: a mark that is no price gives no figure", () => {
  const books = inventoryExample();
  for (const markCents of [NaN, -1, 101]) {
    assert.throws(() => profitAndLoss({ ...books, markCents, day: DAY }), RangeError);
  }
});

Deno.test("budget: free cash leaves out the freeze of each resting BUY with its fee buffer", () => {
  const orders = [
    restingOrder(["BUY", "NO", 48, 100]),
    restingOrder(["BUY", "YES", 44, 100], 44),
    restingOrder(["SELL", "YES", 52, 100]),
  ];
  // F(48,100) = 4810 and F(44,44) = 1940 at 20 bps.
  assert.equal(freeCash(openLedger(FUNDING), orders, 20), 100_000 - 4810 - 1940);
});

Deno.test("budget: leaked cash stays in the ledger", () => {
  const ledger = noteLeak(openLedger(FUNDING), cents(500));
  assert.deepEqual([ledger.marketCashCents, ledger.leakCents], [100_000, 500]);
});

Deno.test("budget: where the venue has leaked, the fee buffer of a purchase counts as leaked at once", () => {
  const purchase = fillOf(["BUY", "NO", 48, 105]);
  const sound = bookFill(openLedger(FUNDING), purchase);
  assert.deepEqual([sound.boughtCents, sound.leakCents], [5040, 0]);
  const leaking = bookFill(noteLeak(openLedger(FUNDING), cents(3)), purchase);
  assert.deepEqual([leaking.boughtCents, leaking.leakCents], [5040, 3 + 11]);
  assert.equal(leaking.marketCashCents, 100_000 - 5040);
  const sale = bookFill(noteLeak(openLedger(FUNDING), cents(3)), fillOf(["SELL", "NO", 48, 105]));
  assert.deepEqual([sale.boughtCents, sale.leakCents], [0, 3], "a sale freezes no cash");
});

Deno.test("budget: adopted holdings are taken off the opening cash, so profit starts at 0", () => {
  const holdings = holding(300, 700);
  const ledger = openLedgerWithHoldings(FUNDING, holdings, 45);
  // 300 pairs and 400 NO at 55.
  assert.equal(ledger.marketCashCents, 100_000 - 30_000 - 22_000);
  assert.equal(profitAndLoss({ ledger, holdings, markCents: 45, day: DAY }).pnlTotalCents, 0);
});

Deno.test("budget: adopted holdings worth more than the funding count as a deposit", () => {
  const holdings = holding(1200, 1200);
  const ledger = openLedgerWithHoldings(FUNDING, holdings, 45);
  assert.deepEqual([ledger.marketCashCents, ledger.netDepositsCents], [0, 20_000]);
  assert.equal(profitAndLoss({ ledger, holdings, markCents: 45, day: DAY }).pnlTotalCents, 0);
});

Deno.test("mark_source: fair marks at the fair price whatever is quoted", () => {
  const mark = { holdings: holding(10, 0), fairCents: 50.4, ownBid: 40, ownAsk: 45 };
  assert.equal(markOf(mark, { markSource: "fair" }), 50.4);
});

Deno.test("mark_source: conservative marks at the own reducing quote where that is worse", () => {
  const config = { markSource: "conservative" } as const;
  const quotes = { fairCents: 50, ownBid: 53, ownAsk: 47 };
  assert.equal(markOf({ ...quotes, holdings: holding(10, 0) }, config), 47);
  assert.equal(markOf({ ...quotes, holdings: holding(0, 10) }, config), 53);
  const wide = { fairCents: 50, ownBid: 45, ownAsk: 55 };
  assert.equal(markOf({ ...wide, holdings: holding(10, 0) }, config), 50);
  assert.equal(markOf({ ...wide, holdings: holding(0, 10) }, config), 50);
  const unquoted = { fairCents: 50, ownBid: null, ownAsk: null };
  assert.equal(markOf({ ...unquoted, holdings: holding(10, 0) }, config), 50);
});

Deno.test("C-07: the global figure sums all markets, live ones in place of their last word", () => {
  assert.equal(globalDayPnl({ A: -4000, B: -3000, DEAD: -2000 }, { A: -6000, NEW: 500 }), -10_500);
  assert.equal(globalDayPnl({}, {}), 0);
});

Deno.test("budget: an alert comes at 80 % of a budget, for each budget on its own", () => {
  const config = marketConfig();
  const alerts = (riskPnlCents: number, globalDayPnlCents: number) =>
    lossAlerts({ riskPnlCents, globalDayPnlCents, maxDailyLossCents: 10_000 }, config)
      .map(({ budget }) => budget);
  assert.deepEqual(alerts(-3999, -7999), []);
  assert.deepEqual(alerts(-4000, -7999), ["max_per_market_loss_cents"]);
  assert.deepEqual(alerts(-3999, -8000), ["max_daily_loss_cents"]);
  assert.deepEqual(alerts(5000, 5000), []);
});

Deno.test("stock invariants: books that cover the resting orders are sound", () => {
  const orders = [restingOrder(["SELL", "YES", 52, 100]), restingOrder(["SELL", "NO", 53, 40], 30)];
  const check = { holdings: holding(100, 30), ledger: openLedger(FUNDING), orders, freezeBps: 20 };
  assert.deepEqual(brokenInvariants(check), []);
});

Deno.test("stock invariants: every promise the books cannot keep is named", () => {
  const orders = [
    restingOrder(["SELL", "YES", 52, 60]),
    restingOrder(["SELL", "YES", 55, 50]),
    restingOrder(["SELL", "NO", 53, 40]),
    restingOrder(["BUY", "YES", 47, 2200]),
  ];
  const check = { holdings: holding(109, 39), ledger: openLedger(FUNDING), orders, freezeBps: 20 };
  assert.deepEqual(brokenInvariants(check), [
    "YES_OVERSOLD",
    "NO_OVERSOLD",
    "CASH_OVERCOMMITTED",
  ]);
});
