// The plan of a training, its stages and watches, and examples.

import type { KeywordDoc } from './entry.ts';

export const PLAN_WORDS: readonly KeywordDoc[] = [
  {
    word: 'evaluate',
    doc: 'Answers the held-out rows every so many steps, with the motivation in the prompt, without it, or both.',
    example: 'evaluate every 20 steps with motivation and without',
  },
  {
    word: 'samples',
    doc: 'How many answers each held-out row gets; with several, pass@k says how often one of k is right.',
    example: 'evaluate every 20 steps without samples 8',
  },
  {
    word: 'checkpoint',
    doc: 'How often the weights are kept on disk, and which of these checkpoints stay. Left out: at every evaluation, or every 20 steps; the last two stay, and where there are evaluations the one with the best accuracy.',
    example: 'checkpoint every 20 steps keep last 3, best accuracy',
  },
  {
    word: 'keep',
    doc: 'Which checkpoints stay; the others are removed when there is a newer one.',
    example: 'checkpoint every 20 steps keep last 3, best accuracy, every 100 steps',
  },
  { word: 'last', doc: 'So many of the newest checkpoints stay.', example: 'checkpoint every 20 steps keep last 3' },
  {
    word: 'best',
    doc: 'The best checkpoint stays: by `accuracy` or `reward` on held-out rows (without motivation where they are answered so), or where there are no evaluations by that of the steps before it.',
    example: 'checkpoint keep last 2, best reward',
  },
  {
    word: 'accuracy',
    doc: 'The share of responses with full marks.',
    example: 'checkpoint keep last 2, best accuracy',
  },
  {
    word: 'reward',
    within: ['KeptCheckpoints'],
    doc: 'The mean total of the responses.',
    example: 'checkpoint keep last 2, best reward',
  },
  {
    word: 'every',
    within: ['CheckpointSetting', 'KeptCheckpoints'],
    doc: 'How many steps lie between checkpoints; after `keep`, between those that stay for good.',
    example: 'checkpoint every 20 steps keep last 2, every 100 steps',
  },
  { word: 'every', doc: 'How many steps lie between evaluations.', example: 'evaluate every 20 steps without' },
  {
    word: 'steps',
    doc: 'Steps of the training.',
    example: 'alert when truncated > 15% for 5 steps',
  },
  {
    word: 'with',
    doc: 'Evaluate with the motivation in the prompt.',
    example: 'evaluate every 20 steps with motivation',
  },
  {
    word: 'alert',
    doc: 'Raises an alert when the condition holds; the training goes on.',
    example: 'alert when truncated > 15%',
  },
  { word: 'stop', doc: 'Stops the training when the condition holds.', example: 'stop when kl > 2.0 for 10 steps' },
  {
    word: 'share',
    doc: 'The rule’s part of the variance of the rewards inside a group, 0% to 100%.',
    example: 'alert when share(format) > 70% after 50 steps',
  },
  {
    word: 'for',
    doc: 'For how many steps in a row the condition must hold.',
    example: 'stop when kl > 2.0 for 10 steps',
  },
  {
    word: 'after',
    doc: 'The condition is looked at only after this step.',
    example: 'alert when share(format) > 70% after 50 steps',
  },
  {
    word: 'row',
    doc: 'The row that the example scores: columns of the task and their values.',
    example: 'row { names: ["Zoey"] }',
  },
  {
    word: 'expect',
    doc: 'What the example should score: `reward` for the total, or a rule’s name.',
    example: 'expect reward 3, format +1',
  },
  {
    word: 'pass',
    doc: 'The stage’s gate: what must hold at its end before the next one starts.',
    example: 'stage pilot { steps 30  pass when accuracy > 5% for 3 steps }',
  },
  {
    word: 'steps',
    within: ['RuleWeight'],
    doc: 'Steps of the training, counted from its first.',
    example: 'rule style "Style" weight 0 -> 1 over 100 steps { … }',
  },
  {
    word: 'for',
    within: ['PassItem'],
    doc: 'The condition must hold in the stage’s last so many steps.',
    example: 'pass when accuracy > 5% for 3 steps',
  },
  {
    word: 'tokens',
    doc: 'How many tokens the response has; where it is left out, conditions over `tokens` do not hold.',
    example: 'example "long" {\n  response "…"\n  tokens 300\n}',
  },
  {
    word: 'finished',
    doc: 'Whether the response ended by itself, and was not cut at `max_response`; true when left out.',
    example: 'example "cut" {\n  response "…"\n  finished false\n}',
  },
  {
    word: 'given',
    doc: 'What a verifier or judge answers in this example, instead of being asked.',
    example: 'given run_tests 1',
  },
];
