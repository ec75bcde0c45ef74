import { ExchangeCode, type OrderRequest } from "../../exchange/mod.ts";
import * as answers from "../answers.ts";
import { type OrderBody, orderBody, ordersQuery, tradesQuery } from "../requests.ts";
import { get, nothing, post, type Route, type Venue } from "../route.ts";
import * as view from "../views.ts";

/** The refusals of every placement, in the order of its checks. */
export const PLACEMENT_ERRORS: readonly number[] = [
  ExchangeCode.MARKET_NOT_FOUND,
  ExchangeCode.MARKET_NOT_ACTIVE,
  ExchangeCode.PRICE_OUT_OF_RANGE,
  ExchangeCode.ORDER_LIMIT,
  ExchangeCode.INSUFFICIENT_BALANCE,
  ExchangeCode.INSUFFICIENT_SHARES,
];

/** Trading: §4. */
export function orderRoutes(venue: Venue): Route[] {
  return [place(venue), list(venue), show(venue), cancel(venue), trades(venue)];
}

function place({ exchange, has }: Venue): Route {
  return post("/orders", {
    section: "4.1",
    summary: "Places an order; repeated under the same client_order_id it shows that order.",
    access: "user",
    rate: "order",
    input: orderBody(has),
    answer: answers.placement,
    bare: true,
    status: 201,
    errors: [ExchangeCode.DUPLICATE_CLIENT_ORDER_ID, ...PLACEMENT_ERRORS],
    handle: ({ userId, input }) => view.placement(exchange.placeOrder(userId, orderRequest(input))),
  });
}

function list({ exchange }: Venue): Route {
  return get("/orders", {
    section: "4.2",
    summary: "Lists own orders, newest first.",
    access: "user",
    rate: "query",
    input: ordersQuery,
    answer: answers.orderPage,
    bare: true,
    handle({ userId, input: { market_id, status, side, ...query } }) {
      const statuses = status?.split(",");
      const own = exchange.orders(userId, {
        ...query,
        marketId: market_id,
        statuses,
        contract: side,
      });
      return view.page(own, view.order);
    },
  });
}

function show({ exchange }: Venue): Route {
  return get("/orders/{order_id}", {
    section: "4.3",
    summary: "Shows an own order.",
    access: "user",
    rate: "query",
    input: nothing,
    answer: answers.order,
    bare: true,
    errors: [ExchangeCode.ORDER_NOT_FOUND, ExchangeCode.NOT_OWNER],
    handle: ({ userId, param }) => view.order(exchange.order(userId, param("order_id"))),
  });
}

function cancel({ exchange }: Venue): Route {
  return post("/orders/{order_id}/cancel", {
    section: "4.4",
    summary: "Cancels an own order, whatever the status of its market.",
    access: "user",
    rate: "order",
    input: nothing,
    answer: answers.cancellation,
    bare: true,
    errors: [
      ExchangeCode.ORDER_NOT_FOUND,
      ExchangeCode.NOT_OWNER,
      ExchangeCode.NOT_CANCELLABLE,
    ],
    handle: ({ userId, param }) =>
      view.cancellation(exchange.cancelOrder(userId, param("order_id"))),
  });
}

function trades({ exchange }: Venue): Route {
  return get("/trades", {
    section: "4.5",
    summary: "Lists own trades, newest first.",
    access: "user",
    rate: "query",
    input: tradesQuery,
    answer: answers.tradePage,
    handle({ userId, input: { market_id, ...query } }) {
      const own = exchange.trades(userId, { ...query, marketId: market_id });
      return view.page(own, view.trade);
    },
  });
}

/** An order as the engine takes it. */
export function orderRequest(body: OrderBody): OrderRequest {
  return {
    clientOrderId: body.client_order_id,
    marketId: body.market_id,
    contract: body.side,
    direction: body.direction,
    contractPrice: body.price_cents,
    quantity: body.quantity,
    timeInForce: body.time_in_force,
  };
}
