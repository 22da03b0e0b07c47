// What stands behind a motivation’s name.

import type { KeywordDoc } from './entry.ts';

export const MOTIVATION_WORDS: readonly KeywordDoc[] = [
  {
    word: 'only',
    doc: 'The other motivation with only these rules shown.',
    example: 'motivation partial = full only correctness',
  },
  {
    word: 'without',
    within: ['EvaluateSetting'],
    doc: 'Evaluate with an empty motivation too: what was learned, and not only read.',
    example: 'evaluate every 20 steps with motivation and without',
  },
  {
    word: 'without',
    within: ['DerivationStep'],
    doc: 'With rules: they are left out. After `update`: log-probabilities and the update are computed without the motivation in the prompt.',
    example: 'motivation quiet = full without format',
  },
  {
    word: 'inverted',
    doc: 'The other motivation with every number negated: the adverse motivation of the MeRF paper.',
    example: 'motivation adverse = full inverted',
  },
  {
    word: 'none',
    within: ['ArmMotivation', 'Derivation'],
    doc: 'No motivation: the model reads nothing about its reward.',
    example: 'arm rlvr { motivation none }',
  },
  {
    word: 'scores_only',
    doc: 'The other motivation with the cases’ scores and nothing of what they are for.',
    example: 'motivation numbers = full scores_only',
  },
  {
    word: 'criteria_only',
    doc: 'The other motivation with what the cases are for and none of their scores.',
    example: 'motivation words = full criteria_only',
  },
  {
    word: 'at',
    within: ['DerivationStep'],
    doc: 'Where the motivation stands: `at system`, `at user`, `at before` or `at after`; `decay at 20%`: at which part of the run half of the group still reads it.',
    example: 'motivation asked = full at before',
  },
  {
    word: 'before',
    doc: "The motivation is the first paragraph of the user's message.",
    example: 'motivation asked = full at before',
  },
  {
    word: 'after',
    within: ['DerivationStep'],
    doc: "The motivation is the last paragraph of the user's message.",
    example: 'motivation asked = full at after',
  },
  {
    word: 'share',
    within: ['DerivationStep'],
    doc: 'Which part of each group reads the motivation; `graded`: the first sample reads all rules, the last one none (RuscaRL).',
    example: 'motivation some = full share 50%',
  },
  {
    word: 'graded',
    doc: 'Sample i of G reads the first (G - i)/(G - 1) of the rules.',
    example: 'motivation scaffold = full share graded decay',
  },
  {
    word: 'decay',
    doc: 'Fewer and fewer of a group read the motivation as the run goes on, along a sigmoid (RuscaRL).',
    example: 'motivation scaffold = full decay at 20% steepness 125',
  },
  {
    word: 'steepness',
    doc: 'How sudden the decay is: the sigmoid’s slope, 125 when left out.',
    example: 'motivation scaffold = full decay at 20% steepness 125',
  },
  {
    word: 'update',
    doc: 'Under which prompt log-probabilities and the update are computed: `with` the motivation (also when left out), or `without` it.',
    example: 'motivation distilled = full update without',
  },
  {
    word: 'with',
    within: ['DerivationStep'],
    doc: 'Log-probabilities and the update are computed with the motivation in the prompt.',
    example: 'motivation full update with { "{rules}" }',
  },
];
