// The order of a list: its responses sorted by a key, equal ones as they stood, and headings where a prompt's responses
// stand together. In pieces, as a run may have a million of them: a merge sort, bottom up. Pure.

import type { Block } from './block.ts';
import type { ListOrder } from './list_query.ts';

/** Responses by their places: of each the block and its row in it. */
export interface Places {
  blockOf: Uint32Array;
  rowOf: Uint32Array;
}

/** Responses that are looked at before others have their turn. */
export const PIECE = 4096;

/** What has no key is last. */
export function* inOrder(blocks: readonly Block[], places: Places, order: ListOrder): Generator<void, Places> {
  if (order === 'prompt') return places;
  const { blockOf, rowOf } = places;
  const key = keyOf(order);
  const keys = new Float64Array(blockOf.length);
  for (let i = 0; i < keys.length; i++) {
    const block = blocks[blockOf[i] ?? 0];
    const value = block ? key(block, rowOf[i] ?? 0) : 0;
    keys[i] = Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
    if (i % PIECE === 0) yield;
  }
  const sorted = yield* stableOrder(keys);
  const found: Places = { blockOf: new Uint32Array(keys.length), rowOf: new Uint32Array(keys.length) };
  for (let i = 0; i < keys.length; i++) {
    const from = sorted[i] ?? 0;
    found.blockOf[i] = blockOf[from] ?? 0;
    found.rowOf[i] = rowOf[from] ?? 0;
    if (i % PIECE === 0) yield;
  }
  return found;
}

/** What is sorted by, the least first. */
function keyOf(order: Exclude<ListOrder, 'prompt'>): (block: Block, row: number) => number {
  const of = (name: 'reward' | 'advantage' | 'tokens', sign: 1 | -1) => (block: Block, row: number) =>
    sign * (block.columns[name][row] ?? Number.NaN);
  switch (order) {
    case 'newest':
      return (block) => -block.set.step;
    case 'rewardDown':
      return of('reward', -1);
    case 'rewardUp':
      return of('reward', 1);
    case 'advantageDown':
      return of('advantage', -1);
    case 'advantageUp':
      return of('advantage', 1);
    case 'longest':
      return of('tokens', -1);
    case 'shortest':
      return of('tokens', 1);
  }
}

/** The places of the keys from the least to the largest, equal ones as they stood. */
export function* stableOrder(keys: Float64Array): Generator<void, Uint32Array> {
  const { length } = keys;
  let sorted = Uint32Array.from({ length }, (_, i) => i);
  let merged = new Uint32Array(length);
  for (let width = 1; width < length; width *= 2) {
    for (let start = 0; start < length; start += 2 * width) {
      const middle = Math.min(start + width, length);
      const end = Math.min(start + 2 * width, length);
      let [left, right] = [start, middle];
      for (let at = start; at < end; at++) {
        const isLeft =
          left < middle && (right >= end || (keys[sorted[left] ?? 0] ?? 0) <= (keys[sorted[right] ?? 0] ?? 0));
        merged[at] = sorted[isLeft ? left++ : right++] ?? 0;
        if (at % PIECE === 0) yield;
      }
    }
    [sorted, merged] = [merged, sorted];
  }
  return sorted;
}

/** A response by its number in the order; below 0: the heading before that response (-1 - number). */
export function* withHeadings(
  blocks: readonly Block[],
  { blockOf, rowOf }: Places,
  order: ListOrder,
): Generator<void, Int32Array> {
  const isGrouped = order === 'prompt' || order === 'newest';
  const items = new Int32Array((isGrouped ? 2 : 1) * blockOf.length);
  let length = 0;
  let [lastBlock, lastPrompt] = [-1, -1];
  for (let row = 0; row < blockOf.length; row++) {
    if (isGrouped) {
      const place = blockOf[row] ?? 0;
      const prompt = blocks[place]?.columns.prompt[rowOf[row] ?? 0] ?? 0;
      if (place !== lastBlock || prompt !== lastPrompt) items[length++] = -1 - row;
      [lastBlock, lastPrompt] = [place, prompt];
    }
    items[length++] = row;
    if (row % PIECE === 0) yield;
  }
  return items.subarray(0, length);
}
