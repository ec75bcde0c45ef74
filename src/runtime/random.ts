/** The only door to randomness. A seed reproduces every draw. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** A uniform integer from `low` to `high`, both included. */
  integer(low: number, high: number): number;
  /** An exponential waiting time with the given mean; same unit as `mean`. */
  exponential(mean: number): number;
  /** A draw from the standard normal distribution. */
  normal(): number;
  /** An independent stream; the same label under the same seed gives the same stream. */
  fork(label: string): Random;
}

/**
 * A generator whose whole sequence follows from its seed (sfc32 by C. Doty-Humphrey, seeded by
 * FNV-1a).
 */
export function seededRandom(seed: string | number): Random {
  const name = String(seed);
  let a = hash(name, 0x811c9dc5);
  let b = hash(name, 0x9e3779b9);
  let c = hash(name, 0x85ebca6b);
  let counter = 1;
  const bits = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum | 0;
    return sum >>> 0;
  };
  for (let warmUp = 0; warmUp < 16; warmUp++) bits();
  const next = () => bits() / 4294967296;
  return {
    next,
    integer: (low, high) => low + Math.floor(next() * (high - low + 1)),
    exponential: (mean) => -mean * Math.log(1 - next()),
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    fork: (label) => seededRandom(`${name}/${label}`),
  };
}

/** A generator seeded by the operating system, for production. */
export function systemRandom(): Random {
  return seededRandom(crypto.randomUUID());
}

function hash(text: string, basis: number): number {
  let value = basis;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value | 0;
}
