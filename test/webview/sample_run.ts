// Runs in the format of run/format.ts, small and computed, for tests that look at panels.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { STANDARD_PLAN } from '../../src/language/lower/plan.ts';
import type { EventLine, RolloutLine } from '../../src/run/format.ts';
import { rolloutsFile } from '../../src/run/location.ts';
import type { RolloutSet, RunView } from '../../src/run/view.ts';
import { random } from '../../src/spec/random.ts';
import type { Arm, Specification, TrainPlan } from '../../src/spec/specification.ts';

const place = { line: 0, column: 0 };
const plan: TrainPlan = {
  model: 'bundled:tiny',
  algorithm: 'grpo',
  steps: 40,
  prompts: 2,
  group: 4,
  maxResponse: 60,
  learningRate: 1e-4,
  objective: { clip: 0.2, kl: 0.001 },
  temperature: 1,
  lora: null,
  optimizer: { ...STANDARD_PLAN.optimizer },
  seeds: [1],
  evaluate: { everySteps: 20, withMotivation: true, withoutMotivation: true },
};
const arms: Arm[] = [
  { name: 'rlvr', motivation: null, train: plan, place },
  { name: 'merf', motivation: 'full', train: plan, place },
];

export const specification: Specification = {
  format: 1,
  name: 'knights_and_knaves',
  doc: 'Knights and Knaves with two rules.',
  imports: [],
  task: { name: 'knights_and_knaves', arguments: {}, columns: [], source: null },
  prompt: { system: null, user: [{ kind: 'column', name: 'quiz' }] },
  captures: [],
  verifiers: [],
  judges: [],
  rules: [
    {
      name: 'format',
      title: 'Format',
      doc: '',
      weight: 1,
      isMetric: false,
      place,
      cases: [
        { when: { kind: 'bool', value: true }, score: { kind: 'number', value: 1 }, text: 'both tags', place },
        { when: null, score: { kind: 'number', value: -1 }, text: 'any other shape', place },
      ],
    },
    {
      name: 'correctness',
      title: 'Correctness',
      doc: '',
      weight: 1,
      isMetric: false,
      place,
      cases: [
        {
          when: {
            kind: 'binary',
            operator: '==',
            left: { kind: 'capture', name: 'roles' },
            right: { kind: 'column', name: 'solution' },
          },
          score: { kind: 'number', value: 2 },
          text: 'every identity is right',
          place,
        },
        { when: null, score: { kind: 'number', value: -2 }, text: 'some identity is wrong', place },
      ],
    },
  ],
  total: { kind: 'sum' },
  motivations: [
    {
      name: 'full',
      doc: '',
      template: [{ kind: 'rules' }],
      rules: ['format', 'correctness'],
      inverted: false,
      shows: 'all',
      placement: 'template',
      visibility: { share: 1, decay: null, update: 'with' },
      place,
    },
  ],
  arms,
  train: plan,
  stages: [],
  watches: [],
  examples: [],
};

/** A run of `done` steps whose reward rises; evaluated before and at every twentieth step. */
export function sampleRun(folder: string, arm: string, seed: number, done = 40): RunView {
  const draw = random(seed, arm);
  const metrics = Array.from({ length: done }, (_, i) => ({
    step: i + 1,
    time: 2 * (i + 1),
    values: {
      reward: -2 + (3 * i) / 40 + 0.2 * draw.normal(),
      'rewards/format/mean': -0.5 + i / 40 + 0.05 * (seed - 1),
      'rewards/correctness/mean': -1.5 + (2 * i) / 40 - 0.1 * (seed - 1),
      kl: 0.001 * i,
      entropy: 0.7 - 0.005 * i,
      'completions/mean_length': 50 - 0.3 * i,
      'completions/clipped_ratio': 0.2 - 0.004 * i,
      learning_rate: 1e-4,
      num_tokens: 400 * (i + 1),
      'cases/format/0': i / 40,
      'own/metric': i,
    },
  }));
  const evaluation = (step: number, prompt: 'motivation' | 'none', accuracy: number): EventLine => ({
    kind: 'evaluation',
    step,
    time: 2 * step,
    prompt,
    rows: 200,
    structures: 200,
    accuracy,
    interval: [accuracy - 0.06, accuracy + 0.07],
    reward: 1,
    best: { format: 0.9, correctness: accuracy },
    constant: 0.25,
    chance: 0.18,
    samples: 4,
    pass_at: [1, 2, 4].map((k) => {
      const share = 1 - (1 - accuracy) ** k;
      return { k, share, interval: [share - 0.06, share + 0.05] };
    }),
  });
  const events = [0, 20, 40]
    .filter((step) => step <= done)
    .flatMap((step): EventLine[] => [
      ...(arm === 'merf' ? [evaluation(step, 'motivation', 0.12 + step / 100 + 0.03 * (seed - 1))] : []),
      evaluation(step, 'none', 0.1 + step / 110 + 0.02 * (seed - 1)),
      ...(step > 0
        ? [
            { kind: 'checkpoint' as const, step, time: 2 * step, folder: `checkpoints/${step}` },
            best(step, `checkpoints/${step}`),
          ]
        : []),
    ]);
  return {
    folder,
    metrics,
    events: [...events, ...(arm === 'merf' && done > 12 ? hardships : [])],
    record: {
      format: 1,
      id: `${arm}-${seed}`,
      experiment: 'knights_and_knaves',
      arm,
      seed,
      file: 'knights_and_knaves.merf',
      specification,
      model: { name: 'bundled:tiny', hash: 'sha256:00', parameters: 1_843_200 },
      engine: { name: 'onnxruntime-node', version: '1.30.0', threads: 2 },
      versions: {},
      status: done < 40 ? 'stopped' : 'finished',
      step: done,
      steps: 40,
      created: 1_700_000_000_000 + seed,
      updated: 1_700_000_000_000,
      trainedSeconds: 2 * done,
      pid: null,
      reason: null,
    },
  };
}

