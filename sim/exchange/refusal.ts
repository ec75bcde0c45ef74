import { VenueCode } from "../../src/connector/connector.ts";
import type { Contract, MarketStatus } from "../../src/models/vocabulary.ts";

/** Codes that only the exchange needs, beside those the bot acts on (exchange API §8). */
export const ExchangeCode = {
  ...VenueCode,
  /** A request that the HTTP layer would already have refused as invalid (E3). */
  INVALID: 422,
  ACCOUNT_DISABLED: 1004,
  BAD_RESULT: 3004,
  PRIVILEGED_ONLY: 6099,
  ACCOUNT_NOT_FOUND: 9002,
} as const;

/**
 * A business refusal: the venue's code and message. Nothing happened, except for 6001 (see
 * replace).
 *
 * It is thrown, and is an `Error` by its prototype, but it is an everyday answer and says where it
 * comes from by its code: it has no stack, which would take as long as several orders.
 */
export class Refusal implements Error {
  readonly name = "Refusal";
  readonly code: number;
  readonly message: string;
  /** What the error envelope carries as `data`, in the names of the wire. */
  readonly data: Readonly<Record<string, unknown>> | null;

  constructor(code: number, message: string, data: Refusal["data"] = null) {
    this.code = code;
    this.message = message;
    this.data = data;
  }
}
Object.setPrototypeOf(Refusal.prototype, Error.prototype);

/**
 * An unhandled error inside the venue, answered with a bare 500; everything is rolled back (§15).
 */
export class VenueCrash extends Error {
  override readonly name = "VenueCrash";
}

/**
 * A constraint of the venue's database. The reference never breaks one; the deployed exchange does.
 * @throws VenueCrash if it does not hold
 */
export function constrain(holds: boolean, what: string): void {
  if (!holds) throw new VenueCrash(`The database demands: ${what}`);
}

/** A request that the venue never answers. */
export class VenueHang extends Error {
  override readonly name = "VenueHang";
}

/** What became of a request, as a value. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: Refusal };

/** Runs a request and gives its refusal as a value; other errors pass. */
export function attempt<T>(request: () => T): Answer<T> {
  try {
    return { ok: true, value: request() };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, refusal: error };
    throw error;
  }
}

/** The refusals of the venue, with the messages of the deployed exchange (exchange API §8). */
export const refusals = {
  invalid: (message: string) => new Refusal(ExchangeCode.INVALID, message),
  notOwner: () => new Refusal(ExchangeCode.NOT_OWNER, "Forbidden"),
  accountDisabled: () => new Refusal(ExchangeCode.ACCOUNT_DISABLED, "Account is disabled"),
  accountNotFound: (userId: string) =>
    new Refusal(ExchangeCode.ACCOUNT_NOT_FOUND, `Account not found: ${userId}`),
  privilegedOnly: () => new Refusal(ExchangeCode.PRIVILEGED_ONLY, "AMM system account required"),
  insufficientBalance: (requiredCents: number, shownCents: number) =>
    new Refusal(
      ExchangeCode.INSUFFICIENT_BALANCE,
      `Insufficient balance: required ${requiredCents} cents, available ${shownCents} cents`,
    ),
  marketNotFound: (marketId: string) =>
    new Refusal(ExchangeCode.MARKET_NOT_FOUND, `Market not found: ${marketId}`),
  positionNotFound: (marketId: string) =>
    new Refusal(ExchangeCode.MARKET_NOT_FOUND, `Position not found: ${marketId}`),
  marketNotActive: (marketId: string) =>
    new Refusal(ExchangeCode.MARKET_NOT_ACTIVE, `Market is not active: ${marketId}`),
  notResolvable: (status: MarketStatus) =>
    new Refusal(
      ExchangeCode.MARKET_NOT_ACTIVE,
      `Market cannot be resolved (status=${status})`,
    ),
  badResult: (result: string) =>
    new Refusal(ExchangeCode.BAD_RESULT, `Market cannot be resolved as ${result}`),
  priceOutOfRange: (price: number) =>
    new Refusal(ExchangeCode.PRICE_OUT_OF_RANGE, `Price out of range: ${price}`),
  orderLimit: (what: string) =>
    new Refusal(ExchangeCode.ORDER_LIMIT, `Order limit exceeded: ${what}`),
  orderNotFound: () => new Refusal(ExchangeCode.ORDER_NOT_FOUND, "Order not found"),
  duplicateClientOrderId: (clientOrderId: string) =>
    new Refusal(
      ExchangeCode.DUPLICATE_CLIENT_ORDER_ID,
      `Duplicate client_order_id: ${clientOrderId}`,
    ),
  notCancellable: () => new Refusal(ExchangeCode.NOT_CANCELLABLE, "Order cannot be cancelled"),
  insufficientShares: (contract: Contract, needed: number) =>
    new Refusal(
      ExchangeCode.INSUFFICIENT_SHARES,
      `Insufficient position: Insufficient ${contract} shares: need ${needed}`,
    ),
  oldOrderHasFills: (data: Refusal["data"]) =>
    new Refusal(
      ExchangeCode.OLD_ORDER_HAS_FILLS,
      "Old order partially filled; replacement rejected. Cancel the old order first.",
      data,
    ),
  oldOrderNotFound: () => new Refusal(ExchangeCode.OLD_ORDER_NOT_FOUND, "Old order not found"),
  oldOrderFilled: () =>
    new Refusal(ExchangeCode.OLD_ORDER_FILLED, "Old order already fully filled"),
  oldOrderNotOwned: () =>
    new Refusal(ExchangeCode.OLD_ORDER_NOT_OWNED, "Old order not owned by requesting user"),
  otherMarket: () =>
    new Refusal(ExchangeCode.OTHER_MARKET, "New order market_id must match old order market_id"),
} as const;
