/** What is typed, as values. */

/** @import { Parameter } from "./types.ts" */

/** Units of a time to live. */
const UNITS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * A typed text as the value of a setting.
 * @param {Parameter} parameter
 * @param {string} text
 * @returns {unknown}
 */
export function valueOf({ type, nullable }, text) {
  const trimmed = text.trim();
  if (nullable && (trimmed === "" || trimmed === "unset")) return null;
  switch (type) {
    case "int":
    case "float":
      return trimmed === "" || Number.isNaN(Number(trimmed)) ? trimmed : Number(trimmed);
    case "bool":
      return trimmed === "true";
    case "string_list":
      return trimmed.split(",").map((part) => part.trim());
    case "float_list":
      return trimmed.split(",").map((part) => Number(part.trim()));
    default:
      return trimmed;
  }
}

/**
 * `30m` → milliseconds; null for nothing, NaN for what is no time.
 * @param {string} text
 */
export function lifeOf(text) {
  if (text.trim() === "") return null;
  const [, amount, unit] = /^(\d+(?:\.\d+)?)\s*([smhd])$/.exec(text.trim()) ?? [];
  if (amount === undefined) return NaN;
  return Math.round(Number(amount) * (UNITS[/** @type {keyof typeof UNITS} */ (unit)]));
}
