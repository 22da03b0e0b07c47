// The functions of lists and records.

import { FIELDS, type FunctionDeclaration, ITEMS, NUMBER, NUMBERS, TEXTS } from './declaration.ts';

export const LIST_FUNCTIONS: readonly FunctionDeclaration[] = [
  {
    name: 'sum',
    parameters: [{ name: 'numbers', type: NUMBERS }],
    result: NUMBER,
    doc: 'The sum of the numbers; 0 of an empty list.',
    examples: [{ source: 'sum([1, 2, 3])', value: '6' }],
  },
  {
    name: 'mean',
    parameters: [{ name: 'numbers', type: NUMBERS }],
    result: NUMBER,
    doc: 'The mean of the numbers; `none` of an empty list.',
    examples: [{ source: 'mean([1, 2, 3])', value: '2' }],
  },
  {
    name: 'sort',
    parameters: [{ name: 'list', type: ITEMS }],
    result: { kind: 'sameAs', parameter: 0 },
    doc: 'The list in order: numbers by size, texts by their characters; `none` where it holds anything else.',
    examples: [{ source: 'sort([3, 1, 2])', value: '[1, 2, 3]' }],
  },
  {
    name: 'unique',
    parameters: [{ name: 'list', type: ITEMS }],
    result: { kind: 'sameAs', parameter: 0 },
    doc: 'Every item of the list once, where it stands first.',
    examples: [{ source: 'unique(["a", "b", "a"])', value: '["a", "b"]' }],
  },
  {
    name: 'keys',
    parameters: [{ name: 'record', type: FIELDS }],
    result: TEXTS,
    doc: 'The names of the fields that the record has.',
    examples: [{ source: 'keys({ Zoey: "knave" })', value: '["Zoey"]' }],
  },
  {
    name: 'values',
    parameters: [{ name: 'record', type: FIELDS }],
    result: { kind: 'valuesOf', parameter: 0 },
    doc: 'What the fields of the record hold.',
    examples: [{ source: 'values({ Zoey: "knave" })', value: '["knave"]' }],
  },
];
