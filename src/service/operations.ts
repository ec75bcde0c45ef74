import type { ConfigEditor } from "../config/hot/editor.ts";
import type { RejectedCount } from "../config/hot/rejections.ts";
import type { CallObserver } from "../connector/call_statistics.ts";

/** What a running bot gives its operators beside the service itself. */
export interface Operations {
  /** Changes its configuration. */
  readonly editor: Pick<
    ConfigEditor,
    "change" | "preview" | "remove" | "applyPreset" | "rollback" | "audit" | "effective"
  >;
  /** How often which stored settings were refused. */
  readonly rejectedCounts: () => readonly RejectedCount[];
  /** True while a temporary override of a market is in force. */
  readonly isOverridden: (marketId: string) => boolean;
  /** Has somebody hear of every call to the venue. */
  readonly onCall: (observer: CallObserver) => void;
}
