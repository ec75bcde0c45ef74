import type { ProcessConfig } from "../../src/config/process_config.ts";
import type { MarketConfig } from "../../src/config/registry.ts";

/**
 * The most that a market may lose at settlement value, whatever the outcome: its budget and what
 * one cycle can bring, which is all of one side's ladder, filled before the bot hears of it.
 */
export function worstLossBoundCents(
  { maxPerMarketLossCents, ladderLossRatio }: Pick<
    MarketConfig,
    "maxPerMarketLossCents" | "ladderLossRatio"
  >,
): number {
  return maxPerMarketLossCents * (1 + ladderLossRatio);
}

/** What a market would have lost. */
export interface OutcomeLoss {
  readonly marketId: string;
  /** If the worse outcome had come at the worst moment. */
  readonly lossCents: number;
}

/** Markets that could have lost more than they may. */
export function auditLosses(losses: readonly OutcomeLoss[], { markets }: ProcessConfig): string[] {
  return losses.flatMap(({ marketId, lossCents }) => {
    const config = markets.get(marketId);
    const boundCents = config === undefined ? Infinity : worstLossBoundCents(config);
    if (lossCents <= boundCents) return [];
    const bound = `the budget and one cycle allow ${Math.floor(boundCents)}`;
    return [`${marketId}: the worse outcome would have lost ${lossCents} cents, ${bound}`];
  });
}
