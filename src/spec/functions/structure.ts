// The functions that look at the shape of a whole response.

import { BOOL, type FunctionDeclaration, NUMBER, TEXT } from './declaration.ts';

export const STRUCTURE_FUNCTIONS: readonly FunctionDeclaration[] = [
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

  {
    name: 'repetition',
    parameters: [
      { name: 'n', type: NUMBER },
      { name: 'text', type: TEXT, optional: true },
    ],
    result: NUMBER,
    doc: 'How much of the response (or of the text) is repeated: 1 - distinct / all of its runs of `n` words, in lower case; 0 where it has fewer than `n` words. The n-gram repetition penalty of Demystifying Long Chain-of-Thought Reasoning (arXiv 2502.03373) and open-r1.',
    examples: [{ source: 'repetition(2, "so it is so it is")', value: '0.4' }],
  },
];
