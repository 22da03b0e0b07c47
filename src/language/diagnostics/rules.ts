// Diagnostics 3xx: rules and their cases.

import { kind } from './kind.ts';

export const RULE_DIAGNOSTICS = {
  notExhaustive: kind({
    code: 'MERF301',
    severity: 'error',
    title: 'A rule leaves responses without a score',
    message: (rule: string) =>
      `\`${rule}\` gives no score when none of its conditions holds. End it with a case \`0 otherwise\`, or the score you mean.`,
    why: 'Every response must get a score, also the ones nobody thought of: those are the ones reinforcement learning finds.',
    bad: 'rule format {\n  +1 when exactly(think, answer)\n}',
    good: 'rule format {\n  +1 when exactly(think, answer)\n  -1 otherwise\n}',
  }),
  unreachableCase: kind({
    code: 'MERF302',
    severity: 'warning',
    title: 'A case can never fire',
    message: (why: string) => `This case can never fire: ${why}. Move it up, change its condition, or remove it.`,
    why: 'Cases are tried from the top and the first that holds gives the score.',
    bad: '0 otherwise\n+1 when exactly(think, answer)',
    good: '+1 when exactly(think, answer)\n0 otherwise',
  }),
  caseWithoutText: kind({
    code: 'MERF303',
    severity: 'warning',
    title: 'The model is not told about a case',
    message: (rule: string, motivation: string) =>
      `\`${motivation}\` shows the model \`${rule}\`, but this case has no text. Add \`: "…"\` after it.`,
    why: 'A motivation that leaves out a case tells the model other rules than the ones it is scored by, and the agreement of the two is what the method lives on.',
    bad: '+1 when exactly(think, answer) : "the response has both parts"\n-1 otherwise',
    good: '+1 when exactly(think, answer) : "the response has both parts"\n-1 otherwise                   : "the response has any other shape"',
  }),
  textContradictsScore: kind({
    code: 'MERF304',
    severity: 'warning',
    title: 'The text contradicts the score',
    message: (found: string, score: string) =>
      `The text says ${found}, but the case gives ${score}. Remove the number (the score is shown with the text), or make them agree.`,
    suggest: (_found, score) => score,
    why: 'The score is written beside the text when the model reads it. A second number in the wording is not changed when the score is, and then the model reads two rules.',
    bad: '+2 when roles == solution : "every identity is correct: +3"',
    good: '+2 when roles == solution : "every identity is correct"',
  }),
  readsLaterRule: kind({
    code: 'MERF305',
    severity: 'error',
    title: 'A rule reads a rule that comes later',
    message: (rule: string, isItself: boolean) =>
      isItself
        ? `\`${rule}\` reads itself. Read another rule, or a capture.`
        : `\`${rule}\` comes later in the file. Move it above this rule.`,
    why: 'Rules are scored in the order of the file, so a rule can read only those above it.',
    bad: 'rule correctness { -2 when format is -1\n … }\nrule format { … }',
    good: 'rule format { … }\nrule correctness { -2 when format is -1\n … }',
  }),
  constantRule: kind({
    code: 'MERF306',
    severity: 'warning',
    title: 'A rule gives every response the same score',
    message: (rule: string, score: string) =>
      `Every case of \`${rule}\` gives ${score}, so it cannot tell responses apart. Give its cases different scores, or remove it.`,
    why: 'Advantages are differences inside a group: a constant adds nothing to any of them.',
    bad: 'rule polite {\n  +1 when contains(response, "please")\n  +1 otherwise\n}',
    good: 'rule polite {\n  +1 when contains(response, "please")\n  0 otherwise\n}',
  }),
  textContradictsSign: kind({
    code: 'MERF307',
    severity: 'warning',
    title: 'The text praises what costs, or blames what earns',
    message: (verdict: 'praise' | 'blame', extreme: string, rule: string, score: string) =>
      `The text ${verdict}s the response, but the case gives ${score}, ${extreme} of \`${rule}\`. Exchange the scores, or write what the case means.`,
    why: 'The model reads the score and the text together. A sign that was mistyped teaches the opposite of what the text says.',
    bad: '-2  when roles == solution : "every identity is correct"\n+2  otherwise              : "an identity is wrong"',
    good: '+2  when roles == solution : "every identity is correct"\n-2  otherwise              : "an identity is wrong"',
  }),
  textBesideCondition: kind({
    code: 'MERF308',
    severity: 'warning',
    title: 'The text speaks of what the condition does not look at',
    message: (found: string) =>
      `The text speaks of ${found}, but neither this condition nor one above it looks at that. Make the text and the condition agree.`,
    why: 'A tag or a length that the text asks for and the condition ignores is a promise to the model that is not kept; it is easily left behind when a condition is changed.',
    bad: '+1  when tokens < 256 : "the response has fewer than 512 tokens"',
    good: '+1  when tokens < 512 : "the response has fewer than 512 tokens"',
  }),
  nothingSecretRead: kind({
    code: 'MERF309',
    severity: 'warning',
    title: 'No rule knows the answer',
    message: (secrets: readonly string[]) =>
      `No rule reads ${secrets.map((name) => `\`${name}\``).join(', ')}, so a wrong answer scores like a right one. Compare a capture with one of them.`,
    why: 'Only secret columns hold the answer. A reward that reads none of them rewards form, and form is all that will be learned.',
    bad: 'reward {\n  rule format { +1 when exactly(think, answer)\n    0 otherwise }\n}',
    good: 'rule correctness {\n  +2 when roles == solution\n  -2 otherwise\n}',
  }),
  formOutweighsAnswer: kind({
    code: 'MERF310',
    severity: 'warning',
    title: 'Form is worth more than the answer',
    message: (formal: readonly string[], theirs: number, knowing: readonly string[], ours: number) =>
      `${named(formal)} can move the total by ${theirs}, and ${named(knowing)}, which know${knowing.length === 1 ? 's' : ''} the answer, only by ${ours}: a wrong answer in good form can score more than a right one. Give the answer more weight.`,
    why: 'Reinforcement learning takes the shortest way to reward. When form pays more than being right, it is learned first and may be all that is learned.',
    bad: 'rule format { +3 when exactly(think, answer)\n  -3 otherwise }\nrule correctness { +1 when roles == solution\n  0 otherwise }',
    good: 'rule format { +1 when exactly(think, answer)\n  -1 otherwise }\nrule correctness { +2 when roles == solution\n  -2 otherwise }',
  }),
  weightZero: kind({
    code: 'MERF311',
    severity: 'warning',
    title: 'A rule counts for nothing',
    message: (rule: string) =>
      `With weight 0 \`${rule}\` adds nothing to the total, but the model is told of it. Write \`metric\` to only measure it.`,
    suggest: () => 'metric',
    why: 'A rule that is only measured is shown in the curves and never told to the model; one with weight 0 is told, as worth 0.',
    bad: 'rule length "Length" weight 0 { … }',
    good: 'rule length "Length" metric { … }',
  }),
  ruleBesideTotal: kind({
    code: 'MERF312',
    severity: 'warning',
    title: 'A rule does not reach the total',
    message: (found: string, remedy: string) => `${found} ${remedy}`,
    why: 'With `total = …` only what the expression reads is earned. A rule that it leaves out is shown to the model and pays nothing.',
    bad: 'total = correctness\n// … while there is also a rule `format`',
    good: 'total = correctness + format',
  }),
  negativeProduct: kind({
    code: 'MERF313',
    severity: 'warning',
    title: 'Two wrongs make a right',
    message: (one: string, other: string) =>
      `\`${one}\` and \`${other}\` can both be negative, and their product is then positive: a response that is bad in both ways is rewarded. Let scores of a product begin at 0.`,
    why: 'A product suits scores from 0 to 1, where one failure makes all of it zero.',
    bad: 'total product\nrule format { +1 when exactly(think, answer)\n  -1 otherwise }',
    good: 'total product\nrule format { +1 when exactly(think, answer)\n  0 otherwise }',
  }),
  bestWithoutAnswer: kind({
    code: 'MERF314',
    severity: 'warning',
    title: 'The most is earned without the answer',
    message: (rule: string, score: string) =>
      `This case gives ${score}, the most of \`${rule}\`, without looking at the answer, as a case that does look at it. Give it less.`,
    why: 'Where a right answer and a response that was never compared with it score the same, the model learns whichever is easier.',
    bad: '+2 when roles == solution\n+2 when contains(answer, "knight")\n-2 otherwise',
    good: '+2 when roles == solution\n-1 when contains(answer, "knight")\n-2 otherwise',
  }),
  scheduleBeyondRun: kind({
    code: 'MERF315',
    severity: 'warning',
    title: 'A weight never gets where it goes',
    message: (rule: string, to: number, over: number, steps: number) =>
      `The weight of \`${rule}\` reaches ${to} after ${over} steps, but the run ends after ${steps}. Shorten the schedule, or train longer.`,
    why: 'A schedule that is longer than the run ends somewhere in between, and evaluations judge by its end.',
    bad: 'rule style "Style" weight 0 -> 1 over 500 steps { … }\ntrain { steps 100 }',
    good: 'rule style "Style" weight 0 -> 1 over 100 steps { … }\ntrain { steps 100 }',
  }),
} as const;

function named(rules: readonly string[]): string {
  const shown = rules.map((rule) => `\`${rule}\``);
  const last = shown.pop() ?? '';
  return shown.length === 0 ? last : `${shown.join(', ')} and ${last}`;
}
