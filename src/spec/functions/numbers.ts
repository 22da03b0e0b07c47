// The functions of numbers, and those that shape a number into a score.

import { type FunctionDeclaration, NUMBER, NUMBERS } from './declaration.ts';

const NUMBER_OR_NUMBERS = { kind: 'oneOf', types: [NUMBER, NUMBERS] } as const;

export const NUMBER_FUNCTIONS: readonly FunctionDeclaration[] = [
  {
    name: 'abs',
    parameters: [{ name: 'x', type: NUMBER }],
    result: NUMBER,
    doc: 'The number without its sign.',
    examples: [{ source: 'abs(-1.5)', value: '1.5' }],
  },
  {
    name: 'min',
    parameters: [{ name: 'numbers', type: NUMBER_OR_NUMBERS, repeated: true }],
    result: NUMBER,
    doc: 'The least of the numbers, also of those in a list; `none` of an empty list.',
    examples: [{ source: 'min(3, 1, 2)', value: '1' }],
  },
  {
    name: 'max',
    parameters: [{ name: 'numbers', type: NUMBER_OR_NUMBERS, repeated: true }],
    result: NUMBER,
    doc: 'The greatest of the numbers, also of those in a list; `none` of an empty list.',
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
    name: 'floor',
    parameters: [{ name: 'x', type: NUMBER }],
    result: NUMBER,
    doc: 'The next whole number downwards.',
    examples: [{ source: 'floor(-1.5)', value: '-2' }],
  },
  {
    name: 'ceil',
    parameters: [{ name: 'x', type: NUMBER }],
    result: NUMBER,
    doc: 'The next whole number upwards.',
    examples: [{ source: 'ceil(1.2)', value: '2' }],
  },
  {
    name: 'sqrt',
    parameters: [{ name: 'x', type: NUMBER }],
    result: NUMBER,
    doc: 'The square root; `none` of a negative number.',
    examples: [{ source: 'sqrt(9)', value: '3' }],
  },
  {
    name: 'log',
    parameters: [{ name: 'x', type: NUMBER }],
    result: NUMBER,
    doc: 'The natural logarithm; `none` of 0 and less.',
    examples: [{ source: 'log(1)', value: '0' }],
  },
  {
    name: 'exp',
    parameters: [{ name: 'x', type: NUMBER }],
    result: NUMBER,
    doc: 'e to the power of x.',
    examples: [{ source: 'exp(0)', value: '1' }],
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
  {
    name: 'cosine',
    parameters: [
      { name: 'x', type: NUMBER },
      { name: 'from', type: { kind: 'point' } },
      { name: 'to', type: { kind: 'point' } },
    ],
    result: NUMBER,
    doc: 'As `linear`, on half a cosine wave: flat at both points. With t from 0 to 1 between them, the value is to + (from - to) (1 + cos(π t)) / 2: the length-scaled reward of Demystifying Long Chain-of-Thought Reasoning (arXiv 2502.03373) and open-r1.',
    examples: [
      { source: 'cosine(256, 0 -> 1, 512 -> 0)', value: '0.5' },
      { source: 'cosine(tokens, 0 -> 1, 512 -> 0.5)', value: '1 for no tokens, 0.5 for 512 and more' },
    ],
  },
];
