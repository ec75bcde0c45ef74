import assert from "node:assert/strict";
import { VenueError } from "../../src/connector/connector.ts";
import type { Requirement, Trial } from "./venue.ts";

/** What the bot relies on when it reads. */
export const READS: readonly Requirement[] = [
  {
    name: "the identity is a text and stays the same",
    check: async (trial) => {
      const first = await trial.ask((connector) => connector.identity());
      assert.ok(first.length > 0);
      assert.equal(await trial.ask((connector) => connector.identity()), first);
    },
  },
  {
    name: "the record of a market has its status, its price limits in cents and its fees",
    check: async (trial) => {
      const record = await trial.ask((connector) => connector.market(trial.marketId));
      assert.equal(record.marketId, trial.marketId);
      assert.equal(record.status, "ACTIVE");
      assert.ok(1 <= record.minPrice && record.minPrice < record.maxPrice && record.maxPrice <= 99);
      assert.ok(Number.isInteger(record.makerFeeBps) && Number.isInteger(record.takerFeeBps));
      assert.ok(record.maxOrderQuantity >= 1);
    },
  },
  {
    name: "where nothing is, a read gives nothing and no error",
    check: async (trial) => {
      assert.deepEqual(await trial.book(), []);
      assert.deepEqual(await trial.resting(), []);
      const { yes, no } = await trial.ask((connector) => connector.position(trial.marketId));
      assert.deepEqual([yes, no], [0, 0]);
    },
  },
  {
    name: "a market that does not exist is an error of kind refused, and never an empty answer",
    check: async (trial) => {
      const ask = trial.ask((connector) => connector.market("CONFORMANCE-NO-SUCH-MARKET"));
      await assert.rejects(ask, isRefused);
    },
  },
  {
    name: "the book of a market that is not ACTIVE is an error of kind refused",
    needs: "suspend",
    check: async (trial) => {
      await trial.venue.suspend?.();
      await assert.rejects(trial.book(), isRefused);
      const { status } = await trial.ask((connector) => connector.market(trial.marketId));
      assert.notEqual(status, "ACTIVE");
    },
  },
  {
    name: "a fill is listed as a trade once, newest first, with the account on its side",
    check: async (trial) => {
      const own = await trial.ask((connector) => connector.identity());
      await trial.place("BUY YES 40 x 10");
      await trial.venue.take("NO", 60, 3);
      await trial.venue.take("NO", 60, 2);
      const { trades } = await trial.ask((connector) => connector.trades({ limit: 100 }));
      const here = trades.filter(({ marketId }) => marketId === trial.marketId);
      assert.deepEqual(
        here.map(({ yesPrice, quantity, buyUserId }) => [yesPrice, quantity, buyUserId === own]),
        [[40, 2, true], [40, 3, true]],
      );
      assert.equal(new Set(here.map(({ tradeId }) => tradeId)).size, 2);
    },
  },
  {
    name: "trades come in pages that leave nothing out and show nothing twice",
    check: async (trial) => {
      await trial.place("BUY YES 40 x 10");
      for (const quantity of [1, 2, 3]) await trial.venue.take("NO", 60, quantity);
      const quantities: number[] = [];
      let cursor: string | undefined;
      do {
        const page = await tradesFrom(trial, cursor);
        quantities.push(...page.trades.map(({ quantity }) => quantity));
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined && quantities.length < 10);
      assert.deepEqual(quantities, [3, 2, 1]);
    },
  },
];

/** True for a read that the venue refused. */
function isRefused(error: unknown): boolean {
  return error instanceof VenueError && error.kind === "refused";
}

async function tradesFrom(trial: Trial, cursor: string | undefined) {
  const query = { limit: 2, ...(cursor === undefined ? {} : { cursor }) };
  return await trial.ask((connector) => connector.trades(query));
}
