import { type CamelCase, camelCase } from "../src/config/parameter.ts";

/** A record with camelCase names for its snake_case ones. */
export type CamelKeys<T> = { readonly [K in keyof T & string as CamelCase<K>]: T[K] };

/**
 * Renames the keys of a record as people write it in YAML; values stay. For the `transform` of a
 * schema.
 */
export function camelKeys<T extends Readonly<Record<string, unknown>>>(record: T): CamelKeys<T> {
  // The mapping of the names is the one that CamelKeys describes, letter by letter.
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [camelCase(name), value]),
  ) as CamelKeys<T>;
}
