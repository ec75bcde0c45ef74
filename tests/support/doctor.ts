import assert from "node:assert/strict";
import { doctorCommand } from "../../src/cli/doctor_command.ts";
import { runProgram } from "../../src/cli/program.ts";
import type { CheckResult } from "../../src/doctor/check.ts";
import type { Permission } from "../../src/doctor/setup_checks.ts";
import { HOUR_MS } from "../../src/models/market.ts";
import { price, shares } from "../../src/models/money.ts";
import type { Contract } from "../../src/models/vocabulary.ts";
import { type Clock, sleep } from "../../src/runtime/clock.ts";
import { seededRandom } from "../../src/runtime/random.ts";
import { AMM_USER_ID } from "../../sim/exchange/mod.ts";
import type { MarketPatch } from "../../sim/exchange/types.ts";
import { HttpVenue, type HttpVenueOptions, MARKET } from "./exchange_http.ts";
import { type MemoryIo, memoryIo } from "./memory_io.ts";

/** Secrets of the set-up; none may ever be shown. */
export const SECRETS = ["Passw0rd1", "admin-token-of-the-bot", "redis-pass"] as const;
const [PASSWORD, ADMIN_TOKEN, REDIS_PASSWORD] = SECRETS;
const REDIS_URL = `redis://bot:${REDIS_PASSWORD}@redis.test/0`;

/** What a test changes about a configuration: more lines, or other figures. */
export interface FileOptions {
  readonly global?: readonly string[];
  readonly market?: readonly string[];
  readonly fundingCents?: number;
}

/** A live set-up with one market. */
export function liveFile(
  { global = [], market = [], fundingCents = 200_000 }: FileOptions = {},
): string {
  return [
    "mode: live",
    "global:",
    "  base_url: http://venue.test/api/v1",
    `  market_ids: [${MARKET}]`,
    ...global.map((line) => `  ${line}`),
    "markets:",
    `  ${MARKET}:`,
    "    anchor_price_cents: 50",
    `    initial_funding_cents: ${fundingCents}`,
    ...market.map((line) => `    ${line}`),
  ].join("\n");
}

/** A request as it reached the venue. */
export interface Call {
  /** Method and path, such as `GET /api/v1/trades`. */
  readonly route: string;
  readonly body: string;
  readonly authorization: string;
}

/**
 * What happens to a request: an answer that is not the venue's, none, or a delay in ms; undefined
 * lets it pass.
 */
export type Intervene = (call: Call) => Response | "hang" | "drop" | number | undefined;

/** What a test changes about a set-up in which all is well. */
export interface DoctorOptions {
  readonly args?: readonly string[];
  readonly file?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly intervene?: Intervene;
  readonly permits?: (permission: Permission) => boolean;
  readonly pingRedis?: () => Promise<void>;
  /** How far the clock of this machine is ahead of the venue's. */
  readonly aheadMs?: number;
  /** Sends Ctrl-C when the venue gets this call. */
  readonly interruptAt?: string;
}

/** A finished run. */
export interface Diagnosis {
  readonly io: MemoryIo;
  readonly calls: readonly Call[];
}

/** The fake exchange over HTTP with everything a live set-up needs, and a doctor to look at it. */
export class DoctorVenue {
  readonly http: HttpVenue;

  constructor(options: HttpVenueOptions = {}, market: MarketPatch = {}) {
    this.http = new HttpVenue(options);
    this.patch({ tradingEndAtMs: this.http.clock.nowMs() + 720 * HOUR_MS, ...market });
  }

  /** Changes the market as the operator of the venue would. */
  patch(market: MarketPatch): void {
    this.exchange.control.patchMarket(MARKET, market);
  }

  get exchange() {
    return this.http.venue.exchange;
  }

  /** Lets an order of the account rest in the book: one contract at 40 cents. */
  rest(clientOrderId: string, contract: Contract): void {
    this.exchange.placeOrder(AMM_USER_ID, {
      clientOrderId,
      marketId: MARKET,
      contract,
      direction: "BUY",
      contractPrice: price(40),
      quantity: shares(1),
      timeInForce: "GTC",
    });
  }

