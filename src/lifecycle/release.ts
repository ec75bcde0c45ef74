import type { CycleServices } from "../cycle/sync.ts";
import type { MarketContext } from "../cycle/market_context.ts";
import { persist, type SaveTools } from "../cycle/persist.ts";
import type { AdminCommand } from "../models/admin_command.ts";
import { releaseKill } from "../risk/defense_stack.ts";
import { type DriftTolerances, reconcileMarket } from "./reconciler.ts";

/** What an operator says to release a kill. */
export type ReleaseCommand = Extract<AdminCommand, { kind: "release" }>;

/** What a release works with. */
export interface ReleaseTools extends SaveTools {
  readonly services: Pick<CycleServices, "connector" | "poller">;
  /** The settings of the process as they are now. */
  readonly global: () => DriftTolerances;
}

/**
 * Releases a latch after a clean look at the venue, once the release is written down; if its cause
 * still holds, the next cycle latches again.
 * @throws VenueError if the venue does not answer; the latch holds then
 */
export async function releaseAfterLook(
  context: MarketContext,
  command: ReleaseCommand,
  tools: ReleaseTools,
): Promise<void> {
  if (context.state === null || context.state.defense.latch === null) return;
  await reconcileMarket(context, tools.services, tools.global());
  const market = await tools.services.connector.market(context.marketId);
  const { state } = context;
  const latch = state?.defense.latch ?? null;
  if (state === null || latch === null) return;
  const { driftBreachesMs, defense } = state;
  const released = { driftBreachesMs: [], defense: releaseKill(defense) };
  context.state = { ...state, market, ...released };
  context.noteRelease(latch, `${command.operator}: ${command.reason}`);
  if (!await persist(context, tools)) {
    context.state = { ...context.state, driftBreachesMs, defense };
    context.release = null;
    const cause = tools.store.problem;
    return context.log.log("ERROR", "release_refused", { ...command, latch, cause });
  }
  context.log.log("WARN", "kill_released", { ...command, latch });
  context.enter("RUNNING", "released by an operator");
}
