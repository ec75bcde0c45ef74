import type { z } from "zod";
import {
  errorsIn,
  type Finding,
  type FindingCode,
  formatFinding,
} from "../../src/config/finding.ts";
import type { Origin } from "../../src/config/origin.ts";
import { originAt, plainValue, readYaml } from "../../src/config/yaml_tree.ts";
import { type Scenario, scenarioSchema } from "./schema.ts";

/** A file that cannot be used; the message lists all that is wrong with it, one line each. */
export class ScenarioError extends Error {
  override readonly name = "ScenarioError";
}

/**
 * Reads a scenario.
 * @param file name for messages
 * @param text its YAML
 * @throws ScenarioError with every mistake, where it stands and what would be right
 */
export function parseScenario(file: string, text: string): Scenario {
  return parseText(file, text, scenarioSchema);
}

/**
 * Reads a file of YAML, of which JSON is a part, by a schema.
 * @param file name for messages
 * @throws ScenarioError with every mistake, where it stands and what would be right
 */
export function parseText<T extends z.ZodType>(file: string, text: string, schema: T): z.output<T> {
  const { root, findings } = readYaml(file, text);
  const errors = errorsIn(findings);
  if (errors.length > 0) throw unusable(file, errors);
  if (root === null) throw new ScenarioError(`Cannot use ${file}: it is empty`);
  const written: Written = { value: plainValue(root), originAt: (path) => originAt(root, path) };
  return parseWritten(file, written, schema);
}

/** Plain values that somebody wrote, and where they stand. */
export interface Written {
  readonly value: unknown;
  readonly originAt: (path: readonly PropertyKey[]) => Origin;
}

/**
 * Reads plain values by a schema.
 * @param what the whole, for the message
 * @throws ScenarioError with every mistake, where it stands and what would be right
 */
export function parseWritten<T extends z.ZodType>(
  what: string,
  { value, originAt }: Written,
  schema: T,
): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw unusable(what, parsed.error.issues.flatMap((issue) => findingsOf(issue, originAt)));
}

function unusable(what: string, findings: readonly Finding[]): ScenarioError {
  return new ScenarioError([`Cannot use ${what}:`, ...findings.map(formatFinding)].join("\n"));
}

function findingsOf(issue: z.core.$ZodIssue, originAt: Written["originAt"]): Finding[] {
  const paths = issue.code === "unrecognized_keys"
    ? issue.keys.map((key) => [...issue.path, key])
    : [issue.path];
  return paths.map((path) => ({
    severity: "error",
    code: codeOf(issue),
    key: shownPath(path),
    message: issue.message,
    origin: originAt(path),
  }));
}

function codeOf({ code }: z.core.$ZodIssue): FindingCode {
  switch (code) {
    case "unrecognized_keys":
      return "UNKNOWN_KEY";
    case "invalid_type":
      return "TYPE";
    default:
      return "RANGE";
  }
}

/** `["markets", 0, "path"]` → `markets[0].path`. */
function shownPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (shown, step) =>
      typeof step === "number"
        ? `${shown}[${step}]`
        : [shown, String(step)].filter(Boolean).join("."),
    "",
  ) || "file";
}