const best = (step: number, folder: string): EventLine => ({
  ...{ kind: 'best', step, time: 2 * step, folder, metric: 'accuracy', value: step / 100, measured: 'none' },
});

/** What befell a run: alerts of a built-in watch and of one in the file, a restart, a gate that opened. */
const hardships: EventLine[] = [
  {
    ...{ kind: 'alert', step: 6, time: 12, alarm: 'zero_variance', level: 'alarm', value: 0.8, stops: false },
    watch: 'zero_std > 75% for 5 steps',
    rollouts: [
      { prompt_index: 0, sample: 1 },
      { prompt_index: 1, sample: 3 },
    ],
  },
  { kind: 'alert', step: 8, time: 16, watch: 'truncated > 15% for 5 steps', value: 0.17, stops: false },
  { kind: 'started', step: 12, time: 24, pid: 1, resumed: true },
  { kind: 'gate', step: 20, time: 40, open: true, conditions: [] },
];

/** Text that would do harm if it were ever read as markup. */
export const HOSTILE = '</script><img src=x onerror="globalThis.harmed = true"><b>bold</b>';

/** Two prompts with four responses each; one right, one hostile, one cut. */
export function sampleRollouts(step: number, kind: RolloutSet['kind'] = 'train'): RolloutLine[] {
  const solution = { Zoey: 'knave', Oliver: 'knight' };
  const wrong = { Zoey: 'knight', Oliver: 'knight' };
  const responses: { response: string; roles: Record<string, string> | null; right: boolean; formed: boolean }[] = [
    {
      response: think('Zoey lies.', 'Zoey is a knave, Oliver is a knight.'),
      roles: solution,
      right: true,
      formed: true,
    },
    {
      response: think('Zoey is honest.', 'Zoey is a knight, Oliver is a knight.'),
      roles: wrong,
      right: false,
      formed: true,
    },
    { response: think(HOSTILE, HOSTILE), roles: null, right: false, formed: true },
    { response: `<think>It goes on and on ${step}`, roles: null, right: false, formed: false },
  ];
  return [0, 1].flatMap((prompt_index) =>
    responses.map(({ response, roles, right, formed }, sample): RolloutLine => {
      const texts = response.match(/<\/?\w+>|\s?\w+|[^\w]/g) ?? [];
      const scores = { format: formed ? 1 : -1, correctness: right ? 2 : -2 };
      return {
        step,
        prompt_index,
        sample,
        split: kind === 'train' ? 'train' : 'test',
        row_index: 10 + prompt_index,
        row: { quiz: 'Who is who?', solution },
        prompt: `<|im_start|>system\nThink first.<|im_end|>\n<|im_start|>user\nWho is who, puzzle ${prompt_index}?<|im_end|>\n<|im_start|>assistant\n`,
        response,
        captures: { roles },
        rules: {
          format: {
            case: formed ? 0 : 1,
            score: scores.format,
            weight: 1,
            evidence: evidence(response, 'think', 'answer'),
          },
          correctness: {
            case: right ? 0 : 1,
            score: scores.correctness,
            weight: 1,
            evidence: evidence(response, 'answer'),
          },
        },
        reward: scores.format + scores.correctness,
        advantage: kind === 'train' ? (right ? 1.5 : -0.5) : null,
        finish_reason: formed ? 'stop' : 'length',
        token_ids: texts.map((_, i) => i),
        token_texts: texts,
        log_probabilities: texts.map((_, i) => -(i % 5)),
        entropies: texts.map((_, i) => (i % 4) / 2),
      };
    }),
  );
}

/** Where the tags' contents stand. */
export function evidence(response: string, ...tags: string[]): { capture: string; start: number; end: number }[] {
  return tags.flatMap((capture) => {
    const [open, close] = [response.indexOf(`<${capture}>`), response.indexOf(`</${capture}>`)];
    return open < 0 || close < 0 ? [] : [{ capture, start: open + capture.length + 2, end: close }];
  });
}

function think(reasoning: string, answer: string): string {
  return `<think>${reasoning}</think><answer>${answer}</answer>`;
}

/** Writes the run's files, with rollouts of these sets. */
export function writeRun(view: RunView, sets: readonly RolloutSet[]): void {
  const lines = (values: readonly unknown[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');
  mkdirSync(join(view.folder, 'rollouts'), { recursive: true });
  writeFileSync(join(view.folder, 'run.json'), JSON.stringify(view.record));
  writeFileSync(join(view.folder, 'metrics.jsonl'), lines(view.metrics));
  writeFileSync(join(view.folder, 'events.jsonl'), lines(view.events));
  for (const set of sets) writeRollouts(view.folder, set, sampleRollouts(set.step, set.kind));
}

/** Writes one file of rollouts, perhaps with more at its end. */
export function writeRollouts(folder: string, set: RolloutSet, lines: readonly RolloutLine[], more = ''): void {
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  writeFileSync(join(folder, rolloutsFile(set)), `${text}${more}`);
}
