import type { Instance, LeaseStore } from "../cache/lease_store.ts";
import { RedisLeaseStore } from "../cache/redis_lease_store.ts";
import { RedisLink } from "../cache/redis_link.ts";
import { StoreError } from "../cache/store_error.ts";
import type { GlobalConfig } from "../config/registry.ts";
import type { Random } from "../runtime/random.ts";

/** A command that takes longer counts as failed; never longer than the time between two. */
const REDIS_TIMEOUT_MS = 1000;
/** `instance_id` has at most 64 characters, a random end included. */
const MAX_HOST_LENGTH = 48;

/**
 * This process among those that share the account: named by the configuration or after the machine,
 * and told apart from every other start by chance.
 */
export function newInstance(global: GlobalConfig, hostName: string, random: Random): Instance {
  const own = random.fork("instance");
  const host = hostName.replace(/[^\w-]/g, "-").slice(0, MAX_HOST_LENGTH);
  return {
    instanceId: global.instanceId ?? `${host}-${hex(own)}`,
    nonce: `${hex(own)}${hex(own)}`,
    assignment: global.marketAssignment,
  };
}

/**
 * Opens the place where processes see each other; none with `state_store: memory`, which no other
 * process can reach. A Redis that cannot be reached is no error: the connection goes on trying.
 */
export async function openLeases(global: GlobalConfig, self: Instance): Promise<LeaseStore | null> {
  if (global.stateStore === "memory") return null;
  const timeoutMs = Math.min(REDIS_TIMEOUT_MS, global.leaseRenewMs);
  const link = new RedisLink({ url: global.redisUrl, timeoutMs });
  try {
    await link.open();
  } catch (error) {
    // The state store, on the same server, tells of it.
    if (!(error instanceof StoreError)) throw error;
  }
  const marketIds = global.marketAssignment === "leased" ? global.marketIds : [];
  return new RedisLeaseStore({ self, marketIds, ttlMs: global.leaseTtlMs, link });
}

function hex(random: Random): string {
  return Math.floor(random.next() * 2 ** 32).toString(16).padStart(8, "0");
}
