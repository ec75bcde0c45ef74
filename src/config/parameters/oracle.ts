/** Settings of the outside price: where it comes from, and what the oracle guard does with it. */

import { choice, float, group, int, text, textOrUnset } from "../parameter.ts";

/** Group `oracle_guard`, market scope. */
export const oracleGuard = group("oracle_guard", {
  oracle_max_lag_ms: int(
    30000,
    "RISK",
    { min: 500, max: 600000, unit: "ms" },
    "External price older than this, or never received: spread x oracle_passive_spread_multiplier, nothing else",
  ),
  oracle_min_deviation_cents: int(
    2,
    "RISK",
    { min: 1, max: 10, unit: "cents" },
    "Floor of the dynamic deviation threshold max(floor, k x sigma1d); above the threshold: PAUSE",
  ),
  oracle_deviation_multiplier: float(
    2,
    "RISK",
    { min: 1, max: 5, unit: "multiplier" },
    "k in max(floor, k x sigma1d); sigma1d = measured sigma per sqrt(hour) x sqrt(24), from sigma_scale_cents while nothing is measured",
  ),
  oracle_gap_threshold_cents: int(
    5,
    "RISK",
    { min: 2, max: 20, unit: "cents" },
    "Jump between two external prices that starts the observation period",
  ),
  oracle_observation_period_ms: int(
    30000,
    "RISK",
    { min: 5000, max: 120000, unit: "ms" },
    "Length of the observation period: only the exposed side is withdrawn (jump up: no ASK, jump down: no BID)",
  ),
});

/** Group `oracle_source`, market scope. */
export const oracleSource = group("oracle_source", {
  oracle_url: textOrUnset(
    null,
    "restart",
    { format: "document_url" },
    "JSON document with the external price: http(s)://... or file:PATH; {slug} stands for oracle_slug (unset = no source)",
  ),
  oracle_price_path: text(
    "price",
    "restart",
    { format: "json_path" },
    "Where the price stands in the document: names and indexes joined by dots, $ for the document itself",
  ),
  oracle_time_path: textOrUnset(
    null,
    "restart",
    { format: "json_path" },
    "Where the time of the price stands (unset = the time of the reading; of a file, of its last change)",
  ),
  oracle_price_unit: choice(
    ["cents", "probability"],
    "cents",
    "restart",
    {},
    "Unit of the external price: 0 to 100, or 0 to 1",
  ),
  oracle_timeout_ms: int(
    2000,
    "TICK",
    { min: 100, max: 10000, unit: "ms" },
    "Longest time that one reading of the external price may take",
  ),
});
