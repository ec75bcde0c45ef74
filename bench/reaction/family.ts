import { quantile } from "../measure.ts";
import type { BenchContext, BenchFamily, BenchResult } from "../result.ts";
import { botConfig, marketIds, PASSWORD } from "../service/bot_settings.ts";
import { startExchange } from "../service/exchange.ts";
import { sleep, systemClock } from "../../src/runtime/clock.ts";
import { silentLogger } from "../../src/runtime/log.ts";
import { seededRandom, systemRandom } from "../../src/runtime/random.ts";
import { composeService } from "../../src/service/compose.ts";

/** How long the bot takes to put a new order where one was filled. */
export const REACTION: BenchFamily = {
  title: "Reaction",
  method: "Ten markets on the exchange in another process, over HTTP, polled at the shipped " +
    "intervals (2 s). A taker buys or sells what rests at the best price, at random moments. " +
    "`fill to order` is the wall time from the answer to the taker until the venue has accepted " +
    "the next order of the bot in that market; `waiting` the part of it before the bot's next " +
    "read of that market begins, `cooldown` the cycles in which it has seen the fill and waits " +
    "on purpose, `ours` the rest: reads, decision, and the order's own call. The checksum counts " +
    "the fills that were answered.",
  run: react,
};

const MARKETS = 10;
const SETTLE_MS = 5_000;
/** Cooldown after a fill included; what takes longer counts as not answered. */
const PATIENCE_MS = 15_000;

/** A fill, and what the bot did about it; times of the monotonic clock. */
interface Watched {
  readonly marketId: string;
  readonly filledMs: number;
  /** The first read after the fill. */
  lookedMs: number | null;
  /** The read with which the cycle began that placed the order. */
  cycleMs: number | null;
  placedMs: number | null;
}

async function react({ quick, progress }: BenchContext): Promise<readonly BenchResult[]> {
  const fills = quick ? 8 : 60;
  const exchange = await startExchange(MARKETS);
  const { service, operations, stopVenue } = await composeService({
    loaded: botConfig({ markets: MARKETS, baseUrl: exchange.baseUrl, arrivalsPerHour: 0 }),
    clock: systemClock,
    random: systemRandom(),
    log: silentLogger,
  });
  const watched: Watched[] = [];
  operations.onCall(({ call, marketId, ms, end }) => {
    const nowMs = systemClock.monotonicMs();
    const open = watched.find((fill) => fill.marketId === marketId && fill.placedMs === null);
    if (open === undefined || end !== "ok") return;
    if (call === "openOrders" && nowMs - ms >= open.filledMs) {
      open.cycleMs = nowMs - ms;
      open.lookedMs ??= open.cycleMs;
    }
    const isOrder = call === "place" || call === "replace";
    if (isOrder && open.lookedMs !== null) open.placedMs = nowMs;
  });
  try {
    await service.start();
    await sleep(systemClock, SETTLE_MS);
    const taker = await Taker.logIn(exchange.baseUrl);
    await provoke({ taker, watched, fills, progress });
    return results(watched);
  } finally {
    await service.stop("measured");
    await stopVenue();
    await exchange.close();
  }
}

interface Provocation {
  readonly taker: Taker;
  readonly watched: Watched[];
  readonly fills: number;
  readonly progress: BenchContext["progress"];
}

/** Takes the best price of one market after the other, at random moments. */
async function provoke({ taker, watched, fills, progress }: Provocation): Promise<void> {
  const random = seededRandom("bench reaction");
  const ids = marketIds(MARKETS);
  for (let nth = 0; nth < fills; nth++) {
    const marketId = ids[nth % ids.length] ?? "";
    await sleep(systemClock, 200 + 800 * random.next());
    if (watched.some((fill) => fill.marketId === marketId && fill.placedMs === null)) continue;
    const filledMs = await taker.take(marketId);
    if (filledMs !== null) {
      watched.push({ marketId, filledMs, lookedMs: null, cycleMs: null, placedMs: null });
    }
    progress("reaction", nth / fills);
  }
  const endMs = systemClock.monotonicMs() + PATIENCE_MS;
  while (
    watched.some(({ placedMs }) => placedMs === null) && systemClock.monotonicMs() < endMs
  ) await sleep(systemClock, 100);
}

/** A user of the venue who takes what is offered. */
class Taker {
  readonly #baseUrl: string;
  readonly #headers: HeadersInit;
  #orders = 0;

  private constructor(baseUrl: string, token: string) {
    this.#baseUrl = baseUrl;
    this.#headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  }

  static async logIn(baseUrl: string): Promise<Taker> {
    const response = await fetch(`${baseUrl}/auth/login`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ username: "taker", password: PASSWORD }),
    });
    const { data } = await response.json();
    return new Taker(baseUrl, data.access_token);
  }

  /** Buys the best offer of YES whole; gives back when that was answered, null if it was not. */
  async take(marketId: string): Promise<number | null> {
    const headers = this.#headers;
    const route = `${this.#baseUrl}/markets/${marketId}/orderbook?levels=1`;
    const { data } = await (await fetch(route, { headers })).json();
    const [best] = data.yes.asks as { price_cents: number; total_quantity: number }[];
    if (best === undefined) return null;
    const response = await fetch(`${this.#baseUrl}/orders`, {
      method: "POST",
      headers,
      body: JSON.stringify({
        client_order_id: `taker-${++this.#orders}`,
        market_id: marketId,
        side: "YES",
        direction: "BUY",
        price_cents: best.price_cents,
        quantity: best.total_quantity,
        time_in_force: "IOC",
      }),
    });
    const { order } = await response.json();
    return response.ok && order.filled_quantity > 0 ? systemClock.monotonicMs() : null;
  }
}

function results(watched: readonly Watched[]): readonly BenchResult[] {
  const answered = watched.flatMap(({ filledMs, lookedMs, cycleMs, placedMs }) =>
    lookedMs === null || cycleMs === null || placedMs === null ? [] : [{
      total: placedMs - filledMs,
      waiting: lookedMs - filledMs,
      cooldown: cycleMs - lookedMs,
      ours: placedMs - cycleMs,
    }]
  );
  const figure = (name: string, times: readonly number[], share: number): BenchResult => ({
    name: `reaction/${name} p${100 * share}`,
    ours: quantile(times, share),
    other: null,
    otherIs: "",
    ratio: null,
    unit: "ms",
    min: Math.min(...times),
    max: Math.max(...times),
    better: "smaller",
    checksum: `${answered.length} of ${watched.length}`,
    target: null,
  });
  return [0.5, 0.99].flatMap((share) => [
    figure("fill to order", answered.map(({ total }) => total), share),
    figure("waiting", answered.map(({ waiting }) => waiting), share),
    figure("cooldown", answered.map(({ cooldown }) => cooldown), share),
    figure("ours", answered.map(({ ours }) => ours), share),
  ]);
}
