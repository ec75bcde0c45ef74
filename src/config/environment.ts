/** The environment variables of `parameters.md` 2.9. */

import type { Block } from "./block.ts";
import type { Finding } from "./finding.ts";
import { hidePassword } from "./formats.ts";
import type { Origin, Setting } from "./origin.ts";
import { parameterNamed } from "./registry.ts";
import { allowedValues, parseText } from "./value.ts";

/** Variables that set a parameter, by name. Empty text counts as not set. */
export const PARAMETER_VARIABLES = {
  AMM_ENV: "environment",
  AMM_BASE_URL: "base_url",
  AMM_REDIS_URL: "redis_url",
  AMM_USERNAME: "amm_username",
  AMM_PASSWORD: "amm_password",
  AMM_ADMIN_TOKEN: "admin_token",
  AMM_ALERT_SECRET: "alert_secret",
  AMM_MARKETS: "market_ids",
  AMM_HEALTH_HOST: "health_host",
  AMM_HEALTH_PORT: "health_port",
  AMM_INSTANCE_ID: "instance_id",
} as const;

/** The variable that names a directory of YAML files to be read in place of the packaged ones. */
export const CONFIG_DIR_VARIABLE = "AMM_CONFIG_DIR";

/** Every variable that the bot reads. */
export const ENVIRONMENT_VARIABLES: readonly string[] = [
  ...Object.keys(PARAMETER_VARIABLES),
  CONFIG_DIR_VARIABLE,
];

/** A record of environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The variable that sets a parameter, null if none does. */
export function variableOf(name: string): string | null {
  const found = Object.entries(PARAMETER_VARIABLES).find(([, parameter]) => parameter === name);
  return found?.[0] ?? null;
}

/** Reads the settings that the environment gives. */
export function readEnvironment(environment: Environment): Block {
  const settings = new Map<string, Setting>();
  const findings: Finding[] = [];
  for (const [variable, name] of Object.entries(PARAMETER_VARIABLES)) {
    const text = environment[variable];
    const parameter = parameterNamed("global", name);
    if (text === undefined || text.trim() === "" || parameter === null) continue;
    const origin: Origin = { layer: "environment", variable };
    // A password may begin or end with a blank, or be the word "unset".
    const parsed = parameter.type === "secret"
      ? { ok: true as const, value: text }
      : parseText(parameter, text);
    if (parsed.ok) settings.set(name, { value: parsed.value, origin });
    else {
      const { code, message } = parsed;
      const value = hidePassword(text);
      const allowed = allowedValues(parameter);
      findings.push({ severity: "error", code, key: name, message, value, allowed, origin });
    }
  }
  return { settings, findings };
}
