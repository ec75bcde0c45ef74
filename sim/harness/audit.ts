/**
 * What must hold whatever happens in a market, checked at the venue and not in the bot's own books.
 */

import { PAIR_CENTS } from "../../src/models/money.ts";
import type {
  MarketStatusReport,
  ServiceStatus,
  StopReport,
} from "../../src/service/service_api.ts";
import { AMM_USER_ID } from "../exchange/types.ts";
import type { SimulatedVenue } from "../venue.ts";

/** The venue's own invariants, such as that cash is neither made nor lost. */
export function auditVenue({ exchange }: SimulatedVenue): string[] {
  return exchange.control.violations().map((violation) => `venue: ${violation}`);
}

/** Compares all that the bot says of its work with the venue, once nobody trades any more. */
export function auditBooks(
  status: ServiceStatus,
  venue: SimulatedVenue,
  depositedCents: number,
): string[] {
  return [
    ...auditWork(status, venue),
    ...auditView(status, venue),
    ...auditCash(status, venue, depositedCents),
  ];
}

/**
 * Compares what the bot believes with what the venue knows, once nobody trades any more and the bot
 * still looks.
 */
function auditView({ markets }: ServiceStatus, { exchange }: SimulatedVenue): string[] {
  return markets.filter(isWatched).flatMap(({ marketId, orders, explanation }) => {
    const held = exchange.positions(AMM_USER_ID).find((position) => position.marketId === marketId);
    const venueOrders = exchange.openOrders(AMM_USER_ID, marketId).map(({ orderId }) => orderId);
    const botOrders = [...orders.BID, ...orders.ASK].map(({ orderId }) => orderId);
    const { inventory } = explanation ?? {};
    return [
      ...difference(marketId, "YES held", inventory?.yes ?? 0, held?.yes ?? 0),
      ...difference(marketId, "NO held", inventory?.no ?? 0, held?.no ?? 0),
      ...difference(marketId, "open orders", listed(botOrders), listed(venueOrders)),
    ];
  });
}

/**
 * Compares the bot's ledgers with its account, as long as it works all its markets.
 * @param depositedCents cash that was paid in on the way and belongs to no market
 */
function auditCash(
  { markets }: ServiceStatus,
  { exchange }: SimulatedVenue,
  depositedCents: number,
): string[] {
  const ledgers = markets.filter(isWatched)
    .flatMap(({ explanation }) => explanation?.inventory.marketCashCents ?? []);
  if (ledgers.length < markets.length) return [];
  const { availableCents, frozenCents } = exchange.account(AMM_USER_ID);
  const bot = ledgers.reduce((sum, cents) => sum + cents, 0);
  return difference("all markets", "cash", bot, availableCents + frozenCents - depositedCents);
}

/**
 * Compares what the account is worth with what was paid in and what the fills have won: the
 * measured P&L and the venue's clearing must agree.
 * @param paidInCents all cash that the account was given
 * @param pnlCents measured P&L of all markets at the true prices, each rounded down
 */
export function auditWorth(
  venue: SimulatedVenue,
  { paidInCents, pnlCents }: { readonly paidInCents: number; readonly pnlCents: number },
): string[] {
  const { availableCents, frozenCents } = venue.exchange.account(AMM_USER_ID);
  const positions = venue.exchange.positions(AMM_USER_ID);
  const held = positions.reduce((sum, { marketId, yes, no }) => {
    const trueCents = venue.trueCents(marketId);
    return sum + yes * trueCents + no * (PAIR_CENTS - trueCents);
  }, 0);
  const gainCents = availableCents + frozenCents + held - paidInCents;
  const isRounding = Math.abs(gainCents - pnlCents) <= Math.max(1, positions.length);
  return isRounding ? [] : difference("the account", "P&L in cents", pnlCents, gainCents);
}

/** Own orders that a stop left behind, by its own account and by the venue's. */
export function auditStop(stop: StopReport, { exchange }: SimulatedVenue): string[] {
  const open = exchange.markets().flatMap(({ marketId }) =>
    exchange.openOrders(AMM_USER_ID, marketId)
  );
  return [
    ...open.map(({ marketId, orderId }) => `${marketId}: order ${orderId} rests after the stop`),
    ...stop.remaining.map(({ orderId }) => `the stop reports that order ${orderId} may rest`),
    ...stop.unverified.map((marketId) => `the stop could not verify ${marketId}`),
  ];
}

/** Markets that the bot does not work although they are open. */
function auditWork({ markets, nowMs }: ServiceStatus, { exchange }: SimulatedVenue): string[] {
  const isOpen = (marketId: string) => {
    const { status, tradingEndAtMs } = exchange.market(marketId);
    return status === "ACTIVE" && nowMs < (tradingEndAtMs ?? Infinity);
  };
  return markets
    .filter((market) =>
      !isWatched(market) && market.lifecycle !== "WINDING_DOWN" && isOpen(market.marketId)
    )
    .map(({ marketId, problem }) => `${marketId}: the bot does not work it: ${problem}`);
}

function isWatched({ lifecycle }: MarketStatusReport): boolean {
  return lifecycle === "RUNNING" || lifecycle === "EMERGENCY";
}

function difference(
  where: string,
  what: string,
  bot: number | string,
  venue: number | string,
): string[] {
  return bot === venue ? [] : [`${where}: ${what}: the bot has ${bot}, the venue ${venue}`];
}

function listed(orderIds: readonly string[]): string {
  return [...orderIds].sort().join(", ") || "none";
}
