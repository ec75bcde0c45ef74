/** Every market maker that can be compared. */

import { PRESETS } from "../../../src/config/presets.ts";
import { createService } from "../../../src/service/service.ts";
import type { Service, ServiceDependencies } from "../../../src/service/service_api.ts";
import type { Settings } from "../../bot_config.ts";
import { constantProductMaker } from "./constant_product.ts";
import { lmsrMaker } from "./lmsr.ts";
import { makerService } from "./maker_service.ts";
import { paperMaker, symmetricMaker } from "./quoted.ts";

/** A market maker that can be compared. */
export interface Contender {
  readonly about: string;
  /** True for this bot, which has settings and keeps books. */
  readonly isBot: boolean;
  /** Settings of the bot that make it this contender. */
  readonly settings: Settings;
  readonly createService: (dependencies: ServiceDependencies) => Service;
}

const standard = presetValues("standard");

/** The contenders by name, in the order in which they are shown. */
export const CONTENDERS = {
  standard: bot("this bot with the defaults", standard),
  tight: bot("this bot with a quarter of the risk spread", presetValues("tight")),
  seed_literal: bot("this bot with the seed's units", presetValues("seed_literal")),
  logit: bot("this bot with skew and spread in log-odds", { ...standard, as_model: "logit" }),
  symmetric: rival("a fixed spread around the learnt price", makerService(symmetricMaker)),
  lmsr: rival("logarithmic market scoring rule, worst loss = budget", makerService(lmsrMaker)),
  constant_product: rival(
    "constant product, worst loss = budget",
    makerService(constantProductMaker),
  ),
  as_2008: rival("Avellaneda-Stoikov as in the paper", makerService(paperMaker)),
} as const satisfies Readonly<Record<string, Contender>>;

/** The name of a contender. */
export type ContenderName = keyof typeof CONTENDERS;

/** The names of all contenders. */
// Object.keys() forgets the type of the keys of the record above.
export const CONTENDER_NAMES = Object.keys(CONTENDERS) as ContenderName[];

function bot(about: string, settings: Settings): Contender {
  return { about, isBot: true, settings, createService };
}

function rival(about: string, create: Contender["createService"]): Contender {
  return { about, isBot: false, settings: {}, createService: create };
}

function presetValues(name: string): Settings {
  const preset = PRESETS.find((candidate) => candidate.name === name);
  if (preset === undefined) throw new RangeError(`Cannot find the preset ${name}`);
  return preset.values;
}
