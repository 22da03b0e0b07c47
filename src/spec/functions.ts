// The builtin functions of the expressions: what the checker knows of each, what hover shows, what docs/language.md
// lists. Evaluation lives in reward/, which holds itself to this table. Every function is total and deterministic;
// where an argument is `none` the result is `none` (and a condition over `none` is false).

import type { ValueType } from './expression.ts';

export interface FunctionDeclaration {
  name: string;
  parameters: readonly FunctionParameter[];
  result: ValueType;
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
  | { kind: 'oneOf'; types: readonly ValueType[] }
  /** The name of a capture made with `tag`; in the checked expression `{ kind: 'capture' }`. */
  | { kind: 'tag' }
  /** Written `x -> y`; becomes two number arguments in the checked expression: x, then y. */
  | { kind: 'point' };

const TEXT = { kind: 'text' } as const;
const NUMBER = { kind: 'number' } as const;
const BOOL = { kind: 'bool' } as const;
const TEXTS = { kind: 'list', of: TEXT } as const;
const RECORD = { kind: 'record', of: TEXT } as const;
const TEXT_OR_NUMBER = { kind: 'oneOf', types: [TEXT, NUMBER] } as const;

export const FUNCTIONS: readonly FunctionDeclaration[] = [
  // ------------------------------------------------------------- structure of the response
  {
    name: 'exactly',
    parameters: [{ name: 'parts', type: { kind: 'tag' }, repeated: true }],
    result: BOOL,
    doc: 'The whole response is exactly these tagged parts, once each and in this order, with nothing but white space before, between and after them.',
    examples: [{ source: 'exactly(think, answer)', value: 'true for `<think>…</think> <answer>…</answer>`' }],
  },
  {
    name: 'once_in_order',
    parameters: [{ name: 'parts', type: { kind: 'tag' }, repeated: true }],
    result: BOOL,
    doc: "Each part's opening and closing tag occurs exactly once in the response, in this order; other text may stand anywhere (Logic-RL's condition, looser than `exactly`).",
    examples: [
      { source: 'once_in_order(think, answer)', value: 'true for `<think>…</think> So: <answer>…</answer> Done.`' },
    ],
  },

  // ------------------------------------------------------------- comparing answers
  {
    name: 'covers',
    parameters: [
      { name: 'record', type: RECORD },
      { name: 'names', type: TEXTS },
    ],
    result: BOOL,
    doc: 'The record has a value for every name of the list and for no other name.',
    examples: [{ source: 'covers({ Zoey: "knave" }, ["Zoey", "Oliver"])', value: 'false' }],
  },
  {
    name: 'same_text',
    parameters: [
      { name: 'a', type: TEXT },
      { name: 'b', type: TEXT },
    ],
    result: BOOL,
    doc: 'Equal after both are lower-cased, trimmed, and runs of white space are one space.',
    examples: [{ source: 'same_text("  A  Knight ", "a knight")', value: 'true' }],
  },
  {
    name: 'same_number',
    parameters: [
      { name: 'a', type: TEXT_OR_NUMBER },
      { name: 'b', type: TEXT_OR_NUMBER },
      { name: 'tolerance', type: NUMBER, optional: true },
    ],
    result: BOOL,
    doc: 'Both are numbers, or texts that are a number ("1,200" and "1200.0" too), and differ by at most `tolerance` (0 when left out). A text that is no number is never the same.',
    examples: [
      { source: 'same_number("1,200", 1200)', value: 'true' },
      { source: 'same_number("3.14", 3.1416, 0.01)', value: 'true' },
    ],
  },

  // ------------------------------------------------------------- text
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
        type: {
          kind: 'oneOf',
          types: [
            TEXT,
            { kind: 'list', of: TEXT },
            { kind: 'list', of: NUMBER },
            { kind: 'list', of: BOOL },
            RECORD,
            { kind: 'record', of: NUMBER },
            { kind: 'record', of: BOOL },
          ],
        },
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

  // ------------------------------------------------------------- numbers and shaping
  {
    name: 'abs',
    parameters: [{ name: 'x', type: NUMBER }],
    result: NUMBER,
    doc: 'The number without its sign.',
    examples: [{ source: 'abs(-1.5)', value: '1.5' }],
  },
  {
    name: 'min',
    parameters: [{ name: 'numbers', type: NUMBER, repeated: true }],
    result: NUMBER,
    doc: 'The least of the numbers.',
    examples: [{ source: 'min(3, 1, 2)', value: '1' }],
  },
  {
    name: 'max',
    parameters: [{ name: 'numbers', type: NUMBER, repeated: true }],
    result: NUMBER,
    doc: 'The greatest of the numbers.',
    examples: [{ source: 'max(3, 1, 2)', value: '3' }],
  },
  {
    name: 'round',
    parameters: [
      { name: 'x', type: NUMBER },
      { name: 'digits', type: NUMBER, optional: true },
    ],
    result: NUMBER,
    doc: 'The number rounded to this many digits after the point (0 when left out); halves go away from zero.',
    examples: [
      { source: 'round(2.5)', value: '3' },
      { source: 'round(3.14159, 2)', value: '3.14' },
    ],
  },
  {
    name: 'clamp',
    parameters: [
      { name: 'x', type: NUMBER },
      { name: 'low', type: NUMBER },
      { name: 'high', type: NUMBER },
    ],
    result: NUMBER,
    doc: 'The number, but at least `low` and at most `high`.',
    examples: [{ source: 'clamp(1.7, 0, 1)', value: '1' }],
  },
  {
    name: 'linear',
    parameters: [
      { name: 'x', type: NUMBER },
      { name: 'from', type: { kind: 'point' } },
      { name: 'to', type: { kind: 'point' } },
    ],
    result: NUMBER,
    doc: 'On the straight line through two points `x -> y`; outside them the value of the nearer point.',
    examples: [
      { source: 'linear(384, 512 -> 0, 256 -> 1)', value: '0.5' },
      { source: 'linear(tokens, 512 -> 0, 256 -> 1)', value: '1 for 256 tokens and less, 0 for 512 and more' },
    ],
  },
];

export function functionDeclaration(name: string): FunctionDeclaration | undefined {
  return FUNCTIONS.find((declaration) => declaration.name === name);
}
