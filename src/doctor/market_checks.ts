/** What one market of the venue is like, and whether the bot can trade it as it is configured. */

import type { MarketConfig } from "../config/registry.ts";
import { type Connector, VenueCode, VenueError } from "../connector/connector.ts";
import { VENUE_FREEZE_BPS } from "../execution/cash_capacity.ts";
import { isOwnClientOrderId } from "../execution/client_order_id.ts";
import { bestPrice } from "../models/book.ts";
import type { Position } from "../models/inventory.ts";
import { hoursToEnd, type MarketRecord } from "../models/market.ts";
import { cents, PAIR_CENTS, price } from "../models/money.ts";
import { feeFloorCents } from "../risk/fee_floor.ts";
import { maturityOf } from "../risk/maturity.ts";
import { openLedger } from "../risk/ledger.ts";
import { pairsToMintAtStart } from "../risk/pairs.ts";
import { priceBounds } from "../strategy/price_bounds.ts";
import { PricingError } from "../strategy/pricing_error.ts";
import { failed, ok, type Verdict, warning } from "./check.ts";
import { counted, dollars } from "./wording.ts";

/** The market exists and is open for orders. */
export async function checkStatus(
  connector: Pick<Connector, "market">,
  marketId: string,
): Promise<Verdict<MarketRecord>> {
  const record = await marketOrNull(connector, marketId);
  if (record === null) {
    return failed("the venue knows no such market", "Correct market_ids (AMM_MARKETS)");
  }
  const { status, title } = record;
  if (status === "ACTIVE") return ok(`ACTIVE: ${title}`, record);
  return failed(
    `${status}, not ACTIVE: ${title}`,
    "Ask the operator of the venue to activate it, or take it out of market_ids",
  );
}

async function marketOrNull(
  connector: Pick<Connector, "market">,
  marketId: string,
): Promise<MarketRecord | null> {
  try {
    return await connector.market(marketId);
  } catch (error) {
    const isUnknown = error instanceof VenueError && error.code === VenueCode.MARKET_NOT_FOUND;
    if (isUnknown) return null;
    throw error;
  }
}

/** There is time left to quote. */
export function checkTradingTime(
  record: MarketRecord,
  config: MarketConfig,
  nowMs: number,
): Verdict<null> {
  const hours = hoursToEnd(record, nowMs, config);
  const { stop, step } = maturityOf(hours, 0, config);
  const left = `${hours.toFixed(1)} h to the end`;
  if (stop) {
    return failed(
      `${left}: quoting has ended (stop_before_end_ms ${config.stopBeforeEndMs})`,
      "Take the market out of market_ids; if the end is wrong, ask the operator of the venue",
    );
  }
  const { tradingStartAtMs, tradingEndAtMs, resolutionDateMs } = record;
  if (tradingStartAtMs !== null && tradingStartAtMs > nowMs) {
    const from = new Date(tradingStartAtMs).toISOString();
    return warning(`trading begins only at ${from}`, "Start the bot when trading has begun", null);
  }
  const isKnown = (config.remainingHoursOverride ?? tradingEndAtMs ?? resolutionDateMs) !== null;
  if (!isKnown) {
    return warning(
      `the venue names no end; the bot always counts ${config.tauDefaultHours} h (tau_default_hours)`,
      "Set remaining_hours_override, or ask the operator of the venue for a trading end",
      null,
    );
  }
  return ok(step === 0 ? left : `${left}; smaller and wider already (maturity step ${step})`, null);
}

/** The limits of market and operator leave prices to quote at, the anchor among them. */
export function checkPriceLimits(record: MarketRecord, config: MarketConfig): Verdict<null> {
  const venue = `the market takes ${record.minPrice} to ${record.maxPrice} cents`;
  try {
    const { minPrice, maxPrice } = priceBounds(record, config);
    const anchor = config.anchorPriceCents;
    const detail = `${venue}; the bot quotes from ${minPrice} to ${maxPrice}`;
    if (minPrice <= anchor && anchor <= maxPrice) return ok(detail, null);
    return warning(
      `${detail}, but its anchor is ${anchor}`,
      "Correct anchor_price_cents, min_price_cents or max_price_cents",
      null,
    );
  } catch (error) {
    if (!(error instanceof PricingError)) throw error;
    return failed(
      `${venue}, the bot ${config.minPriceCents} to ${config.maxPriceCents}: no room for a quote`,
      "Correct min_price_cents and max_price_cents",
    );
  }
}

