import assert from "node:assert/strict";
import { calmLogger } from "../../src/runtime/calm_logger.ts";
import { recordingLogger } from "../../src/runtime/log.ts";
import { TestVenue } from "../support/venue.ts";

/** Lines that a bot writes in a while, as its process would. */
function linesOf(venue: TestVenue) {
  const kept = recordingLogger();
  const log = calmLogger(kept, venue.clock);
  venue.hub.subscribe(({ level, event, fields }) => log.log(level, event, fields));
  return kept;
}

Deno.test("log: a venue that answers garbage to everything for an hour does not fill the log", async () => {
  const markets = Array.from({ length: 10 }, (_, index) => ({ marketId: `MKT-${index + 1}` }));
  const venue = new TestVenue({ markets });
  await venue.start(10);
  const kept = linesOf(venue);
  const before = venue.events.length;
  venue.intercept = () => ({ kind: "garble" });
  await venue.run(3600);
  const trouble = kept.events.filter(({ level }) => level === "WARN" || level === "ERROR");
  const all = venue.events.length - before;
  assert.ok(trouble.length * 5 < all, `${trouble.length} of ${all}`);
  const told = kept.events.filter(({ event }) => event === "log_repeated");
  const names = new Set(told.map(({ fields }) => fields["of"]));
  const counted = told.reduce((sum, { fields }) => sum + Number(fields["count"]), 0);
  assert.ok(names.has("poll_failed") && names.has("order_unknown"));
  assert.ok(counted > 1000, "and how much was left out is told");
  assert.ok(kept.events.some(({ event }) => event === "pause_set"), "what matters is there");
  venue.intercept = () => undefined;
  await venue.stop();
});
