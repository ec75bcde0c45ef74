import { type Clock, sleep } from "../../runtime/clock.ts";
import type { Logger } from "../../runtime/log.ts";
import type { Random } from "../../runtime/random.ts";
import type { CallObserver } from "../call_statistics.ts";
import { type MaySend, VenueCode } from "../connector.ts";
import { type LimitsListener, readLimits } from "./announced_limits.ts";
import { type Admit, BUDGETED, type CallName, CALLS } from "./calls.ts";
import { CircuitBreaker } from "./circuit_breaker.ts";
import type { HttpRequest, HttpResult, HttpTransport } from "./http_transport.ts";
import type { Redactor } from "./redactor.ts";
import { type RetryLimits, waitBeforeRepeat } from "./retry_policy.ts";
import {
  endOf,
  type Failure,
  failure,
  type FailureKind,
  judge,
  MEANING,
  type Result,
} from "./verdict.ts";
import { MalformedAnswer } from "./wire.ts";

/** Where access tokens come from. */
export interface Session {
  /** A token, or why there is none. */
  token(): Promise<Result<string>>;
  /** Learns that the venue answered 401 to this token. */
  reject(token: string): void;
}

/** What a call is about. */
export interface CallTarget {
  readonly call: CallName;
  /** Absent for calls of the whole account. */
  readonly marketId?: string;
  /** What the call is about beside the market, such as an order id; only shown. */
  readonly subject?: string;
}

/** One call, with the way to read its answer. */
export interface VenueRequest<T> extends CallTarget, Pick<HttpRequest, "method" | "path" | "body"> {
  /** Absent for the routes of the session itself. */
  readonly session?: Session;
  /** Asked before every attempt; absent for what may always be sent. */
  readonly maySend?: MaySend | undefined;
  /** Reads the payload. @throws MalformedAnswer if it does not have the agreed form */
  readonly read: (payload: unknown) => T;
}

/** What the caller is made of. */
export interface VenueCallerOptions {
  readonly transport: HttpTransport;
  readonly retry: RetryLimits;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly redactor: Redactor;
  readonly admit: Admit;
  readonly onLimits: LimitsListener;
  readonly observe: CallObserver;
}

/**
 * Makes calls: each attempt passes the circuit breaker, the request budget and the session, goes
 * out, is judged and counted; then the retry policy decides. A call ends as a value or as a {@link
 * Failure}, which has then been logged in one line that names the call. There is a circuit for each
 * market and one for the account, so that a market that hangs does not silence the others.
 * While the venue wants no calls of a kind (`Retry-After`), only cancels are sent (L-33).
 */
export class VenueCaller {
  readonly #options: VenueCallerOptions;
  readonly #circuits = new Map<string, CircuitBreaker>();
  /** Until when the venue wants no more calls, by the budget they count in; monotonic time. */
  readonly #unwantedUntilMs = new Map<string, number>();

  constructor(options: VenueCallerOptions) {
    this.#options = options;
  }

  /** Makes a call, repeats included; see {@link waitBeforeRepeat}. */
  async call<T>(request: VenueRequest<T>): Promise<Result<T>> {
    const { clock, retry: limits, random } = this.#options;
    const { retry } = CALLS[request.call];
    const hasSession = request.session !== undefined;
    const startedMs = clock.monotonicMs();
    const repeated: FailureKind[] = [];
    while (true) {
      const result = await this.#attempt(request, repeated.length > 0);
      if (result.kind === "ok") return result;
      const attempts = { retry, hasSession, failure: result, repeated, limits, random };
      const waitMs = waitBeforeRepeat(attempts);
      if (waitMs === null) {
        this.#logFailure(request, result, { attempts: repeated.length + 1, startedMs });
        return { ...result, inDoubt: repeated.some((kind) => MEANING[kind].mayHaveHappened) };
      }
      repeated.push(result.kind);
      await sleep(clock, waitMs);
    }
  }

