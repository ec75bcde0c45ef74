import { type Cents, cents, price, shares } from "../../src/models/money.ts";
import type { Scenario } from "../../src/models/vocabulary.ts";
import { idText, type VenueId } from "./ids.ts";
import type { Journal } from "./journal.ts";
import { countBefore, pageOf } from "./paging.ts";
import type { Order } from "./order.ts";
import { Rows } from "./rows.ts";
import type { Seat } from "./seat.ts";
import type { Trade } from "./trades.ts";
import { type OwnTradeQuery, type Page, SYSTEM_USER_ID, type VenueTradeRecord } from "./types.ts";

/** A privileged mint or burn, which is listed as a trade with the venue. */
export interface PairAudit {
  readonly id: VenueId;
  readonly scenario: "MINT" | "BURN";
  readonly seat: Seat;
  readonly yesPrice: number;
  readonly quantity: number;
  readonly atMs: number;
}

const SCENARIOS: readonly Scenario[] = ["MINT", "TRANSFER_YES", "TRANSFER_NO", "BURN"];
// What each of the numbers of a trade says.
const HIGH = 0;
const LOW = 1;
const SCENARIO = 2;
const YES_PRICE = 3;
const QUANTITY = 4;
const IS_MAKER_BUYING = 5;
const MAKER_FEE = 6;
const TAKER_FEE = 7;
const TIME = 8;
/** Where the three numbers of a side begin: its seat, and the halves of its order's id. */
const BUY = 9;
const SELL = 12;
/** NaN for an opening leg. */
const MAKER_PNL = 15;
const TAKER_PNL = 16;
const WIDTH = 17;
/** Stands for a seat or an order that is not there. */
const NONE = -1;

/** The trades of one user. */
export class OwnTrades {
  readonly #rows: Rows;
  readonly #seats: readonly Seat[];

  /**
   * @param seats all seats of the exchange, by their index
   * @param retained how many trades are kept at least
   */
  constructor(journal: Journal, seats: readonly Seat[], retained: number) {
    this.#rows = new Rows(journal, WIDTH, retained);
    this.#seats = seats;
  }

  /** Appends a trade. */
  append(trade: Trade): void {
    const at = this.#rows.append();
    const { numbers } = this.#rows;
    numbers[at + HIGH] = trade.high;
    numbers[at + LOW] = trade.low;
    numbers[at + SCENARIO] = SCENARIOS.indexOf(trade.scenario);
    numbers[at + YES_PRICE] = trade.yesPrice;
    numbers[at + QUANTITY] = trade.quantity;
    numbers[at + IS_MAKER_BUYING] = trade.isMakerBuying ? 1 : 0;
    numbers[at + MAKER_FEE] = trade.makerFeeCents;
    numbers[at + TAKER_FEE] = trade.takerFeeCents;
    numbers[at + TIME] = trade.executedAtMs;
    writeSide(numbers, at + BUY, trade.bid);
    writeSide(numbers, at + SELL, trade.ask);
    numbers[at + MAKER_PNL] = trade.makerPnlCents ?? NaN;
    numbers[at + TAKER_PNL] = trade.takerPnlCents ?? NaN;
  }

  /** Appends the audit record of a mint or burn: a trade with the venue, without orders. */
  appendAudit({ id, scenario, seat, yesPrice, quantity, atMs }: PairAudit): void {
    const at = this.#rows.append();
    const { numbers } = this.#rows;
    numbers.fill(NONE, at, at + WIDTH);
    numbers[at + HIGH] = id.high;
    numbers[at + LOW] = id.low;
    numbers[at + SCENARIO] = SCENARIOS.indexOf(scenario);
    numbers[at + YES_PRICE] = yesPrice;
    numbers[at + QUANTITY] = quantity;
    numbers[at + TIME] = atMs;
    numbers[at + (scenario === "MINT" ? BUY : SELL)] = seat.index;
    numbers.fill(0, at + MAKER_FEE, at + TAKER_FEE + 1);
    numbers.fill(NaN, at + MAKER_PNL, at + TAKER_PNL + 1);
  }

  /** Every trade that is still known, oldest first. */
  all(): VenueTradeRecord[] {
    return Array.from({ length: this.#rows.length }, (_, index) => this.#recordAt(index));
  }

  /**
   * One page, newest first.
   * @throws Refusal if the limit is not 1 to 100
   */
  page(query: OwnTradeQuery): Page<VenueTradeRecord> {
    const { marketId, cursor } = query;
    const { length } = this.#rows;
    return pageOf(query, {
      end: cursor === undefined
        ? length
        : countBefore(length, (index) => (this.#id(index, HIGH) ?? "") < cursor),
      itemAt: (index) => this.#recordAt(index),
      accepts: (trade) => marketId === undefined || trade.marketId === marketId,
      cursorOf: ({ tradeId }) => tradeId,
    });
  }

  /** Forgets what is too old. */
  trim(): void {
    this.#rows.trim();
  }

  #recordAt(index: number): VenueTradeRecord {
    const number = (column: number) => this.#rows.number(index, column);
    const [buySeat, sellSeat] = [this.#seats[number(BUY)], this.#seats[number(SELL)]];
    const [buyOrderId, sellOrderId] = [this.#id(index, BUY + 1), this.#id(index, SELL + 1)];
    const isMakerBuying = number(IS_MAKER_BUYING) === 1;
    const [makerPnl, takerPnl] = [pnlOf(number(MAKER_PNL)), pnlOf(number(TAKER_PNL))];
    return {
      tradeId: this.#id(index, HIGH) ?? "",
      marketId: (buySeat ?? sellSeat)?.market.id ?? "",
      scenario: SCENARIOS[number(SCENARIO)] ?? "MINT",
      yesPrice: price(number(YES_PRICE)),
      quantity: shares(number(QUANTITY)),
      executedAtMs: number(TIME),
      buyOrderId,
      sellOrderId,
      buyUserId: buySeat?.account.userId ?? SYSTEM_USER_ID,
      sellUserId: sellSeat?.account.userId ?? SYSTEM_USER_ID,
      makerOrderId: isMakerBuying ? buyOrderId : sellOrderId,
      takerOrderId: isMakerBuying ? sellOrderId : buyOrderId,
      makerFeeCents: cents(number(MAKER_FEE)),
      takerFeeCents: cents(number(TAKER_FEE)),
      buyRealizedPnlCents: isMakerBuying ? makerPnl : takerPnl,
      sellRealizedPnlCents: isMakerBuying ? takerPnl : makerPnl,
    };
  }

  /** The id whose first half is in a column. */
  #id(index: number, column: number): string | null {
    const [high, low] = [this.#rows.number(index, column), this.#rows.number(index, column + 1)];
    return high === NONE ? null : idText({ high, low });
  }
}

function writeSide(numbers: Float64Array, at: number, { seat, high, low }: Order): void {
  numbers[at] = seat.index;
  numbers[at + 1] = high;
  numbers[at + 2] = low;
}

function pnlOf(number: number): Cents | null {
  return Number.isNaN(number) ? null : cents(number);
}
