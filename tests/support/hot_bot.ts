import { ConfigEditor } from "../../src/config/hot/editor.ts";
import type { OverrideStore } from "../../src/config/hot/override_store.ts";
import { ConfigWatcher } from "../../src/config/hot/watcher.ts";
import type { LoadedConfig } from "../../src/config/load_config.ts";
import { silentLogger } from "../../src/runtime/log.ts";
import type { VirtualClock } from "../../src/runtime/virtual_clock.ts";
import { START_MS, TestVenue, type VenueOptions } from "./venue.ts";

/** The reload interval of a configuration that says nothing else, seconds. */
export const RELOAD_S = 30;

/** A bot on a fake venue whose settings can be changed while it runs. */
export interface HotBot<Store extends OverrideStore> {
  readonly venue: TestVenue;
  readonly store: Store;
  /** Changes settings as an operator's tool in another process would. */
  readonly editor: ConfigEditor;
  /** The watcher of the process that runs now. */
  readonly watcher: () => ConfigWatcher;
}

/** Puts a bot together; it is not started. */
export function hotBot<Store extends OverrideStore>(
  base: LoadedConfig,
  storeOn: (clock: VirtualClock) => Store,
  options: VenueOptions = {},
): HotBot<Store> {
  const parts: { store?: Store; watcher?: ConfigWatcher } = {};
  const venue = new TestVenue({
    ...options,
    config: base.config,
    configFeed: (clock, log) => {
      const store = parts.store ??= storeOn(clock);
      return parts.watcher = new ConfigWatcher({ base, store, clock, log });
    },
  });
  const { store } = parts;
  if (store === undefined) throw new Error("the venue makes a process at once");
  const { clock } = venue;
  return {
    venue,
    store,
    editor: new ConfigEditor({ base, store, clock, log: silentLogger }),
    watcher: () => {
      if (parts.watcher === undefined) throw new Error("the venue makes a process at once");
      return parts.watcher;
    },
  };
}

/** What an operator says with each change of a test. */
export const BY_ANNA = { target: "MKT-1", operator: "anna", reason: "a test" } as const;

/** ISO time of a moment of the virtual clock, seconds after the start. */
export function isoAt(seconds: number): string {
  return new Date(START_MS + seconds * 1000).toISOString();
}
