import assert from "node:assert/strict";
import { ConfigEditor, type EditOutcome } from "../../src/config/hot/editor.ts";
import { ConfigWatcher } from "../../src/config/hot/watcher.ts";
import { loosened, riskClass } from "../../src/config/hot/risk_class.ts";
import { formatFinding } from "../../src/config/finding.ts";
import { registries } from "../../src/config/registry.ts";
import { type LoggedEvent, recordingLogger } from "../../src/runtime/log.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";
import { codesOf } from "../support/config_layers.ts";
import { HandEdited, hash, overrideWrite, twoMarkets } from "../support/overrides.ts";

/** An editor over MKT-1 and MKT-2, without a bot. */
function desk(...lines: readonly string[]) {
  const clock = new VirtualClock(Date.UTC(2026, 0, 5, 12));
  const store = new HandEdited(clock);
  const events: LoggedEvent[] = [];
  const base = twoMarkets("kappa: 2", ...lines);
  const editor = new ConfigEditor({ base, store, clock, log: recordingLogger(events) });
  const fields = async (target = "MKT-1") => {
    const stored = (await store.read([target])).get(target);
    assert(stored?.lasting.readable && stored.temporary.readable);
    return { lasting: stored.lasting.fields, temporary: stored.temporary.fields };
  };
  const records = async (target = "MKT-1") => (await store.audit(target, 0, 100)).records;
  return { clock, store, events, base, editor, fields, records };
}

const BY_ANNA = { target: "MKT-1", operator: "anna", reason: "a test" };

function refusal(outcome: EditOutcome): readonly string[] {
  assert.equal(outcome.kind, "refused");
  return outcome.kind === "refused" ? codesOf(outcome.findings) : [];
}

function written(outcome: EditOutcome) {
  assert(
    outcome.kind === "written" || outcome.kind === "valid",
    outcome.kind === "refused" ? outcome.findings.map(formatFinding).join("\n") : outcome.kind,
  );
  return outcome;
}

Deno.test("editor: a change is written with version, author, reason and record", async () => {
  const { editor, fields, records } = desk();
  const outcome = written(
    await editor.change({ ...BY_ANNA, changes: { kappa: 3, auto_merge_enabled: false } }),
  );
  assert.equal(outcome.version, 1);
  assert.deepEqual(outcome.changes, [
    { name: "auto_merge_enabled", old: true, new: false },
    { name: "kappa", old: 2, new: 3 },
  ]);
  assert.deepEqual((await fields()).lasting, {
    kappa: "3",
    auto_merge_enabled: "false",
    config_version: "1",
    updated_at: "2026-01-05T12:00:00.000Z",
    updated_by: "anna",
    update_reason: "a test",
  });
  const [record] = await records();
  assert.deepEqual([record?.event, record?.version, record?.operator], ["written", 1, "anna"]);
  assert.deepEqual(record?.overrides, { kappa: "3", auto_merge_enabled: "false" });
});

Deno.test("editor: a bot takes the written value over", async () => {
  const { editor, store, base, clock } = desk();
  const watcher = new ConfigWatcher({ base, store, clock, log: recordingLogger() });
  await watcher.start();
  const inBot = new ConfigEditor({
    base,
    store,
    clock,
    log: recordingLogger(),
    inForce: () => watcher.hot,
    onWritten: () => watcher.check(),
  });
  written(await editor.change({ ...BY_ANNA, changes: { kappa: 3 } }));
  written(await inBot.change({ ...BY_ANNA, changes: { maturity_tier_hours: [12, 2, 0.5] } }));
  const { config, version } = watcher.market("MKT-1");
  assert.deepEqual([config.kappa, config.maturityTierHours, version], [3, [12, 2, 0.5], 2]);
});

