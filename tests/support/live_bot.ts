import { AMM_USER_ID } from "../../sim/exchange/mod.ts";
import type { GlobalConfig, MarketConfig } from "../../src/config/registry.ts";
import { MemoryStore } from "../../src/cache/memory_store.ts";
import { CallBoard } from "../../src/connector/call_statistics.ts";
import { RateBudget } from "../../src/connector/rate_budget.ts";
import { HOUR_MS } from "../../src/models/market.ts";
import { price, shares } from "../../src/models/money.ts";
import type { BookSide, Contract, TimeInForce } from "../../src/models/vocabulary.ts";
import { type LoggedEvent, recordingLogger } from "../../src/runtime/log.ts";
import { seededRandom } from "../../src/runtime/random.ts";
import { liveConnector } from "../../src/service/live_connector.ts";
import { createService } from "../../src/service/service.ts";
import type { MarketStatusReport, Service } from "../../src/service/service_api.ts";
import { marketConfig } from "./config.ts";
import { HttpVenue, type HttpVenueOptions, MARKET } from "./exchange_http.ts";
import { processConfig } from "./process_config.ts";

/** The password of the bot's account; must never be seen anywhere. */
export const PASSWORD = "Passw0rd1";

/** A request on its way to the venue. */
export interface WireRequest {
  /** Method and path, such as `GET /markets/MKT-1/orderbook`. */
  readonly route: string;
  readonly body: string;
  readonly authorization: string;
  /** Monotonic time, ms. */
  readonly atMs: number;
}

/**
 * What the wire makes of a request: an answer in place of the venue's, none at all, a broken
 * connection, or the venue's answer altered on its way back.
 */
export type WireFault =
  | Response
  | "hang"
  | "drop"
  | ((answer: Response) => Response | Promise<Response>);

/** Decides what happens to a request; undefined lets it pass. */
export type Tamper = (request: WireRequest) => WireFault | undefined;

/** What a test changes about the bot or its venue. */
export interface LiveBotOptions extends HttpVenueOptions {
  readonly market?: Partial<MarketConfig>;
  readonly global?: Partial<GlobalConfig>;
}

/**
 * The bot in mode live: the whole service with the connector and the budget that `start` gives it,
 * over the venue's own routes, under a virtual clock. Between the two is a wire that can be
 * tampered with.
 */
export class LiveBot {
  readonly http: HttpVenue;
  readonly events: LoggedEvent[] = [];
  readonly sent: WireRequest[] = [];
  readonly service: Service;
  tamper: Tamper = () => undefined;
  #orders = 0;

  constructor({ market = {}, global = {}, ...venue }: LiveBotOptions = {}) {
    this.http = new HttpVenue(venue);
    const { clock } = this.http;
    this.exchange.control.patchMarket(MARKET, { tradingEndAtMs: clock.nowMs() + 720 * HOUR_MS });
    const config = processConfig(
      { mode: "live", markets: new Map([[MARKET, marketConfig(market)]]) },
      { ammPassword: PASSWORD, baseUrl: "http://venue.test/api/v1", ...global },
    );
    const random = seededRandom("live bot");
    const log = recordingLogger(this.events);
    const calls = new CallBoard(clock);
    const rateBudget = new RateBudget({ clock, ...config.global });
    const connector = liveConnector({
      global: config.global,
      fetch: (url, init) => this.#carry(url, init),
      clock,
      random,
      log,
      rateBudget,
      observe: calls.record,
    });
    const store = new MemoryStore();
    this.service = createService({
      ...{ config, connector, store, calls, rateBudget, clock, random, log },
    });
  }

  get exchange() {
    return this.http.venue.exchange;
  }

  /** Starts the bot and lets it quote for some seconds. */
  async start(seconds = 10): Promise<void> {
    await this.http.clock.resolve(this.service.start());
    await this.run(seconds);
  }

  /** Lets time pass. */
  async run(seconds: number): Promise<void> {
    await this.http.clock.advance(seconds * 1000);
  }

  /** Stops the bot and lets everything come to rest. */
  async stop() {
    return await this.http.clock.resolve(this.service.stop("test"));
  }

  /** Another user buys a contract at up to a price; what is not filled at once is gone. */
  take(contract: Contract, atCents: number, quantity: number) {
    return this.#buy("ann", { contract, atCents, quantity }, "IOC");
  }

  /** Another user's order that stays in the book. */
  rest(contract: Contract, atCents: number, quantity: number) {
    return this.#buy("bob", { contract, atCents, quantity }, "GTC");
  }

  /** The market as the bot reports it. */
  get report(): MarketStatusReport {
    const [found] = this.service.status().markets;
    if (found === undefined) throw new Error("the bot works no market");
    return found;
  }

  /** The bot's orders at the venue, as `BID 48`. */
  get quotes(): readonly string[] {
    return this.exchange.openOrders(AMM_USER_ID, MARKET)
      .map(({ side, yesPrice }) => `${side} ${yesPrice}`).sort();
  }

  /** Shares of the bot that rest at the venue, by side. */
  get resting(): Readonly<Record<BookSide, number>> {
    const shares = { BID: 0, ASK: 0 };
    for (const { side, remaining } of this.exchange.openOrders(AMM_USER_ID, MARKET)) {
      shares[side] += remaining;
    }
    return shares;
  }

  /** Position and cash as the bot has them, and as the venue has them. */
  get books() {
    const { yes, no, marketCashCents } = this.report.explanation?.inventory ??
      { yes: NaN, no: NaN, marketCashCents: NaN };
    const held = this.exchange.position(AMM_USER_ID, MARKET);
    return { bot: { yes, no, marketCashCents }, venue: { yes: held.yes, no: held.no } };
  }

  /** Logged events of a name. */
  logged(event: LoggedEvent["event"]): readonly LoggedEvent[] {
    return this.events.filter((logged) => logged.event === event);
  }

  #buy(
    user: "ann" | "bob",
    { contract, atCents, quantity }: { contract: Contract; atCents: number; quantity: number },
    timeInForce: TimeInForce,
  ) {
    return this.exchange.placeOrder(this.http.idOf(user), {
      clientOrderId: `${user}-${this.#orders++}`,
      marketId: MARKET,
      contract,
      direction: "BUY",
      contractPrice: price(atCents),
      quantity: shares(quantity),
      timeInForce,
    });
  }

  async #carry(url: string, init: RequestInit): Promise<Response> {
    const request: WireRequest = {
      route: `${init.method} ${new URL(url).pathname.replace("/api/v1", "")}`,
      body: typeof init.body === "string" ? init.body : "",
      authorization: new Headers(init.headers).get("authorization") ?? "",
      atMs: this.http.clock.monotonicMs(),
    };
    this.sent.push(request);
    const fault = this.tamper(request);
    if (fault === "hang") return await new Promise(() => {});
    if (fault === "drop") throw new TypeError("connection reset by peer");
    if (fault instanceof Response) return fault.clone();
    const answer = await this.http.app.request(url, init);
    return fault === undefined ? answer : await fault(answer);
  }
}
