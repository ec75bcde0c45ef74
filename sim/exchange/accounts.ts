import { cents } from "../../src/models/money.ts";
import { History } from "./history.ts";
import type { Journal } from "./journal.ts";
import type { Account } from "./records.ts";
import { constrain, refusals } from "./refusal.ts";
import type { ExchangeSettings } from "./settings.ts";
import {
  AMM_USER_ID,
  type LedgerEntry,
  type LedgerEntryType,
  type LedgerQuery,
  type Page,
  type UserSetup,
} from "./types.ts";

/** A change of cash for the ledger. */
interface LedgerLine {
  readonly type: LedgerEntryType;
  readonly amountCents: number;
  readonly orderId?: string;
}

/** Cash at the venue that is no user's. */
interface VenueCash {
  /** All fees ever charged (PLATFORM_FEE). */
  platformFeeCents: number;
  /** Deposits less withdrawals; what all cash must add up to (I8). */
  netDepositsCents: number;
}

/** The users and their cash: who may act, what is available, what is frozen, and the ledger. */
export class Accounts {
  readonly venue: VenueCash = { platformFeeCents: 0, netDepositsCents: 0 };
  readonly #journal: Journal;
  readonly #nowMs: () => number;
  readonly #retained: number;
  readonly #accounts = new Map<string, Account>();
  readonly #ledgers = new Map<string, History<LedgerEntry>>();
  readonly #counter = { ledgerEntries: 0 };

  constructor(journal: Journal, nowMs: () => number, settings: ExchangeSettings) {
    this.#journal = journal;
    this.#nowMs = nowMs;
    this.#retained = settings.retainedPerUser;
  }

  /**
   * Creates a user, and books his cash as a deposit.
   * @throws RangeError if the user exists
   */
  create({ userId, username, role, cashCents = 0 }: UserSetup): Account {
    if (this.#accounts.has(userId)) throw new RangeError(`Cannot create user ${userId} twice`);
    const account: Account = {
      userId,
      username: username ?? userId,
      role: role ?? (userId === AMM_USER_ID ? "AMM" : "USER"),
      enabled: true,
      availableCents: cents(0),
      frozenCents: cents(0),
    };
    this.#accounts.set(userId, account);
    this.#ledgers.set(userId, this.#newLedger());
    this.#journal.note(() => {
      this.#accounts.delete(userId);
      this.#ledgers.delete(userId);
    });
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
    this.#journal.edit(account).enabled = enabled;
  }

  /** Adds to the available cash; a negative amount takes away. */
  credit(account: Account, amountCents: number): void {
    const { availableCents } = account;
    this.#journal.keep(account, { availableCents });
    account.availableCents = cents(availableCents + amountCents);
  }

  /** Moves available cash into `frozen`; a negative amount moves it back. */
  freeze(account: Account, amountCents: number): void {
    const { availableCents, frozenCents } = account;
    this.#journal.keep(account, { availableCents, frozenCents });
    constrain(frozenCents + amountCents >= 0, "frozen is not negative");
    account.availableCents = cents(availableCents - amountCents);
    account.frozenCents = cents(frozenCents + amountCents);
  }

  /** Takes frozen cash out of the account, to be paid. */
  spendFrozen(account: Account, amountCents: number): void {
    const { frozenCents } = account;
    constrain(frozenCents - amountCents >= 0, "frozen is not negative");
    this.#journal.keep(account, { frozenCents });
    account.frozenCents = cents(frozenCents - amountCents);
  }

  /** Hands a fee to the venue. */
  collectFee(amountCents: number): void {
    const { platformFeeCents } = this.venue;
    this.#journal.keep(this.venue, { platformFeeCents });
    this.venue.platformFeeCents = platformFeeCents + amountCents;
  }

  /** Raises what all cash must add up to, when cash or escrow enters the venue. */
  bookInflow(amountCents: number): void {
    this.#journal.edit(this.venue).netDepositsCents += amountCents;
  }

  /** Pays cash in. */
  deposit(account: Account, amountCents: number): LedgerEntry {
    this.credit(account, amountCents);
    this.bookInflow(amountCents);
    return this.write(account, { type: "DEPOSIT", amountCents });
  }

  /**
   * Pays cash out.
   * @throws Refusal 2001 if less is available
   */
  withdraw(account: Account, amountCents: number): LedgerEntry {
    if (amountCents > account.availableCents) {
      throw refusals.insufficientBalance(amountCents, account.availableCents);
    }
    this.credit(account, -amountCents);
    this.bookInflow(-amountCents);
    return this.write(account, { type: "WITHDRAW", amountCents: -amountCents });
  }

  /** Writes a line into a user's ledger. */
  write(account: Account, { type, amountCents, orderId }: LedgerLine): LedgerEntry {
    const isCashMovement = orderId === undefined;
    const { ledgerEntries } = this.#counter;
    this.#journal.keep(this.#counter, { ledgerEntries });
    const entry: LedgerEntry = {
      id: this.#counter.ledgerEntries = ledgerEntries + 1,
      type,
      amountCents: cents(amountCents),
      balanceAfterCents: isCashMovement ? account.availableCents : cents(0),
      orderId: orderId ?? null,
      createdAtMs: this.#nowMs(),
    };
    this.#ledger(account.userId).append(entry);
    return entry;
  }

  /** One page of a user's ledger, newest first. */
  ledgerPage(userId: string, query: LedgerQuery): Page<LedgerEntry> {
    const { type } = query;
    return this.#ledger(userId).page(query, (entry) => type === undefined || entry.type === type);
  }

  /** A user's ledger, oldest first. */
  ledger(userId: string): readonly LedgerEntry[] {
    return this.#ledger(userId).items;
  }

  /** Forgets what is too old. */
  trim(userId: string): void {
    this.#ledger(userId).trim();
  }

  #ledger(userId: string): History<LedgerEntry> {
    const ledger = this.#ledgers.get(userId);
    if (ledger === undefined) throw refusals.accountNotFound(userId);
    return ledger;
  }

  #newLedger(): History<LedgerEntry> {
    return new History(this.#journal, {
      retained: this.#retained,
      idOf: (entry) => String(entry.id),
      isBefore: (entry, cursor) => entry.id < Number(cursor),
    });
  }
}
