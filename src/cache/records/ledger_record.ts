/** `amm:ledger:{m}` (state and events spec §2.4). */

import { cents, shares } from "../../models/money.ts";
import type { Books } from "../persisted_market.ts";
import { field, type HashFields, HashReader } from "./hash.ts";

const CURSOR_CHARACTERS = 200;

/** The ledger and the newest trade that it contains. */
export function ledgerFields({ ledger, tradeCursor }: Books): HashFields {
  return {
    initial_funding_cents: String(ledger.initialFundingCents),
    market_cash_cents: String(ledger.marketCashCents),
    net_deposits_cents: String(ledger.netDepositsCents),
    fees_paid_cents: String(ledger.feesPaidCents),
    minted_pairs: String(ledger.mintedPairs),
    burned_pairs: String(ledger.burnedPairs),
    bought_cents: String(ledger.boughtCents),
    leak_cents: String(ledger.leakCents),
    trade_cursor: tradeCursor ?? "",
  };
}

/**
 * Reads the books. Cash, what was paid in and the cursor belong together: without one of them there
 * are no books.
 */
export function readBooks(reader: HashReader): Books | null {
  const initialFundingCents = reader.read("initial_funding_cents", field.cents);
  const marketCashCents = reader.read("market_cash_cents", field.cents);
  const netDepositsCents = reader.read("net_deposits_cents", field.cents);
  const cursor = reader.read("trade_cursor", field.anyText(CURSOR_CHARACTERS));
  const totals = {
    feesPaidCents: reader.read("fees_paid_cents", field.cents) ?? cents(0),
    mintedPairs: reader.read("minted_pairs", field.shares) ?? shares(0),
    burnedPairs: reader.read("burned_pairs", field.shares) ?? shares(0),
    boughtCents: reader.read("bought_cents", field.cents) ?? cents(0),
    leakCents: reader.read("leak_cents", field.cents) ?? cents(0),
  };
  const isBroken = initialFundingCents === null || marketCashCents === null || cursor === null;
  if (isBroken || netDepositsCents === null) return null;
  return {
    ledger: { initialFundingCents, marketCashCents, netDepositsCents, ...totals },
    tradeCursor: cursor === "" ? null : cursor,
  };
}
