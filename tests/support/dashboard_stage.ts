import type { Site } from "../../src/http/site.ts";
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

/** So much of the bot's time passes in each step; a step takes a few real milliseconds. */
const STEP_MS = 50;
const PAUSE_MS = 10;

/** Starts a bot, its pages, and a metronome that lets its time pass, faster than ours. */
export async function dashboardStage(): Promise<DashboardStage> {
  const bot = operatedBot();
  await bot.venue.start();
  const served = serve(bot.site.app);
  let isOver = false;
  const metronome = (async () => {
    while (!isOver) {
      await bot.venue.clock.advance(STEP_MS);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  })();
  return {
    bot,
    served,
    async close() {
      isOver = true;
      await metronome;
      bot.site.close();
      await served.cut();
      await bot.venue.stop();
    },
  };
}
