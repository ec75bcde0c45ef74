import { z } from "zod";
import type { KillLatch } from "../models/explanation.ts";
import type { Logger } from "../runtime/log.ts";
import { type Author, contentOf, type MarketContent, writeCall } from "./market_write.ts";
import type { KillRelease, MarketSnapshot, RememberedMarket } from "./persisted_market.ts";
import { type FoundKey, HashReader } from "./records/hash.ts";
import {
  type LatchChange,
  latchFields,
  latchOf,
  releaseLatch,
  setLatch,
} from "./records/latch_record.ts";
import { readMarket } from "./records/market_records.ts";
import { readSharedRecord } from "./records/shared_records.ts";
import { dayPnlKey, marketKeys, SHARED_KEYS } from "./redis_keys.ts";
import type { RedisLink, RedisScript } from "./redis_link.ts";
import { CHANGE_LATCH, CLAIM_CASH, READ_HASHES, WRITE_MARKET } from "./redis_scripts.ts";
import type { SaveOutcome, SharedRecord, ShareRequest, StateStore } from "./state_store.ts";
import { StoreError } from "./store_error.ts";

/** What a store in Redis is made of. */
export interface RedisStoreOptions extends Author {
  readonly link: Pick<RedisLink, "run" | "send" | "problem" | "connections">;
  readonly log: Logger;
}

/** What the store held of a market when it was last known. */
interface Held {
  readonly content: MarketContent;
  /** False while a write is under way, and after one whose outcome is not known. */
  readonly isSure: boolean;
  /** The connection on which it was written: a server that comes back may have forgotten. */
  readonly connection: number;
  /** Writes of changes only since everything was written. */
  readonly changes: number;
}

/** So many writes of changes, and everything is written again: whatever was damaged is repaired. */
const CHANGES_UNTIL_REWRITE = 30;

const texts = z.array(z.string());
const writeReply = z.tuple([z.enum(["OK", "FENCED", "LOST"]), z.string()]).rest(z.string());
const claimReply = z.tuple([z.enum(["OK", "UNREADABLE"]), z.string()]);
const readReply = z.array(z.tuple([z.string(), texts]));

type WriteReply = z.infer<typeof writeReply>;

/**
 * State in Redis, shared by all instances (state and events spec §2). Everything of a market is
 * written by one script in one round trip: only what has changed since the last confirmed write, or
 * all of it where that is not known. While the server cannot be used every write fails at once;
 * `share`, which is called every second, finds out when it is back.
 */
export class RedisStore implements StateStore {
  readonly kind = "redis";
  readonly survivesRestart = true;
  readonly #options: RedisStoreOptions;
  readonly #held = new Map<string, Held>();
  #failed: string | null = null;

  constructor(options: RedisStoreOptions) {
    this.#options = options;
  }

  get problem(): string | null {
    return this.#options.link.problem ?? this.#failed;
  }

  async loadMarket(marketId: string): Promise<RememberedMarket | null> {
    this.#held.delete(marketId);
    const { risk, ledger, operation, state } = marketKeys(marketId);
    const [first, second, third, fourth] = await this.#read([risk, ledger, operation, state]);
    return readMarket({
      risk: { key: risk, found: first ?? NOTHING },
      ledger: { key: ledger, found: second ?? NOTHING },
      operation: { key: operation, found: third ?? NOTHING },
      state: { key: state, found: fourth ?? NOTHING },
    });
  }

