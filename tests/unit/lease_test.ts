import assert from "node:assert/strict";
import {
  type DrainCause,
  type DrainingLease,
  FREE,
  type HeldLease,
  isExclusive,
  type Lease,
  type LeaseAction,
  type LeaseEvent,
  type LeaseTiming,
  mayPlace,
  nextChangeMs,
  step,
} from "../../src/lifecycle/lease.ts";

/** The shipped settings. */
const TIMING: LeaseTiming = { ttlMs: 30_000, renewMs: 5_000, cancelMarginMs: 15_000 };
const TOKEN = 7;
/** Proven at 0 by a request that was sent then. */
const PROVEN = { token: TOKEN, provenUntilMs: 30_000 };
const HELD: HeldLease = { state: "HELD", ...PROVEN };
const AT_RISK: HeldLease = { state: "AT_RISK", ...PROVEN };
const ACQUIRING: Lease = { state: "ACQUIRING" };

function draining(cause: DrainCause, isEmpty = false): DrainingLease {
  return { state: "DRAINING", ...PROVEN, cause, isEmpty };
}

interface Row {
  readonly name: string;
  readonly from: Lease;
  readonly event: LeaseEvent;
  /** Milliseconds since the proof; 1,000 if left out. */
  readonly at?: number;
  readonly to: Lease;
  readonly actions?: readonly LeaseAction[];
}

const START: LeaseAction = { kind: "start", token: TOKEN };
const RELEASE: LeaseAction = { kind: "release", token: TOKEN };
const MAY_REMAIN: LeaseAction = { kind: "orders_may_remain", token: TOKEN };
const drain = (cause: DrainCause): LeaseAction => ({ kind: "drain", token: TOKEN, cause });
const time: LeaseEvent = { kind: "time" };
const lost: LeaseEvent = { kind: "lost", token: TOKEN };
const cleared: LeaseEvent = { kind: "cleared", token: TOKEN };
const granted: LeaseEvent = { kind: "granted", token: TOKEN, sentAtMs: 0 };
const renewedAt = (sentAtMs: number): LeaseEvent => ({ kind: "renewed", token: TOKEN, sentAtMs });

