import assert from "node:assert/strict";
import { Journal } from "../../sim/exchange/journal.ts";
import { idOf, IdSequence, idText } from "../../sim/exchange/ids.ts";
import { countBefore } from "../../sim/exchange/paging.ts";

function fail(): never {
  throw new Error("refused");
}

Deno.test("journal: a request that fails leaves fields and lists as they were", () => {
  const journal = new Journal();
  const record = { cash: 1, name: "a" };
  const list = [1];
  assert.throws(() =>
    journal.run(() => {
      journal.keep(record, "cash", record.cash);
      record.cash = 2;
      journal.keep(record, "cash", record.cash);
      record.cash = 3;
      Object.assign(journal.edit(record), { name: "b" });
      list.push(2);
      journal.note((numbers: number[]) => numbers.pop(), list, null);
      fail();
    }), /refused/);
  assert.deepEqual([record, list], [{ cash: 1, name: "a" }, [1]]);
});

Deno.test("journal: what a request has done stands when a later one fails", () => {
  const journal = new Journal();
  const record = { cash: 1 };
  journal.run(() => {
    journal.keep(record, "cash", record.cash);
    record.cash = 2;
  });
  assert.throws(() => journal.run(fail), /refused/);
  assert.equal(record.cash, 2);
});

Deno.test("journal: once sealed it notes nothing, until the next request", () => {
  const journal = new Journal();
  const record = { cash: 1 };
  const change = (isSealed: boolean) => () => {
    if (isSealed) journal.seal();
    journal.keep(record, "cash", record.cash);
    record.cash++;
    fail();
  };
  assert.throws(() => journal.run(change(true)), /refused/);
  assert.equal(record.cash, 2);
  assert.throws(() => journal.run(change(false)), /refused/);
  assert.equal(record.cash, 2);
});

Deno.test("ids: eighteen digits, rising with the clock and when it jumps back", () => {
  let nowMs = 1_800_000_000_000;
  const ids = new IdSequence(() => nowMs);
  const first = idText(ids.next());
  assert.equal(first, String(100_000_000_000n << 22n));
  assert.equal(idText(ids.next()), String((100_000_000_000n << 22n) + 1n));
  nowMs += 1;
  const later = idText(ids.next());
  assert.equal(later, String(100_000_000_001n << 22n));
  nowMs -= 1_000;
  assert.equal(idText(ids.next()), String((100_000_000_001n << 22n) + 1n));
});

Deno.test("ids: the second half runs over into the first", () => {
  // The first id of this moment ends in 999,999,488.
  const nowMs = 1_700_000_000_000 + 100_001_734_972;
  const ids = new IdSequence(() => nowMs);
  let previous = BigInt(idText(ids.next()));
  assert.equal(previous % 1_000_000_000n, 999_999_488n);
  for (let n = 0; n < 2_000; n++) {
    const next = BigInt(idText(ids.next()));
    assert.equal(next, previous + 1n);
    previous = next;
  }
});

Deno.test("ids: a text of eighteen digits is one, anything else is none", () => {
  assert.deepEqual(idOf("419430400000000007"), { high: 419_430_400, low: 7 });
  assert.equal(idText({ high: 419_430_400, low: 7 }), "419430400000000007");
  for (const text of ["", "1", "41943040000000000x", "4194304000000000071", "-19430400000000007"]) {
    assert.equal(idOf(text), null, text);
  }
});

Deno.test("paging: items before something are counted from either end", () => {
  for (let length = 0; length <= 40; length++) {
    for (let before = 0; before <= length; before++) {
      assert.equal(countBefore(length, (index) => index < before), before);
    }
  }
});
