/**
 * The recorded exchanges as a run that can be repeated: in the order of recording, with the ids,
 * tokens and cursors of the recording translated into those of the run.
 */

import assert from "node:assert/strict";
import { isRecord } from "../../src/connector/rest/wire.ts";
import { readClaims, type TokenIssuer } from "../../sim/http/tokens.ts";

const DIRECTORY = new URL("../fixtures/exchange-wire/", import.meta.url);

/** A recorded request with its answer. */
export interface RecordedCall {
  /** File and note; unique enough to find it. */
  readonly name: string;
  readonly note: string;
  readonly method: string;
  /** Path with query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly status: number;
  readonly answerHeaders: Readonly<Record<string, string>>;
  readonly answer: unknown;
  /**
   * When it was sent, epoch milliseconds; where it is not known, right after the call before it.
   */
  readonly atMs: number;
}

/** All recorded requests, in the order of recording. */
export function recordedCalls(): readonly RecordedCall[] {
  const files = [...Deno.readDirSync(DIRECTORY)].map(({ name }) => name)
    .filter((name) => name.endsWith(".json")).sort();
  return files.flatMap(callsOf).sort((a, b) => a.atMs - b.atMs);
}

function callsOf(file: string): RecordedCall[] {
  const entries: unknown[] = JSON.parse(Deno.readTextFileSync(new URL(file, DIRECTORY)));
  const calls = entries.filter(isRecord).flatMap(({ request, response, note }) => {
    if (!isRecord(request) || !isRecord(response)) return [];
    return [{
      name: `${file}: ${note}: ${request.method} ${request.path}`,
      note: String(note),
      method: String(request.method),
      path: String(request.path),
      headers: texts(request.headers),
      body: request.body,
      status: Number(response.status),
      answerHeaders: texts(response.headers),
      answer: response.body,
      atMs: timeOf(request, response.body),
    }];
  });
  // A call without a time of its own happened after the one before it in its file.
  let lastMs = calls.find(({ atMs }) => atMs > 0)?.atMs ?? 0;
  return calls.map((call) => ({ ...call, atMs: lastMs = Math.max(lastMs, call.atMs) }));
}

function texts(record: unknown): Record<string, string> {
  const entries = isRecord(record) ? Object.entries(record) : [];
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

/** When a call was answered, as far as its answer tells; 0 if it does not. */
function timeOf(request: Record<string, unknown>, answer: unknown): number {
  if (!isRecord(answer)) return 0;
  if (typeof answer.timestamp === "string") return Date.parse(answer.timestamp);
  const { order } = answer;
  return request.method === "POST" && isRecord(order) ? Date.parse(String(order.created_at)) : 0;
}

const SNOWFLAKE = /^\d{18}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const OFFSET_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?\+00:00$/;
const ZULU_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z$/;
const REQUEST_ID = /^req_[0-9a-f]{12}$/;

/** Texts that differ from run to run and need only be of one kind. */
const CHANGING = [OFFSET_TIME, ZULU_TIME, REQUEST_ID];
/** Texts that differ from run to run, but stand for the same thing in all of one run. */
const NAMING = [SNOWFLAKE, UUID];
/** Times that do not differ: they are those of the markets. */
const FIXED_TIMES = ["trading_start_at", "trading_end_at", "resolution_date"];

/** What the ids, cursors and tokens of a recording are called in a run. */
export class Correspondence {
  readonly #live = new Map<string, string>();
  readonly #recorded = new Map<string, string>();
  readonly #tokens: TokenIssuer;

  constructor(tokens: TokenIssuer) {
    this.#tokens = tokens;
  }

  /** Says that a name of the recording is another in the run. */
  add(recorded: string, live: string): void {
    this.#live.set(recorded, live);
    this.#recorded.set(live, recorded);
  }

  /** A value of a recorded request as the run must send it. */
  translate(value: unknown): unknown {
    if (typeof value === "string") return this.text(value);
    if (Array.isArray(value)) return value.map((each) => this.translate(each));
    if (!isRecord(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [name, this.translate(each)]),
    );
  }

  /** A text with all names in it translated; a token is signed anew with the same claims. */
  text(recorded: string): string {
    const claims = readClaims(recorded.replace(/^Bearer /, ""));
    if (claims !== null) {
      const token = this.#tokens.sign({ ...claims, sub: this.text(claims.sub) });
      return recorded.startsWith("Bearer ") ? `Bearer ${token}` : token;
    }
    let text = recorded;
    for (const [name, live] of this.#live) text = text.replaceAll(name, live);
    return text;
  }

  /** Asserts that an answer of the run is the recorded one, except for what must differ. */
  assertSame(recorded: unknown, live: unknown, path = "body"): void {
    if (Array.isArray(recorded)) {
      assert.ok(Array.isArray(live), `${path} is no list`);
      assert.equal(live.length, recorded.length, `length of ${path}`);
      recorded.forEach((each, index) => this.assertSame(each, live[index], `${path}[${index}]`));
    } else if (isRecord(recorded)) {
      assert.ok(isRecord(live), `${path} is no object`);
      assert.deepEqual(Object.keys(live).sort(), Object.keys(recorded).sort(), `keys of ${path}`);
      for (const [name, each] of Object.entries(recorded)) {
        this.assertSame(each, live[name], `${path}.${name}`);
      }
    } else if (typeof recorded === "string" && typeof live === "string") {
      this.#assertSameText(recorded, live, path);
    } else {
      assert.strictEqual(live, recorded, path);
    }
  }

  #assertSameText(recorded: string, live: string, path: string): void {
    const field = path.split(".").at(-1) ?? "";
    if (readClaims(recorded) !== null) return this.#assertSameToken(recorded, live, path);
    // The words of the parser.
    if (path.endsWith("ctx.error")) return;
    if (field === "next_cursor") return this.#assertSameCursor(recorded, live, path);
    const kind = CHANGING.find((pattern) => pattern.test(recorded));
    if (kind !== undefined && !FIXED_TIMES.includes(field)) {
      return assert.match(live, kind, path);
    }
    const naming = NAMING.find((pattern) => pattern.test(recorded));
    if (naming === undefined) return assert.equal(live, recorded, path);
    assert.match(live, naming, path);
    this.#assertSameName(recorded, live, path);
  }

  /** One thing has one name, in the recording and in the run. */
  #assertSameName(recorded: string, live: string, path: string): void {
    if (!this.#live.has(recorded) && !this.#recorded.has(live)) this.add(recorded, live);
    assert.equal(this.#live.get(recorded), live, `${path}: another thing than in the recording`);
  }

  #assertSameToken(recorded: string, live: string, path: string): void {
    const [before, now] = [readClaims(recorded), readClaims(live)];
    assert.ok(before !== null && now !== null, `${path} is no token`);
    assert.deepEqual(
      { sub: now.sub, type: now.type, life: now.exp - now.iat },
      { sub: this.text(before.sub), type: before.type, life: before.exp - before.iat },
      path,
    );
  }

  #assertSameCursor(recorded: string, live: string, path: string): void {
    if (SNOWFLAKE.test(recorded)) return this.#assertSameName(recorded, live, path);
    this.assertSame(JSON.parse(atob(recorded)), JSON.parse(atob(live)), `${path} decoded`);
    this.add(recorded, live);
  }
}
