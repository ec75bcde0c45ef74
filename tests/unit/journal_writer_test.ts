import assert from "node:assert/strict";
import { diskFiles, fileName, startOf } from "../../src/journal/journal_files.ts";
import { JournalWriter, type JournalWriterOptions } from "../../src/journal/journal_writer.ts";
import { recordingLogger } from "../../src/runtime/log.ts";
import { VirtualClock } from "../../src/runtime/virtual_clock.ts";
import { MemoryJournal } from "../support/journal.ts";

const START_MS = Date.UTC(2026, 0, 5, 14, 3);
const DAY_MS = 86_400_000;

function writing(options: Partial<JournalWriterOptions> = {}) {
  const clock = new VirtualClock(START_MS);
  const files = new MemoryJournal(clock);
  const log = recordingLogger();
  const news = { files: 0 };
  const writer = new JournalWriter({
    ...{ files, clock, log },
    writer: "amm-1",
    firstLine: () => "first\n",
    onNewFile: () => void news.files++,
    maxAgeMs: 30 * DAY_MS,
    maxBytes: 1e9,
    ...options,
  });
  const events = () => log.events.map(({ event }) => event);
  return { clock, files, writer, news, events, log };
}

Deno.test("journal: lines are written in batches of a second, and the last ones at the end", async () => {
  const { clock, files, writer } = writing();
  for (let index = 0; index < 5; index++) writer.add(`line ${index}\n`);
  await clock.advance(900);
  assert.deepEqual(files.lines, []);
  await clock.advance(100);
  assert.deepEqual(files.lines, ["first", "line 0", "line 1", "line 2", "line 3", "line 4"]);
  writer.add("last\n");
  await clock.resolve(writer.close(1000));
  assert.equal(files.lines.at(-1), "last");
  assert.deepEqual(writer.counts, { written: 7, dropped: 0, isUp: true });
  assert.deepEqual([...files.files.keys()], ["20260105T140301.000Z-amm-1.jsonl"]);
});

Deno.test("journal: without records there is no file", async () => {
  const { clock, files, writer } = writing();
  await clock.advance(60_000);
  await clock.resolve(writer.close(1000));
  assert.equal(files.files.size, 0);
});

Deno.test("journal: a file that is long enough is followed by another, which repeats what holds", async () => {
  const { clock, files, writer, news } = writing({ maxBytes: 8000 });
  for (let second = 0; second < 6; second++) {
    writer.add(`${"x".repeat(600)}\n`);
    await clock.advance(1000);
  }
  assert.equal(files.files.size, 3, "two of 600 characters fill 1000");
  assert.equal(news.files, 3);
  assert.deepEqual(files.finished, [...files.files.keys()], "each is packed when it is full");
  for (const { text } of files.files.values()) assert.match(text, /^first\n/);
  await clock.resolve(writer.close(1000));
});

Deno.test("journal: all files together stay below the limit, and the oldest go first", async () => {
  const { clock, files, writer } = writing({ maxBytes: 8000 });
  for (let second = 0; second < 200; second++) {
    writer.add(`${String(second).padEnd(500, "x")}\n`);
    await clock.advance(1000);
  }
  const bytes = [...files.files.values()].reduce((sum, { text }) => sum + text.length, 0);
  assert.ok(bytes <= 8000 && bytes > 5000, `${bytes}`);
  assert.match(files.lines.at(-1) ?? "", /^199x/);
  await clock.resolve(writer.close(1000));
});

Deno.test("journal: files that are older than allowed are removed, of other processes too", async () => {
  const { clock, files, writer } = writing();
  const old = START_MS - 31 * DAY_MS;
  files.files.set(fileName(old, "amm-2"), { text: "old\n", writtenAtMs: old });
  const young = START_MS - 29 * DAY_MS;
  files.files.set(fileName(young, "amm-2"), { text: "young\n", writtenAtMs: young });
  writer.add("new\n");
  await clock.advance(1000);
  assert.deepEqual(files.lines, ["young", "first", "new"]);
  await clock.resolve(writer.close(1000));
});

