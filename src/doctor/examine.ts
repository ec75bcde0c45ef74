/** The examination: which checks there are, in which order, and what each builds on. */

import type { LoadResult } from "../config/load_config.ts";
import type { ProcessConfig } from "../config/process_config.ts";
import type { MarketConfig } from "../config/registry.ts";
import { pairs, type Position } from "../models/inventory.ts";
import {
  checkAccount,
  checkFunding,
  checkPairs,
  checkPrivileges,
  checkTrades,
  type MarketHolding,
} from "./account_checks.ts";
import { type Attempt, both, type Checkup, FROM_THE_START } from "./checkup.ts";
import { checkClock, checkLatency, checkLogin, checkReachability } from "./login_checks.ts";
import {
  checkBook,
  checkFeeFloor,
  checkFees,
  checkOpenOrders,
  checkPosition,
  checkPriceLimits,
  checkStatus,
  checkTradingTime,
} from "./market_checks.ts";
import { checkMint, type MintFinding } from "./mint_check.ts";
import { openSession, type Outside, type Session } from "./session.ts";
import {
  checkConfiguration,
  checkMarkets,
  checkMode,
  checkNetwork,
  checkPermissions,
  checkStore,
  type Permits,
  type PingRedis,
  secretsOf,
} from "./setup_checks.ts";

/** The outside, as far as the examination touches it. */
export interface Instruments extends Outside {
  readonly permits: Permits;
  readonly pingRedis: PingRedis;
}

/** What is examined, and with what. */
export interface Examination extends Instruments {
  readonly checkup: Checkup;
  readonly result: LoadResult;
  /** The file of `--config`. */
  readonly file: string | undefined;
  /** True if a pair may be minted and burned in each market. */
  readonly tryMint: boolean;
}

/** A venue at which the bot is the account that it must be. */
interface Accounts {
  /** Reads of the venue work. */
  readonly session: Attempt<Session>;
  /** What is the account's is the bot's. */
  readonly own: Attempt<Session>;
  /** Mint, burn and replace work. */
  readonly privileged: Attempt<Session>;
}

/**
 * Checks a live set-up, from the permissions of the process to its markets. It reads, opens
 * sessions and asks for one replacement that cannot happen; only with `tryMint` it moves money. A
 * paper set-up has nothing to check beyond its configuration.
 */
export async function examine(examination: Examination): Promise<void> {
  const { result } = examination;
  const live = await examineConfiguration(examination);
  if (result.ok && result.config.mode === "paper") return;
  const config = await examineSurroundings(examination, live);
  const accounts = await examineAccess(examination, config);
  const found: MarketFound[] = [];
  for (const market of result.ok ? result.config.markets.values() : []) {
    found.push(await examineMarket(examination, accounts, market));
  }
  await examineTogether(examination, accounts, found);
}

async function examineConfiguration(examination: Examination): Promise<Attempt<ProcessConfig>> {
  const { checkup, permits, result, file } = examination;
  if (result.ok) checkup.conceal(...secretsOf(result.config.global));
  const permitted = await checkup.check(
    { name: "permissions", after: FROM_THE_START },
    () => checkPermissions(permits, file),
  );
  const config = await checkup.check(
    { name: "configuration", after: permitted },
    () => checkConfiguration(result, file),
  );
  return await checkup.check({ name: "mode", after: config }, checkMode);
}

/** What does not need the venue. */
async function examineSurroundings(
  { checkup, permits, pingRedis, clock }: Examination,
  live: Attempt<ProcessConfig>,
): Promise<Attempt<ProcessConfig>> {
  const named = await checkup.check({ name: "markets", after: live }, checkMarkets);
  const network = await checkup.check(
    { name: "network", after: named },
    (config) => checkNetwork(permits, config),
  );
  await checkup.check(
    { name: "state store", after: network },
    ({ global }) => checkStore(pingRedis, global, clock),
  );
  return network;
}

