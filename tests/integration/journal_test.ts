/** A bot on a fake venue writes its journal, and the command line answers from it. */

import assert from "node:assert/strict";
import { journalCommand } from "../../src/cli/journal_command.ts";
import { runProgram } from "../../src/cli/program.ts";
import { openJournal } from "../../src/journal/open_journal.ts";
import { seededRandom } from "../../src/runtime/random.ts";
import { silentLogger } from "../../src/runtime/log.ts";
import { MemoryJournal } from "../support/journal.ts";
import { memoryIo } from "../support/memory_io.ts";
import { processConfig } from "../support/process_config.ts";
import { MARKET, START_MS, TestVenue } from "../support/venue.ts";

const DAY = new Date(START_MS).toISOString().slice(0, 10);

/** A bot that has not started, and its journal. */
function recorded(venue = new TestVenue()) {
  const { clock, hub, service } = venue;
  const files = new MemoryJournal(clock);
  const journal = openJournal({
    config: processConfig({}, { journalPath: "journal", instanceId: "amm-1" }),
    ...{ service, hub, clock, files },
    log: hub.feed(silentLogger),
    random: seededRandom("journal"),
  });
  assert.ok(journal !== null);
  const close = () => clock.resolve(journal.close(1000));
  const ask = async (...args: readonly string[]) => {
    const io = memoryIo();
    const load = () => Promise.resolve(journalCommand(io, { files: () => files, clock }));
    const commands = [{ name: "journal", summary: "", load }];
    await runProgram({ args: ["journal", ...args], io, version: "0", commands });
    return io;
  };
  return { venue, files, journal, close, ask };
}

Deno.test("journal: no path, no journal", () => {
  const { clock, hub, service } = new TestVenue();
  const parts = { service, hub, clock, log: silentLogger, random: seededRandom("x") };
  assert.equal(openJournal({ config: processConfig(), ...parts }), null);
});

Deno.test("journal: a decision is written when it changes, every ten minutes if it does not, and never more", async () => {
  const { venue, files, close } = recorded();
  await venue.start(1200);
  const { cycles } = venue.report();
  const quotes = files.records("quote");
  assert.ok(quotes.length >= 3 && quotes.length < cycles / 10, `${quotes.length} of ${cycles}`);
  const before = quotes.length;
  const [ask = 0] = venue.ladder("ASK");
  venue.take("YES", ask, 5);
  await venue.run(10);
  assert.ok(files.records("quote").length > before, "a fill changes the orders");
  assert.equal(files.records("fill").length, 1);
  await venue.stop();
  await close();
});

Deno.test("journal: the profit is sampled once a minute", async () => {
  const { venue, files, close } = recorded();
  await venue.start(600);
  const samples = files.records("pnl");
  const minutes = samples.map((record) => Math.floor(Number(record["at_ms"]) / 60_000));
  assert.deepEqual(minutes, [...new Set(minutes)]);
  assert.ok(samples.length >= 10 && samples.length <= 11);
  await venue.stop();
  await close();
});

Deno.test("journal: an event that repeats itself without end is counted instead", async () => {
  const { venue, files, close } = recorded();
  const log = venue.hub.feed(silentLogger);
  for (let second = 0; second < 180; second++) {
    for (let call = 0; call < 50; call++) log.log("WARN", "call_failed", { marketId: MARKET });
    await venue.clock.advance(1000);
  }
  log.log("WARN", "side_dry", { marketId: MARKET });
  await close();
  const events = files.records("event");
  assert.equal(events.filter(({ event }) => event === "call_failed").length, 60);
  const told = events.filter(({ event }) => event === "log_repeated");
  assert.ok(told.length >= 2, `${told.length}`);
  assert.ok(events.some(({ event }) => event === "side_dry"));
});

Deno.test("journal quotes --at: tells what was quoted then, term by term, as the bot explained it", async () => {
  const { venue, close, ask } = recorded();
  await venue.start(100);
  const [price = 0] = venue.ladder("ASK");
  venue.take("YES", price, 30);
  await venue.run(100);
  await venue.stop();
  await close();
  const { out, exitCode } = await ask("quotes", "--market", MARKET, "--day", DAY, "--at", "12:01");
  assert.equal(exitCode, 0);
  assert.match(
    out,
    /^MKT-1 at 2026-01-05T12:01:00\.000Z: decided at 12:00:.* in force until 12:01/,
  );
  const [, cycle] = /in cycle (\d+)/.exec(out) ?? [];
  const explained = venue.service.explanations(MARKET)
    .find((held) => held.cycle === Number(cycle));
  const { spread, targets } = explained ?? {};
  assert.match(out, new RegExp(`bid ${spread?.bid}, ask ${spread?.ask} `));
  const [, weight] = /anchor_weight +([0-9.]+)/.exec(out) ?? [];
  assert.ok(Math.abs(Number(weight) - (explained?.price?.anchorWeight ?? 0)) < 1e-6, weight);
  const [first] = targets ?? [];
  assert.match(out, new RegExp(`${first?.side} ${first?.quantity} at ${first?.yesPrice}: `));
  const json = await ask("quotes", "--market", MARKET, "--day", DAY, "--at", "12:01", "--json");
  assert.equal(JSON.parse(json.out).bid_cents, spread?.bid);
});

