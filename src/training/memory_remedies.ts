// What to change in a plan whose run does not fit: single settings, each the largest value that does of those halved again
// and again, with the memory that the run then needs; and where none is enough, several together, those first that change
// the result least. Every proposal is estimated again before it is made.

import type { ModelShape } from '../spec/facts.ts';
import { LORA_MODULES } from '../spec/lora.ts';
import { estimateMemory } from '../spec/memory_estimate.ts';
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
    'micro_batch_tokens',
    (plan) => plan.optimizer.microBatchTokens,
    (plan) => plan.maxResponse,
    (plan, microBatchTokens) => ({ ...plan, optimizer: { ...plan.optimizer, microBatchTokens } }),
  ),
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
): Ladder {
  return (plan) => {
    const [from, end] = [current(plan), least(plan)];
    const changes: Change[] = [];
    for (let value = Math.floor(from / 2); value >= end && value >= 1; value = Math.floor(value / 2)) {
      changes.push({ plan: change(plan, value), setting: `${name} ${value}`, before: `${name} ${from}` });
    }
    return changes;
  };
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
  const made: Change[] = [];
  let changed = plan;
  for (const ladder of LADDERS) {
    const steps = ladder(changed);
    const change = steps.find((one) => peakOf(one.plan) <= bytes) ?? steps.at(-1);
    if (change === undefined || peakOf(change.plan) > (1 - WORTH) * peakOf(changed)) continue;
    made.push(change);
    changed = change.plan;
    if (peakOf(changed) <= bytes) return [remedyOf(made, peakOf(changed))];
  }
  return [];
}

function remedyOf(changes: readonly Change[], peak: number): Remedy {
  return {
    settings: changes.map(({ setting }) => setting),
    before: changes.flatMap(({ before }) => before ?? []),
    peak,
  };
}
