/** Chapter 6: where the shipped default is not the seed's. */

import { codeDefaults } from "../../../src/config/registry.ts";
import { showValue } from "../../../src/config/value.ts";
import type { Chapter } from "./chapter.ts";

/** A default that was changed. */
interface Change {
  readonly parameter: keyof typeof codeDefaults.market & string;
  /** What the seed says, `new` if it does not know the parameter. */
  readonly seed: string;
  readonly reason: string;
}

const CHANGES: readonly Change[] = [
  {
    parameter: "posterior_mode",
    seed: "beta",
    reason:
      "chapter 4, `flow_belief`: with a wrong anchor the Beta posterior loses several times " +
      "as much and its price stays wrong",
  },
  {
    parameter: "spread_uncertainty_weight",
    seed: "new",
    reason: "chapter 4, `uncertainty_spread`: a bot that does not know the price pays for it in " +
      "every trade with somebody who does",
  },
  {
    parameter: "ladder_loss_ratio",
    seed: "new",
    reason: "chapters 3 and 5 (O-1): bounds the true loss, whatever the own mark says",
  },
];

/** Words without the quotes that a message would put around them. */
function shownDefault(value: unknown): string {
  return typeof value === "string" ? value : showValue(value);
}

/** Chapter 6. */
export const changedDefaults: Chapter = {
  title: "Changed defaults",
  runs: () => [],
  sections: () => [{
    heading: "",
    text: ["The seed's numbers stay reachable as the preset `seed_literal`."],
    table: {
      columns: ["parameter", "seed", "shipped", "reason"],
      rows: CHANGES.map(({ parameter, seed, reason }) => [
        `\`${parameter}\``,
        seed,
        shownDefault(codeDefaults.market[parameter]),
        reason,
      ]),
    },
  }],
};
