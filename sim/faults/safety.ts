import { isOwnClientOrderId } from "../../src/execution/client_order_id.ts";
import type { KillLatch } from "../../src/models/explanation.ts";
import { AMM_USER_ID, type VenueOrder } from "../exchange/types.ts";
import type { BotProcess } from "./bot_process.ts";
import type { SentCommand } from "./door.ts";
import { lossCents } from "./liveness.ts";
import type { FaultWorld } from "./world.ts";

/** The invariants of safety, by name. */
export const SAFETY = {
  own_cross: "own quotes never cross each other",
  overcommitted: "never more shares or cash is committed than held",
  placed_killed: "no order is sent for a market whose kill is acknowledged",
  rests_killed: "no own order rests in a killed market beyond the bound",
  two_owners: "two processes never quote one market at once",
  duplicate: "no intent is carried out twice",
  foreign_touched: "an order that is not ours is never touched",
  loss: "the loss is bounded by the budget",
  price_range: "prices are 1 to 99 and quantities 1 to 10,000",
  bad_setting: "a rejected setting changes nothing",
  venue: "the venue's own books stay right",
} as const;

/** One of {@link SAFETY}. */
export type SafetyInvariant = keyof typeof SAFETY;

/** Orders of a killed market are gone so long after the last thing that went wrong. */
const KILL_BOUND_MS = 30_000;
/** Loss budget, and what the resting quotes may lose before a cycle sees it; cents a market. */
const MAX_LOSS_CENTS = 25_000;
/** Sooner than that nobody can have seen what became of a placement without an answer. */
const SAME_NAME_MS = 1_200;
/** More than the order by hand costs. */
const FOREIGN_CENTS = 100;
const AUDIT_VENUE_EVERY = 2_000;

/** A placement without an answer. */
interface Unanswered {
  readonly id: string;
  readonly atMs: number;
  /** The order that it was to replace, if any. */
  readonly replaced: unknown;
}

/** What the watch needs to know of the run. */
export interface SafetyOptions {
  readonly world: FaultWorld;
  /** Since when nothing has been wrong with a process. */
  readonly quietSinceMs: (process: BotProcess) => number;
  readonly blame: (invariant: SafetyInvariant, what: string) => void;
}

/** Looks at the venue after every event, and at every command that is sent. */
export class SafetyWatch {
  readonly #options: SafetyOptions;
  /** Who sent which order. */
  readonly #senders = new Map<string, string>();
  readonly #foreign: string[] = [];
  /** Placements without an answer, by what was asked for. */
  readonly #open = new Map<string, Unanswered>();
  /** Mints and burns without an answer: the key of each market of a process. */
  readonly #openPairs = new Map<string, string>();
  #isDirty = false;
  #steps = 0;

  constructor(options: SafetyOptions) {
    this.#options = options;
    options.world.venue.exchange.control.onTrade(() => {
      this.#isDirty = true;
    });
  }

  /** Somebody puts an order on the account by hand, far from the market. */
  placeForeign(marketId: string): void {
    const { exchange } = this.#options.world.venue;
    const canPay = exchange.account(AMM_USER_ID).availableCents > FOREIGN_CENTS;
    if (!canPay || exchange.market(marketId).status !== "ACTIVE") return;
    const { order } = exchange.placeOrder(AMM_USER_ID, {
      clientOrderId: `manual_${marketId}`,
      marketId,
      contract: "YES",
      direction: "BUY",
      contractPrice: 2,
      quantity: 10,
    });
    this.#foreign.push(order.orderId);
  }

  /** A command leaves a process. */
  onSend(process: BotProcess, { verb, body }: SentCommand): void {
    if (verb === "place" || verb === "replace") this.#checkOrder(process, body);
    if (verb === "cancel" || verb === "batchCancel") return;
    if (verb === "mint" || verb === "burn") this.#checkPairs(process, body);
    this.#checkKill(process, String(orderIn(body).market_id));
  }

  /** A command is at the venue; its effect is seen after the next step. */
  onArrival(process: BotProcess, { verb, body }: SentCommand): void {
    this.#isDirty = true;
    if (verb === "place" || verb === "replace") {
      this.#senders.set(String(orderIn(body).client_order_id), process.name);
    }
  }

