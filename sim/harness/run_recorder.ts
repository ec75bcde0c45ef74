import type { QuoteExplanation } from "../../src/models/explanation.ts";
import type { Clock } from "../../src/runtime/clock.ts";
import type { ServiceStatus } from "../../src/service/service_api.ts";
import type { PublicTrade } from "../exchange/types.ts";
import type { Scenario } from "../scenario/schema.ts";
import type { SimulatedVenue } from "../venue.ts";
import { Digest } from "./digest.ts";
import { Drawdown } from "./drawdown.ts";
import { MarketRecorder, NO_COUNTS } from "./market_recorder.ts";
import { timesOfNews } from "./news.ts";
import type { MarketResult } from "./result.ts";
import type { CommandWatch, SeenCommand } from "./watched_connector.ts";

/** What to watch. */
export interface RunRecorderOptions {
  readonly scenario: Scenario;
  readonly venue: SimulatedVenue;
  readonly clock: Clock;
  /** How many moments make a chart, and the means over time. */
  readonly samples: number;
  /** Keep the cycles that are in force at this time since the beginning. */
  readonly explainAtMs?: number | undefined;
}

/** Watches a whole run: its markets, and the order of everything in it. */
export class RunRecorder implements CommandWatch {
  readonly #clock: Clock;
  readonly #markets: ReadonlyMap<string, MarketRecorder>;
  readonly #digest = new Digest();
  readonly #drawdown = new Drawdown();
  /** P&L of each market when something last happened in it, and their sum, cents. */
  readonly #worthCents = new Map<MarketRecorder, number>();
  #sumCents = 0;
  #commandsUnderWay = 0;

  constructor({ scenario, venue, clock, samples, explainAtMs }: RunRecorderOptions) {
    this.#clock = clock;
    const { duration: durationMs } = scenario;
    const common = { venue, clock, durationMs, sampleEveryMs: durationMs / samples, explainAtMs };
    this.#markets = new Map(
      scenario.markets.map(({ id, path }) => [
        id,
        new MarketRecorder({ marketId: id, news: timesOfNews(path), ...common }),
      ]),
    );
    venue.exchange.control.onTrade((trade) => this.#seeTrade(trade));
    venue.exchange.control.onFailedPlacement(() => this.observe());
  }

  /** True while a command of the bot has no answer. */
  get isCommandUnderWay(): boolean {
    return this.#commandsUnderWay > 0;
  }

  /** Takes in that the bot has sent a command. */
  seeSent(): void {
    this.#commandsUnderWay++;
  }

  /** Takes in a command of the bot, with its outcome. */
  seeCommand({ name, request, outcome, marketId, hasNewOrder }: SeenCommand): void {
    this.#commandsUnderWay--;
    this.#digest.add(this.#clock.monotonicMs(), name, request, outcome);
    const market = this.#markets.get(marketId ?? "");
    if (market === undefined) return this.observe();
    if (hasNewOrder) market.seeOrder();
    market.observe();
    this.#value(market);
  }

  /** Takes in a cycle of the bot. */
  seeCycle(explanation: QuoteExplanation): void {
    const market = this.#markets.get(explanation.marketId);
    if (market === undefined) return;
    market.seeCycle(explanation);
    this.#value(market);
  }

  /** Looks at all markets; call it after what may have changed any of them. */
  observe(): void {
    for (const market of this.#markets.values()) market.observe();
    this.#value(...this.#markets.values());
  }

  /** What was measured of each market, up to now. */
  marketResults(status: ServiceStatus): MarketResult[] {
    return [...this.#markets].map(([id, recorder]) => {
      const counts = status.markets.find(({ marketId }) => marketId === id);
      return recorder.result(counts ?? NO_COUNTS);
    });
  }

  /** Of each market the largest loss so far if the worse outcome had come at any time, cents. */
  worstOutcomeLosses(): { readonly marketId: string; readonly lossCents: number }[] {
    return [...this.#markets].map(([marketId, { worstOutcomeLossCents }]) => ({
      marketId,
      lossCents: worstOutcomeLossCents,
    }));
  }

  /** P&L of all markets at the true prices of the moment, cents. */
  pnlCents(): number {
    return [...this.#markets.values()].reduce((sum, market) => sum + market.pnlCents(), 0);
  }

  /** Largest fall of the P&L of all markets together, cents. */
  get drawdownCents(): number {
    return this.#drawdown.worst;
  }

  /** Own quotes that crossed. */
  get violations(): string[] {
    return [...this.#markets.values()].flatMap(({ selfTrade }) => selfTrade ?? []);
  }

  /** The digest of everything so far; the last thing to ask for. */
  digest(): string {
    return this.#digest.hex();
  }

  /**
   * Takes the present P&L of some markets into the sum of all; the others count with what they were
   * worth when something last happened in them, at most a cycle ago.
   */
  #value(...changed: readonly MarketRecorder[]): void {
    for (const market of changed) {
      const pnlCents = market.pnlCents();
      this.#sumCents += pnlCents - (this.#worthCents.get(market) ?? 0);
      this.#worthCents.set(market, pnlCents);
    }
    this.#drawdown.see(this.#sumCents);
  }

  #seeTrade(trade: PublicTrade): void {
    const { tradeId, marketId, scenario, yesPrice, quantity, makerUserId, takerUserId } = trade;
    this.#digest.add(this.#clock.monotonicMs(), "trade", tradeId, marketId, scenario);
    this.#digest.add(yesPrice, quantity, makerUserId, takerUserId);
    const market = this.#markets.get(marketId);
    if (market === undefined) return;
    market.seeTrade(trade);
    this.#value(market);
  }
}
