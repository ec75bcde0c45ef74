import parse from "parse-prometheus-text-format";
import { z } from "zod";

const metric = z.object({
  labels: z.record(z.string(), z.string()).optional(),
  value: z.string().optional(),
  buckets: z.record(z.string(), z.string()).optional(),
  count: z.string().optional(),
  sum: z.string().optional(),
});
const families = z.array(z.object({
  name: z.string(),
  help: z.string(),
  type: z.enum(["COUNTER", "GAUGE", "HISTOGRAM"]),
  metrics: z.array(metric),
}));

/** Metrics as a parser that is not ours reads them. */
export function parsedMetrics(text: string): z.infer<typeof families> {
  const read: unknown = parse(text);
  return families.parse(read);
}
