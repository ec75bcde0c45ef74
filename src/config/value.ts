/** Turns what a person wrote into a typed, checked value of one parameter. */

import { FORMATS, hidePassword } from "./formats.ts";
import type { Parameter } from "./parameter.ts";
import { parameterSchema } from "./schema.ts";

/** A value, or why what was written is none. */
export type ParsedValue =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly code: "TYPE" | "RANGE"; readonly message: string };

const WHOLE = /^[+-]?\d+$/;
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const BOOLEANS: Readonly<Record<string, boolean>> = {
  true: true,
  "1": true,
  yes: true,
  false: false,
  "0": false,
  no: false,
};

/**
 * Parses text by the declared type, for Redis and the environment (`parameters.md` 2.3). Text that
 * the type does not know is refused, never turned into a default: `"flase"` must not become false.
 */
export function parseText(parameter: Parameter, text: string): ParsedValue {
  const trimmed = text.trim();
  if (isUnset(parameter, trimmed)) return { ok: true, value: null };
  const value = convertText(parameter, trimmed);
  return value === undefined ? wrongType(parameter, text) : checkValue(parameter, value);
}

/**
 * Checks a value of YAML or JSON; unlike text it must already have the type. The word `unset` gives
 * null.
 */
export function parsePlain(parameter: Parameter, value: unknown): ParsedValue {
  if (typeof value === "string" && isUnset(parameter, value)) return { ok: true, value: null };
  if (parameter.unsetWord === "inf" && value === Infinity) return { ok: true, value: null };
  const member = typeof value === "string" && parameter.values !== undefined
    ? memberNamed(parameter, value)
    : value;
  return checkValue(parameter, member);
}

function isUnset(parameter: Parameter, text: string): boolean {
  return parameter.nullable && ["", "unset", parameter.unsetWord].includes(text);
}

/** The value that a text stands for, undefined if the type does not know the text. */
function convertText(parameter: Parameter, text: string): unknown {
  switch (parameter.type) {
    case "int":
      return WHOLE.test(text) ? Number(text) + 0 : undefined;
    case "float":
      return decimal(text);
    case "bool":
      return BOOLEANS[text.toLowerCase()];
    case "enum":
      return memberNamed(parameter, text);
    case "string_list":
      return elements(text);
    case "float_list": {
      const numbers = elements(text)?.map(decimal);
      return numbers?.includes(undefined) ? undefined : numbers;
    }
    case "string":
    case "secret":
      return text;
  }
}

/** The number that a decimal text stands for, undefined for any other text. */
export function decimal(text: string): number | undefined {
  return DECIMAL.test(text) ? Number(text) + 0 : undefined;
}

/** The parts of a comma-separated list, undefined if one is missing. */
function elements(text: string): string[] | undefined {
  const parts = text.split(",").map((part) => part.trim());
  return parts.includes("") ? undefined : parts;
}

/** The enum member that a text names in any case, else the text itself. */
function memberNamed(parameter: Parameter, text: string): string {
  return parameter.values?.find((member) => member.toLowerCase() === text.toLowerCase()) ?? text;
}

/** Checks type and range of a value that is no text any more. */
function checkValue(parameter: Parameter, value: unknown): ParsedValue {
  const result = parameterSchema(parameter).safeParse(value);
  if (result.success) return { ok: true, value: result.data };
  const wrong = result.error.issues.some(({ code }) => code === "invalid_type");
  return wrong ? wrongType(parameter, value) : {
    ok: false,
    code: "RANGE",
    message: `${showValue(value)} is out of range`,
  };
}

const TYPE_NAMES: Readonly<Record<Parameter["type"], string>> = {
  int: "a whole number",
  float: "a number",
  bool: "true or false",
  enum: "a word",
  string: "text",
  secret: "text",
  string_list: "a list of texts",
  float_list: "a list of numbers",
};

function wrongType(parameter: Parameter, value: unknown): ParsedValue {
  const message = `${showValue(value)} is not ${TYPE_NAMES[parameter.type]}`;
  return { ok: false, code: "TYPE", message };
}

/** The values that a parameter can have, for a person: `0.1 to 100 (per cent)`. */
export function allowedValues(parameter: Parameter): string {
  const unset = parameter.nullable && parameter.type !== "secret" ? ", or unset" : "";
  return `${allowedSet(parameter)}${unset}`;
}

function allowedSet(parameter: Parameter): string {
  switch (parameter.type) {
    case "int":
    case "float":
      return withUnit(range(parameter), parameter.unit);
    case "float_list":
      return `${parameter.length ?? "one or more"} numbers, each ${range(parameter)}`;
    case "string_list":
      return `one or more texts, each ${textDescription(parameter)}`;
    case "bool":
      return "true or false";
    case "enum":
      return (parameter.values ?? []).join(", ");
    case "string":
    case "secret":
      return textDescription(parameter);
  }
}

function textDescription({ format }: Parameter): string {
  return format === undefined ? "text that is not empty" : FORMATS[format].description;
}

function range({ min, max }: Parameter): string {
  if (min === undefined) return max === undefined ? "any number" : `at most ${max}`;
  return max === undefined ? `at least ${min}` : `${min} to ${max}`;
}

function withUnit(text: string, unit: string | undefined): string {
  if (unit === undefined) return text;
  return unit.includes("(") ? `${text} ${unit}` : `${text} (${unit})`;
}

/** A value that may be shown: a secret only says whether it is set, a URL loses its password. */
export function publicValue(parameter: Parameter, value: unknown): unknown {
  if (parameter.type === "secret") return value === null ? "unset" : "set";
  return typeof value === "string" ? hidePassword(value) : value;
}

/** A value as it would stand in a file, `unset` for null, cut to 80 characters. */
export function showValue(value: unknown): string {
  if (value === null || value === undefined) return "unset";
  const text = typeof value === "string"
    ? JSON.stringify(hidePassword(value))
    : JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
