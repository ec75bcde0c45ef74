import { z } from "zod";
import {
  type Fetch,
  type HttpRequest,
  type HttpResult,
  HttpTransport,
} from "../connector/rest/http_transport.ts";
import type { Clock } from "../runtime/clock.ts";

/** An answer of the venue as it came, and when. */
export interface Reading {
  readonly answer: HttpResult;
  /** Duration of the call, ms. */
  readonly ms: number;
  /** Wall time of this machine when the answer was there, epoch ms. */
  readonly receivedAtMs: number;
}

/** What the probe needs. */
export interface VenueProbeOptions {
  readonly baseUrl: string;
  readonly timeoutMs: number;
  readonly fetch: Fetch;
  readonly clock: Clock;
}

/** Where the API lives below the root of the venue (exchange API §1.1). */
const API_PREFIX = /\/api\/v1\/?$/;
/** The Date header says the second only. */
const DATE_HEADER_ERROR_MS = 500;

const envelopeTime = z.object({ timestamp: z.iso.datetime({ offset: true }) });

/**
 * Calls the venue without repeats and keeps the answers as they came: their times, headers and
 * status are what the first checks are about.
 */
export class VenueProbe {
  readonly #api: HttpTransport;
  readonly #root: HttpTransport;
  readonly #clock: Clock;
  #health: Reading | null = null;
  #login: Reading | null = null;

  /** @throws RangeError if the base URL cannot be used */
  constructor(options: VenueProbeOptions) {
    this.#clock = options.clock;
    this.#api = new HttpTransport(options);
    this.#root = new HttpTransport({ ...options, baseUrl: rootOf(options.baseUrl) });
  }

  /** The latest answer of each route, the one with the most precise time first. */
  get readings(): readonly Reading[] {
    return [this.#login, this.#health].filter((reading) => reading !== null);
  }

  /** `GET /health`, which is at the root and needs no session (exchange API §2.1). */
  async health(): Promise<Reading> {
    this.#health = await this.#read(this.#root, { method: "GET", path: "/health", bearer: null });
    return this.#health;
  }

  /** Logs in; opens a session and changes nothing else. */
  async login(username: string, password: string): Promise<Reading> {
    const body = { username, password };
    const request = { method: "POST", path: "/auth/login", body, bearer: null } as const;
    this.#login = await this.#read(this.#api, request);
    return this.#login;
  }

  async #read(transport: HttpTransport, request: HttpRequest): Promise<Reading> {
    const startedMs = this.#clock.monotonicMs();
    const answer = await transport.send(request);
    const ms = this.#clock.monotonicMs() - startedMs;
    return { answer, ms, receivedAtMs: this.#clock.nowMs() };
  }
}

function rootOf(baseUrl: string): string {
  return API_PREFIX.test(baseUrl) ? baseUrl.replace(API_PREFIX, "") : new URL(baseUrl).origin;
}

/** How far the clock of the venue is ahead of ours; negative if it is behind. */
export interface ClockOffset {
  readonly offsetMs: number;
  /** The true offset is at most so far from `offsetMs`. */
  readonly errorMs: number;
}

/**
 * Compares the clocks by one answer: by the time in its envelope, else by its Date header. The
 * venue answered at some moment between request and answer, so half the round trip is uncertain.
 * @returns null if the answer does not tell the time
 */
export function clockOffset({ answer, ms, receivedAtMs }: Reading): ClockOffset | null {
  if (answer.kind !== "response") return null;
  const midwayMs = receivedAtMs - ms / 2;
  const envelope = envelopeTime.safeParse(answer.body.kind === "json" ? answer.body.value : null);
  if (envelope.success) {
    return { offsetMs: Date.parse(envelope.data.timestamp) - midwayMs, errorMs: ms / 2 };
  }
  const dateMs = Date.parse(answer.headers.get("date") ?? "");
  if (Number.isNaN(dateMs)) return null;
  return {
    offsetMs: dateMs + DATE_HEADER_ERROR_MS - midwayMs,
    errorMs: ms / 2 + DATE_HEADER_ERROR_MS,
  };
}
