import assert from "node:assert/strict";
import { AuditTrail } from "../../src/config/hot/audit_trail.ts";
import { sleep } from "../../src/runtime/clock.ts";
import { recordingLogger } from "../../src/runtime/log.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";
import { auditRecord, HandEdited } from "../support/overrides.ts";

function trailOn(clock = new VirtualClock(0)) {
  const store = new HandEdited(clock);
  const log = recordingLogger();
  const versions = async () =>
    (await store.audit("MKT-1", 0, 1000)).records.map(({ version }) => version);
  const trail = new AuditTrail(store, log);
  const add = (version: number) => trail.add("MKT-1", auditRecord({ version }), "{}");
  return { clock, store, log, trail, add, versions };
}

Deno.test("audit trail: what cannot be written is told once and written later, in order", async () => {
  const { store, log, trail, add, versions } = trailOn();
  store.isAway = true;
  for (const version of [1, 2, 3]) {
    add(version);
    await trail.flush();
  }
  assert.deepEqual(log.events.map(({ event }) => event), ["config_record_failed"]);
  store.isAway = false;
  await trail.flush();
  await trail.flush();
  assert.deepEqual(await versions(), [3, 2, 1]);
});

Deno.test("audit trail: a record that comes while others are written is neither lost nor doubled", async () => {
  const { clock, store, trail, add, versions } = trailOn();
  const publish = store.publish.bind(store);
  store.publish = async (...args) => {
    await sleep(clock, 1000);
    await publish(...args);
  };
  add(1);
  const flushed = trail.flush();
  await clock.advance(500);
  add(2);
  await clock.resolve(flushed);
  await clock.resolve(trail.flush());
  await clock.resolve(trail.flush());
  assert.deepEqual(await versions(), [2, 1]);
});

Deno.test("audit trail: only the newest hundred records wait", async () => {
  const { store, trail, add, versions } = trailOn();
  store.isAway = true;
  for (let version = 0; version < 150; version++) add(version);
  store.isAway = false;
  await trail.flush();
  const kept = await versions();
  assert.deepEqual([kept.length, kept[0], kept.at(-1)], [100, 149, 50]);
});

Deno.test("audit trail: a change without a record renews the snapshot only", async () => {
  const { store, trail, versions } = trailOn();
  trail.add("MKT-1", null, "{}");
  await trail.flush();
  assert.equal((await store.read(["MKT-1"])).get("MKT-1")?.hasSnapshot, true);
  assert.deepEqual(await versions(), []);
});
