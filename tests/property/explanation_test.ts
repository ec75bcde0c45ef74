import assert from "node:assert/strict";
import fc from "fast-check";
import { decide } from "../../src/cycle/decide.ts";
import { NO_ACTIONS, type QuoteExplanation } from "../../src/models/explanation.ts";
import { anySettings, isValid } from "../support/arbitrary_settings.ts";
import { recompute } from "../support/recompute.ts";
import { type Scene, scenes } from "../support/scenes.ts";

/** The explanation of a scene as an operator gets it: over the wire, as JSON. */
function explained({ before, seen, config }: Scene): QuoteExplanation {
  const { explained } = decide(before, seen, config);
  const whole = {
    ...explained,
    cycle: 1,
    configVersion: 0,
    lifecycle: "RUNNING",
    actions: NO_ACTIONS,
  };
  return JSON.parse(JSON.stringify(whole));
}

/** The quote as it is told, and as it follows from what is told. */
function assertFollows(quote: QuoteExplanation): void {
  const again = recompute(quote);
  assert.equal(again.fairCents, quote.price?.fairCents);
  assert.equal(again.skew, quote.inventory.effectiveSkew);
  assert.deepEqual([again.bid, again.ask], [quote.spread?.bid, quote.spread?.ask]);
  const quoted = quote.quotes.map(({ side, price, quantity }) => ({ side, price, quantity }));
  assert.deepEqual(again.quotes, quoted);
}

Deno.test("explanation: price, touch, levels and sizes follow from it alone, in any market", () => {
  fc.assert(
    fc.property(scenes(), (scene) => assertFollows(explained(scene))),
    { numRuns: 2000 },
  );
});

Deno.test("explanation: they follow from it with any settings that the rules allow", () => {
  fc.assert(
    fc.property(scenes(), anySettings, (scene, settings) => {
      const config = { ...scene.config, ...settings };
      fc.pre(isValid(config));
      assertFollows(explained({ ...scene, config }));
    }),
    { numRuns: 1000 },
  );
});

Deno.test("explanation: what is sent is what was quoted less what it says was taken away", () => {
  fc.assert(
    fc.property(scenes(), (scene) => {
      const { quotes, removals, targets } = explained(scene);
      const left = new Map<string, number>();
      const add = (side: string, price: number, shares: number) =>
        left.set(`${side} ${price}`, (left.get(`${side} ${price}`) ?? 0) + shares);
      for (const { side, price, quantity } of quotes) add(side, price, quantity);
      for (const { side, yesPrice, quantity } of removals) add(side, yesPrice, -quantity);
      for (const { side, yesPrice, quantity } of targets) add(side, yesPrice, -quantity);
      assert.deepEqual([...left].filter(([, shares]) => shares !== 0), []);
    }),
    { numRuns: 1000 },
  );
});

Deno.test("explanation: the weights of the layers are non-negative and sum to 1 (§4)", () => {
  fc.assert(
    fc.property(scenes(), (scene) => {
      const { price } = explained(scene);
      const weights = [price?.anchorWeight, price?.microWeight, price?.posteriorWeight];
      for (const weight of weights) assert.ok((weight ?? -1) >= 0);
      const sum = weights.reduce<number>((all, weight) => all + (weight ?? NaN), 0);
      assert.ok(Math.abs(sum - 1) < 1e-12);
    }),
    { numRuns: 300 },
  );
});
