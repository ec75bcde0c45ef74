import assert from "node:assert/strict";
import { BY_ANNA, type HotBot, hotBot, RELOAD_S } from "../support/hot_bot.ts";
import { HandEdited, overrideWrite, twoMarkets } from "../support/overrides.ts";
import { MARKET, START_MS } from "../support/venue.ts";

interface TestOptions {
  /** Settings of MKT-1 in its file, as lines. */
  readonly lines?: readonly string[];
  /** What happens before the bot starts. */
  readonly before?: (bot: HotBot<HandEdited>) => void | Promise<void>;
}

/** A test with a bot that quotes MKT-1 and MKT-2 for five seconds already. */
function hotTest(
  name: string,
  use: (bot: HotBot<HandEdited>) => Promise<void>,
  { lines = [], before }: TestOptions = {},
): void {
  Deno.test(`hot configuration: ${name}`, async () => {
    const bot = hotBot(twoMarkets(...lines), (clock) => new HandEdited(clock));
    await before?.(bot);
    await bot.venue.start();
    await use(bot);
    await bot.venue.stop();
  });
}

/** The last cycle of a market. */
function cycleOf({ venue }: HotBot<HandEdited>, market = MARKET) {
  const { explanation } = venue.report(market);
  assert(explanation !== null);
  return explanation;
}

function touchOf({ venue }: HotBot<HandEdited>, market = MARKET): number {
  return (venue.ladder("ASK", market)[0] ?? NaN) - (venue.ladder("BID", market)[0] ?? NaN);
}

/** Sets settings by hand and lets the bot look at once. */
async function setNow({ store, watcher }: HotBot<HandEdited>, fields: Record<string, string>) {
  store.set(MARKET, fields);
  await watcher().check();
}

hotTest(
  "a change is in the quotes of the first cycle after the reload, and in its market only",
  async (bot) => {
    const { venue, editor } = bot;
    const [before, other] = [touchOf(bot), touchOf(bot, "MKT-2")];
    await editor.change({ ...BY_ANNA, changes: { exploration_min_spread_cents: 15 } });
    await venue.run(RELOAD_S - 6);
    assert.deepEqual([touchOf(bot), cycleOf(bot).configVersion], [before, 0]);
    await venue.run(3);
    assert.deepEqual([touchOf(bot) >= 15, cycleOf(bot).configVersion], [true, 1]);
    assert.equal(touchOf(bot, "MKT-2"), other);
    assert.equal(cycleOf(bot, "MKT-2").configVersion, 0);
  },
);

hotTest("a cycle that runs never sees a change", async (bot) => {
  const { venue, store, watcher } = bot;
  const seen: (readonly [number, number | undefined])[] = [];
  venue.service.onCycle(({ marketId, configVersion, spread }) => {
    if (marketId === MARKET) seen.push([configVersion, spread?.kappa]);
  });
  let reload: Promise<void> | null = null;
  venue.intercept = (call) => {
    // In the middle of the sync step: the reload is over long before the decision.
    if (call === `orderBook ${MARKET}` && reload === null) reload = watcher().check();
    return undefined;
  };
  await store.write(overrideWrite({ set: { kappa: "3" } }));
  await venue.run(4);
  assert.ok(reload !== null, `no orderBook among ${venue.calls}`);
  assert.deepEqual(seen.slice(0, 2), [[0, 1.5], [1, 3]]);
});

hotTest("a minimum spread narrows step by step and widens at once", async (bot) => {
  const { venue } = bot;
  const minimum = () => cycleOf(bot).spread?.phaseMinCents;
  assert.equal(minimum(), 15);
  await setNow(bot, { exploration_min_spread_cents: "5" });
  const seen: (number | undefined)[] = [];
  for (let i = 0; i < 12; i++) {
    await venue.run(2);
    seen.push(minimum());
  }
  assert.deepEqual(seen, [15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 5]);
  await setNow(bot, { exploration_min_spread_cents: "12" });
  await venue.run(2);
  assert.equal(minimum(), 12);
}, { lines: ["exploration_min_spread_cents: 15"] });

