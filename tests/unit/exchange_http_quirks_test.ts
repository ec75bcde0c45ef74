/** Every defect of the catalogue as a client sees it: with the switch on, and off. */

import assert from "node:assert/strict";
import { ALL_QUIRKS, type QuirkId } from "../../sim/exchange/mod.ts";
import { at, HttpVenue, type HttpVenueOptions, MARKET, verdict } from "../support/exchange_http.ts";

/** A switch, and what a client sees because of it. */
interface Case {
  readonly what: string;
  /** Settings that the defect needs to show, whether it is on or not. */
  readonly options?: HttpVenueOptions;
  readonly watch: (venue: HttpVenue) => Promise<unknown>;
  readonly on: unknown;
  readonly off: unknown;
}

const pairs = (key: string) => ({ market_id: MARKET, quantity: 1, idempotency_key: key });

/** Cash of a user, `available/frozen`. */
async function cash(venue: HttpVenue, caller: "amm" | "ann" | "bob"): Promise<string> {
  const { body } = await venue.get(caller, "/account/balance");
  return `${at(body, "data.available_balance_cents")}/${at(body, "data.frozen_balance_cents")}`;
}

async function fills(venue: HttpVenue, caller: "ann" | "bob" | "cat", text: string) {
  return at((await venue.place(caller, text)).body, "trades.length") ?? "refused";
}

