/** An operator asks one process for something that concerns markets of another. */

import assert from "node:assert/strict";
import { Fleet, type Member } from "../support/fleet.ts";
import { ADMIN, siteOf } from "../support/site.ts";

/** Two processes that share four markets and are at rest, and a market of each. */
async function pair() {
  const fleet = new Fleet({ markets: 4 });
  const [a, b] = [fleet.launch("a"), fleet.launch("b")];
  await fleet.until(() => fleet.isQuoted, 120);
  await fleet.run(60);
  const [ofA = "", ofB = ""] = [fleet.quotedBy(a)[0], fleet.quotedBy(b)[0]];
  assert.ok(ofA !== "" && ofB !== "", "each has a market");
  return { fleet, a, b, ofA, ofB };
}

/** Asks a process over its pages, and lets time pass until it answers. */
async function ask(fleet: Fleet, member: Member, path: string) {
  const { app, close } = siteOf(member.service, { clock: fleet.clock });
  const asked = app.request(path, {
    method: "POST",
    headers: ADMIN,
    body: JSON.stringify({ reason: "drill" }),
  });
  const response = await fleet.clock.resolve(Promise.resolve(asked));
  close();
  return { status: response.status, json: await response.json() };
}

/** `MKT-1 verified=true`, in the order of the markets. */
function byMarket(rows: readonly { readonly market_id: string }[]): readonly string[] {
  return rows.map(({ market_id: id, ...rest }) =>
    [id, ...Object.entries(rest).map(([name, value]) => `${name}=${value}`)].join(" ")
  ).sort();
}

Deno.test("kill: one of a market that another process holds reaches it through the store, and the answer claims nothing", async () => {
  const { fleet, a, b, ofB } = await pair();
  const { status, json } = await ask(fleet, a, `/api/markets/${ofB}/kill`);
  assert.equal(status, 200);
  assert.deepEqual(json, {
    cancelled: 0,
    verified: false,
    killed_here: [],
    left_to_holders: [{ market_id: ofB, holder: "b", is_written: true }],
    remaining: [],
    refused: [],
  });
  await fleet.until(() => fleet.ownersIn(ofB).size === 0, 10);
  assert.equal(fleet.ownersIn(ofB).size, 0, "the holder has taken its orders off");
  const { latch } = b.service.status().markets.find(({ marketId }) => marketId === ofB) ?? {};
  assert.partialDeepStrictEqual(latch, { reason: "ADMIN", source: "ann: drill" });
  await fleet.run(60);
  assert.equal(fleet.ownersIn(ofB).size, 0, "and it stays killed");
  assert.ok(fleet.quotedBy(b).length > 0, "its other market is quoted");
  assert.deepEqual(fleet.violations, []);
});

Deno.test("kill of all: what was verified here and what was left to others is told apart", async () => {
  const { fleet, a, b } = await pair();
  const [own, others] = [fleet.quotedBy(a), fleet.quotedBy(b)];
  const { json } = await ask(fleet, a, "/api/kill");
  assert.equal(json.verified, false, "the markets of the other were not looked at");
  assert.ok(json.cancelled > 0);
  assert.deepEqual(byMarket(json.killed_here), own.map((id) => `${id} verified=true`));
  assert.deepEqual(
    byMarket(json.left_to_holders),
    others.map((id) => `${id} holder=b is_written=true`),
  );
  await fleet.until(() => fleet.quotedBy(b).length === 0, 10);
  assert.deepEqual([fleet.quotedBy(a), fleet.quotedBy(b)], [[], []]);
  // One latch for all, by which its release at any process is known.
  const { globalLatch, markets } = a.service.status();
  for (const { latch } of markets) assert.deepEqual(latch, globalLatch);
});

Deno.test("kill: a store that is away is said to be, and gets the kill once it is back", async () => {
  const { fleet, a, ofB } = await pair();
  a.line.isUp = false;
  const { json } = await ask(fleet, a, `/api/markets/${ofB}/kill`);
  assert.deepEqual(json.left_to_holders, [{ market_id: ofB, holder: "b", is_written: false }]);
  await fleet.run(2);
  assert.ok(fleet.ownersIn(ofB).size > 0, "the holder cannot know");
  a.line.isUp = true;
  await fleet.until(() => fleet.ownersIn(ofB).size === 0, 10);
  assert.equal(fleet.ownersIn(ofB).size, 0);
});

Deno.test("release, pause and flatten of a market elsewhere: refused with the name of its holder", async () => {
  const { fleet, a, ofB } = await pair();
  for (const command of ["release", "pause", "resume", "flatten", "reconcile"]) {
    const { status, json } = await ask(fleet, a, `/api/markets/${ofB}/${command}`);
    assert.deepEqual([status, json.error.code, json.error.field], [409, "conflict", "path.id"]);
    assert.match(json.error.message, /process b holds the market: ask there/);
  }
  const { json } = await ask(fleet, a, "/api/pause");
  const refused = json.markets.filter(({ kind }: { kind: string }) => kind === "refused");
  assert.deepEqual(
    refused.map((market: { market_id: string }) => market.market_id),
    fleet.quotedBy(fleet.members[1] ?? a),
    "a pause of all says whom it did not reach",
  );
});

Deno.test("kill: a market that nobody has is not found", async () => {
  const { fleet, a } = await pair();
  const { status, json } = await ask(fleet, a, "/api/markets/MKT-9/kill");
  assert.deepEqual([status, json.error.code], [404, "not_found"]);
  assert.match(json.error.message, /one of .*MKT-1/);
});
