// What can be found out about the world around a .merf file: other files' texts, data files, models. Whoever reads the
// disk makes these; the checker and the commands read them.

import type { ValueType } from './expression.ts';

/** Why something could not be had: one sentence on what was found, and one on what to do. */
export interface Refusal {
  refused: string;
  remedy: string;
}

/** A text file as it stands. The same object as long as the file does not change. */
export interface FileText {
  text: string;
}

/** What a data file holds. */
export interface DataFacts {
  /** SHA-256 of its bytes, in hexadecimal. */
  hash: string;
  rows: number;
  columns: ColumnFacts[];
  /** Lines that are no row at all: how many, and the first of them. */
  unreadable: { count: number; first: BadLine[] };
}

export interface BadLine {
  /** From 1, as editors count; in a file without lines the number of the row, from 1. */
  line: number;
  /** `is not JSON: …`. */
  why: string;
}

export interface ColumnFacts {
  name: string;
  /** What the values have in common; null: nothing that the language has a type for. */
  type: ValueType | null;
  /** Every kind of value in it, the most frequent first. */
  shapes: ShapeCount[];
  /** Its distinct texts, where they are few. */
  texts: string[] | null;
}

export interface ShapeCount {
  shape: Shape;
  rows: number;
  /** Where the first of them stand. */
  lines: number[];
}

/** What a single value is. */
export type Shape =
  /** null, an empty cell, or not there. */
  | { kind: 'none' }
  | { kind: 'text' }
  | { kind: 'number' }
  | { kind: 'bool' }
  | { kind: 'list'; of: Shape }
  | { kind: 'object'; fields: { name: string; shape: Shape }[] }
  /** An object whose names differ from row to row, all values of one shape. */
  | { kind: 'record'; of: Shape }
  /** Nothing that the language has a type for, such as a list of a text and a number. */
  | { kind: 'mixed' };

/** Columns that matter for how rows are divided. */
export interface SplitColumns {
  /** Those that are not secret: rows that are the same in them are on the same side. */
  open: readonly string[];
  /** Those that the prompt shows. */
  shown: readonly string[];
}

/** How the rows of a data file are divided. */
export interface SplitFacts {
  train: number;
  test: number;
  /** Test rows that show the model what a train row shows it. */
  shared: number;
  /** Rows whose split column says neither `train` nor `test`: how many, and the first of them. */
  neither: { count: number; first: BadLine[] };
}

export interface ModelFacts extends ModelShape {
  /** Longest sequence, in tokens. */
  context: number;
}

/** What of a decoder its need of memory follows from. */
export interface ModelShape {
  parameters: number;
  layers: number;
  /** Width of the residual stream. */
  hidden: number;
  /** Width inside the feed-forward block. */
  intermediate: number;
  heads: number;
  keyValueHeads: number;
  headSize: number;
  vocabulary: number;
  /** Bytes of a weight in its file; left out: 4. */
  storage?: number;
}

/** What trains here. */
export interface DeviceFacts {
  /** As a sentence says it: `this computer`. */
  name: string;
  /** Of its memory. */
  bytes: number;
}
