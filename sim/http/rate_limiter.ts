/** What a call counts as: placing and cancelling, replacing, or reading. */
export type RateGroup = "order" | "replace" | "query";

/** Calls allowed in a minute; null for any number. */
export interface RateLimits {
  readonly ordersPerMinute: number | null;
  /** For each market. */
  readonly replacesPerMinute: number | null;
  readonly queriesPerMinute: number | null;
}

/** No limits, as deployed. */
export const NO_LIMITS: RateLimits = {
  ordersPerMinute: null,
  replacesPerMinute: null,
  queriesPerMinute: null,
};

/** How a call stands against its limit. */
export interface RateVerdict {
  readonly allowed: boolean;
  readonly limit: number;
  /** Calls left in this window. */
  readonly remaining: number;
  /** When the next window begins, epoch milliseconds. */
  readonly resetAtMs: number;
}

const WINDOW_MS = 60_000;

/** Counts calls in fixed windows of a minute (exchange API §7). */
export class RateLimiter {
  readonly #limits: RateLimits;
  readonly #counts = new Map<string, number>();
  #window = -1;

  constructor(limits: RateLimits) {
    this.#limits = limits;
  }

  /**
   * Counts a call.
   * @param subject whose calls are counted together
   * @returns null if such calls are not limited
   */
  count(group: RateGroup, subject: string, nowMs: number): RateVerdict | null {
    const limit = this.#limitOf(group);
    if (limit === null) return null;
    const window = Math.floor(nowMs / WINDOW_MS);
    if (window !== this.#window) this.#counts.clear();
    this.#window = window;
    const key = `${group} ${subject}`;
    const used = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, used);
    return {
      allowed: used <= limit,
      limit,
      remaining: Math.max(0, limit - used),
      resetAtMs: (window + 1) * WINDOW_MS,
    };
  }

  #limitOf(group: RateGroup): number | null {
    switch (group) {
      case "order":
        return this.#limits.ordersPerMinute;
      case "replace":
        return this.#limits.replacesPerMinute;
      case "query":
        return this.#limits.queriesPerMinute;
    }
  }
}
