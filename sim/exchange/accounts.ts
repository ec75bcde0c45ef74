import { cents } from "../../src/models/money.ts";
import type { Journal } from "./journal.ts";
import type { LedgerOffice } from "./ledger.ts";
import { Account } from "./records.ts";
import { constrain, refusals } from "./refusal.ts";
import type { ExchangeSettings } from "./settings.ts";
import { AMM_USER_ID, type UserSetup } from "./types.ts";

/** Figures of the venue that are no user's. */
interface VenueFigures {
  /** All fees ever charged (PLATFORM_FEE). */
  platformFeeCents: number;
  /** Deposits less withdrawals; what all cash must add up to (I8). */
  netDepositsCents: number;
  /** How many there are in all ledgers; the id of the latest. */
  ledgerEntries: number;
}

/** The users and their cash: who may act, what is available, what is frozen, and the ledgers. */
export class Accounts {
  readonly venue: VenueFigures = { platformFeeCents: 0, netDepositsCents: 0, ledgerEntries: 0 };
  readonly #journal: Journal;
  readonly #office: LedgerOffice;
  readonly #accounts = new Map<string, Account>();

  constructor(journal: Journal, nowMs: () => number, settings: ExchangeSettings) {
    this.#journal = journal;
    const nextEntry = () => this.#nextEntry();
    this.#office = { nowMs, nextEntry, retained: settings.retainedPerUser };
  }

  /**
   * Creates a user, and books his cash as a deposit.
   * @throws RangeError if the user exists
   */
  create({ userId, username, role, cashCents = 0 }: UserSetup): Account {
    if (this.#accounts.has(userId)) throw new RangeError(`Cannot create user ${userId} twice`);
    const account = new Account(this.#journal, {
      userId,
      username: username ?? userId,
      role: role ?? (userId === AMM_USER_ID ? "AMM" : "USER"),
      office: this.#office,
    });
    this.#accounts.set(userId, account);
    this.#journal.note(() => this.#accounts.delete(userId), null, null);
    if (cashCents > 0) this.deposit(account, cashCents);
    return account;
  }

  /** All users, in order of creation. */
  all(): Iterable<Account> {
    return this.#accounts.values();
  }

  /**
   * A user.
   * @throws Refusal 9002 if there is none
   */
  find(userId: string): Account {
    const account = this.#accounts.get(userId);
    if (account === undefined) throw refusals.accountNotFound(userId);
    return account;
  }

  /** Lets a user act, or not. */
  setEnabled(account: Account, enabled: boolean): void {
    this.#journal.keep(account, "enabled", account.enabled);
    account.enabled = enabled;
  }

  /** Adds to the available cash; a negative amount takes away. */
  credit(account: Account, amountCents: number): void {
    const { availableCents } = account;
    this.#journal.keep(account, "availableCents", availableCents);
    account.availableCents = cents(availableCents + amountCents);
  }

  /** Moves available cash into `frozen`; a negative amount moves it back. */
  freeze(account: Account, amountCents: number): void {
    const frozenCents = account.frozenCents + amountCents;
    constrain(frozenCents >= 0, "frozen is not negative");
    this.credit(account, -amountCents);
    this.#journal.keep(account, "frozenCents", account.frozenCents);
    account.frozenCents = cents(frozenCents);
  }

  /** Takes frozen cash out of the account, to be paid. */
  spendFrozen(account: Account, amountCents: number): void {
    const { frozenCents } = account;
    constrain(frozenCents - amountCents >= 0, "frozen is not negative");
    this.#journal.keep(account, "frozenCents", frozenCents);
    account.frozenCents = cents(frozenCents - amountCents);
  }

  /** Hands a fee to the venue. */
  collectFee(amountCents: number): void {
    const { platformFeeCents } = this.venue;
    this.#journal.keep(this.venue, "platformFeeCents", platformFeeCents);
    this.venue.platformFeeCents = platformFeeCents + amountCents;
  }

  /** Raises what all cash must add up to, when cash or escrow enters the venue. */
  bookInflow(amountCents: number): void {
    const { netDepositsCents } = this.venue;
    this.#journal.keep(this.venue, "netDepositsCents", netDepositsCents);
    this.venue.netDepositsCents = netDepositsCents + amountCents;
  }

  /**
   * Pays cash in.
   * @returns the id of the ledger entry
   */
  deposit(account: Account, amountCents: number): number {
    this.credit(account, amountCents);
    this.bookInflow(amountCents);
    return account.ledger.listMovement(amountCents, account.availableCents);
  }

  /**
   * Pays cash out.
   * @returns the id of the ledger entry
   * @throws Refusal 2001 if less is available
   */
  withdraw(account: Account, amountCents: number): number {
    if (amountCents > account.availableCents) {
      throw refusals.insufficientBalance(amountCents, account.availableCents);
    }
    this.credit(account, -amountCents);
    this.bookInflow(-amountCents);
    return account.ledger.listMovement(-amountCents, account.availableCents);
  }

  #nextEntry(): number {
    const { ledgerEntries } = this.venue;
    this.#journal.keep(this.venue, "ledgerEntries", ledgerEntries);
    return this.venue.ledgerEntries = ledgerEntries + 1;
  }
}
