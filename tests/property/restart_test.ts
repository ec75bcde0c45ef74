import assert from "node:assert/strict";
import fc from "fast-check";
import { AMM_USER_ID } from "../../sim/exchange/mod.ts";
import type { QuoteFunding } from "../../src/models/vocabulary.ts";
import { MARKET, TestVenue } from "../support/venue.ts";

/** What may happen to a market while its bot works, stops, dies and comes back. */
type Event =
  | { readonly kind: "trade"; readonly contract: "YES" | "NO"; readonly quantity: number }
  | { readonly kind: "restart"; readonly crash: boolean; readonly awaySeconds: number }
  | { readonly kind: "wait"; readonly seconds: number };

const events: fc.Arbitrary<readonly Event[]> = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant("trade" as const),
      contract: fc.constantFrom("YES" as const, "NO" as const),
      quantity: fc.integer({ min: 1, max: 30 }),
    }),
    fc.record({
      kind: fc.constant("restart" as const),
      crash: fc.boolean(),
      awaySeconds: fc.integer({ min: 0, max: 5 }),
    }),
    fc.record({ kind: fc.constant("wait" as const), seconds: fc.integer({ min: 0, max: 7 }) }),
  ),
  { minLength: 3, maxLength: 15 },
);

async function happen(venue: TestVenue, event: Event): Promise<void> {
  switch (event.kind) {
    case "trade":
      venue.take(event.contract, 70, event.quantity);
      return;
    case "wait":
      return await venue.run(event.seconds);
    case "restart":
      if (event.crash) venue.kill();
      else await venue.stop();
      await venue.run(event.awaySeconds);
      venue.restart();
      await venue.start(1);
  }
}

/** Shares and cash: as the bot has booked them, and as the venue has them. */
function books(venue: TestVenue): readonly (readonly number[])[] {
  const { inventory } = venue.report().explanation ?? {};
  const { availableCents, frozenCents } = venue.exchange.account(AMM_USER_ID);
  const { yes, no } = held(venue);
  return [
    [inventory?.yes ?? NaN, inventory?.no ?? NaN, inventory?.marketCashCents ?? NaN],
    [yes, no, availableCents + frozenCents],
  ];
}

function held(venue: TestVenue): { readonly yes: number; readonly no: number } {
  try {
    return venue.exchange.position(AMM_USER_ID, MARKET);
  } catch {
    return { yes: 0, no: 0 };
  }
}

for (const quoteFunding of ["inventory", "cash", "inventory_then_cash"] as QuoteFunding[]) {
  Deno.test(`property restart, ${quoteFunding}: a restart at any point loses and doubles nothing (§29 item 7)`, async () => {
    await fc.assert(
      fc.asyncProperty(events, async (history) => {
        const venue = new TestVenue({
          markets: [{ marketId: MARKET, quoteFunding }],
          setup: { makerFeeBps: 0, takerFeeBps: 20 },
        });
        await venue.start(3);
        for (const event of history) await happen(venue, event);
        await venue.run(20);
        const [booked, real] = books(venue);
        assert.deepEqual(booked, real);
        assert.deepEqual(venue.logged("reconcile_drift"), []);
        await venue.stop();
      }),
      { numRuns: 25 },
    );
  });
}
