/** A picture of one simulated market: prices above, position below. */

import type { MarketResult, Sample } from "../sim/harness/result.ts";

const WIDTH = 960;
const LEFT = 44;
const RIGHT = 112;
const MAX_POINTS = 480;
const GRID_CENTS = 5;

const PRICES = { top: 56, height: 236 };
const POSITION = { top: 330, height: 74 };

const TRUE_COLOUR = "#c2410c";
const FAIR_COLOUR = "#1d4ed8";
const BAND_COLOUR = "#bfdbfe";
const POSITION_COLOUR = "#0f766e";

/** What a picture says beside its lines. */
export interface Caption {
  readonly title: string;
  /** One line below the title. */
  readonly subtitle: string;
}

/** Draws a market as SVG; the same samples give the same text. */
export function runSvg({ samples }: Pick<MarketResult, "samples">, caption: Caption): string {
  const shown = thinned(samples);
  const endMs = shown.at(-1)?.elapsedMs ?? 1;
  const x = (sample: Sample) => LEFT + (sample.elapsedMs / endMs) * (WIDTH - LEFT - RIGHT);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} 440" role="img"
  font-family="system-ui, sans-serif" font-size="12" fill="#334155">
<title>${caption.title}</title>
<rect width="${WIDTH}" height="440" fill="#ffffff"/>
<text x="${LEFT}" y="22" font-size="16" font-weight="600" fill="#0f172a">${caption.title}</text>
<text x="${LEFT}" y="40">${caption.subtitle}</text>
${prices(shown, x)}
${position(shown, x)}
${hours(endMs)}
</svg>
`;
}

type Place = (sample: Sample) => number;

function prices(samples: readonly Sample[], x: Place): string {
  const cents = samples.flatMap((
    { trueCents, bid, ask },
  ) => [trueCents, bid ?? trueCents, ask ?? trueCents]);
  const low = Math.floor(Math.min(...cents) / GRID_CENTS) * GRID_CENTS;
  const high = Math.ceil(Math.max(...cents) / GRID_CENTS) * GRID_CENTS;
  const y = (value: number) =>
    PRICES.top + PRICES.height * (1 - (value - low) / Math.max(1, high - low));
  const last = samples.at(-1);
  return [
    ...grid(low, high, GRID_CENTS, y, "¢"),
    band(samples, x, y),
    line(samples, ({ trueCents }) => trueCents, { x, y, colour: TRUE_COLOUR }),
    line(samples, ({ fairCents }) => fairCents, { x, y, colour: FAIR_COLOUR }),
    ...labels([
      ["true price", y(last?.trueCents ?? low), TRUE_COLOUR],
      ["fair price", y(last?.fairCents ?? low), FAIR_COLOUR],
      ["own bid to ask", y(last?.bid ?? low), "#3b82f6"],
    ]),
  ].join("\n");
}

function position(samples: readonly Sample[], x: Place): string {
  const most = Math.max(10, ...samples.map(({ netShares }) => Math.abs(netShares)));
  const limit = Math.ceil(most / 50) * 50;
  const y = (value: number) => POSITION.top + POSITION.height * (1 - (value + limit) / (2 * limit));
  return [
    ...grid(-limit, limit, limit, y, ""),
    line(samples, ({ netShares }) => netShares, { x, y, colour: POSITION_COLOUR }),
    ...labels([["net shares", y(samples.at(-1)?.netShares ?? 0), POSITION_COLOUR]]),
  ].join("\n");
}

interface Pen {
  readonly x: Place;
  readonly y: (value: number) => number;
  readonly colour: string;
}

function line(
  samples: readonly Sample[],
  value: (sample: Sample) => number | null,
  { x, y, colour }: Pen,
): string {
  let isDown = false;
  const steps = samples.map((sample) => {
    const at = value(sample);
    if (at === null) {
      isDown = false;
      return "";
    }
    const step = `${isDown ? "L" : "M"}${x(sample).toFixed(1)} ${y(at).toFixed(1)}`;
    isDown = true;
    return step;
  });
  return `<path d="${steps.join("")}" fill="none" stroke="${colour}" stroke-width="1.6"/>`;
}

/** One thin bar for each moment in which both sides rested. */
function band(samples: readonly Sample[], x: Place, y: (value: number) => number): string {
  const bars = samples.flatMap((sample) => {
    const { bid, ask } = sample;
    if (bid === null || ask === null) return [];
    return [`M${x(sample).toFixed(1)} ${y(bid).toFixed(1)}V${y(ask).toFixed(1)}`];
  });
  return `<path d="${bars.join("")}" stroke="${BAND_COLOUR}" stroke-width="2.2"/>`;
}

function grid(
  low: number,
  high: number,
  step: number,
  y: (value: number) => number,
  unit: string,
): string[] {
  const values = Array.from(
    { length: Math.round((high - low) / step) + 1 },
    (_, i) => low + i * step,
  );
  return values.map((value) =>
    `<path d="M${LEFT} ${y(value).toFixed(1)}H${WIDTH - RIGHT}" stroke="#e2e8f0"/>` +
    `<text x="${LEFT - 6}" y="${
      (y(value) + 4).toFixed(1)
    }" text-anchor="end">${value}${unit}</text>`
  );
}

/** Names at the ends of lines, moved apart where they would overlap. */
function labels(
  wanted: readonly (readonly [name: string, at: number, colour: string])[],
): string[] {
  let lowest = -Infinity;
  return [...wanted].sort(([, a], [, b]) => a - b).map(([name, at, colour]) => {
    lowest = Math.max(at, lowest + 15);
    const place = `x="${WIDTH - RIGHT + 8}" y="${(lowest + 4).toFixed(1)}"`;
    return `<text ${place} fill="${colour}">${name}</text>`;
  });
}

function hours(endMs: number): string {
  const end = endMs / 3_600_000;
  const step = end > 8 ? 4 : end > 3 ? 1 : 0.5;
  const count = Math.floor(end / step + 1e-9);
  return Array.from({ length: count + 1 }, (_, i) => i * step).map((hour) => {
    const at = LEFT + (hour / end) * (WIDTH - LEFT - RIGHT);
    return `<text x="${at.toFixed(1)}" y="426" text-anchor="middle">${hour} h</text>`;
  }).join("\n");
}

function thinned(samples: readonly Sample[]): readonly Sample[] {
  const every = Math.max(1, Math.ceil(samples.length / MAX_POINTS));
  return samples.filter((_, index) => index % every === 0 || index === samples.length - 1);
}