/** Every row of the specification's table, and what it leaves open. */
const TABLE: readonly Row[] = [
  {
    name: "a free market that is wanted is asked for",
    from: FREE,
    event: { kind: "asked" },
    to: ACQUIRING,
  },
  {
    name: "a token makes it ours from the moment before the request, and it is started",
    from: ACQUIRING,
    event: granted,
    at: 3_000,
    to: HELD,
    actions: [START],
  },
  {
    name: "a token that comes when it would have to be drained is given back",
    from: ACQUIRING,
    event: granted,
    at: 15_000,
    to: FREE,
    actions: [RELEASE],
  },
  {
    name: "busy or wait leaves it free",
    from: ACQUIRING,
    event: { kind: "denied" },
    to: FREE,
  },
  {
    name: "without an answer it is given back unseen and never worked",
    from: ACQUIRING,
    event: { kind: "unanswered" },
    to: FREE,
    actions: [{ kind: "release_unseen" }],
  },
  {
    name: "a renewal moves what is proven",
    from: HELD,
    event: renewedAt(5_000),
    at: 5_100,
    to: { ...HELD, provenUntilMs: 35_000 },
  },
  {
    name: "answers that overtake each other take nothing back",
    from: { ...HELD, provenUntilMs: 35_000 },
    event: renewedAt(0),
    at: 5_100,
    to: { ...HELD, provenUntilMs: 35_000 },
  },
  {
    name: "a renewal that fails puts it at risk",
    from: HELD,
    event: { kind: "renewal_failed" },
    to: AT_RISK,
  },
  {
    name: "at risk, a renewal makes it safe again",
    from: AT_RISK,
    event: renewedAt(7_500),
    at: 8_000,
    to: { ...HELD, provenUntilMs: 37_500 },
  },
  {
    name: "held, it is drained when the margin begins",
    from: HELD,
    event: time,
    at: 15_000,
    to: draining("unproven"),
    actions: [drain("unproven")],
  },
  {
    name: "at risk, it is drained when the margin begins",
    from: AT_RISK,
    event: time,
    at: 15_000,
    to: draining("unproven"),
    actions: [drain("unproven")],
  },
  {
    name: "a moment before the margin nothing is drained",
    from: AT_RISK,
    event: time,
    at: 14_999,
    to: AT_RISK,
  },
  {
    name: "held, a lease that is lost is drained of what is ours",
    from: HELD,
    event: lost,
    to: draining("lost"),
    actions: [drain("lost")],
  },
  {
    name: "at risk, a fenced write is a lost lease",
    from: AT_RISK,
    event: lost,
    to: draining("lost"),
    actions: [drain("lost")],
  },
  {
    name: "a stop or a hand-over drains it",
    from: HELD,
    event: { kind: "given_up" },
    to: draining("given_up"),
    actions: [drain("given_up")],
  },
  {
    name: "a market that was given up is released when it is clear",
    from: draining("given_up"),
    event: cleared,
    to: FREE,
    actions: [RELEASE],
  },
  {
    name: "a market that was lost is forgotten when it is clear",
    from: draining("lost"),
    event: cleared,
    to: FREE,
  },
  {
    name: "an unproven market that is clear waits for the store",
    from: draining("unproven"),
    event: cleared,
    at: 16_000,
    to: draining("unproven", true),
  },
  {
    name: "an unproven market that is clear is started again when the store answers",
    from: draining("unproven", true),
    event: renewedAt(16_000),
    at: 16_100,
    to: { ...HELD, provenUntilMs: 46_000 },
    actions: [START],
  },
  {
    name: "a renewal does not end a drain: first the orders have to be gone",
    from: draining("unproven"),
    event: renewedAt(16_000),
    at: 16_100,
    to: { ...draining("unproven"), provenUntilMs: 46_000 },
  },
  {
    name: "a market that is clear and was renewed meanwhile is started again",
    from: { ...draining("unproven"), provenUntilMs: 46_000 },
    event: cleared,
    at: 17_000,
    to: { ...HELD, provenUntilMs: 46_000 },
    actions: [START],
  },
  {
    name: "clear and not renewed, it is free when the lease ends",
    from: draining("unproven", true),
    event: time,
    at: 30_000,
    to: FREE,
  },
  {
    name: "orders that are not confirmed when the lease ends are alarmed",
    from: draining("unproven"),
    event: time,
    at: 30_000,
    to: FREE,
    actions: [MAY_REMAIN],
  },
  {
    name: "that holds for a market that was given up, too",
    from: draining("given_up"),
    event: time,
    at: 30_000,
    to: FREE,
    actions: [MAY_REMAIN],
  },
  {
    name: "lost while it is drained, only what is ours counts any more",
    from: draining("unproven"),
    event: lost,
    to: draining("lost"),
  },
  {
    name: "lost when it is clear already, it is free",
    from: draining("unproven", true),
    event: lost,
    to: FREE,
  },
  {
    name: "given up while it is drained, it does not come back",
    from: draining("unproven", true),
    event: { kind: "given_up" },
    to: FREE,
    actions: [RELEASE],
  },
  {
    name: "what is lost cannot be given up",
    from: draining("lost"),
    event: { kind: "given_up" },
    to: draining("lost"),
  },
  {
    name: "a process that slept through its lease drains it and says that orders may remain",
    from: HELD,
    event: time,
    at: 90_000,
    to: FREE,
    actions: [drain("unproven"), MAY_REMAIN],
  },
  {
    name: "a renewal that was answered before the sleep does not help",
    from: HELD,
    event: renewedAt(5_000),
    at: 90_000,
    to: FREE,
    actions: [drain("unproven"), MAY_REMAIN],
  },
  {
    name: "what is said about an earlier token is ignored",
    from: HELD,
    event: { kind: "lost", token: TOKEN - 1 },
    to: HELD,
  },
  {
    name: "an earlier drain that ends late clears nothing",
    from: draining("given_up"),
    event: { kind: "cleared", token: TOKEN - 1 },
    to: draining("given_up"),
  },
  { name: "a free market cannot be lost", from: FREE, event: lost, to: FREE },
  { name: "a free market cannot be renewed", from: FREE, event: renewedAt(0), to: FREE },
  {
    name: "a market that is asked for cannot be given up",
    from: ACQUIRING,
    event: { kind: "given_up" },
    to: ACQUIRING,
  },
];

for (const { name, from, event, at = 1_000, to, actions = [] } of TABLE) {
  Deno.test(`lease: ${name}`, () => {
    assert.deepEqual(step(from, event, at, TIMING), { lease: to, actions });
  });
}

Deno.test("lease: an order may be sent while its time-out ends before the lease can", () => {
  const may = (lease: Lease, nowMs: number, callTimeoutMs: number) =>
    mayPlace(lease, { nowMs, callTimeoutMs }, TIMING);
  assert.ok(may(HELD, 14_999, 5_000));
  assert.ok(may(AT_RISK, 14_999, 5_000), "quoting goes on at risk");
  assert.ok(!may(HELD, 15_000, 5_000), "not when the margin has begun");
  assert.ok(may(HELD, 10_000, 20_000));
  assert.ok(!may(HELD, 10_001, 20_000), "not if the answer may come after the end");
  for (const lease of [FREE, ACQUIRING, draining("given_up"), draining("lost")]) {
    assert.ok(!may(lease, 0, 0), lease.state);
  }
});

Deno.test("lease: the market is ours alone until the lease can have run out, unless it was lost", () => {
  for (const lease of [HELD, AT_RISK, draining("unproven"), draining("given_up", true)]) {
    assert.ok(isExclusive(lease, 29_999));
    assert.ok(!isExclusive(lease, 30_000));
  }
  for (const lease of [FREE, ACQUIRING, draining("lost")]) assert.ok(!isExclusive(lease, 0));
});

Deno.test("lease: time changes a held lease at its margin and a draining one at its end", () => {
  const next = (lease: Lease) => nextChangeMs(lease, TIMING);
  assert.deepEqual([FREE, ACQUIRING].map(next), [Infinity, Infinity]);
  assert.deepEqual([HELD, AT_RISK, draining("lost")].map(next), [15_000, 15_000, 30_000]);
});
