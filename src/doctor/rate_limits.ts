import type { GlobalConfig } from "../config/registry.ts";
import type { Endpoint } from "../connector/rate_budget.ts";
import type { AnnouncedLimits } from "../connector/rest/announced_limits.ts";
import { budgetOf } from "../service/live_connector.ts";
import { ok, type Verdict, warning } from "./check.ts";

type Budget = Endpoint["kind"];

/** The settings that the venue's limits are compared with. */
const SETTINGS = {
  orders: { name: "order_ops_per_minute", key: "orderOpsPerMinute" },
  replaces: { name: "replace_ops_per_minute", key: "replaceOpsPerMinute" },
  queries: { name: "query_rate_limit", key: "queryRateLimit" },
} as const satisfies Readonly<Record<Budget, { name: string; key: keyof GlobalConfig }>>;

/** Remembers what the venue says about its limits while it is examined. */
export class LimitWatch {
  /** Calls per minute by budget. */
  readonly #announced = new Map<Budget, number>();
  #refused = false;

  /** Takes in what an answer says. */
  note(limits: AnnouncedLimits): void {
    const budget = budgetOf(limits);
    if (limits.refused) this.#refused = true;
    if (budget !== null && limits.limit !== null) this.#announced.set(budget.kind, limits.limit);
  }

  /** The bot does not plan with more calls than the venue allows. */
  judge(global: GlobalConfig): Verdict<null> {
    const tooHigh = [...this.#announced]
      .map(([budget, limit]) => ({ ...SETTINGS[budget], limit }))
      .filter(({ key, limit }) => limit < global[key]);
    if (tooHigh.length > 0) {
      const found = tooHigh.map(({ name, key, limit }) =>
        `${name} is ${global[key]} and the venue allows ${limit}`
      );
      const settings = tooHigh.map(({ name, limit }) => `${name}: ${limit}`);
      return warning(
        `${found.join("; ")}; the bot keeps to the smaller one once it has heard of it`,
        `Set ${settings.join(", ")}, or ask the operator of the venue for more`,
        null,
      );
    }
    if (this.#refused) {
      const fix = "Lower query_rate_limit, and see who else uses the account";
      return warning("the venue refused calls of this examination (429)", fix, null);
    }
    if (this.#announced.size === 0) return ok("the venue announces none", null);
    return ok(`the venue allows what is set (${[...this.#announced.keys()].join(", ")})`, null);
  }
}
