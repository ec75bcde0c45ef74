import assert from "node:assert/strict";
import { fulfils, REQUIREMENTS } from "../../sim/conformance/mod.ts";
import { WIRES } from "../../sim/wire.ts";
import type { Connector } from "../../src/connector/connector.ts";
import { venueUnderTest } from "../support/conformance.ts";

for (const wire of WIRES) {
  for (const requirement of REQUIREMENTS) {
    Deno.test(`conformance: ${requirement.name} [${wire}]`, async () => {
      const open = () => Promise.resolve(venueUnderTest(wire));
      assert.equal(await fulfils(requirement, open), true);
    });
  }
}

/** A connector that does one thing differently. */
function but(connector: Connector, changes: Partial<Connector>): Connector {
  const bound = Object.getOwnPropertyNames(Object.getPrototypeOf(connector)).map((name) => {
    const value: unknown = Reflect.get(connector, name);
    return [name, typeof value === "function" ? value.bind(connector) : value] as const;
  });
  return { ...Object.fromEntries(bound), ...changes } as Connector;
}

type Spoil = (connector: Connector) => Partial<Connector>;

/** Defects of connectors as they have been seen, each with a word of what finds it. */
const DEFECTS: readonly (readonly [name: string, found: RegExp, spoil: Spoil])[] = [
  ["a market that is not there looks like one", /does not exist/, (c) => ({
    market: (id) => c.market(id.startsWith("CONF") ? "MKT-1" : id),
  })],
  ["NO is not mirrored", /buy NO/, (c) => ({
    openOrders: (id) => c.openOrders(id),
    place: async (request) => {
      const outcome = await c.place(request);
      if (outcome.kind !== "accepted" || request.contract === "YES") return outcome;
      const order = { ...outcome.value.order, yesPrice: request.contractPrice };
      return { kind: "accepted", value: { ...outcome.value, order } };
    },
  })],
  ["the client order id is made anew for each try", /same client order id/, (c) => {
    let tries = 0;
    return {
      place: (request) =>
        c.place({ ...request, clientOrderId: `${request.clientOrderId}${tries++}` }),
    };
  }],
  ["a lost answer is an error", /answer is lost is unknown and no error/, (c) => ({
    place: async (request) => {
      const outcome = await c.place(request);
      if (outcome.kind === "unknown") throw new Error(outcome.cause);
      return outcome;
    },
  })],
  ["pages of trades overlap", /pages/, (c) => ({
    trades: ({ limit }) => c.trades({ limit }),
  })],
  ["a scope is ignored", /of a scope/, (c) => ({
    batchCancel: (id) => c.batchCancel(id, "ALL"),
  })],
  ["the key of a mint is made anew", /same key mints once/, (c) => {
    let tries = 0;
    return { mint: (request) => c.mint({ ...request, idempotencyKey: `k${tries++}` }) };
  }],
];

for (const [name, found, spoil] of DEFECTS) {
  Deno.test(`conformance: a connector with a defect does not pass: ${name}`, async () => {
    const failed: string[] = [];
    for (const requirement of REQUIREMENTS) {
      const spoiled = (connector: Connector) => but(connector, spoil(connector));
      const open = () => Promise.resolve(venueUnderTest("in-process", spoiled));
      await fulfils(requirement, open).catch(() => failed.push(requirement.name));
    }
    assert.ok(failed.some((requirement) => found.test(requirement)), failed.join("\n"));
  });
}

Deno.test("conformance: what a venue cannot do is left out and not passed", async () => {
  const { loseNextAnswer: _, ...venue } = venueUnderTest("in-process");
  const needing = REQUIREMENTS.filter(({ needs }) => needs === "loseNextAnswer");
  assert.ok(needing.length > 0);
  for (const requirement of needing) {
    assert.equal(await fulfils(requirement, () => Promise.resolve(venue)), false);
  }
});
