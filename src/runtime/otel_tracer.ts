import { ProxyTracerProvider, type Span, SpanStatusCode, trace } from "@opentelemetry/api";
import { noTracer, type Span as MeasuredSpan, type SpanFacts, type Tracer } from "./tracer.ts";

/**
 * Traces through OpenTelemetry, which Deno exports itself if `OTEL_DENO=true` and the standard
 * variables are set; nothing is measured otherwise.
 */
export function openTracer(): Tracer {
  // Without a provider there is only the placeholder of the package.
  if (trace.getTracerProvider() instanceof ProxyTracerProvider) return noTracer;
  const tracer = trace.getTracer("amm");
  return {
    span: (name, facts, work) =>
      tracer.startActiveSpan(name, { attributes: named(facts) }, (span) => ended(span, work)),
  };
}

/** Ends the span with the work, whether that is done at once or promised. */
function ended<T>(span: Span, work: (span: MeasuredSpan) => T): T {
  const isOver = (error?: unknown) => {
    if (error !== undefined) markFailed(span, error);
    span.end();
  };
  try {
    const result = work({ note: (facts) => void span.setAttributes(named(facts)) });
    if (result instanceof Promise) result.then(() => isOver(), isOver);
    else isOver();
    return result;
  } catch (error) {
    isOver(error);
    throw error;
  }
}

function markFailed(span: Span, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}

function named(facts: SpanFacts): SpanFacts {
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [`amm.${name}`, value]));
}
