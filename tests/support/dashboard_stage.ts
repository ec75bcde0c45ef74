import type { Site } from "../../src/http/site.ts";
import type { VirtualClock } from "../../src/runtime/virtual_clock.ts";
import { freePort } from "./real_process.ts";
import { type OperatedBot, operatedBot } from "./site.ts";

/** The pages of a bot on a port of this machine. */
export interface ServedSite {
  readonly base: string;
  /** `Last-Event-ID` of every stream that was opened, empty for one that begins anew. */
  readonly streamIds: readonly string[];
  /** Cuts every connection, and takes no new one. */
  cut(): Promise<void>;
  /** Answers again, on the same port. */
  mend(): void;
}

/** Serves pages. */
export function serve(app: Site): ServedSite {
  const port = freePort();
  const streamIds: string[] = [];
  const listen = () => {
    const closing = new AbortController();
    const server = Deno.serve(
      { hostname: "127.0.0.1", port, signal: closing.signal, onListen: () => {} },
      (request, { remoteAddr }) => {
        if (new URL(request.url).pathname === "/api/stream") {
          streamIds.push(request.headers.get("Last-Event-ID") ?? "");
        }
        return app.fetch(request, { remote: remoteAddr.hostname });
      },
    );
    return async () => {
      closing.abort();
      await server.finished;
    };
  };
  let close = listen();
  return {
    base: `http://127.0.0.1:${port}`,
    streamIds,
    cut: () => close(),
    mend: () => {
      close = listen();
    },
  };
}

/** A bot of two markets that runs while a browser looks at it. */
export interface DashboardStage {
  readonly bot: OperatedBot;
  readonly served: ServedSite;
  close(): Promise<void>;
}

/** How a clock is run: so much of its time in each step, and so long a rest after it. */
export interface Pace {
  readonly stepMs: number;
  readonly pauseMs: number;
}

/** Faster than real time, and a browser can still follow. */
const FAST: Pace = { stepMs: 50, pauseMs: 10 };

/** Lets the time of a clock pass by itself; returns the way to stop that. */
export function runClock(clock: VirtualClock, { stepMs, pauseMs }: Pace): () => Promise<void> {
  let isOver = false;
  const running = (async () => {
    while (!isOver) {
      await clock.advance(stepMs);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  })();
  return async () => {
    isOver = true;
    await running;
  };
}

/** Starts a bot and its pages, and lets its time pass. */
export async function dashboardStage(): Promise<DashboardStage> {
  const bot = operatedBot();
  await bot.venue.start();
  const served = serve(bot.site.app);
  const stop = runClock(bot.venue.clock, FAST);
  return {
    bot,
    served,
    async close() {
      await stop();
      bot.site.close();
      await served.cut();
      await bot.venue.stop();
    },
  };
}
