/** Figures as people read them: fixed decimals, so that they stand below each other. */

/** What stands where nothing is known; a missing figure is never a zero. */
export const NONE = "–";

/**
 * A whole price in cents: `47`.
 * @param {number | null | undefined} cents
 */
export function price(cents) {
  return cents === null || cents === undefined ? NONE : String(cents);
}

/**
 * A price with decimals: `47.3`.
 * @param {number | null | undefined} cents
 * @param {number} [decimals]
 */
export function fine(cents, decimals = 1) {
  return cents === null || cents === undefined ? NONE : minus(cents.toFixed(decimals));
}

/**
 * Money of a profit or loss, in dollars with its sign: `+1.20`, `−0.05`, `0.00`.
 * @param {number | null | undefined} cents
 */
export function gain(cents) {
  if (cents === null || cents === undefined) return NONE;
  const text = money(cents);
  return Math.round(cents) > 0 ? `+${text}` : text;
}

const DOLLARS = new Intl.NumberFormat("en-US", {
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
});

/**
 * Money in dollars: `1,234.50`.
 * @param {number | null | undefined} cents
 */
export function money(cents) {
  if (cents === null || cents === undefined) return NONE;
  return minus(DOLLARS.format((Math.round(cents) || 0) / 100));
}

const WHOLE = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/**
 * A count: `1,234`.
 * @param {number | null | undefined} value
 */
export function count(value) {
  return value === null || value === undefined ? NONE : minus(WHOLE.format(value));
}

/**
 * A count with its sign.
 * @param {number | null | undefined} value
 */
export function signed(value) {
  if (value === null || value === undefined) return NONE;
  return value > 0 ? `+${count(value)}` : count(value);
}

/**
 * A figure with at most some decimals.
 * @param {number | null | undefined} value
 * @param {number} [decimals]
 */
export function figure(value, decimals = 2) {
  if (value === null || value === undefined) return NONE;
  return minus(String(Number(value.toFixed(decimals))));
}

/**
 * A proper minus sign, and none before a zero.
 * @param {string} text
 */
function minus(text) {
  return /^-[0.]*$/.test(text) ? text.slice(1) : text.replace("-", "−");
}

/**
 * A duration in two units at most: `4 s`, `2 m 05 s`, `3 h 20 m`, `2 d 4 h`.
 * @param {number | null | undefined} ms
 */
export function age(ms) {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return NONE;
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} m ${two(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48
    ? `${hours} h ${two(minutes % 60)} m`
    : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** @param {number} value */
function two(value) {
  return String(value).padStart(2, "0");
}

/**
 * The time of day here: `14:03:21`; with the date if it is another day.
 * @param {number} atMs
 * @param {number} [nowMs]
 */
export function clock(atMs, nowMs = atMs) {
  const at = new Date(atMs);
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(":");
  const isToday = at.toDateString() === new Date(nowMs).toDateString();
  return isToday
    ? time
    : `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${time}`;
}

/**
 * Words of the log for people: `kill_switch_set` → `kill switch set`.
 * @param {string} name
 */
export function words(name) {
  return name.replaceAll("_", " ");
}

/**
 * One of two words.
 * @param {number} many
 * @param {string} one
 * @param {string} [others]
 */
export function plural(many, one, others = `${one}s`) {
  return `${count(many)} ${many === 1 ? one : others}`;
}

/**
 * A value of a setting as text that can be typed.
 * @param {unknown} value
 */
export function setting(value) {
  if (value === null || value === undefined) return "unset";
  if (Array.isArray(value)) return value.join(", ");
  return String(value);
}
