import assert from "node:assert/strict";
import type { StoredTarget } from "../../src/config/hot/override_store.ts";
import { ConfigWatcher } from "../../src/config/hot/watcher.ts";
import type { GlobalConfig } from "../../src/config/registry.ts";
import { sleep } from "../../src/runtime/clock.ts";
import { type LoggedEvent, recordingLogger } from "../../src/runtime/log.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";
import { HandEdited, hash, overrideWrite, twoMarkets } from "../support/overrides.ts";

const INTERVAL_S = 30;

interface Watched {
  readonly clock: VirtualClock;
  readonly store: HandEdited;
  readonly watcher: ConfigWatcher;
  readonly events: readonly LoggedEvent[];
  readonly globals: readonly GlobalConfig[];
  /** Logged events of a name. */
  logged(event: string): readonly LoggedEvent[];
  /** Lets time pass. */
  pass(seconds: number): Promise<void>;
  /** The audit trail of a target, newest first. */
  audit(target?: string): Promise<readonly { readonly event: string }[]>;
}

interface WatchOptions {
  /** What happens before the watcher starts. */
  readonly before?: (store: HandEdited) => void | Promise<void>;
  readonly keepsRecords?: (target: string) => boolean;
}

/** Runs a test with a watcher over MKT-1 and MKT-2, which has started. */
function watchTest(
  name: string,
  use: (watched: Watched) => Promise<void>,
  { before, ...options }: WatchOptions = {},
): void {
  Deno.test(`watcher: ${name}`, async () => {
    const clock = new VirtualClock(Date.UTC(2026, 0, 5, 12));
    const store = new HandEdited(clock);
    await before?.(store);
    const events: LoggedEvent[] = [];
    const globals: GlobalConfig[] = [];
    const watcher = new ConfigWatcher({
      base: twoMarkets("kappa: 2"),
      store,
      clock,
      log: recordingLogger(events),
      onGlobal: (global) => void globals.push(global),
      ...options,
    });
    const stop = new AbortController();
    await watcher.start();
    const running = watcher.run(stop.signal);
    await use({
      clock,
      store,
      watcher,
      events,
      globals,
      logged: (event) => events.filter((logged) => logged.event === event),
      pass: (seconds) => clock.advance(seconds * 1000),
      audit: async (target = "MKT-1") => (await store.audit(target, 0, 100)).records,
    });
    stop.abort();
    await clock.resolve(running);
  });
}

const kappaOf = ({ watcher }: Watched, market = "MKT-1") => watcher.market(market).config.kappa;

watchTest("a change is ready after the reload interval, not before", async (watched) => {
  const { store, pass } = watched;
  await store.write(overrideWrite({ set: { kappa: "3" } }));
  await pass(INTERVAL_S - 1);
  assert.equal(kappaOf(watched), 2);
  await pass(1);
  assert.equal(kappaOf(watched), 3);
  assert.equal(watched.watcher.market("MKT-1").version, 1);
});

watchTest("what did not change stays the same object", async ({ store, watcher, pass }) => {
  const before = watcher.market("MKT-2");
  const { global } = watcher.config;
  await store.write(overrideWrite({ set: { kappa: "3" } }));
  await pass(INTERVAL_S);
  assert.equal(watcher.market("MKT-2"), before);
  assert.equal(watcher.config.global, global);
  const after = watcher.market("MKT-1");
  await pass(3 * INTERVAL_S);
  assert.equal(watcher.market("MKT-1"), after);
});

watchTest("a hand edit that forgets the version is noticed by its content", async (watched) => {
  watched.store.set("MKT-1", { kappa: "3" });
  await watched.pass(INTERVAL_S);
  assert.equal(kappaOf(watched), 3);
  assert.equal(watched.watcher.market("MKT-1").version, 0);
  watched.store.set("MKT-1", { kappa: "4" });
  await watched.pass(INTERVAL_S);
  assert.equal(kappaOf(watched), 4);
});

watchTest("a change is recorded with its author, and logged", async ({ store, pass, ...rest }) => {
  await store.write(overrideWrite({ set: { kappa: "3" }, updatedBy: "ben", reason: "thin book" }));
  await pass(INTERVAL_S);
  const [record] = (await store.audit("MKT-1", 0, 1)).records;
  assert.equal(record?.event, "applied");
  assert.deepEqual([record?.operator, record?.reason, record?.version], ["ben", "thin book", 1]);
  assert.deepEqual(record?.changes, [{ name: "kappa", old: 2, new: 3 }]);
  assert.deepEqual(record?.overrides, { kappa: "3" });
  assert.equal(record?.at, "2026-01-05T12:00:30.000Z");
  const [logged] = rest.logged("config_changed");
  assert.deepEqual(logged?.fields.changes, [{ name: "kappa", old: 2, new: 3 }]);
});

