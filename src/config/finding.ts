import { formatOrigin, type Origin } from "./origin.ts";

/**
 * What is wrong (`parameters.md` 2.4; the codes after SECRET and before MISSING belong to whole
 * rules).
 */
export type FindingCode =
  /** Not readable as YAML, or YAML that a configuration may not use. */
  | "YAML"
  /** A file that cannot be read. */
  | "UNREADABLE"
  /** Set twice in one block. */
  | "DUPLICATE"
  | "UNKNOWN_KEY"
  | "SUPERSEDED"
  | "TYPE"
  | "RANGE"
  /** A market setting among the global ones or the reverse. */
  | "SCOPE"
  /** Takes a restart. */
  | "COLD"
  /** Not an operator's to change. */
  | "LOCKED"
  /** A secret outside the environment. */
  | "SECRET"
  | "CROSS_FIELD"
  | "FEE_FLOOR"
  | "FORBIDDEN_ACTION"
  /** A change that a second person has to approve. */
  | "APPROVAL"
  /** A required value that nothing sets. */
  | "MISSING"
  /** Accepted under an old name. */
  | "DEPRECATED"
  /** Written down but without effect. */
  | "UNUSED";

/** One thing that is wrong or odd with a configuration. */
export interface Finding {
  /** An error keeps the configuration from being used. */
  readonly severity: "error" | "warning";
  readonly code: FindingCode;
  /** Canonical name of the setting if it has one, else the name as written. */
  readonly key: string;
  /** What is wrong, continuing "key: …". */
  readonly message: string;
  /** Where, if it stands anywhere. */
  readonly origin?: Origin;
  /** The value as written; never a secret. */
  readonly value?: unknown;
  /** The values that would be right. */
  readonly allowed?: string;
  /** What to do. */
  readonly advice?: string;
  /** Rule X01 to X51 of `parameters.md` 2.10. */
  readonly rule?: string;
  /** The markets it is about; none for the process or for the defaults of all markets. */
  readonly markets?: readonly string[];
}

/**
 * One line for a person: `config/x.yaml:12:5 kappa: 0 is out of range; allowed 0.1 to 100 (per
 * cent) [RANGE]`.
 */
export function formatFinding(finding: Finding): string {
  const { origin, markets = [], key, message, allowed, advice, rule, code, severity } = finding;
  const place = origin === undefined ? "" : `${formatOrigin(origin)} `;
  const about = markets.length === 0 ? "" : `market ${markets.join(", ")}: `;
  const range = allowed === undefined ? "" : `; allowed ${allowed}`;
  const remedy = advice === undefined ? "" : `. ${advice}`;
  const mark = [severity === "warning" ? "warning" : "", rule ?? "", code].filter(Boolean).join(
    " ",
  );
  return `${place}${about}${key}: ${message}${range}${remedy} [${mark}]`;
}

/** The errors among findings. */
export function errorsIn(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ severity }) => severity === "error");
}

/** The findings file by file and from the top down, those without a line last. */
export function inReadingOrder(findings: readonly Finding[]): Finding[] {
  const files = findings.map(({ origin }) => origin?.layer === "file" ? origin.file : "");
  const rank = ({ origin }: Finding): readonly number[] =>
    origin?.layer === "file"
      ? [files.indexOf(origin.file), origin.line, origin.column]
      : [findings.length, 0, 0];
  return findings.toSorted((a, b) => {
    const [rankA, rankB] = [rank(a), rank(b)];
    const differences = rankA.map((value, index) => value - (rankB[index] ?? 0));
    return differences.find((difference) => difference !== 0) ?? 0;
  });
}
