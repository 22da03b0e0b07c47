// What the checker knows of a builtin function, and the types that parameters and results have.

import type { ValueType } from '../expression.ts';

export interface FunctionDeclaration {
  name: string;
  parameters: readonly FunctionParameter[];
  result: ResultType;
  doc: string;
  /** Expressions and their values, as a person would write them; every `source` is valid in a rule. */
  examples: readonly { source: string; value: string }[];
}

export interface FunctionParameter {
  name: string;
  type: ParameterType;
  /** May be left out; only at the end of the list. */
  optional?: true;
  /** Takes one or more arguments; only the last parameter. */
  repeated?: true;
}

export type ParameterType =
  | ValueType
  /** Any of several types: `length` of a text, a list or a record. */
  | { kind: 'oneOf'; types: readonly ParameterType[] }
  /** A list of anything. */
  | { kind: 'items' }
  /** A record or a struct of anything. */
  | { kind: 'fields' }
  /** A regular expression in quotes, checked when the file is. */
  | { kind: 'pattern' }
  /** The name of a capture made with `tag`; in the checked expression `{ kind: 'capture' }`. */
  | { kind: 'tag' }
  /** Written `x -> y`; becomes two number arguments in the checked expression: x, then y. */
  | { kind: 'point' };

export type ResultType =
  | ValueType
  /** The type of that argument: `unique` of a list of numbers is one. */
  | { kind: 'sameAs'; parameter: number }
  /** A list of what the record in that argument holds. */
  | { kind: 'valuesOf'; parameter: number };

export const TEXT = { kind: 'text' } as const;
export const NUMBER = { kind: 'number' } as const;
export const BOOL = { kind: 'bool' } as const;
export const TEXTS = { kind: 'list', of: TEXT } as const;
export const NUMBERS = { kind: 'list', of: NUMBER } as const;
/** A list of anything. */
export const ITEMS = { kind: 'items' } as const;
/** A record or a struct of anything. */
export const FIELDS = { kind: 'fields' } as const;
