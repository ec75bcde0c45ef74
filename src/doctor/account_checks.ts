/** What the account of the bot is, may do and owns. */

import type { MarketConfig } from "../config/registry.ts";
import { type Connector, type PlaceRequest, VenueCode } from "../connector/connector.ts";
import type { Position } from "../models/inventory.ts";
import { cents, MIN_PRICE, shares } from "../models/money.ts";
import { openLedgerWithHoldings } from "../risk/ledger.ts";
import { isSystemAccount } from "../service/live_connector.ts";
import { failed, ok, skipped, type Verdict } from "./check.ts";
import type { Session } from "./session.ts";
import { counted, dollars } from "./wording.ts";

/** The session belongs to the account that the bot must trade as. */
export async function checkAccount(session: Session): Promise<Verdict<Session>> {
  const { global } = session.config;
  const { ammUserId, ammUsername } = global;
  const userId = await session.connector.identity();
  if (isSystemAccount(userId, global)) return ok(`${ammUsername} is the system account`, session);
  return failed(
    `${ammUsername} is user ${userId}, not the system account ${ammUserId}`,
    "Set AMM_USERNAME to the user name of the system account",
  );
}

/** No order has this id. */
const NO_ORDER_ID = "00000000-0000-0000-0000-000000000000";

/**
 * The account may use the privileged routes. Asks for the replacement of an order that does not
 * exist: who may ask hears that (6002), everybody else is turned away before. Nothing changes
 * either way, and 6002 leaves even the book of the deployed venue alone.
 */
export async function checkPrivileges(session: Session): Promise<Verdict<Session>> {
  const [marketId = ""] = session.config.markets.keys();
  const outcome = await session.connector.replace(NO_ORDER_ID, neverPlaced(marketId));
  switch (outcome.kind) {
    case "accepted":
      return failed(
        `the venue replaced an order that does not exist, by order ${outcome.value.order.orderId}`,
        "Cancel that order, and ask the operator of the venue what happened",
      );
    case "rejected":
      if (outcome.code === VenueCode.OLD_ORDER_NOT_FOUND) {
        return ok("the account may use the privileged routes", session);
      }
      return failed(outcome.message, refusedFix(outcome.code));
    case "unknown":
      return failed(
        outcome.cause,
        "Run doctor again; if it stays like this, the bot cannot replace",
      );
  }
}

function refusedFix(code: number): string {
  return code === VenueCode.RATE_LIMITED
    ? "Run doctor again in a minute"
    : "Log in as the system account; the venue lets nobody else replace, mint and burn";
}

function neverPlaced(marketId: string): PlaceRequest {
  return {
    clientOrderId: "doctor_privileges",
    marketId,
    contract: "YES",
    direction: "BUY",
    contractPrice: MIN_PRICE,
    quantity: shares(1),
    timeInForce: "GTC",
  };
}

/** Own trades can be listed: without them no fill would be noticed. */
export async function checkTrades({ connector, config }: Session): Promise<Verdict<null>> {
  const { trades } = await connector.trades({ limit: config.global.tradePageLimit });
  const [newest] = trades;
  if (newest === undefined) return ok("readable; no own trade yet", null);
  const at = new Date(newest.executedAtMs).toISOString();
  return ok(`readable; the latest own trade was in ${newest.marketId} at ${at}`, null);
}

/** What the account holds in a market. */
export interface MarketHolding {
  readonly config: MarketConfig;
  readonly position: Position;
}

/**
 * The cash of the account covers what all markets need for their first start (rule X50): their
 * funding less the value of what they hold already.
 */
export async function checkFunding(
  connector: Pick<Connector, "balance">,
  holdings: readonly MarketHolding[],
): Promise<Verdict<null>> {
  const { availableCents, frozenCents } = await connector.balance();
  const totalCents = availableCents + frozenCents;
  const neededCents = holdings.reduce((sum, holding) => sum + openingCashCents(holding), 0);
  const detail = `${dollars(totalCents)} in the account (${dollars(frozenCents)} frozen), ` +
    `${dollars(neededCents)} needed to open ${counted(holdings.length, "market")}`;
  if (totalCents >= neededCents) return ok(detail, null);
  return failed(
    detail,
    `Deposit ${dollars(neededCents - totalCents)} or lower initial_funding_cents (rule X50); a ` +
      "market whose ledger is in the state store already needs no opening cash",
  );
}

function openingCashCents({ config, position }: MarketHolding): number {
  const { initialFundingCents, anchorPriceCents } = config;
  return openLedgerWithHoldings(cents(initialFundingCents), position, anchorPriceCents)
    .marketCashCents;
}

/**
 * The venue keeps YES and NO of this account apart (§20). Only pairs that are there prove it.
 * @param withPairs markets in which the account was seen with a pair
 */
export function checkPairs(withPairs: readonly string[]): Verdict<null> {
  const [marketId] = withPairs;
  if (marketId !== undefined) return ok(`the venue keeps both contracts in ${marketId}`, null);
  return skipped(
    "the account holds no pair, so it does not show if the venue nets YES against NO",
    "Make sure that auto-netting is off for the account; the first --try-mint of a day shows it",
  );
}