Deno.test("journal: a full disk is told once, costs nothing while memory holds it, and its end is told", async () => {
  const { clock, files, writer, events } = writing();
  writer.add("before\n");
  await clock.advance(1000);
  files.disk = "full";
  for (let index = 0; index < 30; index++) {
    writer.add(`line ${index}\n`);
    await clock.advance(1000);
  }
  assert.deepEqual(events(), ["journal_failed"]);
  assert.equal(writer.counts.isUp, false);
  files.disk = "good";
  await clock.advance(1000);
  assert.deepEqual(events(), ["journal_failed", "journal_restored"]);
  assert.deepEqual(files.lines.slice(0, 3), ["first", "before", "line 0"]);
  assert.equal(files.lines.length, 32, "nothing is lost, nothing is there twice");
  await clock.resolve(writer.close(1000));
});

Deno.test("journal: what waits for the disk is bounded; the oldest is lost, and counted", async () => {
  const { clock, files, writer } = writing();
  files.disk = "full";
  for (let index = 0; index < 20_000; index++) writer.add(`${String(index).padEnd(1000, "x")}\n`);
  await clock.advance(5000);
  files.disk = "good";
  await clock.advance(1000);
  const { written, dropped } = writer.counts;
  assert.equal(written + dropped, 20_001);
  assert.ok(written < 8_100 && written > 4_000, `${written}`);
  assert.match(files.lines.at(-1) ?? "", /^19999x/);
  await clock.resolve(writer.close(1000));
});

Deno.test("journal: a disk that hangs is told, waited for, and does not hold up the end", async () => {
  const { clock, files, writer, events } = writing();
  files.disk = "stuck";
  writer.add("stuck\n");
  await clock.advance(11_500);
  assert.deepEqual(events(), ["journal_failed"]);
  files.unstick();
  writer.add("on\n");
  await clock.advance(2000);
  assert.deepEqual(files.lines, ["first", "stuck", "on"]);
  assert.deepEqual(events(), ["journal_failed", "journal_restored"]);
  files.disk = "stuck";
  writer.add("never\n");
  const fromMs = clock.monotonicMs();
  await clock.resolve(writer.close(3000));
  assert.equal(clock.monotonicMs() - fromMs, 3000);
  files.unstick();
  await clock.advance(0);
});

Deno.test("journal: the name of a file tells when it was begun", () => {
  const name = fileName(START_MS + 7, "amm-1");
  assert.equal(name, "20260105T140300.007Z-amm-1.jsonl");
  assert.equal(startOf(name), START_MS + 7);
  for (const wrong of ["notes.txt", "20260105.jsonl", "../20260105T140300.007Z-a.jsonl"]) {
    assert.ok(Number.isNaN(startOf(wrong)), wrong);
  }
});

Deno.test("journal: on the disk a finished file is packed, reads as before", async () => {
  const dir = await Deno.makeTempDir({ dir: "/tmp" });
  const files = diskFiles(`${dir}/a/journal`);
  await assert.rejects(files.list(), Deno.errors.NotFound);
  const name = fileName(START_MS, "amm-1");
  const file = await files.create(name);
  const text = `${"line ".repeat(1000)}\n`.repeat(50);
  await file.append(new TextEncoder().encode(text));
  await file.append(new TextEncoder().encode("end\n"));
  file.close();
  await assert.rejects(files.create(name), Deno.errors.AlreadyExists);
  assert.equal(await files.read(name), `${text}end\n`);
  await Deno.writeTextFile(`${dir}/a/journal/notes.txt`, "not ours");

  await files.finish(name);
  const [packed, ...others] = await files.list();
  assert.deepEqual([packed?.name, others], [`${name}.gz`, []]);
  assert.ok((packed?.bytes ?? Infinity) < text.length / 20);
  assert.equal(startOf(packed?.name ?? ""), START_MS);
  assert.equal(await files.read(`${name}.gz`), `${text}end\n`);
  await Deno.writeTextFile(`${dir}/a/journal/${name}`, "the copy that a crash has left");
  assert.equal((await files.list()).length, 1);

  await Deno.writeTextFile(`${dir}/a/journal/${name}.part`, "half a copy that another has left");
  await files.remove(`${name}.gz`);
  const left = [...Deno.readDirSync(`${dir}/a/journal`)].map((entry) => entry.name);
  assert.deepEqual(left, ["notes.txt"], "nothing stays of what nobody lists");
  await Deno.remove(dir, { recursive: true });
});
