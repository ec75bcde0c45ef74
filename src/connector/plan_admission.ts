/** Which actions of a plan the rate budget has room for (§17, L-65). */

import { type PlannedAction, PRIORITIES } from "../execution/planned_action.ts";
import { type Endpoint, ORDERS, type RateBudget } from "./rate_budget.ts";

type Sent = Exclude<PlannedAction, { kind: "KEEP" }>;

/** Whose plan it is, and who pays. */
export interface AdmissionOptions {
  readonly marketId: string;
  readonly rateBudget: RateBudget;
}

/** Share of a minute's calls that may be tied up for the cancels of what rests. */
const TIED_SHARE = 0.5;

/**
 * Shares the budget out before the first call: the most urgent first, a cancel with its placement,
 * near levels before far ones. Whatever is let in leaves enough to cancel at once all that rests
 * then, so that a kill does not have to wait for the budget.
 */
export function admitActions(
  actions: readonly PlannedAction[],
  { rateBudget, marketId }: AdmissionOptions,
): ReadonlySet<PlannedAction> {
  const admitted = new Set<PlannedAction>();
  let resting = actions.filter(({ kind }) => kind !== "PLACE").length;
  for (const action of inTurn(actions)) {
    const isNew = action.kind === "PLACE";
    if (isNew && resting + 1 > TIED_SHARE * rateBudget.perMinute(ORDERS)) continue;
    const unit = [action, ...placementOf(action, actions)];
    const isFree = action.kind === "REPLACE" || action.priority === "cancel";
    const terms = { calls: unit.length, spare: isFree ? 0 : resting + Number(isNew) };
    if (!rateBudget.tryTake(endpointOf(action, marketId), action.priority, terms)) continue;
    if (isNew) resting++;
    for (const member of unit) admitted.add(member);
  }
  return admitted;
}

/** What asks for budget, in this order; the cancel of a pair asks for its placement too. */
function inTurn(actions: readonly PlannedAction[]): readonly Sent[] {
  const rank = ({ priority }: Sent) => PRIORITIES.indexOf(priority);
  const level = (action: Sent) => action.kind === "PLACE" ? action.target.level : 0;
  return actions.filter((action) => action.kind !== "KEEP")
    .filter((action) => action.kind !== "PLACE" || action.pairedWith === null)
    .sort((a, b) => rank(a) - rank(b) || level(a) - level(b));
}

function endpointOf(action: Sent, marketId: string): Endpoint {
  return action.kind === "REPLACE" ? { kind: "replaces", marketId } : ORDERS;
}

function placementOf(action: Sent, actions: readonly PlannedAction[]): readonly PlannedAction[] {
  if (action.kind !== "CANCEL") return [];
  const { orderId } = action.order;
  return actions.filter((other) => other.kind === "PLACE" && other.pairedWith === orderId);
}
