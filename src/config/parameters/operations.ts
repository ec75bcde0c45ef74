import { group, int, secret, textOrUnset } from "../parameter.ts";

/** Group `alerts`, global scope. */
export const alertsGlobal = group("alerts", {
  alert_webhook_url: textOrUnset(
    null,
    "restart",
    { unit: "url", format: "http_url" },
    "Where alerts are posted as JSON; a chat service shows their text (unset = no alerts)",
  ),
  alert_secret: secret(
    null,
    "restart",
    {},
    "Signs alerts with HMAC-SHA256 in the header X-Amm-Signature (unset = unsigned)",
  ),
  alert_repeat_ms: int(
    300000,
    "restart",
    { min: 1000, max: 3600000, unit: "ms" },
    "An alert of the same event and market comes once in this time, then with a count",
  ),
  public_url: textOrUnset(
    null,
    "restart",
    { unit: "url", format: "http_url" },
    "Address by which operators reach the pages, for the links in alerts (unset = no links)",
  ),
});

/** Group `journal`, global scope. */
export const journalGlobal = group("journal", {
  journal_path: textOrUnset(
    null,
    "restart",
    {},
    "Directory where every decision, trade and event is written down; the process needs the right to write there (unset = no journal)",
  ),
  journal_max_days: int(
    30,
    "restart",
    { min: 1, max: 3650, unit: "days" },
    "Older files of the journal are removed",
  ),
  journal_max_mb: int(
    1000,
    "restart",
    { min: 10, max: 1000000, unit: "MB" },
    "All files of the journal together; the oldest are removed",
  ),
});
