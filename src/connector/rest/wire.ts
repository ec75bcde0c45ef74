/**
 * The values that the venue's answers are made of. A wrong type or a missing field is an error
 * (L-10).
 */

import { z } from "zod";
import { cents, price, shares } from "../../models/money.ts";
import { isIdentifier } from "./identifiers.ts";

/**
 * An answer that does not have the agreed form; the message names the fields, never their values.
 */
export class MalformedAnswer extends Error {
  override readonly name = "MalformedAnswer";
}

/** A price of 1 to 99 cents; 0 is not a price. */
export const wirePrice = z.int().min(1).max(99).transform(price);
/** Money that cannot be negative. */
export const wireCents = z.int().min(0).transform(cents);
/** A number of contracts, possibly none. */
export const wireShares = z.int().min(0).transform(shares);
/** A number of contracts, at least one. */
export const wireQuantity = z.int().min(1).transform(shares);
/** A fee rate; the venue allows at most 10 %. */
export const wireBps = z.int().min(0).max(1000);
/** Text that must say something. */
export const wireText = z.string().min(1);
/** An order or market id: opaque, never a number, fit for a path (L-40). */
export const wireId = z.string().refine(isIdentifier, "must be an id");
/** A moment with its zone, as epoch milliseconds. */
export const wireTime = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

/**
 * One page of a list. `has_more` and `next_cursor` must agree, or rows would be missed silently; a
 * page that has more but no rows would be read for ever.
 */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({
    items: z.array(item),
    next_cursor: wireText.nullable(),
    has_more: z.boolean(),
  }).refine(
    (page) => page.has_more === (page.next_cursor !== null),
    "has_more and next_cursor contradict each other",
  ).refine((page) => page.items.length > 0 || !page.has_more, "an empty page that is not the last");
}

/**
 * Reads a payload.
 * @throws MalformedAnswer that names the first few wrong fields
 */
export function parseWith<T extends z.ZodType>(schema: T, payload: unknown): z.output<T> {
  const result = schema.safeParse(payload);
  if (result.success) return result.data;
  const problems = result.error.issues.slice(0, 3).map((issue) => {
    const path = issue.path.map(String).join(".");
    return path === "" ? issue.message : `${path}: ${issue.message}`;
  });
  throw new MalformedAnswer(problems.join("; "));
}

/**
 * Requires that an answer is about what was asked.
 * @throws MalformedAnswer if it is not
 */
export function requireSame(field: string, answered: unknown, asked: unknown): void {
  if (answered !== asked) throw new MalformedAnswer(`${field} is not the one that was asked for`);
}

/**
 * Requires that no id appears twice: rows would be counted twice.
 * @throws MalformedAnswer if one does
 */
export function requireUnique(field: string, ids: readonly string[]): void {
  if (new Set(ids).size < ids.length) throw new MalformedAnswer(`${field} appears twice`);
}

/**
 * Lets fields also be read under their documented names: `{ price: "price_cents" }` takes
 * `price_cents` where there is no `price`.
 */
export function orDocumented<T extends z.ZodType>(
  schema: T,
  names: Readonly<Record<string, string>>,
) {
  return z.preprocess((payload) => {
    if (!isRecord(payload)) return payload;
    const found = Object.entries(names)
      .filter(([deployed, documented]) => !(deployed in payload) && documented in payload)
      .map(([deployed, documented]) => [deployed, payload[documented]]);
    return { ...payload, ...Object.fromEntries(found) };
  }, schema);
}

/** True for an object with named fields. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