  async #attempt<T>(request: VenueRequest<T>, isRepeat: boolean): Promise<Result<T>> {
    const { clock, admit, redactor } = this.#options;
    const { endpoint, priority } = CALLS[request.call];
    const unwanted = priority === "cancel" ? null : this.#unwanted(request);
    if (unwanted !== null) return unwanted;
    const circuit = this.#circuitOf(request);
    if (priority !== "cancel" && !circuit.admits(clock.monotonicMs())) {
      return failure("not_sent", "not sent: the venue has stopped answering");
    }
    let answered = false;
    try {
      const budgeted = !isRepeat && BUDGETED.has(request.call);
      await admit({ endpoint, priority, budgeted, ...marketOf(request) });
      const result = await this.#sendInSession(request);
      answered = result.kind === "ok" || !MEANING[result.kind].silent;
      return result.kind === "ok" ? result : { ...result, message: redactor.text(result.message) };
    } finally {
      this.#recordAnswer(request, circuit, answered);
    }
  }

  async #sendInSession<T>(request: VenueRequest<T>): Promise<Result<T>> {
    const { session } = request;
    if (session === undefined) return await this.#send(request, null);
    const token = await session.token();
    if (token.kind !== "ok") {
      return { ...token, kind: "not_sent", message: `not sent: no session: ${token.message}` };
    }
    const result = await this.#send(request, token.value);
    if (result.kind === "unauthorized") session.reject(token.value);
    return result;
  }

  async #send<T>(request: VenueRequest<T>, bearer: string | null): Promise<Result<T>> {
    const { transport, clock, observe } = this.#options;
    if (request.maySend?.() === false) {
      return failure("not_sent", "not sent: the right to do so has ended");
    }
    const startedMs = clock.monotonicMs();
    const answer = await transport.send({ ...request, bearer });
    const ms = clock.monotonicMs() - startedMs;
    const result = readPayload(request, judge(answer, this.#announceLimits(request, answer)));
    const end = result.kind === "ok" ? "ok" : endOf(result.kind);
    observe({ call: request.call, marketId: request.marketId ?? null, ms, end });
    return result;
  }

  /** Passes on what the answer says about limits, and returns how long the venue asks to wait. */
  #announceLimits(request: CallTarget, answer: HttpResult): number | null {
    const { clock, log, onLimits } = this.#options;
    const limits = answer.kind === "response" ? readLimits(answer, clock.nowMs()) : null;
    if (limits === null) return null;
    onLimits({ endpoint: CALLS[request.call].endpoint, ...marketOf(request), ...limits });
    if (limits.refused) {
      log.log("WARN", "rate_limited", { call: nameOf(request), waitMs: limits.waitMs });
      const untilMs = clock.monotonicMs() + (limits.waitMs ?? 0);
      this.#unwantedUntilMs.set(budgetOf(request), untilMs);
    }
    return limits.waitMs;
  }

  /** The failure of a call that the venue has asked not to send yet, null if it may be sent. */
  #unwanted(request: CallTarget): Failure | null {
    const untilMs = this.#unwantedUntilMs.get(budgetOf(request)) ?? 0;
    const waitMs = untilMs - this.#options.clock.monotonicMs();
    if (waitMs <= 0) return null;
    const details = { code: VenueCode.RATE_LIMITED, waitMs };
    return failure("rate_limited", "not sent: the venue has asked to wait", details);
  }

  #circuitOf({ marketId = "" }: CallTarget): CircuitBreaker {
    const known = this.#circuits.get(marketId);
    if (known !== undefined) return known;
    const circuit = new CircuitBreaker(this.#options.retry.maxBackoffMs);
    this.#circuits.set(marketId, circuit);
    return circuit;
  }

  #recordAnswer(request: CallTarget, circuit: CircuitBreaker, answered: boolean): void {
    const { clock, log } = this.#options;
    const wasClosed = circuit.state === "closed";
    circuit.record(answered, clock.monotonicMs());
    const isClosed = circuit.state === "closed";
    if (wasClosed === isClosed) return;
    if (isClosed) log.log("INFO", "circuit_closed", marketOf(request));
    else log.log("WARN", "circuit_opened", marketOf(request));
  }

  /** A refusal is news for who asked, not for the log; a 429 has been logged. */
  #logFailure<T>(
    request: VenueRequest<T>,
    result: Failure,
    { attempts, startedMs }: { readonly attempts: number; readonly startedMs: number },
  ): void {
    if (result.kind === "refused" || result.kind === "rate_limited") return;
    if (result.kind === "unauthorized" && request.session === undefined) return;
    this.#options.log.log("WARN", "call_failed", {
      call: nameOf(request),
      ...marketOf(request),
      failure: result.kind,
      code: result.code,
      message: result.message,
      attempts,
      ms: this.#options.clock.monotonicMs() - startedMs,
    });
  }
}

/** How logs and errors name a call, such as `orderBook MKT-1`. */
export function nameOf({ call, marketId, subject }: CallTarget): string {
  return [call, subject ?? marketId].filter((part) => part !== undefined).join(" ");
}

/** The calls that the venue counts together: replaces by market, all others for the account. */
function budgetOf({ call, marketId = "" }: CallTarget): string {
  const { endpoint } = CALLS[call];
  return endpoint === "replace" ? `${endpoint} ${marketId}` : endpoint;
}

function marketOf({ marketId }: CallTarget): { readonly marketId?: string } {
  return marketId === undefined ? {} : { marketId };
}

function readPayload<T>(request: VenueRequest<T>, result: Result<unknown>): Result<T> {
  if (result.kind !== "ok") return result;
  try {
    return { kind: "ok", value: request.read(result.value) };
  } catch (error) {
    if (error instanceof MalformedAnswer) return failure("malformed", error.message);
    throw error;
  }
}
