/** For each alert of the runbook: trouble in the simulator, and what Prometheus reads meanwhile. */

import { AMM_USER_ID, type Fault } from "../../sim/exchange/mod.ts";
import type { AlertCounts } from "../../src/alerts/alerter.ts";
import { MemoryStore } from "../../src/cache/memory_store.ts";
import type { JournalCounts } from "../../src/journal/journal_writer.ts";
import { shares } from "../../src/models/money.ts";
import type { PriceSource } from "../../src/oracle/price_source.ts";
import { EventHub } from "../../src/runtime/event_hub.ts";
import { silentLogger } from "../../src/runtime/log.ts";
import type { Service } from "../../src/service/service_api.ts";
import { Fleet, FLEET_SETTINGS } from "./fleet.ts";
import { type Pages, SCRAPE_S } from "./rule_tests.ts";
import { ShakyStore } from "./shaky_store.ts";
import { noOperations, operatedBot, siteOf } from "./site.ts";
import { MARKET, TestVenue, type VenueOptions } from "./venue.ts";

/** A bot that is scraped while a test makes trouble for it. */
export class Scraped {
  readonly venue: TestVenue;
  readonly #site: ReturnType<typeof siteOf>;
  readonly #pages: (string | null)[] = [];
  /** False while nobody answers at the status port. */
  answers = true;
  /** What became of alerts and of the journal, as those who send and write them count it. */
  alerts: AlertCounts = { sent: 0, failed: 0, dropped: 0, repeated: 0, waiting: 0 };
  journal: JournalCounts = { written: 0, dropped: 0, isUp: true };

  constructor(options: VenueOptions = {}) {
    this.venue = new TestVenue(options);
    const { clock, hub } = this.venue;
    const operations = { ...noOperations(), onCall: () => {} };
    this.#site = siteOf(this.venue.service, {
      ...{ clock, hub, operations },
      alertCounts: () => this.alerts,
      journalCounts: () => this.journal,
    });
  }

  /** What was read so far. */
  get pages(): Pages {
    return this.#pages;
  }

  /** Lets time pass, with a scrape before each quarter of a minute. */
  async pass(seconds: number): Promise<void> {
    for (let s = 0; s < seconds; s += SCRAPE_S) {
      this.#pages.push(this.answers ? await this.#page() : null);
      await this.venue.run(SCRAPE_S);
    }
  }

  /** An operator does something in the market. */
  order(command: Parameters<Service["admin"]>[1]): void {
    this.venue.service.admin(MARKET, command);
  }

  async #page(): Promise<string> {
    const response = this.#site.app.request("/metrics");
    return await (await this.venue.clock.resolve(Promise.resolve(response))).text();
  }
}

/** What happened, and up to which scrape nothing was wrong. */
export interface Provoked {
  readonly pages: Pages;
  readonly calmUntil: number;
}

const CALM_S = 60;

/** A bot that quotes calmly for a minute, and then what is done to it. */
async function provoke(
  options: VenueOptions,
  trouble: (bot: Scraped) => Promise<void> | void,
  seconds = 90,
): Promise<Provoked> {
  const bot = new Scraped(options);
  await bot.venue.clock.resolve(bot.venue.service.start());
  await bot.pass(CALM_S);
  const calmUntil = bot.pages.length - 1;
  await trouble(bot);
  await bot.pass(seconds);
  return { pages: bot.pages, calmUntil };
}

const OPERATOR = { operator: "ann", reason: "a drill" } as const;

/** Faults of all calls whose name begins with one of the words. */
function failing(fault: Fault, ...words: readonly string[]): (call: string) => Fault | undefined {
  return (call) => words.some((word) => call.startsWith(word)) ? fault : undefined;
}

/** Faults of every third call, whatever it is. */
function everyThird(fault: Fault): () => Fault | undefined {
  let calls = 0;
  return () => calls++ % 3 === 0 ? fault : undefined;
}

const LOST: Fault = { kind: "lose", effect: false };

