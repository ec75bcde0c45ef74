import type { CommandOutcome, Connector, PlaceRequest } from "../../src/connector/connector.ts";
import { price, shares } from "../../src/models/money.ts";
import type { OpenOrder } from "../../src/models/order.ts";
import type { Contract, Direction } from "../../src/models/vocabulary.ts";

/**
 * What a connector is tried at: an account with at least 500 dollars, privileged to mint and to
 * replace, without shares and orders in an ACTIVE market in which nobody else is.
 */
export interface VenueUnderTest {
  /** The connector that is tried. */
  readonly connector: Connector;
  /** The empty market. */
  readonly marketId: string;
  /** Another user buys a contract at up to a price, cents; what is not filled at once is gone. */
  take(contract: Contract, atCents: number, quantity: number): Promise<void>;
  /** Makes the venue refuse the market for the time being; left out where nobody can. */
  suspend?(): Promise<void>;
  /** Loses the answer to the next command, which takes effect; left out where nobody can. */
  loseNextAnswer?(): void;
  /** Waits for a call; under a virtual clock it lets the time pass that the call needs. */
  resolve<T>(work: Promise<T>): Promise<T>;
  /** Ends what was opened for the trial. */
  close(): Promise<void>;
}

/** One thing that the bot relies on. */
export interface Requirement {
  /** A sentence. */
  readonly name: string;
  /** What a venue must be able to do to be tried for it. */
  readonly needs?: "suspend" | "loseNextAnswer";
  /** @throws AssertionError if the connector does not do it */
  readonly check: (trial: Trial) => Promise<void>;
}

/** An order in words: `BUY YES 40 x 10`. */
export type OrderWords = `${Direction} ${Contract} ${number} x ${number}`;

/** A venue with short words for what requirements do. */
export class Trial {
  readonly venue: VenueUnderTest;
  #orders = 0;

  constructor(venue: VenueUnderTest) {
    this.venue = venue;
  }

  /** The market of the trial. */
  get marketId(): string {
    return this.venue.marketId;
  }

  /** Calls the connector and waits for it. */
  async ask<T>(call: (connector: Connector) => Promise<T>): Promise<T> {
    return await this.venue.resolve(call(this.venue.connector));
  }

  /** A request for an order, with a client order id that was not used before. */
  request(words: OrderWords, clientOrderId = `conformance-${this.#orders++}`): PlaceRequest {
    const [direction = "", contract = "", atCents = "", , quantity = ""] = words.split(" ");
    return {
      clientOrderId,
      marketId: this.marketId,
      contract: contract as Contract,
      direction: direction as Direction,
      contractPrice: price(Number(atCents)),
      quantity: shares(Number(quantity)),
      timeInForce: "GTC",
    };
  }

  /**
   * Places an order that the venue must take.
   * @throws Error if it does not
   */
  async place(words: OrderWords, clientOrderId?: string): Promise<OpenOrder> {
    const request = this.request(words, clientOrderId);
    return accepted(await this.ask((connector) => connector.place(request))).order;
  }

  /** The own orders of the market, as `BUY YES 40 x 10` with what remains. */
  async resting(): Promise<readonly string[]> {
    const orders = await this.ask((connector) => connector.openOrders(this.marketId));
    return orders.map(({ direction, contract, contractPrice, remaining }) =>
      `${direction} ${contract} ${contractPrice} x ${remaining}`
    );
  }

  /** The book, as `BID 40 x 10`, bids first. */
  async book(): Promise<readonly string[]> {
    const { bids, asks } = await this.ask((connector) => connector.orderBook(this.marketId));
    return [
      ...bids.map(({ price, quantity }) => `BID ${price} x ${quantity}`),
      ...asks.map(({ price, quantity }) => `ASK ${price} x ${quantity}`),
    ];
  }

  /** Mints pairs that the venue must give. */
  async mint(quantity: number, idempotencyKey = `mint-${this.#orders++}`): Promise<void> {
    const request = { marketId: this.marketId, quantity: shares(quantity), idempotencyKey };
    accepted(await this.ask((connector) => connector.mint(request)));
  }
}

/**
 * What a command gave.
 * @throws Error if it did not succeed
 */
export function accepted<T>(outcome: CommandOutcome<T>): T {
  if (outcome.kind === "accepted") return outcome.value;
  throw new Error(`The command should have succeeded: ${JSON.stringify(outcome)}`);
}
