import { CallBoard } from "../../src/connector/call_statistics.ts";
import { RateBudget } from "../../src/connector/rate_budget.ts";
import { MemoryStore } from "../../src/cache/memory_store.ts";
import type { Clock } from "../../src/runtime/clock.ts";
import { silentLogger } from "../../src/runtime/log.ts";
import { type Random, seededRandom } from "../../src/runtime/random.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";
import type { Service, ServiceDependencies } from "../../src/service/service_api.ts";
import { botConfig, type BotSettings } from "../bot_config.ts";
import type { Fault } from "../exchange/in_process_connector.ts";
import { AMM_USER_ID } from "../exchange/types.ts";
import { failureOf } from "../scenario/assertion.ts";
import type { Scenario } from "../scenario/schema.ts";
import { outsidePrices } from "../outside_price.ts";
import { type SimulatedVenue, simulatedVenue } from "../venue.ts";
import { connectorOver, type Wire } from "../wire.ts";
import { auditBooks, auditStop, auditVenue, auditWorth } from "./audit.ts";
import { happen } from "./events.ts";
import { auditLosses } from "./loss_bound.ts";
import type { MarketResult, SimulationResult } from "./result.ts";
import { RunRecorder } from "./run_recorder.ts";
import { totalsOf } from "./totals.ts";
import { inTurn } from "./turns.ts";
import { watchedConnector } from "./watched_connector.ts";

