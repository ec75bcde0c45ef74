/** How operators reach markets that run. */

import type { MarketConfig } from "../config/registry.ts";
import { decide } from "../cycle/decide.ts";
import type { MarketContext } from "../cycle/market_context.ts";
import type { MarketRunner } from "../lifecycle/market_runner.ts";
import type { AdminCommand, CommandReceipt } from "../models/admin_command.ts";
import { type Clock, TIMED_OUT, withTimeout } from "../runtime/clock.ts";
import type { QuotePreview } from "./service_api.ts";

/** How long an answer waits for the loop of a market: a call that hangs in it ends before. */
const WAIT_MS = 12_000;

/** Leaves a command with markets, and gathers what they say; one that hangs hides no other. */
export function tell(
  runners: readonly MarketRunner[],
  command: AdminCommand,
  clock: Clock,
): Promise<readonly CommandReceipt[]> {
  return Promise.all(runners.map(async (runner): Promise<CommandReceipt> => {
    const { marketId } = runner.context;
    const result = await withTimeout(clock, WAIT_MS, runner.send(command));
    return result === TIMED_OUT ? { marketId, kind: "pending" } : { marketId, ...result };
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
