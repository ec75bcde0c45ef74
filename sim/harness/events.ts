import type { MarketStatus } from "../../src/models/vocabulary.ts";
import type { Service } from "../../src/service/service_api.ts";
import { AMM_USER_ID } from "../exchange/types.ts";
import type { Scenario, ScenarioEvent } from "../scenario/schema.ts";
import type { SimulatedVenue } from "../venue.ts";

/** What an event can act on. */
export interface EventTargets {
  readonly scenario: Scenario;
  readonly venue: SimulatedVenue;
  readonly service: Service;
}

const STATUS_AFTER = {
  suspend: "SUSPENDED",
  activate: "ACTIVE",
  halt: "HALTED",
} as const satisfies Record<string, MarketStatus>;

const OPERATOR = "scenario";

/** Makes an event happen, in its market or in all. */
export function happen(event: ScenarioEvent, targets: EventTargets): void {
  const { scenario, venue, service } = targets;
  if (event.do === "deposit") {
    venue.exchange.control.deposit(AMM_USER_ID, event.cents);
    return;
  }
  const reason = `${event.do} by the scenario`;
  const concerned = scenario.markets.map(({ id }) => id)
    .filter((id) => event.market === undefined || event.market === id);
  for (const marketId of concerned) {
    switch (event.do) {
      case "suspend":
      case "activate":
      case "halt":
        venue.exchange.control.patchMarket(marketId, { status: STATUS_AFTER[event.do] });
        break;
      case "resolve":
        venue.resolve(marketId, event.result);
        break;
      case "kill":
      case "release":
        service.admin(marketId, { kind: event.do, operator: OPERATOR, reason });
        break;
      case "set_anchor": {
        const anchorPriceCents = event.price;
        service.admin(marketId, { kind: "set_anchor", operator: OPERATOR, anchorPriceCents });
        break;
      }
    }
  }
}
