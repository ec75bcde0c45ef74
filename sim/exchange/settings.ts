/**
 * The catalogue of §15: defects of the deployed exchange. Q-18 overrules `enforceMarketLimits`;
 * live in the HTTP layer.
 */
export const ALL_QUIRKS = [
  "Q-01",
  "Q-02",
  "Q-03",
  "Q-04",
  "Q-05",
  "Q-06",
  "Q-07",
  "Q-08",
  "Q-09",
  "Q-10",
  "Q-11",
  "Q-12",
  "Q-13",
  "Q-14",
  "Q-15",
  "Q-16",
  "Q-17",
  "Q-18",
  "Q-19",
  "Q-20",
  "Q-21",
  "Q-22",
  "Q-23",
] as const;

/** A defect of the deployed exchange that can be switched on (§15). */
export type QuirkId = typeof ALL_QUIRKS[number];

/** How the exchange deviates from, or completes, the reference profile (§0). */
export interface ExchangeSettings {
  /** Charges makers `maker_fee_bps` too (§8.3). */
  readonly makerFee: boolean;
  /** Lists privileged mints and burns among the trades of the AMM (§10). */
  readonly auditTrades: boolean;
  /** Enforces each market's own price, size, amount and position limits (§4). */
  readonly enforceMarketLimits: boolean;
  /** How many orders that are done, trades and ledger entries are kept for each user. */
  readonly retainedPerUser: number;
  readonly quirks: ReadonlySet<QuirkId>;
}

/** The reference profile. */
export const REFERENCE_SETTINGS: ExchangeSettings = {
  makerFee: false,
  auditTrades: false,
  enforceMarketLimits: false,
  retainedPerUser: 20_000,
  quirks: new Set(),
};
