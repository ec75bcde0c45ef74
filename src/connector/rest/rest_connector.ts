import { NO_POSITION, type Position } from "../../models/inventory.ts";
import type { AccountBalance, MarketRecord } from "../../models/market.ts";
import type { OrderBook } from "../../models/book.ts";
import type { OpenOrder } from "../../models/order.ts";
import { type CancelScope, isActiveStatus } from "../../models/vocabulary.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { Logger } from "../../runtime/log.ts";
import type { Random } from "../../runtime/random.ts";
import type { CallObserver } from "../call_statistics.ts";
import {
  type BatchCancelResult,
  type CancelResult,
  type CommandOutcome,
  type Connector,
  type MaySend,
  type PairRequest,
  type PairResult,
  type PlaceRequest,
  type PlaceResult,
  type ReplaceResult,
  type TradePage,
  type TradeQuery,
  VenueCode,
  VenueError,
} from "../connector.ts";
import { readBalance, readPairs, readPosition, readTrades } from "./account_answers.ts";
import type { LimitsListener } from "./announced_limits.ts";
import type { Admit } from "./calls.ts";
import { type Fetch, HttpTransport } from "./http_transport.ts";
import { requireIdentifier } from "./identifiers.ts";
import { readBook, readMarket } from "./market_answers.ts";
import {
  type OrderPage,
  readBatchCancelled,
  readCancelled,
  readOrder,
  readOrderPage,
  readPlaced,
  readReplaced,
} from "./order_answers.ts";
import { Redactor } from "./redactor.ts";
import { TokenManager } from "./token_manager.ts";
import { type CallTarget, nameOf, VenueCaller, type VenueRequest } from "./venue_caller.ts";
import { failure, MEANING, type Result } from "./verdict.ts";

/** What the live connector needs. */
export interface RestConnectorOptions {
  /** `base_url`, such as `http://localhost:8000/api/v1`. */
  readonly baseUrl: string;
  readonly username: string;
  readonly password: string;
  /** `http_timeout_ms`. */
  readonly timeoutMs: number;
  /** `http_max_retries`. */
  readonly maxRetries: number;
  /** `http_max_backoff_ms`. */
  readonly maxBackoffMs: number;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** The request budget; without one every call goes at once. */
  readonly admit?: Admit;
  /** Told what the venue says about its limits. */
  readonly onLimits?: LimitsListener;
  /** Told about every attempt that went out, for the API_ERRORS and LATENCY breakers. */
  readonly observe?: CallObserver;
}

/** The venue's largest page. */
const PAGE_LIMIT = 100;
/** All price levels a book can have. */
const BOOK_LEVELS = 99;

/** A read before method and session are added. */
type Read<T> = Omit<VenueRequest<T>, "method" | "body" | "session">;
/** A command before method and session are added. */
type Command<T> = Omit<VenueRequest<T>, "method" | "session">;

/** The venue over its REST API (exchange API spec). */
export class RestConnector implements Connector {
  readonly #caller: VenueCaller;
  readonly #session: TokenManager;
  readonly #clock: Clock;
  readonly #log: Logger;
  /** Markets with a batch cancel under way: never more than one each (exchange API §6). */
  readonly #batchCancels = new Set<string>();

