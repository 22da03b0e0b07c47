// The functions of text.

import { BOOL, FIELDS, type FunctionDeclaration, ITEMS, NUMBER, TEXT, TEXTS } from './declaration.ts';

export const TEXT_FUNCTIONS: readonly FunctionDeclaration[] = [
  {
    name: 'lower',
    parameters: [{ name: 'text', type: TEXT }],
    result: TEXT,
    doc: 'The text in lower case.',
    examples: [{ source: 'lower("A Knight")', value: '"a knight"' }],
  },
  {
    name: 'upper',
    parameters: [{ name: 'text', type: TEXT }],
    result: TEXT,
    doc: 'The text in upper case.',
    examples: [{ source: 'upper("A Knight")', value: '"A KNIGHT"' }],
  },
  {
    name: 'trim',
    parameters: [{ name: 'text', type: TEXT }],
    result: TEXT,
    doc: 'The text without white space at its ends.',
    examples: [{ source: 'trim("  yes\\n")', value: '"yes"' }],
  },
  {
    name: 'words',
    parameters: [{ name: 'text', type: TEXT }],
    result: TEXTS,
    doc: 'The parts of the text between white space.',
    examples: [{ source: 'words("so  it is")', value: '["so", "it", "is"]' }],
  },
  {
    name: 'lines',
    parameters: [{ name: 'text', type: TEXT }],
    result: TEXTS,
    doc: 'The lines of the text, without their line ends; an empty text has no lines.',
    examples: [{ source: 'lines("a\\nb")', value: '["a", "b"]' }],
  },
  {
    name: 'length',
    parameters: [
      {
        name: 'value',
        type: { kind: 'oneOf', types: [TEXT, ITEMS, FIELDS] },
      },
    ],
    result: NUMBER,
    doc: 'How many characters (Unicode code points) a text has, or how many items a list or a record has.',
    examples: [
      { source: 'length("knave")', value: '5' },
      { source: 'length(["a", "b"])', value: '2' },
    ],
  },
  {
    name: 'contains',
    parameters: [
      { name: 'text', type: TEXT },
      { name: 'part', type: TEXT },
    ],
    result: BOOL,
    doc: 'The part occurs in the text; capitals count. (`x in list` asks the same of a list.)',
    examples: [{ source: 'contains("a knight", "knight")', value: 'true' }],
  },
  {
    name: 'starts_with',
    parameters: [
      { name: 'text', type: TEXT },
      { name: 'start', type: TEXT },
    ],
    result: BOOL,
    doc: 'The text begins with this.',
    examples: [{ source: 'starts_with("knight", "kn")', value: 'true' }],
  },
  {
    name: 'ends_with',
    parameters: [
      { name: 'text', type: TEXT },
      { name: 'end', type: TEXT },
    ],
    result: BOOL,
    doc: 'The text ends with this.',
    examples: [{ source: 'ends_with("Done.", ".")', value: 'true' }],
  },
  {
    name: 'replace',
    parameters: [
      { name: 'text', type: TEXT },
      { name: 'part', type: TEXT },
      { name: 'by', type: TEXT },
    ],
    result: TEXT,
    doc: 'The text with every occurrence of the part replaced; an empty part replaces nothing.',
    examples: [{ source: 'replace("1,000,000", ",", "")', value: '"1000000"' }],
  },

  {
    name: 'split',
    parameters: [
      { name: 'text', type: TEXT },
      { name: 'at', type: TEXT },
    ],
    result: TEXTS,
    doc: 'The parts of the text between the places where `at` stands, without white space at their ends; all of it where `at` is empty.',
    examples: [{ source: 'split("red, green", ",")', value: '["red", "green"]' }],
  },
  {
    name: 'join',
    parameters: [
      { name: 'texts', type: TEXTS },
      { name: 'by', type: TEXT },
    ],
    result: TEXT,
    doc: 'The texts one after the other, with `by` between them.',
    examples: [{ source: 'join(["red", "green"], " and ")', value: '"red and green"' }],
  },
  {
    name: 'occurrences',
    parameters: [
      { name: 'text', type: TEXT },
      { name: 'part', type: TEXT },
    ],
    result: NUMBER,
    doc: 'How often the part stands in the text, without overlap; capitals count.',
    examples: [{ source: 'occurrences("banana", "an")', value: '2' }],
  },
  {
    name: 'number',
    parameters: [{ name: 'text', type: TEXT }],
    result: NUMBER,
    doc: 'The number that the text is (`1,200.50`); `none` when it is anything else.',
    examples: [{ source: 'number("1,200.50")', value: '1200.5' }],
  },
];
