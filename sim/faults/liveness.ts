import { isOwnClientOrderId } from "../../src/execution/client_order_id.ts";
import type { KillLatch } from "../../src/models/explanation.ts";
import type { FakeExchange } from "../exchange/fake_exchange.ts";
import { AMM_USER_ID, type VenueOrder } from "../exchange/types.ts";
import { FUNDING_CENTS } from "./settings.ts";
import type { FaultWorld } from "./world.ts";

/** The invariants of liveness, by name; they hold some time after the faults have stopped. */
export const LIVENESS = {
  not_quoted: "every healthy market is quoted on both sides again",
  wrong_view: "the bot's view equals the venue's, share by share and order by order",
  wrong_cash: "the bot's cash equals the venue's to the cent",
  stuck: "nothing is stuck",
  stop: "a stop leaves no own order behind",
} as const;

/** One of {@link LIVENESS}. */
export type LivenessInvariant = keyof typeof LIVENESS;

/** What is not yet as it should be. */
export interface Lack {
  readonly invariant: LivenessInvariant;
  readonly what: string;
}

/** Everything that is not yet as it should be; empty if all is well. */
export function lacking(world: FaultWorld): readonly Lack[] {
  const statuses = world.processes.filter(({ isAlive }) => isAlive)
    .map(({ service }) => service.status());
  const markets = statuses.flatMap((status) => status.markets);
  return [
    ...world.marketIds.flatMap((marketId) => unquoted(world, marketId, markets)),
    ...markets.flatMap((market) => wrongView(world, market)),
    ...wrongCash(world, markets),
  ];
}

type Status = ReturnType<FaultWorld["processes"][number]["service"]["status"]>;
type Markets = Status["markets"];

/** Orders and shares of a market, as the process that works it has them and as the venue has. */
function wrongView(
  { venue: { exchange } }: FaultWorld,
  { marketId, orders, explanation }: Markets[number],
): readonly Lack[] {
  const held = exchange.positions(AMM_USER_ID).find((position) => position.marketId === marketId);
  const { yes = 0, no = 0 } = explanation?.inventory ?? {};
  const known = [...orders.BID, ...orders.ASK].map(({ orderId }) => orderId).sort().join();
  const listed = ownOrders(exchange, marketId).map(({ orderId }) => orderId).sort().join();
  const bot = `${yes} YES, ${no} NO, orders ${known}`;
  const truth = `${held?.yes ?? 0} YES, ${held?.no ?? 0} NO, orders ${listed}`;
  if (bot === truth) return [];
  return [{ invariant: "wrong_view", what: `${marketId}: bot ${bot}; venue ${truth}` }];
}

/** The bot's orders that rest in a market. */
export function ownOrders(exchange: FakeExchange, marketId: string): readonly VenueOrder[] {
  return exchange.openOrders(AMM_USER_ID, marketId)
    .filter(({ clientOrderId }) => isOwnClientOrderId(clientOrderId));
}

function unquoted(world: FaultWorld, marketId: string, markets: Markets): readonly Lack[] {
  const { venue } = world;
  const own = ownOrders(venue.exchange, marketId);
  const sides = new Set(own.map(({ side }) => side));
  const workers = markets.filter((market) => market.marketId === marketId);
  const [worker] = workers;
  if (worker === undefined) return [{ invariant: "stuck", what: `${marketId}: nobody works it` }];
  if (workers.length > 1) return [{ invariant: "stuck", what: `${marketId}: worked twice` }];
  const { lifecycle, problem, latch, explanation } = worker;
  if (latch !== null && isInEarnest(world, latch)) return [];
  if (sides.size === 2 && lifecycle === "RUNNING") return [];
  const { defense, removals = [], note = null } = explanation ?? {};
  const why = JSON.stringify({ lifecycle, problem, latch, note, defense, removals });
  return [{ invariant: "not_quoted", what: `${marketId}: ${[...sides].join() || "none"} ${why}` }];
}

/** Kills that a person releases in vain, because the stock is what it is. */
const FOR_STOCK = ["SKEW", "LVR", "ASSET_FLOOR"];
/** A kill for a loss that is smaller than that was made up, cents. */
const REAL_LOSS_CENTS = 8_000;

/** True if a kill is there for good reason: a loss must be one at the venue, too. */
function isInEarnest(world: FaultWorld, { reason }: KillLatch): boolean {
  if (reason === "LOSS" || reason === "GLOBAL_LOSS") return lossCents(world) > REAL_LOSS_CENTS;
  return FOR_STOCK.includes(reason);
}

/** What the bot's account has lost at the venue's true prices, cents; negative for a profit. */
export function lossCents({ venue, marketIds }: FaultWorld): number {
  const { exchange } = venue;
  const { availableCents, frozenCents } = exchange.account(AMM_USER_ID);
  const held = exchange.positions(AMM_USER_ID).reduce((sum, { marketId, yes, no }) => {
    const trueCents = venue.trueCents(marketId);
    return sum + yes * trueCents + no * (100 - trueCents);
  }, 0);
  return FUNDING_CENTS * marketIds.length - availableCents - frozenCents - held;
}

/**
 * Processes that share an account cannot compare its cash: the fee of an order that trades on
 * arrival stays unknown if its process dies before it has booked the answer.
 */
const MAX_LOST_FEES_CENTS = 20;

function wrongCash(world: FaultWorld, markets: Markets): readonly Lack[] {
  const { venue, marketIds, isCashEstimated } = world;
  if (isCashEstimated) return [];
  const ledgers = markets.flatMap(({ explanation }) =>
    explanation?.inventory.marketCashCents ?? []
  );
  if (ledgers.length < marketIds.length) return [];
  const { availableCents, frozenCents } = venue.exchange.account(AMM_USER_ID);
  const bot = ledgers.reduce((sum, cents) => sum + cents, 0);
  const total = availableCents + frozenCents;
  const lostCents = world.processes.length > 1 ? MAX_LOST_FEES_CENTS : 0;
  return bot >= total && bot <= total + lostCents
    ? []
    : [{ invariant: "wrong_cash", what: `the bot has ${bot}, the venue ${total}` }];
}
