import { ExchangeCode } from "../../exchange/mod.ts";
import * as answers from "../answers.ts";
import { batchCancelBody, pairsBody, replaceBody } from "../requests.ts";
import { post, type Route, type Venue } from "../route.ts";
import * as view from "../views.ts";
import { orderRequest, PLACEMENT_ERRORS } from "./order_routes.ts";

/** What only the venue's own market maker may do: §5.1 to §5.4. */
export function ammRoutes(venue: Venue): Route[] {
  return [replace(venue), batchCancel(venue), mint(venue), burn(venue)];
}

function replace({ exchange, has }: Venue): Route {
  return post("/amm/orders/replace", {
    section: "5.1",
    summary: "Replaces an unfilled order in one step.",
    access: "amm",
    rate: "replace",
    ratedBy: ({ new_order }) => new_order.market_id,
    input: replaceBody(has),
    answer: answers.replacement,
    message: "Order replaced successfully",
    errors: [
      ExchangeCode.OLD_ORDER_NOT_FOUND,
      ExchangeCode.OLD_ORDER_NOT_OWNED,
      ExchangeCode.OLD_ORDER_FILLED,
      ExchangeCode.OLD_ORDER_HAS_FILLS,
      ExchangeCode.OTHER_MARKET,
      ExchangeCode.NOT_CANCELLABLE,
      ExchangeCode.DUPLICATE_CLIENT_ORDER_ID,
      ...PLACEMENT_ERRORS,
    ],
    handle: ({ userId, input: { old_order_id, new_order } }) =>
      view.replacement(exchange.replaceOrder(userId, old_order_id, orderRequest(new_order))),
  });
}

function batchCancel({ exchange }: Venue): Route {
  return post("/amm/orders/batch-cancel", {
    section: "5.2",
    summary: "Cancels all own orders of a market, by direction.",
    access: "amm",
    rate: "order",
    input: batchCancelBody,
    answer: answers.batchCancellation,
    message: "Batch cancel completed",
    errors: [ExchangeCode.MARKET_NOT_FOUND],
    handle: ({ userId, input: { market_id, cancel_scope } }) =>
      view.batchCancellation(
        exchange.batchCancel(userId, { marketId: market_id, scope: cancel_scope }),
      ),
  });
}

function mint({ exchange }: Venue): Route {
  return post("/amm/mint", {
    section: "5.3",
    summary: "Creates pairs of YES and NO for 100 cents each.",
    access: "amm",
    rate: "order",
    input: pairsBody,
    answer: answers.minted,
    status: 201,
    message: (done) =>
      "idempotent_hit" in done
        ? "Mint already processed (idempotent)"
        : "Shares minted successfully",
    errors: [
      ExchangeCode.MARKET_NOT_FOUND,
      ExchangeCode.MARKET_NOT_ACTIVE,
      ExchangeCode.INSUFFICIENT_BALANCE,
    ],
    handle: ({ userId, input }) => view.minted(exchange.mint(userId, pairOrder(input))),
  });
}

function burn({ exchange }: Venue): Route {
  return post("/amm/burn", {
    section: "5.4",
    summary: "Turns pairs of YES and NO into 100 cents each.",
    access: "amm",
    rate: "order",
    input: pairsBody,
    answer: answers.burned,
    message: (done) =>
      "idempotent_hit" in done
        ? "Burn already processed (idempotent)"
        : "Shares burned (auto-merge) successfully",
    errors: [
      ExchangeCode.MARKET_NOT_FOUND,
      ExchangeCode.MARKET_NOT_ACTIVE,
      ExchangeCode.INSUFFICIENT_SHARES,
    ],
    handle: ({ userId, input }) => view.burned(exchange.burn(userId, pairOrder(input))),
  });
}

function pairOrder(
  body: { market_id: string; quantity: number; idempotency_key: string },
) {
  return {
    marketId: body.market_id,
    quantity: body.quantity,
    idempotencyKey: body.idempotency_key,
  };
}
