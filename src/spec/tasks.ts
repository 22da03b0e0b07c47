// The built-in tasks as the checker knows them: their arguments and the columns of their rows.
// How rows are made lives in task/, which holds itself to this table.

import type { Column } from './specification.ts';

export interface TaskDeclaration {
  name: string;
  doc: string;
  arguments: TaskArgument[];
  columns: Column[];
}

export interface TaskArgument {
  name: string;
  kind: 'number' | 'range';
  /** Written value when the argument is left out. */
  standard: number | { from: number; to: number };
  min: number;
  max: number;
  doc: string;
}

const TEXT = { kind: 'text' } as const;
const TEXTS = { kind: 'list', of: TEXT } as const;

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
      {
        name: 'seed',
        kind: 'number',
        standard: 1,
        min: 0,
        max: 4_294_967_295,
        doc: 'The same seed gives the same rows on any machine.',
      },
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
];

export function taskDeclaration(name: string): TaskDeclaration | undefined {
  return TASKS.find((task) => task.name === name);
}
