// A block of rollouts as a block of a column file, and back. What comes from the disk is held against what a block must
// be: columns of one length, lines inside of their file, texts that add up. Pure.

import { z } from 'zod';
import type { Column } from '../columns/column.ts';
import type { ColumnBlock } from '../columns/column_file.ts';
import { RolloutSet } from '../view.ts';
import { type Block, NUMBER_COLUMNS, type NumberColumn } from './block.ts';
import type { CaptureColumn } from './capture_column.ts';

const size = z.number().int().min(0);

const About = z.object({
  set: RolloutSet,
  bytes: size,
  modified: z.number(),
  unreadable: size,
  start: size,
  lines: size,
  rules: z.array(z.string()),
  /** The short texts that each capture found. */
  captures: z.array(z.tuple([z.string(), z.array(z.string())])),
});

export function storedBlock(block: Block): { about: unknown; columns: Map<string, Column> } {
  const { set, bytes, modified, unreadable, start, lines } = block;
  const about: z.infer<typeof About> = {
    set,
    bytes,
    modified,
    unreadable,
    start,
    lines,
    rules: [...block.rules.keys()],
    captures: [...block.captures].map(([name, { texts }]) => [name, [...texts]]),
  };
  const columns = new Map<string, Column>(NUMBER_COLUMNS.map((name) => [name, block.columns[name]]));
  columns.set('prompts', block.prompts);
  for (const [name, rule] of block.rules) {
    columns.set(`case/${name}`, rule.case);
    columns.set(`score/${name}`, rule.score);
  }
  for (const [name, { kind, value, length }] of block.captures) {
    columns.set(`found/${name}`, kind);
    columns.set(`value/${name}`, value);
    columns.set(`length/${name}`, length);
  }
  return { about, columns };
}

/** null: it is not a block of rollouts, or its columns do not fit each other. */
export function blockOfStored(stored: ColumnBlock): Block | null {
  const about = About.safeParse(stored.about).data;
  const count = stored.places.get('offset')?.count;
  const prompts = stored.column('prompts');
  if (!about || count === undefined || !prompts) return null;
  const { rules: ruleNames, captures: captureTexts, ...rest } = about;
  let isWhole = true;
  const of = (name: string): Column => {
    const column = stored.column(name);
    if (column?.length === count) return column;
    isWhole = false;
    return new Uint8Array();
  };
  const rules = new Map(ruleNames.map((name) => [name, { case: of(`case/${name}`), score: of(`score/${name}`) }]));
  const captures = new Map(
    captureTexts.map(([name, texts]): [string, CaptureColumn] => [
      name,
      { kind: of(`found/${name}`), value: of(`value/${name}`), length: of(`length/${name}`), texts },
    ]),
  );
  const columns: Record<NumberColumn, Column> = {
    offset: of('offset'),
    length: of('length'),
    prompt: of('prompt'),
    sample: of('sample'),
    row: of('row'),
    tokens: of('tokens'),
    reward: of('reward'),
    advantage: of('advantage'),
    finished: of('finished'),
    asks: of('asks'),
    responses: of('responses'),
  };
  const texts = sum(prompts) + sum(columns.responses) + about.lines;
  const block: Block = { ...rest, count, columns, rules, captures, prompts, size: texts };
  return isWhole && fits(block) ? block : null;
}

function fits({ columns, prompts, bytes, count, size: texts }: Block): boolean {
  for (let row = 0; row < count; row++) {
    const [offset, length] = [columns.offset[row] ?? -1, columns.length[row] ?? -1];
    if (!(offset >= 0 && length >= 0 && offset + length <= bytes)) return false;
    if (!((columns.asks[row] ?? -1) < prompts.length && (columns.responses[row] ?? -1) >= 0)) return false;
  }
  return Number.isSafeInteger(texts);
}

function sum(values: Column): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i] ?? 0;
  return total;
}
