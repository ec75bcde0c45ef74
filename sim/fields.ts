/** Building blocks of the schemas of what people write: every refusal names what would be right. */

import { z } from "zod";
import { nearest } from "../src/config/nearest.ts";
import { showValue } from "../src/config/value.ts";

/** The `error` option of a schema whose refusals say what the value must be. */
export function expecting(description: string): { error: (issue: { input?: unknown }) => string } {
  return {
    error: ({ input }) =>
      input === undefined
        ? `is missing; must be ${description}`
        : `must be ${description}, but is ${showValue(input)}`,
  };
}

/** A whole number within bounds, both included. */
export function wholeNumber(min: number, max: number) {
  const error = expecting(`a whole number from ${min} to ${max}`);
  return z.int(error).min(min, error).max(max, error);
}

/** A number within bounds, both included. */
export function numberBetween(min: number, max: number) {
  const error = expecting(`a number from ${min} to ${max}`);
  return z.number(error).min(min, error).max(max, error);
}

/** One word of a list. */
export function oneOf<const W extends readonly string[]>(...words: W) {
  return z.enum(words, expecting(`one of ${words.join(", ")}`));
}

/** Text that says something, at most 500 characters. */
export function someText() {
  const error = expecting("text of 1 to 500 characters");
  return z.string(error).min(1, error).max(500, error);
}

/** Text of a form. */
export function textLike(pattern: RegExp, description: string) {
  return z.string(expecting(description)).regex(pattern, expecting(description));
}

/** A list that is not longer than it may be. */
export function listOf<T extends z.ZodType>(element: T, least: number, most: number) {
  const error = expecting(`a list of ${least} to ${most} entries`);
  return z.array(element, error).min(least, error).max(most, error);
}

/** The refusal of a block whose `tag` names none of the kinds that there are. */
export function expectingKind(tag: string, kinds: readonly string[]) {
  const { error } = expecting(`one of ${kinds.join(", ")}`);
  return {
    error: ({ input }: { input?: unknown }) =>
      error({ input: new Map(Object.entries(Object(input))).get(tag) }),
  };
}

/** A block of settings in which no other names are allowed. */
export function block<S extends z.ZodRawShape>(shape: S) {
  const names = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== "unrecognized_keys") return expecting("a block of settings").error(issue);
      const [unknown = ""] = issue.keys as readonly string[];
      const like = nearest(unknown, names);
      const hint = like === null ? "" : ` (did you mean ${like}?)`;
      return `is not known here${hint}; allowed ${names.join(", ")}`;
    },
  });
}
