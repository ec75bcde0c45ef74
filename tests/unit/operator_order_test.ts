import assert from "node:assert/strict";
import {
  advanceOrder,
  type OperatorOrder,
  orderTriggers,
  pauseOf,
} from "../../src/cycle/operator_order.ts";

const ASKED = { operator: "ann", reason: "drill" };
const FLATTEN: OperatorOrder = { kind: "flatten", stage: "withdrawing", cycle: 7, ...ASKED };
const SEEN = { cycle: 8, isBookEmpty: true, isNeutral: false };

function stageAfter(order: OperatorOrder, seen: Partial<typeof SEEN>) {
  const after = advanceOrder(order, { ...SEEN, ...seen });
  return after?.kind === "flatten" ? after.stage : after?.kind;
}

Deno.test("flatten: reduces only after a later cycle has seen an empty own book", () => {
  assert.equal(stageAfter(FLATTEN, { cycle: 7 }), "withdrawing", "the same cycle proves nothing");
  assert.equal(stageAfter(FLATTEN, { isBookEmpty: false }), "withdrawing");
  assert.equal(stageAfter(FLATTEN, {}), "reducing");
});

Deno.test("flatten: is over once no side is heavy, and stays over", () => {
  const reducing: OperatorOrder = { ...FLATTEN, stage: "reducing" };
  assert.equal(stageAfter(reducing, { isBookEmpty: false }), "reducing");
  assert.equal(stageAfter(reducing, { isBookEmpty: false, isNeutral: true }), "flat");
  assert.equal(stageAfter({ ...FLATTEN, stage: "flat" }, {}), "flat");
});

Deno.test("operator orders: the market is paused except while a flatten reduces", () => {
  assert.equal(pauseOf(null), null);
  assert.equal(pauseOf({ kind: "pause", ...ASKED }), "OPERATOR");
  assert.equal(pauseOf(FLATTEN), "FLATTEN");
  assert.equal(pauseOf({ ...FLATTEN, stage: "reducing" }), null);
  assert.equal(pauseOf({ ...FLATTEN, stage: "flat" }), "FLATTEN");
  const levels = orderTriggers({ ...FLATTEN, stage: "reducing" }).map(({ level }) => level);
  assert.deepEqual(levels, ["ONE_SIDE"]);
  assert.deepEqual(orderTriggers({ ...FLATTEN, stage: "flat" }), []);
});
