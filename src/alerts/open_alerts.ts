import type { ProcessConfig } from "../config/process_config.ts";
import { Alerter, type AlerterOptions } from "./alerter.ts";
import type { WebhookOptions } from "./webhook.ts";

/** What alerts work with besides the configuration. */
export interface AlertParts
  extends Pick<AlerterOptions, "hub" | "clock" | "log" | "market">, Pick<WebhookOptions, "fetch"> {
  readonly config: ProcessConfig;
}

/** The alerts of a process, null if no `alert_webhook_url` is configured. */
export function openAlerts({ config, fetch, ...parts }: AlertParts): Alerter | null {
  const { mode, global } = config;
  if (global.alertWebhookUrl === null) return null;
  return new Alerter({
    ...parts,
    mode,
    webhook: {
      url: global.alertWebhookUrl,
      secret: global.alertSecret,
      clock: parts.clock,
      fetch,
    },
    repeatMs: global.alertRepeatMs,
    instance: global.instanceId,
    publicUrl: global.publicUrl,
  });
}
