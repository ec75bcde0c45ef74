import type { QuoteExplanation } from "../models/explanation.ts";
import { HTTP_LIMITS, toWire } from "../runtime/wire.ts";
import type { Service, ServiceStatus } from "../service/service_api.ts";
import type { Site } from "./site.ts";

const INDEX = `Market maker for prediction markets, mode %MODE%

GET /health/live    the process runs
GET /health/ready   it quotes: 200, or 503 with the reasons
GET /status         everything: both ladders of each market and why they are what they are
GET /explain/ID     the cycles of a market that are still held, with their touch
GET /explain/ID/N   cycle N of them: every term of its quote in cents
GET /metrics        figures for Prometheus
GET /docs           every route of the admin API

Add ?pretty to any of them to read it yourself.
`;

/**
 * Adds the read-only pages for operators and for whatever supervises the process. Answers are JSON
 * with snake_case names, and never hold a secret. Nothing here can change what the bot does.
 */
export function addHealthPages(
  site: Site,
  service: Pick<Service, "status" | "explanations">,
): void {
  site.get("/", (context) => context.text(INDEX.replace("%MODE%", service.status().mode)));
  site.get("/health/live", (context) => context.json({ status: "live" }));
  site.get("/health/ready", (context) => {
    const status = service.status();
    const reasons = whyNotReady(status);
    const ready = reasons.length === 0;
    const answer = toWire({ ready, mode: status.mode, reasons }, HTTP_LIMITS);
    return context.json(answer, ready ? 200 : 503);
  });
  site.get("/status", (context) => context.json(toWire(service.status(), HTTP_LIMITS)));
  site.get("/explain/:marketId", (context) => {
    const cycles = heldCycles(service, context.req.param("marketId"));
    if (cycles === null) return context.notFound();
    return context.json(toWire(cycles.map(briefly), HTTP_LIMITS));
  });
  site.get("/explain/:marketId/:cycle{[0-9]+}", (context) => {
    const { marketId, cycle } = context.req.param();
    const found = heldCycles(service, marketId)?.find((held) => held.cycle === Number(cycle));
    return found === undefined ? context.notFound() : context.json(toWire(found, HTTP_LIMITS));
  });
}

/** The cycles of a market that are still held, null if there is no such market. */
function heldCycles(
  service: Pick<Service, "status" | "explanations">,
  marketId: string,
): readonly QuoteExplanation[] | null {
  const isKnown = service.status().markets.some((market) => market.marketId === marketId);
  return isKnown ? service.explanations(marketId) : null;
}

/** Enough of a cycle to choose one. */
function briefly({ cycle, atMs, price, spread, defense, note }: QuoteExplanation): object {
  const { bid = null, ask = null } = spread ?? {};
  return { cycle, atMs, fairCents: price?.fairCents ?? null, bid, ask, level: defense.level, note };
}

/**
 * Why the bot is not ready to be relied on, empty if it is (§20 step 9). A bot that quotes although
 * its store is away is ready; `/status` shows the store.
 */
function whyNotReady(status: ServiceStatus): readonly string[] {
  const { problem, kind } = status.store;
  const store = problem === null ? [] : [`the state store (${kind}) cannot be used: ${problem}`];
  if (status.state !== "running") return [`the bot is ${status.state}`, ...store];
  if (status.ready) return [];
  const leases = status.leases?.problem ?? null;
  const shared = leases === null ? [] : [`no lease of a market can be had: ${leases}`];
  const problems = status.markets
    .filter((market) => market.problem !== null)
    .map((market) => `${market.marketId}: ${market.problem}`);
  return ["no market has completed a quote cycle yet", ...store, ...shared, ...problems];
}
