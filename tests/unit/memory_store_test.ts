import { MemoryStore } from "../../src/cache/memory_store.ts";
import { STORE_RULES } from "../support/store_contract.ts";

for (const { name, prove } of STORE_RULES) {
  Deno.test(`memory store: ${name}`, async () => {
    const leases = new Map<string, number>();
    const store = new MemoryStore((marketId, token) => leases.get(marketId) === token);
    const lease = (marketId: string, token: number) => {
      leases.set(marketId, token);
      return Promise.resolve();
    };
    await prove({ store, other: store, lease });
  });
}
