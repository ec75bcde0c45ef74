import assert from "node:assert/strict";
import { shares } from "../../src/models/money.ts";
import { accepted, type Requirement, type Trial } from "./venue.ts";

/** What the bot relies on when it makes pairs of shares and turns them back into cash. */
export const PAIRS: readonly Requirement[] = [
  {
    name: "a pair costs a hundred cents, and burning it gives them back",
    check: async (trial) => {
      const before = await holdings(trial);
      await trial.mint(7);
      assert.deepEqual(await holdings(trial), { cents: before.cents - 700, yes: 7, no: 7 });
      await trial.ask((connector) => connector.burn(pairs(trial, 7, "burn")));
      assert.deepEqual(await holdings(trial), before);
    },
  },
  {
    name: "the same key mints once, and the repeat says so",
    check: async (trial) => {
      const request = pairs(trial, 7, "once");
      assert.equal(accepted(await trial.ask((c) => c.mint(request))).alreadyDone, false);
      assert.equal(accepted(await trial.ask((c) => c.mint(request))).alreadyDone, true);
      const { yes, no } = await holdings(trial);
      assert.deepEqual([yes, no], [7, 7]);
    },
  },
  {
    name: "pairs that are not there cannot be burned",
    check: async (trial) => {
      const outcome = await trial.ask((connector) => connector.burn(pairs(trial, 7, "none")));
      assert.equal(outcome.kind, "rejected");
    },
  },
  {
    name: "a mint whose answer is lost is found to be done when it is repeated with its key",
    needs: "loseNextAnswer",
    check: async (trial) => {
      const request = pairs(trial, 7, "lost");
      trial.venue.loseNextAnswer?.();
      const outcome = await trial.ask((connector) => connector.mint(request));
      // A connector may repeat it by itself, since the key makes that safe.
      assert.notEqual(outcome.kind, "rejected");
      accepted(await trial.ask((connector) => connector.mint(request)));
      const { yes, no } = await holdings(trial);
      assert.deepEqual([yes, no], [7, 7]);
    },
  },
];

async function holdings(trial: Trial) {
  const { availableCents, frozenCents } = await trial.ask((connector) => connector.balance());
  const { yes, no } = await trial.ask((connector) => connector.position(trial.marketId));
  return { cents: availableCents + frozenCents, yes, no };
}

function pairs({ marketId }: Trial, quantity: number, idempotencyKey: string) {
  return { marketId, quantity: shares(quantity), idempotencyKey };
}
