/**
 * Every call the connector makes: which budget it uses, how urgent it is and when it may be
 * repeated.
 */

/** The budgets of the venue (exchange API §7). */
export type Endpoint = "query" | "order" | "replace" | "auth";

/** Who goes first when the budget is short: cancel before risk-reducing before other (§17). */
export type CallPriority = "cancel" | "risk_reducing" | "other";

/** How a call may be repeated; what each means is in the table of the retry policy. */
export type RetryClass = "safe" | "place" | "cancel" | "batch_cancel" | "pairs" | "replace";

/** What is known about a call before it is made. */
export interface CallKind {
  readonly endpoint: Endpoint;
  readonly priority: CallPriority;
  readonly retry: RetryClass;
}

const read = { endpoint: "query", priority: "other", retry: "safe" } as const;
/** Reads that prove what a cancel did. */
const verify = { ...read, priority: "risk_reducing" } as const;
/** Nothing else can be sent without a session, a cancel included. */
const session = { endpoint: "auth", priority: "cancel", retry: "safe" } as const;

/** All calls by name. */
export const CALLS = {
  login: session,
  refresh: session,
  market: read,
  orderBook: read,
  balance: read,
  position: read,
  trades: read,
  openOrders: verify,
  accountOrders: read,
  order: verify,
  place: { endpoint: "order", priority: "other", retry: "place" },
  cancel: { endpoint: "order", priority: "cancel", retry: "cancel" },
  batchCancel: { endpoint: "order", priority: "cancel", retry: "batch_cancel" },
  /** Moves a quote without adding one; the order manager sends the risk-reducing ones first. */
  replace: { endpoint: "replace", priority: "risk_reducing", retry: "replace" },
  mint: { endpoint: "order", priority: "other", retry: "pairs" },
  burn: { endpoint: "order", priority: "other", retry: "pairs" },
} as const satisfies Readonly<Record<string, CallKind>>;

/** The name of a call, as logs, errors and statistics show it. */
export type CallName = keyof typeof CALLS;

/** Calls that have their place in the budget before they are made. */
export const BUDGETED: ReadonlySet<CallName> = new Set([
  "place",
  "cancel",
  "replace",
  "mint",
  "burn",
]);

/** A call that asks to be sent. */
export interface AdmissionRequest {
  readonly endpoint: Endpoint;
  readonly priority: CallPriority;
  /** Absent for calls of the whole account. */
  readonly marketId?: string;
  /** True if it has its place in the budget: the first attempt of a command. */
  readonly budgeted: boolean;
}

/**
 * The request budget: resolves when the call may be sent. It is asked for every attempt, repeats
 * included, and must not throw.
 */
export type Admit = (request: AdmissionRequest) => Promise<void> | void;