watchTest("a hand edit is recorded as one without an author", async ({ store, pass }) => {
  await store.write(overrideWrite({ set: { kappa: "3" }, updatedBy: "ben" }));
  await pass(INTERVAL_S);
  const stored = await store.read(["MKT-1"]);
  const lasting = stored.get("MKT-1")?.lasting;
  assert(lasting?.readable);
  store.set("MKT-1", { ...lasting.fields, kappa: "4" });
  await pass(INTERVAL_S);
  const [record] = (await store.audit("MKT-1", 0, 1)).records;
  assert.deepEqual([record?.operator, record?.changes], [
    "unknown",
    [{ name: "kappa", old: 3, new: 4 }],
  ]);
});

watchTest(
  "refused fields are told once, counted every time, and hold nothing up",
  async (watched) => {
    const { store, watcher, pass, logged } = watched;
    store.set("MKT-1", { kappa: "fast", max_shift_cents: "5", kapa: "1" });
    await pass(INTERVAL_S);
    assert.deepEqual([kappaOf(watched), watcher.market("MKT-1").config.maxShiftCents], [2, 5]);
    store.set("MKT-1", { kappa: "fast", max_shift_cents: "6", kapa: "1" });
    await pass(INTERVAL_S);
    store.set("MKT-1", { kappa: "faster", max_shift_cents: "6", kapa: "1" });
    await pass(INTERVAL_S);
    assert.deepEqual(logged("config_rejected").map(({ fields }) => [fields.key, fields.value]), [
      ["kappa", "fast"],
      ["kapa", undefined],
      ["kappa", "faster"],
    ]);
    assert.deepEqual(watcher.rejectedCounts, [
      { key: "kappa", code: "TYPE", count: 3 },
      { key: "unknown", code: "UNKNOWN_KEY", count: 3 },
    ]);
  },
);

watchTest("a rejected attempt is recorded as well", async ({ store, pass, audit }) => {
  store.set("MKT-1", { kappa: "0" });
  await pass(INTERVAL_S);
  const [record] = await audit() as unknown as [{ findings: string[]; changes: unknown[] }];
  assert.match(record.findings.join(), /kappa: 0 is out of range; allowed 0.1 to 100/);
  assert.deepEqual(record.changes, []);
});

watchTest("a field that becomes bad keeps its last good value", async (watched) => {
  watched.store.set("MKT-1", { kappa: "3" });
  await watched.pass(INTERVAL_S);
  watched.store.set("MKT-1", { kappa: "NaN" });
  await watched.pass(INTERVAL_S);
  assert.equal(kappaOf(watched), 3);
  watched.store.set("MKT-1", {});
  await watched.pass(INTERVAL_S);
  assert.equal(kappaOf(watched), 2);
});

watchTest(
  "half of a pair of settings waits for the other half",
  async ({ store, watcher, pass }) => {
    const budgets = () => {
      const { maxPerMarketLossCents, rollbackLossCents } = watcher.market("MKT-1").config;
      return [maxPerMarketLossCents, rollbackLossCents];
    };
    store.set("MKT-1", { rollback_loss_cents: "4000" });
    await pass(INTERVAL_S);
    store.set("MKT-1", { rollback_loss_cents: "4000", max_per_market_loss_cents: "3000" });
    await pass(INTERVAL_S);
    assert.deepEqual(budgets(), [5000, 4000]);
    store.set("MKT-1", { rollback_loss_cents: "1500", max_per_market_loss_cents: "3000" });
    await pass(INTERVAL_S);
    assert.deepEqual(budgets(), [3000, 1500]);
  },
);

watchTest("a key of another type keeps what was read before", async (watched) => {
  const { store, pass, logged } = watched;
  store.set("MKT-1", { kappa: "3" });
  await pass(INTERVAL_S);
  const problem = "is a string, not a hash";
  store.byHand.set("MKT-1", { lasting: { readable: false, problem } });
  await pass(INTERVAL_S);
  assert.equal(kappaOf(watched), 3);
  const [rejected] = logged("config_rejected");
  assert.equal(
    rejected?.fields.text,
    "override redis market MKT-1: amm:config:MKT-1: is a string, not a hash. Repair or delete the " +
      "key [TYPE]",
  );
});

