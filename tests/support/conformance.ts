import { AMM_USER_ID, FakeExchange, type Fault } from "../../sim/exchange/mod.ts";
import type { VenueUnderTest } from "../../sim/conformance/mod.ts";
import { connectorOver, type Wire } from "../../sim/wire.ts";
import { RateBudget } from "../../src/connector/rate_budget.ts";
import type { Connector } from "../../src/connector/connector.ts";
import { price, shares } from "../../src/models/money.ts";
import { silentLogger } from "../../src/runtime/log.ts";
import { seededRandom } from "../../src/runtime/random.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";
import { processConfig } from "./process_config.ts";

const MARKET = "MKT-1";
const COMMANDS = /^(place|replace|cancel|batchCancel|mint|burn)\b/;

/**
 * A connector of the bot at the fake exchange, for the conformance suite.
 * @param spoil makes another connector of it
 */
export function venueUnderTest(
  wire: Wire,
  spoil: (connector: Connector) => Connector = (connector) => connector,
): VenueUnderTest {
  const clock = new VirtualClock(Date.UTC(2026, 0, 5));
  const exchange = new FakeExchange({ clock });
  exchange.control.createUser({ userId: AMM_USER_ID, cashCents: 100_000 });
  exchange.control.createUser({ userId: "taker", cashCents: 100_000 });
  exchange.control.createMarket({ marketId: MARKET });
  const { global } = processConfig();
  const faults: Fault[] = [];
  const connector = connectorOver(wire, {
    exchange,
    clock,
    global: { ...global, httpMaxRetries: 0 },
    rateBudget: new RateBudget({ clock, ...global }),
    random: seededRandom(1),
    log: silentLogger,
    intercept: (call) => COMMANDS.test(call) ? faults.pop() : undefined,
  });
  return {
    connector: spoil(connector),
    marketId: MARKET,
    take: (contract, atCents, quantity) => {
      const order = { marketId: MARKET, contract, direction: "BUY", timeInForce: "IOC" } as const;
      const terms = { contractPrice: price(atCents), quantity: shares(quantity) };
      exchange.placeOrder("taker", { ...order, ...terms });
      return Promise.resolve();
    },
    suspend: () => {
      exchange.control.patchMarket(MARKET, { status: "SUSPENDED" });
      return Promise.resolve();
    },
    loseNextAnswer: () => void faults.push({ kind: "lose", effect: true }),
    resolve: (work) => clock.resolve(work),
    close: () => Promise.resolve(),
  };
}
