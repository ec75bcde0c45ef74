import assert from "node:assert/strict";
import type { PairOperation } from "../../src/cache/persisted_market.ts";
import { afterTrades } from "../../src/lifecycle/opening_books.ts";
import { withOwn } from "../../src/lifecycle/initializer.ts";
import { hasHappened } from "../../src/lifecycle/reconciler.ts";
import { shares } from "../../src/models/money.ts";
import { fillOf } from "../support/risk.ts";

const MINT: PairOperation = {
  kind: "MINT",
  key: "key",
  quantity: shares(2000),
  state: "SENT",
  createdAtMs: 0,
  retryAfterMs: 0,
  held: { yes: shares(0), no: shares(0) },
};

Deno.test("opening books: a mint whose shares were sold before anybody knew of it has happened", () => {
  const sold = [fillOf(["SELL", "YES", 52, 30]), fillOf(["SELL", "NO", 52, 10])];
  const before = afterTrades({ yes: shares(0), no: shares(0) }, sold);
  assert.deepEqual(before, { yes: -30, no: -10 });
  assert.ok(hasHappened(MINT, before, { yes: shares(1970), no: shares(1990) }));
  assert.ok(!hasHappened(MINT, before, { yes: shares(2000), no: shares(2000) }));
  assert.ok(!hasHappened(MINT, before, { yes: shares(0), no: shares(0) }));
});

Deno.test("opening books: what was bought meanwhile is no mint", () => {
  const bought = [fillOf(["BUY", "YES", 48, 30]), fillOf(["BUY", "NO", 48, 30])];
  const before = afterTrades({ yes: shares(5), no: shares(7) }, bought);
  assert.deepEqual(before, { yes: 35, no: 37 });
  assert.ok(!hasHappened(MINT, before, { yes: shares(35), no: shares(37) }));
  assert.ok(hasHappened(MINT, before, { yes: shares(2035), no: shares(2037) }));
});

Deno.test("start: what this process has asked for survives a store that has forgotten it, and does not overrule it", () => {
  const other: PairOperation = { ...MINT, key: "another" };
  const books = { books: null, risk: null, refused: [] };
  assert.equal(withOwn(null, null), null);
  assert.deepEqual(withOwn(MINT, null), { ...books, operation: MINT });
  assert.deepEqual(withOwn(MINT, { ...books, operation: null }), { ...books, operation: MINT });
  assert.deepEqual(withOwn(MINT, { ...books, operation: other }), { ...books, operation: other });
});
