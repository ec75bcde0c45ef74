/**
 * How values leave the process, in the log and over HTTP: plain JSON values with snake_case names
 * and without secrets. This is the one place that maps names and the one that hides secrets.
 */

/** A value that JSON can hold. */
export type WireValue =
  | null
  | boolean
  | number
  | string
  | readonly WireValue[]
  | { readonly [name: string]: WireValue };

/** Limits of one value on the wire; a log line must stay readable whatever it is given. */
export interface WireLimits {
  readonly depth: number;
  readonly items: number;
  readonly characters: number;
}

/** What stands in place of a secret. */
export const HIDDEN = "[hidden]";

/** Limits of a field of a log line. */
export const LOG_LIMITS: WireLimits = { depth: 10, items: 1000, characters: 10_000 };

/** Limits of an answer over HTTP: wide enough for every market a process may have. */
export const HTTP_LIMITS: WireLimits = { depth: 20, items: 100_000, characters: 100_000 };

const CAMEL_CASE = /^[a-z][a-zA-Z0-9]*$/;
const PRICE_NAME = /(^|_)(price|ask|bid)$/;
const SECRET_NAME = /(^|[_-])(password|passwd|secret|token|authorization|cookie|api[_-]?key)$/i;
const URL_CREDENTIALS = /([a-z][a-z0-9+.-]*:\/\/)[^\s\/@]*@/gi;
const ASSIGNMENT = /\b(password|passwd|secret|token|api_?key)=[^&\s]+/gi;
const BEARER = /\b(bearer|basic)\s+[A-Za-z0-9._~+\/=-]+/gi;

/**
 * `anchorPriceCents` → `anchor_price_cents`. Names that are not camelCase are data, such as `BID`
 * or a market id, and stay.
 */
export function snakeCase(name: string): string {
  if (!CAMEL_CASE.test(name)) return name;
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/**
 * The name of a value on the wire. A number that is called a price, an ask or a bid gets the unit
 * into its name: branded types say it in the code, but nothing does on the wire.
 */
function wireName(name: string, value: unknown): string {
  const snake = snakeCase(name);
  return typeof value === "number" && PRICE_NAME.test(snake) ? `${snake}_cents` : snake;
}

/**
 * Makes a value fit for the wire. Never throws: cycles, big integers, functions, getters that throw
 * and numbers that JSON does not know become something readable.
 */
export function toWire(value: unknown, limits: WireLimits = LOG_LIMITS): WireValue {
  return convert(value, limits, []);
}

/**
 * Hides passwords inside URLs and query strings, and credentials of `Authorization` headers, in
 * free text.
 */
export function hideSecrets(text: string): string {
  return text
    .replace(URL_CREDENTIALS, `$1${HIDDEN}@`)
    .replace(ASSIGNMENT, `$1=${HIDDEN}`)
    .replace(BEARER, `$1 ${HIDDEN}`);
}

function convert(value: unknown, limits: WireLimits, parents: readonly object[]): WireValue {
  switch (typeof value) {
    case "string":
      return cut(hideSecrets(value), limits.characters);
    case "number":
      return Number.isFinite(value) ? value : null;
    case "boolean":
      return value;
    case "undefined":
      return null;
    case "bigint":
    case "symbol":
      return String(value);
    case "function":
      return `[function ${value.name}]`;
    case "object":
      return value === null ? null : guarded(value, limits, parents);
  }
}

function guarded(value: object, limits: WireLimits, parents: readonly object[]): WireValue {
  if (parents.includes(value)) return "[circular]";
  if (parents.length >= limits.depth) return "[too deep]";
  try {
    return convertObject(value, limits, [...parents, value]);
  } catch {
    return "[unreadable]";
  }
}

function convertObject(value: object, limits: WireLimits, path: readonly object[]): WireValue {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Error) return convertEntries(errorEntries(value), limits, path);
  if (value instanceof Map) return convertEntries([...value], limits, path);
  if (Array.isArray(value) || value instanceof Set) {
    const items: readonly unknown[] = [...value];
    const shown = items.slice(0, limits.items).map((item) => convert(item, limits, path));
    const hidden = items.length - shown.length;
    return hidden === 0 ? shown : [...shown, `[${hidden} more]`];
  }
  return convertEntries(Object.entries(value), limits, path);
}

function convertEntries(
  entries: readonly (readonly [unknown, unknown])[],
  limits: WireLimits,
  path: readonly object[],
): WireValue {
  const shown = entries.slice(0, limits.items).filter(([, value]) => value !== undefined);
  const converted = shown.map(([key, value]): [string, WireValue] => {
    const name = wireName(String(key), value);
    const secret = SECRET_NAME.test(name) && value !== null;
    return [name, secret ? HIDDEN : convert(value, limits, path)];
  });
  const hidden = entries.length - Math.min(entries.length, limits.items);
  if (hidden > 0) converted.push(["more", hidden]);
  return Object.fromEntries(converted);
}

/** Name, message and cause first, then what the class adds, then where it happened. */
function errorEntries(error: Error): [string, unknown][] {
  const { name, message, cause, stack } = error;
  const own: Readonly<Record<string, unknown>> = { ...error };
  const errors = error instanceof AggregateError ? error.errors : undefined;
  return Object.entries({ name, message, cause, errors, ...own, stack });
}

function cut(text: string, characters: number): string {
  return text.length <= characters ? text : `${text.slice(0, characters)}… (${text.length})`;
}