/** What to run, and with what. */
export interface SimulateOptions {
  readonly scenario: Scenario;
  /** The same seed gives the same digest. */
  readonly seed: number;
  readonly createService: (dependencies: ServiceDependencies) => Service;
  /** Measures how long the run takes. */
  readonly wallClock: Pick<Clock, "monotonicMs">;
  /** How the bot reaches the venue; in the process if left out. */
  readonly wire?: Wire;
  /** Settings of the bot that overrule those of the scenario. */
  readonly settings?: BotSettings;
  /** Different market makers meet the same traders, at the same times and in the same moods. */
  readonly alignedFlow?: boolean;
  /** False for a market maker that keeps no books to compare with the venue's; default true. */
  readonly keepsBooks?: boolean;
  /** Fewer audits and samples and no turns, for runs by the thousand over one wire. */
  readonly isBrief?: boolean;
  /** Keep the cycles that are in force at this time since the beginning. */
  readonly explainAtMs?: number;
  /** Hears how far the run is, 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/** Every run begins at this moment, so that days and ids do not depend on when it is run. */
const START_MS = Date.UTC(2026, 0, 5);
/** A run goes forward in so many parts, to tell of its progress. */
const PARTS = 240;

/** How closely a run is looked at. */
interface Attention {
  /** After so many parts the venue is audited. */
  readonly partsPerAudit: number;
  /** So many moments make a chart, and the means over time. */
  readonly samples: number;
  /** Whether calls of the same moment take turns, so that every wire gives the same run. */
  readonly takesTurns: boolean;
}

const CLOSE: Attention = { partsPerAudit: 10, samples: 1_500, takesTurns: true };
const BRIEF: Attention = { partsPerAudit: 60, samples: 400, takesTurns: false };
/** How long the bot gets to see the last trades before its view is compared with the venue's. */
const CALM_MS = 60_000;

/** Everything that takes part in a run. */
interface Stage {
  readonly clock: VirtualClock;
  readonly venue: SimulatedVenue;
  readonly service: Service;
  readonly recorder: RunRecorder;
}

/**
 * Runs a scenario: the service itself, on the fake exchange, among simulated traders, under a
 * virtual clock. What goes wrong in the scenario is part of the result, not an error.
 */
export async function simulate(options: SimulateOptions): Promise<SimulationResult> {
  const { scenario, seed, wallClock } = options;
  const startedMs = wallClock.monotonicMs();
  const stage = setStage(options);
  const violations = await play(stage, options);
  const { venue, service, recorder } = stage;
  const measured = recorder.marketResults(service.status());
  violations.push(...await finish(stage, options));
  const markets = measured.map((market) => ({
    ...market,
    ownOrdersOpen: venue.exchange.openOrders(AMM_USER_ID, market.marketId).length,
  }));
  const totals = totalsOf(markets, recorder.drawdownCents);
  return {
    scenario: scenario.name,
    description: scenario.description,
    seed,
    digest: recorder.digest(),
    simSeconds: scenario.duration / 1_000,
    wallMs: Math.round(wallClock.monotonicMs() - startedMs),
    ...totals,
    violations: [...new Set([...violations, ...failures(scenario, markets, totals)])],
    markets,
  };
}

function setStage(options: SimulateOptions): Stage {
  const { scenario, seed, createService, settings, alignedFlow = false, explainAtMs } = options;
  const { samples, takesTurns } = options.isBrief === true ? BRIEF : CLOSE;
  const clock = new VirtualClock(START_MS);
  const random = seededRandom(seed).fork(scenario.name);
  const venue = simulatedVenue({
    markets: scenario.markets,
    botCashCents: fundingOf(scenario),
    settings: { makerFee: scenario.venue.makerFee, quirks: new Set(scenario.venue.quirks) },
    clock,
    random: random.fork("venue"),
    alignedFlow,
  });
  const recorder = new RunRecorder({ scenario, venue, clock, samples, explainAtMs });
  const calls = new CallBoard(clock);
  const config = botConfig(scenario, settings);
  const rateBudget = new RateBudget({ clock, ...config.global });
  const connector = connectorOver(options.wire ?? "in-process", {
    exchange: venue.exchange,
    global: config.global,
    clock,
    random: random.fork("wire"),
    rateBudget,
    latencyMs: scenario.venue.latency,
    ...interceptOf(scenario, clock, random.fork("failures")),
    log: silentLogger,
    observe: calls.record,
  });
  const service = createService({
    config,
    connector: watchedConnector(
      takesTurns ? inTurn(connector, clock) : connector,
      recorder,
    ),
    store: new MemoryStore(),
    calls,
    rateBudget,
    clock,
    random: random.fork("bot"),
    log: silentLogger,
    prices: outsidePrices({ markets: scenario.markets, venue, clock }),
  });
  service.onCycle((explanation) => recorder.seeCycle(explanation));
  return { clock, venue, service, recorder };
}

/** Breaks connections as the scenario wants it, before the venue hears anything. */
function interceptOf({ venue: { failing } }: Scenario, clock: Clock, random: Random) {
  if (failing === undefined) return {};
  const isBroken = () => clock.monotonicMs() >= failing.from && random.next() < failing.share;
  const fault: Fault = { kind: "lose", effect: false };
  return { intercept: () => isBroken() ? fault : undefined };
}

/** Goes through the whole time of a scenario; returns what the audits on the way found. */
async function play(
  stage: Stage,
  { scenario, onProgress, isBrief }: SimulateOptions,
): Promise<string[]> {
  const { clock, venue, service, recorder } = stage;
  const { partsPerAudit } = isBrief === true ? BRIEF : CLOSE;
  const violations: string[] = [];
  const blame = (what: string) => (error: unknown) => void violations.push(`${what}: ${error}`);
  for (const event of scenario.events) {
    clock.after(event.at, () => {
      attempt(() => happen(event, { scenario, venue, service }), blame(`the event ${event.do}`));
      recorder.observe();
    });
  }
  venue.start();
  service.start().catch(blame("the start of the bot"));
  for (let part = 1; part <= PARTS; part++) {
    await clock.advance(scenario.duration * part / PARTS - clock.monotonicMs());
    if (part % partsPerAudit === 0) violations.push(...auditVenue(venue));
    onProgress?.(part / PARTS);
  }
  return violations;
}

function attempt(work: () => void, onError: (error: unknown) => void): void {
  try {
    work();
  } catch (error) {
    onError(error);
  }
}

/** Lets the bot see the last trades, audits it, stops it, and audits what it leaves behind. */
async function finish(
  stage: Stage,
  { scenario, settings, keepsBooks = true }: SimulateOptions,
): Promise<string[]> {
  const { clock, venue, service, recorder } = stage;
  venue.stop();
  await clock.advance(CALM_MS);
  // The venue has done what the bot will hear of when the answer comes.
  await clock.runUntil(() => !recorder.isCommandUnderWay, clock.monotonicMs() + CALM_MS);
  const status = service.status();
  const paidInCents = fundingOf(scenario) + depositsOf(scenario);
  const before = [
    ...(keepsBooks ? auditBooks(status, venue, depositsOf(scenario)) : []),
    ...(keepsBooks
      ? auditLosses(recorder.worstOutcomeLosses(), botConfig(scenario, settings))
      : []),
    ...auditWorth(venue, { paidInCents, pnlCents: recorder.pnlCents() }),
  ];
  const stop = await clock.resolve(service.stop("the scenario is over"));
  return [...before, ...recorder.violations, ...auditStop(stop, venue), ...auditVenue(venue)];
}

/** Cash that the bot has in the beginning. */
function fundingOf({ markets }: Scenario): number {
  return markets.reduce((sum, { funding }) => sum + funding, 0);
}

/** Cash that is paid in on the way. */
function depositsOf({ events }: Scenario): number {
  return events.reduce((sum, event) => sum + (event.do === "deposit" ? event.cents : 0), 0);
}

function failures(
  { assertions }: Scenario,
  markets: readonly MarketResult[],
  totals: Parameters<typeof failureOf>[1],
): string[] {
  return assertions.flatMap((assertion) => {
    const market = markets.find(({ marketId }) => marketId === assertion.market);
    const failure = failureOf(assertion, market ?? totals);
    return failure === null ? [] : [failure];
  });
}
