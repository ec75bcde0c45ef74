/**
 * What the specification demands, and the tests that prove it. A requirement is met when its test
 * is there: a test that is renamed or removed makes this one fail.
 */

import assert from "node:assert/strict";
import { testNames } from "../support/test_names.ts";

/** The property tests of the invariants of strategy.md §29, by number. */
const INVARIANTS: Readonly<Record<number, readonly string[]>> = {
  1: [
    "property funding, ${mode}: only directions of the mode, paired as in §0.4 (§29 item 1)",
    "L-24 property sanitizer, ${mode}: whatever comes in, only sound orders within all limits go out",
  ],
  2: [
    "L-67 property diff, ${name}: own quotes never meet, at no instant and whatever fails (§29 item 2)",
    "L-67 property order manager: own orders never meet at the venue, whatever is lost, late or refused",
    "decision: own bids stay below own asks in every mode (§29 item 2)",
  ],
  3: [
    "property funding, ${mode}: never more than there is, and never more than was quoted (§29 item 3)",
    "property diff, ${name}: stock and cash are never promised twice, at no instant (§29 item 3)",
  ],
  4: [
    "C-03: ask and bid do not rise when the skew rises",
    "asEngine: quotes mirror: 100-s and -q give 100-bid and 100-ask",
    "asEngine: a larger multiplier never brings a quote closer (§29 item 4)",
    "gradient: other side, 100-price and -q give the mirrored ladder (§29 item 4)",
    "gradient: heavy YES never offers less nor bids for more (§29 item 4)",
    "§29.4: in any market the quoted spread widens with the defence level",
    "decision: with equal skew every funding mode quotes the same prices (§29 item 4)",
  ],
  5: [
    "§29.5: through any history the level is monotone in the skew and in the loss",
    "§29.5: KILL_SWITCH absorbs every history, also across restarts",
  ],
  6: ["§29.6: each fill changes equity by exactly its edge less its fee, ${mode}"],
  7: [
    "property restart, ${quoteFunding}: a restart at any point loses and doubles nothing (§29 item 7)",
    "trade poller: 10,000 trades through a memory of 1,000 ids are each delivered once (L-41)",
  ],
  8: [
    "§29.8: a missing figure never leads to a lower level",
    "§29.8: an unknown price or time never narrows the spread or raises the quantity",
    "asEngine: input that is not finite never becomes a quote (§29 item 8)",
    "decision: data that is missing, stale or malformed quotes nothing, and lowers no level (§29 item 8)",
    "decision: a book that cannot be read has no say, and lowers no level that the skew asks for (§29 item 8)",
    "oracle: whatever it says, no side is quoted nearer or larger than without it (§15)",
  ],
  9: [
    "seed_literal equals the seed's formulas to 1e-12 (§29 item 9)",
    "standard equals the unit-correct formulas of §6.5 (§29 item 9)",
  ],
  10: [
    "startup: with shipped defaults both sides are quoted within one cycle at every anchor from 3 to 97 (§29 item 10)",
    "startup: with cash funding and a mint out of order both sides are quoted by purchases (§29 item 10)",
  ],
  11: [
    "leases: three processes share the markets, none has more than its share",
    "leases: a process that is cut off from the store has no order left when its lease runs out",
    "leases: a store that loses everything costs a pause, and no market ever has two",
  ],
};

