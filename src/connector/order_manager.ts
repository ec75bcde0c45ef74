import { isOwnClientOrderId } from "../execution/client_order_id.ts";
import type { PlannedAction, RestingOrder } from "../execution/planned_action.ts";
import type { QuoteAtPrice } from "../models/book.ts";
import { cents } from "../models/money.ts";
import type { Fill, OpenOrder } from "../models/order.ts";
import type { Contract, Direction } from "../models/vocabulary.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Logger } from "../runtime/log.ts";
import { cancelAllOrders, type CancelAllReport, type OrdersOfMarket } from "./cancel_all.ts";
import type { Connector } from "./connector.ts";
import type { ContractHealth } from "./contract_health.ts";
import { cancelInTurn, OrderCalls } from "./order_calls.ts";
import type { OwnOrderFeed } from "./own_order_feed.ts";
import {
  type FrozenCash,
  frozenIn,
  NO_CHANGES,
  type OrderChanges,
  OwnOrders,
} from "./own_orders.ts";
import { PendingPlacements } from "./pending_placements.ts";
import { executePlan, type ExecutionReport, type MayPlace } from "./plan_execution.ts";
import type { RateBudget } from "./rate_budget.ts";
import { UNSHARED, type WorkPermit } from "./work_permit.ts";

/** Everything the order manager of a market needs. */
export interface OrderManagerOptions {
  readonly marketId: string;
  readonly connector: Pick<
    Connector,
    "openOrders" | "place" | "cancel" | "replace" | "batchCancel"
  >;
  readonly clock: Clock;
  readonly log: Logger;
  /** Shared by all markets of the process. */
  readonly rateBudget: RateBudget;
  /** Gives every new order its name; see `clientOrderIds`. */
  readonly nextClientOrderId: (contract: Contract, direction: Direction) => string;
  /** `batch_cancel_enabled`. */
  readonly batchCancelEnabled: boolean;
  /** `shutdown_timeout_ms`: the most time that a cancel-all may take. */
  readonly cancelTimeoutMs: number;
  /** The right to work the market; unlimited if left out. */
  readonly permit?: WorkPermit;
  /** The list of all markets; only the market's own list is read if left out. */
  readonly feed?: Pick<OwnOrderFeed, "begun" | "ordersOf">;
}

/** The own orders of a market as the venue lists them, and what that changed. */
export interface OrderView extends OrderChanges {
  /** Own active orders, oldest first. */
  readonly orders: readonly RestingOrder[];
  /** Orders of the account that are not ours: they are never touched. */
  readonly foreign: readonly OpenOrder[];
  /** Quotes of placements whose fate is unknown: they may come to rest at any time. */
  readonly pending: readonly QuoteAtPrice[];
  /**
   * Time since a placement failed: the venue may have dropped what is older. Infinity if
   * none did.
   */
  readonly suspectAgeMs: number;
  /** False if only an older list says that nothing has changed: look again before you act. */
  readonly isFresh: boolean;
}

/** An own look at the market after which nothing has happened that would make it doubtful. */
interface Look {
  /** All orders that it has shown. */
  readonly shown: readonly OpenOrder[];
  readonly foreign: readonly OpenOrder[];
  /** A list of all markets must have been asked for after this one to confirm the look. */
  readonly after: number;
}

/**
 * The own orders of one market: what rests, and the only way to change it. The venue's list is the
 * truth; answers and fills keep the view up to date between two looks. Not for use by two callers
 * at a time, except {@link cancelAll}, which may overtake an execution that hangs.
 */
export class OrderManager {
  readonly #options: OrderManagerOptions;
  readonly #orders: OwnOrders;
  readonly #pending: PendingPlacements;
  readonly #calls: OrderCalls;
  readonly #permit: WorkPermit;
  /** Client order ids that were sent from here and may still rest. */
  readonly #sent = new Set<string>();
  #placementFailedAtMs = -Infinity;
  #foreignFrozenCents = cents(0);
  /** Counts answers to commands, fills and cancel-alls. */
  #changes = 0;
  /** The last own look, null from the first change after it. */
  #look: Look | null = null;

