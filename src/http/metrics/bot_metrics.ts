import type { AlertCounts } from "../../alerts/alerter.ts";
import type { JournalCounts } from "../../journal/journal_writer.ts";
import { type BotEvent, type EventHub } from "../../runtime/event_hub.ts";
import { EVENTS } from "../../runtime/events.ts";
import type { Operations } from "../../service/operations.ts";
import type { Service, ServiceStatus } from "../../service/service_api.ts";
import { Histogram } from "./histogram.ts";
import { marketFamilies } from "./market_metrics.ts";
import { type Family, metricsText, type Sample } from "./text_format.ts";

/** What the metrics are read from. */
export interface BotMetricsOptions {
  readonly service: Pick<Service, "status">;
  readonly operations: Pick<Operations, "rejectedCounts" | "isOverridden" | "onCall">;
  readonly hub: EventHub;
  /** Open streams of the live pages. */
  readonly streams: () => number;
  /** What became of the alerts; null where none are sent. */
  readonly alerts: () => AlertCounts | null;
  /** What became of the records of the journal; null where none is written. */
  readonly journal: () => JournalCounts | null;
}

/** Milliseconds: a near venue answers in a few, and a call is given up after seconds. */
const CALL_BOUNDS_MS = [5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000];

/** Everything that `/metrics` tells. Counters begin with the process. */
export class BotMetrics {
  readonly #options: BotMetricsOptions;
  readonly #events = new Map<string, number>(Object.keys(EVENTS).map((name) => [name, 0]));
  readonly #calls = new Histogram(CALL_BOUNDS_MS);
  readonly #replaces = new Histogram(CALL_BOUNDS_MS);
  readonly #drift = new Map<string, number>();

  constructor(options: BotMetricsOptions) {
    this.#options = options;
    options.hub.subscribe((event) => this.#note(event));
    options.operations.onCall(({ call, ms, end }) => {
      this.#calls.observe({ call, end }, ms);
      if (call === "replace") this.#replaces.observe({}, ms);
    });
  }

  /** The page. */
  text(): string {
    return metricsText(this.families());
  }

  /** Every metric with what it tells now. */
  families(): readonly Family[] {
    const status = this.#options.service.status();
    return [
      ...processFamilies(status),
      ...marketFamilies(status.markets, status.nowMs),
      ...this.#counted(status),
    ];
  }

  #counted({ markets }: ServiceStatus): readonly Family[] {
    const { operations, streams, alerts, journal } = this.#options;
    return [
      counter(
        "amm_events_total",
        "Events by name; the list of events says what each means",
        [...this.#events].map(([event, value]) => ({ labels: { event }, value })),
      ),
      {
        name: "amm_venue_call_duration_ms",
        type: "histogram",
        help: "Calls to the venue, by name and end (ok, refused, failed)",
        samples: this.#calls.samples(),
      },
      {
        name: "amm_replace_latency_ms",
        type: "histogram",
        help: "Replaces of orders",
        samples: this.#replaces.samples(),
      },
      gauge(
        "amm_reconciliation_drift",
        "Largest difference between our books and the venue at the last comparison",
        markets.map(({ marketId }) => ({
          labels: { market_id: marketId },
          value: this.#drift.get(marketId) ?? 0,
        })),
      ),
      counter(
        "amm_config_rejected_total",
        "Stored settings that were refused",
        operations.rejectedCounts().map(({ count, key, code }) => ({
          labels: { key, code },
          value: count,
        })),
      ),
      gauge(
        "amm_config_override_active",
        "1 while a temporary override is in force",
        markets.map(({ marketId }) => ({
          labels: { market_id: marketId },
          value: operations.isOverridden(marketId) ? 1 : 0,
        })),
      ),
      single("amm_stream_readers", "Open event streams", streams()),
      ...alertFamilies(alerts()),
      ...journalFamilies(journal()),
    ];
  }

  #note({ event, marketId, fields }: BotEvent): void {
    this.#events.set(event, (this.#events.get(event) ?? 0) + 1);
    if (marketId === null) return;
    if (event === "reconcile_completed") this.#drift.set(marketId, 0);
    if (event === "reconcile_drift") this.#drift.set(marketId, largest(fields["drifts"]));
  }
}

/** What concerns the whole process. */
function processFamilies(status: ServiceStatus): readonly Family[] {
  const { mode, ready, uptimeMs, pnlDayCents, globalLatch, store, leases, state } = status;
  const held = leases?.markets.filter(({ fence }) => fence !== null) ?? [];
  const margins = held.flatMap(({ provenForMs }) => provenForMs ?? []);
  return [
    gauge("amm_info", "1; the mode is paper or live", [{ labels: { mode }, value: 1 }]),
    single("amm_ready", "1 once the bot quotes", ready && state === "running" ? 1 : 0),
    single("amm_uptime_ms", "Time since the start of the process", uptimeMs),
    single("amm_pnl_daily_all_cents", "Profit of the UTC day of all markets", pnlDayCents),
    single(
      "amm_global_kill_latched",
      "1 while every market is killed",
      globalLatch === null ? 0 : 1,
    ),
    single("amm_store_up", "1 while the state store can be used", store.problem === null ? 1 : 0),
    single("amm_store_refused_values", "Values in the store that are not believed", store.refused),
    gauge(
      "amm_leases_held",
      "Markets whose lease this process has",
      leases === null ? [] : [{ labels: {}, value: held.length }],
    ),
    gauge(
      "amm_lease_margin_ms",
      "Shortest time for which a lease that is held is in force for sure",
      margins.length === 0 ? [] : [{ labels: {}, value: Math.min(...margins) }],
    ),
  ];
}

function alertFamilies(counts: AlertCounts | null): readonly Family[] {
  const { waiting, ...outcomes } = counts ?? { waiting: null };
  return [
    counter(
      "amm_alerts_total",
      "Alerts by what became of them: sent, failed, dropped, or repeated and told as a count",
      Object.entries(outcomes).map(([outcome, value]) => ({ labels: { outcome }, value })),
    ),
    gauge(
      "amm_alerts_waiting",
      "Alerts that are not delivered yet",
      waiting === null ? [] : [{ labels: {}, value: waiting }],
    ),
  ];
}

function journalFamilies(counts: JournalCounts | null): readonly Family[] {
  const { written, dropped, isUp } = counts ?? {};
  const outcomes = counts === null ? [] : Object.entries({ written, dropped });
  return [
    counter(
      "amm_journal_records_total",
      "Records of the journal, written or dropped because they could not be",
      outcomes.map(([outcome, value = 0]) => ({ labels: { outcome }, value })),
    ),
    gauge(
      "amm_journal_up",
      "1 while the journal can be written",
      isUp === undefined ? [] : [{ labels: {}, value: isUp ? 1 : 0 }],
    ),
  ];
}

function gauge(name: string, help: string, samples: readonly Sample[]): Family {
  return { name, type: "gauge", help, samples };
}

function counter(name: string, help: string, samples: readonly Sample[]): Family {
  return { name, type: "counter", help, samples };
}

function single(name: string, help: string, value: number): Family {
  return gauge(name, help, [{ labels: {}, value }]);
}

/** The largest difference among the drifts of an event, in shares or cents. */
function largest(drifts: unknown): number {
  if (!Array.isArray(drifts)) return 0;
  const sizes = drifts.map((drift: { ours?: unknown; venue?: unknown }) =>
    Math.abs(Number(drift.ours) - Number(drift.venue))
  );
  return Math.max(0, ...sizes.filter(Number.isFinite));
}
