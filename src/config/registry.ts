import type { Parameter, ValuesOf } from "./parameter.ts";
import { inventoryFunding, topLevel, topLevelGlobal } from "./parameters/funding.ts";
import { oracleGuard, oracleSource } from "./parameters/oracle.ts";
import { alertsGlobal, journalGlobal } from "./parameters/operations.ts";
import { exploration, gradient, phaseRollback, stabilization } from "./parameters/phases.ts";
import { pricingExtra, threeLayerPricing, volatility } from "./parameters/pricing.ts";
import {
  connectorOps,
  connectorOpsGlobal,
  multiInstanceGlobal,
  runtime,
  runtimeGlobal,
  system,
  systemGlobal,
} from "./parameters/process.ts";
import { asEngine, avellanedaStoikov } from "./parameters/quoting.ts";
import { defenseStack, lvrDefense, riskExtra, riskExtraGlobal } from "./parameters/risk.ts";

/** Every setting with one value per process. */
export const globalParameters = {
  ...topLevelGlobal,
  ...runtimeGlobal,
  ...systemGlobal,
  ...connectorOpsGlobal,
  ...riskExtraGlobal,
  ...multiInstanceGlobal,
  ...alertsGlobal,
  ...journalGlobal,
};

/** Every setting with one value per market. */
export const marketParameters = {
  ...topLevel,
  ...inventoryFunding,
  ...threeLayerPricing,
  ...pricingExtra,
  ...volatility,
  ...exploration,
  ...stabilization,
  ...phaseRollback,
  ...gradient,
  ...avellanedaStoikov,
  ...asEngine,
  ...defenseStack,
  ...riskExtra,
  ...lvrDefense,
  ...oracleGuard,
  ...oracleSource,
  ...system,
  ...runtime,
  ...connectorOps,
};

/** The values of all global settings, camelCase. */
export type GlobalConfig = ValuesOf<typeof globalParameters>;

/** The values of all settings of one market, camelCase; immutable during a cycle. */
export type MarketConfig = ValuesOf<typeof marketParameters>;

/** The declarations of one scope by snake_case name, without the value types. */
export type Registry = Readonly<Record<string, Parameter>>;

function defaultsOf(registry: Registry): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(registry)
      .filter(([, parameter]) => typeof parameter.default !== "symbol")
      .map(([name, parameter]) => [name, parameter.default]),
  );
}

/** Code defaults by snake_case name; parameters that are required have no entry. */
export const codeDefaults: {
  readonly global: Readonly<Record<string, unknown>>;
  readonly market: Readonly<Record<string, unknown>>;
} = { global: defaultsOf(globalParameters), market: defaultsOf(marketParameters) };

/** Whether a setting has one value per process or one per market. */
export type Scope = "global" | "market";

/** The declarations of both scopes, for code that goes over all of them. */
export const registries: Readonly<Record<Scope, Registry>> = {
  global: globalParameters,
  market: marketParameters,
};

/** The name of any setting, snake_case. */
export type ParameterName = keyof typeof globalParameters | keyof typeof marketParameters;

/** The declaration of a setting, null if there is none of that name in the scope. */
export function parameterNamed(scope: Scope, name: string): Parameter | null {
  const registry = registries[scope];
  return Object.hasOwn(registry, name) ? registry[name] ?? null : null;
}
