/**
 * The budget manager (§11): what the market has earned or spent, today and in total, against its
 * limits.
 */

import type { MarketConfig } from "../config/registry.ts";
import { equityCents, type Holdings, netShares, pairs } from "../models/inventory.ts";
import { DAY_MS } from "../models/market.ts";
import { type Cents, cents, PAIR_CENTS } from "../models/money.ts";
import type { Ledger } from "./ledger.ts";

/**
 * The base of the day's profit; persisted, so that a restart does not forget the losses of the day
 * (L-28).
 */
export interface DayState {
  /** UTC day, `YYYY-MM-DD`. */
  readonly day: string;
  /** Equity when the day began, or when the market was first seen on it. */
  readonly startEquityCents: Cents;
  readonly depositsTodayCents: Cents;
  /** Own fills of the day. */
  readonly fills: number;
}

/** The day that was named last: every cycle of a day asks for the same name. */
let named = { dayNumber: NaN, day: "" };

/** The UTC day of a time, `YYYY-MM-DD`; days compare as texts. */
export function utcDay(nowMs: number): string {
  const dayNumber = Math.floor(nowMs / DAY_MS);
  if (dayNumber !== named.dayNumber) {
    named = { dayNumber, day: new Date(nowMs).toISOString().slice(0, 10) };
  }
  return named.day;
}

/**
 * The day state in force: the given one until midnight UTC, then a new one that starts at the
 * present equity. A clock that is set back does not begin the old day anew, which would wipe out
 * its losses.
 * @param nowMs wall time, epoch milliseconds
 * @param currentEquityCents equity at the present mark
 */
export function rollDay(
  state: DayState | null,
  nowMs: number,
  currentEquityCents: Cents,
): DayState {
  const day = utcDay(nowMs);
  if (state !== null && state.day >= day) return state;
  return { day, startEquityCents: currentEquityCents, depositsTodayCents: cents(0), fills: 0 };
}

/** Notes a deposit of today (negative: a withdrawal); to be called together with `bookDeposit`. */
export function noteDeposit(state: DayState, amountCents: Cents): DayState {
  return { ...state, depositsTodayCents: cents(state.depositsTodayCents + amountCents) };
}

/** Notes own fills of the day. */
export function noteFills(state: DayState, fills: number): DayState {
  return fills === 0 ? state : { ...state, fills: state.fills + fills };
}

/** Figures of one market in cents. */
export interface ProfitAndLoss {
  /** Cash plus marked holdings. */
  readonly equityCents: Cents;
  readonly pnlDayCents: Cents;
  readonly pnlTotalCents: Cents;
  /** Total profit if the contract that is heavy turns out worthless. */
  readonly worstCaseCents: Cents;
}

/** What profit and loss follow from. */
export interface BudgetInput {
  readonly ledger: Ledger;
  readonly holdings: Holdings;
  /** Value of one YES share in cents, 0 to 100, exact and not rounded. */
  readonly markCents: number;
  readonly day: DayState;
}

/**
 * Equity, profit of the day and in total, and the worst case (§11). Pairs are worth 100 cents
 * whatever the price is; only the net position carries risk.
 * @throws RangeError for a mark that is not a number from 0 to 100: no figure is better than a
 *   wrong one
 */
export function profitAndLoss({ ledger, holdings, markCents, day }: BudgetInput): ProfitAndLoss {
  if (!(markCents >= 0 && markCents <= PAIR_CENTS)) {
    throw new RangeError(`Cannot mark holdings at ${markCents} cents: it must be from 0 to 100`);
  }
  const { marketCashCents, initialFundingCents, netDepositsCents } = ledger;
  const equity = equityCents(marketCashCents, holdings, markCents);
  const paidIn = initialFundingCents + netDepositsCents;
  return {
    equityCents: equity,
    pnlDayCents: cents(equity - day.startEquityCents - day.depositsTodayCents),
    pnlTotalCents: cents(equity - paidIn),
    worstCaseCents: cents(marketCashCents + PAIR_CENTS * pairs(holdings) - paidIn),
  };
}

/**
 * The figure that every limit of one market is compared with: the worse of day and total (C-07).
 */
export function riskPnl(pnl: Pick<ProfitAndLoss, "pnlDayCents" | "pnlTotalCents">): Cents {
  return cents(Math.min(pnl.pnlDayCents, pnl.pnlTotalCents));
}

/** Where the market stands, for marking. */
export interface MarkInput {
  readonly holdings: Holdings;
  /** Fair YES price in cents, exact. */
  readonly fairCents: number;
  /** Own best YES prices, null where nothing is quoted. */
  readonly ownBid: number | null;
  readonly ownAsk: number | null;
}

/**
 * The YES price at which the net position is valued (`mark_source`): the fair price, or with
 * `conservative` the own quote at which the position could be reduced, if that is worse.
 */
export function markOf(input: MarkInput, config: Pick<MarketConfig, "markSource">): number {
  const { holdings, fairCents, ownBid, ownAsk } = input;
  if (config.markSource === "fair") return fairCents;
  return netShares(holdings) >= 0
    ? Math.min(fairCents, ownAsk ?? fairCents)
    : Math.max(fairCents, ownBid ?? fairCents);
}

/**
 * Profit of the day over all markets of all instances: what each published last, with the live
 * figures of the markets worked here in place of theirs (state and events spec §2.6).
 */
export function globalDayPnl(
  published: Readonly<Record<string, number>>,
  live: Readonly<Record<string, number>>,
): Cents {
  const figures = Object.values({ ...published, ...live });
  return cents(figures.reduce((sum, pnl) => sum + pnl, 0));
}

/** A loss budget that is nearly used up. */
export interface LossAlert {
  /** The setting that holds the budget. */
  readonly budget: "max_per_market_loss_cents" | "max_daily_loss_cents";
  readonly lossCents: number;
  readonly limitCents: number;
}

/** The losses that are watched. */
export interface LossInput {
  /** Worse of day and total of the market, from {@link riskPnl}. */
  readonly riskPnlCents: number;
  /** Of all markets, from {@link globalDayPnl}. */
  readonly globalDayPnlCents: number;
  /** `max_daily_loss_cents`. */
  readonly maxDailyLossCents: number;
}

/**
 * The budgets of which `daily_loss_alert_ratio` or more is lost; worth telling a person once each.
 */
export function lossAlerts(
  input: LossInput,
  config: Pick<MarketConfig, "maxPerMarketLossCents" | "dailyLossAlertRatio">,
): readonly LossAlert[] {
  const alerts: LossAlert[] = [];
  const watch = (budget: LossAlert["budget"], lossCents: number, limitCents: number) => {
    const isNear = lossCents >= config.dailyLossAlertRatio * limitCents;
    if (isNear) alerts.push({ budget, lossCents, limitCents });
  };
  watch("max_per_market_loss_cents", -input.riskPnlCents, config.maxPerMarketLossCents);
  watch("max_daily_loss_cents", -input.globalDayPnlCents, input.maxDailyLossCents);
  return alerts;
}
