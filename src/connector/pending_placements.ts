import { type OrderForm, orderKey } from "../execution/order_form.ts";
import type { QuoteAtPrice } from "../models/book.ts";
import { bookSideOf, yesPriceOf } from "../models/vocabulary.ts";
import type { Clock } from "../runtime/clock.ts";
import type { PlaceRequest } from "./connector.ts";

/** How long a placement without a usable answer may still turn up at the venue. */
const MAX_DELAY_MS = 30_000;

interface Pending {
  readonly request: PlaceRequest;
  readonly sinceMs: number;
  /** The order that it was to replace, null for a placement of its own. */
  readonly replacedOrderId: string | null;
}

/**
 * Placements whose answer was lost: the orders may rest, may come to rest, or may never have
 * existed. Until that is known nothing of ours may be put where they would meet it, and the same
 * order is only sent again under the same client order id, so that the venue cannot make two of it
 * (exchange API §6, L-38).
 */
export class PendingPlacements {
  readonly #clock: Clock;
  readonly #byClientOrderId = new Map<string, Pending>();
  #lastAddedMs = -Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** True if the fate of every placement is known. */
  get isEmpty(): boolean {
    return this.#byClientOrderId.size === 0;
  }

  /** True if a placement had no answer lately: trades that it made may still come to be known. */
  get wasInDoubt(): boolean {
    return this.#clock.monotonicMs() - this.#lastAddedMs <= MAX_DELAY_MS;
  }

  /** True if the fate of this placement is not known. */
  has(clientOrderId: string): boolean {
    return this.#byClientOrderId.has(clientOrderId);
  }

  /** Remembers a placement, or the new order of a replacement, whose answer was lost. */
  add(request: PlaceRequest, replacedOrderId: string | null = null): void {
    this.#lastAddedMs = this.#clock.monotonicMs();
    this.#byClientOrderId.set(request.clientOrderId, {
      request,
      sinceMs: this.#clock.monotonicMs(),
      replacedOrderId,
    });
  }

  /** Forgets a placement whose fate is known. */
  resolve(clientOrderId: string): void {
    this.#byClientOrderId.delete(clientOrderId);
  }

  /** What was sent and may rest. */
  get requests(): readonly PlaceRequest[] {
    return [...this.#byClientOrderId.values()].map(({ request }) => request);
  }

  /** Forgets what can no longer turn up. */
  expire(): void {
    for (const [id, { sinceMs }] of this.#byClientOrderId) {
      if (this.#clock.monotonicMs() - sinceMs > MAX_DELAY_MS) this.#byClientOrderId.delete(id);
    }
  }

  /**
   * The client order id under which the very same order was sent before, undefined if it was not.
   */
  idFor(form: OrderForm & { readonly quantity: number }): string | undefined {
    for (const [id, { request }] of this.#byClientOrderId) {
      if (orderKey(request) === orderKey(form) && request.quantity === form.quantity) return id;
    }
    return undefined;
  }

  /**
   * True if an order may become this one by a replacement: the venue lets an order be replaced only
   * once, so that trying again cannot make two, but any other way could.
   */
  mayReplace(orderId: string, form: OrderForm & { readonly quantity: number }): boolean {
    const id = this.idFor(form);
    return id === undefined || this.#byClientOrderId.get(id)?.replacedOrderId === orderId;
  }

  /** The quotes that may come to rest. */
  quotes(): readonly QuoteAtPrice[] {
    return [...this.#byClientOrderId.values()].map(({ request }) => ({
      side: bookSideOf(request.contract, request.direction),
      yesPrice: yesPriceOf(request.contract, request.contractPrice),
      remaining: request.quantity,
    }));
  }
}
