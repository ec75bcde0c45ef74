/** How operators reach markets that run. */

import type { MarketConfig } from "../config/registry.ts";
import { decide } from "../cycle/decide.ts";
import type { MarketContext } from "../cycle/market_context.ts";
import type { MarketRunner } from "../lifecycle/market_runner.ts";
import type { AdminCommand, CommandReceipt } from "../models/admin_command.ts";
import type { QuotePreview } from "./service_api.ts";

/** Leaves a command with markets, and gathers what they say. */
export function tell(
  runners: readonly MarketRunner[],
  command: AdminCommand,
): Promise<readonly CommandReceipt[]> {
  return Promise.all(runners.map(async (runner): Promise<CommandReceipt> => {
    const result = await runner.send(command);
    return { marketId: runner.context.marketId, ...result };
  }));
}

/** What a market would quote with other settings, given what it saw last; null before that. */
export function quoteWith(
  context: MarketContext | undefined,
  config: MarketConfig,
): QuotePreview | null {
  const { state = null, seen = null } = context ?? {};
  return state === null || seen === null ? null : decide(state, seen, config).explained;
}
