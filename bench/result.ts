/** What a measurement says, as `--json` shows it. */
export interface BenchResult {
  /** `family/what`, stable: the guard compares by it. */
  readonly name: string;
  /** Median of ours, in `unit`. */
  readonly ours: number;
  /** Median of what it is compared with in the same run, in `unit`; null if there is nothing. */
  readonly other: number | null;
  /** What `other` is. */
  readonly otherIs: string;
  /** How `ours` compares with `other`; see `better`. Null without `other`. */
  readonly ratio: number | null;
  readonly unit: string;
  /** Least and greatest `ratio` of the repetitions; of `ours` where there is no ratio. */
  readonly min: number;
  readonly max: number;
  /** Whether a greater ratio (or figure, without one) is better, or a smaller. */
  readonly better: "greater" | "smaller";
  /** Equal for both sides of a comparison: it shows that they did the same work. */
  readonly checksum: string;
  /** What it must reach, null if nothing is asked. */
  readonly target: Target | null;
}

/** What a figure must reach: its ratio, or `ours`. */
export interface Target {
  readonly of: "ratio" | "ours";
  readonly limit: number;
}

/** A figure of a single run that is compared with nothing. */
export interface Plain extends Pick<BenchResult, "name" | "ours" | "unit" | "checksum"> {
  /** What it may be at most, null if nothing is asked. */
  readonly limit: number | null;
}

/** The result of a {@link Plain} figure, of which less is better. */
export function plainResult({ limit, ours, ...plain }: Plain): BenchResult {
  return {
    ...plain,
    ours,
    other: null,
    otherIs: "",
    ratio: null,
    min: ours,
    max: ours,
    better: "smaller",
    target: limit === null ? null : { of: "ours", limit },
  };
}

/** Whether a result reaches its target; null if it has none. */
export function reached({ target, ratio, ours, better }: BenchResult): boolean | null {
  if (target === null) return null;
  const figure = target.of === "ours" ? ours : ratio;
  if (figure === null) return null;
  return better === "greater" ? figure >= target.limit : figure <= target.limit;
}

/** How a family of measurements is run. */
export interface BenchContext {
  /** Fewer and shorter repetitions: to see that it works, not to quote. */
  readonly quick: boolean;
  /** Tells how far it is, 0 to 1. */
  readonly progress: (label: string, share: number) => void;
}

/** A family of measurements, which runs in a process of its own. */
export interface BenchFamily {
  readonly title: string;
  /** What is measured and how, for the page. */
  readonly method: string;
  readonly run: (context: BenchContext) => Promise<readonly BenchResult[]>;
}
