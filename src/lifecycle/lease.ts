/**
 * The life of one market's lease as one process sees it (state and events spec §4.6): values in,
 * values out. All times are of the monotonic clock.
 *
 * The store starts the life of a lease no earlier than the request for it was sent. So a lease is
 * certainly in force until `provenUntilMs`, which is counted from the moment before the request.
 */

import type { LeaseState } from "../models/vocabulary.ts";

/** The settings that decide when something has to happen. */
export interface LeaseTiming {
  /** `lease_ttl_ms`. */
  readonly ttlMs: number;
  /** `lease_renew_ms`. */
  readonly renewMs: number;
  /** `lease_cancel_margin_ms`. */
  readonly cancelMarginMs: number;
}

/** Why a market is being cleared. */
export type DrainCause =
  /** The lease could not be proven in time; it may come back. */
  | "unproven"
  /** The store says that the lease is not ours: only what was placed under it is our business. */
  | "lost"
  /** A stop, or another process should have the market. */
  | "given_up";

/** A market that this process does not have. */
export interface FreeLease {
  readonly state: Extract<LeaseState, "FREE" | "ACQUIRING">;
}

/** A market that this process works. */
export interface HeldLease {
  readonly state: Extract<LeaseState, "HELD" | "AT_RISK">;
  /** The fencing token. */
  readonly token: number;
  readonly provenUntilMs: number;
}

/** A market that this process clears of its orders. */
export interface DrainingLease {
  readonly state: Extract<LeaseState, "DRAINING">;
  readonly token: number;
  readonly provenUntilMs: number;
  readonly cause: DrainCause;
  /** True once the venue has confirmed that no own order is left. */
  readonly isEmpty: boolean;
}

/** The lease of one market, as far as this process is concerned. */
export type Lease = FreeLease | HeldLease | DrainingLease;

/** What happens to a lease. What is about another token than the present one is ignored. */
export type LeaseEvent =
  /** It is asked for. */
  | { readonly kind: "asked" }
  /** The store has given it; `sentAtMs` is the time just before the request. */
  | { readonly kind: "granted"; readonly token: number; readonly sentAtMs: number }
  /** Another process has it, or it cannot be given yet. */
  | { readonly kind: "denied" }
  /** It was asked for without an answer: it may be ours or not. */
  | { readonly kind: "unanswered" }
  | { readonly kind: "renewed"; readonly token: number; readonly sentAtMs: number }
  | { readonly kind: "renewal_failed" }
  /** The store says that it is not ours. */
  | { readonly kind: "lost"; readonly token: number }
  | { readonly kind: "given_up" }
  /** The venue has confirmed that no own order is left. */
  | { readonly kind: "cleared"; readonly token: number }
  /** Time has passed. */
  | { readonly kind: "time" };

/** What has to be done when a lease changes. */
export type LeaseAction =
  /** Start working the market. */
  | { readonly kind: "start"; readonly token: number }
  /** Place nothing more, cancel, confirm. */
  | { readonly kind: "drain"; readonly token: number; readonly cause: DrainCause }
  /** Give the lease back, if it is still ours. */
  | { readonly kind: "release"; readonly token: number }
  /** Give a lease back that we may have been given without hearing of it. */
  | { readonly kind: "release_unseen" }
  /** The lease may have ended with own orders in the market. */
  | { readonly kind: "orders_may_remain"; readonly token: number };

/** A lease after something has happened to it. */
export interface LeaseStep {
  readonly lease: Lease;
  readonly actions: readonly LeaseAction[];
}

/** Not ours. */
export const FREE: FreeLease = { state: "FREE" };

/** When a held lease is drained if it is not renewed before. */
export function drainAtMs(lease: { readonly provenUntilMs: number }, timing: LeaseTiming): number {
  return lease.provenUntilMs - timing.cancelMarginMs;
}

/** When time alone changes a lease next. */
export function nextChangeMs(lease: Lease, timing: LeaseTiming): number {
  switch (lease.state) {
    case "FREE":
    case "ACQUIRING":
      return Infinity;
    case "HELD":
    case "AT_RISK":
      return drainAtMs(lease, timing);
    case "DRAINING":
      return lease.provenUntilMs;
  }
}

/** True if a call that takes up to `callTimeoutMs` may be sent to place or move an order. */
export function mayPlace(
  lease: Lease,
  { nowMs, callTimeoutMs }: { readonly nowMs: number; readonly callTimeoutMs: number },
  timing: LeaseTiming,
): boolean {
  if (lease.state !== "HELD" && lease.state !== "AT_RISK") return false;
  return nowMs < drainAtMs(lease, timing) && nowMs + callTimeoutMs <= lease.provenUntilMs;
}

/** True while no other process can have the market. */
export function isExclusive(lease: Lease, nowMs: number): boolean {
  if (!("token" in lease)) return false;
  const isLost = lease.state === "DRAINING" && lease.cause === "lost";
  return !isLost && nowMs < lease.provenUntilMs;
}

/** The fencing token of a lease, null if it is not ours. */
export function tokenOf(lease: Lease): number | null {
  return "token" in lease ? lease.token : null;
}

