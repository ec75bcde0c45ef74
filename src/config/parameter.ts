/**
 * How one setting is declared. A declaration holds everything that is known about a parameter:
 * its type, default, bounds, unit, when a change takes effect, and what it does. The zod schema,
 * the loader's error messages, the documentation and the JSON Schema are all made from it.
 */

import type { Format } from "./formats.ts";

/** Marks a parameter that has no default: the process or the market must not start without it. */
export const REQUIRED = Symbol("required");

/**
 * When a changed value is used (`parameters.md` 1.2). The first five are hot; the last three
 * refuse a change while the process runs.
 */
export type TakesEffect =
  | "CYCLE"
  | "REQUOTE"
  | "RAMP"
  | "RISK"
  | "TICK"
  | "restart"
  | "locked"
  | "mirror";

/** True for the classes that may change while the bot runs. */
export function isHot(takesEffect: TakesEffect): boolean {
  return takesEffect !== "restart" && takesEffect !== "locked" && takesEffect !== "mirror";
}

/** The value types a parameter can have. */
export type ParameterType =
  | "int"
  | "float"
  | "bool"
  | "string"
  | "enum"
  | "secret"
  | "string_list"
  | "float_list";

/** One declared setting; `T` is the type of its value (with `null` for "unset"). */
export interface Parameter<T = unknown> {
  readonly type: ParameterType;
  readonly default: T | typeof REQUIRED;
  readonly takesEffect: TakesEffect;
  /** True if the value may be `null`, written `unset` in YAML. */
  readonly nullable: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly unit?: string;
  /** What a text, or each text of a list, must look like. */
  readonly format?: Format;
  /** How many elements a list has; any number of at least one if absent. */
  readonly length?: number;
  /** A second word for `unset`, as `inf` for an infinite horizon. */
  readonly unsetWord?: string;
  /** Members of an enum. */
  readonly values?: readonly string[];
  readonly description: string;
  readonly group: string;
}

/** The limits of a value, as far as a declaration states any. */
type Bounds = Pick<Parameter, "min" | "max" | "unit" | "format" | "length" | "unsetWord">;

/** A declaration before its group gives it a name. */
type Ungrouped<T> = Omit<Parameter<T>, "group">;
type Default<T> = T | typeof REQUIRED;

function declare<T>(type: ParameterType, nullable: boolean) {
  return (
    value: Default<T>,
    takesEffect: TakesEffect,
    bounds: Bounds,
    description: string,
  ): Ungrouped<T> => ({
    type,
    default: value,
    takesEffect,
    nullable,
    ...bounds,
    description,
  });
}

/** A whole number. */
export const int = declare<number>("int", false);
/** A whole number that may be unset. */
export const intOrUnset = declare<number | null>("int", true);
/** A number. */
export const float = declare<number>("float", false);
/** A number that may be unset. */
export const floatOrUnset = declare<number | null>("float", true);
/** `true` or `false`. */
export const bool = declare<boolean>("bool", false);
/** Text. */
export const text = declare<string>("string", false);
/** Text that may be unset. */
export const textOrUnset = declare<string | null>("string", true);
/** A list of texts. */
export const textList = declare<readonly string[]>("string_list", false);
/** A list of texts that may be unset. */
export const textListOrUnset = declare<readonly string[] | null>("string_list", true);
/** A list of numbers; bounds hold for each element. */
export const floatList = declare<readonly number[]>("float_list", false);
/** A secret: read from the environment only, never shown. `null` means not set. */
export const secret = declare<string | null>("secret", true);

/** One of a fixed set of words. */
export function choice<const V extends string>(
  values: readonly V[],
  value: Default<NoInfer<V>>,
  takesEffect: TakesEffect,
  bounds: Bounds,
  description: string,
): Ungrouped<V> {
  return {
    type: "enum",
    values,
    default: value,
    takesEffect,
    nullable: false,
    ...bounds,
    description,
  };
}

type Grouped<G> = {
  readonly [K in keyof G]: G[K] extends Ungrouped<infer T> ? Parameter<T> : never;
};

/** Names a set of declarations that belong together (`group` column of the catalogue). */
export function group<const G extends Record<string, Ungrouped<unknown>>>(
  name: string,
  declarations: G,
): Grouped<G> {
  return Object.fromEntries(
    Object.entries(declarations).map(([key, value]) => [key, { ...value, group: name }]),
  ) as Grouped<G>;
}

/** `anchor_band_cents` → `anchorBandCents`. */
export type CamelCase<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : S;

/** The record of values that a set of declarations describes, with camelCase names. */
export type ValuesOf<P> = {
  readonly [K in keyof P & string as CamelCase<K>]: P[K] extends Parameter<infer T> ? T : never;
};

/** `anchor_band_cents` → `anchorBandCents`; the mapping between YAML and code is one to one. */
export function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
