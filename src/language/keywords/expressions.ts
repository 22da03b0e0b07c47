// Words inside conditions and scores.

import type { KeywordDoc } from './entry.ts';

export const EXPRESSION_WORDS: readonly KeywordDoc[] = [
  {
    word: 'and',
    within: ['EvaluateSetting'],
    doc: 'And without the motivation too.',
    example: 'evaluate every 20 steps with motivation and without',
  },
  { word: 'and', doc: 'Both conditions hold.', example: '+1 when finished and tokens < 512' },
  { word: 'or', doc: 'At least one of the conditions holds.', example: '-1 when answer is none or tokens > 512' },
  { word: 'not', doc: 'The condition does not hold; also in `not in` and `is not`.', example: '-1 when not finished' },
  {
    word: 'in',
    within: ['Quantifier'],
    doc: 'The list that the variable runs over.',
    example: 'all(name in names: contains(answer, name))',
  },
  {
    word: 'in',
    doc: 'The value is in the list; `not in`: it is not.',
    example: '+1 when lower(answer) in ["yes", "no"]',
  },
  {
    word: 'is',
    doc: '`is none`: not there. After a rule’s name: the rule gave this score. Otherwise the same as `==`.',
    example: '-2 when format is -1',
  },
  { word: 'if', doc: 'One value or another.', example: '(if finished then 1 else -1) otherwise' },
  { word: 'then', doc: 'The value when the condition holds.', example: '(if finished then 1 else -1) otherwise' },
  {
    word: 'else',
    doc: 'The value when the condition does not hold.',
    example: '(if finished then 1 else -1) otherwise',
  },
  {
    word: 'all',
    doc: 'The condition holds for every item of the list.',
    example: 'all(name in names: contains(answer, name))',
  },
  {
    word: 'any',
    doc: 'The condition holds for at least one item of the list.',
    example: 'any(word in words(answer): word == "knave")',
  },
  {
    word: 'count',
    doc: 'For how many items of the list the condition holds.',
    example: 'count(line in lines(think): contains(line, "so")) > 3',
  },
  { word: 'true', doc: 'The condition that always holds.', example: 'finished == true' },
  { word: 'false', doc: 'The condition that never holds.', example: 'finished == false' },
  { word: 'none', doc: 'The value of what is not there.', example: '-1 when answer is none' },
];
