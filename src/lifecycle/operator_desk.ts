import type { CancelAllReport } from "../connector/cancel_all.ts";
import type { MarketContext } from "../cycle/market_context.ts";
import { setAnchor } from "../cycle/market_state.ts";
import { persist } from "../cycle/persist.ts";
import type { Asked, CommandResult, SentCommand } from "../models/admin_command.ts";
import type { KillLatch } from "../models/explanation.ts";
import { latchKill, releaseKill } from "../risk/defense_stack.ts";
import { reconcileMarket } from "./reconciler.ts";
import type { RunnerTools } from "./runner_tools.ts";

/**
 * What operators ask of one market: takes their commands at the boundary of a turn, carries them
 * out in the market's own loop, and answers each one when its effect is there.
 */
export class OperatorDesk {
  readonly #context: MarketContext;
  readonly #tools: RunnerTools;
  /** Commands that are taken and not answered yet. */
  #open: readonly SentCommand[] = [];
  #overtaking: readonly Promise<number>[] = [];

  constructor(context: MarketContext, tools: RunnerTools) {
    this.#context = context;
    this.#tools = tools;
  }

  /** True if a kill was taken whose cancels are still to be answered. */
  get hasKill(): boolean {
    return this.#open.some(({ command }) => command.kind === "kill");
  }

  /** Takes the orders off while a turn still runs; it may hang, and a kill must not wait for it. */
  overtake(): void {
    const cancelling = this.#context.orders.cancelAll();
    this.#overtaking = [
      ...this.#overtaking,
      cancelling.then(({ cancelled }) => cancelled, () => 0),
    ];
  }

  /** Takes every waiting command; what needs the venue is left for the rest of the turn. */
  take(): void {
    for (const sent of this.#context.inbox.commands.splice(0)) {
      this.#context.log.log("WARN", "admin_command", { ...sent.command });
      this.#open = [...this.#open, sent];
      if (this.#begin(sent)) this.#answer(sent, { kind: "done" });
    }
  }

  /** @returns true if that was all there is to do */
  #begin({ command }: SentCommand): boolean {
    const context = this.#context;
    const { operator, reason = "" } = command;
    switch (command.kind) {
      case "kill": {
        const { shared, services: { clock } } = this.#tools;
        const own: KillLatch = {
          reason: "ADMIN",
          atMs: clock.nowMs(),
          source: `${operator}: ${reason}`,
        };
        // A kill of all markets is one latch, so that its release anywhere is known for its own.
        this.latch(shared.globalLatch ?? own);
        return false;
      }
      case "release":
        return false;
      case "reconcile":
        context.inbox.reconcile ??= `asked for by ${operator}: ${reason}`;
        return false;
      case "pause":
        context.operatorOrder = { kind: "pause", operator, reason };
        return true;
      case "resume":
        context.operatorOrder = null;
        return true;
      case "flatten":
        context.operatorOrder = {
          kind: "flatten",
          stage: "withdrawing",
          cycle: context.cycles,
          operator,
          reason,
        };
        return true;
      case "set_anchor":
        context.settings.setAnchor(command.anchorPriceCents);
        this.centreOnAnchor();
        return true;
    }
  }

  /** Latches a kill in the state; the orders are for whoever calls it. */
  latch(latch: KillLatch): void {
    const { state } = this.#context;
    if (state === null) return;
    this.#context.state = { ...state, defense: latchKill(state.defense, latch) };
  }

  /** Has the learner begin anew at the anchor price in force. */
  centreOnAnchor(): void {
    const context = this.#context;
    if (context.state === null) return;
    context.state = setAnchor(context.state, context.nowMs(), context.config);
    const { anchorPriceCents } = context.config;
    context.log.log("INFO", "anchor_changed", { anchorPriceCents });
  }

  /** Answers the kills that were taken. @param report of the cancels since */
  async answerKills({ cancelled, verified, remaining }: CancelAllReport): Promise<void> {
    if (!this.hasKill) return;
    const before = await Promise.all(this.#overtaking);
    this.#overtaking = [];
    const all = before.reduce((sum, count) => sum + count, cancelled);
    this.#answerAll("kill", { kind: "killed", cancelled: all, verified, remaining });
  }

  /** Carries out a release, if one was taken. */
  async tryRelease(): Promise<void> {
    const release = this.#open.find(({ command }) => command.kind === "release");
    if (release === undefined) return;
    const { operator, reason = "" } = release.command;
    const refusal = await this.#release({ operator, reason });
    const result: CommandResult = refusal === null
      ? { kind: "done" }
      : { kind: "refused", cause: refusal };
    this.#answerAll("release", result);
  }

  /** Compares the books with the venue, and answers whoever asked for it. */
  async reconcile(): Promise<void> {
    const { services, global } = this.#tools;
    const drifts = await reconcileMarket(this.#context, services, global());
    const texts = drifts.map(({ field, ours, venue }) => `${field}: ${ours} here, ${venue} there`);
    this.#answerAll("reconcile", { kind: "reconciled", drifts: texts });
  }

  /** Refuses what a turn has left unanswered: it failed, or the market came to its end. */
  refuseRest(cause: string): void {
    for (const sent of this.#open) this.#answer(sent, { kind: "refused", cause });
  }

  /** Refuses what no turn will take any more. */
  close(cause: string): void {
    this.refuseRest(cause);
    for (const { settle } of this.#context.inbox.commands.splice(0)) {
      settle({ kind: "refused", cause });
    }
  }

  /**
   * Releases a latch after a clean look at the venue, once the release is written down; if its
   * cause still holds, the next cycle latches again.
   * @returns why it is not released, null if it is
   */
  async #release(asked: Asked): Promise<string | null> {
    const context = this.#context;
    const { services, shared, store } = this.#tools;
    if (context.state === null || context.state.defense.latch === null) return "nothing is killed";
    if (shared.globalLatch !== null) return "every market is killed: release all of them";
    await this.reconcile();
    const market = await services.connector.market(context.marketId);
    const { state } = context;
    const latch = state?.defense.latch ?? null;
    if (state === null || latch === null) return "nothing is killed any more";
    const { driftBreachesMs, defense } = state;
    const released = { driftBreachesMs: [], defense: releaseKill(defense) };
    context.state = { ...state, market, ...released };
    context.noteRelease(latch, `${asked.operator}: ${asked.reason}`);
    if (!await persist(context, this.#tools)) {
      context.state = { ...context.state, driftBreachesMs, defense };
      context.release = null;
      const cause = store.problem;
      context.log.log("ERROR", "release_refused", { ...asked, latch, cause });
      return `the release cannot be written down: ${cause ?? "the store does not answer"}`;
    }
    context.log.log("WARN", "kill_released", { ...asked, latch });
    context.enter("RUNNING", "released by an operator");
    return null;
  }

  #answerAll(kind: SentCommand["command"]["kind"], result: CommandResult): void {
    for (const sent of this.#open) if (sent.command.kind === kind) this.#answer(sent, result);
  }

  #answer(sent: SentCommand, result: CommandResult): void {
    this.#open = this.#open.filter((open) => open !== sent);
    sent.settle(result);
  }
}
