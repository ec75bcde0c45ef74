import process from "node:process";

/** One side of a comparison. */
export interface Contender {
  /** Does the work once, and says what came out. */
  readonly run: () => string | Promise<string>;
}

/** What was measured of one side. */
export interface Measured {
  /** Processor time of each repetition, ms. */
  readonly cpuMs: readonly number[];
  readonly checksum: string;
}

/**
 * Runs the sides in turn, so that whatever else the machine does hits all of them, and takes the
 * time of the processor, not that of the wall. The first round warms up and does not count.
 * @throws Error if two sides did not do the same work
 */
export async function interleave<Sides extends Readonly<Record<string, Contender>>>(
  contenders: Sides,
  rounds: number,
  onRound: (share: number) => void = () => {},
): Promise<Record<keyof Sides, Measured>> {
  const sides = Object.entries(contenders);
  const times = new Map(sides.map(([name]) => [name, [] as number[]]));
  const checksums = new Map<string, string>();
  for (let round = 0; round <= rounds; round++) {
    for (const [name, { run }] of sides) {
      const { cpuMs, value } = await timed(run);
      if (round > 0) times.get(name)?.push(cpuMs);
      checksums.set(name, value);
    }
    onRound((round + 1) / (rounds + 1));
  }
  const [[one, first] = ["", ""], ...others] = checksums;
  for (const [name, checksum] of others) {
    if (checksum === first) continue;
    throw new Error(`${name} did other work than ${one}: ${checksum} is not ${first}`);
  }
  const measured = sides.map(([name]) => [
    name,
    { cpuMs: times.get(name) ?? [], checksum: first },
  ]);
  // Object.fromEntries() forgets the names.
  return Object.fromEntries(measured) as Record<keyof Sides, Measured>;
}

/** Does something, and measures the time of the processor that it took, of all threads, ms. */
export async function timed<T>(work: () => T | Promise<T>): Promise<{ cpuMs: number; value: T }> {
  const before = process.cpuUsage();
  const value = await work();
  const { user, system } = process.cpuUsage(before);
  return { cpuMs: (user + system) / 1_000, value };
}

/** The middle one; the mean of the two middle ones of an even number. NaN without any. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which a share of the values lies, interpolated. NaN without any. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(at)] ?? NaN, sorted[Math.ceil(at)] ?? NaN];
  return low + (high - low) * (at - Math.floor(at));
}

/** Quotient of the repetitions of one round each: how often `a` contains `b`. */
export function pairwise(a: readonly number[], b: readonly number[]): number[] {
  return a.map((value, round) => value / (b[round] ?? NaN));
}