  constructor(options: OrderManagerOptions) {
    this.#options = options;
    this.#orders = new OwnOrders(options.clock);
    this.#pending = new PendingPlacements(options.clock);
    this.#permit = options.permit ?? UNSHARED;
    this.#calls = new OrderCalls({
      ...options,
      permit: this.#permit,
      orders: this.#orders,
      pending: this.#pending,
      onEnd: () => this.#noteChange(),
      nextClientOrderId: (contract, direction) => {
        const id = options.nextClientOrderId(contract, direction);
        this.#sent.add(id);
        return id;
      },
    });
  }

  /** Own orders that may rest, as far as known without asking; oldest first. */
  get orders(): readonly RestingOrder[] {
    return this.#orders.list();
  }

  /** True if a placement had no answer lately: we may have been taker without being told. */
  get wasInDoubt(): boolean {
    return this.#pending.wasInDoubt;
  }

  /** False once the venue has said that this account may not replace orders. */
  get mayReplace(): boolean {
    return this.#calls.mayReplace;
  }

  /** The contract on which placements fail while those on the other work (L-58). */
  get degradedContract(): ReturnType<ContractHealth["degraded"]> {
    return this.#calls.contracts.degraded();
  }

  /**
   * What the account's BUY orders in this market freeze, ours and others; null while that is not
   * certain: a call is under way, or a placement has had no answer.
   */
  get frozen(): FrozenCash | null {
    const own = this.#calls.isBusy || !this.#pending.isEmpty ? null : this.#orders.frozen();
    if (own === null) return null;
    return { ...own, frozenCents: cents(own.frozenCents + this.#foreignFrozenCents) };
  }

  /**
   * Reads the own open orders and replaces the view by them. Decides the fate of placements whose
   * answer was lost: those that are listed are adopted, the others stay pending for a while.
   * @param maxAgeMs a list of all markets that was asked for less than this time ago will do if it
   * shows exactly what the last own look has shown, and nothing has happened since (0: always look)
   * @throws VenueError if the list cannot be read; nothing changes then
   */
  async refresh(maxAgeMs = 0): Promise<OrderView> {
    const confirmed = await this.#confirmedLook(maxAgeMs);
    if (confirmed !== null) return this.#view(NO_CHANGES, confirmed.foreign, false);
    const changesBefore = this.#changes;
    const { own, foreign } = await this.#expelStrangers(await this.#readOrders());
    const changes = this.#orders.reconcile(own);
    this.#foreignFrozenCents = frozenIn(foreign);
    for (const order of own) this.#pending.resolve(order.clientOrderId);
    this.#pending.expire();
    this.#forgetSent(own);
    this.#noteLook({ own, foreign }, changesBefore);
    if (changes.adopted.length > 0) {
      const orderIds = changes.adopted.map((order) => order.orderId);
      this.#options.log.log("INFO", "orders_adopted", { orderIds });
    }
    return this.#view(changes, foreign, true);
  }

  /**
   * Carries out a plan.
   * @param actions as `planOrders` has put them in sequence
   * @param mayPlace asked before everything that is not a cancel for safety; false defers it
   */
  async execute(actions: readonly PlannedAction[], mayPlace: MayPlace): Promise<ExecutionReport> {
    const { marketId, rateBudget, clock } = this.#options;
    const report = await executePlan(actions, {
      marketId,
      calls: this.#calls,
      rateBudget,
      mayPlace,
    });
    if (report.flags.has("placementFailed")) this.#placementFailedAtMs = clock.monotonicMs();
    return report;
  }

  /**
   * Cancels every own open order, one by one with bounded concurrency or by the batch route where
   * that is enabled, and looks again until the venue lists none. Cancels are repeated, with growing
   * pauses. From the moment that another process may have the market, only orders sent from here
   * count.
   * @param limitMs when to give up
   */
  cancelAll(limitMs = this.#options.cancelTimeoutMs): Promise<CancelAllReport> {
    const tools = {
      ...this.#options,
      calls: this.#calls,
      batchCancelEnabled: this.#options.batchCancelEnabled && this.#permit.isExclusive(),
      readOrders: () => this.#readOrders(),
      unanswered: () => [...this.#calls.unanswered, ...this.#pending.requests],
      mayTurnUp: () => this.#calls.isBusy || !this.#pending.isEmpty,
    };
    this.#noteChange();
    return cancelAllOrders(tools, limitMs, this.#orders.list().filter(this.#isOurs))
      .finally(() => this.#noteChange());
  }

  /**
   * Takes a fill from the trade feed: the order it belongs to shrinks at once, and leaves when it
   * is full (L-15).
   */
  onFill(fill: Fill): void {
    this.#noteChange();
    this.#orders.applyFill(fill);
  }

  #view(changes: OrderChanges, foreign: readonly OpenOrder[], isFresh: boolean): OrderView {
    return {
      ...changes,
      orders: this.#orders.list(),
      foreign,
      pending: this.#pending.quotes(),
      suspectAgeMs: this.#options.clock.monotonicMs() - this.#placementFailedAtMs,
      isFresh,
    };
  }

  /** The next look is an own one. */
  #noteChange(): void {
    this.#changes++;
    this.#look = null;
  }

  /** Remembers an own look, unless something is in doubt that only another one can settle. */
  #noteLook({ own, foreign }: OrdersOfMarket, changesBefore: number): void {
    const { feed } = this.#options;
    const isCertain = this.#changes === changesBefore && this.frozen !== null;
    if (feed === undefined || !isCertain) {
      this.#look = null;
      return;
    }
    this.#look = { shown: [...own, ...foreign], foreign, after: feed.begun };
  }

  /**
   * The last own look if the list of all markets shows the same orders: any difference is for an
   * own look to find out, since that list may be older, and its pages are of different moments.
   */
  async #confirmedLook(maxAgeMs: number): Promise<Look | null> {
    const { feed, marketId } = this.#options;
    const look = this.#look;
    if (feed === undefined || look === null || maxAgeMs === 0) return null;
    const orders = await feed.ordersOf(marketId, { after: look.after, maxAgeMs });
    const isStill = this.#look === look && this.frozen !== null;
    return isStill && orders !== null && isSameList(look.shown, orders) ? look : null;
  }

  async #readOrders(): Promise<OrdersOfMarket> {
    const listed = await this.#options.connector.openOrders(this.#options.marketId);
    const own = listed.filter(this.#isOurs);
    const foreign = own.length === listed.length
      ? []
      : listed.filter((order) => !own.includes(order));
    this.#foreignFrozenCents = frozenIn(foreign);
    return { own, foreign };
  }

  /** True for an order that this process may cancel at this moment. */
  #isOurs = ({ clientOrderId }: OpenOrder): boolean =>
    isOwnClientOrderId(clientOrderId) &&
    (this.#permit.isExclusive() || this.#sent.has(clientOrderId));

  /**
   * Where processes share the markets, an own order that was not sent from here is the late order
   * of a former holder: it is cancelled, and quotes stay clear of it until it is gone.
   */
  async #expelStrangers({ own, foreign }: OrdersOfMarket): Promise<OrdersOfMarket> {
    if (this.#permit.token === 0) return { own, foreign };
    const strangers = own.filter(({ clientOrderId }) => !this.#sent.has(clientOrderId));
    await cancelInTurn(this.#calls, this.#options.rateBudget, strangers);
    return {
      own: own.filter(({ clientOrderId }) => this.#sent.has(clientOrderId)),
      foreign: [...foreign, ...strangers],
    };
  }

  /** Forgets the ids of orders that have ended. */
  #forgetSent(listed: readonly OpenOrder[]): void {
    if (this.#calls.isBusy) return;
    const isSent = ({ clientOrderId }: OpenOrder) => this.#sent.has(clientOrderId);
    if (listed.length === this.#sent.size && listed.every(isSent)) return;
    const resting = new Set(listed.map(({ clientOrderId }) => clientOrderId));
    for (const id of this.#sent) {
      if (!resting.has(id) && !this.#pending.has(id)) this.#sent.delete(id);
    }
  }
}

/** True if a list shows the same orders, with the same shares left and the same freeze. */
function isSameList(known: readonly OpenOrder[], orders: readonly OpenOrder[]): boolean {
  return orders.length === known.length && orders.every((order, index) => {
    const { orderId } = order;
    // Both are sorted by age, unless others have orders here.
    const inPlace = known[index];
    const before = inPlace?.orderId === orderId
      ? inPlace
      : known.find((each) => each.orderId === orderId);
    return before?.remaining === order.remaining && before.frozenAmount === order.frozenAmount;
  });
}
