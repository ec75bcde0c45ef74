/**
 * Loaded before the tests: every property is tried with the same values in every run, so that a red
 * run is a change and not a throw of the dice. `deno task explore` throws them.
 */

import fc from "fast-check";

fc.configureGlobal({ seed: 20_261_127 });
