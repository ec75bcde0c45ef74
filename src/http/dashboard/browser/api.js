/** Calls to the bot. The token lives in this tab only, and goes nowhere but to this bot. */

/** @typedef {{ operator: string, token: string }} Session */

const TOKEN = "amm.token";
const OPERATOR = "amm.operator";

/** An answer that says no, or none at all. */
export class Refusal extends Error {
  /**
   * @param {string} message
   * @param {{ status?: number, code?: string, error?: Record<string, unknown> }} [facts]
   */
  constructor(message, { status = 0, code = "unreachable", error = {} } = {}) {
    super(message);
    /** HTTP status, 0 if there was no answer. */
    this.status = status;
    this.code = code;
    /** What else the answer says. */
    this.error = error;
  }
}

/**
 * Who works here, null if nobody has logged in.
 * @returns {Session | null}
 */
export function session() {
  const token = sessionStorage.getItem(TOKEN);
  return token === null ? null : { token, operator: sessionStorage.getItem(OPERATOR) ?? "admin" };
}

const watchers = new Set();

/**
 * Calls back when somebody logs in or out; returns the way to stop that.
 * @param {() => void} watcher
 */
export function onSession(watcher) {
  watchers.add(watcher);
  return () => void watchers.delete(watcher);
}

/** Forgets who works here. */
export function logOut() {
  sessionStorage.removeItem(TOKEN);
  sessionStorage.removeItem(OPERATOR);
  for (const watcher of watchers) watcher();
}

/**
 * Keeps a token that has worked for as long as this tab is open.
 * @param {Session} by
 */
export function keep({ operator, token }) {
  if (session()?.token === token && session()?.operator === operator) return;
  sessionStorage.setItem(TOKEN, token);
  sessionStorage.setItem(OPERATOR, operator);
  for (const watcher of watchers) watcher();
}

/**
 * Finds out whether a token works.
 * @param {Session} by
 */
export async function tryToken(by) {
  await call("GET", "/api/audit?limit=1", undefined, by);
}

/** Nobody waits longer for an answer; a kill is answered within 10 s. */
const LIMIT_MS = 20_000;

/**
 * Asks the bot.
 * @param {string} method
 * @param {string} path
 * @param {Readonly<Record<string, unknown>>} [body]
 * @param {Session | null} [by]
 * @returns {Promise<any>} the answer as its schema says; the caller names its type
 */
export async function call(method, path, body, by = session()) {
  const response = await fetch(path, {
    method,
    signal: AbortSignal.timeout(LIMIT_MS),
    headers: {
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...(by === null ? {} : { Authorization: `Bearer ${by.token}`, "X-Operator": by.operator }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch((cause) => {
    const message = "No answer from the bot. It may have done it all the same: look at its state.";
    throw Object.assign(new Refusal(message), { cause });
  });
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  const { error = {} } = answer;
  if (response.status === 401) logOut();
  throw new Refusal(error.message ?? `The bot answered ${response.status}.`, {
    status: response.status,
    code: error.code ?? "unknown",
    error,
  });
}

/**
 * The path of something about a market.
 * @param {string} id
 * @param {string} [rest]
 */
export function marketPath(id, rest = "") {
  return `/api/markets/${encodeURIComponent(id)}${rest}`;
}

/**
 * The path of the settings of a target.
 * @param {string} target
 * @param {string} [rest]
 */
export function configPath(target, rest = "") {
  return `/api/config/${encodeURIComponent(target)}${rest}`;
}

/**
 * What to tell a person of a failure.
 * @param {unknown} error
 */
export function describe(error) {
  if (!(error instanceof Refusal)) return String(error);
  const { details } = error.error;
  const more = Array.isArray(details)
    ? details.slice(1, 6).map(({ field, message }) => `\n${field}: ${message}`).join("")
    : "";
  return `${error.message}${more}`;
}
