// Responses of a run as a list: those that pass a filter and hold the searched words, in an order, with a heading before
// each prompt's where they stand together. A listing is a snapshot: a few bytes a response, whatever comes later. Pure.

import { z } from 'zod';
import { atOnce } from '../columns/at_once.ts';
import { prepareFilter, type RowTest } from '../filter/evaluate.ts';
import { FACTS, type Filter, type FilterNames, type FilterProblem } from '../filter/expression.ts';
import { parseFilter } from '../filter/parse.ts';
import { RolloutSet, sameSet } from '../view.ts';
import type { Block, TextLines } from './block.ts';
import { CaseCounter, type CaseTally } from './case_tally.ts';
import type { BlockTexts } from './texts.ts';

export const ListOrder = z.enum([
  'prompt',
  'newest',
  'rewardDown',
  'rewardUp',
  'advantageDown',
  'advantageUp',
  'longest',
  'shortest',
]);
export type ListOrder = z.infer<typeof ListOrder>;

export const ListQuery = z.object({
  /** null: every set of the run. */
  set: RolloutSet.nullable(),
  filter: z.string(),
  /** Words that must all be there, in the response or its prompt. */
  search: z.string(),
  order: ListOrder,
});
export type ListQuery = z.infer<typeof ListQuery>;

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

/** A response as a line of the list. */
export const ListedRow = z.object({
  kind: z.literal('row'),
  set: RolloutSet,
  /** Its line in the file. */
  index: z.number(),
  prompt_index: z.number(),
  sample: z.number(),
  reward: z.number().nullable(),
  advantage: z.number().nullable(),
  tokens: z.number(),
  finished: z.boolean(),
  right: z.boolean(),
  /** Score by rule, in the order of the specification; null: the rule did not judge. */
  scores: z.array(z.number().nullable()),
  snippet: z.string(),
  starred: z.boolean(),
  noted: z.boolean(),
});
export type ListedRow = z.infer<typeof ListedRow>;

/** The heading of a prompt's responses; its numbers are of all of them, whatever the filter. */
export const ListedGroup = z.object({
  kind: z.literal('group'),
  set: RolloutSet,
  prompt_index: z.number(),
  row_index: z.number(),
  asked: z.string(),
  size: z.number(),
  right: z.number(),
  /** null: every response of it is invalid. */
  mean: z.number().nullable(),
});
export type ListedGroup = z.infer<typeof ListedGroup>;
export const ListItem = z.discriminatedUnion('kind', [ListedRow, ListedGroup]);
export type ListItem = z.infer<typeof ListItem>;

export interface Listing {
  query: ListQuery;
  problem: FilterProblem | null;
  /** Responses that are listed, and those that were looked at. */
  count: number;
  total: number;
  /** How often each case fired among those that were looked at. */
  tallies: readonly CaseTally[];
  /** Lines of the list: responses and headings. */
  items: number;
  item(place: number): ListItem | null;
  /** Where a response stands in the list; -1: it is not listed. */
  placeOf(set: RolloutSet, index: number): number;
  /** The listed responses, in order. */
  rows(): Iterable<{ set: RolloutSet; index: number }>;
}

export function list(source: ListSource, query: ListQuery): Listing {
  return atOnce(listing(source, query));
}

/** The same in pieces, a block each. */
export function* listing(source: ListSource, query: ListQuery): Generator<void, Listing> {
  const { filter, problem } = parseFilter(query.filter, source.names);
  const { set } = query;
  const blocks = set === null ? source.blocks : source.blocks.filter((block) => sameSet(block.set, set));
  const total = blocks.reduce((sum, { count }) => sum + count, 0);
  const blockOf = new Uint32Array(problem ? 0 : total);
  const rowOf = new Uint32Array(problem ? 0 : total);
  const cases = new CaseCounter(source.rules);
  let count = 0;
  const words = query.search.toLowerCase().split(/\s+/).filter(Boolean);
  for (const [place, block] of problem ? [] : blocks.entries()) {
    const test = rowTest(source, block, filter, words);
    for (let row = 0; row < block.count; row++) {
      if (!test(row)) continue;
      blockOf[count] = place;
      rowOf[count++] = row;
    }
    cases.add(block);
    yield;
  }
  const order = sorted(blocks, blockOf.subarray(0, count), rowOf.subarray(0, count), query.order);
  const items = withHeadings(blocks, order.blockOf, order.rowOf, query.order);
  const at = (row: number): [Block | undefined, number] => [blocks[order.blockOf[row] ?? -1], order.rowOf[row] ?? -1];
  return {
    query,
    problem,
    count,
    total,
    tallies: cases.tallies,
    items: items.length,
    item: (place) => {
      const item = items[place];
      if (item === undefined) return null;
      const [block, row] = at(item < 0 ? -item - 1 : item);
      if (!block) return null;
      return item < 0 ? groupItem(source, block, row) : rowItem(source, block, row);
    },
    placeOf: (wanted, index) =>
      items.findIndex((item) => {
        const [block, row] = at(item);
        return item >= 0 && block !== undefined && row === index && sameSet(block.set, wanted);
      }),
    *rows() {
      for (let row = 0; row < count; row++) {
        const [block, index] = at(row);
        if (block) yield { set: block.set, index };
      }
    },
  };
}

