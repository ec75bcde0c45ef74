/**
 * Reads the live stream of a bot as open pages of the dashboard do: half of them look at all
 * markets, half at one. They look for a while and look away for as long, in turns. Called with the
 * address, the number of readers and a market; ends with SIGTERM.
 */

import { sleep, systemClock } from "../../src/runtime/clock.ts";

const TURN_MS = 1_500;

/** Opens one stream and reads it; returns the way to close it. */
async function read(url: string): Promise<() => Promise<void> | undefined> {
  const { body } = await fetch(url);
  const reader = body?.getReader();
  void (async () => {
    while ((await reader?.read())?.done === false);
  })();
  return () => reader?.cancel();
}

if (import.meta.main) {
  const [url = "", count = "1", market = ""] = Deno.args;
  Deno.stdout.writeSync(new TextEncoder().encode("ready\n"));
  while (true) {
    const streams = Array.from(
      { length: Number(count) },
      (_, index) => read(`${url}/api/stream${index % 2 === 0 ? "" : `?market=${market}`}`),
    );
    await sleep(systemClock, TURN_MS);
    for (const close of await Promise.all(streams)) await close();
    await sleep(systemClock, TURN_MS);
  }
}
