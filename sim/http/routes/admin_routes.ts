import { ExchangeCode } from "../../exchange/mod.ts";
import * as answers from "../answers.ts";
import { resolveBody } from "../requests.ts";
import { type Access, get, nothing, post, type Route, type Venue } from "../route.ts";

/** Administration: §5.5. */
export function adminRoutes(venue: Venue): Route[] {
  return [resolve(venue), stats(venue), verifyInvariants(venue)];
}

function resolve(venue: Venue): Route {
  const { exchange, has } = venue;
  return post("/admin/markets/{market_id}/resolve", {
    section: "5.5",
    summary: "Ends a market and pays its holders.",
    access: forAdmins(venue),
    input: resolveBody(has),
    answer: answers.resolution,
    errors: [ExchangeCode.MARKET_NOT_FOUND, ExchangeCode.MARKET_NOT_ACTIVE],
    handle({ param, input: { outcome } }) {
      const done = exchange.control.resolve(param("market_id"), outcome);
      return { market_id: done.marketId, outcome, cancelled_orders: done.cancelledOrders };
    },
  });
}

function stats(venue: Venue): Route {
  const { exchange } = venue;
  return get("/admin/markets/{market_id}/stats", {
    section: "5.5",
    summary: "Counts what happened in a market; a trader counts once a side.",
    access: forAdmins(venue),
    input: nothing,
    answer: answers.marketStats,
    errors: [ExchangeCode.MARKET_NOT_FOUND],
    handle({ param }) {
      const marketId = param("market_id");
      const stats = exchange.control.stats(marketId);
      return {
        market_id: marketId,
        status: exchange.market(marketId).status,
        total_trades: stats.totalTrades,
        total_volume: stats.totalVolume,
        total_fees: stats.totalFeesCents,
        unique_traders: stats.uniqueBuyers + stats.uniqueSellers,
      };
    },
  });
}

function verifyInvariants(venue: Venue): Route {
  const { exchange } = venue;
  return post("/admin/verify-invariants", {
    section: "5.5",
    summary: "Checks that all figures of the venue agree.",
    access: forAdmins(venue),
    input: nothing,
    answer: answers.invariantReport,
    handle() {
      const violations = exchange.control.violations();
      return { ok: violations.length === 0, violations };
    },
  });
}

/** The deployed exchange lets every user in. */
function forAdmins({ has }: Venue): Access {
  return has("Q-19") ? "user" : "admin";
}
