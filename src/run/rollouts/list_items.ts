// The lines of a list, made of a block's columns when they are asked for. Pure.

import type { FilterNames } from '../filter/expression.ts';
import type { Block, TextLines } from './block.ts';
import type { ListedGroup, ListedRow } from './list_query.ts';
import type { BlockTexts } from './texts.ts';

/** What is known of the run beside its blocks. */
export interface ListSource {
  /** In the order of the sets. */
  blocks: readonly Block[];
  names: FilterNames;
  rules: readonly { name: string; cases: readonly unknown[] }[];
  /** The best score of each rule that counts (verdict.ts). */
  best: ReadonlyMap<string, number>;
  texts(block: Block): BlockTexts;
  lines(block: Block): TextLines;
  metric(name: string, step: number): number | null;
  note(block: Block, row: number): { starred: boolean; note: string } | null;
}

export function rowItem(source: ListSource, block: Block, row: number): ListedRow {
  const { columns, set } = block;
  const note = source.note(block, row);
  return {
    kind: 'row',
    set,
    index: row,
    prompt_index: columns.prompt[row] ?? 0,
    sample: columns.sample[row] ?? 0,
    reward: orNone(columns.reward[row]),
    advantage: orNone(columns.advantage[row]),
    tokens: columns.tokens[row] ?? 0,
    finished: columns.finished[row] === 1,
    right: isRightRow(source.best, block, row),
    scores: source.names.rules.map((rule) => orNone(block.rules.get(rule)?.score[row])),
    snippet: source.lines(block).answered[row] ?? '',
    starred: note?.starred ?? false,
    noted: (note?.note ?? '') !== '',
  };
}

export function groupItem(source: ListSource, block: Block, row: number): ListedGroup {
  const { columns, set } = block;
  const prompt = columns.prompt[row] ?? 0;
  let [size, right, valid, sum] = [0, 0, 0, 0];
  for (let other = 0; other < block.count; other++) {
    if (columns.prompt[other] !== prompt) continue;
    size++;
    if (isRightRow(source.best, block, other)) right++;
    const reward = columns.reward[other] ?? Number.NaN;
    if (Number.isNaN(reward)) continue;
    valid++;
    sum += reward;
  }
  return {
    kind: 'group',
    set,
    prompt_index: prompt,
    row_index: columns.row[row] ?? 0,
    asked: source.lines(block).asked[columns.asks[row] ?? 0] ?? '',
    size,
    right,
    mean: valid === 0 ? null : sum / valid,
  };
}

function orNone(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}

/** Every rule that counts gave its best score. */
export function isRightRow(best: ReadonlyMap<string, number>, block: Block, row: number): boolean {
  for (const [rule, score] of best) if (!((block.rules.get(rule)?.score[row] ?? Number.NaN) >= score)) return false;
  return !Number.isNaN(block.columns.reward[row]);
}
