// `train { … }`: settings against their table (settings.ts), over a plan of defaults or, in an arm, over the file's.

import { LORA_MODULES } from '../../spec/lora.ts';
import type {
  CheckpointPlan,
  Evaluation,
  LoraPlan,
  ObjectivePlan,
  OptimizerPlan,
  TrainPlan,
} from '../../spec/specification.ts';
import { nearest } from '../../spec/spelling.ts';
import { type Analysis, type Span, spanOf, spanOfProperty } from '../analysis.ts';
import { DIAGNOSTICS } from '../diagnostics.ts';
import type * as Ast from '../generated/ast.ts';
import { readNumber, readText } from '../literals.ts';
import { ALGORITHMS, OBJECTIVE_CHOICES, SETTINGS, type SettingDeclaration, wantedValue } from '../settings.ts';
import { PENDING } from '../surroundings.ts';

export const STANDARD_PLAN: TrainPlan = {
  model: 'bundled:tiny',
  algorithm: 'grpo',
  steps: 100,
  prompts: 16,
  group: 8,
  maxResponse: 2048,
  learningRate: 1e-6,
  objective: {},
  temperature: 1,
  lora: null,
  optimizer: {
    weightDecay: 0,
    maxGradNorm: 1,
    adamBeta1: 0.9,
    adamBeta2: 0.95,
    adamEpsilon: 1e-8,
    schedule: 'constant',
    warmup: 0,
    microBatchTokens: 2048,
  },
  seeds: [1],
  evaluate: null,
};

const STANDARD_RANK = 16;

/** Settings that have a form of their own in the grammar. */
const FORMED = { EvaluateSetting: 'evaluate', CheckpointSetting: 'checkpoint' } as const;
const FORMED_EXAMPLES: Readonly<Record<string, string>> = {
  evaluate: 'evaluate every 20 steps with motivation and without',
  checkpoint: 'checkpoint every 20 steps keep last 3, best accuracy',
};

/** Plans whose `max_response` nobody wrote: it follows the model. */
const withStandardLength = new WeakSet<TrainPlan>([STANDARD_PLAN]);

/** Half of the context is left to the prompt. */
function standardLength(model: string, analysis: Analysis): number {
  const facts = analysis.around.model(model);
  if (facts === PENDING || facts === null) return STANDARD_PLAN.maxResponse;
  return Math.max(1, Math.min(STANDARD_PLAN.maxResponse, Math.floor(facts.context / 2)));
}

export function lowerPlan(
  node: Pick<Ast.TrainSection, 'items'> | undefined,
  base: TrainPlan,
  analysis: Analysis,
): TrainPlan {
  const plan: TrainPlan = {
    ...base,
    objective: { ...base.objective },
    optimizer: { ...base.optimizer },
    seeds: [...base.seeds],
  };
  const seen = new Set<string>();
  for (const item of node?.items ?? []) {
    const name = item.$type === 'Setting' ? (item.name ?? '') : FORMED[item.$type];
    const span = item.$type === 'Setting' ? spanOfProperty(item, 'name') : spanOf(item);
    if (seen.has(name)) analysis.report(DIAGNOSTICS.duplicateName, span, 'a setting', name, 'Remove one of them.');
    seen.add(name);
    if (item.$type === 'CheckpointSetting') plan.checkpoint = lowerCheckpoint(item, analysis);
    else if (item.$type === 'EvaluateSetting') plan.evaluate = lowerEvaluation(item, analysis);
    else lowerSetting(item, plan, analysis);
  }
  if (withStandardLength.has(base) && !seen.has('max_response')) {
    plan.maxResponse = standardLength(plan.model, analysis);
    withStandardLength.add(plan);
  }
  return plan;
}

function lowerEvaluation(node: Ast.EvaluateSetting, analysis: Analysis): Evaluation {
  const samples = node.samples && lowerCount(node.samples, 'samples', 'a whole number, 1 or more', analysis);
  return {
    everySteps: lowerCount(node.every, 'evaluate every', WHOLE_STEPS, analysis),
    withMotivation: node.withMotivation,
    withoutMotivation: node.withoutMotivation,
    ...(samples !== undefined && { samples }),
  };
}

