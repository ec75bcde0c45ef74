/** What the pages answer with. Prices are YES cents, times epoch milliseconds. */

import { z } from "zod";
import { HIDDEN } from "../runtime/wire.ts";

const cents = z.number();
const level = z.enum(["NORMAL", "WIDEN", "ONE_SIDE", "KILL_SWITCH"]);
const latch = z.looseObject({ reason: z.string(), at_ms: z.number(), source: z.string() });
const operatorOrder = z.looseObject({
  kind: z.enum(["pause", "flatten"]),
  stage: z.enum(["withdrawing", "reducing", "flat"]).optional(),
  operator: z.string(),
  reason: z.string(),
});

/** One row of the overview. */
export const marketRow = z.object({
  market_id: z.string(),
  title: z.string(),
  lifecycle: z.enum(["STARTING", "RUNNING", "EMERGENCY", "WINDING_DOWN", "STOPPED"]),
  /** Why the market is not quoted, null when it is. */
  problem: z.string().nullable(),
  phase: z.enum(["EXPLORATION", "STABILIZATION"]).nullable(),
  level: level.nullable(),
  pauses: z.array(z.string()),
  latch: latch.nullable(),
  operator_order: operatorOrder.nullable(),
  bid_cents: cents.nullable(),
  ask_cents: cents.nullable(),
  fair_cents: cents.nullable(),
  /** Between the own best quotes. */
  spread_cents: cents.nullable(),
  /** YES less NO. */
  net_shares: z.number().nullable(),
  effective_skew: z.number().nullable(),
  /** Profit in total if the contract that is heavy turns out worthless. */
  worst_case_cents: cents.nullable(),
  pnl_day_cents: cents.nullable(),
  pnl_total_cents: cents.nullable(),
  /** Since this process works the market; with the volume it is what a traded share costs. */
  pnl_session_cents: cents,
  volume_shares: z.number(),
  orders: z.int(),
  cycles: z.int(),
  failed_cycles: z.int(),
  last_cycle_at_ms: z.number().nullable(),
  config_version: z.int().nullable(),
});

/** The overview. */
export const overview = z.object({
  mode: z.enum(["paper", "live"]),
  state: z.enum(["starting", "running", "stopping", "stopped"]),
  ready: z.boolean(),
  at_ms: z.number(),
  started_at_ms: z.number(),
  /** Name of this process among those that share the markets, null if it works alone. */
  instance_id: z.string().nullable(),
  pnl_day_cents: cents,
  global_latch: latch.nullable(),
  store_problem: z.string().nullable(),
  markets: z.array(marketRow),
});

/** An explanation is as long as the quote has terms; `/status` shows the same. */
export const explanation = z.looseObject({
  market_id: z.string(),
  cycle: z.int(),
  config_version: z.int(),
  at_ms: z.number(),
});

const ownOrder = z.looseObject({
  order_id: z.string(),
  side: z.enum(["BID", "ASK"]),
  yes_price_cents: cents,
  remaining: z.number(),
  age_ms: z.number(),
});

const bookLevel = z.object({ price_cents: cents, quantity: z.number() });

/** What is told of a market only to somebody who looks at this one. */
const closeUp = z.object({
  venue_status: z.string().nullable(),
  trading_end_at_ms: z.number().nullable(),
  /** Best first; without own orders. */
  others_book: z.object({
    bids: z.array(bookLevel),
    asks: z.array(bookLevel),
    last_trade_price_cents: cents.nullish(),
  }).nullable(),
  risk_limits: z.object({
    skew_widen: z.number(),
    skew_one_side: z.number(),
    skew_kill: z.number(),
    max_loss_cents: cents,
    max_net_shares: z.number(),
  }),
  /** What the payout brought beyond the last valuation; 0 before. */
  settlement_cents: cents,
});

/** Where the profit came from since this process works the market. */
const profit = z.object({
  since_ms: z.number().nullable(),
  total_cents: cents,
  /** Bought below and sold above the fair price of that moment. */
  spread_cents: cents,
  /** What was held gained or lost as the fair price moved. */
  inventory_cents: cents,
  fees_cents: cents,
  volume_shares: z.number(),
});

/** Everything about one market. */
export const marketDetail = z.object({
  ...marketRow.shape,
  at_ms: z.number(),
  own_trades: z.int(),
  close_up: closeUp.nullable(),
  profit,
  /** Best first on each side. */
  own_orders: z.object({ BID: z.array(ownOrder), ASK: z.array(ownOrder) }),
  inventory: z.record(z.string(), z.unknown()).nullable(),
  limits: z.record(z.string(), z.unknown()).nullable(),
  lease: z.record(z.string(), z.unknown()).nullable(),
  explanation: explanation.nullable(),
});

