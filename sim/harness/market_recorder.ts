import type { KillLatch, QuoteExplanation } from "../../src/models/explanation.ts";
import type { MarketStatus } from "../../src/models/vocabulary.ts";
import type { Clock } from "../../src/runtime/clock.ts";
import { formatDuration } from "../duration.ts";
import { AMM_USER_ID, type PublicTrade, type VenueTradeRecord } from "../exchange/types.ts";
import type { SimulatedVenue } from "../venue.ts";
import type { Figures } from "./figures.ts";
import { FlowWatch } from "./flow_watch.ts";
import { marketFigures } from "./market_figures.ts";
import { Mean } from "./mean.ts";
import { type Interval, QuoteWatch, type RestingQuotes, restingQuotes } from "./quote_watch.ts";
import type { MarketResult, Sample } from "./result.ts";
import { Story } from "./story.ts";
import { type OwnFill, TrueLedger } from "./true_ledger.ts";

/** Which market to watch, and where. */
export interface MarketRecorderOptions {
  readonly marketId: string;
  readonly venue: SimulatedVenue;
  readonly clock: Clock;
  /** Times that do not count as usual: those after news. */
  readonly news: readonly Interval[];
  /** Time between two samples, for the charts and for what is averaged over time. */
  readonly sampleEveryMs: number;
  /** How long the run takes. */
  readonly durationMs: number;
  /** Keep the cycle that is in force at this time since the beginning. */
  readonly explainAtMs?: number | undefined;
}

/** What only the service can say of a market. */
export interface ServiceCounts {
  readonly cycles: number;
  readonly failedCycles: number;
  /** Why the market is given up for good, null if it is not. */
  readonly latch: KillLatch | null;
}

/** A service that says nothing of a market. */
export const NO_COUNTS: ServiceCounts = { cycles: 0, failedCycles: 0, latch: null };

const ENDED: ReadonlySet<MarketStatus> = new Set(["RESOLVED", "SETTLED", "VOIDED"]);
const NOTHING_RESTS: RestingQuotes = { bid: null, ask: null, orders: 0 };

/** Watches one market through a run: what rests, what is traded, what it is worth. */
export class MarketRecorder {
  #selfTrade: string | null = null;
  readonly #options: MarketRecorderOptions;
  readonly #startMs: number;
  readonly #story = new Story();
  readonly #quotes: QuoteWatch;
  readonly #matchable = new QuoteWatch();
  readonly #flow: FlowWatch;
  readonly #ledger = new TrueLedger();
  readonly #samples: Sample[] = [];
  readonly #fairError = new Mean();
  #resting = NOTHING_RESTS;
  #orders = 0;
  #trades = 0;
  #volume = 0;
  #explained: QuoteExplanation | null = null;

  constructor(options: MarketRecorderOptions) {
    const { marketId, venue, clock, news } = options;
    this.#options = options;
    this.#quotes = new QuoteWatch(news);
    this.#startMs = clock.monotonicMs();
    this.#flow = new FlowWatch({ clock, trueCents: () => venue.trueCents(marketId) });
    this.#planSample();
  }

  /** Counts an own order that the venue accepted. */
  seeOrder(): void {
    this.#orders++;
  }

  /** Books a trade of this market if it is an own one. */
  seeTrade(trade: PublicTrade): void {
    const { makerUserId, takerUserId, aggressor } = trade;
    if (![makerUserId, takerUserId].includes(AMM_USER_ID)) return;
    const record = this.#recordOf(trade, 10) ?? this.#recordOf(trade, 100);
    if (record === undefined) throw new Error(`Cannot find own trade ${trade.tradeId}`);
    const { yesPrice, quantity } = record;
    const makerSide = aggressor === "BID" ? "ASK" : "BID";
    this.#trades++;
    this.#volume += quantity;
    if (makerUserId === takerUserId) this.#noteSelfTrade(trade);
    if (makerUserId === AMM_USER_ID) {
      this.#book({ side: makerSide, yesPrice, quantity, feeCents: record.makerFeeCents });
    }
    if (takerUserId === AMM_USER_ID) {
      this.#book({ side: aggressor, yesPrice, quantity, feeCents: record.takerFeeCents });
    }
    this.observe();
  }

