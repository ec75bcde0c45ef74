/** What the browser works with; the types of the API are those of its schemas. */

import type { z } from "zod";
import type { QuoteExplanation } from "../../../models/explanation.ts";
import type * as schemas from "../../schemas.ts";

/** A row of the overview. */
export type Row = z.output<typeof schemas.marketRow>;
/** The overview, whole or with the rows that changed. */
export type Overview = z.output<typeof schemas.overview> & { readonly full?: boolean };
/** Everything about one market. */
export type Detail = Omit<z.output<typeof schemas.marketDetail>, "explanation"> & {
  readonly explanation: Explanation | null;
  readonly inventory: Explanation["inventory"] | null;
  readonly limits: Explanation["limits"];
};
/** A risk event. */
export type RiskEvent = z.output<typeof schemas.riskEvent>;
/** A point of a chart. */
export type Point = z.output<typeof schemas.historyPoint>;
/** An own trade. */
export type Trade = z.output<typeof schemas.tradeRecord>;
/** What a kill came to. */
export type KillAnswer = z.output<typeof schemas.killAnswer>;
/** What a command came to. */
export type CommandAnswer = z.output<typeof schemas.commandAnswer>;
/** The settings of a target. */
export type Config = z.output<typeof schemas.effectiveConfig>;
/** How a setting is declared. */
export type Parameter = z.output<typeof schemas.parameter>;
/** A change of settings. */
export type ConfigRecord = z.output<typeof schemas.configRecord>;
/** What an edit came to. */
export type EditAnswer = Omit<z.output<typeof schemas.editAnswer>, "preview"> & {
  readonly preview: Pick<Explanation, "price" | "spread" | "targets" | "defense"> | null;
};
/** An entry of the audit trail. */
export type AuditEntry = z.output<typeof schemas.auditEntry>;

type Snake<S extends string> = S extends `${infer Head}${infer Tail}`
  ? `${Head extends Lowercase<Head> ? Head : `_${Lowercase<Head>}`}${Snake<Tail>}`
  : S;

/** Numbers that are called a price get the unit into their name on the wire. */
type WireName<K extends string, V> = V extends number
  ? Snake<K> extends `${string}price` | "ask" | "bid" ? `${Snake<K>}_cents` : Snake<K>
  : Snake<K>;

/** A value as it arrives: names in snake_case, brands gone. */
type Wire<T> = T extends number ? number
  : T extends string ? T
  : T extends readonly (infer E)[] ? readonly Wire<E>[]
  : T extends object ? {
      readonly [K in keyof T & string as K extends "BID" | "ASK" ? K : WireName<K, T[K]>]: Wire<
        T[K]
      >;
    }
  : T;

/** A quote term by term. */
export type Explanation = Wire<QuoteExplanation>;

/** What the sentence about a side is made of. */
export type QuoteStory = Pick<
  Explanation,
  "price" | "spread" | "targets" | "defense" | "note" | "limits" | "unwinding" | "removals"
>;

/** How the page hears from the bot. */
export interface Link {
  readonly state: "connecting" | "live" | "lost" | "resting";
  /** `performance.now()` of the last message, null before the first. */
  readonly heardAt: number | null;
  /** What went wrong last. */
  readonly problem: string | null;
}

/** What needs attention in a market, and how much; 0 is most. */
export interface Attention {
  readonly rank: number;
  /** Which light shows it. */
  readonly light: LightName;
  /** One or two words. */
  readonly word: string;
  /** Why, for a person. */
  readonly why: string;
}

/** The lights: each has its shape, word and colour. */
export type LightName =
  | "normal"
  | "widen"
  | "one-side"
  | "kill"
  | "paused"
  | "problem"
  | "stale"
  | "starting"
  | "ended";
