/**
 * Three processes, one market, one store: messages are late or lost, processes sleep, the store
 * forgets everything. Whatever happens in whatever order, only one of them can work the market.
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import { LeaseWorld } from "../../sim/lease_world.ts";
import type { LeaseStoreOptions } from "../../src/cache/lease_store.ts";
import {
  FREE,
  isExclusive,
  type Lease,
  type LeaseAction,
  type LeaseEvent,
  type LeaseTiming,
  mayPlace,
  step,
  tokenOf,
} from "../../src/lifecycle/lease.ts";

const MARKET = "MKT-1";
const TIMING: LeaseTiming = { ttlMs: 5_000, renewMs: 500, cancelMarginMs: 2_500 };
const CALL_TIMEOUT_MS = 500;
const PROCESSES = [0, 1, 2] as const;

/** What may happen next. */
type Command =
  /** Time passes, and whoever does not sleep notices. */
  | { readonly kind: "wait"; readonly ms: number }
  /** A process sends what it would send to the store in its state. */
  | { readonly kind: "talk"; readonly process: number; readonly fate: Fate }
  /** A process sends an order if it may. */
  | { readonly kind: "place"; readonly process: number }
  /** The venue has confirmed that the orders of a process that is draining are gone. */
  | { readonly kind: "clear"; readonly process: number }
  | { readonly kind: "give_up"; readonly process: number }
  | { readonly kind: "sleep" | "wake"; readonly process: number }
  /** The store starts again, empty. */
  | { readonly kind: "forget" };

/** What becomes of a message to the store and of its answer. */
interface Fate {
  readonly arrivesAfterMs: number;
  readonly answeredAfterMs: number;
  readonly isLost: "no" | "request" | "answer";
}

/** One process: the lease as it believes it to be, and its orders at the venue. */
class Process {
  readonly options: LeaseStoreOptions;
  lease: Lease = FREE;
  hasOrders = false;
  isAsleep = false;

  constructor(name: string) {
    this.options = {
      self: { instanceId: name, nonce: name, assignment: "leased" },
      marketIds: [MARKET],
      ttlMs: TIMING.ttlMs,
    };
  }
}

/** Everything there is, and the rules that must hold in it. */
class Universe {
  nowMs = 1_000_000;
  readonly world = new LeaseWorld({
    nowMs: () => this.nowMs,
    monotonicMs: () => this.nowMs,
    after: () => () => {},
  });
  readonly processes = PROCESSES.map((index) => new Process(`p${index}`));
  readonly #mail: { dueMs: number; to: number | null; deliver: () => void }[] = [];
  readonly #tokens: number[] = [];
  placed = 0;

  do(command: Command): void {
    switch (command.kind) {
      case "wait":
        return this.#wait(command.ms);
      case "forget":
        return this.world.clear();
      case "sleep":
        this.#at(command.process).isAsleep = true;
        return;
      case "wake":
        // What it does first need not be a look at the clock.
        this.#at(command.process).isAsleep = false;
        return;
    }
    const process = this.#at(command.process);
    if (process.isAsleep) return;
    switch (command.kind) {
      case "talk":
        return this.#talk(command.process, command.fate);
      case "place":
        return this.#place(process);
      case "give_up":
        return this.#happen(process, { kind: "given_up" });
      case "clear":
        return this.#clear(process);
    }
  }

