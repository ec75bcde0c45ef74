/** Everybody who trades in a simulated market. */

import { z } from "zod";
import { expectingKind } from "../fields.ts";
import { clumsySchema, clumsyTrader } from "./clumsy.ts";
import { crowdSchema, crowdTrader } from "./crowd.ts";
import { informedSchema, informedTrader } from "./informed.ts";
import { momentumSchema, momentumTrader } from "./momentum.ts";
import { noiseSchema, noiseTrader } from "./noise.ts";
import { sniperSchema, sniperTrader } from "./sniper.ts";
import { spooferSchema, spooferTrader } from "./spoofer.ts";
import type { InsiderWorld, Trader } from "./trader.ts";
import { whaleSchema, whaleTrader } from "./whale.ts";

const KINDS = [
  "clumsy",
  "crowd",
  "informed",
  "momentum",
  "noise",
  "sniper",
  "spoofer",
  "whale",
];

/** A trader as a scenario describes it. */
export const traderSpecSchema = z.discriminatedUnion("kind", [
  clumsySchema,
  crowdSchema,
  informedSchema,
  momentumSchema,
  noiseSchema,
  sniperSchema,
  spooferSchema,
  whaleSchema,
], expectingKind("kind", KINDS));

/** A trader as a scenario describes it. */
export type TraderSpec = z.output<typeof traderSpecSchema>;

/** Brings a trader to life; only those who know the truth are shown it. */
export function createTrader(spec: TraderSpec, world: InsiderWorld): Trader {
  switch (spec.kind) {
    case "clumsy":
      return clumsyTrader(spec, world);
    case "crowd":
      return crowdTrader(spec, world);
    case "informed":
      return informedTrader(spec, world);
    case "momentum":
      return momentumTrader(spec, world);
    case "noise":
      return noiseTrader(spec, world);
    case "sniper":
      return sniperTrader(spec, world);
    case "spoofer":
      return spooferTrader(spec, world);
    case "whale":
      return whaleTrader(spec, world);
  }
}
