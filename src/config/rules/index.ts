/** All rules over several settings (`parameters.md` 2.10), and those that are checked elsewhere. */

import { fundingRules } from "./funding_rules.ts";
import { pricingRules } from "./pricing_rules.ts";
import { quotingRules } from "./quoting_rules.ts";
import { riskRules } from "./risk_rules.ts";
import type { MarketRule } from "./rule.ts";

export { processRules } from "./process_rules.ts";

/** The rules that are checked for every market. */
export const marketRules: readonly MarketRule[] = [
  ...pricingRules,
  ...quotingRules,
  ...riskRules,
  ...fundingRules,
];

/** Rules of the catalogue that no entry stands for, and why. */
export const RULES_ELSEWHERE: Readonly<Record<string, string>> = {
  X35: "needs to know whether the trade feed has exchange timestamps; the trade poller sees that",
  X37: "follows from X11, which sees the loss budget and the rollback loss of the same write",
  X50: "needs the balance of the account and the ledgers of all instances; checked at first start",
};
