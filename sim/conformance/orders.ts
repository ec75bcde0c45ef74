import assert from "node:assert/strict";
import { VenueCode } from "../../src/connector/connector.ts";
import type { Requirement } from "./venue.ts";

const NOT_OFFERED = Promise.resolve(null);

/** What the bot relies on when it places, moves and cancels orders. */
export const ORDERS: readonly Requirement[] = [
  {
    name: "an order rests as it was asked for, under its client order id, and shows in the book",
    check: async (trial) => {
      const { orderId } = await trial.place("BUY YES 40 x 10", "mine-1");
      const [order] = await trial.ask((connector) => connector.openOrders(trial.marketId));
      assert.equal(order?.orderId, orderId);
      assert.equal(order?.clientOrderId, "mine-1");
      assert.deepEqual([order?.side, order?.yesPrice, order?.remaining], ["BID", 40, 10]);
      assert.deepEqual(await trial.book(), ["BID 40 x 10"]);
    },
  },
  {
    name: "the orders of the account, where they can be asked for, have those of the market",
    check: async (trial) => {
      await trial.place("BUY YES 40 x 10");
      await trial.place("BUY NO 40 x 5");
      await trial.venue.take("NO", 60, 4);
      const all = await trial.ask((connector) => connector.accountOrders?.() ?? NOT_OFFERED);
      if (all === null) return;
      const here = all.filter(({ marketId }) => marketId === trial.marketId);
      const own = await trial.ask((connector) => connector.openOrders(trial.marketId));
      assert.deepEqual(here, own);
    },
  },
  {
    name: "an order to buy NO is an offer of YES at a hundred cents less its price",
    check: async (trial) => {
      const { side, yesPrice, contractPrice } = await trial.place("BUY NO 40 x 10");
      assert.deepEqual([side, yesPrice, contractPrice], ["ASK", 60, 40]);
      assert.deepEqual(await trial.book(), ["ASK 60 x 10"]);
    },
  },
  {
    name: "the same request with the same client order id makes one order",
    check: async (trial) => {
      const request = trial.request("BUY YES 40 x 10");
      await trial.ask((connector) => connector.place(request));
      await trial.ask((connector) => connector.place(request));
      assert.deepEqual(await trial.resting(), ["BUY YES 40 x 10"]);
    },
  },
  {
    name: "an order that the cash cannot pay is rejected, and nothing rests",
    check: async (trial) => {
      const { availableCents } = await trial.ask((connector) => connector.balance());
      const request = trial.request(`BUY YES 50 x ${Math.ceil(availableCents / 50) + 100}`);
      const outcome = await trial.ask((connector) => connector.place(request));
      assert.equal(outcome.kind, "rejected");
      assert.deepEqual(await trial.resting(), []);
    },
  },
  {
    name: "shares that are not there cannot be sold",
    check: async (trial) => {
      const request = trial.request("SELL YES 60 x 5");
      const outcome = await trial.ask((connector) => connector.place(request));
      assert.ok(outcome.kind === "rejected" && outcome.code === VenueCode.INSUFFICIENT_SHARES);
    },
  },
  {
    name: "a part that is filled leaves the rest, and the position has it",
    check: async (trial) => {
      await trial.place("BUY YES 40 x 10");
      await trial.venue.take("NO", 60, 4);
      assert.deepEqual(await trial.resting(), ["BUY YES 40 x 6"]);
      const { yes, no } = await trial.ask((connector) => connector.position(trial.marketId));
      assert.deepEqual([yes, no], [4, 0]);
    },
  },
  {
    name: "a cancelled order is gone, and its cash is free again",
    check: async (trial) => {
      const before = await trial.ask((connector) => connector.balance());
      const { orderId } = await trial.place("BUY YES 40 x 10");
      const outcome = await trial.ask((connector) => connector.cancel(orderId, trial.marketId));
      assert.equal(outcome.kind, "accepted");
      assert.deepEqual(await trial.resting(), []);
      assert.deepEqual(await trial.ask((connector) => connector.balance()), before);
    },
  },
  {
    name: "a cancel that comes twice says that there is nothing left to cancel",
    check: async (trial) => {
      const { orderId } = await trial.place("BUY YES 40 x 10");
      await trial.ask((connector) => connector.cancel(orderId, trial.marketId));
      const again = await trial.ask((connector) => connector.cancel(orderId, trial.marketId));
      assert.ok(again.kind === "rejected" && again.code === VenueCode.NOT_CANCELLABLE);
    },
  },
  {
    name: "a replaced order is gone, and the new one rests under its own client order id",
    check: async (trial) => {
      const { orderId } = await trial.place("BUY YES 40 x 10");
      const request = trial.request("BUY YES 42 x 8", "moved-1");
      const outcome = await trial.ask((connector) => connector.replace(orderId, request));
      assert.equal(outcome.kind, "accepted");
      const orders = await trial.ask((connector) => connector.openOrders(trial.marketId));
      assert.deepEqual(orders.map(({ clientOrderId }) => clientOrderId), ["moved-1"]);
      assert.deepEqual(await trial.book(), ["BID 42 x 8"]);
    },
  },
  {
    name: "an order that is partly filled is not replaced",
    check: async (trial) => {
      const { orderId } = await trial.place("BUY YES 40 x 10");
      await trial.venue.take("NO", 60, 4);
      const request = trial.request("BUY YES 42 x 8");
      const outcome = await trial.ask((connector) => connector.replace(orderId, request));
      assert.ok(outcome.kind === "rejected" && outcome.code === VenueCode.OLD_ORDER_HAS_FILLS);
      assert.ok(!(await trial.book()).includes("BID 42 x 8"));
    },
  },
  {
    name: "cancelling all orders of a market leaves none, and those of a scope only the others",
    check: async (trial) => {
      await trial.mint(20);
      await trial.place("BUY YES 40 x 10");
      await trial.place("SELL YES 60 x 10");
      await trial.ask((connector) => connector.batchCancel(trial.marketId, "BUY_ONLY"));
      assert.deepEqual(await trial.resting(), ["SELL YES 60 x 10"]);
      await trial.ask((connector) => connector.batchCancel(trial.marketId, "ALL"));
      assert.deepEqual(await trial.resting(), []);
    },
  },
  {
    name:
      "a placement whose answer is lost is unknown and no error; a repeat makes no second order",
    needs: "loseNextAnswer",
    check: async (trial) => {
      const request = trial.request("BUY YES 40 x 10");
      trial.venue.loseNextAnswer?.();
      const outcome = await trial.ask((connector) => connector.place(request));
      assert.equal(outcome.kind, "unknown");
      assert.deepEqual(await trial.resting(), ["BUY YES 40 x 10"]);
      await trial.ask((connector) => connector.place(request));
      assert.deepEqual(await trial.resting(), ["BUY YES 40 x 10"]);
    },
  },
  {
    name: "a replacement whose answer is lost is unknown, and is not sent again",
    needs: "loseNextAnswer",
    check: async (trial) => {
      const { orderId } = await trial.place("BUY YES 40 x 10");
      trial.venue.loseNextAnswer?.();
      const request = trial.request("BUY YES 42 x 8");
      const outcome = await trial.ask((connector) => connector.replace(orderId, request));
      assert.equal(outcome.kind, "unknown");
      assert.deepEqual(await trial.resting(), ["BUY YES 42 x 8"]);
    },
  },
];
