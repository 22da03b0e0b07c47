// Responses to hold beside one: its group (the same prompt at the same step), and the same row at other steps, of each
// step the one with the highest reward. Pure.

import { sameSet } from '../view.ts';
import type { Block } from './block.ts';
import { type ListSource, rowItem } from './list_items.ts';
import type { ListedRow } from './list_query.ts';

const MOST = 60;

export function groupOf(source: ListSource, block: Block, row: number): ListedRow[] {
  const prompt = block.columns.prompt[row];
  return rowsWhere(block, (other) => block.columns.prompt[other] === prompt).map((other) =>
    rowItem(source, block, other),
  );
}

/** The nearest steps, in their order. Training rows and held-out rows are numbered apart. */
export function sameRowElsewhere(source: ListSource, block: Block, row: number): ListedRow[] {
  const wanted = block.columns.row[row];
  const isTrain = block.set.kind === 'train';
  const found = source.blocks.flatMap((other): { block: Block; row: number }[] => {
    if ((other.set.kind === 'train') !== isTrain || sameSet(other.set, block.set)) return [];
    const rows = rowsWhere(other, (place) => other.columns.row[place] === wanted);
    const best = rows.reduce<number | null>(
      (so, place) => (so === null || rewardOf(other, place) > rewardOf(other, so) ? place : so),
      null,
    );
    return best === null ? [] : [{ block: other, row: best }];
  });
  const distance = ({ block: { set } }: { block: Block }) => Math.abs(set.step - block.set.step);
  return found
    .sort((a, b) => distance(a) - distance(b))
    .slice(0, MOST)
    .sort((a, b) => a.block.set.step - b.block.set.step)
    .map((one) => rowItem(source, one.block, one.row));
}

function rowsWhere(block: Block, test: (row: number) => boolean): number[] {
  const rows: number[] = [];
  for (let row = 0; row < block.count; row++) if (test(row)) rows.push(row);
  return rows;
}

function rewardOf({ columns }: Block, row: number): number {
  const reward = columns.reward[row] ?? Number.NaN;
  return Number.isNaN(reward) ? Number.NEGATIVE_INFINITY : reward;
}
