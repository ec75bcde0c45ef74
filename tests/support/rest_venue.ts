import type { CallRecord } from "../../src/connector/call_statistics.ts";
import type { AnnouncedLimits } from "../../src/connector/rest/announced_limits.ts";
import type { AdmissionRequest } from "../../src/connector/rest/calls.ts";
import {
  RestConnector,
  type RestConnectorOptions,
} from "../../src/connector/rest/rest_connector.ts";
import { type LoggedEvent, recordingLogger } from "../../src/runtime/log.ts";
import { sleep } from "../../src/runtime/clock.ts";
import { seededRandom } from "../../src/runtime/random.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";

/** A request as the scripted venue received it. */
export interface SentRequest {
  /** Method and path without the query, such as `GET /trades`. */
  readonly route: string;
  readonly query: string;
  readonly body: unknown;
  readonly authorization: string | null;
  readonly atMs: number;
}

/**
 * What the venue does with a request: answer, now or later, say nothing for ever, or drop the
 * connection.
 */
export type Reply =
  | Response
  | "hang"
  | "drop"
  | { readonly delayMs: number; readonly reply: Reply }
  | ((request: SentRequest) => Reply);

/** The same reply, but later. */
export function later(delayMs: number, reply: Reply): Reply {
  return { delayMs, reply };
}

/** An answer with a JSON body. */
export function json(status: number, body: unknown, headers: Record<string, string> = {}): Reply {
  const text = JSON.stringify(body);
  const all = { "content-type": "application/json", ...headers };
  return () => new Response(text, { status, headers: all });
}

/** A successful answer in an envelope. */
export function envelope(data: unknown, status = 200): Reply {
  return json(status, { code: 0, message: "success", data, timestamp: "", request_id: "req_0" });
}

/** A business error (E1). */
export function refusal(status: number, code: number, message = "no"): Reply {
  return json(status, { code, message, data: null, timestamp: "", request_id: "req_0" });
}

/** A plain text answer, as of an unhandled error (E4). */
export function text(status: number, body: string, headers: Record<string, string> = {}): Reply {
  return () =>
    new Response(body, { status, headers: { "content-type": "text/plain", ...headers } });
}

/** The user of the scripted session. */
export const USER_ID = "00000000-0000-4000-a000-000000000001";
/** The password of the scripted session; must never be seen anywhere. */
export const PASSWORD = "correct-horse-battery";

/** When the virtual clock of these tests begins. */
export const START_MS = Date.UTC(2026, 0, 2, 3, 4, 5);

/**
 * A venue that answers by script, and a live connector that talks to it, both under a virtual
 * clock.
 */
export class ScriptedVenue {
  readonly clock = new VirtualClock(START_MS);
  readonly sent: SentRequest[] = [];
  readonly events: LoggedEvent[] = [];
  readonly observed: CallRecord[] = [];
  readonly limits: AnnouncedLimits[] = [];
  readonly admitted: AdmissionRequest[] = [];
  readonly connector: RestConnector;
  readonly #scripts = new Map<string, Reply[]>();
  #logins = 0;
  #refreshes = 0;

  constructor(options: Partial<RestConnectorOptions> = {}) {
    this.connector = new RestConnector({
      baseUrl: "http://venue.test/api/v1",
      username: "amm_market_maker",
      password: PASSWORD,
      timeoutMs: 10_000,
      maxRetries: 3,
      maxBackoffMs: 30_000,
      clock: this.clock,
      random: seededRandom(1),
      log: recordingLogger(this.events),
      fetch: (url, init) => this.#answer(url, init),
      observe: (record) => this.observed.push(record),
      onLimits: (limits) => this.limits.push(limits),
      admit: (request) => {
        this.admitted.push(request);
      },
      ...options,
    });
    this.on("POST /auth/login", () =>
      envelope({
        access_token: `access-${++this.#logins}`,
        refresh_token: `refresh-${this.#logins}`,
        token_type: "Bearer",
        expires_in: 1800,
        user: { user_id: USER_ID, username: "amm_market_maker", email: "amm@system.internal" },
      }));
    this.on(
      "POST /auth/refresh",
      () => envelope({ access_token: `refreshed-${++this.#refreshes}`, expires_in: 1800 }),
    );
  }

  /** Scripts a route: one reply per request, the last one for all that follow. */
  on(route: string, ...replies: Reply[]): this {
    this.#scripts.set(route, replies);
    return this;
  }

  /** Runs the clock until the work is done. */
  run<T>(work: Promise<T>): Promise<T> {
    return this.clock.resolve(work);
  }

  /** The requests of a route. */
  sentTo(route: string): readonly SentRequest[] {
    return this.sent.filter((request) => request.route === route);
  }

  /** The events of a name. */
  logged(event: LoggedEvent["event"]): readonly LoggedEvent[] {
    return this.events.filter((logged) => logged.event === event);
  }

  #answer(url: string, init: RequestInit): Promise<Response> {
    const { pathname, search } = new URL(url);
    const request: SentRequest = {
      route: `${init.method} ${pathname.replace("/api/v1", "")}`,
      query: decodeURIComponent(search.slice(1)),
      body: typeof init.body === "string" ? JSON.parse(init.body) : null,
      authorization: new Headers(init.headers).get("authorization"),
      atMs: this.clock.monotonicMs(),
    };
    this.sent.push(request);
    const script = this.#scripts.get(request.route) ?? [json(404, { detail: "Not Found" })];
    const reply = script.length > 1 ? script.shift() : script[0];
    return this.#perform(reply ?? "hang", request);
  }

  async #perform(reply: Reply, request: SentRequest): Promise<Response> {
    if (typeof reply === "function") return await this.#perform(reply(request), request);
    if (reply === "hang") return await new Promise(() => {});
    if (reply === "drop") throw new TypeError("connection reset by peer");
    if (reply instanceof Response) return reply;
    await sleep(this.clock, reply.delayMs);
    return await this.#perform(reply.reply, request);
  }
}
