/** What operators ask of the bot, and how it reaches the markets: here, or through the store. */

import type { OperatorOrder } from "../cycle/operator_order.ts";
import type { MarketRunner } from "../lifecycle/market_runner.ts";
import type { SharedState } from "../lifecycle/shared_state.ts";
import type { AdminCommand, CommandReceipt } from "../models/admin_command.ts";
import type { KillLatch } from "../models/explanation.ts";
import { price } from "../models/money.ts";
import { type Clock, withTimeout } from "../runtime/clock.ts";
import { tell } from "./operate.ts";
import type { LeaseReport } from "./service_api.ts";

/** What {@link OperatorCommands} works with. */
export interface OperatorCommandsOptions {
  readonly clock: Clock;
  readonly shared: SharedState;
  /** The markets on the roster of this process. */
  readonly runners: () => readonly MarketRunner[];
  /** Who has which market, null where one process works all of them. */
  readonly leases: () => LeaseReport | null;
}

/** A market that this process does not hold. */
interface MarketElsewhere {
  readonly marketId: string;
  /** Null if nobody holds it. */
  readonly holder: string | null;
}

type Elsewhere = readonly MarketElsewhere[];
type Release = Extract<AdminCommand, { kind: "release" }>;

/** A kill is answered after this time although the store has not confirmed it; it tries on. */
const WRITE_MS = 3000;

/**
 * Takes the commands of operators. A kill reaches every market: one that another process holds, or
 * nobody, is latched in the shared store, where its holder obeys within a cycle. Everything else is
 * for the process that holds the market, since it alone can look at the books.
 */
export class OperatorCommands {
  readonly #options: OperatorCommandsOptions;
  #orderForAll: OperatorOrder | null = null;

  constructor(options: OperatorCommandsOptions) {
    this.#options = options;
  }

  /** What an operator wants of every market, those that come later included. */
  get orderForAll(): OperatorOrder | null {
    return this.#orderForAll;
  }

  /** See `Service.admin`. */
  send(target: string, command: AdminCommand): Promise<readonly CommandReceipt[]> {
    if (command.kind === "set_anchor") price(command.anchorPriceCents);
    const elsewhere = this.#elsewhere();
    const here = this.#options.runners().filter(({ context }) =>
      !elsewhere.some(({ marketId }) => marketId === context.marketId)
    );
    if (target === "*") return this.#sendAll(command, here, elsewhere);
    const runner = here.find(({ context }) => context.marketId === target);
    if (runner !== undefined) return this.#tell([runner], command);
    const market = elsewhere.find(({ marketId }) => marketId === target);
    if (market !== undefined) return this.#sendElsewhere(market, command);
    const ids = [...here.map(({ context }) => context), ...elsewhere].map((one) => one.marketId);
    throw new RangeError(`Cannot find market ${target}: it must be * or one of ${ids.join(", ")}`);
  }

  async #sendAll(
    command: AdminCommand,
    here: readonly MarketRunner[],
    elsewhere: Elsewhere,
  ): Promise<readonly CommandReceipt[]> {
    const { operator, kind, reason = "" } = command;
    if (kind === "kill") {
      const written = this.#options.shared.killAll(this.#latch({ operator, reason }));
      return await gathered(this.#tell(here, command), this.#passedOn(elsewhere, written));
    }
    if (kind === "release") return await this.#releaseAll(command, here, elsewhere);
    if (kind === "pause") this.#orderForAll = { kind, operator, reason };
    if (kind === "resume") this.#orderForAll = null;
    return [...await this.#tell(here, command), ...elsewhere.map(refusedElsewhere)];
  }

  /** The markets are told once nothing kills them all any more. */
  async #releaseAll(
    command: Release,
    here: readonly MarketRunner[],
    elsewhere: Elsewhere,
  ): Promise<readonly CommandReceipt[]> {
    const isReleased = await this.#options.shared.releaseAll(
      `${command.operator}: ${command.reason}`,
    );
    if (isReleased) {
      return await gathered(
        this.#tell(here, command),
        this.#passedOn(elsewhere, Promise.resolve(true)),
      );
    }
    const cause = "the release of all markets cannot be written down; ask again later";
    const ids = [...here.map(({ context }) => context), ...elsewhere].map((one) => one.marketId);
    return ids.map((marketId) => ({ marketId, kind: "refused", cause }));
  }

  async #sendElsewhere(
    market: MarketElsewhere,
    command: AdminCommand,
  ): Promise<readonly CommandReceipt[]> {
    if (command.kind !== "kill") return [refusedElsewhere(market)];
    const written = this.#options.shared.noteKill(
      market.marketId,
      this.#latch(command),
      () => true,
    );
    return await this.#passedOn([market], written);
  }

  #tell(runners: readonly MarketRunner[], command: AdminCommand) {
    return tell(runners, command, this.#options.clock);
  }

  async #passedOn(
    elsewhere: Elsewhere,
    written: Promise<boolean>,
  ): Promise<readonly CommandReceipt[]> {
    const { clock } = this.#options;
    if (elsewhere.length === 0) return [];
    const isWritten = await withTimeout(clock, WRITE_MS, written) === true;
    return elsewhere.map((market) => ({ ...market, kind: "passed_on", isWritten }));
  }

  #elsewhere(): Elsewhere {
    const markets = this.#options.leases()?.markets ?? [];
    return markets.filter(({ fence }) => fence === null)
      .map(({ marketId, holder }) => ({ marketId, holder }));
  }

  #latch({ operator, reason }: { readonly operator: string; readonly reason: string }): KillLatch {
    const atMs = this.#options.clock.nowMs();
    return { reason: "ADMIN", atMs, source: `${operator}: ${reason}` };
  }
}

function refusedElsewhere({ marketId, holder }: MarketElsewhere): CommandReceipt {
  const cause = holder === null
    ? "no process holds the market now: ask again once one does"
    : `process ${holder} holds the market: ask there`;
  return { marketId, kind: "refused", cause };
}

async function gathered(
  ...parts: readonly Promise<readonly CommandReceipt[]>[]
): Promise<readonly CommandReceipt[]> {
  return (await Promise.all(parts)).flat();
}
