/** What a rule over several settings is (`parameters.md` 2.10). */

import type { GlobalConfig, MarketConfig, ParameterName } from "../registry.ts";

interface RuleOf<Subject extends readonly unknown[]> {
  /** X01 to X51. A rule of several independent clauses has one entry for each. */
  readonly id: string;
  /** A warning is accepted, logged and shown. */
  readonly severity: "error" | "warning";
  readonly code?: "FEE_FLOOR";
  /** What must hold, in the names of the settings; for messages. */
  readonly statement: string;
  /** What goes wrong otherwise; for messages, where the statement does not say it by itself. */
  readonly because?: string;
  /** Every setting that the rule reads. */
  readonly members: readonly ParameterName[];
  readonly holds: (...subject: Subject) => boolean;
  /** The computed figures that are compared; for messages. */
  readonly figures?: (...subject: Subject) => string;
}

/** A rule that is checked for every market. */
export type MarketRule = RuleOf<[market: MarketConfig, global: GlobalConfig]>;

/** A rule about the process and all its markets together. */
export type ProcessRule = RuleOf<[global: GlobalConfig, markets: readonly MarketConfig[]]>;