Deno.test("editor: all or nothing, with every finding at once", async () => {
  const { editor, fields, records, events } = desk();
  const changes = {
    kappa: 0,
    kapa: 1,
    gamma_mid: 1,
    initial_mint_quantity: 5,
    initial_funding_cents: 50_000,
    max_daily_loss_cents: 1000,
    time_smoothing_kappa: 24,
    config_version: 7,
    amm_password: "hunter2",
    spread_min_cents: 19,
    max_shift_cents: 5,
  };
  const outcome = await editor.change({ ...BY_ANNA, changes });
  assert.deepEqual([...new Set(refusal(outcome))].sort(), [
    "COLD initial_mint_quantity",
    "LOCKED initial_funding_cents",
    "RANGE kappa",
    "SCOPE amm_password",
    "SCOPE max_daily_loss_cents",
    "SUPERSEDED gamma_mid",
    "UNKNOWN_KEY config_version",
    "UNKNOWN_KEY kapa",
    "UNKNOWN_KEY time_smoothing_kappa",
    "X05",
  ]);
  assert.deepEqual((await fields()).lasting, {});
  const [record] = await records();
  assert.deepEqual([record?.event, record?.version, record?.findings.length], ["refused", 0, 11]);
  assert.ok(record?.changes.some(({ name, new: value }) => name === "kappa" && value === "0"));
  assert.equal(events.filter(({ event }) => event === "config_refused").length, 1);
  assert.doesNotMatch(JSON.stringify([record, events]), /hunter2/);
});

Deno.test("editor: a secret is refused and never shown", async () => {
  const { editor, records, events } = desk();
  const changes = { amm_password: "hunter2", redis_url: "redis://a:hunter2@b:1/0" };
  const outcome = await editor.change({ ...BY_ANNA, target: "global", changes });
  assert.deepEqual(refusal(outcome), ["SECRET amm_password", "SECRET redis_url"]);
  assert.doesNotMatch(JSON.stringify([outcome, await records("global"), events]), /hunter2/);
});

Deno.test("editor: what is stored wrongly already does not hold up other changes", async () => {
  const { editor, store } = desk();
  await store.write(overrideWrite({ set: { kapa: "1", kappa: "fast" } }));
  const outcome = written(await editor.change({ ...BY_ANNA, changes: { max_shift_cents: 5 } }));
  assert.deepEqual(outcome.changes.map(({ name }) => name), ["max_shift_cents"]);
  written(await editor.remove({ ...BY_ANNA, names: ["kapa"] }));
  written(await editor.change({ ...BY_ANNA, changes: { kappa: 3 } }));
  assert.deepEqual((await editor.effective("MKT-1")).rejected, []);
});

Deno.test("editor: a market that there is not is refused, and leaves nothing behind", async () => {
  const { editor, records } = desk();
  const outcome = await editor.change({ ...BY_ANNA, target: "MKT-9", changes: { kappa: 3 } });
  assert.deepEqual(refusal(outcome), ["SCOPE MKT-9"]);
  assert.deepEqual(await records("MKT-9"), []);
  await assert.rejects(editor.effective("MKT-9"), /must be one of global, MKT-1, MKT-2/);
});

Deno.test("editor: a stale version changes nothing and says who was faster", async () => {
  const { editor, fields } = desk();
  const ben = { ...BY_ANNA, operator: "ben", reason: "news" };
  written(await editor.change({ ...ben, changes: { kappa: 3 } }));
  const outcome = await editor.change({ ...BY_ANNA, expectedVersion: 0, changes: { kappa: 4 } });
  assert.deepEqual(outcome, {
    kind: "conflict",
    expectedVersion: 0,
    currentVersion: 1,
    updatedBy: "ben",
    reason: "news",
  });
  assert.equal((await fields()).lasting.kappa, "3");
  written(await editor.change({ ...BY_ANNA, expectedVersion: 1, changes: { kappa: 4 } }));
});