  /** Burns all pairs of the AMM. */
  loseStock(): void {
    const idempotencyKey = "lose-stock";
    const quantity = shares(this.pairs);
    this.exchange.burn(AMM_USER_ID, { marketId: MARKET, quantity, idempotencyKey });
  }

  /** All the money and shares there are. */
  get state() {
    return this.exchange.control.dumpState();
  }

  /** Pairs of the AMM in the market. */
  get pairs(): number {
    const own = this.exchange.positions(AMM_USER_ID).find((each) => each.marketId === MARKET);
    return Math.min(own?.yes ?? 0, own?.no ?? 0);
  }

  /** Runs `doctor --config live.yaml` to its end. */
  async run(options: DoctorOptions = {}): Promise<Diagnosis> {
    const { args = [], file = liveFile(), env = {} } = options;
    const { permits = () => true, pingRedis = () => Promise.resolve() } = options;
    const io = memoryIo({
      files: { "live.yaml": file },
      env: {
        AMM_PASSWORD: PASSWORD,
        AMM_ADMIN_TOKEN: ADMIN_TOKEN,
        AMM_REDIS_URL: REDIS_URL,
        ...env,
      },
    });
    const calls: Call[] = [];
    const instruments = {
      clock: this.#machineClock(options.aheadMs ?? 0),
      random: seededRandom(1),
      permits: (permission: Permission) => Promise.resolve(permits(permission)),
      pingRedis,
      fetch: (url: string, init: RequestInit) => {
        const call = callOf(url, init);
        calls.push(call);
        if (call.route === options.interruptAt) io.signal("SIGINT");
        return this.#answer(url, init, options.intervene?.(call));
      },
    };
    const summary = "check";
    const load = () => Promise.resolve(doctorCommand(io, instruments));
    const ended = runProgram({
      args: ["doctor", "--config", "live.yaml", ...args],
      io,
      version: "1",
      commands: [{ name: "doctor", summary, load }],
    });
    await this.http.clock.resolve(ended);
    return { io, calls };
  }

  #machineClock(aheadMs: number): Clock {
    const { clock } = this.http;
    return {
      nowMs: () => clock.nowMs() + aheadMs,
      monotonicMs: () => clock.monotonicMs(),
      after: (delayMs, callback) => clock.after(delayMs, callback),
    };
  }

  async #answer(
    url: string,
    init: RequestInit,
    reply: ReturnType<Intervene>,
  ): Promise<Response> {
    if (reply === "hang") return await new Promise(() => {});
    if (reply === "drop") throw new TypeError("connection refused");
    if (reply instanceof Response) return reply;
    if (reply !== undefined) await sleep(this.http.clock, reply);
    return await this.http.app.request(url, init);
  }
}

function callOf(url: string, init: RequestInit): Call {
  return {
    route: `${init.method} ${new URL(url).pathname}`,
    body: typeof init.body === "string" ? init.body : "",
    authorization: new Headers(init.headers).get("authorization") ?? "",
  };
}

/** Runs `doctor --json`; the checks that it reports. */
export async function examined(
  options: DoctorOptions = {},
  venue = new DoctorVenue(),
): Promise<readonly CheckResult[]> {
  const { io } = await venue.run({ ...options, args: ["--json", ...options.args ?? []] });
  return JSON.parse(io.out).checks;
}

/** The first check of a name. */
export function named(checks: readonly CheckResult[], name: string): CheckResult {
  const found = checks.find((check) => check.name === name);
  assert.ok(found, `there is no check ${name}`);
  return found;
}

/** Names of the checks that ended in a way. */
export function names(
  checks: readonly CheckResult[],
  status: CheckResult["status"],
): readonly string[] {
  return checks.filter((check) => check.status === status).map(({ name }) => name);
}

/** A JSON answer of the venue. */
export function answer(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json", ...headers },
  });
}

/** Answers one route in place of the venue. */
export function route(wanted: string, reply: ReturnType<Intervene>): DoctorOptions {
  return {
    intervene: (call) => {
      if (call.route !== wanted) return undefined;
      return reply instanceof Response ? reply.clone() : reply;
    },
  };
}
