// The tasks as the checker knows them: their arguments, and the columns of the rows that built-in ones make. How rows are
// made or read lives in task/, which holds itself to this table.

import type { Column } from './specification.ts';

export interface TaskDeclaration {
  name: string;
  doc: string;
  arguments: TaskArgument[];
  /** Of a task that reads a file: none, they are the file's. */
  columns: Column[];
  /** How it is written, where its first argument is a file. */
  form?: string;
}

export type TaskArgument = NumberArgument | TextArgument;

export interface NumberArgument {
  name: string;
  kind: 'number' | 'range';
  /** Written value when the argument is left out. */
  standard: number | { from: number; to: number };
  min: number;
  max: number;
  doc: string;
}

export interface TextArgument {
  name: string;
  kind: 'text';
  /** As written; null: without it another argument decides. */
  standard: string | null;
  /** `a part between 0% and 100%`. */
  wanted: string;
  /** What the text must match; null: the task's own code says. */
  pattern: string | null;
  doc: string;
}

const SEED: NumberArgument = {
  name: 'seed',
  kind: 'number',
  standard: 1,
  min: 0,
  max: 4_294_967_295,
  doc: 'The same seed gives the same rows on any machine.',
};

const TEXT = { kind: 'text' } as const;
const TEXTS = { kind: 'list', of: TEXT } as const;
const NUMBER = { kind: 'number' } as const;

const FILE_ARGUMENTS: TaskArgument[] = [
  {
    name: 'test',
    kind: 'text',
    standard: '10%',
    wanted: 'a part between 0% and 100%',
    pattern: null,
    doc: 'How much of the rows is held out. A row stays on its side when others are added; rows that show the same are on the same side.',
  },
  { ...SEED, doc: 'Which rows those are.' },
  {
    name: 'split',
    kind: 'text',
    standard: null,
    wanted: 'the name of a column in quotes',
    pattern: null,
    doc: 'In place of `test` and `seed`: a column that says `train` or `test` for each row.',
  },
];

export const TASKS: readonly TaskDeclaration[] = [
  {
    name: 'knights_and_knaves',
    doc: 'Logic puzzles: knights always tell the truth, knaves always lie, each person makes one statement; every puzzle has exactly one solution (grammar of mem-kk-logic, arXiv 2410.23123).',
    arguments: [
      {
        name: 'people',
        kind: 'range',
        standard: { from: 3, to: 7 },
        min: 2,
        max: 8,
        doc: 'How many people a puzzle has.',
      },
      { name: 'train', kind: 'number', standard: 4500, min: 1, max: 1_000_000, doc: 'How many training puzzles.' },
      {
        name: 'test',
        kind: 'number',
        standard: 700,
        min: 1,
        max: 100_000,
        doc: 'How many held-out puzzles; no statement structure is in both parts.',
      },
      SEED,
    ],
    columns: [
      { name: 'quiz', type: TEXT, secret: false, doc: 'The puzzle as text.' },
      { name: 'names', type: TEXTS, secret: false, doc: 'The people, in the order of the puzzle.' },
      {
        name: 'roles',
        type: TEXTS,
        secret: false,
        doc: 'The two role words, the truthful one first: `["knight", "knave"]`.',
      },
      { name: 'people', type: { kind: 'number' }, secret: false, doc: 'How many people.' },
      {
        name: 'solution',
        type: { kind: 'record', of: TEXT },
        secret: true,
        doc: 'Who is what: `{ Zoey: "knave", Oliver: "knight" }`.',
      },
      { name: 'solution_text', type: TEXT, secret: true, doc: 'The solution as a sentence.' },
      { name: 'reasoning', type: TEXT, secret: true, doc: 'The reasoning the solver writes.' },
    ],
  },
  {
    name: 'countdown',
    doc: 'Some numbers and a target: an expression over the numbers, each used once, whose value is the target (the task of TinyZero). Every row has a solution.',
    arguments: [
      {
        name: 'numbers',
        kind: 'range',
        standard: { from: 3, to: 4 },
        min: 2,
        max: 6,
        doc: 'How many numbers a row has.',
      },
      { name: 'largest', kind: 'number', standard: 100, min: 10, max: 1000, doc: 'The largest number and target.' },
      { name: 'train', kind: 'number', standard: 10_000, min: 1, max: 1_000_000, doc: 'How many training rows.' },
      {
        name: 'test',
        kind: 'number',
        standard: 500,
        min: 1,
        max: 100_000,
        doc: 'How many held-out rows; none of them is a training row.',
      },
      SEED,
    ],
    columns: [
      { name: 'numbers', type: { kind: 'list', of: NUMBER }, secret: false, doc: 'The numbers: `[3, 7, 25]`.' },
      { name: 'target', type: NUMBER, secret: false, doc: 'What the expression must come to.' },
      {
        name: 'solution',
        type: TEXT,
        secret: true,
        doc: 'One expression that does: `(25 - 3) * 7`. There may be others.',
      },
    ],
  },
  {
    name: 'arithmetic',
    doc: 'Sums to work out, with the usual precedence; the answer is a whole number.',
    arguments: [
      {
        name: 'operands',
        kind: 'range',
        standard: { from: 2, to: 3 },
        min: 2,
        max: 8,
        doc: 'How many numbers are put together.',
      },
      {
        name: 'digits',
        kind: 'range',
        standard: { from: 1, to: 3 },
        min: 1,
        max: 6,
        doc: 'How many digits a number has.',
      },
      {
        name: 'operators',
        kind: 'text',
        standard: '+-',
        wanted: 'some of `+`, `-`, `*` and `/` in quotes: `"+-*"`',
        pattern: '^[-+*/]{1,4}$',
        doc: 'What stands between the numbers; a division leaves no rest.',
      },
      { name: 'train', kind: 'number', standard: 10_000, min: 1, max: 1_000_000, doc: 'How many training rows.' },
      {
        name: 'test',
        kind: 'number',
        standard: 500,
        min: 1,
        max: 100_000,
        doc: 'How many held-out rows; none of them is a training row.',
      },
      SEED,
    ],
    columns: [
      { name: 'question', type: TEXT, secret: false, doc: 'The sum: `12 + 7 - 3`.' },
      { name: 'answer', type: NUMBER, secret: true, doc: 'Its value.' },
    ],
  },
  ...(
    [
      ['jsonl', 'JSON lines: one object a line, its keys are the columns.'],
      ['csv', 'A CSV file: the first line names the columns; commas, semicolons or tabs stand between the cells.'],
      ['parquet', 'A Parquet file, as data sets on the Hugging Face hub are kept.'],
    ] as const
  ).map(([name, what]) => ({
    name,
    doc: `Rows from a file. ${what} The block after the arguments lists columns that are secret or have a type of their own; all others are the file's, with the types of their values.`,
    arguments: FILE_ARGUMENTS,
    columns: [],
    form: `${name}("rows.${name}", test: 10%, seed: 1)`,
  })),
];

export function taskDeclaration(name: string): TaskDeclaration | undefined {
  return TASKS.find((task) => task.name === name);
}
