/** Whether mint and burn work, which only a try can show. */

import type { MarketConfig } from "../config/registry.ts";
import {
  type CommandOutcome,
  type Connector,
  type PairRequest,
  type PairResult,
  VenueCode,
} from "../connector/connector.ts";
import { shortMarketId } from "../execution/client_order_id.ts";
import type { Position } from "../models/inventory.ts";
import { shares } from "../models/money.ts";
import { failed, ok, skipped, type Verdict, warning } from "./check.ts";

/** What the check works on. */
export interface MintCheck {
  readonly connector: Pick<Connector, "mint" | "burn" | "position">;
  readonly config: MarketConfig;
  /** What was held before. */
  readonly position: Position;
  /** True if somebody asked for it: it moves money. */
  readonly asked: boolean;
  /** Wall time, epoch ms. */
  readonly nowMs: number;
}

/** What a mint has shown. */
export interface MintFinding {
  /** True if the account held the new pair: the venue does not net it away. */
  readonly pairSeen: boolean;
}

/** The venue's limit on an idempotency key (exchange API §5.3). */
const MAX_KEY_CHARACTERS = 64;

/**
 * Mints one pair and burns it again, if asked to. The keys follow from market and day (L-61): on
 * any day the account pays for one pair at most, however often it runs, and a run that was broken
 * off is finished by the next.
 */
export async function checkMint(check: MintCheck): Promise<Verdict<MintFinding>> {
  const { connector, config, position, asked } = check;
  if (!asked) return notAsked(config);
  const minted = await connector.mint(onePair("mint", check));
  if (minted.kind !== "accepted") return outOfOrder(minted, check);
  const { alreadyDone } = minted.value;
  const { after, burned } = await lookAndBurn(check);
  const pairSeen = !alreadyDone && after.yes > position.yes && after.no > position.no;
  if (!alreadyDone && !pairSeen) return nettedAway(after, position);
  if (burned.kind !== "accepted") return notBurned(burned, alreadyDone);
  return ok(story(alreadyDone, burned.value.alreadyDone), { pairSeen });
}

function story(mintedBefore: boolean, burnedBefore: boolean): string {
  if (!mintedBefore) return "one pair was minted and burned again";
  if (!burnedBefore) return "the pair that a run earlier today had minted was burned";
  return "mint and burn were tried earlier today; nothing was minted again";
}

/** Reads the position with the new pair; the pair goes back even if that fails. */
async function lookAndBurn(check: MintCheck) {
  let burned: CommandOutcome<PairResult>;
  let after: Position;
  try {
    after = await check.connector.position(check.config.marketId);
  } finally {
    burned = await check.connector.burn(onePair("burn", check));
  }
  return { after, burned };
}

function onePair(operation: "mint" | "burn", { config, nowMs }: MintCheck): PairRequest {
  const { marketId } = config;
  return { marketId, quantity: shares(1), idempotencyKey: pairKey(operation, marketId, nowMs) };
}

/**
 * The key of the one mint or burn that a market sees on a day.
 * @param nowMs wall time; the day is that of UTC
 */
export function pairKey(operation: "mint" | "burn", marketId: string, nowMs: number): string {
  const day = new Date(nowMs).toISOString().slice(0, "2026-01-31".length);
  const prefix = `doctor-${operation}-${day}-`;
  return prefix + shortMarketId(marketId, MAX_KEY_CHARACTERS - prefix.length);
}

function notAsked({ quoteFunding }: MarketConfig): Verdict<MintFinding> {
  if (quoteFunding === "cash") return skipped("quote_funding cash mints nothing", null);
  return skipped(
    "not asked: --try-mint mints one pair for $1.00 and burns it again",
    quoteFunding === "inventory"
      ? "Try it once: with quote_funding inventory a market without stock cannot start if the " +
        "venue's mint is out of order (Q-02)"
      : "Try it once: without a working mint everything is quoted from cash (Q-02)",
  );
}

type NotAccepted = Exclude<CommandOutcome<never>, { readonly kind: "accepted" }>;

function reasonOf(outcome: NotAccepted): string {
  return outcome.kind === "rejected" ? outcome.message : outcome.cause;
}

function outOfOrder(outcome: NotAccepted, check: MintCheck): Verdict<MintFinding> {
  const reason = reasonOf(outcome);
  if (outcome.kind === "rejected" && outcome.code === VenueCode.INSUFFICIENT_BALANCE) {
    return failed(`the account cannot pay for one pair: ${reason}`, "Fund the account");
  }
  const { config: { quoteFunding }, position } = check;
  const repair = "have the operator of the venue repair it" +
    (outcome.kind === "unknown" ? "; if a pair was minted after all, the next try burns it" : "");
  const detail = outcome.kind === "unknown"
    ? `mint is out of order (Q-02): ${reason}`
    : `the venue refuses to mint: ${reason}`;
  if (quoteFunding === "inventory" && position.yes + position.no === 0) {
    return failed(detail, `Set quote_funding: cash, or ${repair}`);
  }
  const fix =
    `The market can start, from what it holds or from cash, but gets no new pairs; ${repair}`;
  return warning(detail, fix, { pairSeen: false });
}

function nettedAway(after: Position, before: Position): Verdict<MintFinding> {
  return failed(
    `the mint was accepted, but the position went from ${before.yes} YES, ${before.no} NO to ` +
      `${after.yes} YES, ${after.no} NO`,
    "Have auto-netting switched off for the account, and run no other bot on it meanwhile",
  );
}

function notBurned(outcome: NotAccepted, alreadyDone: boolean): Verdict<MintFinding> {
  const what = alreadyDone ? "the pair of an earlier run" : "the pair of this run";
  return warning(
    `mint works, but ${what} could not be burned: ${reasonOf(outcome)}`,
    "Run doctor --try-mint again today: it uses the same keys. While burn is out of order, pairs " +
      "tie up cash until the market settles",
    { pairSeen: !alreadyDone },
  );
}
