import type { ProcessConfig } from "../config/process_config.ts";
import { healthUrl } from "../http/health_server.ts";
import { hideSecrets } from "../runtime/wire.ts";

const RULE = "=".repeat(78);
const MARKETS_SHOWN = 5;

/**
 * What a person sees first: whether money is at stake, which markets, where to look and how to
 * stop.
 */
export function banner(config: ProcessConfig): string {
  const { global, markets } = config;
  const rows: readonly (readonly [string, string])[] = [
    ["markets", marketList([...markets.keys()])],
    ["state", stateOf(global)],
    ["status", `${healthUrl(global.healthHost, global.healthPort)}/status`],
    ["stop", "Ctrl-C or SIGTERM cancels every own order and checks that none is left"],
  ];
  return [
    RULE,
    ...headline(config),
    RULE,
    ...rows.map(([name, value]) => `  ${name.padEnd(8)} ${value}`),
    "",
    "",
  ].join("\n");
}

function headline({ mode, global }: ProcessConfig): readonly string[] {
  switch (mode) {
    case "paper":
      return [
        "  PAPER TRADING: no real money",
        "  The exchange and its traders are simulated inside this process.",
      ];
    case "live":
      return [
        "  LIVE TRADING: REAL MONEY",
        `  Account ${global.ammUsername} at ${hideSecrets(global.baseUrl)}`,
      ];
  }
}

/** Where latches and losses of the day are kept; whether it can be reached `/status` says. */
function stateOf({ stateStore, redisUrl }: ProcessConfig["global"]): string {
  return stateStore === "redis"
    ? `Redis at ${hideSecrets(redisUrl)}`
    : "in memory: a restart forgets kills and the losses of the day";
}

function marketList(ids: readonly string[]): string {
  const shown = ids.slice(0, MARKETS_SHOWN).join(", ");
  const hidden = ids.length - MARKETS_SHOWN;
  return hidden > 0 ? `${shown} and ${hidden} more` : shown;
}
