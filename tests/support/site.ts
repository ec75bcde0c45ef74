import { MemoryConfig } from "../../src/cache/memory_config.ts";
import { ConfigEditor } from "../../src/config/hot/editor.ts";
import { operationsSite, type OperationsSiteOptions } from "../../src/http/operations_site.ts";
import type { Clock } from "../../src/runtime/clock.ts";
import { EventHub } from "../../src/runtime/event_hub.ts";
import { type Logger, type LogLevel, silentLogger } from "../../src/runtime/log.ts";
import { seededRandom } from "../../src/runtime/random.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";
import type { Operations } from "../../src/service/operations.ts";
import type { Service } from "../../src/service/service_api.ts";
import { hotBot } from "./hot_bot.ts";
import { twoMarkets } from "./overrides.ts";
import type { TestVenue } from "./venue.ts";

/** The admin token of the tests. */
export const TOKEN = "correct horse battery staple";
/** Headers of an operator. */
export const ADMIN = {
  "Authorization": `Bearer ${TOKEN}`,
  "Content-Type": "application/json",
  "X-Operator": "ann",
};

/** Operations without a configuration behind them. */
export function noOperations(): Operations {
  const away = () => Promise.reject(new RangeError("no configuration in this test"));
  return {
    editor: {
      change: away,
      preview: away,
      remove: away,
      applyPreset: away,
      rollback: away,
      audit: away,
      effective: away,
    },
    rejectedCounts: () => [],
    isOverridden: () => false,
    onCall: () => {},
  };
}

/** The pages of a service. */
export function siteOf(
  service: Service,
  options: {
    readonly operations?: Operations;
    readonly clock?: Clock;
    readonly hub?: EventHub;
    readonly log?: Logger;
    readonly adminToken?: string | null;
    readonly setLogLevel?: (level: LogLevel) => void;
    readonly markets?: number;
    readonly hosts?: readonly string[];
    readonly alertCounts?: OperationsSiteOptions["alertCounts"];
    readonly journalCounts?: OperationsSiteOptions["journalCounts"];
  } = {},
) {
  const clock = options.clock ?? new VirtualClock(0);
  return operationsSite({
    service,
    clock,
    operations: noOperations(),
    hub: new EventHub(clock),
    log: silentLogger,
    random: seededRandom("site"),
    adminToken: TOKEN,
    hosts: [],
    alertCounts: () => null,
    journalCounts: () => null,
    setLogLevel: () => {},
    markets: 1,
    ...options,
  });
}

/** A bot with two markets under a virtual clock, and its pages. */
export interface OperatedBot {
  readonly venue: TestVenue;
  readonly site: ReturnType<typeof operationsSite>;
  readonly logLevels: readonly LogLevel[];
  /** Asks for a page and lets time pass until the answer is there. */
  readonly request: (method: string, path: string, options?: RequestOptions) => Promise<Answer>;
}

/** What a test sends. */
export interface RequestOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON, null if it is none. */
  readonly json: unknown;
  /** A value deep inside it, such as `at("error", "code")`. */
  readonly at: (...path: readonly (string | number)[]) => unknown;
}

/** Puts a bot together with everything that operators have; it is not started. */
export function operatedBot(
  options: { readonly adminToken?: string | null; readonly hosts?: readonly string[] } = {},
): OperatedBot {
  const base = twoMarkets();
  const { venue, store, watcher } = hotBot(base, (clock) => new MemoryConfig(clock));
  const { clock, hub } = venue;
  const logLevels: LogLevel[] = [];
  const operations: Operations = {
    editor: new ConfigEditor({
      ...{ base, store, clock },
      log: hub.feed(silentLogger),
      inForce: () => watcher().hot,
      onWritten: () => watcher().check(),
    }),
    rejectedCounts: () => watcher().rejectedCounts,
    isOverridden: (marketId) => watcher().isOverridden(marketId),
    onCall: (observer) => venue.observe = observer,
  };
  const site = siteOf(venue.service, {
    ...{ clock, hub, operations },
    log: hub.feed(silentLogger),
    setLogLevel: (level) => logLevels.push(level),
    markets: 2,
    ...options,
  });
  const request = async (method: string, path: string, { body, headers }: RequestOptions = {}) => {
    const response = await clock.resolve(Promise.resolve(site.app.request(path, {
      method,
      headers: headers ?? ADMIN,
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    })));
    const isStream = response.headers.get("Content-Type") === "text/event-stream";
    if (isStream) await response.body?.cancel();
    const text = isStream ? "" : await response.text();
    const json = parsed(text);
    const at = (...keys: readonly (string | number)[]) =>
      keys.reduce<unknown>(
        (inner, key) =>
          typeof inner === "object" && inner !== null ? Reflect.get(inner, key) : undefined,
        json,
      );
    return { status: response.status, headers: response.headers, text, json, at };
  };
  return { venue, site, logLevels, request };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