  /** @throws RangeError if the base URL cannot be used */
  constructor(options: RestConnectorOptions) {
    const { baseUrl, username, password, timeoutMs, fetch, clock, random, log } = options;
    const redactor = new Redactor(password);
    this.#clock = clock;
    this.#log = log;
    this.#caller = new VenueCaller({
      transport: new HttpTransport({ baseUrl, timeoutMs, fetch, clock }),
      retry: {
        maxRetries: options.maxRetries,
        maxBackoffMs: options.maxBackoffMs,
        patienceMs: timeoutMs,
      },
      clock,
      random,
      log,
      redactor,
      admit: options.admit ?? (() => {}),
      onLimits: options.onLimits ?? (() => {}),
      observe: options.observe ?? (() => {}),
    });
    const credentials = { username, password };
    this.#session = new TokenManager({ credentials, caller: this.#caller, clock, log, redactor });
  }

  async identity(): Promise<string> {
    return valueOf({ call: "login" }, await this.#session.userId());
  }

  async market(marketId: string): Promise<MarketRecord> {
    return await this.#read({
      call: "market",
      marketId,
      path: `/markets/${requireMarket(marketId)}`,
      read: (payload) => readMarket(payload, marketId),
    });
  }

  async orderBook(marketId: string): Promise<OrderBook> {
    return await this.#read({
      call: "orderBook",
      marketId,
      path: `/markets/${requireMarket(marketId)}/orderbook?levels=${BOOK_LEVELS}`,
      read: (payload) => readBook(payload, marketId),
    });
  }

  async balance(): Promise<AccountBalance> {
    return await this.#read({ call: "balance", path: "/account/balance", read: readBalance });
  }

  async position(marketId: string): Promise<Position> {
    const request: Read<Position> = {
      call: "position",
      marketId,
      path: `/positions/${requireMarket(marketId)}`,
      read: (payload) => readPosition(payload, marketId),
    };
    const result = await this.#get(request);
    const doesNotExist = result.kind === "refused" && result.code === VenueCode.MARKET_NOT_FOUND;
    return doesNotExist ? NO_POSITION : valueOf(request, result);
  }

  async openOrders(marketId: string): Promise<readonly OpenOrder[]> {
    return await this.#allPages({ call: "openOrders", marketId: requireMarket(marketId) });
  }

  async accountOrders(): Promise<readonly OpenOrder[]> {
    return await this.#allPages({ call: "accountOrders" });
  }

  async order(orderId: string): Promise<OpenOrder> {
    return await this.#read({
      call: "order",
      subject: orderId,
      path: `/orders/${requireIdentifier("order id", orderId)}`,
      read: (payload) => readOrder(payload, orderId, this.#clock.nowMs()),
    });
  }

  async trades({ limit, cursor }: TradeQuery): Promise<TradePage> {
    const query = new URLSearchParams({ limit: String(limit) });
    if (cursor !== undefined) query.set("cursor", cursor);
    return await this.#read({ call: "trades", path: `/trades?${query}`, read: readTrades });
  }

  async place(
    request: PlaceRequest,
    maySend?: MaySend,
  ): Promise<CommandOutcome<PlaceResult>> {
    return outcomeOf(
      await this.#post({
        call: "place",
        marketId: request.marketId,
        path: "/orders",
        body: orderBody(request),
        maySend,
        read: (payload) => readPlaced(payload, request, this.#clock.nowMs()),
      }),
    );
  }

  async cancel(orderId: string, marketId?: string): Promise<CommandOutcome<CancelResult>> {
    const result = await this.#post({
      call: "cancel",
      ...(marketId === undefined ? {} : { marketId }),
      subject: orderId,
      path: `/orders/${requireIdentifier("order id", orderId)}/cancel`,
      read: (payload) => readCancelled(payload, orderId),
    });
    // A refusal of the repeat says what became of the order: 4006 is done or filled.
    return outcomeOf(result.kind === "refused" ? { ...result, inDoubt: false } : result);
  }

  async replace(
    orderId: string,
    request: PlaceRequest,
    maySend?: MaySend,
  ): Promise<CommandOutcome<ReplaceResult>> {
    const oldOrderId = requireIdentifier("order id", orderId);
    return outcomeOf(
      await this.#post({
        call: "replace",
        marketId: request.marketId,
        path: "/amm/orders/replace",
        body: { old_order_id: oldOrderId, new_order: orderBody(request) },
        maySend,
        read: (payload) =>
          readReplaced(payload, { oldOrderId, request, nowMs: this.#clock.nowMs() }),
      }),
    );
  }

  async batchCancel(
    marketId: string,
    scope: CancelScope,
  ): Promise<CommandOutcome<BatchCancelResult>> {
    requireMarket(marketId);
    if (this.#batchCancels.has(marketId)) {
      return outcomeOf(failure("not_sent", "not sent: a batch cancel of this market is under way"));
    }
    this.#batchCancels.add(marketId);
    const result = await this.#post({
      call: "batchCancel",
      marketId,
      path: "/amm/orders/batch-cancel",
      body: { market_id: marketId, cancel_scope: scope },
      read: (payload) => readBatchCancelled(payload, marketId),
    }).finally(() => this.#batchCancels.delete(marketId));
    if (result.kind === "timeout") this.#log.log("ERROR", "batch_cancel_stuck", { marketId });
    return outcomeOf(result);
  }

  async mint(request: PairRequest, maySend?: MaySend): Promise<CommandOutcome<PairResult>> {
    return await this.#pairs("mint", request, maySend);
  }

  async burn(request: PairRequest, maySend?: MaySend): Promise<CommandOutcome<PairResult>> {
    return await this.#pairs("burn", request, maySend);
  }

  async #pairs(
    call: "mint" | "burn",
    request: PairRequest,
    maySend: MaySend | undefined,
  ): Promise<CommandOutcome<PairResult>> {
    const { marketId, quantity, idempotencyKey } = request;
    const result = await this.#post({
      call,
      marketId,
      path: `/amm/${call}`,
      body: {
        market_id: requireMarket(marketId),
        quantity,
        idempotency_key: requireIdentifier("idempotency key", idempotencyKey),
      },
      maySend,
      read: (payload) => readPairs(payload, call, request),
    });
    const isDone = result.kind === "refused" && result.code === VenueCode.KEY_ALREADY_USED;
    return isDone ? { kind: "accepted", value: { alreadyDone: true } } : outcomeOf(result);
  }

  /** All active orders of a market, or of the account if the target names none; oldest first. */
  async #allPages(target: CallTarget): Promise<readonly OpenOrder[]> {
    const orders: OpenOrder[] = [];
    const before = new Set<string>();
    let cursor: string | null = null;
    do {
      const page: OrderPage = await this.#orderPage(target, cursor, before);
      orders.push(...page.orders);
      for (const { orderId } of page.orders) before.add(orderId);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return orders.filter((order) => isActiveStatus(order.status)).reverse();
  }

  async #orderPage(
    target: CallTarget,
    cursor: string | null,
    before: ReadonlySet<string>,
  ): Promise<OrderPage> {
    const { marketId = null } = target;
    const query = new URLSearchParams({
      ...(marketId === null ? {} : { market_id: marketId }),
      status: "OPEN,PARTIALLY_FILLED",
      limit: String(PAGE_LIMIT),
    });
    if (cursor !== null) query.set("cursor", cursor);
    return await this.#read({
      ...target,
      path: `/orders?${query}`,
      read: (payload) => readOrderPage(payload, { marketId, before, nowMs: this.#clock.nowMs() }),
    });
  }

  async #read<T>(request: Read<T>): Promise<T> {
    return valueOf(request, await this.#get(request));
  }

  #get<T>(request: Read<T>): Promise<Result<T>> {
    return this.#caller.call({ ...request, method: "GET", session: this.#session });
  }

  #post<T>(request: Command<T>): Promise<Result<T>> {
    return this.#caller.call({ ...request, method: "POST", session: this.#session });
  }
}

function requireMarket(marketId: string): string {
  return requireIdentifier("market id", marketId);
}

function orderBody(request: PlaceRequest): Readonly<Record<string, string | number>> {
  return {
    client_order_id: requireIdentifier("client order id", request.clientOrderId),
    market_id: requireMarket(request.marketId),
    side: request.contract,
    direction: request.direction,
    price_cents: request.contractPrice,
    quantity: request.quantity,
    time_in_force: request.timeInForce,
  };
}

/** The value of a read. @throws VenueError if there is none */
function valueOf<T>(request: CallTarget, result: Result<T>): T {
  if (result.kind === "ok") return result.value;
  const { code, message } = result;
  throw new VenueError({ kind: MEANING[result.kind].read, call: nameOf(request), message, code });
}

/**
 * The outcome of a command. A refusal is definitive only if no attempt before it is in doubt: the
 * venue may still be working on that one.
 */
function outcomeOf<T>(result: Result<T>): CommandOutcome<T> {
  if (result.kind === "ok") return { kind: "accepted", value: result.value };
  const { code, message, inDoubt } = result;
  const isUnknown = inDoubt || MEANING[result.kind].command === "unknown";
  return isUnknown ? { kind: "unknown", cause: message } : { kind: "rejected", code, message };
}
