import { z } from "zod";
import { DAY_MS } from "../../src/models/market.ts";
import type { Clock } from "../../src/runtime/clock.ts";
import type { Random } from "../../src/runtime/random.ts";
import type { FakeExchange } from "../exchange/mod.ts";
import { pathSchema, pricePath } from "../price_path.ts";
import { traderSpecSchema } from "../traders/mod.ts";
import type { Trader } from "../traders/trader.ts";
import { admitTraders } from "../venue.ts";

/**
 * A loose book on both sides, there after ten seconds, and people who trade against it every half a
 * minute or so.
 */
const TRADERS = z.array(traderSpecSchema).parse([
  { kind: "crowd", start_price: 50, refresh: "10s" },
  { kind: "noise", rate_per_hour: 120, size: 5 },
  { kind: "informed", rate_per_hour: 30, size: 5 },
]);

const PATH = pathSchema.parse({ start: 50, diffusion: "logit" });

/** Brings simulated traders into every active market; they wait to be started. */
export function streetTraders(
  exchange: FakeExchange,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): readonly Trader[] {
  const startMs = clock.monotonicMs();
  return exchange.markets()
    .filter(({ status }) => status === "ACTIVE")
    .flatMap(({ marketId, tradingEndAtMs }) => {
      const stream = random.fork(marketId);
      const endsInMs = Math.max(DAY_MS, (tradingEndAtMs ?? 0) - clock.nowMs());
      return admitTraders({
        exchange,
        market: { id: marketId, traders: TRADERS },
        path: pricePath({ spec: PATH, endsInMs, random: stream.fork("path") }),
        clock,
        random: stream,
        elapsedMs: () => clock.monotonicMs() - startMs,
      });
    });
}