  /** A command has a definitive answer. */
  onSettled(process: BotProcess, { verb, body }: SentCommand): void {
    if (verb === "mint" || verb === "burn") this.#openPairs.delete(keyOf(process, body));
    else this.#open.delete(intentOf(process, orderIn(body)));
  }

  /** What a process has seen resting has an answer. */
  onListed(process: BotProcess, text: string): void {
    for (const [intent, { id }] of this.#open) {
      const isSeen = intent.startsWith(`${process.name} `) && text.includes(`"${id}"`);
      if (isSeen) this.#open.delete(intent);
    }
  }

  /** Called after every event. */
  afterStep(): void {
    this.#steps++;
    const { world } = this.#options;
    if (this.#steps % AUDIT_VENUE_EVERY === 0) this.auditVenue();
    this.#checkSettings();
    if (!this.#isDirty) return;
    this.#isDirty = false;
    for (const marketId of world.marketIds) this.#checkMarket(marketId);
    this.#checkForeign();
    this.#checkLoss();
  }

  /** The venue's own invariants, and orders in killed markets. */
  auditVenue(): void {
    const { world, blame } = this.#options;
    for (const violation of world.venue.exchange.control.violations()) blame("venue", violation);
    for (const marketId of world.marketIds) this.#checkRest(marketId);
  }

  #checkOrder(process: BotProcess, body: Readonly<Record<string, unknown>>): void {
    const order = orderIn(body);
    const { price_cents: price, quantity } = order;
    const isPriced = isWhole(price, 1, 99) && isWhole(quantity, 1, 10_000);
    this.#checkName(process, order, body.old_order_id);
    if (!isPriced) this.#options.blame("price_range", `${process.name}: ${price} x ${quantity}`);
  }

  /** What has had no answer is asked for under the same name, or not at all. */
  #checkName(
    process: BotProcess,
    order: Readonly<Record<string, unknown>>,
    replaced: unknown,
  ): void {
    const intent = intentOf(process, order);
    const [id, nowMs] = [String(order.client_order_id), this.#options.world.clock.monotonicMs()];
    const before = this.#open.get(intent);
    // An order can be replaced once: a second try cannot make two of it.
    const isSafe = replaced !== undefined && before?.replaced === replaced;
    const isOther = before !== undefined && before.id !== id && !isSafe;
    if (isOther && nowMs - before.atMs < SAME_NAME_MS) {
      this.#options.blame("duplicate", `${intent}: ${before.id} and ${id}`);
    }
    this.#open.set(intent, { id, atMs: nowMs, replaced });
  }

  #checkPairs(process: BotProcess, body: Readonly<Record<string, unknown>>): void {
    const [place, key] = [keyOf(process, body), String(body.idempotency_key)];
    const before = this.#openPairs.get(place) ?? key;
    if (before !== key) this.#options.blame("duplicate", `${place}: ${before} and ${key}`);
    this.#openPairs.set(place, key);
  }

