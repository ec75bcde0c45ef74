import type { Fetch } from "../../src/connector/rest/http_transport.ts";
import { type Clock, sleep } from "../../src/runtime/clock.ts";
import type { Random } from "../../src/runtime/random.ts";
import { type FaultSchedule, isWireFault, type WireFaultKind } from "./schedule.ts";

/** What the way of one process to the venue is made of. */
export interface FaultyWireOptions {
  /** The venue's door. */
  readonly arrive: Fetch;
  readonly schedule: FaultSchedule;
  /** Number of the process. */
  readonly process: number;
  /** The time of the world, not of the process. */
  readonly clock: Clock;
  /** Time since the beginning of the run. */
  readonly elapsedMs: () => number;
  readonly random: Random;
  /** Told of every fault that a request met. */
  readonly onFault: (kind: WireFaultKind, request: string) => void;
}

/** A request takes so long to arrive, and its answer to come back. */
const MIN_LATENCY_MS = 2;
const MEAN_LATENCY_MS = 12;
/** Shorter than any lease, so that what a dead process has sent arrives before its successor. */
const MEAN_DELAY_MS = 1_500;
const MAX_DELAY_MS = 5_000;
/** A read may show what was true so long ago. */
const MAX_STALE_MS = 3_000;
const DUPLICATE_AFTER_MS = 400;

/** What the venue has answered, and when. */
interface OldAnswer {
  readonly atMs: number;
  readonly text: string;
  readonly status: number;
  readonly headers: Headers;
}

/**
 * The way of one process to the venue and back. Every request takes its own time, so that two of
 * them may overtake each other; and the schedule says which of them meet a fault.
 */
export class FaultyWire {
  readonly #options: FaultyWireOptions;
  readonly #mayBeStale: boolean;
  readonly #old = new Map<string, OldAnswer>();

  constructor(options: FaultyWireOptions) {
    this.#options = options;
    const { faults } = options.schedule;
    this.#mayBeStale = faults.some(({ kind }) => kind === "stale_read");
  }

  /** Takes the place of `fetch`. */
  readonly fetch: Fetch = async (url, init) => {
    const kind = this.#faultOf(url, init);
    await this.#travel(kind === "delayed" ? this.#delayMs() : 0);
    switch (kind) {
      case "request_lost":
        throw new TypeError("connection refused");
      case "answer_429":
        return envelope(429, 9001, "too many requests", { "retry-after": "1" });
      case "login_refused":
        return envelope(401, 1003, "wrong username or password");
      case "token_refused":
        return Response.json({ detail: "Invalid or expired token" }, { status: 401 });
      case "stale_read":
        return this.#stale(url, init) ?? await this.#ask(url, init);
      case "duplicated":
        this.#options.clock.after(this.#options.random.exponential(DUPLICATE_AFTER_MS), () => {
          void this.#options.arrive(url, init).catch(() => {});
        });
        return await this.#ask(url, init);
      case null:
      case "delayed":
        return await this.#ask(url, init);
      case "answer_lost":
        await this.#ask(url, init);
        throw new TypeError("connection reset");
      case "answer_500":
        await this.#ask(url, init);
        return new Response("Internal Server Error", { status: 500 });
      case "answer_html":
        await this.#ask(url, init);
        return new Response("<html><body>Bad gateway</body></html>", {
          status: this.#options.random.next() < 0.5 ? 200 : 502,
          headers: { "content-type": "text/html" },
        });
      case "answer_truncated":
        return truncated(await this.#ask(url, init));
    }
  };

  async #ask(url: string, init: RequestInit): Promise<Response> {
    const answer = await this.#options.arrive(url, init);
    if (this.#mayBeStale && init.method === "GET") await this.#remember(url, answer);
    await this.#travel(0);
    return answer;
  }

  async #remember(url: string, answer: Response): Promise<void> {
    const { status, headers } = answer;
    const text = await answer.clone().text();
    this.#old.set(url, { atMs: this.#options.clock.monotonicMs(), text, status, headers });
  }

  #stale(url: string, init: RequestInit): Response | null {
    const old = init.method === "GET" ? this.#old.get(url) : undefined;
    if (old === undefined) return null;
    if (this.#options.clock.monotonicMs() - old.atMs > MAX_STALE_MS) return null;
    return new Response(old.text, { status: old.status, headers: old.headers });
  }

  #delayMs(): number {
    return Math.min(MAX_DELAY_MS, this.#options.random.exponential(MEAN_DELAY_MS));
  }

  async #travel(extraMs: number): Promise<void> {
    const { clock, random } = this.#options;
    await sleep(clock, extraMs + MIN_LATENCY_MS + random.exponential(MEAN_LATENCY_MS));
  }

  /** The fault that a request meets, null if it passes. */
  #faultOf(url: string, init: RequestInit): WireFaultKind | null {
    const { schedule, process, elapsedMs, random, onFault } = this.#options;
    const nowMs = elapsedMs();
    const isSession = url.includes("/auth/");
    for (const fault of schedule.faults) {
      if (!isWireFault(fault) || fault.process !== process) continue;
      if (nowMs < fault.atMs || nowMs >= fault.atMs + fault.forMs) continue;
      const { kind } = fault;
      if (kind === "login_refused" && !isSession || kind === "token_refused" && isSession) continue;
      if (random.next() >= fault.share) continue;
      onFault(kind, `${init.method} ${new URL(url).pathname}`);
      return kind;
    }
    return null;
  }
}

function envelope(
  status: number,
  code: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return Response.json({ code, message, data: null }, { status, headers });
}

/** The first half of an answer, and then nothing more. */
async function truncated(answer: Response): Promise<Response> {
  const text = await answer.text();
  const half = text.slice(0, Math.floor(text.length / 2));
  return new Response(half, { status: answer.status, headers: answer.headers });
}