function lowerCheckpoint(node: Ast.CheckpointSetting, analysis: Analysis): CheckpointPlan {
  const plan: CheckpointPlan = {};
  if (node.every) plan.every = lowerCount(node.every, 'checkpoint every', WHOLE_STEPS, analysis);
  const seen = new Set<string>();
  for (const kept of node.keeps) {
    const kind = kept.kind ?? 'last';
    if (seen.has(kind)) analysis.report(DIAGNOSTICS.sectionTwice, spanOf(kept), `keep ${kind}`);
    seen.add(kind);
    const wanted = kind === 'every' ? WHOLE_STEPS : 'a whole number, 1 or more';
    const count = kept.count ? lowerCount(kept.count, `keep ${kind}`, wanted, analysis) : 1;
    if (kind === 'last') plan.last = count;
    else if (kind === 'every') plan.milestones = count;
    else if (kept.metric) plan.best = kept.metric;
  }
  return plan;
}

const WHOLE_STEPS = 'a whole number of steps, 1 or more';

function lowerCount(node: Ast.SignedNumber | undefined, name: string, wanted: string, analysis: Analysis): number {
  const count = readNumber(node);
  if (!Number.isInteger(count) || count < 1) analysis.report(DIAGNOSTICS.settingValue, spanOf(node), name, wanted);
  return count;
}

function lowerSetting(node: Ast.Setting, plan: TrainPlan, analysis: Analysis): void {
  const declaration = useSetting(node, SETTINGS, Object.values(FORMED), analysis);
  if (!declaration) return;
  const value = readSetting(node, declaration, analysis);
  if (value === null) return;
  switch (declaration.name) {
    case 'model':
      if (typeof value === 'string') plan.model = value;
      break;
    case 'lora':
      if (value instanceof Map) plan.lora = loraPlan(value);
      break;
    case 'seeds':
      if (Array.isArray(value)) plan.seeds = value.filter((seed) => typeof seed === 'number');
      break;
    case 'schedule':
      if (value === 'constant' || value === 'linear' || value === 'cosine') plan.optimizer.schedule = value;
      break;
    case 'alarms':
      if (value === 'on' || value === 'off') plan.alarms = value;
      break;
    case 'algorithm':
      plan.algorithm = ALGORITHMS.find((name) => name === value) ?? plan.algorithm;
      break;
    default:
      if (typeof value === 'number') setNumber(plan, declaration.name, value);
      if (typeof value === 'number') setOptimizer(plan.optimizer, declaration.name, value);
      setObjective(plan.objective, declaration.name, value);
  }
  if (declaration.name === 'group' && value === 1) {
    analysis.report(DIAGNOSTICS.groupTooSmall, spanOf(node), 1);
  }
}

function setNumber(plan: TrainPlan, name: string, value: number): void {
  const names = {
    steps: 'steps',
    prompts: 'prompts',
    group: 'group',
    max_response: 'maxResponse',
    learning_rate: 'learningRate',
    temperature: 'temperature',
    responses_at_once: 'responsesAtOnce',
  } as const;
  for (const [written, key] of Object.entries(names)) if (written === name) plan[key] = value;
}

function setOptimizer(optimizer: OptimizerPlan, name: string, value: number): void {
  const names = {
    weight_decay: 'weightDecay',
    max_grad_norm: 'maxGradNorm',
    warmup: 'warmup',
    adam_beta1: 'adamBeta1',
    adam_beta2: 'adamBeta2',
    adam_epsilon: 'adamEpsilon',
    micro_batch_tokens: 'microBatchTokens',
  } as const;
  for (const [written, key] of Object.entries(names)) if (written === name) optimizer[key] = value;
}

function setObjective(objective: ObjectivePlan, name: string, value: SettingValue): void {
  const numbers = {
    clip: 'clip',
    clip_high: 'clipHigh',
    kl: 'kl',
    updates: 'updates',
    mini_batches: 'miniBatches',
    entropy_bonus: 'entropyBonus',
    overlong: 'overlong',
  } as const;
  if (typeof value === 'number') {
    for (const [written, key] of Object.entries(numbers)) if (written === name) objective[key] = value;
    return;
  }
  const is = (setting: string) => (one: string) => setting === name && one === value;
  const advantage = OBJECTIVE_CHOICES.advantage.find(is('advantage'));
  if (advantage !== undefined) objective.advantage = advantage;
  const ratio = OBJECTIVE_CHOICES.ratio.find(is('ratio'));
  if (ratio !== undefined) objective.ratio = ratio;
  const aggregation = OBJECTIVE_CHOICES.aggregation.find(is('aggregation'));
  if (aggregation !== undefined) objective.aggregation = aggregation;
  const klIn = OBJECTIVE_CHOICES.kl_in.find(is('kl_in'));
  if (klIn !== undefined) objective.klIn = klIn;
  const truncated = OBJECTIVE_CHOICES.truncated.find(is('truncated'));
  if (truncated !== undefined) objective.truncated = truncated;
  const zeroVariance = OBJECTIVE_CHOICES.zero_variance.find(is('zero_variance'));
  if (zeroVariance !== undefined) objective.zeroVariance = zeroVariance;
}