watchTest("settings that take a restart, or belong to nobody, are refused", async (watched) => {
  const { store, pass, watcher, logged } = watched;
  store.set("MKT-1", { initial_mint_quantity: "5", market_id: "MKT-9", max_daily_loss_cents: "1" });
  store.set("global", { lease_ttl_ms: "60000", kappa: "3", amm_password: "hunter2" });
  const before = watcher.config;
  await pass(INTERVAL_S);
  assert.deepEqual(watcher.config, before);
  const codes = logged("config_rejected").map(({ fields }) => `${fields.code} ${fields.key}`);
  assert.deepEqual(codes.sort(), [
    "COLD initial_mint_quantity",
    "COLD lease_ttl_ms",
    "LOCKED market_id",
    "SCOPE kappa",
    "SCOPE max_daily_loss_cents",
    "SECRET amm_password",
  ]);
  assert.doesNotMatch(JSON.stringify([watched.events, await watched.audit("global")]), /hunter2/);
});

watchTest("a version that is no number is told, and the fields apply", async (watched) => {
  watched.store.set("MKT-1", { kappa: "3", config_version: "newest" });
  await watched.pass(INTERVAL_S);
  assert.equal(kappaOf(watched), 3);
  assert.deepEqual(watched.logged("config_rejected").map(({ fields }) => fields.key), [
    "config_version",
  ]);
});

const TEMPORARY = overrideWrite({ temporary: true, set: { kappa: "9" }, lifeMs: 90_000 });

watchTest("a temporary override wins, and ends by itself", async (watched) => {
  const { store, pass, watcher, logged } = watched;
  await store.write(overrideWrite({ set: { kappa: "3" } }));
  await store.write({ ...TEMPORARY, expectedVersion: 1 });
  await pass(INTERVAL_S);
  assert.deepEqual([kappaOf(watched), watcher.isOverridden("MKT-1")], [9, true]);
  await pass(59);
  assert.equal(kappaOf(watched), 9);
  await pass(1);
  assert.deepEqual([kappaOf(watched), watcher.isOverridden("MKT-1")], [3, false]);
  assert.deepEqual(logged("config_override_ended")[0]?.fields.changes, [
    { name: "kappa", old: 9, new: 3 },
  ]);
  assert.equal((await watched.audit())[0]?.event, "ended");
});

watchTest(
  "a temporary override ends by the bot's own clock although the store is away",
  async (watched) => {
    const { store, pass } = watched;
    await store.write(TEMPORARY);
    await pass(INTERVAL_S);
    store.isAway = true;
    await pass(59);
    assert.equal(kappaOf(watched), 9);
    await pass(1);
    assert.equal(kappaOf(watched), 2);
    await pass(600);
    store.isAway = false;
    await pass(INTERVAL_S);
    assert.equal(kappaOf(watched), 2);
    assert.deepEqual((await watched.audit()).map(({ event }) => event), [
      "ended",
      "applied",
      "written",
      "start",
    ]);
  },
);

watchTest("a temporary override that is prolonged ends later", async (watched) => {
  const { store, pass } = watched;
  await store.write(TEMPORARY);
  await pass(INTERVAL_S);
  await store.write({ ...TEMPORARY, set: {}, expectedVersion: 1, lifeMs: 200_000 });
  await pass(199);
  assert.equal(kappaOf(watched), 9);
  await pass(1);
  assert.equal(kappaOf(watched), 2);
});

watchTest("a temporary override without an end is refused until it has one", async (watched) => {
  const { store, pass, logged } = watched;
  store.byHand.set("MKT-1", { temporary: hash({ kappa: "9" }), temporaryLifeMs: null });
  await pass(INTERVAL_S);
  assert.equal(kappaOf(watched), 2);
  assert.match(String(logged("config_rejected")[0]?.fields.text), /has no expiry/);
  store.byHand.set("MKT-1", { temporary: hash({ kappa: "9" }), temporaryLifeMs: 60_000 });
  await pass(INTERVAL_S);
  assert.equal(kappaOf(watched), 9);
});

watchTest(
  "no temporary value outlives its end as the last good value of a bad field",
  async (watched) => {
    const { store, pass } = watched;
    await store.write(overrideWrite({ set: { kappa: "bad" } }));
    await store.write({ ...TEMPORARY, expectedVersion: 1 });
    await pass(INTERVAL_S);
    assert.equal(kappaOf(watched), 9);
    await pass(120);
    assert.equal(kappaOf(watched), 2);
  },
);