const CASES: Readonly<Record<QuirkId, Case>> = {
  "Q-01": {
    what: "a sale above cost ends in 500",
    async watch(venue) {
      await venue.placed("amm", "SELL YES 52 x 5");
      return (await venue.place("ann", "BUY YES 52 x 5")).status;
    },
    on: 500,
    off: 201,
  },
  "Q-02": {
    what: "mint and burn end in 500, after their validation",
    async watch(venue) {
      const statuses = [];
      for (const path of ["/amm/mint", "/amm/burn"]) {
        statuses.push((await venue.post("amm", path, pairs(path))).status);
        statuses.push((await venue.post("amm", path, {})).status);
      }
      return statuses;
    },
    on: [500, 422, 500, 422],
    off: [201, 422, 200, 422],
  },
  "Q-03": {
    what: "a refused order costs the market its live book",
    async watch(venue) {
      await venue.placed("bob", "BUY YES 60 x 10");
      await venue.place("ann", "BUY YES 100 x 1");
      return await fills(venue, "cat", "BUY NO 40 x 10");
    },
    on: 0,
    off: 1,
  },
  "Q-04": {
    what: "a failed replace costs the old order its place in the book",
    async watch(venue) {
      const old = await venue.placed("amm", "SELL YES 55 x 10");
      await venue.replace(old, "SELL YES 100 x 10");
      return await fills(venue, "ann", "BUY YES 55 x 10");
    },
    on: 0,
    off: 1,
  },
  "Q-05": {
    what: "what a fill does not use stays frozen",
    async watch(venue) {
      await venue.placed("bob", "BUY NO 50 x 10");
      await venue.placed("ann", "BUY YES 60 x 10");
      return await cash(venue, "ann");
    },
    on: "899398/101",
    off: "899499/0",
  },
  "Q-06": {
    what: "a Buy NO taker pays no fee",
    async watch(venue) {
      await venue.placed("ann", "BUY YES 50 x 10");
      await venue.placed("bob", "BUY NO 50 x 10");
      return at((await venue.get("bob", "/trades")).body, "data.items.0.taker_fee");
    },
    on: 0,
    off: 1,
  },
  "Q-07": {
    what: "the freeze is computed with 20 bps whatever the fees",
    async watch(venue) {
      venue.venue.exchange.control.patchMarket(MARKET, { makerFeeBps: 0, takerFeeBps: 100 });
      const { body } = await venue.place("ann", "BUY YES 50 x 100");
      return at(body, "order.frozen_amount");
    },
    on: 5010,
    off: 5050,
  },
  "Q-08": {
    what: "a sweep whose fees exceed the buffer ends in 500",
    async watch(venue) {
      await venue.placed("bob", "BUY NO 50 x 5");
      await venue.placed("cat", "BUY NO 50 x 5");
      return (await venue.place("ann", "BUY YES 50 x 10")).status;
    },
    on: 500,
    off: 201,
  },
  "Q-09": {
    what: "the market maker's trade with itself ends in 500",
    async watch(venue) {
      await venue.placed("amm", "SELL YES 50 x 5");
      return (await venue.place("amm", "SELL NO 50 x 5")).status;
    },
    on: 500,
    off: 201,
  },
  "Q-10": {
    what: "only the user on the buy side of the book is netted",
    async watch(venue) {
      await venue.placed("ann", "BUY YES 50 x 5");
      await venue.placed("bob", "BUY NO 50 x 5");
      await venue.placed("cat", "BUY YES 50 x 5");
      return at((await venue.place("ann", "BUY NO 50 x 5")).body, "netting_result");
    },
    on: null,
    off: { netting_qty: 5, refund_amount: 500 },
  },
  "Q-11": {
    what: "an own order at the best level keeps deeper levels from matching",
    async watch(venue) {
      await venue.placed("ann", "BUY YES 60 x 10");
      await venue.placed("bob", "BUY YES 55 x 10");
      return await fills(venue, "ann", "BUY NO 50 x 10");
    },
    on: 0,
    off: 1,
  },
  "Q-12": {
    what: "a cancelled order can be replaced",
    async watch(venue) {
      await venue.placed("amm", "BUY YES 10 x 100");
      const old = await venue.placed("amm", "BUY YES 10 x 50");
      await venue.post("amm", `/orders/${old}/cancel`);
      return verdict(await venue.replace(old, "BUY YES 9 x 50"));
    },
    on: [200, 0],
    off: [422, 4006],
  },
  "Q-13": {
    what: "replacing again under the same id ends in 500",
    async watch(venue) {
      const old = await venue.placed("amm", "SELL YES 55 x 10");
      const first = await venue.replace(old, "SELL YES 56 x 10", { client_order_id: "r" });
      const again = await venue.replace(old, "SELL YES 56 x 10", { client_order_id: "r" });
      const shown = [first, again].map(({ body }) => at(body, "data.new_order.id"));
      return [again.status, shown[0] === shown[1]];
    },
    on: [500, false],
    off: [200, true],
  },
  "Q-14": {
    what: "6001 says nothing and leaves the old order alive",
    async watch(venue) {
      const old = await venue.placed("amm", "SELL YES 55 x 10");
      await venue.placed("ann", "BUY YES 55 x 4");
      const answer = await venue.replace(old, "SELL YES 56 x 10");
      const { body } = await venue.get("amm", `/orders/${old}`);
      return [...verdict(answer), at(answer.body, "data"), at(body, "status")];
    },
    on: [422, 6001, null, "PARTIALLY_FILLED"],
    off: [
      422,
      6001,
      {
        old_order_id: "FIRST",
        old_order_status: "CANCELLED",
        filled_quantity: 4,
        remaining_quantity_cancelled: 6,
        unfrozen_amount: 6,
        unfrozen_asset_type: "YES_SHARES",
      },
      "CANCELLED",
    ],
  },
  "Q-15": {
    what: "a cancel overwrites the fill that it races",
    async watch(venue) {
      await venue.placed("ann", "BUY YES 10 x 100");
      const id = await venue.placed("ann", "BUY YES 60 x 10");
      await venue.request("/__control/users/bob/race", race("BUY NO 40 x 10"));
      const answer = await venue.post("ann", `/orders/${id}/cancel`);
      const { body } = await venue.get("ann", `/orders/${id}`);
      return [...verdict(answer), at(body, "status"), at(body, "filled_quantity")];
    },
    options: { control: true },
    on: [200, 0, "CANCELLED", 0],
    off: [422, 4006, "FILLED", 10],
  },
  "Q-16": {
    what: "a batch cancel that races a fill is never answered",
    async watch(venue) {
      await venue.placed("amm", "SELL YES 55 x 10");
      await venue.request("/__control/users/ann/race", race("BUY YES 55 x 4"));
      return await answered(
        venue,
        venue.post("amm", "/amm/orders/batch-cancel", { market_id: MARKET }),
      );
    },
    options: { control: true },
    on: "no answer",
    off: 200,
  },
  "Q-17": {
    what: "a batch cancel knows every market, and leaves no trace in the ledger",
    async watch(venue) {
      await venue.placed("amm", "BUY YES 10 x 10");
      await venue.post("amm", "/amm/orders/batch-cancel", { market_id: MARKET });
      const ledger = await venue.get("amm", "/account/ledger?entry_type=ORDER_UNFREEZE");
      const unknown = await venue.post("amm", "/amm/orders/batch-cancel", { market_id: "NOPE" });
      return [...verdict(unknown), at(ledger.body, "data.items.length")];
    },
    on: [200, 0, 0],
    off: [404, 3001, 1],
  },
  "Q-18": {
    what: "a market's own limits are ignored",
    async watch(venue) {
      venue.venue.exchange.control.patchMarket(MARKET, { maxOrderQuantity: 100 });
      return verdict(await venue.place("ann", "BUY YES 10 x 101"));
    },
    options: { settings: { enforceMarketLimits: true } },
    on: [201, 0],
    off: [422, 4002],
  },
  "Q-19": {
    what: "every user may administer",
    async watch(venue) {
      const path = `/admin/markets/${MARKET}/stats`;
      const [ann, operator] = [await venue.get("ann", path), await venue.get("operator", path)];
      return [ann.status, operator.status];
    },
    on: [200, 200],
    off: [403, 200],
  },
  "Q-20": {
    what: "a halted market cannot be resolved, none can be voided, and resolved_at stays null",
    async watch(venue) {
      const { control } = venue.venue.exchange;
      const resolve = (id: string, outcome: string) =>
        venue.post("operator", `/admin/markets/${id}/resolve`, { outcome });
      control.patchMarket(MARKET, { status: "HALTED" });
      const halted = await resolve(MARKET, "YES");
      const voided = await resolve("MKT-2", "VOID");
      await resolve("MKT-2", "YES");
      const { body } = await venue.get("ann", "/markets/MKT-2");
      return [halted.status, voided.status, at(body, "data.status"), at(body, "data.resolved_at")];
    },
    options: { settings: { quirks: new Set(["Q-19"]) } },
    on: [422, 422, "SETTLED", null],
    off: [200, 200, "VOIDED", "2026-11-22T06:13:40+00:00"],
  },
  "Q-21": {
    what: "a client order id of 65 characters ends in 500",
    watch: async (venue) =>
      (await venue.place("ann", "BUY YES 50 x 1", { client_order_id: "c".repeat(65) })).status,
    on: 500,
    off: 422,
  },
  "Q-22": {
    what: "an unhandled error closes the connection",
    async watch(venue) {
      const { status, headers, body } = await venue.post("amm", "/amm/mint", pairs("k"));
      return [status, headers.get("content-type"), body, headers.get("connection")];
    },
    options: { settings: { quirks: new Set(["Q-02"]) } },
    on: [500, "text/plain; charset=utf-8", "Internal Server Error", "close"],
    off: [500, "text/plain; charset=utf-8", "Internal Server Error", null],
  },
  "Q-23": {
    what: "a cancelled order keeps what it had frozen and gives no reason",
    async watch(venue) {
      const id = await venue.placed("ann", "BUY YES 60 x 10");
      await venue.post("ann", `/orders/${id}/cancel`);
      const { body } = await venue.get("ann", `/orders/${id}`);
      return [at(body, "frozen_amount"), at(body, "cancel_reason")];
    },
    on: [602, null],
    off: [0, "USER_CANCELLED"],
  },
};

