/** Where the time of a cycle goes, for whoever collects traces; costs nothing where nobody does. */

/** What is known of a span besides its name and times. */
export type SpanFacts = Readonly<Record<string, string | number | boolean>>;

/** A stretch of work while it is measured. */
export interface Span {
  /** Adds what came out. */
  note(facts: SpanFacts): void;
}

/** The stretches of work that are measured; `cycle` holds the others. */
export type SpanName = "cycle" | "sync" | "decide" | "execute" | "save";

/** Measures work. */
export interface Tracer {
  /**
   * Does the work as a span, within the one that is open; ends it when the work ends, and marks it
   * if that fails.
   */
  span<T>(name: SpanName, facts: SpanFacts, work: (span: Span) => T): T;
}

const NO_SPAN: Span = { note: () => {} };

/** Does the work, and that is all. */
export const noTracer: Tracer = { span: (_name, _facts, work) => work(NO_SPAN) };
