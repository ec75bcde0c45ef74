import type { QuirkId } from "../exchange/mod.ts";

/** What the command line of `exchange` says. */
export interface ExchangeOptions {
  readonly host: string;
  readonly port: number;
  readonly profile: "reference" | "deployed";
  readonly quirk: readonly QuirkId[];
  readonly seedFile?: string;
  readonly traders?: boolean;
  readonly makerFee?: boolean;
  readonly auditTrades?: boolean;
  readonly marketLimits?: boolean;
  readonly ordersPerMinute?: number;
  readonly replacesPerMinute?: number;
  readonly queriesPerMinute?: number;
  readonly latencyMs: number;
  readonly control?: boolean;
  readonly json?: boolean;
}