/** The lessons of strategy.md §28 about pricing, orders, money and risk, each with its first test. */
const LESSONS: Readonly<Record<string, string>> = {
  "L-01": "oracle: three reads fail, the fourth succeeds: normal within one cycle (L-01)",
  "L-02": "L-02: an override of 0 hours is a value: it quotes nearly as 0.001 hours do",
  "L-04": "L-04 order diff: a price that comes back is quoted again, 50, 51, 50 in three cycles",
  "L-05": "L-05 fundQuotes: with inventory and no cash both sides are quoted",
  "L-06": "L-06: golden vector of §7: ${label} quotes ${ask} / ${bid}",
  "L-07":
    "startup: the quoted spread lies between 2 and 10 cents with at least two levels a side (L-07)",
  "L-08": "L-08: an untraded market stays at its anchor of 20 in each phase and mode",
  "L-09": "L-09: 200 balanced trades around 12 bring the belief to 12, wherever it began",
  "L-10":
    "quote cycle: an answer without the agreed form withdraws the quotes and never becomes a zero (L-10)",
  "L-11": "quote cycle: a seller of NO fills the own bid, and N falls, not Y (L-11)",
  "L-12": "L-12: a ${trade[0]} of ${trade[1]} changes one contract and the cash",
  "L-13":
    "startup: trades of an earlier run are not replayed onto the positions read at start (L-13)",
  "L-14": "L-14: a fill of 100 at 63 with a recorded fee of 4 adds 6296 to the cash",
  "L-15": "L-15 order manager: a level that was filled exists again, and nothing else changes",
  "L-16":
    "L-16 order diff: all stock resting and an unchanged target mean zero actions for ten cycles",
  "L-17":
    "L-17 order diff: a move of fair by one cent takes only replaces, and neither side is ever empty",
  "L-18": "L-18 order manager: after 20 cycles the open orders are the target, each placed once",
  "L-19": "L-19: a book with own asks only is told as such, side by side",
  "L-20": "L-20: a failed book read gives no micro-price and keeps the history",
  "L-21": "L-21: two hours before the end quotes are wider and smaller than 200 hours before it",
  "L-22": "L-22: WIDEN is at least 1.5 times as wide less 1 c, also at the maximum",
  "L-23": "L-23: at q 0.7 the top is ceil(r) - 2 on the reducing side, ${quoteFunding}",
  "L-24":
    "L-24 property sanitizer, ${mode}: whatever comes in, only sound orders within all limits go out",
  "L-25":
    "defence: a kill stays latched through a hundred calm cycles and a restart, until a person releases it (L-25)",
  "L-26": "L-26: all 16 pairs of levels compare by rank and not by name",
  "L-27": "L-27: a restart with nothing held mints from the market's own cash only (§19)",
  "L-28": "defence: losses of the day survive a restart, so that two halves make a kill (L-28)",
  "L-29": "L-29: a market that is suspended under a placement is killed in the same cycle",
  "L-31":
    "quote cycle: a programming error in one market stops that market without an order; the other goes on (L-31)",
  "L-33":
    "L-33 order manager: cancels that fail twice are repeated until nothing rests, one success each",
  "L-34": "market context: latch, level, day, phase and learner survive a restart (L-34)",
  "L-36":
    "startup: a mint that gets no answer keeps inventory funding from starting until it does, and happens once (L-36)",
  "L-37":
    "startup: the answer to the opening mint is lost but it happened: exactly one mint is booked (L-37)",
  "L-38":
    "L-38 property order manager: after any bad day the open orders are the target, none twice",
  "L-41":
    "market context: a trade whose booking fails stays in the inbox and is booked by the next try (L-41)",
  "L-42": "trade poller: 130 trades between two polls are all delivered once, oldest first (L-42)",
  "L-43": "L-43: a position that changes between two reads is taken whole or not at all",
  "L-44": "account book: the ledgers and the unallocated cash always add up to the account (L-44)",
  "L-45": "L-45: all stock rests at the end, two burns fail: the third merges the pairs",
  "L-46": "L-46: the table of §18",
  "L-47": "L-47: anything but a good answer of the source is an error with a reason, never a price",
  "L-48": "L-48: two fills of 47 % of the side within 300 ms ask for ONE_SIDE",
  "L-49": "L-49: at the ends of the range ask and bid stay apart and inside 1 to 99",
  "L-50": "L-50: a ladder that starts at 97 ends there: its next level would be 102",
  "L-51": "L-51: 200 traded shares end EXPLORATION, 199 do not",
  "L-52": "L-52: the gamma tier follows the age of the market in each cycle",
  "L-58": "L-58: a venue that fails on NO orders only: alert, WIDEN, and back once it has healed",
  "L-65":
    "L-65 order manager: at 30 calls a minute a walking ladder of three levels stays near its target",
  "L-66": "L-66: the micro-price of the spoof table (§2)",
  "L-67":
    "L-67 property diff, ${name}: own quotes never meet, at no instant and whatever fails (§29 item 2)",
  "L-68":
    "L-68: after a crash with orders resting, what is free is what the venue says, ${quoteFunding}",
  "L-69": "defence: a pricer that fails does not keep a kill from happening (L-69)",
  "L-70": "L-70: a book that somebody pushes by 20 cents, without a trade, never lowers the level",
  "L-71":
    "quote cycle: a wall clock that jumps by an hour makes nothing stale and changes no phase (L-71)",
};

const names = testNames();

Deno.test("traceability: every invariant of §29 has its property tests, each by its name", () => {
  for (const [invariant, tests] of Object.entries(INVARIANTS)) {
    assert.ok(tests.length > 0, invariant);
    for (const test of tests) assert.ok(names.includes(test), `§29 item ${invariant}: ${test}`);
  }
  const numbered = Array.from({ length: 11 }, (_, index) => String(index + 1));
  assert.deepEqual(Object.keys(INVARIANTS), numbered);
});

Deno.test("L-64: every lesson of §28 about pricing, orders, money and risk has a test with its name", () => {
  for (const [lesson, test] of Object.entries(LESSONS)) {
    assert.ok(test.includes(lesson), `${lesson} is not in the name: ${test}`);
    assert.ok(names.includes(test), `${lesson}: ${test}`);
  }
});

Deno.test("traceability: no other lesson is called after without being in the table", () => {
  const others = ["L-03", "L-30", "L-32", "L-35", "L-39", "L-40", "L-53", "L-54", "L-55", "L-56"]
    .concat(["L-57", "L-59", "L-60", "L-61", "L-62", "L-63", "L-64"]);
  const mentioned = new Set(names.flatMap((name) => name.match(/\bL-\d\d\b/g) ?? []));
  const unknown = [...mentioned].filter((lesson) =>
    LESSONS[lesson] === undefined && !others.includes(lesson)
  );
  assert.deepEqual(unknown, []);
});
