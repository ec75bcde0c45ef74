import { WIRES } from "../../sim/wire.ts";
import { TestVenue, type VenueOptions } from "./venue.ts";

/** Opens a venue whose bot reaches the exchange in the way that the test is registered for. */
export type OpenVenue = (options?: Omit<VenueOptions, "wire">) => TestVenue;

/**
 * Registers a test once for each way to the exchange: what the bot does must not depend on whether
 * it calls the exchange or sends requests through the live connector to the venue's routes.
 */
export function test(name: string, body: (openVenue: OpenVenue) => Promise<void>): void {
  for (const wire of WIRES) {
    Deno.test(`${name} [${wire}]`, () => body((options) => new TestVenue({ ...options, wire })));
  }
}
