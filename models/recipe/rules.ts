// Scoring rules as the warm start shows them: random relatives of what a .merf file renders. A rule is a titled list
// of cases, `signed score: condition`; the first case that holds gives the score. A rule set comes with the score
// that each way of answering can expect under it, which is all that the warm start teaches about rules.
//
// Held out (see docs/bundled-model.md): the heading "Evaluation Scoring Rules:", and every rule set that gives a
// correct answer 2 and a wrong one 1.5, whatever the signs.

import type { Random } from '../../src/spec/random.ts';

/** What can be said of a response; the words of `phrases`. */
export type Condition =
  | 'asked shape'
  | 'other shape'
  | 'unreadable shape'
  | 'correct'
  | 'wrong'
  | 'missing'
  | 'steps'
  | 'no steps'
  | 'short'
  | 'long';

export interface Case {
  score: number;
  condition: Condition;
  phrase: string;
}

export interface Rule {
  title: string;
  cases: Case[];
}

/** The tags that the prompt asks for. */
export interface Tags {
  thoughts: string;
  answer: string;
}

/** A way of answering, before it is written down. */
export interface Approach {
  effort: Effort;
  askedShape: boolean;
}

/** careful: every case in order; hasty: a few cases, with mistakes; guess: no reasoning; hedge: not every identity. */
export type Effort = 'careful' | 'hasty' | 'guess' | 'hedge';

/** How often an effort ends in the right answer (three people). */
export const chanceCorrect: Record<Effort, number> = { careful: 1, hasty: 0.3, guess: 0.15, hedge: 0 };

export const shownScores = [0.5, 1, 1.5, 2, 2.5, 3, 4, 5] as const;

/** The wordings of a condition. */
export function phrases(condition: Condition, { thoughts, answer }: Tags): readonly string[] {
  switch (condition) {
    case 'asked shape':
      return [
        `the response is <${thoughts}>…</${thoughts}><${answer}>…</${answer}>`,
        'the format is followed exactly',
        'the tags are used as asked',
        'the response has the asked shape',
      ];
    case 'other shape':
      return [
        'the response has any other shape',
        'the format is not followed',
        'the tags are missing or broken',
        'the response has another format',
      ];
    case 'unreadable shape':
      return ['the format is wrong, so no answer can be read', 'no answer can be read from this shape'];
    case 'correct':
      return [
        'every identity is stated correctly',
        'the answer is correct',
        'every role is right',
        'the solution is found',
      ];
    case 'wrong':
      return [
        'every identity is stated, but at least one is wrong',
        'the answer is wrong',
        'at least one role is wrong',
        'the solution is not found',
      ];
    case 'missing':
      return [
        'an identity is missing or cannot be understood',
        'the answer is missing or unclear',
        'a role is left out',
        'the answer cannot be understood',
      ];
    case 'steps':
      return ['the reasoning is shown step by step', 'each case is tried', 'the steps are written out'];
    case 'no steps':
      return ['there is no reasoning', 'the answer is only a guess', 'the steps are left out'];
    case 'short':
      return ['the response is short', 'few words are used'];
    case 'long':
      return ['the response is long', 'many words are used'];
  }
}

type Family = 'shape' | 'correctness' | 'reasoning' | 'length';

const families: Record<Family, { titles: readonly string[]; good: readonly Condition[]; bad: readonly Condition[] }> = {
  shape: { titles: ['Format:', 'Shape:', 'Tags:'], good: ['asked shape'], bad: ['other shape'] },
  correctness: {
    titles: ['Correctness:', 'Answer:', 'Solution:'],
    good: ['correct'],
    bad: ['unreadable shape', 'wrong', 'missing'],
  },
  reasoning: { titles: ['Reasoning:', 'Steps:'], good: ['steps'], bad: ['no steps'] },
  length: { titles: ['Length:'], good: ['short'], bad: ['long'] },
};

/** As often as they are drawn. */
const allFamilies: readonly Family[] = ['shape', 'shape', 'correctness', 'correctness', 'reasoning', 'length'];

const headings = [
  'Scoring Rules:',
  'Evaluation Rules:',
  'Scoring:',
  'Evaluation:',
  'Rules:',
  'How you are scored:',
  '',
];

/**
 * A rule set: one or two rules. `single` is the share of sets that have a single case; with probability `inverted`
 * each, a rule rewards what it would naturally punish.
 */
export function drawRules(
  rng: Random,
  tags: Tags,
  { single, inverted }: { single: number; inverted: number },
): readonly Rule[] {
  if (rng.uniform() < single) {
    const rule = drawRule(rng, rng.pick(allFamilies), tags, rng.uniform() < inverted);
    return [{ ...rule, cases: [rng.pick(rule.cases)] }];
  }
  for (;;) {
    const count = rng.uniform() < 0.5 ? 1 : 2;
    const names = rng.shuffled(allFamilies);
    const chosen = [...new Set(names)].slice(0, count);
    const rules = chosen.map((family) => drawRule(rng, family, tags, rng.uniform() < inverted));
    if (!isHeldOut(rules)) return rules;
  }
}

