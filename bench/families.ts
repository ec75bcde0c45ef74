import { DECISION } from "./decision/family.ts";
import { DASHBOARD } from "./dashboard/family.ts";
import { ENGINE } from "./engine/family.ts";
import { REACTION } from "./reaction/family.ts";
import { SERVICE } from "./service/family.ts";
import { SIMULATION } from "./simulation/family.ts";
import { START } from "./start/family.ts";
import type { BenchFamily } from "./result.ts";

/** All measurements, in the order in which they are run and shown. */
export const FAMILIES = {
  engine: ENGINE,
  decision: DECISION,
  simulation: SIMULATION,
  service: SERVICE,
  reaction: REACTION,
  dashboard: DASHBOARD,
  start: START,
} as const satisfies Readonly<Record<string, BenchFamily>>;

/** The name of a family. */
export type FamilyName = keyof typeof FAMILIES;

/** The names of all families. */
// Object.keys() forgets the type of the keys of the record above.
export const FAMILY_NAMES = Object.keys(FAMILIES) as FamilyName[];
