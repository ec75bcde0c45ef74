/**
 * Request validation as the venue does it: zod finds what is wrong, and this file says it in the
 * venue's words, shape E3 (exchange API §1.4).
 */

import { z } from "zod";
import { DetailProblem, type FieldProblem } from "./problems.ts";

/** Where the values of a request stand. */
export type RequestPart = "body" | "query";

/** A whole number; the venue takes digits in a string, and 50.0 for 50, too (§1.1). */
export function integer(rule: z.ZodNumber = z.int()) {
  return z.preprocess(
    (value) =>
      typeof value === "string" && /^[+-]?\d+(\.0+)?$/.test(value.trim()) ? Number(value) : value,
    rule,
  );
}

/**
 * Reads a part of a request by its schema.
 * @throws DetailProblem 422 with an entry for each field that is not valid, in the schema's order
 */
export function parsePart<S extends z.ZodObject>(
  schema: S,
  part: RequestPart,
  raw: unknown,
): z.output<S> {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const problems = new Map<string, FieldProblem>();
  for (const issue of parsed.error.issues) {
    const problem = fieldProblem(issue, part, raw);
    const field = problem.loc.join(".");
    if (!problems.has(field)) problems.set(field, problem);
  }
  throw new DetailProblem(422, [...problems.values()]);
}

/**
 * Reads a JSON body.
 * @throws DetailProblem 422 if it is not JSON
 */
export function parseJson(text: string): unknown {
  try {
    return text === "" ? null : JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // The parser does not always say where; then it is the end, or the whole.
    const elsewhere = /end of JSON/.test(message) ? text.length : 0;
    const offset = Number(/at position (\d+)/.exec(message)?.[1] ?? elsewhere);
    throw new DetailProblem(422, [{
      type: "json_invalid",
      loc: ["body", offset],
      msg: "JSON decode error",
      input: {},
      ctx: { error: message },
    }]);
  }
}

function fieldProblem(
  issue: z.core.$ZodIssue,
  part: RequestPart,
  raw: unknown,
): FieldProblem {
  const unknown = issue.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : [];
  const path = [...issue.path, ...unknown];
  const loc = [part, ...path];
  const input = valueAt(raw, path);
  if (input === undefined || (input === null && path.length === 0)) {
    const around = path.length === 0 ? null : valueAt(raw, path.slice(0, -1));
    return { type: "missing", loc, msg: "Field required", input: around };
  }
  return { ...described(issue, input), loc, input };
}

type Description = Omit<FieldProblem, "loc" | "input">;

function described(issue: z.core.$ZodIssue, input: unknown): Description {
  switch (issue.code) {
    case "invalid_type":
      return wrongType(issue.expected, input);
    case "invalid_value":
      return wrongWord(issue.values.map(String));
    case "too_small":
      return tooSmall(Number(issue.minimum), issue.inclusive ?? true, issue.origin === "string");
    case "too_big":
      return tooBig(Number(issue.maximum), issue.origin === "string");
    case "invalid_format":
      return wrongPattern(issue.pattern ?? "");
    case "unrecognized_keys":
      return { type: "extra_forbidden", msg: "Extra inputs are not permitted" };
    default:
      return {
        type: "value_error",
        msg: `Value error, ${issue.message}`,
        ctx: { error: {} },
      };
  }
}

function wrongType(expected: string, input: unknown): Description {
  if (expected === "string") {
    return { type: "string_type", msg: "Input should be a valid string" };
  }
  if (expected === "object") {
    return {
      type: "model_attributes_type",
      msg: "Input should be a valid dictionary or object to extract fields from",
    };
  }
  if (typeof input === "string") {
    return {
      type: "int_parsing",
      msg: "Input should be a valid integer, unable to parse string as an integer",
    };
  }
  if (typeof input === "number") {
    return {
      type: "int_from_float",
      msg: "Input should be a valid integer, got a number with a fractional part",
    };
  }
  return { type: "int_type", msg: "Input should be a valid integer" };
}

function wrongWord(words: readonly string[]): Description {
  const quoted = words.map((word) => `'${word}'`);
  const expected = [quoted.slice(0, -1).join(", "), ...quoted.slice(-1)].join(" or ");
  return { type: "literal_error", msg: `Input should be ${expected}`, ctx: { expected } };
}

function tooSmall(bound: number, inclusive: boolean, isText: boolean): Description {
  if (isText) {
    const msg = `String should have at least ${characters(bound)}`;
    return { type: "string_too_short", msg, ctx: { min_length: bound } };
  }
  return inclusive
    ? {
      type: "greater_than_equal",
      msg: `Input should be greater than or equal to ${bound}`,
      ctx: { ge: bound },
    }
    : { type: "greater_than", msg: `Input should be greater than ${bound}`, ctx: { gt: bound } };
}

function tooBig(bound: number, isText: boolean): Description {
  if (isText) {
    const msg = `String should have at most ${characters(bound)}`;
    return { type: "string_too_long", msg, ctx: { max_length: bound } };
  }
  return {
    type: "less_than_equal",
    msg: `Input should be less than or equal to ${bound}`,
    ctx: { le: bound },
  };
}

function wrongPattern(pattern: string): Description {
  const source = pattern.replace(/^\/(.*)\/$/, "$1");
  return {
    type: "string_pattern_mismatch",
    msg: `String should match pattern '${source}'`,
    ctx: { pattern: source },
  };
}

function characters(count: number): string {
  return `${count} character${count === 1 ? "" : "s"}`;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === "object" && inner !== null ? Reflect.get(inner, key) : undefined,
    value,
  );
}
