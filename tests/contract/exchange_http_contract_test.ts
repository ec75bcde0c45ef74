/**
 * Every exchange that was recorded at the venue is sent to the simulated exchange again, in the
 * order of recording, from the state from which the recording started and with all defects on. Its
 * answers are those of the recording: status, shape and every figure, word and relation between
 * ids. Only times, ids, tokens and the words of the JSON parser are its own. None is left out.
 */

import assert from "node:assert/strict";
import { ALL_QUIRKS, AMM_USER_ID } from "../../sim/exchange/mod.ts";
import { exchangeApp } from "../../sim/http/exchange_app.ts";
import type { Route } from "../../sim/http/route.ts";
import { API_PREFIX, apiRoutes } from "../../sim/http/route_table.ts";
import { parseSeed } from "../../sim/http/seed.ts";
import { seededVenue } from "../../sim/http/seeded_venue.ts";
import { isRecord } from "../../src/connector/rest/wire.ts";
import { seededRandom } from "../../src/runtime/random.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";
import { Correspondence, type RecordedCall, recordedCalls } from "../support/wire_replay.ts";

const SEED = parseSeed(
  "exchange-wire-seed.json",
  Deno.readTextFileSync(new URL("../fixtures/exchange-wire-seed.json", import.meta.url)),
);
const START_MS = Date.parse("2026-11-22T06:13:40Z");

const CALLS = recordedCalls();

/** What was done at the database before or after a call, by the note of the call. */
const OPERATOR = {
  before: new Map([["disabled user", (run: Run) => run.setEnabled("carol", false)]]),
  after: new Map([
    ["disabled user with live token", (run: Run) => run.setEnabled("carol", true)],
    // The recording gave the AMM its other pairs only when it came to their markets.
    ["AMM list", (run: Run) => run.givePairs(([marketId]) => marketId !== "MKT-LAB-01")],
  ]),
};

/** One run of the simulated exchange. */
class Run {
  readonly clock = new VirtualClock(START_MS);
  readonly names: Correspondence;
  readonly routes: readonly Route[];
  readonly #venue = seededVenue({ ...SEED, amm_shares: {} }, {
    clock: this.clock,
    random: seededRandom("users"),
    settings: { quirks: new Set(ALL_QUIRKS) },
  });
  readonly #app;

  constructor() {
    const { tokens } = this.#venue;
    const parts = { ...this.#venue, clock: this.clock, random: seededRandom("requests") };
    this.routes = apiRoutes({ ...parts, has: () => true });
    this.#app = exchangeApp(parts);
    this.names = new Correspondence(tokens);
    for (const { name, username } of SEED.users) {
      this.names.add(`<access token of ${name}>`, tokens.issue(this.#idOf(username), "access"));
    }
    this.givePairs(([marketId]) => marketId === "MKT-LAB-01");
  }

  setEnabled(username: string, enabled: boolean): void {
    this.#venue.exchange.control.setEnabled(this.#idOf(username), enabled);
  }

  givePairs(where: (share: [string, number]) => boolean): void {
    const { control } = this.#venue.exchange;
    for (const [marketId, pairs] of Object.entries(SEED.amm_shares).filter(where)) {
      control.seedPairs(AMM_USER_ID, marketId, pairs);
    }
  }

  /** Sends a recorded request at its time. */
  async send({ method, path, headers, body, atMs }: RecordedCall): Promise<Response> {
    await this.clock.advance(Math.max(0, atMs - this.clock.nowMs()));
    const translated = Object.entries(headers).map(([name, value]) =>
      [name, this.names.text(value)] as const
    );
    const sent = this.names.translate(body);
    return await this.#app.request(this.names.text(path), {
      method,
      headers: Object.fromEntries(translated),
      body: sent === null ? null : typeof sent === "string" ? sent : JSON.stringify(sent),
    });
  }

  #idOf(username: string): string {
    return this.#venue.users.named(username)?.userId ?? "";
  }
}

Deno.test("the simulated exchange answers every recorded request as the venue did", async (t) => {
  const run = new Run();
  for (const call of CALLS) {
    await t.step(call.name, async () => {
      OPERATOR.before.get(call.note)?.(run);
      const response = await run.send(call);
      const text = await response.text();
      assert.equal(response.status, call.status, text);
      for (const [name, value] of Object.entries(call.answerHeaders)) {
        assert.equal(response.headers.get(name), value, name);
      }
      const isJson = call.answerHeaders["content-type"] === "application/json";
      run.names.assertSame(call.answer, isJson ? JSON.parse(text) : text);
      OPERATOR.after.get(call.note)?.(run);
    });
  }
});

Deno.test("nothing that was recorded is left out, and every step of the operator is taken", () => {
  assert.equal(CALLS.length, 259);
  const notes = new Set(CALLS.map(({ note }) => note));
  for (const note of [...OPERATOR.before.keys(), ...OPERATOR.after.keys()]) {
    assert.ok(notes.has(note), note);
  }
});

/** The recorded calls of a route. */
function callsTo({ method, path }: Route): readonly RecordedCall[] {
  const pattern = new RegExp(`^${API_PREFIX}${path.replaceAll(/\{\w+\}/g, "[^/]+")}(\\?|$)`);
  return CALLS.filter((call) => call.method === method && pattern.test(call.path));
}

for (const route of new Run().routes) {
  Deno.test(`${route.method} ${route.path}: its documentation fits what was recorded`, () => {
    for (const { answer, status, name } of callsTo(route)) {
      const codeOf = isRecord(answer) && typeof answer.code === "number" ? answer.code : 0;
      if (status < 300) {
        assert.equal(status, route.status, name);
        const payload = isRecord(answer) && !route.bare ? answer.data : answer;
        assert.deepEqual(route.answer.parse(payload), payload, name);
      } else if (codeOf !== 0 && codeOf !== 1004) {
        assert.ok(route.errors.includes(codeOf), `${name}: ${codeOf} is not documented`);
      }
    }
  });
}
