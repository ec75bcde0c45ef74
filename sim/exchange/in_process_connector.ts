import {
  type BatchCancelResult,
  type CancelResult,
  type CommandOutcome,
  type Connector,
  type PairRequest,
  type PairResult,
  type PlaceRequest,
  type PlaceResult,
  type ReplaceResult,
  type TradePage,
  type TradeQuery,
  VenueCode,
  VenueError,
} from "../../src/connector/connector.ts";
import type { CallEnd, CallObserver } from "../../src/connector/call_statistics.ts";
import type { OrderBook } from "../../src/models/book.ts";
import { NO_POSITION, type Position } from "../../src/models/inventory.ts";
import type { AccountBalance, MarketRecord } from "../../src/models/market.ts";
import type { OpenOrder } from "../../src/models/order.ts";
import type { CancelScope } from "../../src/models/vocabulary.ts";
import { type Clock, sleep } from "../../src/runtime/clock.ts";
import type { FakeExchange } from "./fake_exchange.ts";
import { Refusal, VenueCrash, VenueHang } from "./refusal.ts";
import { AMM_USER_ID } from "./types.ts";
import * as view from "./wire_views.ts";

/** Something that goes wrong with one call. */
export type Fault =
  /** The venue refuses; nothing happens. */
  | { readonly kind: "refuse"; readonly code: number; readonly message?: string }
  /** The connection breaks; `effect` says whether the venue did what was asked. */
  | { readonly kind: "lose"; readonly effect: boolean }
  /** No answer before the time-out. */
  | { readonly kind: "hang"; readonly effect: boolean }
  /** The venue does what was asked, but its answer does not have the agreed form. */
  | { readonly kind: "garble" }
  /** The request takes longer to arrive. */
  | { readonly kind: "delay"; readonly ms: number };

/**
 * Decides on the fault of a call, undefined for none.
 * @param call method and what it is about, such as `orderBook MKT-1`, `cancel 399…` or `balance`
 */
export type Intercept = (call: string) => Fault | undefined;

/** What an {@link InProcessConnector} is built from. */
export interface InProcessConnectorOptions {
  readonly exchange: FakeExchange;
  readonly clock: Clock;
  /** The AMM by default. */
  readonly userId?: string;
  /**
   * From request to answer, ms; the request arrives after half of it. Default 0: answered at once.
   */
  readonly latencyMs?: number;
  /** How long to wait for an answer that does not come, ms; default 5,000. */
  readonly timeoutMs?: number;
  readonly intercept?: Intercept;
  /** Told about every call, as a live connector would. */
  readonly observe?: CallObserver;
}

/** How a call ended. */
type Reply<T> =
  | { readonly kind: "answer"; readonly value: T }
  | { readonly kind: "refused"; readonly code: number; readonly message: string }
  | { readonly kind: "unavailable" | "malformed"; readonly message: string };

/** One user's session with the fake exchange; shows exactly what the wire would. */
export class InProcessConnector implements Connector {
  readonly #exchange: FakeExchange;
  readonly #clock: Clock;
  readonly #userId: string;
  readonly #latencyMs: number;
  readonly #timeoutMs: number;
  readonly #intercept: Intercept | undefined;
  readonly #observe: CallObserver;

  constructor(options: InProcessConnectorOptions) {
    this.#exchange = options.exchange;
    this.#clock = options.clock;
    this.#userId = options.userId ?? AMM_USER_ID;
    this.#latencyMs = options.latencyMs ?? 0;
    this.#timeoutMs = options.timeoutMs ?? 5_000;
    this.#intercept = options.intercept;
    this.#observe = options.observe ?? (() => {});
  }

  identity(): Promise<string> {
    return this.#read(["identity"], () => this.#exchange.account(this.#userId).userId);
  }

  market(marketId: string): Promise<MarketRecord> {
    return this.#read(
      ["market", marketId],
      () => view.marketRecord(this.#exchange.market(marketId)),
    );
  }

  orderBook(marketId: string): Promise<OrderBook> {
    return this.#read(["orderBook", marketId], () => this.#exchange.orderBook(marketId));
  }

  balance(): Promise<AccountBalance> {
    return this.#read(["balance"], () => view.balanceOf(this.#exchange.account(this.#userId)));
  }

  position(marketId: string): Promise<Position> {
    return this.#read(["position", marketId], () => this.#positionOrZero(marketId));
  }