/** What becomes of a lease when something happens to it at `nowMs`. */
export function step(
  lease: Lease,
  event: LeaseEvent,
  nowMs: number,
  timing: LeaseTiming,
): LeaseStep {
  const happened = react(lease, event, nowMs, timing);
  const passed = passTime(happened.lease, nowMs, timing);
  return { lease: passed.lease, actions: [...happened.actions, ...passed.actions] };
}

function react(lease: Lease, event: LeaseEvent, nowMs: number, timing: LeaseTiming): LeaseStep {
  switch (lease.state) {
    case "FREE":
      return unchanged(event.kind === "asked" ? { state: "ACQUIRING" } : lease);
    case "ACQUIRING":
      return whileAcquiring(lease, event, nowMs, timing);
    case "HELD":
    case "AT_RISK":
      return isAboutAnother(lease, event) ? unchanged(lease) : whileHeld(lease, event, timing);
    case "DRAINING":
      return isAboutAnother(lease, event)
        ? unchanged(lease)
        : whileDraining(lease, event, nowMs, timing);
  }
}

function whileAcquiring(
  lease: FreeLease,
  event: LeaseEvent,
  nowMs: number,
  timing: LeaseTiming,
): LeaseStep {
  switch (event.kind) {
    case "granted": {
      const { token } = event;
      const provenUntilMs = event.sentAtMs + timing.ttlMs;
      const held: HeldLease = { state: "HELD", token, provenUntilMs };
      // An answer that took too long leaves no time to work the market under it.
      if (nowMs >= drainAtMs(held, timing)) return { lease: FREE, actions: [release(token)] };
      return { lease: held, actions: [{ kind: "start", token }] };
    }
    case "denied":
      return unchanged(FREE);
    case "unanswered":
      return { lease: FREE, actions: [{ kind: "release_unseen" }] };
    default:
      return unchanged(lease);
  }
}

function whileHeld(lease: HeldLease, event: LeaseEvent, timing: LeaseTiming): LeaseStep {
  switch (event.kind) {
    case "renewed":
      return unchanged({ ...renewed(lease, event.sentAtMs, timing), state: "HELD" });
    case "renewal_failed":
      return unchanged({ ...lease, state: "AT_RISK" });
    case "lost":
    case "given_up":
      return drain(lease, event.kind);
    default:
      return unchanged(lease);
  }
}

function whileDraining(
  lease: DrainingLease,
  event: LeaseEvent,
  nowMs: number,
  timing: LeaseTiming,
): LeaseStep {
  switch (event.kind) {
    case "renewed":
      return afterDrain(renewed(lease, event.sentAtMs, timing), nowMs, timing);
    case "cleared":
      return afterDrain({ ...lease, isEmpty: true }, nowMs, timing);
    case "lost":
      return afterDrain({ ...lease, cause: "lost" }, nowMs, timing);
    case "given_up":
      if (lease.cause === "lost") return unchanged(lease);
      return afterDrain({ ...lease, cause: "given_up" }, nowMs, timing);
    default:
      return unchanged(lease);
  }
}

/** What follows once the market is clear; before that the draining goes on. */
function afterDrain(lease: DrainingLease, nowMs: number, timing: LeaseTiming): LeaseStep {
  const { token, provenUntilMs } = lease;
  if (!lease.isEmpty) return unchanged(lease);
  switch (lease.cause) {
    case "lost":
      return unchanged(FREE);
    case "given_up":
      return { lease: FREE, actions: [release(token)] };
    case "unproven":
      if (nowMs >= drainAtMs(lease, timing)) return unchanged(lease);
      return {
        lease: { state: "HELD", token, provenUntilMs },
        actions: [{ kind: "start", token }],
      };
  }
}

/** What the clock alone does to a lease. */
function passTime(lease: Lease, nowMs: number, timing: LeaseTiming): LeaseStep {
  if (nowMs < nextChangeMs(lease, timing)) return unchanged(lease);
  if (lease.state === "HELD" || lease.state === "AT_RISK") {
    const draining = drain(lease, "unproven");
    const ended = passTime(draining.lease, nowMs, timing);
    return { lease: ended.lease, actions: [...draining.actions, ...ended.actions] };
  }
  if (lease.state !== "DRAINING" || lease.isEmpty) return unchanged(FREE);
  return { lease: FREE, actions: [{ kind: "orders_may_remain", token: lease.token }] };
}

function drain({ token, provenUntilMs }: HeldLease, cause: DrainCause): LeaseStep {
  return {
    lease: { state: "DRAINING", token, provenUntilMs, cause, isEmpty: false },
    actions: [{ kind: "drain", token, cause }],
  };
}

function renewed<T extends HeldLease | DrainingLease>(
  lease: T,
  sentAtMs: number,
  { ttlMs }: LeaseTiming,
): T {
  return { ...lease, provenUntilMs: Math.max(lease.provenUntilMs, sentAtMs + ttlMs) };
}

/** Answers and reports may come late, when the market has been lost and won again. */
function isAboutAnother({ token }: { readonly token: number }, event: LeaseEvent): boolean {
  return "token" in event && event.token !== token;
}

function release(token: number): LeaseAction {
  return { kind: "release", token };
}

function unchanged(lease: Lease): LeaseStep {
  return { lease, actions: [] };
}
