// What goes in: the rows of the task, and the prompt that is made of one. Part of the specification.

import type { ValueType } from './expression.ts';

export interface Task {
  name: string;
  /** Arguments as written: `knights_and_knaves(people: 3..7, train: 4500)`; a range is {from, to}, both inclusive. */
  arguments: Record<string, number | string | boolean | { from: number; to: number }>;
  columns: Column[];
  /** Where rows are read from: `task jsonl("problems.jsonl", test: 10%)`; null: a built-in task makes them. */
  source: DataSource | null;
}

export interface DataSource {
  format: 'jsonl' | 'csv' | 'parquet';
  /** As written; relative to the folder of the .merf file. */
  path: string;
  split: Split;
}

export type Split =
  /** A column of the file says `train` or `test` for each row. */
  | { kind: 'column'; column: string }
  /** This part of the rows, 0 to 1, is held out; which ones follows from the seed. */
  | { kind: 'fraction'; test: number; seed: number };

export interface Column {
  name: string;
  type: ValueType;
  /** A secret column may be used in rewards, never in a prompt, a motivation or an example's text. */
  secret: boolean;
  doc: string;
}

export interface Prompt {
  system: Template | null;
  user: Template;
}

/** Text with holes. A line of which only an empty motivation remains is dropped when it is rendered. */
export type Template = TemplatePart[];

export type TemplatePart =
  | { kind: 'text'; text: string }
  | { kind: 'column'; name: string }
  /** In a prompt: where the arm's motivation goes. */
  | { kind: 'motivation' }
  /** In a judge's prompt: an argument of the call. */
  | { kind: 'parameter'; name: string }
  /** In a motivation: the rules' rendered wording and scores. */
  | { kind: 'rules' }
  /** In a motivation: the least and the most that the shown rules can add up to. */
  | { kind: 'rewardMin' }
  | { kind: 'rewardMax' }
  /** In a motivation: how the shown rules make the total ("the sum of the scores"). */
  | { kind: 'total' };