function loraPlan(values: ReadonlyMap<string, SettingValue>): LoraPlan {
  const number = (name: string, standard: number): number => {
    const value = values.get(name);
    return typeof value === 'number' ? value : standard;
  };
  const rank = number('rank', STANDARD_RANK);
  const modules = values.get('modules');
  return {
    rank,
    alpha: number('alpha', 2 * rank),
    dropout: number('dropout', 0),
    modules: Array.isArray(modules) ? modules.filter((name) => typeof name === 'string') : [...LORA_MODULES],
    ...(values.get('base') === 'bfloat16' && { base: 'bfloat16' }),
  };
}

function useSetting(
  node: Ast.Setting,
  declared: readonly SettingDeclaration[],
  others: readonly string[],
  analysis: Analysis,
): SettingDeclaration | null {
  const name = node.name ?? '';
  const span = spanOfProperty(node, 'name');
  const declaration = declared.find((each) => each.name === name);
  const form = Object.hasOwn(FORMED_EXAMPLES, name) ? FORMED_EXAMPLES[name] : undefined;
  if (form !== undefined) {
    const wanted = `written \`${form}\``;
    analysis.report(DIAGNOSTICS.settingValue, span, name, wanted);
    return null;
  }
  if (!declaration) {
    const known = [...declared.map((each) => each.name), ...others];
    analysis.report(DIAGNOSTICS.unknownName, span, 'setting', name, nearest(name, known), known);
    return null;
  }
  analysis.use(span, {
    kind: 'setting',
    name,
    signature: `${name}: ${wantedValue(declaration).replaceAll('`', '')}`,
    doc: settingDoc(declaration),
    definition: null,
    extent: null,
  });
  return declaration;
}

export function settingDoc(declaration: SettingDeclaration): string {
  const standard = declaration.standard === null ? '' : `\n\n\`${declaration.standard}\` when it is left out.`;
  return `${declaration.doc}${standard}\n\n- \`${declaration.example}\``;
}

type SettingValue = number | readonly (number | string)[] | string | ReadonlyMap<string, SettingValue>;

/** The value by the setting's kind (a block: its settings by name); null when it does not fit, which is reported. */
function readSetting(node: Ast.Setting, declaration: SettingDeclaration, analysis: Analysis): SettingValue | null {
  const { kind } = declaration;
  const misfit = (span: Span): null => {
    analysis.report(DIAGNOSTICS.settingValue, span, declaration.name, wantedValue(declaration));
    return null;
  };
  const numbers = node.numbers.map(readNumber);
  const [number] = numbers;
  switch (kind.kind) {
    case 'number': {
      const fits = number !== undefined && numbers.length === 1 && number >= kind.min && number <= kind.max;
      return fits && (!kind.integer || Number.isInteger(number)) ? number : misfit(spanOf(node));
    }
    case 'numbers': {
      const inside = numbers.every((each) => Number.isInteger(each) && each >= kind.min && each <= kind.max);
      return inside && number !== undefined && new Set(numbers).size === numbers.length
        ? numbers
        : misfit(spanOf(node));
    }
    case 'choice':
      return node.word !== undefined && kind.values.includes(node.word) ? node.word : misfit(spanOf(node));
    case 'model': {
      const model = (node.text ? readText(node.text).value : (node.word ?? '')).replace(/\s/g, '');
      const isBare = node.text === undefined;
      return model === '' || (isBare && model !== 'bundled:tiny') ? misfit(spanOf(node)) : model;
    }
    case 'block': {
      if (!node.block) return misfit(spanOf(node));
      const values = new Map<string, SettingValue>();
      for (const inner of node.block.settings) {
        const found = useSetting(inner, kind.settings, [], analysis);
        const read = found ? readSetting(inner, found, analysis) : null;
        if (found && read !== null) values.set(found.name, read);
      }
      return values;
    }
    case 'modules': {
      if (node.word === 'all') return kind.values;
      const names = node.text
        ? readText(node.text)
            .value.split(/[\s,]+/)
            .filter((name) => name !== '')
        : [];
      const known = names.every((name) => kind.values.includes(name)) && new Set(names).size === names.length;
      return known && names.length > 0 ? names : misfit(spanOf(node));
    }
  }
}
