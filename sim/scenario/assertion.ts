import { z } from "zod";
import { snakeCase } from "../../src/runtime/wire.ts";
import type { Measured } from "../harness/result.ts";

/** What is compared: a number, one word, or words in order. */
type MetricKind = "figure" | "word" | "sequence";

const METRICS: Readonly<Record<keyof Measured, MetricKind>> = {
  cycles: "figure",
  failedCycles: "figure",
  ownOrders: "figure",
  ownOrdersOpen: "figure",
  ownTrades: "figure",
  volumeShares: "figure",
  pnlCents: "figure",
  bookedPnlCents: "figure",
  maxDrawdownCents: "figure",
  maxNetShares: "figure",
  twoSidedUptime: "figure",
  matchableTwoSidedUptime: "figure",
  averageSpreadCents: "figure",
  fairErrorCents: "figure",
  kills: "figure",
  finalDefenseLevel: "word",
  levelsVisited: "sequence",
  pauses: "sequence",
  killReasons: "sequence",
  phases: "sequence",
};

/** The comparisons that a metric of a kind knows. */
const COMPARISONS = {
  figure: ["min", "max", "equals"],
  word: ["equals"],
  sequence: ["contains", "lacks"],
} as const satisfies Record<MetricKind, readonly string[]>;

const metricSchema = z.string().transform((name, context) => {
  const known = metricNames().find((metric) => snakeCase(metric) === name);
  if (known !== undefined) return known;
  context.addIssue(`must be one of ${metricNames().map(snakeCase).join(", ")}`);
  return z.NEVER;
});

/** Something that must be true at the end, of one market or, if none is named, of the whole run. */
export const assertionSchema = z.strictObject({
  market: z.string().optional(),
  metric: metricSchema,
  min: z.number().optional(),
  max: z.number().optional(),
  equals: z.union([z.number(), z.string()]).optional(),
  /** Words that occur in this order, with anything in between. */
  contains: z.array(z.string()).min(1).optional(),
  /** Words that do not occur. */
  lacks: z.array(z.string()).min(1).optional(),
}).superRefine(({ market: _, metric, ...comparisons }, context) => {
  const known: readonly string[] = COMPARISONS[METRICS[metric]];
  const used = Object.entries(comparisons).filter(([, value]) => value !== undefined);
  if (used.length > 0 && used.every(([name]) => known.includes(name))) return;
  context.addIssue(`${snakeCase(metric)} is compared with ${known.join(" or ")}`);
});

/** Something that must be true at the end. */
export type Assertion = z.output<typeof assertionSchema>;

/**
 * Says how an assertion fails, null if it holds.
 * @param measured the market that the assertion names, or the whole run
 */
export function failureOf(assertion: Assertion, measured: Measured): string | null {
  const value = measured[assertion.metric];
  const expected = typeof value === "object"
    ? brokenSequence(assertion, value)
    : brokenComparison(assertion, value);
  if (expected === null) return null;
  const about = assertion.market === undefined ? "" : `${assertion.market} `;
  const found = typeof value === "object" ? `[${value.join(", ")}]` : value;
  return `${about}${snakeCase(assertion.metric)} must ${expected}, but is ${found}`;
}

function brokenComparison({ min, max, equals }: Assertion, value: number | string): string | null {
  if (equals !== undefined && value !== equals) return `be ${equals}`;
  if (min !== undefined && !(Number(value) >= min)) return `be at least ${min}`;
  if (max !== undefined && !(Number(value) <= max)) return `be at most ${max}`;
  return null;
}

function brokenSequence(assertion: Assertion, words: readonly string[]): string | null {
  const { contains = [], lacks = [] } = assertion;
  let at = -1;
  for (const word of contains) {
    at = words.indexOf(word, at + 1);
    if (at < 0) return `contain [${contains.join(", ")}] in this order`;
  }
  const unwanted = lacks.find((word) => words.includes(word));
  return unwanted === undefined ? null : `not contain ${unwanted}`;
}

function metricNames(): (keyof Measured)[] {
  // Object.keys() forgets the type of the keys of the record above.
  return Object.keys(METRICS) as (keyof Measured)[];
}
