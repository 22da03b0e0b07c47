// Seeded random numbers, the same on every machine: xoshiro128** (Blackman & Vigna, 2018) seeded by splitmix32.
// A stream is named (`random(1, 'data')`), so that data order, sampling and initialisation never share one.
// Its state can be saved and restored: a resumed run draws what the uninterrupted one would have drawn.

export type RandomState = readonly [number, number, number, number];

export interface Random {
  /** Uniform 32-bit unsigned integer. */
  uint32(): number;
  /** Uniform in [0, 1), 32 bits of resolution. */
  uniform(): number;
  /** Uniform integer in [0, n); n from 1 to 2^32. Unbiased (rejection). */
  below(n: number): number;
  /** Standard normal (Box–Muller, one value per two uniforms). */
  normal(): number;
  /** One element of a non-empty list, each equally likely. */
  pick<T>(items: readonly T[]): T;
  /** A new list in random order (Fisher–Yates). */
  shuffled<T>(items: readonly T[]): T[];
  state(): RandomState;
}

/** A stream of random numbers for a seed and a name; different names give independent streams. */
export function random(seed: number, stream = ''): Random {
  let h = seed >>> 0;
  for (let i = 0; i < stream.length; i++) h = Math.imul(h ^ stream.charCodeAt(i), 0x01000193) + 0x9e3779b9;
  const next = splitmix32(h);
  return fromState([next(), next(), next(), next()]);
}

/** Continues a stream from a saved state. */
export function fromState(state: RandomState): Random {
  let [a, b, c, d] = state;
  const uint32 = (): number => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotateLeft(d, 11);
    return result;
  };
  const uniform = (): number => uint32() / 0x1_0000_0000;
  const below = (n: number): number => {
    const limit = 0x1_0000_0000 - (0x1_0000_0000 % n);
    for (;;) {
      const x = uint32();
      if (x < limit) return x % n;
    }
  };
  return {
    uint32,
    uniform,
    below,
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    pick: (items) => {
      const item = items[below(items.length)];
      if (item === undefined && items.length === 0) throw new RangeError('pick: the list is empty');
      return item as (typeof items)[number];
    },
    shuffled: (items) => {
      const list = [...items];
      for (let i = list.length - 1; i > 0; i--) {
        const j = below(i + 1);
        const [x, y] = [list[i], list[j]];
        if (x !== undefined && y !== undefined) {
          list[i] = y;
          list[j] = x;
        }
      }
      return list;
    },
    state: () => [a >>> 0, b >>> 0, c >>> 0, d >>> 0],
  };
}

function rotateLeft(x: number, k: number): number {
  return (x << k) | (x >>> (32 - k));
}

function splitmix32(seed: number): () => number {
  let s = seed | 0;
  return () => {
    s = (s + 0x9e3779b9) | 0;
    let z = s ^ (s >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z ^= z >>> 15;
    z = Math.imul(z, 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
}
