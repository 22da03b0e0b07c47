// Which rows a step trains on: every epoch is the whole training part in an order of its own, cut into steps. The
// order depends on the seed and the step's number alone, so a resumed run needs no saved position, and arms with the
// same seed see the same rows in the same order. The orders of the last epochs are kept, not made again at every step.

import { random } from '../spec/random.ts';

/** Orders that are kept: two epochs, of the step's own prompts and of those tried in their place. */
const KEPT = 8;
const orders = new Map<string, Uint32Array>();

/** Row indices of a step (from 1), `prompts` of `rows`; a step may end one epoch and begin the next. */
export function rowsOfStep(seed: number, step: number, prompts: number, rows: number): number[] {
  const first = (step - 1) * prompts;
  return Array.from({ length: prompts }, (_, i) => {
    const order = orderOf(seed, Math.floor((first + i) / rows), rows);
    return order[(first + i) % rows] ?? 0;
  });
}

function orderOf(seed: number, epoch: number, rows: number): Uint32Array {
  const key = `${seed} ${epoch} ${rows}`;
  const kept = orders.get(key);
  if (kept !== undefined) return kept;
  const order = Uint32Array.from(
    random(seed, `epoch ${epoch}`).shuffled(Array.from({ length: rows }, (_, row) => row)),
  );
  orders.set(key, order);
  for (const oldest of [...orders.keys()].slice(0, -KEPT)) orders.delete(oldest);
  return order;
}

/** The seed with which a step's responses, or an evaluation's, are sampled. */
export function samplingSeed(seed: number, what: string): number {
  return random(seed, `sampling ${what}`).uint32();
}
