// What is kept of one file of rollouts to list, sort and filter it without reading it again: where each line stands, its
// numbers as columns, what its captures found; and apart from these its texts: the prompts (once for a group) and the
// responses in small letters, and a line of each as written. Tokens and whole texts stay in the file. A block is built
// line by line, so that no file has to fit into memory. Pure: no disk, no DOM.

import { z } from 'zod';
import { messagesOf } from '../chat_text.ts';
import { type Column, narrowed } from '../columns/column.ts';
import type { RolloutSet } from '../view.ts';
import { type CaptureColumn, type CaptureValue, captureColumn } from './capture_column.ts';
import type { IndexedLine } from './indexed_line.ts';
import { snippetOf } from './snippet.ts';

/** A number a response; what is not there is NaN. */
export const NUMBER_COLUMNS = [
  'offset',
  'length',
  'prompt',
  'sample',
  'row',
  'tokens',
  'reward',
  'advantage',
  /** 1: it ended by itself. */
  'finished',
  /** Which of the block's prompts it answers. */
  'asks',
  /** Bytes of the response's small letters. */
  'responses',
] as const;
export type NumberColumn = (typeof NUMBER_COLUMNS)[number];

export interface Block {
  set: RolloutSet;
  /** Which state of the file it was made of. */
  bytes: number;
  modified: number;
  /** Lines that could not be read. */
  unreadable: number;
  count: number;
  columns: Readonly<Record<NumberColumn, Column>>;
  rules: ReadonlyMap<string, { case: Column; score: Column }>;
  captures: ReadonlyMap<string, CaptureColumn>;
  /** Bytes of each prompt's small letters. */
  prompts: Column;
  /** Its texts: where they begin in the file of texts, and their bytes: prompts, responses, and then the lines'. */
  start: number;
  size: number;
  lines: number;
}

/** A line of each text, for a list: of every prompt what it asks, of every response how it answers. */
export const TextLines = z.object({ asked: z.array(z.string()), answered: z.array(z.string()) });
export type TextLines = z.infer<typeof TextLines>;

/** A line of a rollouts file and where it stands. */
export interface PlacedLine {
  line: IndexedLine;
  offset: number;
  length: number;
}

/** The block of a file's lines, and its texts. `file`: the state it was in. */
export function makeBlock(
  set: RolloutSet,
  lines: Iterable<PlacedLine>,
  file: { bytes: number; modified: number; unreadable: number },
): { block: Block; texts: Uint8Array } {
  const builder = new BlockBuilder();
  for (const line of lines) builder.add(line);
  return builder.finish(set, file);
}

export class BlockBuilder {
  private readonly columns: Record<NumberColumn, number[]> = {
    offset: [],
    length: [],
    prompt: [],
    sample: [],
    row: [],
    tokens: [],
    reward: [],
    advantage: [],
    finished: [],
    asks: [],
    responses: [],
  };
  private readonly rules = new Map<string, { case: number[]; score: number[] }>();
  private readonly captures = new Map<string, CaptureValue[]>();
  private readonly places = new Map<string, number>();
  private readonly prompts: Uint8Array[] = [];
  private readonly responses: Uint8Array[] = [];
  private readonly lines: TextLines = { asked: [], answered: [] };

  add({ line, offset, length }: PlacedLine): void {
    const { columns } = this;
    const count = columns.offset.length;
    const response = small(line.response);
    columns.offset.push(offset);
    columns.length.push(length);
    columns.prompt.push(line.prompt_index);
    columns.sample.push(line.sample);
    columns.row.push(line.row_index);
    columns.tokens.push(line.tokens);
    columns.reward.push(line.reward ?? Number.NaN);
    columns.advantage.push(line.advantage ?? Number.NaN);
    columns.finished.push(line.finish_reason === 'stop' ? 1 : 0);
    columns.asks.push(this.placeOf(line.prompt));
    columns.responses.push(response.length);
    this.responses.push(response);
    this.lines.answered.push(snippetOf(line.response));
    for (const [name, { case: fired, score }] of Object.entries(line.rules)) {
      const rule = this.rules.get(name) ?? { case: [], score: [] };
      this.rules.set(name, rule);
      filled(rule.case, count, Number.NaN).push(fired);
      filled(rule.score, count, Number.NaN).push(score);
    }
    for (const [name, found] of Object.entries(line.captures)) {
      const values = this.captures.get(name) ?? [];
      this.captures.set(name, values);
      filled(values, count, null).push(captureValue(found, line.response));
    }
  }

  finish(
    set: RolloutSet,
    file: { bytes: number; modified: number; unreadable: number },
  ): { block: Block; texts: Uint8Array } {
    const { columns } = this;
    const count = columns.offset.length;
    const lines = encoder.encode(JSON.stringify(this.lines));
    const texts = joined([...this.prompts, ...this.responses, lines]);
    const column = (name: NumberColumn) => narrowed(columns[name]);
    const whole = (values: number[]) => narrowed(filled(values, count, Number.NaN));
    const block: Block = {
      set,
      ...file,
      count,
      columns: {
        offset: column('offset'),
        length: column('length'),
        prompt: column('prompt'),
        sample: column('sample'),
        row: column('row'),
        tokens: column('tokens'),
        reward: column('reward'),
        advantage: column('advantage'),
        finished: column('finished'),
        asks: column('asks'),
        responses: column('responses'),
      },
      rules: new Map(
        [...this.rules].map(([name, rule]) => [name, { case: whole(rule.case), score: whole(rule.score) }]),
      ),
      captures: new Map([...this.captures].map(([name, values]) => [name, captureColumn(filled(values, count, null))])),
      prompts: narrowed(this.prompts.map(({ length }) => length)),
      start: 0,
      size: texts.length,
      lines: lines.length,
    };
    return { block, texts };
  }

  private placeOf(prompt: string): number {
    const known = this.places.get(prompt);
    if (known !== undefined) return known;
    this.places.set(prompt, this.prompts.length);
    this.lines.asked.push(snippetOf(messagesOf(prompt).at(-1)?.text ?? prompt));
    return this.prompts.push(small(prompt)) - 1;
  }
}

/** Longest value of a capture that is kept by itself. */
const SHORT = 60;
const LONGEST = 1000;

function captureValue(value: unknown, response: string): CaptureValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  const text = (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).toLowerCase();
  if (text.length <= SHORT) return text;
  const whole = response.toLowerCase();
  const start = whole.indexOf(text);
  if (start < 0) return text.slice(0, LONGEST);
  return [small(whole.slice(0, start)).length, small(text).length];
}

const encoder = new TextEncoder();

function small(text: string): Uint8Array {
  return encoder.encode(text.toLowerCase());
}

/** The values with `none` for the responses that had nothing to say of them. */
function filled<T>(values: T[], count: number, none: T): T[] {
  while (values.length < count) values.push(none);
  return values;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
