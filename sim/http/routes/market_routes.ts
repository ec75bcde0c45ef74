import { ExchangeCode, type Page, type VenueMarket } from "../../exchange/mod.ts";
import * as answers from "../answers.ts";
import { marketCursor, readMarketCursor } from "../cursors.ts";
import { bookQuery, marketsQuery } from "../requests.ts";
import { get, nothing, type Route, type Venue } from "../route.ts";
import * as view from "../views.ts";

/** What is traded: §2.5 to §2.7. */
export function marketRoutes(venue: Venue): Route[] {
  return [list(venue), show(venue), orderBook(venue)];
}

function list({ exchange }: Venue): Route {
  return get("/markets", {
    section: "2.5",
    summary: "Lists markets, newest first.",
    access: "user",
    rate: "query",
    input: marketsQuery,
    answer: answers.marketPage,
    handle({ input: { status, category, limit, cursor } }) {
      const found = exchange.markets().filter((market) =>
        (status === "ALL" || market.status === status) &&
        (category === undefined || market.category === category)
      );
      return view.page(pageAfter(found, limit, cursor), view.marketItem);
    },
  });
}

function show({ exchange }: Venue): Route {
  return get("/markets/{market_id}", {
    section: "2.6",
    summary: "Shows a market with its limits and its escrow.",
    access: "user",
    rate: "query",
    input: nothing,
    answer: answers.market,
    errors: [ExchangeCode.MARKET_NOT_FOUND],
    handle: ({ param }) => view.market(exchange.market(param("market_id"))),
  });
}

function orderBook({ exchange, clock }: Venue): Route {
  return get("/markets/{market_id}/orderbook", {
    section: "2.7",
    summary: "Shows the order book from both sides, own orders included.",
    access: "user",
    rate: "query",
    input: bookQuery,
    answer: answers.orderBook,
    errors: [ExchangeCode.MARKET_NOT_FOUND, ExchangeCode.MARKET_NOT_ACTIVE],
    handle({ param, input: { levels } }) {
      const marketId = param("market_id");
      return view.orderBook(marketId, exchange.orderBook(marketId, levels), clock.nowMs());
    },
  });
}

/** The markets after a cursor, in the order of the list. */
function pageAfter(
  markets: readonly VenueMarket[],
  limit: number,
  cursor: string | undefined,
): Page<VenueMarket> {
  const after = cursor === undefined ? null : readMarketCursor(cursor);
  const rest = after === null
    ? markets
    : markets.filter(({ createdAtMs, marketId }) =>
      createdAtMs < after.createdAtMs ||
      (createdAtMs === after.createdAtMs && marketId < after.marketId)
    );
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  const isLastPage = last === undefined || rest.length <= limit;
  return { items, nextCursor: isLastPage ? null : marketCursor(last) };
}