Deno.test("editor: a write that comes between is met by a new try, or by a conflict", async () => {
  const { editor, store } = desk();
  const write = store.write.bind(store);
  let disturbances = 1;
  store.write = async (change) => {
    if (disturbances-- > 0) {
      await write(overrideWrite({ expectedVersion: change.expectedVersion, updatedBy: "ben" }));
    }
    return await write(change);
  };
  const change = { ...BY_ANNA, changes: { kappa: 3 } };
  assert.equal(written(await editor.change(change)).version, 2);
  disturbances = 1;
  const stale = await editor.change({ ...change, expectedVersion: 2 });
  assert.deepEqual([stale.kind, "currentVersion" in stale && stale.currentVersion], [
    "conflict",
    3,
  ]);
  disturbances = Infinity;
  assert.equal((await editor.change(change)).kind, "conflict");
});

Deno.test("editor: a dry run says what would happen and writes nothing", async () => {
  const { editor, fields, records } = desk();
  const dry = { ...BY_ANNA, dryRun: true };
  const outcome = await editor.change({ ...dry, changes: { kappa: 3 } });
  assert.deepEqual([outcome.kind, written(outcome).changes.length], ["valid", 1]);
  assert.deepEqual(refusal(await editor.change({ ...dry, changes: { kappa: 0 } })), [
    "RANGE kappa",
  ]);
  assert.deepEqual([(await fields()).lasting, await records()], [{}, []]);
});

Deno.test("editor: with a time limit the change is temporary, and counts as a version", async () => {
  const { editor, fields, clock, records } = desk();
  written(await editor.change({ ...BY_ANNA, ttlMs: 60_000, changes: { kappa: 3 } }));
  assert.equal((await fields()).temporary.kappa, "3");
  assert.equal((await fields()).lasting.kappa, undefined);
  assert.equal((await records())[0]?.lifeMs, 60_000);
  const { version, temporaryLifeMs, settings } = await editor.effective("MKT-1");
  assert.deepEqual([version, temporaryLifeMs], [1, 60_000]);
  assert.deepEqual(settings.kappa, { value: 3, origin: "override temporary" });
  await clock.advance(60_000);
  assert.equal((await editor.effective("MKT-1")).settings.kappa?.value, 2);
});

Deno.test("editor: a lasting change that a temporary one hides is written, with a warning", async () => {
  const { editor } = desk();
  written(await editor.change({ ...BY_ANNA, ttlMs: 60_000, changes: { kappa: 3 } }));
  const outcome = written(await editor.change({ ...BY_ANNA, changes: { kappa: 4 } }));
  assert.deepEqual(codesOf(outcome.warnings), ["UNUSED kappa"]);
  assert.deepEqual(outcome.changes, []);
});

Deno.test("editor: global settings have no time limit", async () => {
  const { editor } = desk();
  const global = { ...BY_ANNA, target: "global", changes: { volume_tolerance: 4 } };
  assert.deepEqual(refusal(await editor.change({ ...global, ttlMs: 60_000 })), ["SCOPE global"]);
  assert.equal(written(await editor.change(global)).changes[0]?.new, 4);
});

Deno.test("editor: null unsets what may be unset, and nothing else", async () => {
  const { editor } = desk();
  const unset = written(
    await editor.change({ ...BY_ANNA, changes: { exploration_qty_decay: null } }),
  );
  assert.deepEqual(unset.changes, [{ name: "exploration_qty_decay", old: 0.5, new: null }]);
  assert.deepEqual(refusal(await editor.change({ ...BY_ANNA, changes: { kappa: null } })), [
    "TYPE kappa",
  ]);
});

Deno.test("editor: overrides are taken back by name, under whatever name they stand, or all", async () => {
  const { editor, store, fields } = desk();
  await store.write(overrideWrite({
    set: { kappa: "3", time_smoothing_kappa: "48", max_shift_cents: "5", kapa: "1" },
  }));
  written(await editor.remove({ ...BY_ANNA, names: ["tau_horizon_hours", "kappa"] }));
  assert.deepEqual(Object.keys((await fields()).lasting).filter((name) => !/_/.test(name)), [
    "kapa",
  ]);
  assert.deepEqual(refusal(await editor.remove({ ...BY_ANNA, names: ["kappa"] })), [
    "UNKNOWN_KEY kappa",
  ]);
  written(await editor.remove(BY_ANNA));
  assert.deepEqual(Object.keys((await fields()).lasting).sort(), [
    "config_version",
    "update_reason",
    "updated_at",
    "updated_by",
  ]);
});

