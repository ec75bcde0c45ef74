/** `amm:ops:{m}`: the mint or burn in flight (state and events spec §2.7). */

import type { Holdings } from "../../models/inventory.ts";
import type { PairOperation } from "../persisted_market.ts";
import { field, type HashFields, HashReader, msText } from "./hash.ts";

const KEY_CHARACTERS = 64;
const someShares = field.shares.refine((quantity) => quantity > 0);

/** The operation; no field at all if there is none. */
export function operationFields(operation: PairOperation | null): HashFields {
  if (operation === null) return {};
  return {
    op: operation.kind,
    key: operation.key,
    quantity: String(operation.quantity),
    state: operation.state,
    created_at_ms: msText(operation.createdAtMs),
    retry_after_ms: msText(operation.retryAfterMs),
    ...heldFields(operation.held),
  };
}

function heldFields(held: Holdings | null): HashFields {
  return held === null ? {} : { held_yes: String(held.yes), held_no: String(held.no) };
}

/** Reads the operation: null if there is none, `lost` if there is one that cannot be repeated. */
export function readOperation(reader: HashReader): PairOperation | null | "lost" {
  const state = reader.read("state", field.oneOf(["PREPARED", "SENT", "DONE"])) ?? "SENT";
  if (state === "DONE") return null;
  const kind = reader.read("op", field.oneOf(["MINT", "BURN"]));
  const key = reader.read("key", field.text(KEY_CHARACTERS));
  const quantity = reader.read("quantity", someShares);
  const createdAtMs = reader.read("created_at_ms", field.ms) ?? 0;
  const retryAfterMs = reader.read("retry_after_ms", field.ms) ?? 0;
  if (kind === null || key === null || quantity === null) return "lost";
  return { kind, key, quantity, state, createdAtMs, retryAfterMs, held: readHeld(reader) };
}

/** A record of an earlier version does not have it. */
function readHeld(reader: HashReader): Holdings | null {
  if (!reader.has("held_yes") && !reader.has("held_no")) return null;
  const yes = reader.read("held_yes", field.shares);
  const no = reader.read("held_no", field.shares);
  return yes === null || no === null ? null : { yes, no };
}
