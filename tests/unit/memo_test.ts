import assert from "node:assert/strict";
import { oncePer } from "../../src/models/memo.ts";

Deno.test("memo: a value is worked out once for each object, and equal objects are not the same", () => {
  let worked = 0;
  const doubled = oncePer(({ size }: { readonly size: number }) => {
    worked++;
    return { twice: 2 * size };
  });
  const [first, second] = [{ size: 3 }, { size: 3 }];
  assert.equal(doubled(first).twice, 6);
  assert.equal(doubled(first), doubled(first));
  assert.equal(worked, 1);
  assert.notEqual(doubled(second), doubled(first));
  assert.equal(worked, 2);
});
