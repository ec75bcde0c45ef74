import { MemoryConfig } from "../../src/cache/memory_config.ts";
import type { OverrideStore } from "../../src/config/hot/override_store.ts";
import type { Clock } from "../../src/runtime/clock.ts";
import type { StoreLine } from "./store.ts";

/** Settings that operators leave in the store, some of them by hand. */
export class WorldOverrides {
  readonly #clock: Clock;
  readonly #byHand = new Map<string, Record<string, string>>();
  #inner: MemoryConfig;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#inner = new MemoryConfig(clock);
  }

  /** Writes a field by hand, as with `redis-cli HSET`. */
  set(target: string, setting: string, value: string): void {
    this.#byHand.set(target, { ...this.#byHand.get(target), [setting]: value });
  }

  /** It starts again without its data. */
  clear(): void {
    this.#byHand.clear();
    this.#inner = new MemoryConfig(this.#clock);
  }

  /** As one process sees it. */
  over(line: StoreLine): OverrideStore {
    return {
      read: (targets) =>
        line.call("readOverrides", async () => {
          const stored = await this.#inner.read(targets);
          return new Map([...stored].map(([target, found]) => {
            const fields = this.#byHand.get(target);
            if (fields === undefined || !found.lasting.readable) return [target, found] as const;
            const lasting = {
              readable: true as const,
              fields: { ...found.lasting.fields, ...fields },
            };
            return [target, { ...found, lasting }] as const;
          }));
        }),
      write: (change) => line.call("writeOverrides", () => this.#inner.write(change)),
      publish: (id, records, snapshot) =>
        line.call("publish", () => this.#inner.publish(id, records, snapshot)),
      audit: (id, offset, limit) => line.call("audit", () => this.#inner.audit(id, offset, limit)),
    };
  }
}
