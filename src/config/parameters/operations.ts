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