/** Somebody buys one contract again and again. */
async function buy(bot: Scraped, lots: number, quantity: number): Promise<void> {
  for (let lot = 0; lot < lots; lot++) {
    bot.venue.take("YES", 99, quantity);
    await bot.pass(SCRAPE_S);
  }
}

/**
 * Stock is sold, and then an operator sees the truth elsewhere.
 * @param maxDailyLossCents what all markets together may lose; one alone cannot lose more than its
 * own budget
 */
function losing(maxDailyLossCents: number): Promise<Provoked> {
  const market = { marketId: MARKET, maxPerMarketLossCents: 2000, ladderLossRatio: 1 };
  return provoke({ markets: [market], global: { maxDailyLossCents } }, async (bot) => {
    await buy(bot, 6, 12);
    bot.order({ kind: "set_anchor", operator: "ann", anchorPriceCents: 95 });
  });
}

/** A book so small that a few trades are half of it. */
function onesided(lots: number): Promise<Provoked> {
  const market = { marketId: MARKET, initialMintQuantity: 100, maxPerMarketLossCents: 50_000 };
  return provoke({ markets: [market] }, (bot) => buy(bot, lots, 12));
}

const outside = (priceCents: number): PriceSource => ({
  read: () => Promise.resolve({ priceCents, statedAtMs: null }),
});

async function oracle(): Promise<Provoked> {
  const price = { cents: 50 };
  const prices: PriceSource = { read: (address) => outside(price.cents).read(address) };
  const market = { oracleGuardEnabled: true, oracleSlug: "rain", oracleUrl: "file:rain.json" };
  return await provoke({ markets: [{ marketId: MARKET, ...market }], prices }, () => {
    price.cents = 70;
  });
}

async function toxic(): Promise<Provoked> {
  const market = { marketId: MARKET, vpinWindow: 10, lvrPostFillDelayMs: 0 };
  return await provoke({ markets: [market] }, (bot) => buy(bot, 14, 1));
}

async function refusedSetting(): Promise<Provoked> {
  const bot = operatedBot();
  await bot.venue.start(1);
  const pages: string[] = [];
  const pass = async (scrapes: number) => {
    for (let scrape = 0; scrape < scrapes; scrape++) {
      pages.push((await bot.request("GET", "/metrics")).text);
      await bot.venue.run(SCRAPE_S);
    }
  };
  await pass(4);
  const changes = { kappa: 1000 };
  const body = { reason: "typed wrongly", expected_version: 0, changes };
  await bot.request("PUT", "/api/config/MKT-1", { body });
  await pass(4);
  return { pages, calmUntil: 3 };
}

async function storeAway(): Promise<Provoked> {
  const store = new ShakyStore();
  return await provoke({ store }, () => {
    store.isAway = true;
  });
}

function netted(): Promise<Provoked> {
  return provoke({ global: { reconciliationIntervalMs: 60_000 } }, ({ venue }) => {
    const burn = { marketId: MARKET, quantity: shares(300), idempotencyKey: "by the venue" };
    venue.exchange.burn(AMM_USER_ID, burn);
  });
}

/** The account gets shares that no trade and no mint of the bot explains. */
function drifted(): Promise<Provoked> {
  return provoke({ global: { reconciliationIntervalMs: 60_000 } }, ({ venue }) => {
    venue.exchange.control.seedPairs(AMM_USER_ID, MARKET, 300);
  });
}

function dry(): Promise<Provoked> {
  // The floor keeps a few shares from looking like a disaster.
  const market = { marketId: MARKET, initialMintQuantity: 20, skewFloorShares: 500 };
  return provoke({ markets: [market] }, (bot) => buy(bot, 8, 20));
}

/** The opening mint is refused from the first moment on; nothing is calm before. */
async function mintFails(): Promise<Provoked> {
  const { pages } = await provoke({ intercept: failing(LOST, "mint") }, () => {});
  return { pages: [null, null, ...pages], calmUntil: 1 };
}

