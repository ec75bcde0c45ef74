/** The venue as anybody sees it, and the way in. */

import type { ProcessConfig } from "../config/process_config.ts";
import type { GlobalConfig } from "../config/registry.ts";
import { VenueCode } from "../connector/connector.ts";
import type { Fetch, HttpBody } from "../connector/rest/http_transport.ts";
import { type NewSession, readLogin } from "../connector/rest/session_answers.ts";
import { judge } from "../connector/rest/verdict.ts";
import { isRecord, MalformedAnswer } from "../connector/rest/wire.ts";
import type { Clock } from "../runtime/clock.ts";
import { failed, ok, type Verdict, warning } from "./check.ts";
import { clockOffset, VenueProbe } from "./venue_probe.ts";

const LATENCY_CALLS = 5;
const CLOCK_WARNING_MS = 2000;
const CLOCK_FAILURE_MS = 30_000;
/** Shorter tokens would need more renewals than the venue allows (exchange API §7). */
const MIN_TOKEN_LIFE_MS = 60_000;

const REACH_FIX = "Check base_url (AMM_BASE_URL), the network, and that the venue runs";

/** What the way to the venue depends on. */
export interface Target {
  readonly global: GlobalConfig;
  readonly fetch: Fetch;
  readonly clock: Clock;
}

/** The venue answers at all. */
export async function checkReachability(
  { global, fetch, clock }: Target,
): Promise<Verdict<VenueProbe>> {
  const { baseUrl, httpTimeoutMs: timeoutMs } = global;
  const probe = new VenueProbe({ baseUrl, timeoutMs, fetch, clock });
  const { answer } = await probe.health();
  switch (answer.kind) {
    case "timeout":
      return failed("no answer in time", REACH_FIX);
    case "connection_lost":
      return failed(`no connection: ${answer.message}`, REACH_FIX);
    case "response":
      if (answer.status === 200 && isHealthy(answer.body)) {
        return ok("GET /health is ok", probe);
      }
      if (answer.status >= 500) {
        return failed(`GET /health answers HTTP ${answer.status}`, "Wait until the venue is well");
      }
      return warning(
        `something answers, but GET /health with HTTP ${answer.status} is not the venue's`,
        REACH_FIX,
        probe,
      );
  }
}

function isHealthy(body: HttpBody): boolean {
  return body.kind === "json" && isRecord(body.value) && body.value.status === "ok";
}

/** Calls take less time than `max_latency_ms` of every market. */
export async function checkLatency(
  probe: VenueProbe,
  { markets }: ProcessConfig,
): Promise<Verdict<null>> {
  const limitMs = Math.min(...[...markets.values()].map((market) => market.maxLatencyMs));
  const times: number[] = [];
  for (let call = 0; call < LATENCY_CALLS; call++) {
    const { answer, ms } = await probe.health();
    if (answer.kind === "response") times.push(ms);
  }
  const lost = LATENCY_CALLS - times.length;
  if (lost > 0) {
    return warning(`${lost} of ${LATENCY_CALLS} calls got no answer`, REACH_FIX, null);
  }
  const median = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
  const detail = `median ${Math.round(median)} ms of ${LATENCY_CALLS} calls`;
  if (median <= limitMs) return ok(`${detail}, limit ${limitMs} ms`, null);
  return warning(
    `${detail}; above max_latency_ms ${limitMs} a market pauses`,
    "Run the bot nearer to the venue, or raise max_latency_ms",
    null,
  );
}

/** The venue takes user name and password. */
export async function checkLogin(
  probe: VenueProbe,
  { ammUsername, ammPassword }: GlobalConfig,
): Promise<Verdict<NewSession>> {
  const { answer } = await probe.login(ammUsername, ammPassword ?? "");
  const result = judge(answer, null);
  if (result.kind !== "ok") return failed(result.message, loginFix(result.kind, result.code));
  try {
    return judgeSession(readLogin(result.value));
  } catch (error) {
    if (!(error instanceof MalformedAnswer)) throw error;
    return failed(`the answer does not have the agreed form: ${error.message}`, REACH_FIX);
  }
}

function judgeSession(session: NewSession): Verdict<NewSession> {
  const minutes = Math.round(session.lifetimeMs / 6000) / 10;
  const detail = `accepted; a token lives ${minutes} min`;
  if (session.lifetimeMs >= MIN_TOKEN_LIFE_MS) return ok(detail, session);
  const fix = "Ask the operator of the venue for tokens that live longer than a minute";
  return warning(detail, fix, session);
}

const BAD_CREDENTIALS = 1003;
const ACCOUNT_DISABLED = 1004;

function loginFix(kind: string, code: number): string {
  switch (code) {
    case BAD_CREDENTIALS:
      return "Check AMM_USERNAME and AMM_PASSWORD; the system account has no password until the " +
        "operator of the venue sets one";
    case ACCOUNT_DISABLED:
      return "Ask the operator of the venue to enable the account";
    case VenueCode.RATE_LIMITED:
      return "Wait a minute: the venue allows only a few logins";
    default:
      return kind === "refused" ? "Check that base_url ends in /api/v1" : REACH_FIX;
  }
}

/**
 * The clocks of venue and machine agree: the end of trading, the day of a loss and the life of a
 * token are read off them. What the round trip leaves uncertain counts in favour.
 */
export function checkClock({ readings }: VenueProbe): Verdict<null> {
  const [offset] = readings.map(clockOffset).filter((found) => found !== null);
  if (offset === undefined) {
    return warning(
      "the venue does not tell its time",
      "Compare the clock of this machine with a time server yourself",
      null,
    );
  }
  const { offsetMs, errorMs } = offset;
  const surelyMs = Math.max(0, Math.abs(offsetMs) - errorMs);
  const direction = offsetMs > 0 ? "ahead of" : "behind";
  const detail = surelyMs === 0
    ? `the clocks agree (±${seconds(errorMs)})`
    : `the venue's clock is ${seconds(Math.abs(offsetMs))} ${direction} this machine's ` +
      `(±${seconds(errorMs)})`;
  const fix = "Let a time service set the clock of this machine; if it is right, tell the " +
    "operator of the venue";
  if (surelyMs > CLOCK_FAILURE_MS) return failed(detail, fix);
  return surelyMs > CLOCK_WARNING_MS ? warning(detail, fix, null) : ok(detail, null);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
