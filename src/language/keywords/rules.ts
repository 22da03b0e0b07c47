// What stands in `reward`.

import type { KeywordDoc } from './entry.ts';

export const RULE_WORDS: readonly KeywordDoc[] = [
  {
    word: 'rule',
    doc: 'A rule: cases tried from the top, the first that holds gives the score. The title is what the model reads as its name; the text after `:` is what it reads of a case.',
    example:
      'rule format "Format" {\n  +1 when exactly(think, answer) : "both parts are there"\n  -1 otherwise                   : "anything else"\n}',
  },
  {
    word: 'weight',
    doc: 'What the rule’s score is multiplied by in the total; 1 when left out. A schedule goes in a straight line from one number to another.',
    example: 'rule style "Style" weight 0 -> 1 over 100 steps { … }',
  },
  {
    word: 'when',
    within: ['PassItem'],
    doc: 'The gate: a metric compared with a number. All gates of a stage must hold at its end.',
    example: 'pass when accuracy > 5% for 3 steps',
  },
  {
    word: 'when',
    within: ['WatchItem'],
    doc: 'The condition of the watch: a metric compared with a number.',
    example: 'alert when kl > 2.0 for 10 steps',
  },
  {
    word: 'when',
    doc: 'The condition of the case: an expression that is true or false.',
    example: '+2 when roles == solution',
  },
  {
    word: 'otherwise',
    doc: 'The last case: for every response that no case above took.',
    example: '-1 otherwise : "anything else"',
  },
  {
    word: 'over',
    doc: 'In how many steps the weight goes from the first number to the second.',
    example: 'rule style "Style" weight 0 -> 1 over 100 steps { … }',
  },
  {
    word: 'metric',
    doc: 'The rule is measured and shown, and adds nothing to the total (weight 0). The model is not told of it.',
    example: 'rule length "Length" metric { … }',
  },
  {
    word: 'total',
    doc: 'How the rules make the total: `sum` (also when left out), `product`, or an expression in which a rule’s name is its score times its weight.',
    example: 'total = format * (correctness + 1)',
  },
  { word: 'sum', doc: 'The total is the sum of the rules’ scores, each times its weight.', example: 'total sum' },
  {
    word: 'product',
    doc: 'The total is the product of the rules’ scores, each times its weight: one zero makes all of it zero.',
    example: 'total product',
  },
];
