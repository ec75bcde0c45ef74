import assert from "node:assert/strict";
import { LiveStream } from "../../src/http/live_stream.ts";
import { BotRecords } from "../../src/service/records/bot_records.ts";
import { EventHub } from "../../src/runtime/event_hub.ts";
import { silentLogger } from "../../src/runtime/log.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";
import { fakeService, marketStatus, serviceStatus } from "../support/service.ts";
import { siteOf } from "../support/site.ts";
import { MARKET, TestVenue } from "../support/venue.ts";

interface Message {
  readonly id: string;
  readonly event: string;
  readonly data: Record<string, unknown>;
}

function newStream() {
  const clock = new VirtualClock(0);
  const hub = new EventHub(clock);
  let cycles = 0;
  let title = "Will it rain?";
  const service = fakeService({
    status: () => serviceStatus({ markets: [marketStatus({ cycles: cycles++, title })] }),
  });
  const live = new LiveStream({ service, records: new BotRecords(service, hub, 1) }, hub, clock);
  const log = hub.feed(silentLogger);
  return { clock, live, log, rename: (to: string) => title = to };
}

/** Reads a stream to its end, or as much as is there. */
function reading(stream: ReadableStream<Uint8Array>) {
  const messages: Message[] = [];
  const state = { isOver: false };
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  void (async () => {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      for (const block of decoder.decode(part.value).split("\n\n")) {
        const fields = new Map(
          block.split("\n").map((line): [string, string] => {
            const at = line.indexOf(": ");
            return [line.slice(0, at), line.slice(at + 2)];
          }),
        );
        const [id, event, data] = ["id", "event", "data"].map((name) => fields.get(name));
        if (id !== undefined && event !== undefined && data !== undefined) {
          messages.push({ id, event, data: JSON.parse(data) });
        }
      }
    }
    state.isOver = true;
  })();
  return { messages, state, cancel: () => reader.cancel() };
}

const OPEN = { market: undefined, lastEventId: undefined };

Deno.test("stream: begins with everything, then tells what changed, once a second at most", async () => {
  const { clock, live, rename } = newStream();
  const { messages } = reading(live.open(OPEN));
  await clock.advance(900);
  assert.deepEqual(messages.map(({ event, data }) => [event, data["full"]]), [["overview", true]]);
  await clock.advance(1600);
  rename("Will it snow?");
  await clock.advance(1000);
  const rows = messages.map(({ data }) => (data["markets"] as unknown[]).length);
  assert.deepEqual(rows, [1, 1, 0, 1], "a row that is the same is not repeated every second");
  live.close();
});

Deno.test("stream: a reader that was cut off gets what it missed, after that only what is new", async () => {
  const { clock, live, log } = newStream();
  const first = reading(live.open(OPEN));
  log.log("WARN", "side_dry", { side: "BID" });
  await clock.advance(100);
  const seen = first.messages.at(-1);
  assert.equal(seen?.event, "event");
  await first.cancel();
  log.log("WARN", "side_dry", { side: "ASK" });
  log.log("INFO", "side_restored", { side: "BID" });
  log.log("INFO", "order_placed");
  const again = reading(live.open({ ...OPEN, lastEventId: seen?.id }));
  await clock.advance(100);
  assert.deepEqual(again.messages.map(({ data }) => data["event"]), ["side_dry", "side_restored"]);
  live.close();
});

Deno.test("stream: an id that is too old, or of another process, gets everything", async () => {
  const { clock, live, log } = newStream();
  for (let count = 0; count < 1500; count++) log.log("WARN", "side_dry", { count });
  for (const lastEventId of ["0-1", "0-99999", "abc-1490", "nonsense", "0-"]) {
    const { messages } = reading(live.open({ ...OPEN, lastEventId }));
    await clock.advance(0);
    assert.deepEqual(messages.map(({ event }) => event), ["overview"], lastEventId);
  }
  live.close();
});

Deno.test("stream: the details of a market are for those who ask for it", async () => {
  const { clock, live } = newStream();
  const wanted = reading(live.open({ ...OPEN, market: "MKT-1" }));
  const other = reading(live.open(OPEN));
  await clock.advance(2500);
  assert.deepEqual(wanted.messages.filter(({ event }) => event === "market").length, 2);
  assert.deepEqual(other.messages.filter(({ event }) => event === "market").length, 0);
  live.close();
});

Deno.test("stream: a reader that does not read is dropped, one that reads stays", async () => {
  const { clock, live, log } = newStream();
  const good = reading(live.open(OPEN));
  live.open(OPEN);
  for (let count = 0; count < 2000; count++) {
    log.log("WARN", "side_dry", { count, text: "x".repeat(1000) });
    if (count % 50 === 49) await clock.advance(0);
  }
  assert.equal(live.readers, 1);
  assert.equal(good.messages.filter(({ event }) => event === "event").length, 2000);
  live.close();
});

Deno.test("stream: closing ends every stream, and none can be opened after that", async () => {
  const { clock, live } = newStream();
  const readers = [reading(live.open(OPEN)), reading(live.open(OPEN))];
  live.close();
  await clock.advance(0);
  assert.deepEqual(readers.map(({ state }) => state.isOver), [true, true]);
  assert.throws(() => live.open(OPEN), /the process stops/);
  assert.equal(live.readers, 0);
});

Deno.test("stream: a thousand readers that do not read do not slow the quote loop", async () => {
  const cyclesIn = async (readers: number) => {
    const venue = new TestVenue();
    const site = siteOf(venue.service, { clock: venue.clock, hub: venue.hub });
    await venue.start();
    for (let count = 0; count < readers; count++) {
      const { status, body } = await site.app.request(`/api/stream?market=${MARKET}`);
      assert.equal(status, 200);
      assert.ok(body !== null);
    }
    const [from, fromCpuMs] = [venue.report().cycles, performance.now()];
    await venue.run(300);
    const cycles = venue.report().cycles - from;
    const cpuMs = (performance.now() - fromCpuMs) / cycles;
    site.close();
    await venue.stop();
    return { cycles, cpuMs };
  };
  const alone = await cyclesIn(0);
  const watched = await cyclesIn(1000);
  assert.equal(watched.cycles, alone.cycles);
  // A quote loop has two seconds for each cycle; the machine of a test may be busy.
  assert.ok(watched.cpuMs < alone.cpuMs + 50, `${alone.cpuMs} → ${watched.cpuMs} ms a cycle`);
});

Deno.test("stream: twenty pages are as much work for the bot as one", async () => {
  const looks: number[] = [];
  for (const pages of [1, 20]) {
    const clock = new VirtualClock(0);
    const hub = new EventHub(clock);
    let asked = 0;
    const service = fakeService({ status: () => (asked++, serviceStatus()) });
    const live = new LiveStream({ service, records: new BotRecords(service, hub, 1) }, hub, clock);
    for (let page = 0; page < pages; page++) {
      reading(live.open({ market: "MKT-1", lastEventId: undefined }));
    }
    await clock.advance(500);
    asked = 0;
    await clock.advance(10_000);
    looks.push(asked);
    live.close();
  }
  assert.deepEqual(looks, [10, 10]);
});