Deno.test("journal quotes --at: a time at which the bot did not run is not answered with an old quote", async () => {
  const { venue, close, ask } = recorded();
  await venue.start(100);
  await venue.stop();
  await close();
  const soon = await ask("quotes", "--market", MARKET, "--day", DAY, "--at", "12:06");
  assert.match(soon.out, /WARNING: nothing was recorded for \d+ s before/);
  const later = await ask("quotes", "--market", MARKET, "--day", DAY, "--at", "13:00");
  assert.equal(later.exitCode, 1);
  assert.match(later.err, /nothing is known of market MKT-1 at 2026-01-05T13:00.*of MKT-1/);
  const other = await ask("quotes", "--market", "MKT-9", "--day", DAY, "--at", "12:01");
  assert.equal(other.exitCode, 1);
  assert.match(other.err, /records of 2026-01-05 of MKT-1/);
});

Deno.test("journal events, trades, pnl: what happened, as text, CSV and JSON", async () => {
  const { venue, close, ask } = recorded();
  await venue.start(60);
  const [price = 0] = venue.ladder("ASK");
  venue.take("YES", price, 5);
  await venue.run(7200);
  venue.service.admin(MARKET, { kind: "kill", operator: "ann", reason: 'a "drill", no more' });
  await venue.run(5);
  const { pnlTotalCents } = venue.report().explanation?.inventory ?? {};
  await venue.stop();
  await close();
  const day = ["--day", DAY];
  const kills = await ask("events", ...day, "--event", "admin_command", "--csv");
  const [head, row] = kills.out.split("\r\n");
  assert.equal(head, "at,level,market_id,event,fields");
  assert.match(row ?? "", /^2026-01-05T14:01.*,WARN,MKT-1,admin_command,"\{.*drill/);
  assert.match((await ask("events", ...day, "--level", "ERROR")).out, /kill_latched/);
  const trades = JSON.parse((await ask("trades", ...day, "--json")).out);
  assert.partialDeepStrictEqual(trades, [{ quantity: 5, yes_price_cents: price, side: "ASK" }]);
  const hours = JSON.parse((await ask("pnl", ...day, "--by", "hour", "--json")).out);
  assert.deepEqual(
    hours.map((hour: { from: string; trades: number }) => [hour.from.slice(11, 16), hour.trades]),
    [["12:00", 1], ["13:00", 0], ["14:00", 0]],
  );
  const sum = hours.reduce((all: number, hour: { pnl_cents: number }) => all + hour.pnl_cents, 0);
  assert.equal(sum, pnlTotalCents);
  const table = await ask("pnl", ...day, "--market", MARKET);
  assert.match(table.out, /^from +market_id +pnl_cents/);
  const part = await ask("events", ...day, "--from", "14:00", "--json");
  assert.ok(
    JSON.parse(part.out).every(({ at_ms }: { at_ms: number }) => at_ms >= START_MS + 7.2e6),
  );
});

Deno.test("journal: a line that was torn by a crash is left out and told, everything else is there", async () => {
  const { venue, files, close, ask } = recorded();
  await venue.start(30);
  await venue.stop();
  await close();
  const [name = ""] = files.files.keys();
  const { text = "" } = files.files.get(name) ?? {};
  const whole = JSON.parse((await ask("events", "--day", DAY, "--json")).out).length;
  files.files.set(name, { text: `${text}{"kind":"event","at_`, writtenAtMs: START_MS + 60_000 });
  const torn = await ask("events", "--day", DAY, "--json");
  assert.equal(JSON.parse(torn.out).length, whole);
  assert.match(torn.err, /1 lines are no records/);
});

Deno.test("journal: wrong calls say what is wrong, and exit with 2", async () => {
  const { ask } = recorded();
  const wrong: readonly (readonly [string[], RegExp])[] = [
    [["quotes", "--at", "12:01"], /--at needs --market/],
    [["quotes", "--at", "25:00"], /such as 14:03/],
    [["events", "--day", "2026-02-30"], /a day such as/],
    [["events", "--from", "14:00", "--to", "13:00"], /lies behind/],
    [["pnl", "--by", "week"], /minute, hour, day/],
    [["events", "--csv", "--json"], /cannot be used with/],
    [["quots"], /Did you mean quotes/],
  ];
  for (const [args, said] of wrong) {
    const { err, exitCode } = await ask(...args);
    assert.match(err, said);
    assert.equal(exitCode, 2, args.join(" "));
  }
  const none = await ask("events");
  assert.equal(none.exitCode, 1);
  assert.match(none.err, /There is no journal in journal: set journal_path/);
});