/** The way to the venue and into the account. */
async function examineAccess(
  examination: Examination,
  config: Attempt<ProcessConfig>,
): Promise<Accounts> {
  const { checkup } = examination;
  const session = await examineLogin(examination, config);
  const own = await checkup.check({ name: "account", after: session }, checkAccount);
  const privileged = await checkup.check({ name: "privileges", after: own }, checkPrivileges);
  await checkup.check({ name: "trades", after: own }, checkTrades);
  return { session, own, privileged };
}

async function examineLogin(
  examination: Examination,
  config: Attempt<ProcessConfig>,
): Promise<Attempt<Session>> {
  const { checkup } = examination;
  const probe = await checkup.check(
    { name: "reachability", after: config },
    ({ global }) => checkReachability({ ...examination, global }),
  );
  const target = both(config, probe);
  await checkup.check(
    { name: "latency", after: target },
    ([config, probe]) => checkLatency(probe, config),
  );
  const login = await checkup.check(
    { name: "login", after: target },
    ([{ global }, probe]) => checkLogin(probe, global),
  );
  await checkup.check({ name: "clock", after: probe }, checkClock);
  const entered = both(config, login);
  if (!entered.passed) return entered;
  const [used, { accessToken, refreshToken }] = entered.value;
  checkup.conceal(accessToken, refreshToken);
  return { passed: true, value: openSession(used, examination) };
}

/** What a market has shown, for the checks of all markets together. */
interface MarketFound {
  readonly config: MarketConfig;
  readonly position: Attempt<Position>;
  readonly mint: Attempt<MintFinding>;
}

/** What the record of a market is compared with the configuration for. */
const RECORD_CHECKS = [
  ["trading time", checkTradingTime],
  ["price limits", checkPriceLimits],
  ["fees", checkFees],
  ["fee floor", checkFeeFloor],
] as const;

async function examineMarket(
  { checkup, clock, tryMint }: Examination,
  { session, own, privileged }: Accounts,
  config: MarketConfig,
): Promise<MarketFound> {
  const market = config.marketId;
  const record = await checkup.check(
    { name: "status", market, after: session },
    ({ connector }) => checkStatus(connector, market),
  );
  for (const [name, judge] of RECORD_CHECKS) {
    await checkup.check(
      { name, market, after: record },
      (record) => judge(record, config, clock.nowMs()),
    );
  }
  await checkup.check(
    { name: "order book", market, after: both(session, record) },
    ([{ connector }]) => checkBook(connector, market),
  );
  await checkup.check(
    { name: "open orders", market, after: own },
    ({ connector }) => checkOpenOrders(connector, market),
  );
  const position = await checkup.check(
    { name: "position", market, after: own },
    ({ connector }) => checkPosition(connector, config),
  );
  const mint = await checkup.check(
    { name: "mint", market, after: both(both(privileged, record), position), completes: true },
    ([[{ connector }], position]) =>
      checkMint({ connector, config, position, asked: tryMint, nowMs: clock.nowMs() }),
  );
  return { config, position, mint };
}

/** What only shows when all markets are known. */
async function examineTogether(
  { checkup }: Examination,
  { session, own }: Accounts,
  markets: readonly MarketFound[],
): Promise<void> {
  const holdings = both(own, allHoldings(markets));
  await checkup.check(
    { name: "funding", after: holdings },
    ([{ connector }, held]) => checkFunding(connector, held),
  );
  await checkup.check({ name: "pairs", after: holdings }, () => checkPairs(withPairs(markets)));
  await checkup.check(
    { name: "rate limits", after: session },
    ({ limits, config }) => limits.judge(config.global),
  );
}

/** What the account holds in every market, if that is known of all. */
function allHoldings(markets: readonly MarketFound[]): Attempt<readonly MarketHolding[]> {
  const holdings: MarketHolding[] = [];
  for (const { config, position } of markets) {
    if (!position.passed) return position;
    holdings.push({ config, position: position.value });
  }
  return { passed: true, value: holdings };
}

/** Markets in which the account was seen with a pair. */
function withPairs(markets: readonly MarketFound[]): readonly string[] {
  return markets
    .filter(({ position, mint }) =>
      (mint.passed && mint.value.pairSeen) || (position.passed && pairs(position.value) > 0)
    )
    .map(({ config }) => config.marketId);
}
