/** What is written of a market is what is read back, whatever it is. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { rememberAll } from "../../src/cache/persisted_market.ts";
import type { FoundKey } from "../../src/cache/records/hash.ts";
import { type MarketHashes, readMarket } from "../../src/cache/records/market_records.ts";
import { arbitraryPersisted, hashesOf, persisted } from "../support/snapshots.ts";

Deno.test("state records: every field of every state is read back as it was written", () => {
  fc.assert(
    fc.property(arbitraryPersisted, (record) => {
      assert.deepEqual(readMarket(hashesOf(record)), rememberAll(record));
    }),
    { numRuns: 500 },
  );
});

/** Anything that may stand in a key: texts of all kinds in known and unknown fields. */
const garbageText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.constantFrom("", "NaN", "null", "-0", "1e999", "0x10", " 1", "1 ", "٣", "{", "ON", "OFF"),
  fc.double().map(String),
);

function garbled(key: FoundKey, damage: ReadonlyMap<string, string | null>): FoundKey {
  if (key.kind !== "hash") return key;
  const fields = { ...key.fields };
  for (const [name, text] of damage) {
    if (text === null) delete fields[name];
    else fields[name] = text;
  }
  return { kind: "hash", fields };
}

const damage = fc.record({
  part: fc.constantFrom<keyof MarketHashes>("risk", "ledger", "operation", "state"),
  picks: fc.array(fc.tuple(fc.nat(20), fc.option(garbageText, { nil: null })), { maxLength: 6 }),
  type: fc.option(fc.constantFrom("string", "list", "zset"), { nil: null, freq: 4 }),
});

Deno.test("state records: whatever is done to any fields of any key, reading never fails and no kill is forgotten", () => {
  fc.assert(
    fc.property(arbitraryPersisted, fc.array(damage, { maxLength: 4 }), (record, damages) => {
      const hashes = { ...hashesOf(record) };
      for (const { part, picks, type } of damages) {
        const { key, found } = hashes[part];
        const names = found.kind === "hash" ? Object.keys(found.fields) : [];
        const chosen = new Map(
          picks.map(([pick, text]) => [names[pick % names.length] ?? "x", text] as const),
        );
        // To write OFF is not damage but a release.
        if (chosen.get("kill_latched") === "OFF") chosen.delete("kill_latched");
        hashes[part] = {
          key,
          found: type === null ? garbled(found, chosen) : { kind: "other", type },
        };
      }
      const read = readMarket(hashes);
      if (record.defense.latch !== null) assert.notEqual(read?.risk?.defense.latch ?? null, null);
      for (const refusal of read?.refused ?? []) assert.ok(refusal.instead.length > 0);
      const { books } = read ?? { books: null };
      if (books !== null) assert.ok(Number.isSafeInteger(books.ledger.marketCashCents));
    }),
    { numRuns: 1000 },
  );
});

Deno.test("state records: a store without the market remembers nothing, and refuses nothing", () => {
  const none: FoundKey = { kind: "none" };
  const hashes = Object.fromEntries(
    Object.entries(hashesOf(persisted())).map(([part, { key }]) => [part, { key, found: none }]),
  ) as unknown as MarketHashes;
  assert.equal(readMarket(hashes), null);
});
