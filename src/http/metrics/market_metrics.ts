/** What `/metrics` tells of each market (names of `parameters.md` 4.2 where it gives some). */

import type { QuoteExplanation } from "../../models/explanation.ts";
import { bestOf } from "../../models/order.ts";
import { levelRank } from "../../models/vocabulary.ts";
import type { MarketStatusReport } from "../../service/service_api.ts";
import type { Family, Sample } from "./text_format.ts";

/** A figure of a market; a list of them if further labels tell them apart; null for none. */
type Figure = number | null | readonly (readonly [labels: Record<string, string>, value: number])[];

interface MarketMetric {
  readonly name: string;
  readonly type: "counter" | "gauge";
  readonly help: string;
  readonly read: (market: MarketStatusReport, nowMs: number) => Figure;
}

/** A figure of the last explanation, none before the first cycle. */
function explained(read: (explanation: QuoteExplanation) => Figure) {
  return ({ explanation }: MarketStatusReport) => explanation === null ? null : read(explanation);
}

function gauge(name: string, help: string, read: MarketMetric["read"]): MarketMetric {
  return { name, type: "gauge", help, read };
}

const LIFECYCLES = ["STARTING", "RUNNING", "EMERGENCY", "WINDING_DOWN", "STOPPED"] as const;

const METRICS: readonly MarketMetric[] = [
  gauge(
    "amm_pnl_daily_cents",
    "Realised and unrealised profit of the UTC day",
    explained(({ inventory }) => inventory.pnlDayCents),
  ),
  gauge(
    "amm_pnl_total_cents",
    "Realised and unrealised profit since the market was taken on",
    explained(({ inventory }) => inventory.pnlTotalCents),
  ),
  gauge(
    "amm_inventory_skew",
    "Net position over all shares held, absolute, 0 to 1",
    explained(({ inventory }) => Math.abs(inventory.skew)),
  ),
  gauge(
    "amm_inventory_skew_eff",
    "The figure that the inventory thresholds are compared with, absolute, 0 to 1",
    explained(({ inventory }) => Math.abs(inventory.effectiveSkew)),
  ),
  gauge(
    "amm_inventory_shares",
    "Shares held, by contract",
    explained((
      { inventory: { yes, no } },
    ) => [[{ contract: "YES" }, yes], [{ contract: "NO" }, no]]),
  ),
  gauge("amm_spread_current_cents", "Distance of the own best quotes", ({ orders }) => {
    const [bid, ask] = [bestOf(orders.BID, "BID"), bestOf(orders.ASK, "ASK")];
    return bid === null || ask === null ? null : ask - bid;
  }),
  gauge(
    "amm_fair_price_cents",
    "Fair YES price of the last cycle",
    explained(({ price }) => price?.fairCents ?? null),
  ),
  gauge(
    "amm_defense_level",
    "0 NORMAL, 1 WIDEN, 2 ONE_SIDE, 3 KILL_SWITCH",
    explained(({ defense }) => levelRank(defense.level)),
  ),
  gauge(
    "amm_defense_trigger",
    "1 while a rule asks for a level above NORMAL; the rule is named after its setting",
    explained(({ defense }) => rules(defense.triggers)),
  ),
  gauge(
    "amm_quote_pause",
    "1 while quotes are withdrawn for this reason",
    explained(({ defense }) => defense.pauses.map((reason) => [{ reason }, 1])),
  ),
  gauge(
    "amm_spread_multiplier",
    "Factor on the spread, by who asks for it",
    explained(({ spread }) =>
      spread?.multipliers.map(({ name, value }) => [{ name }, value]) ?? null
    ),
  ),
  gauge(
    "amm_phase",
    "0 EXPLORATION, 1 STABILIZATION",
    explained(({ phase }) => phase === "EXPLORATION" ? 0 : 1),
  ),
  gauge(
    "amm_kill_latched",
    "1 while the market is killed until a person releases it",
    ({ latch }) => latch === null ? [] : [[{ reason: latch.reason }, 1]],
  ),
  gauge(
    "amm_market_lifecycle",
    "1 for the state of life that the market is in",
    ({ lifecycle }) => LIFECYCLES.map((state) => [{ state }, state === lifecycle ? 1 : 0]),
  ),
  gauge("amm_orders_open", "Own resting orders", ({ orders }) => [
    [{ side: "BID" }, orders.BID.length],
    [{ side: "ASK" }, orders.ASK.length],
  ]),
  gauge(
    "amm_funding_frozen_cents",
    "Cash frozen by own BUY orders",
    ({ orders }) =>
      [...orders.BID, ...orders.ASK].filter(({ frozenAsset }) => frozenAsset === "FUNDS")
        .reduce((sum, { frozenAmount }) => sum + frozenAmount, 0),
  ),
  gauge(
    "amm_funding_free_cents",
    "Cash of the market's ledger that no order freezes",
    explained(({ inventory }) => inventory.freeCashCents),
  ),
  gauge(
    "amm_config_version",
    "How often operators have written the settings that the last quote was made with",
    explained(({ configVersion }) => configVersion),
  ),
  gauge(
    "amm_last_cycle_age_ms",
    "Time since the last quote cycle",
    ({ explanation }, nowMs) => explanation === null ? null : Math.max(0, nowMs - explanation.atMs),
  ),
  {
    name: "amm_cycles_total",
    type: "counter",
    help: "Quote cycles",
    read: ({ cycles }) => cycles,
  },
  {
    name: "amm_failed_cycles_total",
    type: "counter",
    help: "Quote cycles that could not be completed",
    read: ({ failedCycles }) => failedCycles,
  },
  {
    name: "amm_own_trades_total",
    type: "counter",
    help: "Fills of own orders",
    read: ({ ownTrades }) => ownTrades,
  },
];

/** The metrics of markets. @param nowMs wall time */
export function marketFamilies(
  markets: readonly MarketStatusReport[],
  nowMs: number,
): readonly Family[] {
  return METRICS.map(({ read, ...metric }) => ({
    ...metric,
    samples: markets.flatMap((market) => samplesOf(market.marketId, read(market, nowMs))),
  }));
}

function samplesOf(marketId: string, figure: Figure): readonly Sample[] {
  if (figure === null) return [];
  const figures = typeof figure === "number" ? [[{}, figure] as const] : figure;
  return figures.map(([labels, value]) => ({ labels: { market_id: marketId, ...labels }, value }));
}

/** One series a rule, whatever else it says: `invalid skew` and `market_status HALTED` too. */
function rules(triggers: QuoteExplanation["defense"]["triggers"]) {
  const names = new Set(triggers.map(({ rule }) => rule));
  return [...names].map((rule) => [{ rule }, 1] as const);
}
