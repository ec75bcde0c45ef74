import { z } from "zod";
import { HTTP_LIMITS, toWire } from "../../../src/runtime/wire.ts";
import { attempt } from "../../exchange/mod.ts";
import { oneOf, wholeNumber } from "../../fields.ts";
import { denials, DetailProblem } from "../problems.ts";
import { orderBody } from "../requests.ts";
import { get, nothing, post, type Route, type RouteSpec, type Venue } from "../route.ts";
import { seedMarketSchema, seedUserSchema } from "../seed.ts";
import { addMarket, addUser } from "../seeded_venue.ts";
import type { User, UserDirectory } from "../users.ts";
import { orderRequest } from "./order_routes.ts";

const done = z.strictObject({ done: z.boolean() });
const basisPoints = wholeNumber(0, 1000).optional();

const patchBody = z.strictObject({
  status: oneOf("DRAFT", "ACTIVE", "SUSPENDED", "HALTED", "RESOLVED", "SETTLED", "VOIDED")
    .optional(),
  maker_fee_bps: basisPoints,
  taker_fee_bps: basisPoints,
});
const resolveBody = z.strictObject({ result: oneOf("YES", "NO", "VOID") });
const enabledBody = z.strictObject({ enabled: z.boolean() });

/**
 * What operators at the database and chance do to the venue (matching engine spec §16). It is no
 * part of the exchange API: it exists only if it was asked for, and only on this machine.
 */
export function controlRoutes(venue: Venue): Route[] {
  return [...marketCommands(venue), ...userCommands(venue), ...processRoutes(venue)];
}

function marketCommands({ exchange, users, clock }: Venue): Route[] {
  const { control } = exchange;
  return [
    command("/markets", "Creates a market.", seedMarketSchema, ({ input }) => {
      sane(() => addMarket({ exchange, users }, input, clock.nowMs()));
    }),
    command(
      "/markets/{market_id}",
      "Changes status or fees; no order is touched.",
      patchBody,
      ({ param, input: { status, maker_fee_bps, taker_fee_bps } }) => {
        control.patchMarket(param("market_id"), {
          ...(status === undefined ? {} : { status }),
          ...(maker_fee_bps === undefined ? {} : { makerFeeBps: maker_fee_bps }),
          ...(taker_fee_bps === undefined ? {} : { takerFeeBps: taker_fee_bps }),
        });
      },
    ),
    command(
      "/markets/{market_id}/resolve",
      "Ends a market and pays its holders.",
      resolveBody,
      ({ param, input: { result } }) => void control.resolve(param("market_id"), result),
    ),
    command(
      "/markets/{market_id}/evict",
      "Takes all orders of a market out of matching (Q-03).",
      nothing,
      ({ param }) => control.evictBook(param("market_id")),
    ),
  ];
}

function userCommands({ exchange, users, random, has }: Venue): Route[] {
  const { control } = exchange;
  return [
    command("/users", "Creates a user.", seedUserSchema, ({ input }) => {
      sane(() => addUser({ exchange, users }, input, random));
    }),
    command(
      "/users/{username}",
      "Disables a user, or lets him in again.",
      enabledBody,
      ({ param, input: { enabled } }) =>
        control.setEnabled(userNamed(users, param("username")).userId, enabled),
    ),
    command(
      "/users/{username}/race",
      "Sends this order in the middle of the next cancel, replace or batch cancel (Q-15, Q-16).",
      orderBody(has),
      ({ param, input }) => {
        const { userId } = userNamed(users, param("username"));
        control.onRace(() => {
          control.onRace(null);
          attempt(() => exchange.placeOrder(userId, orderRequest(input)));
        });
      },
    ),
  ];
}

function processRoutes({ exchange: { control } }: Venue): Route[] {
  return [
    command(
      "/restart",
      "Restarts the venue: deadlocks end (Q-16), live books are lost (Q-03).",
      nothing,
      () => control.restart(),
    ),
    get("/state", {
      ...common("Shows everything that the venue knows."),
      input: nothing,
      answer: z.unknown(),
      handle: () => toWire(control.dumpState(), HTTP_LIMITS),
    }),
    get("/violations", {
      ...common("Lists what contradicts the invariants of the venue."),
      input: nothing,
      answer: z.strictObject({ violations: z.array(z.string()) }),
      handle: () => ({ violations: control.violations() }),
    }),
  ];
}

function userNamed(users: UserDirectory, username: string): User {
  const user = users.named(username);
  if (user === undefined) throw denials.notFound();
  return user;
}

function common(summary: string) {
  return { section: "16", summary, access: "public", bare: true } as const;
}

/** A route that does something and answers only that it did. */
function command<const P extends string, I extends z.ZodObject>(
  path: P,
  summary: string,
  input: I,
  act: (call: Parameters<RouteSpec<P, I, typeof done>["handle"]>[0]) => void,
): Route {
  return post(path, {
    ...common(summary),
    input,
    answer: done,
    handle(call) {
      act(call);
      return { done: true };
    },
  });
}

/** Does what may be out of range, and says what is. */
function sane(work: () => void): void {
  try {
    work();
  } catch (error) {
    throw error instanceof RangeError ? new DetailProblem(422, error.message) : error;
  }
}
