import type { Clock } from "../../runtime/clock.ts";
import type { Logger } from "../../runtime/log.ts";
import type { Redactor } from "./redactor.ts";
import { type NewSession, readLogin, readRefresh } from "./session_answers.ts";
import type { Session, VenueCaller } from "./venue_caller.ts";
import { type Failure, failure, MEANING, type Result } from "./verdict.ts";

/** What the token manager needs. */
export interface TokenManagerOptions {
  readonly credentials: { readonly username: string; readonly password: string };
  readonly caller: Pick<VenueCaller, "call">;
  readonly clock: Clock;
  readonly log: Logger;
  /** Told every token that comes into use. */
  readonly redactor: Redactor;
}

interface OpenSession {
  readonly userId: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly openedAtMs: number;
  /** From here on it is renewed in the background. */
  readonly refreshAtMs: number;
  readonly expiresAtMs: number;
  /** True if it was opened because the venue did not accept the token before. */
  readonly replacesRejected: boolean;
}

/** Share of a token's life after which it is renewed. */
const REFRESH_AFTER = 0.8;
/** Pause after a refusal: the venue allows five authentication calls a minute (exchange API §7). */
const REFUSED_PAUSE_MS = 12_000;
/** Pause after a login that got no answer; short, because a cancel may be waiting for it. */
const UNANSWERED_PAUSE_MS = 1000;

/**
 * Keeps the session with the venue. However many calls need a token, at most one refresh or login
 * is under way: refresh first, and log in if that fails for any reason (exchange API §1.5). A valid
 * token is renewed in the background before it runs out, so no call waits for it. A venue that
 * refuses the login, or the very token it has just renewed, is left alone for 12 seconds, so
 * nothing loops (L-39).
 */
export class TokenManager implements Session {
  readonly #options: TokenManagerOptions;
  #session: OpenSession | null = null;
  /** A token that the venue did not accept. */
  #rejected: string | null = null;
  #renewal: Promise<Result<OpenSession>> | null = null;
  #hold: { readonly untilMs: number; readonly failure: Failure } | null = null;

  constructor(options: TokenManagerOptions) {
    this.#options = options;
  }

  /** An access token that is valid as far as the bot knows. */
  async token(): Promise<Result<string>> {
    const session = await this.#valid();
    return session.kind === "ok" ? { kind: "ok", value: session.value.accessToken } : session;
  }

  /** The user the session belongs to. */
  async userId(): Promise<Result<string>> {
    const session = await this.#valid();
    return session.kind === "ok" ? { kind: "ok", value: session.value.userId } : session;
  }

  /**
   * Learns that the venue answered 401 to a token; a token that was replaced meanwhile is nothing
   * new.
   */
  reject(token: string): void {
    const session = this.#session;
    if (session === null || session.accessToken !== token || this.#rejected === token) return;
    this.#rejected = token;
    const ageMs = this.#nowMs() - session.openedAtMs;
    if (!session.replacesRejected || ageMs >= REFUSED_PAUSE_MS) return;
    this.#session = null;
    this.#giveUp(failure("unauthorized", "the venue does not accept the token it has just issued"));
  }

  async #valid(): Promise<Result<OpenSession>> {
    const session = this.#session;
    const nowMs = this.#nowMs();
    const isUsable = session !== null && this.#rejected === null && nowMs < session.expiresAtMs;
    if (!isUsable) return await this.#renew();
    // A failure shows when the token runs out; until then it must not disturb anybody.
    if (nowMs >= session.refreshAtMs) this.#renew().catch(() => {});
    return { kind: "ok", value: session };
  }

  #renew(): Promise<Result<OpenSession>> {
    if (this.#hold !== null && this.#nowMs() < this.#hold.untilMs) {
      return Promise.resolve(this.#hold.failure);
    }
    this.#renewal ??= this.#open().finally(() => {
      this.#renewal = null;
    });
    return this.#renewal;
  }

  async #open(): Promise<Result<OpenSession>> {
    const refreshed = await this.#refresh();
    const result = refreshed?.kind === "ok" ? refreshed : await this.#login();
    if (result.kind === "ok") {
      this.#session = result.value;
      this.#rejected = null;
      return result;
    }
    this.#giveUp(result);
    return result;
  }

  /** Null if there is nothing to refresh. */
  async #refresh(): Promise<Result<OpenSession> | null> {
    const session = this.#session;
    if (session === null) return null;
    const result = await this.#options.caller.call({
      call: "refresh",
      method: "POST",
      path: "/auth/refresh",
      body: { refresh_token: session.refreshToken },
      read: readRefresh,
    });
    if (result.kind !== "ok") return result;
    const refreshToken = result.value.refreshToken ?? session.refreshToken;
    return this.#opened({ ...result.value, refreshToken, userId: session.userId });
  }

  async #login(): Promise<Result<OpenSession>> {
    const { credentials, caller, log } = this.#options;
    const result = await caller.call({
      call: "login",
      method: "POST",
      path: "/auth/login",
      body: { username: credentials.username, password: credentials.password },
      read: readLogin,
    });
    if (result.kind !== "ok") return result;
    log.log("INFO", "session_opened", { userId: result.value.userId });
    return this.#opened(result.value);
  }

  #opened({ userId, accessToken, refreshToken, lifetimeMs }: NewSession): Result<OpenSession> {
    this.#options.redactor.hide(accessToken);
    this.#options.redactor.hide(refreshToken);
    const openedAtMs = this.#nowMs();
    return {
      kind: "ok",
      value: {
        userId,
        accessToken,
        refreshToken,
        openedAtMs,
        refreshAtMs: openedAtMs + REFRESH_AFTER * lifetimeMs,
        expiresAtMs: openedAtMs + lifetimeMs,
        replacesRejected: this.#rejected !== null,
      },
    };
  }

  #giveUp(because: Failure): void {
    const isRefusal = MEANING[because.kind].read === "refused";
    const pauseMs = isRefusal ? REFUSED_PAUSE_MS : UNANSWERED_PAUSE_MS;
    const untilMs = this.#nowMs() + Math.max(pauseMs, because.waitMs ?? 0);
    this.#hold = { untilMs, failure: because };
    if (!isRefusal) return;
    this.#options.log.log("ERROR", "session_failed", {
      code: because.code,
      message: because.message,
    });
  }

  #nowMs(): number {
    return this.#options.clock.monotonicMs();
  }
}
