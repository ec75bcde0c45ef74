import {
  type BatchCancelResult,
  type CancelResult,
  type CommandOutcome,
  type PlaceRequest,
  type PlaceResult,
  type ReplaceResult,
  type TradeBrief,
  VenueCode,
  VenueError,
} from "../../src/connector/connector.ts";
import type { OrderManagerOptions } from "../../src/connector/order_manager.ts";
import type { OpenOrder } from "../../src/models/order.ts";
import { bookSideOf, yesPriceOf } from "../../src/models/vocabulary.ts";
import { freezeCents, shares } from "../../src/models/money.ts";
import { type Clock, sleep } from "../../src/runtime/clock.ts";

type Connected = OrderManagerOptions["connector"];
type Command = "place" | "cancel" | "replace" | "batchCancel" | "openOrders";

/** What a call of a {@link StubVenue} comes to instead of being carried out and answered. */
export type Mishap =
  /** Refused with a code; nothing happens. */
  | { readonly refuse: number }
  /** Carried out, but the answer is lost. */
  | "answer lost"
  /** Never arrives. */
  | "request lost"
  /** Arrives when the test says `arrive()`. */
  | "late"
  /** Never answered at all. */
  | "hangs"
  /** The connector throws. */
  | "throws";

/**
 * A venue for tests of the order manager: it keeps orders and does not match. Calls go well unless
 * a mishap was queued for them, and are written down in `calls`.
 */
export class StubVenue implements Connected {
  orders: OpenOrder[] = [];
  readonly calls: string[] = [];
  /** Fills that the next accepted placement comes back with. */
  trades: readonly TradeBrief[] = [];
  /** Most cancels that were under way at a time. */
  mostCancelsAtOnce = 0;
  /** Called before each command is carried out; for fills that race it. */
  before: (call: string) => void = () => {};
  /** Called after every change of `orders` by a command. */
  changed: () => void = () => {};
  readonly #clock: Clock;
  readonly #latencyMs: number;
  readonly #mishaps: [Command, Mishap][] = [];
  readonly #late: (() => void)[] = [];
  readonly #stored = new Map<string, OpenOrder>();
  #sequence = 0;
  #cancelsUnderWay = 0;

  constructor(clock: Clock, latencyMs = 10) {
    this.#clock = clock;
    this.#latencyMs = latencyMs;
  }

  /** Lets the next calls of a command go wrong, one mishap each. */
  queue(command: Command, ...mishaps: Mishap[]): void {
    for (const mishap of mishaps) this.#mishaps.push([command, mishap]);
  }

  /** Forgets the mishaps that have not happened yet. */
  heal(): void {
    this.#mishaps.length = 0;
  }

