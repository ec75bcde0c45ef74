/**
 * Why a quote is what it is: every term of one cycle of one market, in cents. The status page, the
 * simulator's report and the debug log all show this one object.
 */

import type { Cents, PriceCents, Shares } from "./money.ts";
import type { BookQuote, OrderIntent } from "./order.ts";
import type {
  BookSide,
  DefenseLevel,
  KillReason,
  Lifecycle,
  PauseReason,
  Phase,
  QuoteFunding,
} from "./vocabulary.ts";

/** The three layers of the fair price and their weights (§1 to §4). */
export interface PriceTerms {
  readonly anchorCents: number;
  readonly anchorWeight: number;
  /** Null when the book gave no micro-price; `microReason` says why. */
  readonly microCents: number | null;
  readonly microReason: string;
  readonly microWeight: number;
  readonly posteriorCents: number;
  readonly posteriorStrength: number;
  /** Standard deviation of the belief; null in the modes that have none. */
  readonly posteriorSdCents: number | null;
  readonly posteriorWeight: number;
  /** The weighted mean before any limit. */
  readonly blendCents: number;
  /** Where the step limit and the anchor band let the price be: lowest and highest, cents. */
  readonly allowedCents: readonly [low: number, high: number];
  /** After the step limit and the anchor band; what the learners keep. */
  readonly rawCents: number;
  /** The fair YES price s that is quoted around, rounded if `mid_rounding` says so. */
  readonly fairCents: number;
  /** True if s is rounded to whole cents. */
  readonly rounded: boolean;
  /** Which limits moved the price: `max_mid_step_cents`, `anchor_band_cents`, `range`. */
  readonly limitedBy: readonly string[];
}

/** A factor on the spread or on the quantity, and who asked for it. */
export interface Multiplier {
  readonly name: string;
  readonly value: number;
}

/** The settings in force that shape and confine the touch; cents where nothing else is said. */
export interface SpreadSettings {
  readonly asModel: "linear" | "logit";
  /** Null is infinite. */
  readonly tauHorizonHours: number | null;
  readonly terminalShare: number;
  readonly spreadRiskWeight: number;
  readonly spreadSkewFactor: number;
  readonly maxShiftCents: number;
  readonly minAdjustmentCents: number;
  readonly minAdjustmentSkew: number;
  readonly spreadMinCents: number;
  readonly spreadMaxCents: number;
  readonly maxSpreadMultiplier: number;
  readonly hardSpreadMaxCents: number;
  readonly roundingSlackCents: number;
  /** Bounds of the own YES prices, market and operator together. */
  readonly minPrice: PriceCents;
  readonly maxPrice: PriceCents;
}

/** The Avellaneda–Stoikov terms (§6.5, §7). */
export interface SpreadTerms {
  readonly tauHours: number;
  readonly tauEffectiveHours: number;
  readonly gammaTier: "EARLY" | "MID" | "LATE" | "MATURE";
  readonly gamma: number;
  readonly kappa: number;
  /** Scale of sigma in cents per sqrt(hour). */
  readonly sigmaScaleCents: number;
  /** Sigma: price variance over the effective horizon, cents². */
  readonly varianceCents2: number;
  readonly skew: number;
  readonly shiftCents: number;
  readonly reservationCents: number;
  /** rho·gamma·Sigma. */
  readonly riskSpreadCents: number;
  /** (2/gamma)·ln(1+gamma/kappa). */
  readonly depthSpreadCents: number;
  /** Weight times the standard deviation of the belief: what adverse selection costs. */
  readonly uncertaintySpreadCents: number;
  readonly phaseMinCents: number;
  readonly feeFloorCents: number;
  /** The spread after floors and clamps, before multipliers. */
  readonly baseSpreadCents: number;
  readonly multipliers: readonly Multiplier[];
  /** Product of the multipliers after its cap. */
  readonly multiplier: number;
  /** delta: the full spread that is quoted, before rounding. */
  readonly spreadCents: number;
  readonly modelAskCents: number;
  readonly modelBidCents: number;
  /** The touch that is quoted; outward rounding of the two above, within the bounds. */
  readonly ask: PriceCents;
  readonly bid: PriceCents;
  /** Limits that bound: `spread_min_cents`, `max_shift_cents`, `price_bounds`, … */
  readonly limitedBy: readonly string[];
  readonly settings: SpreadSettings;
}

