import { type PriceSource, PriceSourceError } from "../src/oracle/price_source.ts";
import { type Clock, sleep } from "../src/runtime/clock.ts";
import type { ScenarioMarket } from "./scenario/schema.ts";
import type { SimulatedVenue } from "./venue.ts";

/** What outside prices are made of. */
export interface OutsidePriceOptions {
  readonly markets: readonly Pick<ScenarioMarket, "id" | "oracle">[];
  readonly venue: Pick<SimulatedVenue, "trueCents">;
  readonly clock: Clock;
}

/**
 * Outside prices of the markets whose scenario has an oracle: the truth, as old as its lag and off
 * by its error. The slug is the id of the market.
 */
export function outsidePrices({ markets, venue, clock }: OutsidePriceOptions): PriceSource {
  const oracles = new Map(markets.map(({ id, oracle }) => [id, oracle]));
  return {
    async read({ oracleSlug }) {
      const oracle = oracles.get(oracleSlug ?? "");
      if (oracleSlug === null || oracle === undefined) {
        throw new PriceSourceError("the scenario has no oracle for this market");
      }
      const priceCents = venue.trueCents(oracleSlug) + oracle.offByCents;
      const statedAtMs = clock.nowMs();
      await sleep(clock, oracle.lag);
      return { priceCents, statedAtMs };
    },
  };
}