  async saveMarket(
    marketId: string,
    snapshot: MarketSnapshot,
    token: number,
  ): Promise<SaveOutcome> {
    const { problem } = this;
    if (problem !== null) throw new StoreError("unavailable", `write ${marketId}`, problem);
    const author = { ...this.#options, fence: token };
    const shown = snapshot.published();
    const content = contentOf(marketId, snapshot.persisted, shown, author);
    const connection = this.#options.link.connections;
    const held = this.#held.get(marketId) ?? null;
    const isCertain = isSureOf(held, connection);
    if (held !== null) this.#held.set(marketId, { ...held, isSure: false });
    const write = async (full: boolean): Promise<WriteReply> => {
      const known = { content, held: held?.content ?? null, nowMs: shown.nowMs };
      const { keys, args } = writeCall(marketId, snapshot, { ...known, full, author, token });
      return await this.#run(WRITE_MARKET, keys, { args, reply: writeReply });
    };
    const first = await write(!isCertain);
    const isLost = first[0] === "LOST";
    const [outcome, , ...latch] = isLost ? await write(true) : first;
    if (outcome !== "OK") {
      throw new StoreError("fenced", `write ${marketId}`, "another instance works the market");
    }
    const changes = isCertain && !isLost ? (held?.changes ?? 0) + 1 : 0;
    this.#held.set(marketId, { content, connection, changes, isSure: true });
    const [, lost] = first;
    return {
      latch: latchIn(marketKeys(marketId).risk, latch),
      rewritten: lost === "" ? [] : lost.split(" "),
    };
  }

  async latchMarket(marketId: string, latch: KillLatch): Promise<void> {
    await this.#changeLatch(marketKeys(marketId).risk, setLatch(latch));
  }

  async claimCash(
    marketId: string,
    wantedCents: number,
    accountTotalCents: number,
  ): Promise<number> {
    const args = [marketId, String(wantedCents), String(accountTotalCents)];
    const key = SHARED_KEYS.marketCash;
    const [outcome, value] = await this.#run(CLAIM_CASH, [key], { args, reply: claimReply });
    if (outcome === "OK") return Number(value);
    const what = value === "" ? `${key} is no hash` : `field ${value} of ${key} is no number`;
    throw new StoreError("refused", "claim cash", `${what}: correct or delete it`);
  }

  async share({ day, account, nowMs }: ShareRequest): Promise<SharedRecord> {
    const pnlKey = dayPnlKey(day);
    const [found] = await Promise.all([
      this.#read([SHARED_KEYS.globalRisk, pnlKey]),
      account === null
        ? null
        : this.#guarded(() =>
          this.#options.link.send(`write ${SHARED_KEYS.account}`, [
            ["HSET", SHARED_KEYS.account, "available_cents", account.availableCents],
            ["HSET", SHARED_KEYS.account, "frozen_cents", account.frozenCents],
            ["HSET", SHARED_KEYS.account, "updated_at_ms", Math.round(nowMs)],
          ])
        ),
    ]);
    if (this.#failed !== null) {
      this.#failed = null;
      this.#options.log.log("INFO", "store_restored");
    }
    return readSharedRecord(found[0] ?? NOTHING, found[1] ?? NOTHING, day);
  }

  async latchAll(latch: KillLatch): Promise<KillLatch> {
    return await this.#changeLatch(SHARED_KEYS.globalRisk, setLatch(latch)) ?? latch;
  }

  async releaseAll(release: KillRelease): Promise<KillLatch | null> {
    return await this.#changeLatch(SHARED_KEYS.globalRisk, releaseLatch(release));
  }

  async #changeLatch(key: string, change: LatchChange): Promise<KillLatch | null> {
    const args = [JSON.stringify(change)];
    return latchIn(key, await this.#run(CHANGE_LATCH, [key], { args, reply: texts }));
  }

  async #read(keys: readonly string[]): Promise<readonly FoundKey[]> {
    const found = await this.#run(READ_HASHES, keys, { args: [], reply: readReply });
    return found.map(([type, flat]) => foundKey(type, flat));
  }

  async #run<T>(
    script: RedisScript,
    keys: readonly string[],
    { args, reply }: { readonly args: readonly string[]; readonly reply: z.ZodType<T> },
  ): Promise<T> {
    const answer = await this.#guarded(() => this.#options.link.run(script, keys, args));
    const parsed = reply.safeParse(answer);
    if (parsed.success) return parsed.data;
    throw this.#noted(new StoreError("refused", `run ${script.name}`, "an answer of another form"));
  }

  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw this.#noted(error);
    }
  }

  /** Remembers that the store does not do what it should, and tells of it once. */
  #noted(error: unknown): unknown {
    if (!(error instanceof StoreError)) return error;
    if (this.#failed === null) {
      this.#options.log.log("ERROR", "store_unavailable", { cause: error.message });
    }
    this.#failed = error.message;
    return error;
  }
}

/** True if only what has changed needs to be written. */
function isSureOf(held: Held | null, connection: number): boolean {
  return held !== null && held.isSure && held.connection === connection &&
    held.changes < CHANGES_UNTIL_REWRITE;
}

const NOTHING: FoundKey = { kind: "none" };

function foundKey(type: string, flat: readonly string[]): FoundKey {
  if (type === "none") return NOTHING;
  if (type !== "hash") return { kind: "other", type };
  const fields: [string, string][] = [];
  for (let at = 0; at + 1 < flat.length; at += 2) fields.push([flat[at] ?? "", flat[at + 1] ?? ""]);
  return { kind: "hash", fields: Object.fromEntries(fields) };
}

/** The kill that a script says is latched, null if none is. */
function latchIn(key: string, values: readonly string[]): KillLatch | null {
  const stored = latchOf(new HashReader(key, latchFields(values), []));
  return stored.kind === "on" ? stored.latch : null;
}
