// The training plan in TRL's option names, as the YAML that `trl grpo --config` reads (TRL 1.13). Where TRL's own
// default differs from this product's GRPO, the option is written out: loss_type is `dapo` there, the KL term carries
// the ratio, the learning rate decays. Left out: vLLM, several machines.

import { objectiveOf } from '../spec/objective.ts';
import type { TrainPlan } from '../spec/specification.ts';

export interface TrlPlanOptions {
  /** The model's folder or hub id, as TRL finds it. */
  model: string;
  seed: number;
}

/** Transformers' `constant` knows no warm-up. */
function scheduler({ schedule, warmup }: TrainPlan['optimizer']): string {
  return schedule === 'constant' && warmup > 0 ? 'constant_with_warmup' : schedule;
}

type Option = [name: string, value: string | number | boolean | string[], why?: string | undefined];

export function trlPlan(plan: TrainPlan, { model, seed }: TrlPlanOptions): string {
  const { miniBatches } = objectiveOf(plan);
  const options: Option[] = [
    ['model_name_or_path', model],
    ['dataset_name', './data'],
    ['dataset_test_split', 'test'],
    ['reward_funcs', ['reward.merf_reward']],
    ['output_dir', './output'],
    ['seed', seed],

    ['max_steps', plan.steps],
    ['num_generations', plan.group, 'responses per prompt'],
    ['per_device_train_batch_size', plan.group, 'one group at a time on one device,'],
    [
      'gradient_accumulation_steps',
      Math.max(1, Math.floor(plan.prompts / miniBatches)),
      `so a step sees ${plan.prompts} prompts; divide by the number of devices`,
    ],
    ['max_completion_length', plan.maxResponse],
    ['temperature', plan.temperature],

    ['learning_rate', plan.learningRate],
    ['lr_scheduler_type', scheduler(plan.optimizer)],
    ['warmup_steps', plan.optimizer.warmup],
    ['weight_decay', plan.optimizer.weightDecay],
    ['max_grad_norm', plan.optimizer.maxGradNorm],
    ['adam_beta1', plan.optimizer.adamBeta1],
    ['adam_beta2', plan.optimizer.adamBeta2],
    ['adam_epsilon', plan.optimizer.adamEpsilon],
    ...objectiveOptions(plan),
  ];
  if (plan.lora !== null) {
    options.push(
      ['use_peft', true],
      ['lora_r', plan.lora.rank],
      ['lora_alpha', plan.lora.alpha],
      ['lora_dropout', plan.lora.dropout],
      ['lora_target_modules', plan.lora.modules],
    );
  }
  if (plan.evaluate === null) options.push(['eval_strategy', 'no']);
  else {
    options.push(
      ['eval_strategy', 'steps'],
      ['eval_steps', plan.evaluate.everySteps],
      ['per_device_eval_batch_size', plan.group],
    );
  }
  options.push(
    ['logging_steps', 1],
    ['log_completions', true],
    ['save_steps', Math.max(1, Math.floor(plan.steps / 5))],
  );
  return `${options.map(line).join('\n')}\n`;
}

const LOSS_TYPES = { token: 'dapo', response: 'grpo', limit: 'dr_grpo' } as const;
const SCALES = { group: 'group', centered: 'none', batch: 'batch', leave_one_out: 'none', whitened: 'batch' } as const;

/** The objective as near as GRPOTrainer has it; a comment says where it differs. */
function objectiveOptions(plan: TrainPlan): Option[] {
  const objective = objectiveOf(plan);
  const { advantage, kl, klIn, miniBatches, ratio } = objective;
  const differs: Record<string, string> = {
    leave_one_out: 'TRL has leave_one_out in RLOOTrainer; this is (n - 1)/n of it',
    whitened: 'TRL compares with the group first',
  };
  return [
    ['loss_type', LOSS_TYPES[objective.aggregation]],
    ['scale_rewards', SCALES[advantage], differs[advantage]],
    [
      'importance_sampling_level',
      ratio === 'token' ? 'token' : 'sequence',
      ratio === 'response' ? "the mean over a response's tokens; their product is in RLOOTrainer" : undefined,
    ],
    ['epsilon', objective.clip, 'the ratio is clipped to [1 - epsilon, 1 + epsilon_high]'],
    ['epsilon_high', objective.clipHigh],
    [
      'beta',
      kl,
      klIn === 'loss'
        ? 'coefficient of the k3 estimate of KL(policy || reference)'
        : 'in the loss here; in the reward in RLOOTrainer',
    ],
    ['use_bias_correction_kl', false],
    ['num_iterations', objective.updates],
    ...(miniBatches > 1 ? [['steps_per_generation', plan.prompts] satisfies Option] : []),
    ['entropy_coef', objective.entropyBonus],
    ['mask_truncated_completions', objective.truncated === 'mask'],
  ];
}

function line([name, value, why]: Option): string {
  const comment = why === undefined ? '' : `  # ${why}`;
  if (Array.isArray(value))
    return `${name}:${comment}\n${value.map((item) => `  - ${JSON.stringify(item)}`).join('\n')}`;
  return `${name}: ${typeof value === 'string' ? JSON.stringify(value) : decimal(value)}${comment}`;
}

/** YAML 1.1 reads 1e-6 as text; it must have a point. */
function decimal(value: number | boolean): string {
  const text = String(value);
  return /^-?\d+e/.test(text) ? text.replace('e', '.0e') : text;
}