hotTest("a temporary override that ends narrows like any other change", async (bot) => {
  const { venue, editor, watcher } = bot;
  const changes = { exploration_min_spread_cents: 15 };
  await editor.change({ ...BY_ANNA, changes, ttlMs: 60_000 });
  await watcher().check();
  await venue.run(2);
  assert.equal(cycleOf(bot).spread?.phaseMinCents, 15);
  await venue.run(58);
  assert.ok(Number(cycleOf(bot).spread?.phaseMinCents) >= 14);
  await venue.run(22);
  assert.equal(cycleOf(bot).spread?.phaseMinCents, 5);
});

hotTest("gamma approaches its new value", async (bot) => {
  const { venue } = bot;
  assert.equal(cycleOf(bot).spread?.gamma, 0.1);
  await setNow(bot, { gamma_tier_early: "0.2" });
  await venue.run(12);
  const gamma = Number(cycleOf(bot).spread?.gamma);
  assert.ok(gamma > 0.16 && gamma < 0.18, String(gamma));
  await venue.run(120);
  assert.equal(cycleOf(bot).spread?.gamma, 0.2);
});

hotTest("another anchor price re-centres as the command does", async (bot) => {
  const { venue } = bot;
  await setNow(bot, { anchor_price_cents: "60" });
  await venue.run(2);
  const { price } = cycleOf(bot);
  assert.deepEqual([price?.anchorCents, Math.round(price?.posteriorCents ?? 0)], [60, 60]);
  assert.equal(price?.posteriorWeight, 1);
  assert.equal(venue.logged("anchor_changed").length, 1);
});

hotTest("an anchor that was set by command stays until another one is configured", async (bot) => {
  const { venue } = bot;
  const anchor = () => cycleOf(bot).price?.anchorCents;
  const command = { kind: "set_anchor", operator: "anna", anchorPriceCents: 60 } as const;
  venue.service.admin(MARKET, command);
  await venue.run(2);
  await setNow(bot, { kappa: "3" });
  await venue.run(10);
  assert.deepEqual([anchor(), venue.logged("anchor_changed").length], [60, 1]);
  await setNow(bot, { kappa: "3", anchor_price_cents: "55" });
  await venue.run(2);
  assert.deepEqual([anchor(), venue.logged("anchor_changed").length], [55, 2]);
});

/** Takers buy 60 YES of each market, and then the price is another one. */
async function lose(
  { venue, store, watcher }: HotBot<HandEdited>,
  anchorPriceCents: number,
): Promise<void> {
  for (const market of [MARKET, "MKT-2"]) store.set(market, { ladder_loss_ratio: "1" });
  await watcher().check();
  await venue.run(4);
  for (const market of [MARKET, "MKT-2"]) {
    venue.take("YES", 99, 60, market);
    venue.service.admin(market, { kind: "set_anchor", operator: "anna", anchorPriceCents });
  }
  await venue.run(10);
}

hotTest("a loss budget below the present loss kills in the same cycle", async (bot) => {
  const { venue } = bot;
  await lose(bot, 82);
  const lossCents = -cycleOf(bot).inventory.pnlDayCents;
  assert.ok(lossCents > 1000 && lossCents < 2500, `the loss is ${lossCents}`);
  assert.equal(venue.report().latch, null);
  await setNow(bot, { max_per_market_loss_cents: "1000" });
  const before = venue.report().cycles;
  await venue.run(2);
  assert.deepEqual([venue.report().cycles - before, venue.report().latch?.reason], [1, "LOSS"]);
  assert.deepEqual([venue.report().lifecycle, venue.ownOrders().length], ["EMERGENCY", 0]);
  assert.equal(venue.report("MKT-2").latch, null);
});

hotTest("a loss budget of the process is in force in the same way", async (bot) => {
  const { venue, store, watcher } = bot;
  await lose(bot, 68);
  const lossCents = -venue.service.status().pnlDayCents;
  assert.ok(lossCents > 1000 && lossCents < 2000, `the loss is ${lossCents}`);
  store.set("global", { max_daily_loss_cents: "1000" });
  for (const market of [MARKET, "MKT-2"]) {
    store.set(market, { max_per_market_loss_cents: "1000" });
  }
  await watcher().check();
  await venue.run(4);
  assert.equal(venue.service.status().globalLatch?.reason, "GLOBAL_LOSS");
});

