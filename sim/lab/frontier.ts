import type { Cell } from "./compare.ts";

/**
 * The cells that no other beats: none of the others costs less per share at a paid spread that is
 * not wider, or is narrower at a cost that is not higher. Cells without trades are never on it.
 */
export function frontier(cells: readonly Cell[]): readonly Cell[] {
  const points = cells.flatMap((cell) => {
    const { paid_spread_cents: paid, cost_per_share_cents: cost } = cell.estimates;
    return paid.mean === null || cost.mean === null
      ? []
      : [{ cell, paid: paid.mean, cost: cost.mean }];
  });
  return points
    .filter(({ paid, cost }) =>
      !points.some((other) =>
        other.paid <= paid && other.cost <= cost && (other.paid < paid || other.cost < cost)
      )
    )
    .sort((a, b) => a.paid - b.paid)
    .map(({ cell }) => cell);
}
