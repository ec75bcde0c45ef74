/**
 * A venue inside the process: matching, clearing and lifecycle as the matching engine spec has
 * them, with the defects of the deployed exchange as switches, and a {@link InProcessConnector} for
 * the bot.
 */

export { ExchangeControl } from "./control.ts";
export type { AccountDump, MarketDump, StateDump } from "./dump.ts";
export { FakeExchange, type FakeExchangeOptions } from "./fake_exchange.ts";
export {
  type Fault,
  InProcessConnector,
  type InProcessConnectorOptions,
  type Intercept,
} from "./in_process_connector.ts";
export { type Answer, attempt, ExchangeCode, Refusal, VenueCrash, VenueHang } from "./refusal.ts";
export { ALL_QUIRKS, type ExchangeSettings, type QuirkId, REFERENCE_SETTINGS } from "./settings.ts";
export type { TradeListener } from "./trades.ts";
export * from "./types.ts";
