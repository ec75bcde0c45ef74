/** The configuration in force beside plain layers: file, lasting overrides, temporary ones. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { ConfigWatcher } from "../../src/config/hot/watcher.ts";
import { silentLogger } from "../../src/runtime/log.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";
import { HandEdited, overrideWrite, twoMarkets } from "../support/overrides.ts";

const MARKETS = ["MKT-1", "MKT-2"] as const;
const SETTINGS = ["kappa", "base_order_quantity"] as const;
/** `config_reload_interval_ms` as it is shipped. */
const LOOK_EVERY_S = 30;

type Market = typeof MARKETS[number];
type Setting = typeof SETTINGS[number];
type Values = Partial<Record<Setting, string>>;

/** What may happen next. */
type Command =
  | {
    readonly kind: "write";
    readonly market: Market;
    readonly setting: Setting;
    /** Null takes the override back. */
    readonly text: string | null;
    /** How long it is to live, null for good. */
    readonly lifeS: number | null;
    /** The writer has seen an older version than the newest. */
    readonly isStale: boolean;
  }
  | { readonly kind: "away"; readonly isAway: boolean }
  | { readonly kind: "look" }
  /** The store starts again, empty. */
  | { readonly kind: "emptied" }
  | { readonly kind: "wait"; readonly seconds: number };

/** The layers of one market: as stored, and as last seen with the last good values. */
class Layers {
  version = 0;
  stored: { lasting: Values; temporary: Values; endsS: number | null } = {
    ...{ lasting: {}, temporary: {}, endsS: null },
  };
  readonly file: Record<Setting, string>;
  lasting: Record<Setting, string>;
  inForce: Record<Setting, string>;
  #endsS: number | null = null;
  #seen: Values = {};

  constructor(file: Record<Setting, string>) {
    [this.file, this.lasting, this.inForce] = [file, file, file];
  }

  write({ setting, text, lifeS }: Extract<Command, { kind: "write" }>, nowS: number): void {
    this.version++;
    const { lasting, temporary, endsS } = this.stored;
    const changed = (values: Values) => {
      const { [setting]: _, ...rest } = values;
      return text === null ? rest : { ...rest, [setting]: text };
    };
    if (lifeS === null) this.stored = { lasting: changed(lasting), temporary, endsS };
    else {
      const values = changed(temporary);
      const isEmpty = Object.keys(values).length === 0;
      this.stored = { lasting, temporary: values, endsS: isEmpty ? null : nowS + lifeS };
    }
  }

  /** What the store holds is looked at. */
  look(nowS: number): void {
    this.end(nowS);
    this.#evaluate(this.stored.lasting, this.stored.temporary, this.stored.endsS);
  }