/** How fast the price has moved of late (§5). */
export interface VolatilityTerms {
  /** Cents per trade. */
  readonly sigmaStepCents: number;
  /** Cents per square root of an hour; null while the window is too short. */
  readonly sigmaHourCents: number | null;
}

/** How the prices of a ladder are spaced (§8). */
export type LadderShape =
  | { readonly type: "LINEAR"; readonly stepCents: number }
  | { readonly type: "GEOMETRIC"; readonly ratio: number };

/** What both ladders are made of (§8). */
export interface LadderTerms {
  /** The phase whose parameters apply. */
  readonly phase: Phase;
  readonly shape: LadderShape;
  readonly levels: number;
  /** Shares of the nearest level, before skew and multipliers. */
  readonly baseShares: number;
  /** Size of a level as a part of the one before. */
  readonly quantityDecay: number;
  /** Growth per level in place of the decay, LINEAR ladders only; 0 = off. */
  readonly quantityGrowth: number;
  readonly qtySkewFactor: number;
  /** Product of the quantity multipliers. */
  readonly quantityMultiplier: number;
  /** The nearest level holds at least so many shares. */
  readonly leastShares: number;
  /** Smaller levels are left out. */
  readonly minOrderQty: number;
  /** Part of the loss room that all of a side's ladder may take, filled and lost; multiplied. */
  readonly lossRatio: number;
  readonly maxOrderQuantity: Shares;
  /** Shape of the ladder that reduces a heavy position, and its levels. */
  readonly unwindingStepCents: number;
  readonly unwindingLevels: number;
}

/** What ONE_SIDE quotes (§10.1). */
export type Unwinding =
  /** Only the reducing side, as a LINEAR ladder from a top price. */
  | Reduction
  /** Nothing is heavy: both sides, wide and small, until a fill makes one heavy (L-23). */
  | { readonly kind: "wide" }
  /** Nothing is heavy and nothing is quoted. */
  | { readonly kind: "none" };

/** The parameters of the unwinding ladder. */
export interface Reduction {
  readonly kind: "reduce";
  /** The side whose fills shrink the net position. */
  readonly side: BookSide;
  /**
   * First ladder price in cents: the YES price of an ASK, 100 minus the YES price of a BID. May be
   * above 99; there is no room for a ladder then.
   */
  readonly topLadderPrice: number;
  /** The lowest that price may be: bounds, greatest concession, and the others' best price. */
  readonly lowestLadderPrice: number;
  /**
   * The most the whole ladder may hold: its complete fill brings the skew to the goal, never past
   * zero.
   */
  readonly maxShares: Shares;
  /** Price cut from the skew, cents. */
  readonly skewDiscountCents: number;
  /** Price cut from waiting: one cent per `max_order_age_ms` without a fill (C-55). */
  readonly ageDiscountCents: number;
  /** Size of the skew at which the ladder ends. */
  readonly goalSkew: number;
}

/** One rule of the defence stack that asks for a level. */
export interface DefenseTrigger {
  readonly rule: string;
  readonly level: DefenseLevel;
  readonly value: number;
  readonly limit: number;
  readonly killReason?: KillReason;
}

/** A kill that only a person may release. */
export interface KillLatch {
  readonly reason: KillReason;
  readonly atMs: number;
  /** Rule, operator or `global`. */
  readonly source: string;
}

/** The defence stack in one cycle (§10). */
export interface DefenseTerms {
  readonly level: DefenseLevel;
  readonly calmCycles: number;
  readonly triggers: readonly DefenseTrigger[];
  readonly pauses: readonly PauseReason[];
  readonly latch: KillLatch | null;
}

