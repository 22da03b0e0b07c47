// Dimensions whose size is given at each run, so that one program serves batches of any length. The graph is built
// with a stand-in for each: a prime that no real dimension is a multiple of. Dimensions are then products of a real
// factor and stand-ins, and whoever writes or runs the graph can take them apart again.

import type { Shape } from './shape.ts';

/** Primes; a product of three is still an exact number. */
export const STAND_INS = [100_003, 100_019, 100_043, 100_049, 100_057, 100_069, 100_103, 100_109];

export interface Factors {
  readonly factor: number;
  /** Stand-ins the dimension is a multiple of, as often as it is. */
  readonly standIns: readonly number[];
}

/** dimension = factor · Π standIns */
export function factors(dimension: number, free: ReadonlyMap<number, string>): Factors {
  let factor = dimension;
  const standIns: number[] = [];
  for (const standIn of free.keys()) {
    while (factor > 0 && factor % standIn === 0) {
      factor /= standIn;
      standIns.push(standIn);
    }
  }
  return { factor, standIns };
}

export function isFree(dimension: number, free: ReadonlyMap<number, string>): boolean {
  return free.size > 0 && factors(dimension, free).standIns.length > 0;
}

/** The shape with stand-ins replaced by the sizes of this run. */
export function actualShape(
  shape: Shape,
  free: ReadonlyMap<number, string>,
  sizes: Readonly<Record<string, number>>,
): Shape {
  if (free.size === 0) return shape;
  return shape.map((dimension) => {
    const { factor, standIns } = factors(dimension, free);
    return standIns.reduce((product, standIn) => {
      const name = free.get(standIn) ?? '';
      const size = sizes[name];
      if (size === undefined) throw new RangeError(`the size of "${name}" is not given`);
      return product * size;
    }, factor);
  });
}
