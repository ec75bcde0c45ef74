/** `docs/configuration.md`, made from the declarations of the settings. */

import { configCommand } from "../src/cli/config_command.ts";
import type { CliIo } from "../src/cli/cli_io.ts";
import { CONFIG_DIR_VARIABLE, PARAMETER_VARIABLES } from "../src/config/environment.ts";
import { type RiskClass, riskClass } from "../src/config/hot/risk_class.ts";
import { type Parameter, REQUIRED, type TakesEffect } from "../src/config/parameter.ts";
import { PRESETS } from "../src/config/presets.ts";
import { registries, type Scope } from "../src/config/registry.ts";
import { marketRules, processRules } from "../src/config/rules/index.ts";
import { allowedValues, showValue } from "../src/config/value.ts";

/** A configuration with mistakes, to show what is said about them. */
export interface Example {
  readonly name: string;
  readonly text: string;
}

const TITLES: Readonly<Record<string, string>> = {
  top_level: "Market, money and mode",
  runtime: "Process, connection and timing",
  system: "System",
  connector_ops: "Connector, execution and alerts",
  risk_extra: "Risk, further settings",
  multi_instance: "Several instances",
  inventory_funding: "Funding, inventory, mint and merge",
  three_layer_pricing: "Three-layer pricing",
  pricing_extra: "Pricing, further settings",
  volatility: "Volatility",
  exploration: "Exploration phase",
  stabilization: "Stabilization phase",
  phase_rollback: "Phase change and rollback",
  gradient: "Ladder",
  avellaneda_stoikov: "Avellaneda-Stoikov",
  as_engine: "Model, gamma tiers and spread bounds",
  defense_stack: "Defence stack",
  lvr_defense: "Defence against informed flow",
  oracle_guard: "Oracle guard",
  oracle_source: "Source of the outside price",
};

const EFFECTS: Readonly<Record<TakesEffect, string>> = {
  CYCLE: "at the next cycle",
  REQUOTE: "when a ladder is next rebuilt",
  RAMP: "gradually, over some cycles",
  RISK: "at the next cycle, before anything is placed",
  TICK: "at the next turn of the timer that reads it",
  restart: "after a restart",
  locked: "after a restart with empty state",
  mirror: "never: it mirrors what the venue says",
};

/** What can be changed while the bot runs, and by how careful a hand. */
const NOT_HOT: ReadonlySet<TakesEffect> = new Set(["restart", "locked", "mirror"]);

const CARE: Readonly<Record<RiskClass, string>> = {
  low: "change it and watch the market for a quarter of an hour",
  medium: "say what it should do, change it, see whether it does, and watch for half an hour",
  high: "a second person approves it, unless it tightens a limit; watch for an hour",
};

/** The whole page. */
export async function configReference(broken: readonly Example[]): Promise<string> {
  const sections = [
    INTRODUCTION,
    effects(),
    care(),
    variables(),
    ...(["global", "market"] as const).flatMap(settings),
    rules(),
    presets(),
    await refusals(broken),
  ];
  return `${sections.join("\n\n")}\n`;
}

const INTRODUCTION = `# Configuration

<!-- Made by \`deno task docs\` from the declarations in src/config; do not edit. -->

A configuration is made of layers, weakest first: the code's defaults, \`config/default.yaml\`, the
overlay of the environment (\`config/environments\`), the file of \`--config\`, environment
variables, and changes while the bot runs. In a file, the block of one market beats
\`markets.default\`. \`null\` leaves a value to the weaker layers; \`unset\` stands for "no value"
where that is allowed. A name that does not exist is an error, never ignored.

\`\`\`sh
deno task config check config/production.example.yaml
deno task config show --market demo-rain
deno task config schema
\`\`\`

Editors that know YAML schemas complete and check a file that begins with this line (the path is
relative to the file; the schema is \`config/schema.json\`):

\`\`\`yaml
# yaml-language-server: $schema=./schema.json
\`\`\``;

function effects(): string {
  const rows = Object.entries(EFFECTS).map(([name, meaning]) => [`\`${name}\``, meaning]);
  const text = "What may be changed while the bot runs says when a new value is used:";
  return `## When a change takes effect\n\n${text}\n\n${
    table(["class", "a new value is used"], rows)
  }`;
}

