/** What others look at: inventory, orders, strategy state (state and events spec §2.1 to §2.3). */

import { asProfileOf } from "../../config/presets.ts";
import { frozenByBuys } from "../../execution/order_form.ts";
import type { QuoteExplanation } from "../../models/explanation.ts";
import type { OpenOrder } from "../../models/order.ts";
import type { BookSide, Contract, Direction } from "../../models/vocabulary.ts";
import { estimateVolatility } from "../../strategy/volatility.ts";
import { freeStock } from "../../risk/stock_invariants.ts";
import type { PersistedMarket, PublishedMarket } from "../persisted_market.ts";
import { type HashFields, msText } from "./hash.ts";

/** `amm:inventory:{m}` without the time of its last change. */
export function inventoryFields(
  { ledger }: PersistedMarket,
  { position, orders, freezeBps }: PublishedMarket,
): HashFields {
  const available = (contract: Contract) =>
    String(Math.max(0, freeStock({ holdings: position, orders }, contract)));
  return {
    yes_volume: String(position.yes),
    no_volume: String(position.no),
    yes_available: available("YES"),
    no_available: available("NO"),
    yes_cost_sum_cents: String(position.yesCostCents),
    no_cost_sum_cents: String(position.noCostCents),
    cash_cents: String(Math.max(0, ledger.marketCashCents - frozenByBuys(orders, freezeBps))),
  };
}

/** `amm:orders:{m}`: each active order under its id. */
export function orderFields({ orders, freezeBps }: PublishedMarket, fence: number): HashFields {
  return Object.fromEntries(
    orders.map((order) => [order.orderId, JSON.stringify(orderRecord(order, freezeBps, fence))]),
  );
}

function orderRecord(order: OpenOrder, freezeBps: number, fence: number) {
  return {
    side: order.contract,
    direction: order.direction,
    price: order.contractPrice,
    qty: order.quantity,
    remaining: order.remaining,
    book_type: bookType(order.contract, order.direction),
    created_ms: Math.round(order.createdAtMs),
    client_order_id: order.clientOrderId,
    quote_side: order.side,
    yes_price: order.yesPrice,
    frozen_cents: frozenByBuys([order], freezeBps),
    fence,
  };
}

/** How the venue files an order: NO orders stand mirrored in the YES book. */
function bookType(contract: Contract, direction: Direction): string {
  if (contract === "YES") return `NATIVE_${direction}`;
  return direction === "BUY" ? "SYNTHETIC_SELL" : "SYNTHETIC_BUY";
}

/** `amm:state:{m}` of the last cycle; no field before the first. */
export function stateFields(
  market: PersistedMarket,
  published: PublishedMarket,
  author: { readonly instanceId: string; readonly fence: number },
): HashFields {
  const { explanation: cycle, lvr, lifecycle, config } = published;
  if (cycle === null) return {};
  const cooldownUntil = (side: BookSide): number => {
    const filledMs = lvr.lastFillMs[side];
    return filledMs === null ? 0 : Math.round(filledMs + config.lvrPostFillDelayMs);
  };
  const [ask, bid] = [cooldownUntil("ASK"), cooldownUntil("BID")];
  return {
    phase: cycle.phase,
    ...priceFields(cycle, published),
    inventory_skew: String(cycle.inventory.skew),
    inventory_skew_eff: String(cycle.inventory.effectiveSkew),
    last_requote_ms: msText(cycle.atMs),
    daily_pnl_cents: String(cycle.inventory.pnlDayCents),
    total_pnl_cents: String(cycle.inventory.pnlTotalCents),
    total_fills_today: String(market.day?.fills ?? 0),
    lvr_cooldown_until: String(Math.max(ask, bid)),
    cooldown_ask_until: String(ask),
    cooldown_bid_until: String(bid),
    kill_switch: market.defense.latch === null ? "OFF" : "ON",
    pause_reasons: cycle.defense.pauses.join(","),
    quote_funding: cycle.quoteFunding,
    as_profile: asProfileOf(config),
    instance_id: author.instanceId,
    fence: String(author.fence),
    defense_level: market.defense.level,
    lifecycle,
  };
}

/** Price and volatility, which a cycle without a price does not have. */
function priceFields(
  { price, spread }: QuoteExplanation,
  { volatility, config }: PublishedMarket,
): HashFields {
  if (price === null) return {};
  const { sigmaStepCents } = estimateVolatility(volatility, price.rawCents, config);
  const probability = price.fairCents / 100;
  return {
    fair_price_cents: String(price.fairCents),
    sigma_cents: String(sigmaStepCents),
    ...(spread === null ? {} : {
      sigma_hour_cents: String(
        spread.sigmaScaleCents * Math.sqrt(probability * (1 - probability)),
      ),
    }),
  };
}
