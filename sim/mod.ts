/** The simulator: what other parts of the program use of it. */

export { type PaperOptions, type PaperVenue, paperVenue } from "./paper.ts";
