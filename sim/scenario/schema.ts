import { z } from "zod";
import { FORMATS } from "../../src/config/formats.ts";
import { DAY_MS } from "../../src/models/market.ts";
import { camelKeys } from "../camel_keys.ts";
import { duration } from "../duration.ts";
import {
  block,
  expecting,
  expectingKind,
  listOf,
  numberBetween,
  oneOf,
  someText,
  textLike,
  wholeNumber,
} from "../fields.ts";
import { ALL_QUIRKS } from "../exchange/settings.ts";
import { pathSchema } from "../price_path.ts";
import { traderSpecSchema } from "../traders/mod.ts";
import { assertionSchema } from "./assertion.ts";
import { quotingSchema } from "./quoting.ts";

const priceSchema = wholeNumber(1, 99);
const feeSchema = wholeNumber(0, 1_000);
/** The id of a market. */
export const marketIdSchema = textLike(
  new RegExp(FORMATS.market_id.pattern),
  FORMATS.market_id.description,
);

/** What a market of a scenario and one of paper mode have in common. */
export const venueShape = {
  /** The id, if left out. */
  title: someText().optional(),
  /** For how long the market has been open in the beginning. */
  age: duration().default(DAY_MS),
  /** When trading ends, from the beginning. */
  ends_in: duration(60_000).default(30 * DAY_MS),
  maker_fee_bps: feeSchema.default(10),
  taker_fee_bps: feeSchema.default(20),
  traders: listOf(traderSpecSchema, 0, 50).default([]),
};

const scenarioMarketSchema = block({
  id: marketIdSchema,
  ...venueShape,
  path: pathSchema,
  /** What the bot is told in the beginning. */
  anchor: priceSchema,
  /** Cash that the bot has for this market, cents. */
  funding: wholeNumber(10_000, 100_000_000).default(200_000),
  /** Settings of the bot in this market only. */
  quoting: quotingSchema.default({}),
  /** An outside price that the bot's oracle guard looks at. */
  oracle: block({
    /** Age of the truth when it arrives. */
    lag: duration(0, 60_000).default(1_000),
    /** How far it is off, cents. */
    off_by_cents: numberBetween(-50, 50).default(0),
  }).transform(camelKeys).optional(),
}).transform(camelKeys);

/** How the venue deviates from the reference (matching engine spec §0). */
const venueSchema = block({
  /** `deployed` has every defect. */
  profile: oneOf("reference", "deployed").default("reference"),
  /** Single defects of the deployed exchange that are switched on. */
  quirks: listOf(oneOf(...ALL_QUIRKS), 0, ALL_QUIRKS.length).default([]),
  /** Makers are charged too. */
  maker_fee: z.boolean(expecting("true or false")).default(false),
  /** From a request of the bot to its answer. */
  latency: duration(0, 10_000).default(0),
  /** From a time on connections break before the venue hears; in the process only. */
  failing: block({ from: duration(), share: numberBetween(0, 0.9) }).optional(),
}).transform(({ profile, quirks, ...rest }) =>
  camelKeys({ ...rest, quirks: profile === "deployed" ? ALL_QUIRKS : quirks })
);

const at = duration();
const market = marketIdSchema.optional();

const ACTIONS = [
  "suspend",
  "activate",
  "halt",
  "resolve",
  "kill",
  "release",
  "set_anchor",
  "deposit",
];

/**
 * Something that happens at the venue or that an operator does; to all markets, if none is named.
 */
export const eventSchema = z.discriminatedUnion("do", [
  block({ at, market, do: oneOf("suspend", "activate", "halt") }),
  block({ at, market, do: z.literal("resolve"), result: oneOf("YES", "NO", "path") }),
  block({ at, market, do: oneOf("kill", "release") }),
  block({ at, market, do: z.literal("set_anchor"), price: priceSchema }),
  block({ at, do: z.literal("deposit"), cents: wholeNumber(1, 100_000_000) }),
], expectingKind("do", ACTIONS));

/** Something that happens at the venue or that an operator does. */
export type ScenarioEvent = z.output<typeof eventSchema>;

/** A scripted market: what is there, what happens, and what must be true at the end. */
export const scenarioSchema = block({
  name: textLike(/^[a-z][a-z0-9-]*$/, "lower-case words joined by hyphens"),
  description: someText(),
  duration: duration(60_000, 90 * DAY_MS),
  /** Settings of the bot that differ from the shipped defaults, in all markets. */
  quoting: quotingSchema.default({}),
  venue: venueSchema.prefault({}),
  markets: listOf(scenarioMarketSchema, 1, 20),
  events: listOf(eventSchema, 0, 1_000).default([]),
  assertions: listOf(assertionSchema, 0, 100).default([]),
}).superRefine((scenario, context) => {
  const ids = scenario.markets.map(({ id }) => id);
  const refuse = (path: (string | number)[], message: string) =>
    context.addIssue({ code: "custom", path, message });
  ids.forEach((id, index) => {
    if (ids.indexOf(id) !== index) refuse(["markets", index, "id"], `${id} is there twice`);
  });
  const knowMarket = (list: "events" | "assertions", index: number, named?: string) => {
    if (named === undefined || ids.includes(named)) return;
    refuse([list, index, "market"], `no market is called ${named}; allowed ${ids.join(", ")}`);
  };
  scenario.events.forEach((event, index) => {
    knowMarket("events", index, "market" in event ? event.market : undefined);
    if (event.at > scenario.duration) {
      refuse(["events", index, "at"], "comes after the end of the scenario");
    }
  });
  scenario.assertions.forEach((a, index) => knowMarket("assertions", index, a.market));
});

/** A scripted market. */
export type Scenario = z.output<typeof scenarioSchema>;

/** A market of a scenario. */
export type ScenarioMarket = Scenario["markets"][number];

/** A market at the simulated venue, of a scenario or of paper mode. */
export type SimulatedMarket = Omit<ScenarioMarket, "anchor" | "funding" | "quoting" | "oracle">;
