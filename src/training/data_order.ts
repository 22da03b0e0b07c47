// Which rows a step trains on: every epoch is the whole training part in an order of its own, cut into steps. The
// order depends on the seed and the step's number alone, so a resumed run needs no saved position, and arms with the
// same seed see the same rows in the same order.

import { random } from '../spec/random.ts';

/** Row indices of a step (from 1), `prompts` of `rows`; a step may end one epoch and begin the next. */
export function rowsOfStep(seed: number, step: number, prompts: number, rows: number): number[] {
  const first = (step - 1) * prompts;
  const orders = new Map<number, number[]>();
  return Array.from({ length: prompts }, (_, i) => {
    const epoch = Math.floor((first + i) / rows);
    let order = orders.get(epoch);
    if (order === undefined) {
      order = random(seed, `epoch ${epoch}`).shuffled(Array.from({ length: rows }, (_, row) => row));
      orders.set(epoch, order);
    }
    return order[(first + i) % rows] ?? 0;
  });
}

/** The seed with which a step's responses, or an evaluation's, are sampled. */
export function samplingSeed(seed: number, what: string): number {
  return random(seed, `sampling ${what}`).uint32();
}