  /** The own record of a trade, looked for among so many of the newest ones of the market. */
  #recordOf({ marketId, tradeId }: PublicTrade, limit: number): VenueTradeRecord | undefined {
    return this.#options.venue.exchange.trades(AMM_USER_ID, { marketId, limit }).items
      .find((record) => record.tradeId === tradeId);
  }

  /** Takes in one cycle of the bot. */
  seeCycle(explanation: QuoteExplanation): void {
    const level = this.#story.last?.defense.level;
    const pauses = this.#story.last?.defense.pauses.length;
    this.#story.tell(explanation);
    if (this.#elapsedMs() <= (this.#options.explainAtMs ?? -1)) this.#explained = explanation;
    if (explanation.price !== null) {
      const trueCents = this.#options.venue.trueCents(this.#options.marketId);
      this.#fairError.add(Math.abs(explanation.price.fairCents - trueCents));
    }
    this.observe();
    const changed = explanation.defense.level !== level ||
      explanation.defense.pauses.length !== pauses;
    const lastMs = this.#samples.at(-1)?.elapsedMs ?? -Infinity;
    if (changed || this.#elapsedMs() - lastMs >= this.#options.sampleEveryMs) {
      this.#samples.push(this.#sample(explanation));
    }
  }

  /**
   * Looks at what rests now and what it is worth; call it after everything that may have changed
   * that.
   */
  observe(): void {
    const { venue, marketId } = this.#options;
    const { exchange } = venue;
    const { status } = exchange.market(marketId);
    const resting = exchange.bestPrices(AMM_USER_ID, marketId);
    this.#resting = status === "ACTIVE" ? resting : NOTHING_RESTS;
    const nowMs = this.#elapsedMs();
    this.#quotes.see(nowMs, this.#resting);
    this.#matchable.see(nowMs, this.#thatMatch());
    this.#flow.see(this.#resting);
    if (ENDED.has(status)) {
      for (const watch of [this.#quotes, this.#matchable]) watch.end(nowMs);
    }
    this.#ledger.mark(venue.trueCents(marketId));
  }

  /** The own quotes that can match: all that rest, unless the venue may have lost some. */
  #thatMatch(): RestingQuotes {
    const { venue: { exchange }, marketId } = this.#options;
    if (exchange.settings.quirks.size === 0) return this.#resting;
    return restingQuotes(exchange.control.matchable(AMM_USER_ID, marketId));
  }

  /**
   * The first time that own quotes crossed: the venue lets its market maker trade with itself. Null
   * if never.
   */
  get selfTrade(): string | null {
    return this.#selfTrade;
  }

  /** P&L at the true price of the moment, cents. */
  pnlCents(): number {
    return this.#ledger.pnlCents(this.#options.venue.trueCents(this.#options.marketId));
  }

  /** The largest loss so far if the worse outcome had come at any time, cents. */
  get worstOutcomeLossCents(): number {
    return -this.#ledger.worstOutcomeCents;
  }

  /** Everything that was measured, up to now. */
  result(counts: ServiceCounts): MarketResult {
    const { venue, marketId } = this.#options;
    const { cycles, failedCycles } = counts;
    const nowMs = this.#elapsedMs();
    const kills = this.#kills(counts);
    return {
      marketId,
      title: venue.exchange.market(marketId).title,
      cycles,
      failedCycles,
      ownOrders: this.#orders,
      ownOrdersOpen: venue.exchange.openOrders(AMM_USER_ID, marketId).length,
      ownTrades: this.#trades,
      volumeShares: this.#volume,
      pnlCents: this.pnlCents(),
      bookedPnlCents: this.#story.last?.inventory.pnlTotalCents ?? 0,
      maxDrawdownCents: this.#ledger.drawdownCents,
      maxNetShares: this.#ledger.mostNetShares,
      twoSidedUptime: this.#quotes.uptime(nowMs),
      matchableTwoSidedUptime: this.#matchable.uptime(nowMs),
      averageSpreadCents: this.#quotes.averageSpreadCents(nowMs),
      fairErrorCents: this.#fairError.mean,
      kills,
      finalDefenseLevel: this.#story.last?.defense.level ?? "NORMAL",
      levelsVisited: this.#story.levels,
      pauses: this.#story.pauses,
      killReasons: this.#story.killReasons,
      phases: this.#story.phases,
      samples: this.#samples,
      lastQuote: this.#story.lastQuote,
      explained: this.#explained,
      figures: this.#figures(kills),
    };
  }

  #book(fill: OwnFill): void {
    this.#flow.seeFill(fill);
    this.#ledger.book(fill);
  }

  /** Not every market maker tells its story; one that does not can still say that it gave up. */
  #kills({ latch }: ServiceCounts): number {
    if (this.#story.last !== null) return this.#story.killReasons.length;
    return latch === null ? 0 : 1;
  }

  #figures(kills: number): Figures {
    const { venue, marketId } = this.#options;
    return marketFigures({
      nowMs: this.#elapsedMs(),
      quotes: this.#quotes,
      flow: this.#flow,
      ledger: this.#ledger,
      told: this.#story.figures(),
      volumeShares: this.#volume,
      kills,
      trueCents: venue.trueCents(marketId),
      payoutCents: venue.payoutCents(marketId),
    });
  }

  #planSample(): void {
    const { clock, sampleEveryMs, durationMs } = this.#options;
    if (this.#elapsedMs() + sampleEveryMs > durationMs) return;
    clock.after(sampleEveryMs, () => {
      this.#takeSample();
      this.#planSample();
    });
  }

  #takeSample(): void {
    const { venue, marketId } = this.#options;
    if (ENDED.has(venue.exchange.market(marketId).status)) return;
    this.#flow.sample(this.#ledger.netShares);
    this.#ledger.mark(venue.trueCents(marketId));
  }

  #sample(explanation: QuoteExplanation): Sample {
    const { venue, marketId } = this.#options;
    return {
      elapsedMs: this.#elapsedMs(),
      trueCents: venue.trueCents(marketId),
      fairCents: explanation.price?.fairCents ?? null,
      bid: this.#resting.bid,
      ask: this.#resting.ask,
      netShares: this.#ledger.netShares,
      pnlCents: this.pnlCents(),
      bookedPnlCents: explanation.inventory.pnlTotalCents,
      level: explanation.defense.level,
      paused: explanation.defense.pauses.length > 0,
    };
  }

  #noteSelfTrade({ marketId, quantity, yesPrice }: PublicTrade): void {
    const what = `${quantity} shares at ${yesPrice}, after ${formatDuration(this.#elapsedMs())}`;
    this.#selfTrade ??= `${marketId}: own quotes crossed and traded with each other: ${what}`;
  }

  #elapsedMs(): number {
    return this.#options.clock.monotonicMs() - this.#startMs;
  }
}