/** No trouble from outside makes this one: the event stands for the defect that would. */
function defect(): Promise<Provoked> {
  return provoke({}, ({ venue }) => {
    venue.hub.feed(silentLogger).log("ERROR", "sanitizer_alert", { code: "DIRECTION" });
  });
}

/** A process that shares markets and is cut off from the leases. */
async function leaseAtRisk(): Promise<Provoked> {
  const fleet = new Fleet({ markets: 2 });
  const [cut] = ["a", "b"].map((name) => fleet.launch(name));
  if (cut === undefined) throw new Error("nobody was launched");
  await fleet.until(() => fleet.isQuoted, 120);
  const hub = new EventHub(fleet.clock);
  const site = siteOf(cut.service, { clock: fleet.clock, hub });
  const told = hub.feed(silentLogger);
  let known = cut.events.length;
  const pages: string[] = [];
  const pass = async (scrapes: number) => {
    for (let scrape = 0; scrape < scrapes; scrape++) {
      const fresh = cut.events.slice(known);
      known += fresh.length;
      for (const { level, event, fields } of fresh) told.log(level, event, fields);
      pages.push(await (await site.app.request("/metrics")).text());
      await fleet.run(SCRAPE_S);
    }
  };
  await pass(4);
  cut.line.isUp = false;
  await fleet.run(FLEET_SETTINGS.leaseRenewMs / 1000 + 1);
  await pass(4);
  return { pages, calmUntil: 3 };
}

function cancelsLost(): Promise<Provoked> {
  return provoke({}, (bot) => {
    bot.venue.intercept = failing(LOST, "cancel", "batchCancel", "openOrders", "order ");
    bot.order({ kind: "kill", ...OPERATOR });
  }, 240);
}

function killed(): Promise<Provoked> {
  return provoke({}, (bot) => bot.order({ kind: "kill", ...OPERATOR }));
}

function paused(seconds: number): Promise<Provoked> {
  return provoke({}, (bot) => bot.order({ kind: "pause", ...OPERATOR }), seconds);
}

function stalled(): Promise<Provoked> {
  return provoke({ store: new MemoryStore() }, ({ venue }) => venue.kill(), 240);
}

function gone(): Promise<Provoked> {
  return provoke({}, (bot) => {
    bot.answers = false;
  }, 150);
}

/** Every alert, in the order of the runbook, with what makes it fire. */
export const PROVOCATIONS: Readonly<Record<string, () => Promise<Provoked>>> = {
  LossNearBudget: () => losing(10_000),
  LossKill: () => losing(1500),
  InventoryWarning: () => onesided(8),
  InventoryDanger: () => onesided(20),
  CacheDrift: drifted,
  RestOutage: () => provoke({}, ({ venue }) => void (venue.intercept = failing(LOST, "orderBook"))),
  ExchangeErrors: () => provoke({}, ({ venue }) => void (venue.intercept = everyThird(LOST))),
  OracleDeviation: oracle,
  ToxicFlow: toxic,
  ConfigRejected: refusedSetting,
  StoreUnavailable: storeAway,
  UnexpectedNetting: netted,
  GhostOrder: () =>
    provoke({}, async (bot) => {
      bot.venue.intercept = failing({ kind: "refuse", code: 6002 }, "replace");
      bot.order({ kind: "set_anchor", operator: "ann", anchorPriceCents: 56 });
      await bot.pass(SCRAPE_S);
    }),
  Paused: () => paused(60),
  PausedLong: () => paused(12 * 60),
  SideDry: dry,
  PairsFailing: mintFails,
  DirectionRefused: defect,
  LeaseAtRisk: leaseAtRisk,
  OrdersMayRemain: cancelsLost,
  KillLatched: killed,
  QuoteLoopStalled: stalled,
  BotDown: gone,
  AlertsUndelivered: () => provoke({}, (bot) => void (bot.alerts = { ...bot.alerts, failed: 3 })),
  JournalDown: () =>
    provoke({}, (bot) => void (bot.journal = { ...bot.journal, isUp: false }), 150),
};