  /** Temporary overrides end, seen or not. */
  end(nowS: number): void {
    const { lasting, endsS } = this.stored;
    if (endsS !== null && nowS >= endsS) this.stored = { lasting, temporary: {}, endsS: null };
    if (this.#endsS !== null && nowS >= this.#endsS) this.#evaluate(this.#seen, {}, null);
  }

  #evaluate(lasting: Values, temporary: Values, endsS: number | null): void {
    const isEqual = JSON.stringify([lasting, temporary]) === this.#content;
    if (isEqual) return void (this.#endsS = endsS);
    this.#content = JSON.stringify([lasting, temporary]);
    this.lasting = over(this.file, lasting, this.lasting);
    const lastGood = this.#endsS === null ? this.lasting : this.inForce;
    this.inForce = over(this.lasting, temporary, lastGood);
    [this.#seen, this.#endsS] = [lasting, endsS];
  }

  #content = JSON.stringify([{}, {}]);
}

/** A layer over others; what it says badly keeps its last good value. */
function over(
  below: Record<Setting, string>,
  values: Values,
  lastGood: Record<Setting, string>,
): Record<Setting, string> {
  const valueOf = (setting: Setting) => {
    const text = values[setting];
    if (text === undefined) return below[setting];
    return isGood(setting, text) ? text : lastGood[setting];
  };
  return { kappa: valueOf("kappa"), base_order_quantity: valueOf("base_order_quantity") };
}

function isGood(setting: Setting, text: string): boolean {
  const value = text.trim() === "" ? NaN : Number(text);
  return setting === "kappa" ? value >= 0.1 && value <= 100 : Number.isInteger(value) && value >= 1;
}

class Bench {
  readonly clock = new VirtualClock(Date.UTC(2026, 0, 5, 12));
  readonly store = new HandEdited(this.clock);
  readonly watcher = new ConfigWatcher({
    ...{ base: twoMarkets("kappa: 2"), store: this.store, clock: this.clock, log: silentLogger },
  });
  readonly layers = new Map<string, Layers>([
    ["MKT-1", new Layers({ kappa: "2", base_order_quantity: "100" })],
    ["MKT-2", new Layers({ kappa: "1.5", base_order_quantity: "100" })],
  ]);
  readonly #stop = new AbortController();
  #nowS = 0;

  async open(): Promise<void> {
    await this.watcher.start();
    void this.watcher.run(this.#stop.signal);
  }

  async do(command: Command): Promise<void> {
    switch (command.kind) {
      case "write":
        return await this.#write(command);
      case "away":
        this.store.isAway = command.isAway;
        return;
      case "look":
        await this.watcher.check();
        return this.#look();
      case "emptied":
        this.store.empty();
        for (const layers of this.layers.values()) {
          layers.stored = { lasting: {}, temporary: {}, endsS: null };
          layers.version = 0;
        }
        return;
      case "wait":
        for (let second = 0; second < command.seconds; second++) await this.#tick();
    }
  }

  check(): void {
    for (const [market, { inForce }] of this.layers) {
      const { kappa, baseOrderQuantity } = this.watcher.market(market).config;
      assert.deepEqual([kappa, baseOrderQuantity], [
        Number(inForce.kappa),
        Number(inForce.base_order_quantity),
      ], `${market} after ${this.#nowS} s`);
    }
  }

  close(): void {
    this.#stop.abort();
  }

  async #tick(): Promise<void> {
    this.#nowS++;
    await this.clock.advance(1_000);
    for (const layers of this.layers.values()) layers.end(this.#nowS);
    if (this.#nowS % LOOK_EVERY_S === 0) this.#look();
  }

  #look(): void {
    if (this.store.isAway) return;
    for (const layers of this.layers.values()) layers.look(this.#nowS);
  }

  async #write(command: Extract<Command, { kind: "write" }>): Promise<void> {
    const { market, setting, text, lifeS, isStale } = command;
    const layers = this.layers.get(market);
    if (layers === undefined || this.store.isAway) return;
    const result = await this.store.write(overrideWrite({
      target: market,
      temporary: lifeS !== null,
      set: text === null ? {} : { [setting]: text },
      remove: text === null ? [setting] : [],
      lifeMs: lifeS === null ? null : lifeS * 1_000,
      expectedVersion: layers.version - (isStale ? 1 : 0),
    }));
    assert.equal(result.written, !isStale);
    if (result.written) layers.write(command, this.#nowS);
  }
}

const command = fc.oneof<fc.WeightedArbitrary<Command>[]>(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("write"),
      market: fc.constantFrom(...MARKETS, "MKT-1", "MKT-1"),
      setting: fc.constantFrom(...SETTINGS),
      text: fc.constantFrom("1", "7", "40", "0.5", "-3", "many", "", null),
      lifeS: fc.constantFrom(null, null, 20.5, 70.5),
      isStale: fc.constantFrom(false, false, false, false, true),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("away"), isAway: fc.constantFrom(true, false) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("look") }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("emptied") }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("wait"), seconds: fc.constantFrom(1, 10, 31, 75) }),
  },
);

Deno.test("model, configuration overlay: what is in force is the strongest good value that was seen, whatever is written and lost", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { maxLength: 20 }), async (commands) => {
      const bench = new Bench();
      await bench.open();
      for (const command of commands) {
        await bench.do(command);
        bench.check();
      }
      bench.close();
      await bench.clock.advance(LOOK_EVERY_S * 1_000);
    }),
    { numRuns: 100 },
  );
});