function rowTest(source: ListSource, block: Block, filter: Filter | null, words: readonly string[]): RowTest {
  let texts: BlockTexts | null = null;
  const around = {
    texts: () => {
      texts ??= source.texts(block);
      return texts;
    },
    metric: (name: string) => source.metric(name, block.set.step),
    right: (row: number) => isRightRow(source.best, block, row),
    starred: (row: number) => source.note(block, row)?.starred ?? false,
    note: (row: number) => source.note(block, row)?.note ?? '',
  };
  const passes = filter && prepareFilter(filter, block, around);
  return (row) =>
    (passes === null || passes(row)) &&
    words.every((word) => around.texts().responseHas(row, word) || around.texts().promptHas(row, word));
}

function isRightRow(best: ReadonlyMap<string, number>, block: Block, row: number): boolean {
  for (const [rule, score] of best) if (!((block.rules.get(rule)?.score[row] ?? Number.NaN) >= score)) return false;
  return !Number.isNaN(block.columns.reward[row]);
}

/** Sorted by a key, equal ones as they stood; what has no key is last. */
function sorted(
  blocks: readonly Block[],
  blockOf: Uint32Array,
  rowOf: Uint32Array,
  order: ListOrder,
): { blockOf: Uint32Array; rowOf: Uint32Array } {
  if (order === 'prompt') return { blockOf, rowOf };
  const key = Float64Array.from(blockOf, (place, i) => {
    const block = blocks[place];
    const row = rowOf[i] ?? 0;
    if (!block) return 0;
    if (order === 'newest') return -block.set.step;
    const name =
      order === 'rewardDown' || order === 'rewardUp'
        ? 'reward'
        : order === 'longest' || order === 'shortest'
          ? 'tokens'
          : 'advantage';
    const value = block.columns[name][row] ?? Number.NaN;
    if (Number.isNaN(value)) return Number.MAX_VALUE;
    return order === 'rewardUp' || order === 'advantageUp' || order === 'shortest' ? value : -value;
  });
  const places = stableOrder(key);
  return {
    blockOf: Uint32Array.from(places, (place) => blockOf[place] ?? 0),
    rowOf: Uint32Array.from(places, (place) => rowOf[place] ?? 0),
  };
}

/** The places of the keys from the least to the largest, equal ones as they stood: where each value begins, counted. */
function stableOrder(keys: Float64Array): Uint32Array {
  const next = new Map<number, number>();
  for (const [place, key] of keys.slice().sort().entries()) if (!next.has(key)) next.set(key, place);
  const places = new Uint32Array(keys.length);
  for (const [i, key] of keys.entries()) {
    const place = next.get(key) ?? 0;
    places[place] = i;
    next.set(key, place + 1);
  }
  return places;
}

/** A response by its number in the order; below 0: the heading before that response (-1 - number). */
function withHeadings(
  blocks: readonly Block[],
  blockOf: Uint32Array,
  rowOf: Uint32Array,
  order: ListOrder,
): Int32Array {
  if (order !== 'prompt' && order !== 'newest') return Int32Array.from(blockOf, (_, row) => row);
  const items = new Int32Array(2 * blockOf.length);
  let length = 0;
  let [lastBlock, lastPrompt] = [-1, -1];
  for (let row = 0; row < blockOf.length; row++) {
    const place = blockOf[row] ?? 0;
    const prompt = blocks[place]?.columns.prompt[rowOf[row] ?? 0] ?? 0;
    if (place !== lastBlock || prompt !== lastPrompt) items[length++] = -1 - row;
    [lastBlock, lastPrompt] = [place, prompt];
    items[length++] = row;
  }
  return items.subarray(0, length);
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

function groupItem(source: ListSource, block: Block, row: number): ListedGroup {
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

/** The names a run's filters can use; metric names are those of its last line. */
export function filterNames(
  specification: { rules: readonly { name: string }[]; captures: readonly unknown[] },
  metrics: readonly string[],
): FilterNames {
  const captures = specification.captures.flatMap((capture) =>
    typeof capture === 'object' && capture !== null && 'name' in capture && typeof capture.name === 'string'
      ? capture.name
      : [],
  );
  const rules = specification.rules.map(({ name }) => name);
  const facts: readonly string[] = FACTS;
  return { rules, captures, metrics: metrics.filter((name) => !facts.includes(name) || name.includes('/')) };
}
