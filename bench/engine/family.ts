import { interleave, median, pairwise } from "../measure.ts";
import type { BenchContext, BenchFamily, BenchResult } from "../result.ts";
import { BareEngine } from "./bare.ts";
import { type Depth, feedExchange, feedHftBook, feedNodeBook } from "./others.ts";
import { drawStream, type StreamName, STREAMS } from "./streams.ts";

/** The matching engine against two packages that others wrote. */
export const ENGINE: BenchFamily = {
  title: "Matching engine",
  method: "Four seeded streams of messages go into `nodejs-order-book`, `hft-limit-order-book`, " +
    "our exchange with everything it does (checks, freezes, cash, positions, fees, ledger, lists " +
    "of orders and trades, all or nothing), and our ladder with matching alone. The checksum is " +
    "the depth at the end, which is equal in all four. `other` is the faster of the packages.",
  run: async (context) => {
    const names = Object.keys(STREAMS) as StreamName[];
    const results: BenchResult[] = [];
    for (const [index, name] of names.entries()) {
      const progress = (share: number) =>
        context.progress(`engine: ${name}`, (index + share) / names.length);
      results.push(...await compare(name, context, progress));
    }
    return results;
  },
};

async function compare(
  stream: StreamName,
  { quick }: BenchContext,
  progress: (share: number) => void,
): Promise<BenchResult[]> {
  const length = quick ? 10_000 : 50_000;
  const messages = drawStream(stream, length);
  const names = messages.map((_, number) => `order-${number}`);
  const measured = await interleave(
    {
      node: { run: () => checksum(feedNodeBook(messages, names)) },
      hft: { run: () => checksum(feedHftBook(messages, names)) },
      full: { run: () => checksum(feedExchange(messages)) },
      bare: { run: () => checksum(feedBare(messages)) },
    },
    quick ? 3 : 11,
    progress,
  );
  const [node, hft] = [measured.node, measured.hft];
  const [fastest, otherIs] = median(node.cpuMs) <= median(hft.cpuMs)
    ? [node, "nodejs-order-book"]
    : [hft, "hft-limit-order-book"];
  const perSecond = (cpuMs: number) => Math.round(1_000 * length / cpuMs);
  return (["bare", "full"] as const).map((kind) => {
    const ratios = pairwise(fastest.cpuMs, measured[kind].cpuMs);
    return {
      name: `engine/${stream}/${kind}`,
      ours: perSecond(median(measured[kind].cpuMs)),
      other: perSecond(median(fastest.cpuMs)),
      otherIs,
      ratio: median(ratios),
      unit: "messages/s",
      min: Math.min(...ratios),
      max: Math.max(...ratios),
      better: "greater",
      checksum: fastest.checksum,
      target: { of: "ratio", limit: kind === "bare" ? 10 : 5 },
    };
  });
}

function feedBare(messages: Parameters<BareEngine["take"]>[0]): Depth {
  const engine = new BareEngine(messages.length);
  engine.take(messages);
  return engine.depth();
}

/** Thirty-two bits of FNV-1a over the depth. */
function checksum(depth: Depth): string {
  let hash = 0x811c9dc5;
  for (const figure of depth.flat()) {
    hash = Math.imul(hash ^ figure, 0x01000193) >>> 0;
  }
  return hash.toString(16).padStart(8, "0");
}