  /** Delivers the requests that were late. */
  arrive(): void {
    for (const request of this.#late.splice(0)) request();
  }

  /** Lets somebody trade with an order. */
  fill(orderId: string, quantity: number): void {
    this.orders = this.orders.flatMap((order) => {
      if (order.orderId !== orderId) return [order];
      const filled = shares(order.filled + quantity);
      const remaining = shares(order.remaining - quantity);
      const status = remaining === 0 ? "FILLED" : "PARTIALLY_FILLED";
      this.#stored.set(order.clientOrderId, { ...order, filled, remaining, status });
      return remaining === 0 ? [] : [{ ...order, filled, remaining, status } as const];
    });
  }

  openOrders(): Promise<readonly OpenOrder[]> {
    return this.#answer("openOrders", "list", () => this.orders).then((outcome) => {
      if (outcome.kind === "accepted") return outcome.value;
      const call = "openOrders MKT-1";
      throw new VenueError({ kind: "unavailable", call, message: outcome.kind });
    });
  }

  place(request: PlaceRequest): Promise<CommandOutcome<PlaceResult>> {
    return this.#answer("place", describe(request), () => this.#put(request));
  }

  async cancel(orderId: string): Promise<CommandOutcome<CancelResult>> {
    this.#cancelsUnderWay++;
    this.mostCancelsAtOnce = Math.max(this.mostCancelsAtOnce, this.#cancelsUnderWay);
    const outcome = await this.#answer("cancel", orderId, () => this.#take(orderId));
    this.#cancelsUnderWay--;
    if (outcome.kind !== "accepted") return outcome;
    if (outcome.value === undefined) return refusal(VenueCode.NOT_CANCELLABLE);
    const { remaining, frozenAsset } = outcome.value;
    return {
      kind: "accepted",
      value: {
        orderId,
        unfrozenAmount: remaining,
        unfrozenAsset: frozenAsset,
        remainingCancelled: remaining,
      },
    };
  }

  async replace(
    orderId: string,
    request: PlaceRequest,
  ): Promise<CommandOutcome<ReplaceResult>> {
    const outcome = await this.#answer("replace", `${orderId} by ${describe(request)}`, () => {
      const old = this.orders.find((order) => order.orderId === orderId);
      if (old === undefined) return VenueCode.OLD_ORDER_FILLED;
      if (old.filled > 0) return VenueCode.OLD_ORDER_HAS_FILLS;
      this.#take(orderId);
      return this.#put(request);
    });
    if (outcome.kind !== "accepted") return outcome;
    if (typeof outcome.value === "number") return refusal(outcome.value);
    return { kind: "accepted", value: { ...outcome.value, oldOrderId: orderId } };
  }

  batchCancel(): Promise<CommandOutcome<BatchCancelResult>> {
    return this.#answer("batchCancel", "all", () => {
      const cancelledCount = this.orders.length;
      this.orders = [];
      return { cancelledCount };
    });
  }

  #take(orderId: string): OpenOrder | undefined {
    const found = this.orders.find((order) => order.orderId === orderId);
    this.orders = this.orders.filter((order) => order !== found);
    if (found !== undefined) {
      this.#stored.set(found.clientOrderId, { ...found, status: "CANCELLED" });
    }
    return found;
  }

  #put(request: PlaceRequest): PlaceResult {
    const known = this.#stored.get(request.clientOrderId);
    if (known !== undefined) return { order: known, trades: [] };
    const order = openOrder(request, `order-${++this.#sequence}`, this.#clock.nowMs());
    this.#stored.set(order.clientOrderId, order);
    this.orders.push(order);
    const trades = this.trades;
    this.trades = [];
    for (const trade of trades) this.fill(order.orderId, trade.quantity);
    return { order: this.#stored.get(order.clientOrderId) ?? order, trades };
  }

  async #answer<T>(command: Command, text: string, work: () => T): Promise<CommandOutcome<T>> {
    this.calls.push(command === "openOrders" ? "list" : `${command} ${text}`);
    const index = this.#mishaps.findIndex(([about]) => about === command);
    const mishap = index < 0 ? undefined : this.#mishaps.splice(index, 1)[0]?.[1];
    if (mishap === "throws") throw new TypeError("a bug in the connector");
    if (mishap === "hangs") return await new Promise(() => {});
    const carryOut = (): T => {
      const value = work();
      this.changed();
      return value;
    };
    if (mishap === "late") this.#late.push(carryOut);
    await sleep(this.#clock, this.#latencyMs);
    if (typeof mishap === "object") return refusal(mishap.refuse);
    if (mishap === "request lost" || mishap === "late") return { kind: "unknown", cause: mishap };
    this.before(command);
    const value = carryOut();
    return mishap === undefined ? { kind: "accepted", value } : { kind: "unknown", cause: mishap };
  }
}

function refusal(code: number): { kind: "rejected"; code: number; message: string } {
  return { kind: "rejected", code, message: `code ${code}` };
}

function describe({ direction, contract, contractPrice, quantity }: PlaceRequest): string {
  return `${direction} ${contract} ${contractPrice}x${quantity}`;
}

function openOrder(request: PlaceRequest, orderId: string, createdAtMs: number): OpenOrder {
  const { contract, direction, contractPrice, quantity } = request;
  return {
    orderId,
    clientOrderId: request.clientOrderId,
    marketId: request.marketId,
    contract,
    direction,
    contractPrice,
    side: bookSideOf(contract, direction),
    yesPrice: yesPriceOf(contract, contractPrice),
    quantity,
    filled: shares(0),
    remaining: quantity,
    status: "OPEN",
    frozenAmount: direction === "BUY" ? freezeCents(contractPrice, quantity, 20) : quantity,
    frozenAsset: direction === "BUY" ? "FUNDS" : contract === "YES" ? "YES_SHARES" : "NO_SHARES",
    createdAtMs,
  };
}