watchTest(
  "a temporary override that does not fit to new lasting ones gives way",
  async (watched) => {
    const { store, pass, watcher } = watched;
    const budget = () => watcher.market("MKT-1").config.maxPerMarketLossCents;
    await store.write({
      ...TEMPORARY,
      set: { max_per_market_loss_cents: "8000" },
      lifeMs: 900_000,
    });
    await pass(INTERVAL_S);
    assert.equal(budget(), 8000);
    store.set("global", { max_daily_loss_cents: "6000" });
    await pass(INTERVAL_S);
    assert.deepEqual([budget(), watcher.config.global.maxDailyLossCents], [5000, 6000]);
  },
);

watchTest("an outage keeps everything in force and is told once", async (watched) => {
  const { store, pass, logged } = watched;
  store.set("MKT-1", { kappa: "3" });
  await pass(INTERVAL_S);
  store.isAway = true;
  await pass(10 * INTERVAL_S);
  assert.equal(kappaOf(watched), 3);
  assert.equal(logged("config_unavailable").length, 1);
  store.set("MKT-1", { kappa: "4" });
  store.isAway = false;
  await pass(INTERVAL_S);
  assert.equal(kappaOf(watched), 4);
  assert.equal(logged("config_available").length, 1);
  store.isAway = true;
  await pass(INTERVAL_S);
  assert.equal(logged("config_unavailable").length, 2);
});

watchTest("a store that comes back empty is reported with what was lost", async (watched) => {
  const { store, pass, logged } = watched;
  await store.write(overrideWrite({ set: { kappa: "3" } }));
  await store.write({ ...TEMPORARY, target: "MKT-2", lifeMs: 900_000 });
  await pass(INTERVAL_S);
  store.isAway = true;
  await pass(INTERVAL_S);
  store.empty();
  store.isAway = false;
  await pass(INTERVAL_S);
  assert.deepEqual([kappaOf(watched), kappaOf(watched, "MKT-2")], [2, 1.5]);
  assert.deepEqual(
    logged("config_overrides_lost").map(({ fields }) => [fields.target, fields.changes]),
    [["MKT-1", [{ name: "kappa", old: 3, new: 2 }]], [
      "MKT-2",
      [{ name: "kappa", old: 9, new: 1.5 }],
    ]],
  );
  assert.deepEqual((await watched.audit()).map(({ event }) => event), ["lost"]);
  const stored = await store.read(["global", "MKT-1"]);
  assert.deepEqual([...stored.values()].map(({ hasSnapshot }) => hasSnapshot), [true, true]);
});

watchTest("an anchor price that the store lost stays until somebody sets one", async (watched) => {
  const { store, pass, watcher, logged } = watched;
  const anchor = () => watcher.market("MKT-1").config.anchorPriceCents;
  await store.write(overrideWrite({ set: { anchor_price_cents: "80", kappa: "3" } }));
  await pass(INTERVAL_S);
  store.empty();
  await pass(INTERVAL_S);
  assert.deepEqual([anchor(), kappaOf(watched)], [80, 2]);
  assert.equal(logged("config_overrides_lost").length, 1);
  const { origins } = watcher.hot.effective;
  assert.deepEqual(origins.markets.get("MKT-1")?.get("anchor_price_cents")?.origin, {
    layer: "override",
    label: "kept after a loss",
  });
  store.set("MKT-1", { kappa: "4" });
  await pass(INTERVAL_S);
  assert.deepEqual([anchor(), kappaOf(watched)], [80, 4]);
  store.set("MKT-1", { anchor_price_cents: "55" });
  await pass(INTERVAL_S);
  assert.equal(anchor(), 55);
  store.set("MKT-1", {});
  await pass(INTERVAL_S);
  assert.equal(anchor(), 50);
});

watchTest("overrides that an operator deletes are taken back, not lost", async (watched) => {
  const { store, pass, logged } = watched;
  store.set("MKT-1", { kappa: "3" });
  await pass(INTERVAL_S);
  store.set("MKT-1", {});
  await pass(INTERVAL_S);
  assert.equal(kappaOf(watched), 2);
  assert.equal(logged("config_overrides_lost").length, 0);
  assert.equal(logged("config_changed").length, 2);
});

watchTest(
  "what was found at the start is in force, with everything in the record",
  async (watched) => {
    assert.equal(kappaOf(watched), 3);
    const [record] = (await watched.store.audit("MKT-1", 0, 1)).records;
    assert.deepEqual([record?.event, record?.source], ["start", "start"]);
    assert.deepEqual(record?.changes, [{ name: "kappa", old: 2, new: 3 }]);
    assert.deepEqual(record?.settings?.kappa, { value: 3, origin: "override redis" });
    assert.match(record?.findings.join() ?? "", /max_shift_cents/);
    const [process] = (await watched.store.audit("global", 0, 1)).records;
    assert.deepEqual(process?.settings?.log_level, { value: "INFO", origin: "code default" });
  },
  { before: (store) => store.set("MKT-1", { kappa: "3", max_shift_cents: "much" }) },
);

