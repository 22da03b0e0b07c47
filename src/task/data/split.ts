// On which side of the split a row falls: a column says it, or a hash of the seed and of what the row shows. So a row stays
// on its side when others are added or the order changes, and rows that show the same are never on both sides.

import type { BadLine, SplitColumns, SplitFacts } from '../../spec/facts.ts';
import type { DataSource, Split } from '../../spec/specification.ts';
import { textHash } from '../hash.ts';
import { fileRows, type Row, unreadable } from './file_rows.ts';

export type Side = 'train' | 'test';

/** What split columns say of held-out rows; everything else that is taken for `train` is listed too. */
const SIDES: ReadonlyMap<string, Side> = new Map([
  ['train', 'train'],
  ['training', 'train'],
  ['test', 'test'],
  ['eval', 'test'],
  ['validation', 'test'],
  ['valid', 'test'],
  ['val', 'test'],
  ['dev', 'test'],
]);

/** null: the split column does not say. `open`: the columns that are not secret. */
export function sideOf(row: Row, split: Split, open: readonly string[]): Side | null {
  if (split.kind === 'column') {
    const value = Object.hasOwn(row, split.column) ? row[split.column] : null;
    return typeof value === 'string' ? (SIDES.get(value.trim().toLowerCase()) ?? null) : null;
  }
  const part = textHash(`${split.seed}\n${contentOf(row, open)}`) / 0x1_0000_0000;
  return part < split.test ? 'test' : 'train';
}

/** The values of some columns as one text. */
function contentOf(row: Row, columns: readonly string[]): string {
  return JSON.stringify(columns.map((name) => (Object.hasOwn(row, name) ? row[name] : null)));
}

/** Counts the sides of a file's rows. `shown`: the columns that the prompt shows. */
export async function readSplitFacts(
  { format, split }: Pick<DataSource, 'format' | 'split'>,
  path: string,
  { open, shown }: SplitColumns,
  signal?: AbortSignal,
): Promise<SplitFacts> {
  const facts: SplitFacts = { train: 0, test: 0, shared: 0, neither: { count: 0, first: [] } };
  const trained = new Set<string>();
  const held: string[] = [];
  try {
    for await (const batch of fileRows(format, path, { signal })) {
      for (const each of batch) {
        if (!('row' in each)) continue;
        const side = sideOf(each.row, split, open);
        if (side === null) noteNeither(facts, { line: each.line, why: saysInstead(each.row, split) });
        else {
          facts[side]++;
          const key = keyOf(contentOf(each.row, shown));
          if (side === 'train') trained.add(key);
          else held.push(key);
        }
      }
    }
  } catch (error) {
    if (signal?.aborted) throw error;
    throw unreadable(path, error);
  }
  if (shown.length > 0) facts.shared = held.filter((key) => trained.has(key)).length;
  return facts;
}

function noteNeither({ neither }: SplitFacts, line: BadLine): void {
  neither.count++;
  if (neither.first.length < 3) neither.first.push(line);
}

function saysInstead(row: Row, split: Split): string {
  const value = split.kind === 'column' && Object.hasOwn(row, split.column) ? row[split.column] : undefined;
  return value === undefined ? 'says nothing' : `says ${JSON.stringify(value).slice(0, 40)}`;
}

/** Two hashes: of a million rows, a chance of one in ten million that two differing ones share it. */
function keyOf(content: string): string {
  return `${textHash(content)} ${textHash(`\n${content}`)}`;
}
