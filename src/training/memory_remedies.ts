// What to change in a plan whose run does not fit: single settings, each the largest value that does of those halved again
// and again, with the memory that the run then needs; and where none is enough, several together, those first that change
// the result least. Every proposal is estimated again before it is made.

import type { ModelShape } from '../spec/facts.ts';
import { LORA_MODULES } from '../spec/lora.ts';
import { estimateMemory, rowsAtOnce } from '../spec/memory_estimate.ts';
import type { LoraPlan, TrainPlan } from '../spec/specification.ts';

export interface Remedy {
  /** As the plan would say it: `micro_batch_tokens 512`. */
  settings: string[];
  /** As it says it now, of those that it has. */
  before: string[];
  /** Bytes of the run with them, at its fullest moment. */
  peak: number;
}

interface Change {
  plan: TrainPlan;
  setting: string;
  before: string | null;
}

/** How far a setting goes towards less, one change after the other. */
type Ladder = (plan: TrainPlan) => Change[];

/** What `lora { rank 16 }` means. */
const ADAPTERS: LoraPlan = { rank: 16, alpha: 32, dropout: 0, modules: [...LORA_MODULES] };

/** Of one change: with less than this part off the peak it is not worth making beside others. */
const WORTH = 0.02;

/** The gentlest first: these change rounding, then what is trained, then how much is learned from a step. */
const LADDERS: readonly Ladder[] = [
  halved(
    'responses_at_once',
    rowsAtOnce,
    () => 8,
    (plan, responsesAtOnce) => ({ ...plan, responsesAtOnce }),
    ({ responsesAtOnce }) => responsesAtOnce !== undefined,
  ),
  halved(
    'micro_batch_tokens',
    (plan) => plan.optimizer.microBatchTokens,
    (plan) => plan.maxResponse,
    (plan, microBatchTokens) => ({ ...plan, optimizer: { ...plan.optimizer, microBatchTokens } }),
  ),
  ({ lora, ...plan }) => {
    if (lora === null || lora.base !== undefined) return [];
    const rounded: LoraPlan = { ...lora, base: 'bfloat16' };
    return [{ plan: { ...plan, lora: rounded }, setting: loraText(rounded), before: loraText(lora) }];
  },
  (plan) => {
    if (plan.lora !== null) return [];
    return [{ plan: { ...plan, lora: ADAPTERS }, setting: 'lora { rank 16 }', before: null }];
  },
  halved(
    'prompts',
    ({ prompts }) => prompts,
    () => 1,
    (plan, prompts) => ({ ...plan, prompts }),
  ),
  halved(
    'group',
    ({ group }) => group,
    () => 2,
    (plan, group) => ({ ...plan, group }),
  ),
  halved(
    'max_response',
    ({ maxResponse }) => maxResponse,
    ({ maxResponse }) => Math.ceil(maxResponse / 8),
    (plan, maxResponse) => ({ ...plan, maxResponse }),
  ),
];

function halved(
  name: string,
  current: (plan: TrainPlan) => number,
  least: (plan: TrainPlan) => number,
  change: (plan: TrainPlan, value: number) => TrainPlan,
  isWritten: (plan: TrainPlan) => boolean = () => true,
): Ladder {
  return (plan) => {
    const [from, end] = [current(plan), least(plan)];
    const before = isWritten(plan) ? `${name} ${from}` : null;
    const changes: Change[] = [];
    for (let value = Math.floor(from / 2); value >= end && value >= 1; value = Math.floor(value / 2)) {
      changes.push({ plan: change(plan, value), setting: `${name} ${value}`, before });
    }
    return changes;
  };
}

/** As a plan writes it. */
function loraText({ rank, alpha, dropout, modules, base }: LoraPlan): string {
  const parts = [
    `rank ${rank}`,
    ...(alpha === 2 * rank ? [] : [`alpha ${alpha}`]),
    ...(dropout === 0 ? [] : [`dropout ${dropout}`]),
    ...(modules.length === LORA_MODULES.length ? [] : [`modules "${modules.join(', ')}"`]),
    ...(base === undefined ? [] : [`base ${base}`]),
  ];
  return `lora { ${parts.join(' ')} }`;
}

/** Empty: it fits, or no change of these settings is enough. */
export function remedies(model: ModelShape, plan: TrainPlan, promptTokens: number, bytes: number): Remedy[] {
  const peakOf = (changed: TrainPlan): number => estimateMemory(model, changed, promptTokens).peak;
  if (peakOf(plan) <= bytes) return [];
  const single = LADDERS.flatMap((ladder) => {
    const change = ladder(plan).find((one) => peakOf(one.plan) <= bytes);
    return change === undefined ? [] : [remedyOf([change], peakOf(change.plan))];
  });
  if (single.length > 0) return single;
  return together(plan, peakOf, bytes);
}

/** Each setting lowered as far as it goes until it fits, then each as little as still fits. */
function together(plan: TrainPlan, peakOf: (changed: TrainPlan) => number, bytes: number): Remedy[] {
  let chosen: Chosen[] = [];
  for (const ladder of LADDERS) {
    const before = made(plan, chosen).plan;
    const steps = ladder(before);
    const fitting = steps.findIndex((one) => peakOf(one.plan) <= bytes);
    const step = fitting === -1 ? steps.length - 1 : fitting;
    const changed = steps[step]?.plan;
    if (changed === undefined || peakOf(changed) > (1 - WORTH) * peakOf(before)) continue;
    chosen = [...chosen, { ladder, step }];
    if (fitting === -1) continue;
    for (const one of chosen) {
      const least = { ...one, step: 0 };
      const others = (): Chosen[] => chosen.map((each) => (each.ladder === one.ladder ? least : each));
      while (least.step < one.step && peakOf(made(plan, others()).plan) > bytes) least.step++;
      chosen = others();
    }
    const { changes, plan: last } = made(plan, chosen);
    return [remedyOf(changes, peakOf(last))];
  }
  return [];
}

/** How far a setting has gone. */
interface Chosen {
  ladder: Ladder;
  step: number;
}

function made(plan: TrainPlan, chosen: readonly Chosen[]): { changes: Change[]; plan: TrainPlan } {
  const changes: Change[] = [];
  let changed = plan;
  for (const { ladder, step } of chosen) {
    const change = ladder(changed)[step];
    if (change === undefined) continue;
    changes.push(change);
    changed = change.plan;
  }
  return { changes, plan: changed };
}

function remedyOf(changes: readonly Change[], peak: number): Remedy {
  return {
    settings: changes.map(({ setting }) => setting),
    before: changes.flatMap(({ before }) => before ?? []),
    peak,
  };
}
