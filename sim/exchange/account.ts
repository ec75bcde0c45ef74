import { cents } from "../../src/models/money.ts";
import { History } from "./history.ts";
import type { Journal } from "./journal.ts";
import { Ledger, type LedgerOffice } from "./ledger.ts";
import { OwnOrders } from "./own_orders.ts";
import type { Seat } from "./seat.ts";
import type { TradeEntry } from "./trades.ts";
import type { UserRole, VenueAccount } from "./types.ts";

/** Who an account belongs to, and which office keeps its ledger. */
export interface AccountTerms {
  readonly userId: string;
  readonly username: string;
  readonly role: UserRole;
  readonly office: LedgerOffice;
}

/** A user with his cash, and with all that the venue keeps of him. */
export class Account {
  readonly userId: string;
  readonly username: string;
  readonly role: UserRole;
  enabled = true;
  availableCents = cents(0);
  /** Cash that active BUY orders hold. */
  frozenCents = cents(0);
  readonly orders: OwnOrders;
  readonly trades: History<TradeEntry>;
  readonly ledger: Ledger;
  /** One for each market that he has dealt in. */
  readonly seats: Seat[] = [];

  constructor(journal: Journal, { userId, username, role, office }: AccountTerms) {
    this.userId = userId;
    this.username = username;
    this.role = role;
    const { retained } = office;
    this.orders = new OwnOrders(journal, retained);
    this.trades = new History(journal, { retained });
    this.ledger = new Ledger(journal, office);
  }

  /** Forgets what is too old. Not part of a request. */
  trim(): void {
    this.orders.trim();
    this.trades.trim();
    this.ledger.trim();
  }
}

/** An account as it is now, for the outside. */
export function accountView(account: Account): VenueAccount {
  const { userId, username, role, enabled, availableCents, frozenCents } = account;
  return { userId, username, role, enabled, availableCents, frozenCents };
}