  #at(index: number): Process {
    const process = this.processes[index];
    if (process === undefined) throw new RangeError(`no process ${index}`);
    return process;
  }

  #wait(ms: number): void {
    const endMs = this.nowMs + ms;
    while (true) {
      const due = this.#mail.filter(({ dueMs, to }) =>
        dueMs <= endMs && (to === null || !this.#at(to).isAsleep)
      ).sort((a, b) =>
        a.dueMs - b.dueMs
      )[0];
      if (due === undefined) break;
      this.#mail.splice(this.#mail.indexOf(due), 1);
      this.nowMs = Math.max(this.nowMs, due.dueMs);
      due.deliver();
      this.#check();
    }
    this.nowMs = endMs;
    for (const process of this.processes) {
      if (!process.isAsleep) this.#happen(process, { kind: "time" });
    }
    this.#check();
  }

  #talk(index: number, fate: Fate): void {
    const process = this.#at(index);
    const token = tokenOf(process.lease);
    if (token === null) {
      if (process.lease.state === "FREE") this.#ask(index, fate);
      return;
    }
    const sentAtMs = this.nowMs;
    this.#send(index, fate, () => {
      const beat = this.world.beat(process.options, new Map([[MARKET, token]]));
      const view = beat.kind === "alive" ? beat.leases.get(MARKET) : null;
      const isOurs = view !== null && typeof view === "object" && view.token === token;
      return isOurs ? { kind: "renewed", token, sentAtMs } : { kind: "lost", token };
    }, { kind: "renewal_failed" });
  }

  #ask(index: number, fate: Fate): void {
    const process = this.#at(index);
    this.#happen(process, { kind: "asked" });
    const sentAtMs = this.nowMs;
    this.#send(index, fate, () => {
      const answer = this.world.acquire(process.options, MARKET);
      if (answer.kind !== "granted") return { kind: "denied" };
      this.#tokens.push(answer.token);
      return { ...answer, sentAtMs };
    }, { kind: "unanswered" });
  }

  /** A request on its way, and its answer, or the time-out that stands for it. */
  #send(index: number, fate: Fate, carryOut: () => LeaseEvent, timeout: LeaseEvent): void {
    const process = this.#at(index);
    const arrivesMs = this.nowMs + fate.arrivesAfterMs;
    const deliver = (event: LeaseEvent) => () => this.#happen(process, event);
    if (fate.isLost === "no") {
      this.#post(arrivesMs, null, () => {
        const answer = carryOut();
        this.#post(arrivesMs + fate.answeredAfterMs, index, deliver(answer));
      });
      return;
    }
    if (fate.isLost === "answer") this.#post(arrivesMs, null, () => void carryOut());
    this.#post(this.nowMs + 1_000, index, deliver(timeout));
  }

  #post(dueMs: number, to: number | null, deliver: () => void): void {
    this.#mail.push({ dueMs, to, deliver });
  }

  #place(process: Process): void {
    const now = { nowMs: this.nowMs, callTimeoutMs: CALL_TIMEOUT_MS };
    if (!mayPlace(process.lease, now, TIMING)) return;
    const others = this.processes.filter((other) => other !== process && other.hasOrders);
    assert.deepEqual(others.map(({ options }) => options.self.instanceId), [], "orders of two");
    const { nonce } = process.options.self;
    const holder = this.world.holder(MARKET);
    // A store that has forgotten everything cannot say who has it; nobody gets it then.
    assert.ok(holder === null || holder.nonce === nonce, "placed under a lease of another");
    process.hasOrders = true;
    this.placed++;
  }

  #clear(process: Process): void {
    const { lease } = process;
    if (lease.state !== "DRAINING") return;
    process.hasOrders = false;
    this.#happen(process, { kind: "cleared", token: lease.token });
  }

  #happen(process: Process, event: LeaseEvent): void {
    const { lease, actions } = step(process.lease, event, this.nowMs, TIMING);
    process.lease = lease;
    for (const action of actions) this.#act(process, action);
  }

  #act(process: Process, action: LeaseAction): void {
    switch (action.kind) {
      case "start":
        // The start procedure cancels every order of the account in the market.
        for (const other of this.processes) other.hasOrders = false;
        return;
      case "release":
        return this.world.release(process.options, MARKET, action.token);
      case "release_unseen":
        return this.world.release(process.options, MARKET, null);
      case "drain":
      case "orders_may_remain":
        return;
    }
  }

  #check(): void {
    const owners = this.processes.filter(({ lease }) => isExclusive(lease, this.nowMs));
    const names = owners.map(({ options }) => options.self.instanceId);
    assert.ok(names.length <= 1, `${names.join(" and ")} both believe that the market is theirs`);
    const growing = this.#tokens.every((token, at) => token > (this.#tokens[at - 1] ?? 0));
    assert.ok(growing, `tokens ${this.#tokens.join(" ")}`);
  }
}

const process = fc.constantFrom(...PROCESSES);
const fate = fc.record<Fate>({
  arrivesAfterMs: fc.constantFrom(0, 0, 1, 50, 900, 4_000),
  answeredAfterMs: fc.constantFrom(0, 0, 1, 50, 900, 4_000),
  isLost: fc.constantFrom("no", "no", "no", "request", "answer"),
});
const command = fc.oneof<fc.WeightedArbitrary<Command>[]>(
  { weight: 60, arbitrary: fc.record({ kind: fc.constant("wait"), ms: waiting() }) },
  { weight: 120, arbitrary: fc.record({ kind: fc.constant("talk"), process, fate }) },
  { weight: 90, arbitrary: fc.record({ kind: fc.constant("place"), process }) },
  { weight: 40, arbitrary: fc.record({ kind: fc.constant("clear"), process }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("give_up"), process }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("sleep"), process }) },
  { weight: 10, arbitrary: fc.record({ kind: fc.constant("wake"), process }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("forget") }) },
);

function waiting(): fc.Arbitrary<number> {
  return fc.constantFrom(1, 49, 100, 100, 250, 500, 500, 501, 2_500, 5_001);
}

Deno.test("leases: whatever happens to messages, processes and the store, one process at most works the market", () => {
  let placed = 0;
  fc.assert(
    fc.property(fc.array(command, { minLength: 60, maxLength: 160, size: "max" }), (commands) => {
      const universe = new Universe();
      // The store is old enough to give leases.
      universe.world.acquire(universe.processes[0]?.options as LeaseStoreOptions, "other");
      universe.do({ kind: "wait", ms: TIMING.ttlMs });
      for (const each of commands) universe.do(each);
      placed += universe.placed;
    }),
    { numRuns: 2_000 },
  );
  assert.ok(placed > 2_000, `only ${placed} orders were placed: the test tests nothing`);
});