  openOrders(marketId: string): Promise<readonly OpenOrder[]> {
    return this.#read(
      ["openOrders", marketId],
      () => this.#exchange.openOrders(this.#userId, marketId).map(view.openOrder),
    );
  }

  accountOrders(): Promise<readonly OpenOrder[]> {
    return this.#read(
      ["accountOrders"],
      () => this.#exchange.accountOrders(this.#userId).map(view.openOrder),
    );
  }

  order(orderId: string): Promise<OpenOrder> {
    return this.#read(
      ["order", orderId],
      () => view.openOrder(this.#exchange.order(this.#userId, orderId)),
    );
  }

  trades(query: TradeQuery): Promise<TradePage> {
    return this.#read(["trades"], () => view.tradePage(this.#exchange.trades(this.#userId, query)));
  }

  place(request: PlaceRequest): Promise<CommandOutcome<PlaceResult>> {
    return this.#command(
      ["place", request.marketId],
      () => view.placeResult(this.#exchange.placeOrder(this.#userId, request)),
    );
  }

  cancel(orderId: string, marketId?: string): Promise<CommandOutcome<CancelResult>> {
    return this.#command(
      ["cancel", orderId],
      () => this.#exchange.cancelOrder(this.#userId, orderId),
      marketId,
    );
  }

  replace(orderId: string, request: PlaceRequest): Promise<CommandOutcome<ReplaceResult>> {
    return this.#command(
      ["replace", orderId],
      () => view.replaceResult(this.#exchange.replaceOrder(this.#userId, orderId, request)),
      request.marketId,
    );
  }

  batchCancel(marketId: string, scope: CancelScope): Promise<CommandOutcome<BatchCancelResult>> {
    return this.#command(["batchCancel", marketId], () => {
      const { cancelledCount } = this.#exchange.batchCancel(this.#userId, { marketId, scope });
      return { cancelledCount };
    });
  }

  mint(request: PairRequest): Promise<CommandOutcome<PairResult>> {
    return this.#command(
      ["mint", request.marketId],
      () => view.pairResult(this.#exchange.mint(this.#userId, request)),
    );
  }

  burn(request: PairRequest): Promise<CommandOutcome<PairResult>> {
    return this.#command(
      ["burn", request.marketId],
      () => view.pairResult(this.#exchange.burn(this.#userId, request)),
    );
  }

  #positionOrZero(marketId: string): Position {
    try {
      return view.positionOf(this.#exchange.position(this.#userId, marketId));
    } catch (error) {
      const isMissing = error instanceof Refusal && error.code === VenueCode.MARKET_NOT_FOUND;
      if (isMissing) return NO_POSITION;
      throw error;
    }
  }

  async #read<T>(call: Call, request: () => T): Promise<T> {
    const reply = await this.#send(call, request);
    switch (reply.kind) {
      case "answer":
        return reply.value;
      case "refused":
      case "unavailable":
      case "malformed":
        throw new VenueError({ call: textOf(call), ...reply });
    }
  }

  async #command<T>(
    call: Call,
    request: () => T,
    marketId?: string,
  ): Promise<CommandOutcome<T>> {
    const reply = await this.#send(call, request, marketId);
    switch (reply.kind) {
      case "answer":
        return { kind: "accepted", value: reply.value };
      case "refused":
        return { kind: "rejected", code: reply.code, message: reply.message };
      case "unavailable":
      case "malformed":
        return { kind: "unknown", cause: reply.message };
    }
  }

  /** One call, reported to the observer when it has ended. */
  async #send<T>(call: Call, request: () => T, marketId?: string): Promise<Reply<T>> {
    const sentAtMs = this.#clock.monotonicMs();
    const reply = await this.#exchangeMessages(call, request);
    const [name, subject = null] = call;
    this.#observe({
      call: name,
      marketId: CALLS_ABOUT_ORDERS.includes(name) ? marketId ?? null : subject,
      ms: this.#clock.monotonicMs() - sentAtMs,
      end: endOf(reply),
    });
    return reply;
  }

  /**
   * The way there, what happens at the venue, and the way back. Without latency the request takes
   * effect within the call.
   */
  async #exchangeMessages<T>(call: Call, request: () => T): Promise<Reply<T>> {
    const fault = this.#intercept?.(textOf(call));
    const thereMs = this.#latencyMs / 2 + (fault?.kind === "delay" ? fault.ms : 0);
    if (thereMs > 0) await sleep(this.#clock, thereMs);
    const reply = arrive(fault, request);
    if (reply === NO_ANSWER) {
      await sleep(this.#clock, this.#timeoutMs);
      return { kind: "unavailable", message: `no answer within ${this.#timeoutMs} ms` };
    }
    if (this.#latencyMs > 0) await sleep(this.#clock, this.#latencyMs / 2);
    return reply;
  }
}

/** Method of a call, and what it is about. */
type Call = readonly [method: string, subject?: string];

function textOf(call: Call): string {
  return call.join(" ");
}

/** Calls that name an order, and not the market that it is in. */
const CALLS_ABOUT_ORDERS: readonly string[] = ["order", "cancel", "replace"];

function endOf(reply: Reply<unknown>): CallEnd {
  if (reply.kind === "answer") return "ok";
  return reply.kind === "refused" ? "refused" : "failed";
}

const NO_ANSWER = Symbol("no answer");

/** What comes back from the venue when a request reaches it, or does not. */
function arrive<T>(fault: Fault | undefined, request: () => T): Reply<T> | typeof NO_ANSWER {
  switch (fault?.kind) {
    case undefined:
    case "delay":
      return answer(request);
    case "refuse":
      return { kind: "refused", code: fault.code, message: fault.message ?? "refused by a fault" };
    case "lose":
      if (fault.effect) answer(request);
      return { kind: "unavailable", message: "connection lost" };
    case "hang":
      if (fault.effect) answer(request);
      return NO_ANSWER;
    case "garble":
      answer(request);
      return { kind: "malformed", message: "the answer does not have the agreed form" };
  }
}

function answer<T>(request: () => T): Reply<T> | typeof NO_ANSWER {
  try {
    return { kind: "answer", value: request() };
  } catch (error) {
    if (error instanceof Refusal) {
      return { kind: "refused", code: error.code, message: error.message };
    }
    if (error instanceof VenueCrash) {
      return { kind: "unavailable", message: "500 Internal Server Error" };
    }
    if (error instanceof VenueHang) return NO_ANSWER;
    throw error;
  }
}
