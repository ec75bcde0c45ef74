import { EventHub } from "../../src/runtime/event_hub.ts";
import { systemClock } from "../../src/runtime/clock.ts";
import type { MarketStatusReport } from "../../src/service/service_api.ts";
import { serve, type ServedSite } from "./dashboard_stage.ts";
import { fakeService, marketStatus, openOrder, serviceStatus } from "./service.ts";
import { siteOf } from "./site.ts";

/** The pages of a bot that claims to work many markets. */
export interface ManyMarkets {
  readonly served: ServedSite;
  /** Changes one market. */
  change(index: number, to: Partial<MarketStatusReport>): void;
  close(): Promise<void>;
}

/** Serves the pages of a bot that has so many markets, none of which does anything by itself. */
export function manyMarkets(count: number): ManyMarkets {
  const markets = Array.from({ length: count }, (_, index) =>
    marketStatus({
      marketId: `m-${index}`,
      title: `Will event number ${index} happen before the end of the year?`,
      orders: {
        BID: [openOrder("BID", 20 + index % 50, 100)],
        ASK: [openOrder("ASK", 25 + index % 50, 100)],
      },
      cycles: 1,
    }));
  const service = fakeService({
    status: () => serviceStatus({ nowMs: systemClock.nowMs(), markets: [...markets] }),
  });
  const hub = new EventHub(systemClock);
  const site = siteOf(service, { clock: systemClock, hub, markets: count });
  const served = serve(site.app);
  return {
    served,
    change: (index, to) => {
      const found = markets[index];
      if (found !== undefined) markets[index] = { ...found, ...to };
    },
    async close() {
      site.close();
      await served.cut();
    },
  };
}
