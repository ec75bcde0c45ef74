/** Pairs what rests with what is wanted at the least total distance (§17). */

interface Best {
  readonly distance: number;
  readonly pairs: readonly (readonly [number, number])[];
}

/**
 * Pairs the members of two sorted lists of prices one to one, until the shorter is used up, so that
 * the sum of the price distances is least. Pairs do not cross: the nearer stays the nearer.
 * @param from prices in cents, sorted
 * @param to prices in cents, sorted the same way
 * @returns pairs of indexes into the two lists
 */
export function pairNearest(
  from: readonly number[],
  to: readonly number[],
): readonly (readonly [number, number])[] {
  if (from.length === to.length) return from.map((_, index) => [index, index] as const);
  if (from.length > to.length) return pairNearest(to, from).map(([a, b]) => [b, a] as const);
  // best[j]: what was seen of `from`, paired within the first j of `to`; null if it does not fit.
  let best: readonly (Best | null)[] = Array(to.length + 1).fill({ distance: 0, pairs: [] });
  for (const [i, price] of from.entries()) {
    const next: (Best | null)[] = [null];
    for (const [j, target] of to.entries()) {
      const without = next[j] ?? null;
      const before = best[j] ?? null;
      const paired = before && {
        distance: before.distance + Math.abs(price - target),
        pairs: [...before.pairs, [i, j] as const],
      };
      next.push(nearer(without, paired));
    }
    best = next;
  }
  return best.at(-1)?.pairs ?? [];
}

function nearer(a: Best | null, b: Best | null): Best | null {
  if (a === null || b === null) return a ?? b;
  return b.distance < a.distance ? b : a;
}
