// The functions that compare answers.

import { BOOL, type FunctionDeclaration, ITEMS, NUMBER, TEXT, TEXTS } from './declaration.ts';

const TEXT_OR_NUMBER = { kind: 'oneOf', types: [TEXT, NUMBER] } as const;
const RECORD = { kind: 'record', of: TEXT } as const;

export const ANSWER_FUNCTIONS: readonly FunctionDeclaration[] = [
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

  {
    name: 'same_math',
    parameters: [
      { name: 'a', type: TEXT_OR_NUMBER },
      { name: 'b', type: TEXT_OR_NUMBER },
    ],
    result: BOOL,
    doc: 'Both say the same as mathematics, in plain text or LaTeX: numbers, fractions, roots, percents, powers and functions; expressions in variables, compared at points; tuples and intervals in order; sets and several answers in any order; equations up to a factor. Dollar signs, `\\left`, spaces, units, degrees, `x =` and commas between thousands do not count; decimals count to six places. What is not mathematics is the same where it reads the same.',
    examples: [
      { source: 'same_math("\\\\frac{1}{2}", "0.5")', value: 'true' },
      { source: 'same_math("(x+1)^2", "x^2 + 2x + 1")', value: 'true' },
      { source: 'same_math("[0, 1)", "(0, 1)")', value: 'false' },
    ],
  },
  {
    name: 'same_set',
    parameters: [
      { name: 'a', type: ITEMS },
      { name: 'b', type: ITEMS },
    ],
    result: BOOL,
    doc: 'Each item of one list is in the other, in any order and however often.',
    examples: [{ source: 'same_set(["a", "b"], ["b", "a", "a"])', value: 'true' }],
  },
  {
    name: 'similarity',
    parameters: [
      { name: 'a', type: TEXT },
      { name: 'b', type: TEXT },
    ],
    result: NUMBER,
    doc: 'How alike two texts are, 0 to 1: twice their common pairs of neighbouring characters by all pairs of both (Sørensen-Dice), after `lower` and with runs of white space as one space.',
    examples: [{ source: 'similarity("night", "nacht")', value: '0.25' }],
  },
  {
    name: 'overlap',
    parameters: [
      { name: 'a', type: TEXT },
      { name: 'b', type: TEXT },
    ],
    result: NUMBER,
    doc: 'How many words two texts share, 0 to 1: the F1 score of SQuAD (arXiv 1606.05250). Case, punctuation and the articles a, an and the do not count.',
    examples: [{ source: 'overlap("the red car", "a red bus")', value: '0.5' }],
  },
  {
    name: 'matches',
    parameters: [
      { name: 'text', type: TEXT },
      { name: 'pattern', type: { kind: 'pattern' } },
    ],
    result: BOOL,
    doc: 'The regular expression (RE2) is found somewhere in the text; `^…$` asks for all of it.',
    examples: [{ source: 'matches("room 12", "[0-9]+")', value: 'true' }],
  },
  {
    name: 'is_json',
    parameters: [{ name: 'text', type: TEXT }],
    result: BOOL,
    doc: 'The text is one JSON value and nothing else.',
    examples: [{ source: 'is_json("[1, 2]")', value: 'true' }],
  },
  {
    name: 'countdown_value',
    parameters: [
      { name: 'text', type: TEXT },
      { name: 'numbers', type: { kind: 'list', of: NUMBER } },
    ],
    result: NUMBER,
    doc: 'What an expression of `+ - * / ( )` comes to that uses each of the numbers exactly once; none where the text is anything else. Exact: `8 / 3 * 3` is 8.',
    examples: [
      { source: 'countdown_value("(25 - 3) * 4", [3, 4, 25])', value: '88' },
      { source: 'countdown_value("25 + 25", [3, 25])', value: 'none' },
    ],
  },
];
