import { Redis, ReplyError } from "ioredis";
import { sleep, systemClock } from "../runtime/clock.ts";
import { StoreError } from "./store_error.ts";

/** A script that Redis runs as one step. */
export interface RedisScript {
  /** A word that no Redis command has. */
  readonly name: string;
  readonly lua: string;
}

/** A command with its arguments, such as `["HGETALL", "amm:risk:MKT-1"]`. */
export type RedisCommand = readonly [name: string, ...args: (string | number)[]];

/** What a link is made of. */
export interface RedisLinkOptions {
  /** `redis_url`; may hold a password and is never shown. */
  readonly url: string;
  /** How long a command, or a try to connect, may take, ms. */
  readonly timeoutMs: number;
  /** Told whenever the server comes (null) or goes (why). */
  readonly onChange?: (lost: string | null) => void;
}

/** Closing must not leave a timer behind. */
const DISCONNECT_TIMEOUT_MS = 10;
const FIRST_RETRY_MS = 100;
const MAX_RETRY_MS = 2000;

/**
 * The connection to a Redis server. It is opened again by itself for as long as it is not closed;
 * meanwhile every command fails at once, and none is sent a second time: what became of one that
 * was under way is for the caller to find out.
 */
export class RedisLink {
  readonly #redis: Redis;
  readonly #scripts = new Set<string>();
  readonly #onChange: (lost: string | null) => void;
  #isUp = false;
  #connections = 0;
  /** The cause comes as an event, before the connection closes with a bare message. */
  #cause = "not connected yet";

  constructor({ url, timeoutMs, onChange }: RedisLinkOptions) {
    this.#onChange = onChange ?? (() => {});
    this.#redis = new Redis(url, {
      lazyConnect: true,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      connectTimeout: timeoutMs,
      commandTimeout: timeoutMs,
      disconnectTimeout: DISCONNECT_TIMEOUT_MS,
      retryStrategy: (tries) => Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * tries),
    });
    this.#redis.on("error", (error: Error) => {
      this.#cause = error.message;
    });
    this.#redis.on("ready", () => this.#change(true));
    this.#redis.on("close", () => this.#change(false));
  }

  /** True while commands can be sent. */
  get isUp(): boolean {
    return this.#isUp;
  }

  /** Why no command can be sent now, null if it can. */
  get problem(): string | null {
    return this.#isUp ? null : this.#cause;
  }

  /**
   * How often a connection was made: what was read on an earlier one may be gone, if the server
   * lost its memory meanwhile.
   */
  get connections(): number {
    return this.#connections;
  }

  /**
   * Connects for the first time; whatever comes of it, the link goes on trying until it is closed.
   * @throws StoreError if the server cannot be reached now
   */
  async open(): Promise<void> {
    try {
      await this.#redis.connect();
    } catch {
      throw new StoreError("unavailable", "connect to Redis", this.#cause);
    }
  }

  /**
   * Sends commands together and waits for all replies: one round trip.
   * @param action what they are for, for the message of an error
   * @throws StoreError if one of them fails; the others may have happened
   */
  async send(action: string, commands: readonly RedisCommand[]): Promise<readonly unknown[]> {
    return await this.#guarded(
      action,
      () => Promise.all(commands.map(([name, ...args]) => this.#redis.call(name, ...args))),
    );
  }

  /**
   * Runs a script as one step.
   * @throws StoreError if there is no answer or the script fails
   */
  async run(
    script: RedisScript,
    keys: readonly string[],
    args: readonly (string | number)[],
  ): Promise<unknown> {
    if (!this.#scripts.has(script.name)) {
      this.#redis.defineCommand(script.name, { lua: script.lua });
      this.#scripts.add(script.name);
    }
    const call: unknown = Reflect.get(this.#redis, script.name);
    if (typeof call !== "function") throw new TypeError(`Cannot run script ${script.name}`);
    return await this.#guarded(
      `run ${script.name}`,
      () => call.call(this.#redis, keys.length, ...keys, ...args),
    );
  }

  /** Closes for good; what is under way fails. */
  async close(): Promise<void> {
    if (this.#redis.status === "end") return;
    this.#redis.disconnect();
    // Between two tries to connect there is no event that would tell of the end.
    await sleep(systemClock, 2 * DISCONNECT_TIMEOUT_MS);
  }

  async #guarded<T>(action: string, work: () => Promise<T>): Promise<T> {
    if (!this.#isUp) throw new StoreError("unavailable", action, this.#cause);
    try {
      return await work();
    } catch (error) {
      throw new StoreError(error instanceof ReplyError ? "refused" : "unavailable", action, error);
    }
  }

  #change(isUp: boolean): void {
    if (isUp === this.#isUp) return;
    this.#isUp = isUp;
    if (isUp) this.#connections++;
    this.#onChange(isUp ? null : this.#cause);
    if (isUp) this.#cause = "the connection was closed";
  }
}