/** The deployed venue freezes 20 bps whatever the rates say; BUY orders feel it. */
export function checkFees(record: MarketRecord, { quoteFunding }: MarketConfig): Verdict<null> {
  const detail = `maker ${record.makerFeeBps} bps, taker ${record.takerFeeBps} bps`;
  if (record.takerFeeBps === VENUE_FREEZE_BPS || quoteFunding === "inventory") {
    return ok(detail, null);
  }
  return warning(
    `${detail}: with a taker fee other than ${VENUE_FREEZE_BPS} bps the venue creates or ` +
      `destroys cash on BUY fills (Q-07), and quote_funding ${quoteFunding} buys`,
    "Use quote_funding: inventory, or have the operator of the venue confirm that Q-07 is repaired",
    null,
  );
}

/** The fees of a round trip fit into the largest spread (§12, X06 with the fees of the venue). */
export function checkFeeFloor(record: MarketRecord, config: MarketConfig): Verdict<null> {
  const anchor = price(config.anchorPriceCents);
  const { makerFeeBps } = record;
  const floor = feeFloorCents({ ask: anchor, bid: anchor, makerFeeBps }, config);
  const detail = `a round trip costs ${floor.toFixed(2)} cents a share with min_edge_cents; ` +
    `spread_max_cents is ${config.spreadMaxCents}`;
  if (floor <= config.spreadMaxCents) return ok(detail, null);
  return failed(
    detail,
    "Raise spread_max_cents or expected_fill_qty: every quote would lose money or be refused",
  );
}

/** The book can be read; how it looks is for information. */
export async function checkBook(
  connector: Pick<Connector, "orderBook">,
  marketId: string,
): Promise<Verdict<null>> {
  const book = await connector.orderBook(marketId);
  const bid = bestPrice(book, "BID");
  const ask = bestPrice(book, "ASK");
  const detail = `best bid ${bid ?? "none"}, best ask ${ask ?? "none"}, ` +
    `last trade ${book.lastTradePrice ?? "none"}`;
  if (bid === null || ask === null || bid < ask) return ok(detail, null);
  return warning(
    `${detail}: bid and ask touch or cross, so orders that no longer match are in it (Q-03)`,
    "Ask the operator of the venue to clear the book",
    null,
  );
}

/** Whether orders rest already, ours and those that somebody placed by hand. */
export async function checkOpenOrders(
  connector: Pick<Connector, "openOrders">,
  marketId: string,
): Promise<Verdict<null>> {
  const orders = await connector.openOrders(marketId);
  const own = orders.filter(({ clientOrderId }) => isOwnClientOrderId(clientOrderId)).length;
  const foreign = orders.length - own;
  if (orders.length === 0) return ok("none", null);
  const detail = `${own} of the bot, ${foreign} of somebody else who uses the account`;
  const fixes = [
    ...(own > 0 ? ["Make sure that no other bot is running; start cancels what it left"] : []),
    ...(foreign > 0 ? ["Cancel the others by hand: the bot leaves them alone"] : []),
  ];
  return warning(detail, fixes.join(". "), null);
}

/** What the account holds; a start adopts it. */
export async function checkPosition(
  connector: Pick<Connector, "position">,
  config: MarketConfig,
): Promise<Verdict<Position>> {
  const position = await connector.position(config.marketId);
  const held = `${position.yes} YES, ${position.no} NO`;
  const ledger = openLedger(cents(config.initialFundingCents));
  const minted = pairsToMintAtStart({ holdings: position, ledger }, config);
  if (minted === 0) return ok(held, position);
  const cost = dollars(minted * PAIR_CENTS);
  return ok(`${held}; start mints ${counted(minted, "pair")} for ${cost}`, position);
}
