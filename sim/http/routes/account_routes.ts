import { ExchangeCode } from "../../exchange/mod.ts";
import * as answers from "../answers.ts";
import { ledgerCursor, readLedgerCursor } from "../cursors.ts";
import { moneyText } from "../display.ts";
import { cashBody, ledgerQuery } from "../requests.ts";
import { get, nothing, post, type Route, type Venue } from "../route.ts";
import * as view from "../views.ts";

/** What a user has: §3. */
export function accountRoutes(venue: Venue): Route[] {
  return [
    balance(venue),
    deposit(venue),
    withdraw(venue),
    ledger(venue),
    positions(venue),
    position(venue),
  ];
}

function balance({ exchange }: Venue): Route {
  return get("/account/balance", {
    section: "3.1",
    summary: "Shows the caller's cash, which all markets share.",
    access: "user",
    rate: "query",
    input: nothing,
    answer: answers.balance,
    errors: [ExchangeCode.ACCOUNT_NOT_FOUND],
    handle: ({ userId }) => view.balance(exchange.account(userId)),
  });
}

function deposit({ exchange }: Venue): Route {
  return post("/account/deposit", {
    section: "3.2",
    summary: "Pays cash in.",
    access: "user",
    input: cashBody,
    answer: answers.deposited,
    handle({ userId, input: { amount_cents } }) {
      const { availableCents, ledgerEntryId } = exchange.deposit(userId, amount_cents);
      return {
        available_balance_cents: availableCents,
        available_balance_display: moneyText(availableCents),
        deposited_cents: amount_cents,
        deposited_display: moneyText(amount_cents),
        ledger_entry_id: ledgerEntryId,
      };
    },
  });
}

function withdraw({ exchange }: Venue): Route {
  return post("/account/withdraw", {
    section: "3.2",
    summary: "Pays cash out.",
    access: "user",
    input: cashBody,
    answer: answers.withdrawn,
    errors: [ExchangeCode.INSUFFICIENT_BALANCE],
    handle({ userId, input: { amount_cents } }) {
      const { availableCents, ledgerEntryId } = exchange.withdraw(userId, amount_cents);
      return {
        available_balance_cents: availableCents,
        available_balance_display: moneyText(availableCents),
        withdrawn_cents: amount_cents,
        withdrawn_display: moneyText(amount_cents),
        ledger_entry_id: ledgerEntryId,
      };
    },
  });
}

function ledger({ exchange }: Venue): Route {
  return get("/account/ledger", {
    section: "3.3",
    summary: "Lists the caller's movements of cash, newest first; for audit only.",
    access: "user",
    rate: "query",
    input: ledgerQuery,
    answer: answers.ledgerPage,
    handle({ userId, input: { limit, cursor, entry_type } }) {
      const entries = exchange.ledger(userId, {
        limit,
        cursor: cursor === undefined ? undefined : readLedgerCursor(cursor),
        type: entry_type,
      });
      return view.page(entries, view.ledgerEntry, ledgerCursor);
    },
  });
}

function positions({ exchange }: Venue): Route {
  return get("/positions", {
    section: "3.4",
    summary: "Lists the caller's shares in all markets.",
    access: "user",
    rate: "query",
    input: nothing,
    answer: answers.positionList,
    handle({ userId }) {
      const items = exchange.positions(userId).map(view.position);
      return { items, total: items.length };
    },
  });
}

function position({ exchange }: Venue): Route {
  return get("/positions/{market_id}", {
    section: "3.5",
    summary: "Shows the caller's shares in a market, if he ever had any.",
    access: "user",
    rate: "query",
    input: nothing,
    answer: answers.position,
    errors: [ExchangeCode.MARKET_NOT_FOUND],
    handle: ({ userId, param }) => view.position(exchange.position(userId, param("market_id"))),
  });
}
