import assert from "node:assert/strict";
import { globalParameters, marketParameters } from "../../src/config/registry.ts";
import { seededRandom } from "../../src/runtime/random.ts";
import { botConfig } from "../../sim/bot_config.ts";
import { type Guard, GUARD_NAMES, GUARDS } from "../../sim/lab/guards.ts";
import { CONTENDER_NAMES, CONTENDERS } from "../../sim/lab/makers/mod.ts";
import { drawnScenario, MARKET_TYPE_NAMES } from "../../sim/lab/market_types.ts";
import { variantsOf } from "../../sim/lab/variants.ts";

for (const name of MARKET_TYPE_NAMES) {
  Deno.test(`market type ${name}: a seed draws a market, another seed another`, () => {
    const draw = (seed: number) => drawnScenario(name, seededRandom(seed));
    assert.deepEqual(draw(3), draw(3));
    assert.notDeepEqual(draw(3).markets, draw(4).markets);
    const [market] = draw(3).markets;
    assert.ok(market !== undefined && market.traders.length > 0);
  });
}

Deno.test("market types: the anchor is right on average and wrong by some cents each time", () => {
  const errors = Array.from({ length: 400 }, (_, seed) => {
    const [market] = drawnScenario("calm", seededRandom(seed)).markets;
    assert.ok(market !== undefined);
    return market.path.start - market.anchor;
  });
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  const spread = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length);
  assert.ok(Math.abs(mean) < 0.6, `mean ${mean}`);
  assert.ok(Math.abs(spread - 4) < 0.5, `spread ${spread}`);
});

Deno.test("news: jumps of at most 20 cents, up as often as down, never over the edge", () => {
  const jumps = Array.from({ length: 300 }, (_, seed) => {
    const [market] = drawnScenario("news_jumps", seededRandom(seed)).markets;
    assert.ok(market !== undefined);
    const [first, second] = market.path.jumps;
    assert.ok(first !== undefined && second !== undefined && first.at < second.at);
    assert.ok(Math.abs(second.to - first.to) <= 20);
    assert.ok(second.to >= 2 && second.to <= 98);
    return first.to - market.path.start;
  });
  const up = jumps.filter((jump) => jump > 0).length;
  assert.ok(up > 120 && up < 180, `${up} of 300 up`);
});

Deno.test("guards: each is switched off by settings that exist and are in range", () => {
  const scenario = drawnScenario("calm", seededRandom(1));
  for (const name of GUARD_NAMES) {
    const guard: Guard = GUARDS[name];
    const settings = { ...guard.off.market, ...guard.off.global };
    assert.ok(Object.keys(settings).length > 0, name);
    for (const setting of Object.keys(settings)) {
      assert.ok(setting in marketParameters || setting in globalParameters, setting);
    }
    const changed = botConfig(scenario, guard.off);
    assert.ok(changed.markets.has("LAB"), name);
  }
});

Deno.test("guards: switching one off changes what the bot would run with", () => {
  const scenario = drawnScenario("calm", seededRandom(1));
  const usual = botConfig(scenario);
  // Off by default, so there is nothing to switch off: it takes a market with an event or an oracle.
  const absent = ["event_shield", "oracle", "velocity"];
  for (const name of GUARD_NAMES.filter((guard) => !absent.includes(guard))) {
    assert.notDeepEqual(botConfig(scenario, GUARDS[name].off), usual, name);
  }
});

Deno.test("contenders: this bot is there with each of its profiles, and so are its rivals", () => {
  assert.deepEqual(CONTENDER_NAMES, [
    "standard",
    "tight",
    "seed_literal",
    "logit",
    "symmetric",
    "lmsr",
    "constant_product",
    "as_2008",
  ]);
  assert.equal(CONTENDERS.logit.settings.as_model, "logit");
  assert.equal(CONTENDERS.seed_literal.settings.sigma_scale_cents, 0.01);
});

Deno.test("variants: a bot goes once with and once without each guard, a rival as it is", () => {
  const variants = variantsOf({
    makers: ["standard", "lmsr"],
    without: ["vpin", "budget"],
    settings: { market: { kappa: 2 } },
  });
  assert.deepEqual(variants.map(({ name }) => name), [
    "standard",
    "standard without vpin",
    "standard without budget",
    "lmsr",
  ]);
  assert.deepEqual(variants[1]?.settings.market, { kappa: 2, vpin_spread_multiplier: 1 });
  assert.deepEqual(variants[3]?.settings.market, { kappa: 2 });
});
