// What a built-in watch says, in the language of whoever reads it: a run holds only the sign's name, its level and what
// was measured. Each sentence says what is seen, then where to look. Signs of another version are told as their condition.

import type { EventLine } from './format.ts';
import { numberText, shareText } from './number_text.ts';

type Alert = Extract<EventLine, { kind: 'alert' }>;
type Language = 'en' | 'ja';
type Words = Record<Language, (value: number, rule: string) => string>;

/** Of what was measured: a share of something, or a plain number. */
const share = (en: (value: string, rule: string) => string, ja: (value: string, rule: string) => string): Words => ({
  en: (value, rule) => en(shareText(value), rule),
  ja: (value, rule) => ja(shareText(value), rule),
});
const number = (en: (value: string, rule: string) => string, ja: (value: string, rule: string) => string): Words => ({
  en: (value, rule) => en(numberText(value), rule),
  ja: (value, rule) => ja(numberText(value), rule),
});

export const ALARM_WORDS = {
  truncated: share(
    (it) => `${it} of the responses are cut at the limit: look whether they need more room or never end.`,
    (it) => `応答の ${it} が上限で切れています。長さが足りないのか、終わらないのかを見てください。`,
  ),
  zero_variance: share(
    (it) =>
      `${it} of the groups have one reward for all and teach nothing: look whether the task is too easy or too hard.`,
    (it) => `グループの ${it} で報酬がすべて同じで、何も学べません。課題が易しすぎるか難しすぎるかを見てください。`,
  ),
  entropy_collapse: share(
    (it) =>
      `The entropy is ${it} of what it was: look whether the responses have become alike before they became good.`,
    (it) => `エントロピーが初めの ${it} になりました。良くなる前に応答が似通っていないかを見てください。`,
  ),
  entropy_floor: number(
    (it) => `The entropy is ${it} nats a token: look whether the responses to a prompt are all the same.`,
    (it) =>
      `エントロピーはトークンあたり ${it} ナットです。一つのプロンプトへの応答がどれも同じでないかを見てください。`,
  ),
  kl: number(
    (it) => `The policy is ${it} nats a token from the model it began with: look whether the text is still sound.`,
    (it) => `方策は初めのモデルからトークンあたり ${it} ナット離れました。文章がまだまともかを見てください。`,
  ),
  kl_strangled: number(
    (it) =>
      `After so many steps the policy is ${it} nats a token from where it began: look whether the learning rate is too low or kl too strong.`,
    (it) =>
      `これだけ進んでも、方策は初めからトークンあたり ${it} ナットしか離れていません。学習率が低すぎないか、kl が強すぎないかを見てください。`,
  ),
  clipping: share(
    (it) => `Clipping holds back ${it} of the tokens: look at the learning rate and at how many updates a step makes.`,
    (it) => `クリッピングがトークンの ${it} を抑えています。学習率と、1 ステップの更新回数を見てください。`,
  ),
  one_sided_clipping: share(
    (it) =>
      `Clipping holds back ${it} of the tokens, nearly all on one side: look whether clip and clip_high fit how far a step goes.`,
    (it) =>
      `クリッピングがトークンの ${it} を、ほとんど片側だけで抑えています。clip と clip_high が 1 ステップの動きに合っているかを見てください。`,
  ),
  mismatch: number(
    (it) =>
      `The updated policy gives its own responses ${it} of the probability they were written with: look at the learning rate and at how many updates a step makes.`,
    (it) =>
      `更新後の方策が自分の応答に与える確率は、書いたときの ${it} 倍です。学習率と、1 ステップの更新回数を見てください。`,
  ),
  longer: number(
    (it) => `Responses are ${it} times as long as at the start: look whether the length earns reward by itself.`,
    (it) => `応答の長さが初めの ${it} 倍です。長さそのものが報酬を得ていないかを見てください。`,
  ),
  shorter: number(
    (it) => `Responses are ${it} times as long as at the start: look whether the reasoning is gone.`,
    (it) => `応答の長さが初めの ${it} 倍です。推論が消えていないかを見てください。`,
  ),
  length_reward: number(
    (it) => `Longer responses earn more (correlation ${it}): look whether the length or the content is paid.`,
    (it) => `長い応答ほど報酬が高くなっています (相関 ${it})。報酬を得ているのが長さか内容かを見てください。`,
  ),
  empty: share(
    (it) => `${it} of the responses are empty: look whether saying nothing is punished enough.`,
    (it) => `応答の ${it} が空です。何も言わないことが十分に罰せられているかを見てください。`,
  ),
  repetition: share(
    (it) => `${it} of the responses repeat themselves: look whether the policy is falling apart.`,
    (it) => `応答の ${it} が同じことを繰り返しています。方策が崩れていないかを見てください。`,
  ),
  no_update: {
    en: () => 'No response had an advantage, so nothing was learnt: look at the rewards of the groups.',
    ja: () => 'どの応答にもアドバンテージがなく、何も学ばれませんでした。グループの報酬を見てください。',
  },
  idle_steps: share(
    (it) =>
      `In ${it} of the last 20 steps nothing was learnt: look whether the prompts are too easy or too hard for the model.`,
    (it) =>
      `直近 20 ステップの ${it} で何も学ばれませんでした。プロンプトがモデルに易しすぎるか難しすぎるかを見てください。`,
  ),
  flat_reward: number(
    (it) => `Rewards inside a group differ by ${it} only: look whether the rules still tell responses apart.`,
    (it) => `グループ内の報酬の差は ${it} しかありません。ルールがまだ応答を見分けているかを見てください。`,
  ),
  spread_spike: number(
    (it) =>
      `Rewards inside a group differ ${it} times as much as in the steps before: look what the best and the worst responses do now.`,
    (it) =>
      `グループ内の報酬の差が、前のステップまでの ${it} 倍になりました。最良と最悪の応答が何をしているかを見てください。`,
  ),
  share: share(
    (it, rule) => `${it} of the rewards' differences come from ${rule}: look whether the other rules still count.`,
    (it, rule) => `報酬の差の ${it} が ${rule} によるものです。ほかのルールがまだ効いているかを見てください。`,
  ),
  dead: share(
    (it, rule) => `${rule} makes ${it} of the rewards' differences: look whether every response scores the same there.`,
    (it, rule) => `${rule} が報酬の差に占めるのは ${it} です。そこでどの応答も同じ点でないかを見てください。`,
  ),
  held_out_gap: share(
    (it) =>
      `Training rows are right ${it} more often than held-out ones: look whether they are known by heart, or easier.`,
    (it) => `学習用の行は、未見の行より ${it} 多く正解しています。丸暗記か、易しいだけかを見てください。`,
  ),
  held_out_falls: {
    en: () =>
      'The reward rises in training and not on held-out rows: look whether the responses satisfy the rules without solving the task.',
    ja: () =>
      '報酬は学習で上がり、未見の行では上がっていません。応答が課題を解かずにルールだけを満たしていないかを見てください。',
  },
  plateau: share(
    (it) =>
      `The best held-out accuracy is ${it} of the run's steps ago: look whether to stop, or to go on from the best checkpoint.`,
    (it) =>
      `未見の行での最高の正解率から、全ステップの ${it} が過ぎました。止めるか、最良のチェックポイントから続けるかを考えてください。`,
  ),
} satisfies Record<string, Words>;

export type AlarmName = keyof typeof ALARM_WORDS;

const LEVELS = { warn: { en: '', ja: '' }, alarm: { en: 'Serious: ', ja: '重大: ' } } as const;

/** Where to look; of a watch in the file its condition, `truncated > 15% for 5 steps`. */
export function alertText({ alarm, level, rule, watch, value }: Alert, language: Language): string {
  const words = new Map<string, Words>(Object.entries(ALARM_WORDS)).get(alarm ?? '');
  if (words === undefined) return watch.replace(/^(alert|stop)\s+when\s+/, '');
  return `${LEVELS[level ?? 'warn'][language]}${words[language](value, rule ?? '')}`;
}

/** What tells alerts of one kind: a built-in sign with its rule, whatever its level, or a watch of the file. */
export function alertKind({ alarm, rule, watch }: Alert): string {
  return alarm === undefined ? watch : [alarm, ...(rule === undefined ? [] : [rule])].join(' ');
}

/** A filter of the rollouts that lets through what shows an alert; '' where it names no responses. */
export function evidenceFilter({ rollouts = [] }: Pick<Alert, 'rollouts'>): string {
  return rollouts.map((one) => `(prompt == ${one.prompt_index + 1} and sample == ${one.sample + 1})`).join(' or ');
}
