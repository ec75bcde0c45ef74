/** Hashes of texts, read field by field. */

import { z } from "zod";
import { type Cents, cents, type Shares, shares } from "../../models/money.ts";
import { type FieldName, type Refusal, refusedField } from "./refusal.ts";

/** The fields of a Redis hash as they are written. */
export type HashFields = Readonly<Record<string, string>>;

/** What a key holds. */
export type FoundKey =
  | { readonly kind: "none" }
  | { readonly kind: "hash"; readonly fields: HashFields }
  /** Something of another type, which is named. */
  | { readonly kind: "other"; readonly type: string };

const integer = z.string().regex(/^-?\d+$/).transform(Number).refine(Number.isSafeInteger);
const count = integer.refine((value) => value >= 0);
const float = z.string().regex(/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i).transform(Number)
  .refine(Number.isFinite);

/** How fields are read; whole numbers are exact. */
export const field = {
  cents: integer.transform((value): Cents => cents(value)),
  /** Cents of at least 0. */
  count,
  shares: count.transform((value): Shares => shares(value)),
  /** Epoch milliseconds; the scripts read them in the same way. */
  ms: z.string().regex(/^\d{1,15}$/).transform(Number),
  /** A finite number. */
  float,
  /** At most `length` characters, and at least one. */
  text: (length: number) => z.string().min(1).max(length),
  /** At most `length` characters, none included. */
  anyText: (length: number) => z.string().max(length),
  oneOf: <const T extends readonly string[]>(words: T) => z.enum(words),
};

/** Reads the fields of one hash; what cannot be believed is refused and noted, never an error. */
export class HashReader {
  readonly key: string;
  readonly #fields: HashFields;
  readonly #refused: Refusal[];

  /** @param refused takes the refusals */
  constructor(key: string, fields: HashFields, refused: Refusal[]) {
    this.key = key;
    this.#fields = fields;
    this.#refused = refused;
  }

  /** True if the hash has a field of that name, whatever is in it. */
  has(name: string): boolean {
    return this.#fields[name] !== undefined;
  }

  /** The value of a field that nothing depends on, null if it cannot be read. */
  peek<T>(name: string, schema: z.ZodType<T, string>): T | null {
    return schema.safeParse(this.#fields[name]).data ?? null;
  }

  /** The value of a field, null if it is missing or cannot be believed. */
  read<T>(name: FieldName, schema: z.ZodType<T, string>): T | null {
    const found = this.#fields[name];
    const parsed = schema.safeParse(found);
    if (parsed.success) return parsed.data;
    this.#refused.push(refusedField(this.key, name, { found, name }));
    return null;
  }
}

/** A time as a field: whole milliseconds. */
export function msText(ms: number): string {
  return String(Math.round(ms));
}