/** What is held, and what it is worth (§11). */
export interface InventoryTerms {
  readonly yes: Shares;
  readonly no: Shares;
  readonly skew: number;
  readonly effectiveSkew: number;
  readonly skewFloorShares: number;
  readonly marketCashCents: Cents;
  readonly freeCashCents: Cents;
  /** Part of the cash that the venue keeps frozen without an order: it cannot be spent. */
  readonly leakCents: Cents;
  readonly equityCents: Cents;
  readonly pnlDayCents: Cents;
  readonly pnlTotalCents: Cents;
  readonly worstCaseCents: Cents;
}

/** The outside price and what it asks for (§15). */
export interface OracleTerms {
  /** Last usable outside YES price, cents; null before the first. */
  readonly priceCents: number | null;
  readonly ageMs: number | null;
  /** Too old, or never received: the spread is multiplied. */
  readonly stale: boolean;
  /** Fair price less outside price, cents; null while there is no fresh one. */
  readonly deviationCents: number | null;
  /** Distance above which quoting pauses, cents. */
  readonly thresholdCents: number;
  /** The distance is worth telling a person. */
  readonly warns: boolean;
  /** The distance asks for a pause. */
  readonly pauses: boolean;
  /** Sides that are not quoted because the outside price jumped their way. */
  readonly exposedSides: readonly BookSide[];
  /** Why the last reading failed, null if it did not. */
  readonly problem: string | null;
}

/** How much one side may rest (§13, §16.2). */
export interface SideLimits {
  readonly guardShares: number;
  /** Shares of the contract that would be sold, after `max_inventory_fraction`. */
  readonly stockShares: number;
  /** What the side may lose at settlement before the budget is gone, cents. */
  readonly lossRoomCents: number;
  /** Cash that BUY orders of this side may freeze. */
  readonly cashCents: number;
  /** No new quantity before this time (post-fill cooldown), epoch ms; 0 = none. */
  readonly cooldownUntilMs: number;
  /** Guards that withdrew the side, empty if it is quoted. */
  readonly withdrawnBy: readonly string[];
}

/** Something a guard took away from the quote. */
export interface Removal {
  readonly side: BookSide;
  readonly yesPrice: number;
  readonly quantity: number;
  /** Rule code, such as `SELF_CROSS` or `STOCK`. */
  readonly code: string;
  readonly detail: string;
}

/** What the execution step did. */
export interface ActionCounts {
  readonly kept: number;
  readonly placed: number;
  readonly replaced: number;
  readonly cancelled: number;
  /** Actions that had to wait: rate budget, unconfirmed cancels. */
  readonly deferred: number;
  readonly refused: number;
  readonly unknown: number;
}

/** What a cycle did that did nothing. */
export const NO_ACTIONS: ActionCounts = {
  kept: 0,
  placed: 0,
  replaced: 0,
  cancelled: 0,
  deferred: 0,
  refused: 0,
  unknown: 0,
};

/** The whole story of one quote. */
export interface QuoteExplanation {
  readonly marketId: string;
  readonly cycle: number;
  /** Which version of the market's overrides was in force, 0 if there never were any. */
  readonly configVersion: number;
  readonly atMs: number;
  readonly lifecycle: Lifecycle;
  readonly phase: Phase;
  readonly quoteFunding: QuoteFunding;
  /** Null when pricing failed or was not reached. */
  readonly price: PriceTerms | null;
  readonly inventory: InventoryTerms;
  readonly defense: DefenseTerms;
  /** Null while the market has no oracle guard. */
  readonly oracle: OracleTerms | null;
  readonly volatility: VolatilityTerms | null;
  readonly spread: SpreadTerms | null;
  readonly quantityMultipliers: readonly Multiplier[];
  readonly ladder: LadderTerms | null;
  /** What ONE_SIDE quotes, null on every other level. */
  readonly unwinding: Unwinding | null;
  readonly limits: Readonly<Record<BookSide, SideLimits>> | null;
  /** Ladders before funding. */
  readonly quotes: readonly BookQuote[];
  /** Orders that should rest, after funding and sanitizer. */
  readonly targets: readonly OrderIntent[];
  readonly removals: readonly Removal[];
  readonly actions: ActionCounts;
  /** Why nothing was quoted although it was meant to be, e.g. `deferred: orderBook unavailable`. */
  readonly note: string | null;
}
