// Random numbers as a function of their place: a hash of seed, row and column in 32-bit integers, so that every executor
// draws the same, in any order, and a step can be drawn again. All products wrap around.
//   z = (row · P + seed · S) xor column(j);  z ← z·A;  z ← z xor (z >>> 16);  z ← z·B
// The mixing constants are those of MurmurHash3's and of splitmix's finalisers.

export const ROW = 0x9e3779b1 | 0;
export const SEED = 0x7feb352d | 0;
export const FIRST = 0x85ebca6b | 0;
export const SHIFT = 16;
export const SECOND = 0xc2b2ae35 | 0;

/** A hash of each column's number and the salt. */
export function columnHashes(columns: number, salt: number): Int32Array {
  return Int32Array.from({ length: columns }, (_, column) => {
    let z = Math.imul(column + 1, 0x27d4eb2d) ^ Math.imul(salt + 1, 0x165667b1);
    for (const factor of [0x21f0aaad, 0x735a2d97]) z = Math.imul(z ^ (z >>> 15), factor);
    return z ^ (z >>> 15);
  });
}

/** The hash of a place, as a signed 32-bit integer: uniform over all of them. */
export function hashAt(row: number, columnHash: number, seed: number): number {
  let z = (Math.imul(row, ROW) + Math.imul(seed, SEED)) ^ columnHash;
  z = Math.imul(z, FIRST);
  return Math.imul(z ^ (z >>> SHIFT), SECOND);
}

/** A hash below it is dropped. */
export function threshold(rate: number): number {
  return Math.round(rate * 2 ** 32 - 2 ** 31);
}
