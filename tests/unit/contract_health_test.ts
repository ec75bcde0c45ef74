import assert from "node:assert/strict";
import { ContractHealth } from "../../src/connector/contract_health.ts";

Deno.test("contract health: two failures in a row on one contract only are a pattern (L-58)", () => {
  const health = new ContractHealth();
  health.failed("NO");
  assert.equal(health.degraded(), null);
  health.failed("NO");
  assert.deepEqual(health.degraded(), { contract: "NO", failures: 2 });
  health.answered("NO");
  assert.equal(health.degraded(), null);
});

Deno.test("contract health: a venue that fails on both is another matter", () => {
  const health = new ContractHealth();
  for (const contract of ["YES", "NO", "YES", "NO"] as const) health.failed(contract);
  assert.equal(health.degraded(), null);
  health.answered("YES");
  assert.deepEqual(health.degraded(), { contract: "NO", failures: 2 });
});