watchTest(
  "a store that is away at the start leaves the files in force, and is asked again",
  async (watched) => {
    const { store, pass, logged } = watched;
    assert.equal(kappaOf(watched), 2);
    assert.equal(logged("config_unavailable")[0]?.fields.inForce, "the files alone");
    store.isAway = false;
    await pass(INTERVAL_S);
    assert.equal(kappaOf(watched), 3);
    assert.deepEqual((await watched.audit()).map(({ event }) => event), ["start"]);
  },
  {
    before: (store) => {
      store.set("MKT-1", { kappa: "3" });
      store.isAway = true;
    },
  },
);

watchTest("settings of the process are told when they change", async (watched) => {
  const { store, pass, globals, watcher } = watched;
  store.set("global", { log_level: "debug", trade_poll_interval_ms: "5000" });
  await pass(INTERVAL_S);
  assert.deepEqual(globals.map(({ logLevel }) => logLevel), ["DEBUG"]);
  assert.equal(watcher.config.global.tradePollIntervalMs, 5000);
});

watchTest("a warning about a change is told once", async ({ store, pass, logged }) => {
  store.set("MKT-1", { gamma_tier_early: "0.5" });
  await pass(INTERVAL_S);
  store.set("MKT-1", { gamma_tier_early: "0.5", kappa: "3" });
  await pass(INTERVAL_S);
  assert.deepEqual(logged("config_finding").map(({ fields }) => fields.rule), ["X25"]);
});

watchTest("a defect in a reload is reported and changes nothing", async (watched) => {
  const nonsense = { lasting: null } as unknown as Partial<StoredTarget>;
  watched.store.byHand.set("MKT-1", nonsense);
  await watched.pass(INTERVAL_S);
  assert.equal(watched.logged("config_reload_failed").length, 1);
  watched.store.set("MKT-1", { kappa: "3" });
  await watched.pass(INTERVAL_S);
  assert.equal(kappaOf(watched), 3);
});

watchTest("records of targets that another instance works are left to it", async (watched) => {
  const { store, pass, audit } = watched;
  store.set("MKT-1", { kappa: "3" });
  await pass(INTERVAL_S);
  assert.equal(kappaOf(watched), 3);
  assert.deepEqual([(await audit()).length, (await audit("MKT-2")).length], [0, 1]);
}, { keepsRecords: (target) => target !== "MKT-1" });

watchTest(
  "a check that is asked for looks at once, after one that is under way",
  async (watched) => {
    const { store, watcher, clock } = watched;
    const read = store.read.bind(store);
    let delayMs = 1000;
    store.read = async (targets) => {
      const stored = await read(targets);
      const waitMs = delayMs;
      delayMs = 0;
      await sleep(clock, waitMs);
      return stored;
    };
    const slow = watcher.check();
    await clock.advance(10);
    store.set("MKT-1", { kappa: "3" });
    await clock.resolve(Promise.all([slow, watcher.check()]));
    assert.equal(kappaOf(watched), 3);
  },
);

watchTest("the process has no temporary overrides", async (watched) => {
  const { store, pass, logged, watcher } = watched;
  const temporary = hash({ volume_tolerance: "4" });
  store.byHand.set("global", { temporary, temporaryLifeMs: 60_000 });
  await pass(INTERVAL_S);
  assert.equal(watcher.config.global.volumeTolerance, 2);
  assert.match(String(logged("config_rejected")[0]?.fields.text), /only markets have temporary/);
});

watchTest(
  "a hash full of garbage is told in short, its names counted together",
  async (watched) => {
    const { store, pass, watcher } = watched;
    const garbage = Array.from({ length: 300 }, (_, i) => [`action${i}`, "HALT"]);
    store.set("MKT-1", { kappa: "3", ...Object.fromEntries(garbage) });
    await pass(INTERVAL_S);
    assert.equal(kappaOf(watched), 3);
    assert.deepEqual(watcher.rejectedCounts, [
      { key: "unknown", code: "FORBIDDEN_ACTION", count: 300 },
    ]);
    const [record] = (await store.audit("MKT-1", 0, 1)).records;
    assert.deepEqual([record?.findings.length, record?.findings.at(-1)], [51, "and 250 more"]);
  },
);

watchTest("a market that there is not is a programming error", ({ watcher }) => {
  assert.throws(() => watcher.market("nowhere"), /Cannot find market nowhere.* MKT-1, MKT-2/);
  return Promise.resolve();
});
