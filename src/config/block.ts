import type { Finding } from "./finding.ts";
import type { Settings } from "./origin.ts";

/** The valid settings of a block, and what is wrong with the others. */
export interface Block {
  readonly settings: Settings;
  readonly findings: readonly Finding[];
}
