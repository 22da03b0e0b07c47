// Responses of a run as a list: those that pass a filter and hold the searched words, in an order, with a heading before
// each prompt's where they stand together. A listing is a snapshot: a few bytes a response, whatever comes later. Pure.

import { atOnce } from '../columns/at_once.ts';
import { prepareFilter, type RowTest } from '../filter/evaluate.ts';
import type { Filter, FilterProblem } from '../filter/expression.ts';
import { parseFilter } from '../filter/parse.ts';
import { type RolloutSet, sameSet } from '../view.ts';
import type { Block } from './block.ts';
import { CaseCounter, type CaseTally } from './case_tally.ts';
import { groupItem, isRightRow, type ListSource, rowItem } from './list_items.ts';
import { inOrder, withHeadings } from './list_order.ts';
import { LIST_PAGE, type ListItem, type ListQuery } from './list_query.ts';
import type { BlockTexts } from './texts.ts';

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

/** Some of its lines. */
export function linesOf(listing: Listing, from: number, to: number): ListItem[] {
  const length = Math.max(0, Math.min(to, listing.items) - from);
  return Array.from({ length }, (_, i) => listing.item(from + i) ?? []).flat();
}

/** The lines that are shown first: the page with a place. */
export function pageAt(listing: Listing, place: number | null): { from: number; items: ListItem[] } {
  const from = Math.floor((place ?? 0) / LIST_PAGE) * LIST_PAGE;
  return { from, items: linesOf(listing, from, from + LIST_PAGE) };
}

export function list(source: ListSource, query: ListQuery): Listing {
  return atOnce(listing(source, query));
}

/** The same in pieces. Between them others may ask for texts, so a block is looked through in one. */
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
  const places = { blockOf: blockOf.subarray(0, count), rowOf: rowOf.subarray(0, count) };
  const order = yield* inOrder(blocks, places, query.order);
  const items = yield* withHeadings(blocks, order, query.order);
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
    placeOf(wanted, index) {
      const block = blocks.findIndex((one) => sameSet(one.set, wanted));
      return items.findIndex((item) => item >= 0 && order.blockOf[item] === block && order.rowOf[item] === index);
    },
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
