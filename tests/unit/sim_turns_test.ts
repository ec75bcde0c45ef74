import assert from "node:assert/strict";
import { FakeExchange, InProcessConnector } from "../../sim/exchange/mod.ts";
import { inTurn } from "../../sim/harness/turns.ts";
import { NO_POSITION, type Position } from "../../src/models/inventory.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";

/** A way to the venue on which requests and answers take some promises, but no time. */
class WindingWay extends InProcessConnector {
  readonly arrived: string[] = [];

  constructor(clock: VirtualClock, private readonly promises: Readonly<Record<string, number>>) {
    super({ clock, exchange: new FakeExchange({ clock }) });
  }

  override async position(marketId: string): Promise<Position> {
    await this.#walk(marketId);
    this.arrived.push(marketId);
    await this.#walk(marketId);
    if (marketId === "BAD") throw new RangeError("no such market");
    return NO_POSITION;
  }

  async #walk(marketId: string): Promise<void> {
    for (let step = 0; step < (this.promises[marketId] ?? 0); step++) await Promise.resolve();
  }
}

Deno.test("turns: calls of one moment arrive in the order in which they were made, however long their way", async () => {
  const clock = new VirtualClock(0);
  const way = new WindingWay(clock, { "MKT-1": 50, "MKT-2": 3, "MKT-3": 0 });
  const connector = inTurn(way, clock);
  const answered: string[] = [];
  for (const marketId of ["MKT-1", "MKT-2", "MKT-3"]) {
    connector.position(marketId).then(() => answered.push(marketId));
  }
  await clock.advance(0);
  assert.deepEqual(way.arrived, ["MKT-1", "MKT-2", "MKT-3"]);
  assert.deepEqual(answered, way.arrived);
  assert.equal(clock.monotonicMs(), 0, "no time has passed");
});

Deno.test("turns: an error comes back as it is", async () => {
  const clock = new VirtualClock(0);
  const connector = inTurn(new WindingWay(clock, {}), clock);
  await assert.rejects(clock.resolve(connector.position("BAD")), /no such market/);
});