Deno.test("editor: setting a name takes its old spelling away", async () => {
  const { editor, store, fields } = desk();
  await store.write(overrideWrite({ set: { time_smoothing_kappa: "48" } }));
  written(await editor.change({ ...BY_ANNA, changes: { tau_horizon_hours: 12 } }));
  const { lasting } = await fields();
  assert.deepEqual([lasting.tau_horizon_hours, lasting.time_smoothing_kappa], ["12", undefined]);
});

Deno.test("editor: temporary overrides can be taken back before their time", async () => {
  const { editor, fields } = desk();
  const temporary = { ...BY_ANNA, ttlMs: 60_000 };
  written(await editor.change({ ...temporary, changes: { kappa: 3, max_shift_cents: 5 } }));
  written(await editor.remove({ ...BY_ANNA, temporary: true, names: ["kappa"] }));
  assert.equal((await fields()).temporary.max_shift_cents, "5");
  written(await editor.remove({ ...BY_ANNA, temporary: true }));
  assert.deepEqual((await fields()).temporary, {});
});

Deno.test("editor: a preset is applied as a whole, with or without a time limit", async () => {
  const { editor } = desk();
  const outcome = written(
    await editor.applyPreset({ ...BY_ANNA, preset: "high_volatility", ttlMs: 1_800_000 }),
  );
  assert.equal(outcome.changes.length, 7);
  assert.deepEqual(refusal(await editor.applyPreset({ ...BY_ANNA, preset: "calm" })), [
    "UNKNOWN_KEY calm",
  ]);
});

Deno.test("editor: a rollback restores the overrides of an earlier version as a new one", async () => {
  const { editor, fields } = desk();
  const change = (changes: Record<string, unknown>) => editor.change({ ...BY_ANNA, changes });
  written(await change({ kappa: 3, max_shift_cents: 5 }));
  written(await change({ kappa: 4, min_reprice_cents: 2 }));
  const back = written(await editor.rollback({ ...BY_ANNA, version: 1 }));
  assert.equal(back.version, 3);
  const { lasting } = await fields();
  assert.deepEqual([lasting.kappa, lasting.max_shift_cents, lasting.min_reprice_cents], [
    "3",
    "5",
    undefined,
  ]);
  written(await editor.rollback({ ...BY_ANNA, version: 0 }));
  assert.equal((await fields()).lasting.kappa, undefined);
  written(await editor.rollback({ ...BY_ANNA, version: 2 }));
  assert.equal((await fields()).lasting.kappa, "4");
  assert.deepEqual(refusal(await editor.rollback({ ...BY_ANNA, version: 99 })), [
    "UNKNOWN_KEY version",
  ]);
});

Deno.test("editor: a rollback finds a version behind many later records", async () => {
  const { editor } = desk();
  written(await editor.change({ ...BY_ANNA, changes: { kappa: 3 } }));
  for (let i = 0; i < 220; i++) await editor.change({ ...BY_ANNA, changes: { kappa: 0 } });
  written(await editor.change({ ...BY_ANNA, changes: { kappa: 4 } }));
  const outcome = written(await editor.rollback({ ...BY_ANNA, version: 1 }));
  assert.deepEqual(outcome.changes, [{ name: "kappa", old: 4, new: 3 }]);
});

/** Loosening a high-risk setting: target, name, looser value, tighter value. */
const HIGH_RISK: readonly (readonly [string, string, unknown, unknown])[] = [
  ["MKT-1", "max_per_market_loss_cents", 6000, 4000],
  ["global", "max_daily_loss_cents", 20_000, 9000],
  ["MKT-1", "inventory_skew_kill", 0.9, 0.75],
  ["MKT-1", "ladder_loss_ratio", 0.5, 0.1],
  ["MKT-1", "lvr_velocity_kill_ratio", 0.9, 0.7],
  ["MKT-1", "extreme_price_pause_cents", 1, 3],
  ["MKT-1", "skew_floor_shares", 500, 200],
  ["MKT-1", "oracle_guard_enabled", false, true],
  ["MKT-1", "auto_reinvest_enabled", true, false],
];