  #checkKill(process: BotProcess, marketId: string): void {
    const { world, blame } = this.#options;
    const latch = latchOf(process, marketId);
    if (latch !== null) blame("placed_killed", `${process.name} in ${marketId}: ${latch.source}`);
    else if (world.store.killedSinceMs(marketId) < process.launchedAtMs) {
      blame("placed_killed", `${process.name} in ${marketId}, killed before its start`);
    }
  }

  #checkMarket(marketId: string): void {
    const { world, blame } = this.#options;
    const { exchange } = world.venue;
    const orders = exchange.openOrders(AMM_USER_ID, marketId);
    const own = orders.filter(({ clientOrderId }) => isOwnClientOrderId(clientOrderId));
    this.#checkCross(marketId, own);
    const owners = new Set(own.map(({ clientOrderId }) => this.#senders.get(clientOrderId)));
    if (world.processes.length > 1 && owners.size > 1) {
      blame("two_owners", `${marketId}: ${[...owners].sort().join(" and ")}`);
    }
    const held = exchange.positions(AMM_USER_ID).find((found) => found.marketId === marketId);
    const { yes = 0, no = 0, yesPendingSell = 0, noPendingSell = 0 } = held ?? {};
    if (yesPendingSell > yes || noPendingSell > no) blame("overcommitted", `${marketId}: shares`);
  }

  #checkCross(marketId: string, own: readonly VenueOrder[]): void {
    const bids = own.filter(({ side }) => side === "BID").map(({ yesPrice }) => yesPrice);
    const asks = own.filter(({ side }) => side === "ASK").map(({ yesPrice }) => yesPrice);
    const [bid, ask] = [Math.max(...bids), Math.min(...asks)];
    if (bid >= ask) this.#options.blame("own_cross", `${marketId}: bid ${bid}, ask ${ask}`);
  }

  #checkRest(marketId: string): void {
    const { world, quietSinceMs, blame } = this.#options;
    const nowMs = world.clock.monotonicMs();
    const own = world.venue.exchange.openOrders(AMM_USER_ID, marketId)
      .filter(({ clientOrderId }) => isOwnClientOrderId(clientOrderId));
    if (own.length === 0) return;
    for (const process of world.processes) {
      const latch = process.isAlive ? latchOf(process, marketId) : null;
      if (latch === null) continue;
      const sinceMs = Math.max(quietSinceMs(process), this.#killSeenMs(process, marketId, latch));
      if (nowMs - sinceMs > KILL_BOUND_MS) blame("rests_killed", `${marketId}: ${own.length}`);
    }
  }

  readonly #killsSeen = new Map<string, number>();

  #killSeenMs({ name }: BotProcess, marketId: string, { atMs, source }: KillLatch): number {
    const key = `${name} ${marketId} ${atMs} ${source}`;
    const seenMs = this.#killsSeen.get(key) ?? this.#options.world.clock.monotonicMs();
    this.#killsSeen.set(key, seenMs);
    return seenMs;
  }

  #checkForeign(): void {
    const { exchange } = this.#options.world.venue;
    for (const orderId of this.#foreign) {
      const { cancelReason } = exchange.order(AMM_USER_ID, orderId);
      if (cancelReason === "USER_CANCELLED") this.#options.blame("foreign_touched", orderId);
    }
  }

  #checkLoss(): void {
    const { world, blame } = this.#options;
    const lost = lossCents(world);
    if (lost > MAX_LOSS_CENTS * world.marketIds.length) blame("loss", `${Math.round(lost)} cents`);
  }

  /** No process may work with a setting that no layer allows. */
  #checkSettings(): void {
    if (this.#steps % 50 !== 0) return;
    for (const { watcher, name } of this.#options.world.processes) {
      for (const marketId of this.#options.world.marketIds) {
        const { kappa, baseOrderQuantity, spreadMinCents } = watcher.market(marketId).config;
        const isGood = kappa >= 0.1 && kappa <= 100 && baseOrderQuantity >= 1 &&
          spreadMinCents <= 20;
        if (!isGood) this.#options.blame("bad_setting", `${name} in ${marketId}`);
      }
    }
  }
}

/** The latch that a process shows for a market. */
export function latchOf({ service }: BotProcess, marketId: string): KillLatch | null {
  const { globalLatch, markets } = service.status();
  const own = markets.find((market) => market.marketId === marketId);
  return globalLatch ?? own?.latch ?? null;
}

/** The order of a placement, or the new one of a replacement; a mint speaks of its market. */
function orderIn(body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const nested = body.new_order;
  return typeof nested === "object" && nested !== null ? { ...nested } : body;
}

function intentOf({ name }: BotProcess, order: Readonly<Record<string, unknown>>): string {
  const { market_id, side, direction, price_cents, quantity } = order;
  return `${name} ${market_id} ${direction} ${quantity} ${side} at ${price_cents}`;
}

function keyOf({ name }: BotProcess, body: Readonly<Record<string, unknown>>): string {
  return `${name} ${body.market_id}`;
}

function isWhole(value: unknown, low: number, high: number): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= low && value <= high;
}