/** One cycle as a point of a chart. */
export const historyPoint = z.object({
  cycle: z.int(),
  at_ms: z.number(),
  fair_cents: cents.nullable(),
  bid_cents: cents.nullable(),
  ask_cents: cents.nullable(),
  skew: z.number(),
  net_shares: z.number(),
  pnl_day_cents: cents,
  pnl_total_cents: cents,
  level,
});

/** An own trade, with the quote at that moment and what it was worth later, per share. */
export const tradeRecord = z.object({
  fill: z.looseObject({
    trade_id: z.string(),
    executed_at_ms: z.number(),
    side: z.enum(["BID", "ASK"]),
    yes_price_cents: cents,
    quantity: z.number(),
    fee_cents: cents,
  }),
  quote: historyPoint.nullable(),
  markouts: z.array(z.object({ after_ms: z.number(), cents: cents.nullable() })),
});

/** A risk event. */
export const riskEvent = z.object({
  seq: z.int(),
  at_ms: z.number(),
  level: z.enum(["DEBUG", "INFO", "WARN", "ERROR"]),
  event: z.string(),
  market_id: z.string().nullable(),
  fields: z.record(z.string(), z.unknown()),
});

/** A kill: how many orders are gone for certain, and what may remain. */
export const killAnswer = z.object({
  cancelled: z.int(),
  /** True if the venue has listed what is left in every market that was to be killed. */
  verified: z.boolean(),
  /** The markets that this process has killed itself, and whether the venue has listed each. */
  killed_here: z.array(z.object({ market_id: z.string(), verified: z.boolean() })),
  /** Markets that other processes hold, or nobody: look there before you rely on the kill. */
  left_to_holders: z.array(z.object({
    market_id: z.string(),
    /** Who has to obey, within a cycle; null if nobody holds the market: whoever does next. */
    holder: z.string().nullable(),
    /** False while the store has not taken the kill; it is tried again every second. */
    is_written: z.boolean(),
  })),
  remaining: z.array(z.looseObject({ order_id: z.string(), market_id: z.string() })),
  /** What kept markets from being killed; the others are. */
  refused: z.array(z.object({ market_id: z.string(), cause: z.string() })),
});

/** What a command came to in each market. */
export const commandAnswer = z.object({
  markets: z.array(z.object({
    market_id: z.string(),
    kind: z.enum(["done", "killed", "passed_on", "pending", "reconciled", "refused"]),
    cause: z.string().optional(),
    /** Who has to obey, where that is another process. */
    holder: z.string().nullable().optional(),
    drifts: z.array(z.string()).optional(),
  })),
});

const finding = z.looseObject({ key: z.string(), message: z.string() });
const fieldChange = z.object({ name: z.string(), old: z.unknown(), new: z.unknown() });

/** The configuration of a target in force. */
export const effectiveConfig = z.object({
  target: z.string(),
  version: z.int(),
  /** A secret is a text that says no more than that. */
  settings: z.record(
    z.string(),
    z.union([z.object({ value: z.unknown(), origin: z.string() }), z.literal(HIDDEN)]),
  ),
  rejected: z.array(finding),
  temporary_life_ms: z.number().nullable(),
});

/** How a setting is declared. */
export const parameter = z.object({
  name: z.string(),
  group: z.string(),
  type: z.string(),
  description: z.string(),
  unit: z.string().nullable(),
  min: z.number().nullable(),
  max: z.number().nullable(),
  /** The words of a choice. */
  values: z.array(z.string()).nullable(),
  nullable: z.boolean(),
  /** False for what takes a restart. */
  is_hot: z.boolean(),
});

/** A change of the settings of a target; `overrides` is what a rollback to it restores. */
export const configRecord = z.object({
  event: z.string(),
  at: z.string(),
  version: z.int(),
  operator: z.string(),
  approver: z.string().nullable(),
  reason: z.string(),
  changes: z.array(fieldChange),
  findings: z.array(z.string()),
  life_ms: z.number().nullable(),
  overrides: z.record(z.string(), z.string()).nullable(),
});

/** What a change of settings came to, or would. */
export const editAnswer = z.object({
  kind: z.enum(["written", "valid"]),
  version: z.int(),
  changes: z.array(fieldChange),
  warnings: z.array(finding),
  /** What the last quote would have been with the change; only for a dry run of a market. */
  preview: z.record(z.string(), z.unknown()).nullable(),
});

/** A call that was meant to change something. */
export const auditEntry = z.object({
  seq: z.int(),
  at_ms: z.number(),
  operator: z.string().nullable(),
  action: z.string(),
  target: z.string(),
  reason: z.string().nullable(),
  outcome: z.string(),
  request_id: z.string(),
});
