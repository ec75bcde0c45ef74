/**
 * What a connector must do so that the bot can trade through it, as a list of requirements that any
 * test runner can go through. See `docs/connector-guide.md`.
 */

import { ORDERS } from "./orders.ts";
import { PAIRS } from "./pairs.ts";
import { READS } from "./reads.ts";
import { type Requirement, Trial, type VenueUnderTest } from "./venue.ts";

export type { Requirement, VenueUnderTest } from "./venue.ts";

/** Everything that the bot relies on. */
export const REQUIREMENTS: readonly Requirement[] = [...READS, ...ORDERS, ...PAIRS];

/**
 * Tries a connector for one requirement.
 * @param open gives a venue in which nothing has happened yet
 * @returns false if the venue cannot be tried for it
 * @throws AssertionError if the connector does not fulfil it
 */
export async function fulfils(
  { needs, check }: Requirement,
  open: () => Promise<VenueUnderTest>,
): Promise<boolean> {
  const venue = await open();
  try {
    if (needs !== undefined && venue[needs] === undefined) return false;
    await check(new Trial(venue));
    return true;
  } finally {
    await venue.close();
  }
}