function race(text: string): RequestInit {
  const [direction, side, price, , quantity] = text.split(" ");
  return {
    method: "POST",
    body: JSON.stringify({
      client_order_id: "racer",
      market_id: MARKET,
      side,
      direction,
      price_cents: Number(price),
      quantity: Number(quantity),
    }),
  };
}

/** The status of an answer that comes within a virtual hour. */
async function answered(venue: HttpVenue, work: ReturnType<HttpVenue["get"]>): Promise<unknown> {
  let status: unknown = "no answer";
  work.then((answer) => status = answer.status);
  await venue.clock.advance(3_600_000);
  return status;
}

/** What a client sees, with the ids of orders left out. */
async function seen({ watch, options = {} }: Case, quirk: QuirkId | null): Promise<unknown> {
  const quirks = new Set([...options.settings?.quirks ?? [], ...(quirk === null ? [] : [quirk])]);
  const venue = new HttpVenue({ ...options, settings: { ...options.settings, quirks } });
  const text = JSON.stringify(await watch(venue));
  assert.deepEqual(venue.defects, []);
  return JSON.parse(text.replaceAll(/"\d{18}"/g, '"FIRST"'));
}

for (const quirk of ALL_QUIRKS) {
  const example = CASES[quirk];
  Deno.test(`${quirk} over HTTP: ${example.what}, and only with the switch on`, async () => {
    assert.deepEqual(await seen(example, quirk), example.on);
    assert.deepEqual(await seen(example, null), example.off);
  });
}