hotTest("settings of the process are used from the next tick", async (bot) => {
  const { venue, store, watcher } = bot;
  const polls = async () => {
    venue.calls.length = 0;
    await venue.run(60);
    return venue.calls.filter((call) => call === "trades").length;
  };
  const before = await polls();
  store.set("global", { trade_poll_interval_ms: "10000" });
  await watcher().check();
  // Each comparison of the cash of the account polls as well.
  const after = await polls();
  assert.deepEqual([before, after], [34, 10]);
});

hotTest("the quote interval is used for the next wait", async (bot) => {
  const { venue } = bot;
  await setNow(bot, { quote_interval_ms: "4000" });
  await venue.run(2);
  const before = venue.report().cycles;
  await venue.run(20);
  assert.equal(venue.report().cycles - before, 5);
});

hotTest("what is refused changes no quote", async (bot) => {
  const { venue } = bot;
  const before = venue.ownOrders().map(({ orderId }) => orderId);
  await setNow(bot, {
    exploration_min_spread_cents: "41",
    kappa: "NaN",
    initial_mint_quantity: "5",
    exploration_levels: "1",
    spread_min_cents: "19",
    half: "written",
  });
  await venue.run(8);
  assert.deepEqual(venue.ownOrders().map(({ orderId }) => orderId), before);
  assert.equal(cycleOf(bot).spread?.phaseMinCents, 5);
});

hotTest("overrides that are there at the start are in the first quotes", async (bot) => {
  assert.ok(touchOf(bot) >= 15);
  const [record] = (await bot.store.audit(MARKET, 0, 1)).records;
  assert.deepEqual([record?.event, record?.at], ["start", new Date(START_MS).toISOString()]);
}, { before: ({ store }) => store.set(MARKET, { exploration_min_spread_cents: "15" }) });

hotTest("a store that is away at the start keeps no market from being quoted", async (bot) => {
  const { venue, store } = bot;
  assert.ok(venue.ownOrders().length > 0);
  store.isAway = false;
  await venue.run(RELOAD_S);
  assert.ok(touchOf(bot) >= 15);
}, {
  before: ({ store }) => {
    store.set(MARKET, { exploration_min_spread_cents: "15" });
    store.isAway = true;
  },
});

hotTest("a write during an outage is in the quotes once the store is back", async (bot) => {
  const { venue, store } = bot;
  store.isAway = true;
  await venue.run(2 * RELOAD_S);
  const before = venue.report().cycles;
  store.set(MARKET, { exploration_min_spread_cents: "15" });
  await venue.run(RELOAD_S);
  assert.ok(touchOf(bot) < 15);
  assert.equal(venue.report().cycles - before, 15);
  store.isAway = false;
  await venue.run(RELOAD_S + 2);
  assert.ok(touchOf(bot) >= 15);
});

hotTest("the next process takes over what is stored", async (bot) => {
  const { venue, editor } = bot;
  await editor.change({ ...BY_ANNA, changes: { exploration_min_spread_cents: 15 } });
  venue.kill();
  await venue.clock.resolve(venue.restart().start());
  await venue.run(5);
  assert.deepEqual([touchOf(bot) >= 15, cycleOf(bot).configVersion], [true, 1]);
});

Deno.test("hot configuration: a stop leaves no timer of a temporary override behind", async () => {
  const bot = hotBot(twoMarkets(), (clock) => new HandEdited(clock));
  await bot.editor.change({ ...BY_ANNA, changes: { kappa: 3 }, ttlMs: 3_600_000 });
  await bot.venue.start();
  await bot.venue.stop();
  const reads = bot.store.reads;
  await bot.venue.run(7200);
  assert.equal(bot.store.reads, reads);
  assert.equal(bot.venue.logged("config_override_ended").length, 0);
});