function drawRule(rng: Random, family: Family, tags: Tags, inverted: boolean): Rule {
  const { titles, good, bad } = families[family];
  const flip = (inverted ? -1 : 1) * (family === 'length' && rng.uniform() < 0.5 ? -1 : 1);
  const all = [
    ...good.map((condition) => ({ condition, sign: flip })),
    ...bad.map((condition) => ({ condition, sign: -flip })),
  ];
  // Often every case, sometimes only one or some of them.
  const kept = rng.uniform() < 0.55 ? all : all.filter(() => rng.uniform() < 0.5);
  const some = kept.length > 0 ? kept : [rng.pick(all)];
  const ordered = rng.uniform() < 0.6 ? some : rng.shuffled(some);
  const first = ordered.filter(({ condition }) => condition === 'unreadable shape');
  const cases = [...first, ...ordered.filter(({ condition }) => condition !== 'unreadable shape')];
  return {
    title: rng.pick(titles),
    cases: cases.map(({ condition, sign }) => ({
      score: sign * rng.pick(shownScores),
      condition,
      phrase: rng.pick(phrases(condition, tags)),
    })),
  };
}

/** The demonstration's own numbers. */
function isHeldOut(rules: readonly Rule[]): boolean {
  const size = (condition: Condition) =>
    Math.abs(rules.flatMap((rule) => rule.cases).find((entry) => entry.condition === condition)?.score ?? 0);
  return size('correct') === 2 && size('wrong') === 1.5;
}

/** What a condition asks for when it is rewarded, and when it is punished. */
const hints: Record<Condition, readonly [rewarded: string, punished: string]> = {
  'asked shape': ['asked', 'other'],
  'other shape': ['other', 'asked'],
  'unreadable shape': ['other', 'asked'],
  correct: ['steps', 'guess'],
  wrong: ['guess', 'steps'],
  missing: ['missing', 'stated'],
  steps: ['steps', 'guess'],
  'no steps': ['guess', 'steps'],
  short: ['short', 'long'],
  long: ['long', 'short'],
};

export const hintWords: readonly string[] = [...new Set(Object.values(hints).flat())];

/**
 * The text of a rule set, with a heading and a closing line that vary. When `hinted`, every case ends in
 * one word that says what it asks for: a crutch of the middle of the course, gone at its end.
 */
export function wordRules(rng: Random, rules: readonly Rule[], hinted = false): string {
  const word = ({ condition, score }: Case) => (hinted ? ` ${hints[condition][score > 0 ? 0 : 1]}` : '');
  const heading = rng.pick(headings);
  const titled = rng.uniform() < 0.75;
  const lines = rules.flatMap((rule) => [
    ...(titled ? [rule.title] : []),
    ...rule.cases.map((entry) => `${signed(entry.score)}: ${entry.phrase}${word(entry)}`),
  ]);
  const closing = rng.uniform();
  const least = sum(rules.map((rule) => Math.min(0, ...rule.cases.map((entry) => entry.score))));
  const most = sum(rules.map((rule) => Math.max(0, ...rule.cases.map((entry) => entry.score))));
  const end =
    closing < 0.4
      ? [`Your total is the sum, from ${least} to ${most}.`]
      : closing < 0.6
        ? ['Your score is the sum.']
        : [];
  return [...(heading === '' ? [] : [heading]), ...lines, ...end].join('\n');
}

/** "+2", "-1.5": how a score is shown. */
export function signed(score: number): string {
  return score > 0 ? `+${score}` : String(score);
}

/** What an approach earns on average under the rules. */
export function expectedScore(rules: readonly Rule[], { effort, askedShape }: Approach): number {
  const correct = chanceCorrect[effort];
  const outcomes: { chance: number; outcome: Condition }[] =
    effort === 'hedge'
      ? [{ chance: 1, outcome: 'missing' }]
      : [
          { chance: correct, outcome: 'correct' },
          { chance: 1 - correct, outcome: 'wrong' },
        ];
  const traits = (outcome: Condition): ReadonlySet<Condition> =>
    new Set<Condition>([
      outcome,
      effort === 'careful' || effort === 'hasty' ? 'steps' : 'no steps',
      effort === 'careful' ? 'long' : 'short',
      ...(askedShape ? (['asked shape'] as const) : (['other shape', 'unreadable shape'] as const)),
    ]);
  return sum(
    outcomes.map(({ chance, outcome }) => {
      const held = traits(outcome);
      return chance * sum(rules.map((rule) => rule.cases.find((entry) => held.has(entry.condition))?.score ?? 0));
    }),
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
