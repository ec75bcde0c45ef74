import { z } from "zod";
import { ACQUIRE, BEAT, RELEASE } from "./lease_scripts.ts";
import {
  type Beat,
  type Instance,
  instanceOf,
  type LeaseAnswer,
  type LeaseStore,
  type LeaseStoreOptions,
  type LeaseView,
  memberOf,
} from "./lease_store.ts";
import type { RedisLink } from "./redis_link.ts";
import { StoreError } from "./store_error.ts";

/** What the leases in Redis need. */
export interface RedisLeaseStoreOptions extends LeaseStoreOptions {
  /** A connection of its own, so that no large write delays a renewal; closed with the store. */
  readonly link: Pick<RedisLink, "run" | "send" | "close">;
}

const INSTANCES = "amm:instances";
const EPOCH = "amm:epoch";

/** The key of a market's lease. */
export function leaseKey(marketId: string): string {
  return `amm:lease:${marketId}`;
}

/** What a lease key holds; other fields are left alone. */
const LEASE = z.object({
  instance_id: z.string(),
  nonce: z.string(),
  token: z.int(),
  acquired_at_ms: z.int(),
});

const BEAT_REPLY = z.union([
  z.tuple([z.literal("excluded"), z.array(z.string())]),
  z.tuple([z.literal("alive"), z.array(z.string()).nullable(), z.array(z.string().nullable())]),
]);

/** Leases in Redis (state and events spec §2.8), every step a script by the time of Redis. */
export class RedisLeaseStore implements LeaseStore {
  readonly self: Instance;
  readonly #options: RedisLeaseStoreOptions;

  constructor(options: RedisLeaseStoreOptions) {
    this.self = options.self;
    this.#options = options;
  }

  async beat(held: ReadonlyMap<string, number>): Promise<Beat> {
    const { self, marketIds, ttlMs, link } = this.#options;
    const { instanceId, nonce, assignment } = self;
    const reply = await link.run(BEAT, [INSTANCES, ...marketIds.map(leaseKey)], [
      ...[memberOf(self), instanceId, nonce, assignment === "all" ? "1" : "0", ttlMs],
      ...marketIds.map((marketId) => held.get(marketId) ?? ""),
    ]);
    const [kind, members, raws] = understood(BEAT_REPLY, reply);
    const instances = members?.flatMap((member) => instanceOf(member) ?? []) ?? null;
    if (kind === "excluded") return { kind, by: instances ?? [] };
    const leases = marketIds.map((marketId, at) => [marketId, viewOf(raws[at] ?? null)] as const);
    return { kind, instances, leases: new Map(leases) };
  }

  async acquire(marketId: string): Promise<LeaseAnswer> {
    const { self: { instanceId, nonce }, ttlMs, link } = this.#options;
    const keys = [EPOCH, INSTANCES, leaseKey(marketId), `amm:lease_token:${marketId}`];
    const reply = await link.run(ACQUIRE, keys, [instanceId, nonce, ttlMs]);
    if (reply === "BUSY") return { kind: "busy" };
    if (reply === "WAIT") return { kind: "wait" };
    return { kind: "granted", token: understood(z.coerce.number().int().positive(), reply) };
  }

  async release(marketId: string, token: number | null): Promise<void> {
    const { self: { nonce }, link } = this.#options;
    await link.run(RELEASE, [leaseKey(marketId)], [nonce, token ?? ""]);
  }

  async holder(marketId: string): Promise<LeaseView> {
    try {
      const [raw] = await this.#options.link.send(`read ${leaseKey(marketId)}`, [
        ["GET", leaseKey(marketId)],
      ]);
      return viewOf(understood(z.string().nullable(), raw));
    } catch (error) {
      // A key of another type is somebody's, too.
      if (error instanceof StoreError && error.kind === "refused") return "unreadable";
      throw error;
    }
  }

  async leave(): Promise<void> {
    const { self, link } = this.#options;
    await link.send(`leave ${INSTANCES}`, [["ZREM", INSTANCES, memberOf(self)]]);
  }

  async close(): Promise<void> {
    await this.#options.link.close();
  }
}

function viewOf(raw: string | null): LeaseView {
  if (raw === null) return null;
  const lease = LEASE.safeParse(parsed(raw));
  if (!lease.success) return "unreadable";
  const { instance_id, nonce, token, acquired_at_ms } = lease.data;
  return { instanceId: instance_id, nonce, token, acquiredAtMs: acquired_at_ms };
}

function parsed(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
}

/** A reply that a script of ours cannot have given is no answer. */
function understood<T>(form: z.ZodType<T>, reply: unknown): T {
  const result = form.safeParse(reply);
  if (result.success) return result.data;
  throw new StoreError("refused", "understand the reply to a lease script", result.error);
}
