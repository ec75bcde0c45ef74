import type { Connector } from "./connector.ts";
import type { AccountBalance } from "../models/market.ts";
import type { Clock } from "../runtime/clock.ts";

/**
 * The account's cash, one value for all markets: read at most as often as somebody needs it fresh.
 */
export class BalanceFeed {
  readonly #connector: Pick<Connector, "balance">;
  readonly #clock: Clock;
  #last: { readonly balance: AccountBalance; readonly askedAtMs: number } | null = null;
  #running: Promise<AccountBalance> | null = null;

  constructor(connector: Pick<Connector, "balance">, clock: Clock) {
    this.#connector = connector;
    this.#clock = clock;
  }

  /** The last balance read, null before the first. */
  get last(): AccountBalance | null {
    return this.#last?.balance ?? null;
  }

  /**
   * The balance, asked for less than `maxAgeMs` ago (0: always read); callers that come during a
   * read share it.
   * @throws VenueError if it has to be read and the venue gives no usable answer
   */
  read(maxAgeMs: number): Promise<AccountBalance> {
    const last = this.#last;
    if (last !== null && this.#clock.monotonicMs() - last.askedAtMs < maxAgeMs) {
      return Promise.resolve(last.balance);
    }
    this.#running ??= this.#readNow().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #readNow(): Promise<AccountBalance> {
    const askedAtMs = this.#clock.monotonicMs();
    const balance = await this.#connector.balance();
    this.#last = { balance, askedAtMs };
    return balance;
  }
}