function care(): string {
  const rows = Object.entries(CARE).map(([risk, how]) => [risk, how]);
  const text =
    "What can be changed while the bot runs has a risk: how much harm a wrong value can " +
    "do. The bot refuses a change of high risk without an approver.";
  return `## How careful a change has to be made\n\n${text}\n\n${table(["risk", "how"], rows)}`;
}

function variables(): string {
  const rows = Object.entries(PARAMETER_VARIABLES).map(([variable, name]) => [
    `\`${variable}\``,
    `\`${name}\``,
  ]);
  const files = [`\`${CONFIG_DIR_VARIABLE}\``, "a directory to be read in place of `config`"];
  return `## Environment variables\n\nNo other variable is read.\n\n${
    table(["variable", "sets"], [...rows, files])
  }`;
}

function settings(scope: Scope): readonly string[] {
  const groups = Map.groupBy(Object.entries(registries[scope]), ([, { group }]) => group);
  const where = scope === "global"
    ? "One value per process, in the block `global`."
    : "One value per market, in `markets.default` or in the block of a market.";
  const heading = `## ${scope === "global" ? "Process" : "Market"} settings\n\n${where}`;
  const parts = [...groups].map(([group, members]) => {
    const title = `### ${TITLES[group] ?? group} (${scope}, \`${group}\`)`;
    const rows = members.map(([name, parameter]) => settingRow(name, parameter));
    const columns = ["setting", "default", "allowed", "effect", "risk", "meaning"];
    return `${title}\n\n${table(columns, rows)}`;
  });
  return [heading, ...parts];
}

function settingRow(name: string, parameter: Parameter): readonly string[] {
  const { default: value, takesEffect, description } = parameter;
  const shown = value === REQUIRED ? "**required**" : `\`${showValue(value)}\``;
  const allowed = allowedValues(parameter) ?? parameter.type;
  const risk = NOT_HOT.has(takesEffect) ? "" : riskClass(name);
  return [`\`${name}\``, shown, allowed, takesEffect, risk, description];
}

function rules(): string {
  const rows = [...marketRules, ...processRules].map(({ id, severity, statement, because }) => [
    id,
    severity,
    because === undefined ? statement : `${statement}; else ${because}`,
  ]);
  const sorted = rows.sort(([a = ""], [b = ""]) => a < b ? -1 : a > b ? 1 : 0);
  return `## Rules over several settings\n\nA warning is accepted, shown and logged.\n\n${
    table(["rule", "if broken", "what must hold"], sorted)
  }`;
}

function presets(): string {
  const parts = PRESETS.map(({ name, useWhen, life, values }) => {
    const rows = Object.entries(values).map(([key, value]) => [`\`${key}\``, showValue(value)]);
    return `### \`${name}\`\n\nUse when: ${useWhen}. Life: ${life}.\n\n${
      table(["setting", "value"], rows)
    }`;
  });
  const text = "`deno task config preset NAME --config FILE --market ID …` writes them while the " +
    "bot runs: the listed fields and no other.";
  return `## Presets\n\n${text}\n\n${parts.join("\n\n")}`;
}

async function refusals(broken: readonly Example[]): Promise<string> {
  const text = "All mistakes are reported at once, with the line, what is allowed and what to do.";
  const parts = await Promise.all(
    broken.map(async (example) =>
      `### \`${example.name}\`\n\n\`\`\`yaml\n${example.text}\`\`\`\n\n\`\`\`text\n` +
      `${(await checked(example)).output}\`\`\``
    ),
  );
  return `## What is said about mistakes\n\n${text}\n\n${parts.join("\n\n")}`;
}

/** What `config check` says about a file, and what it exits with. */
export async function checked({ name, text }: Example) {
  const state = { output: "", exitCode: 0 };
  const io: CliIo = {
    write: (line) => void (state.output += line),
    writeError: (line) => void (state.output += line),
    isTerminal: false,
    readTextFile: () => Promise.resolve(text),
    writeTextFile: () => Promise.resolve(),
    env: () => undefined,
    setExitCode: (code) => void (state.exitCode = Math.max(state.exitCode, code)),
  };
  await configCommand(io).parseAsync(["check", name], { from: "user" });
  return state;
}

/** A Markdown table; a bar inside a cell is escaped. */
function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(heading), line(heading.map(() => "---")), ...rows.map(line)].join("\n");
}
