import type { Figure, Figures } from "./figures.ts";
import type { FlowWatch } from "./flow_watch.ts";
import type { QuoteWatch } from "./quote_watch.ts";
import type { StoryFigure } from "./story.ts";
import type { TrueLedger } from "./true_ledger.ts";

/** What was watched of a market, up to a moment. */
export interface WatchedMarket {
  /** The moment, since the beginning. */
  readonly nowMs: number;
  readonly quotes: QuoteWatch;
  readonly flow: FlowWatch;
  readonly ledger: TrueLedger;
  /** What the bot said of its levels. */
  readonly told: Readonly<Record<StoryFigure, Figure>>;
  readonly volumeShares: number;
  readonly kills: number;
  readonly trueCents: number;
  /** What a YES share pays in the end. */
  readonly payoutCents: number;
}

/** The figures by which market makers are compared, of one market. */
export function marketFigures(watched: WatchedMarket): Figures {
  const { nowMs, quotes, flow, ledger, told, volumeShares, kills } = watched;
  const { trueCents, payoutCents } = watched;
  const { durationMs, spreadCentsMs } = quotes.twoSided(nowMs);
  const usual = quotes.usual(nowMs);
  const pnlCents = ledger.pnlCents(trueCents);
  const settledCents = ledger.pnlCents(payoutCents);
  const once = (sum: number) => ({ sum, weight: 1 });
  return {
    ...flow.figures(),
    ...told,
    two_sided_uptime: { sum: durationMs, weight: quotes.openUntilMs(nowMs) },
    two_sided_outside_news: { sum: usual.twoSidedMs, weight: usual.totalMs },
    quoted_spread_cents: { sum: spreadCentsMs, weight: durationMs },
    volume_shares: once(volumeShares),
    pnl_cents: once(pnlCents),
    settled_pnl_cents: once(settledCents),
    cost_per_share_cents: { sum: -pnlCents, weight: volumeShares },
    worst_loss_cents: once(Math.max(0, -Math.min(ledger.worstCents, pnlCents, settledCents))),
    worst_outcome_loss_cents: once(-ledger.worstOutcomeCents),
    max_drawdown_cents: once(ledger.drawdownCents),
    kills: once(kills),
  };
}