for (const [target, name, looser, tighter] of HIGH_RISK) {
  Deno.test(`editor: ${name} is loosened by two people only, and tightened by one`, async () => {
    const { editor } = desk("skew_floor_shares: 300", "lvr_velocity_kill_ratio: 0.8");
    const change = (value: unknown, approver?: string) =>
      editor.change({
        ...BY_ANNA,
        target,
        changes: { [name]: value },
        ...(approver !== undefined && { approver }),
      });
    written(await change(tighter));
    for (const nobodyElse of [undefined, "anna", " ANNA "]) {
      assert.deepEqual(refusal(await change(looser, nobodyElse)), [`APPROVAL ${name}`]);
    }
    written(await change(looser, "ben"));
  });
}

Deno.test("editor: taking a tight override back is loosening as well", async () => {
  const { editor, records } = desk();
  written(await editor.change({ ...BY_ANNA, changes: { max_per_market_loss_cents: 1000 } }));
  assert.deepEqual(refusal(await editor.remove(BY_ANNA)), ["APPROVAL max_per_market_loss_cents"]);
  assert.deepEqual(refusal(await editor.rollback({ ...BY_ANNA, version: 0 })), [
    "APPROVAL max_per_market_loss_cents",
  ]);
  written(await editor.remove({ ...BY_ANNA, approver: "ben" }));
  assert.equal((await records())[0]?.approver, "ben");
});

Deno.test("editor: quote_funding has no careful side", async () => {
  const { editor } = desk();
  for (const quote_funding of ["cash", "inventory_then_cash"]) {
    assert.deepEqual(refusal(await editor.change({ ...BY_ANNA, changes: { quote_funding } })), [
      "APPROVAL quote_funding",
    ]);
  }
});

Deno.test("risk classes: every setting has one, and the lists hold only hot settings", () => {
  const names = Object.values(registries).flatMap(Object.keys);
  const count = (wanted: string) => names.filter((name) => riskClass(name) === wanted).length;
  assert.deepEqual([count("high"), count("low")], [10, 13]);
  assert.deepEqual(loosened(new Map(), new Map()), []);
});

Deno.test("editor: a request that nobody can mean is a usage error", async () => {
  const { editor } = desk();
  const change = (request: object) =>
    editor.change({ ...BY_ANNA, changes: { kappa: 3 }, ...request });
  await assert.rejects(change({ reason: " " }), /reason must be a text of 1 to 500 characters/);
  await assert.rejects(change({ operator: "" }), /operator must be a text/);
  await assert.rejects(change({ approver: "" }), /approver must be a text/);
  await assert.rejects(
    change({ ttlMs: 5 }),
    /ttlMs must be a whole number from 1000 to 2592000000/,
  );
  await assert.rejects(change({ expectedVersion: -1 }), /expectedVersion must be a whole number/);
});

Deno.test("editor: a store that is away is an error, not an outcome", async () => {
  const { editor, store } = desk();
  store.isAway = true;
  await assert.rejects(
    editor.change({ ...BY_ANNA, changes: { kappa: 3 } }),
    /Cannot read overrides/,
  );
});

Deno.test("editor: what cannot be read as overrides is shown as refused", async () => {
  const { editor, store } = desk();
  store.byHand.set("MKT-1", { lasting: { readable: false, problem: "is a list, not a hash" } });
  store.byHand.set("MKT-2", { temporary: hash({ kappa: "3" }) });
  assert.deepEqual(codesOf((await editor.effective("MKT-1")).rejected), ["TYPE amm:config:MKT-1"]);
  assert.deepEqual(codesOf((await editor.effective("MKT-2")).rejected), [
    "TYPE amm:config:MKT-2:temp",
  ]);
});
