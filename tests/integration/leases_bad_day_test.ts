/** Random bad days of several bots that share the markets of one account. */

import assert from "node:assert/strict";
import { AMM_USER_ID, type Fault } from "../../sim/exchange/mod.ts";
import { type Random, seededRandom } from "../../src/runtime/random.ts";
import { Fleet, FLEET_SETTINGS, type Member } from "../support/fleet.ts";

const NAMES = ["a", "b", "c"] as const;
const STEPS = 900;

/** Some calls are lost, some hang, some are late; half of the lost ones had an effect. */
function faultOf(random: Random): Fault | undefined {
  const draw = random.next();
  if (draw < 0.01) return { kind: "lose", effect: random.next() < 0.5 };
  if (draw < 0.015) return { kind: "hang", effect: random.next() < 0.5 };
  return draw < 0.03 ? { kind: "delay", ms: random.integer(50, 2_000) } : undefined;
}

/** A day during which processes die, sleep and lose the store, and the store loses everything. */
class BadDay {
  readonly fleet: Fleet;
  readonly #random: Random;
  readonly #struck = new Set<Member>();
  isBad = true;
  deaths = 0;
  sleeps = 0;
  cuts = 0;

  constructor(seed: number) {
    this.#random = seededRandom(`bad day ${seed}`);
    this.fleet = new Fleet({ markets: 4 });
    for (const name of NAMES) this.#launch(name);
  }

  async step(): Promise<void> {
    this.#trade();
    for (const member of this.alive) this.#strike(member);
    if (this.#happens(1 / 450)) this.fleet.forget();
    await this.fleet.run(1);
  }

  /** Processes that run and have not been struck lately. */
  get alive(): readonly Member[] {
    return this.fleet.members.filter((each) => each.clock.isAlive && !this.#struck.has(each));
  }

  #launch(name: string): void {
    const member = this.fleet.launch(name);
    member.intercept = () => this.isBad ? faultOf(this.#random) : undefined;
  }

  #trade(): void {
    const random = this.#random;
    for (const marketId of this.fleet.marketIds) {
      if (!this.#happens(1 / 20)) continue;
      const contract = random.next() < 0.5 ? "YES" : "NO";
      const lot = { atCents: random.integer(40, 70), quantity: random.integer(1, 15) };
      this.fleet.take(marketId, { contract, ...lot });
    }
  }

  #strike(member: Member): void {
    const random = this.#random;
    if (this.#happens(1 / 250)) {
      this.deaths++;
      member.clock.kill();
      this.#after(random.integer(1, 40), () => this.#launch(member.name));
    } else if (this.#happens(1 / 200)) {
      this.sleeps++;
      const slept = random.next() < 0.5;
      member.clock.freeze();
      this.#struck.add(member);
      this.#after(random.integer(1, 40), () => {
        member.clock.thaw({ slept });
        this.#struck.delete(member);
      });
    } else if (this.#happens(1 / 120)) {
      this.cuts++;
      const kind = random.integer(1, 3);
      if (kind === 1) member.line.isUp = false;
      if (kind === 2) member.line.isHeard = false;
      if (kind === 3) member.line.delayMs = random.integer(500, 3_000);
      this.#struck.add(member);
      this.#after(random.integer(1, 30), () => {
        this.#struck.delete(member);
        Object.assign(member.line, { isUp: true, isHeard: true, delayMs: 0 });
      });
    }
  }

  #after(seconds: number, what: () => void): void {
    this.fleet.clock.after(seconds * 1000, what);
  }

  #happens(chance: number): boolean {
    return this.isBad && this.#random.next() < chance;
  }
}

for (const seed of [1, 2, 3, 4]) {
  Deno.test(`leases, bad day ${seed}: whatever dies, sleeps or is cut off, no market ever has two, and in the end all are quoted`, async () => {
    const day = new BadDay(seed);
    const { fleet } = day;
    for (let step = 0; step < STEPS; step++) await day.step();
    assert.ok(day.deaths > 1 && day.sleeps > 1 && day.cuts > 3, "it was a bad day");
    day.isBad = false;
    await fleet.run(10 * FLEET_SETTINGS.leaseTtlMs / 1000);
    assert.deepEqual(fleet.violations, []);
    assert.ok(fleet.isQuoted);
    const quoted = day.alive.flatMap((member) => fleet.quotedBy(member)).sort();
    assert.deepEqual(quoted, [...fleet.marketIds]);
    for (const member of day.alive) {
      for (const { marketId, explanation, lifecycle } of member.service.status().markets) {
        assert.equal(lifecycle, "RUNNING");
        const { yes, no } = fleet.exchange.position(AMM_USER_ID, marketId);
        assert.deepEqual([explanation?.inventory.yes, explanation?.inventory.no], [yes, no]);
      }
      assert.deepEqual(await fleet.stop(member), { remaining: [], unverified: [] });
    }
    assert.deepEqual(fleet.marketIds.flatMap((id) => [...fleet.ownersIn(id)]), []);
    assert.equal(fleet.exchange.control.violations().length, 0);
  });
}
