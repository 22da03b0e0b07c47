// The settings of `train`: what each takes, its limits and what it is when left out. The checker, hover, completion and
// docs/language.md all read this table. `evaluate every N steps …` has a form of its own in the grammar.

import { LORA_MODULES } from '../spec/lora.ts';
import type { Algorithm, Objective } from '../spec/specification.ts';

export type SettingKind =
  | { kind: 'number'; min: number; max: number; integer: boolean }
  | { kind: 'numbers'; min: number; max: number }
  | { kind: 'choice'; values: readonly string[] }
  | { kind: 'model' }
  /** Names of linear maps in quotes, or `all`. */
  | { kind: 'modules'; values: readonly string[] }
  | { kind: 'block'; settings: readonly SettingDeclaration[] };

export interface SettingDeclaration {
  name: string;
  kind: SettingKind;
  /** As written when it is left out; null: nothing. */
  standard: string | null;
  doc: string;
  example: string;
}

const LARGE = 1e9;

export const ALGORITHMS = [
  'grpo',
  'dr_grpo',
  'dapo',
  'gspo',
  'rloo',
  'reinforce_plus_plus',
] as const satisfies readonly Algorithm[];

/** The words of the settings of an objective; spec/specification.ts says what each means. */
export const OBJECTIVE_CHOICES = {
  advantage: ['group', 'centered', 'batch', 'leave_one_out', 'whitened'],
  ratio: ['token', 'geometric', 'response'],
  aggregation: ['token', 'response', 'limit'],
  kl_in: ['loss', 'reward'],
  truncated: ['keep', 'mask'],
  zero_variance: ['keep', 'filter', 'resample'],
} as const satisfies Record<string, readonly Objective[keyof Objective][]>;

/** Of `lora { base … }`. */
export const BASE_CHOICES = ['stored', 'bfloat16'] as const;

export const SETTINGS: readonly SettingDeclaration[] = [
  {
    name: 'model',
    kind: { kind: 'model' },
    standard: 'bundled:tiny',
    doc: 'The model to train: `bundled:tiny`, a folder in Hugging Face layout, or a hub id in quotes.',
    example: 'model "Qwen/Qwen2.5-1.5B-Instruct"',
  },
  {
    name: 'algorithm',
    kind: { kind: 'choice', values: ALGORITHMS },
    standard: 'grpo',
    doc: 'How advantages and the loss are computed. It sets `advantage`, `ratio`, `aggregation`, `clip`, `clip_high`, `kl`, `kl_in`, `mini_batches`, `zero_variance` and `overlong`; each can be written beside it. docs/objectives.md has the equations, and the names in TRL and verl.',
    example: 'algorithm dapo',
  },
  {
    name: 'steps',
    kind: { kind: 'number', min: 1, max: LARGE, integer: true },
    standard: '100',
    doc: 'How many times responses are sampled and the model is updated.',
    example: 'steps 280',
  },
  {
    name: 'prompts',
    kind: { kind: 'number', min: 1, max: 65536, integer: true },
    standard: '16',
    doc: 'Prompts per step; each is answered by a whole group.',
    example: 'prompts 16',
  },
  {
    name: 'group',
    kind: { kind: 'number', min: 1, max: 4096, integer: true },
    standard: '8',
    doc: 'Responses per prompt. An advantage compares a response with the others of its group, so 2 is the least.',
    example: 'group 8',
  },
  {
    name: 'max_response',
    kind: { kind: 'number', min: 1, max: 1_048_576, integer: true },
    standard: '2048 (a small model: half its context)',
    doc: 'Most tokens of a response; a longer one is cut (and counted in `truncated`).',
    example: 'max_response 2048',
  },
  {
    name: 'learning_rate',
    kind: { kind: 'number', min: 0, max: 1, integer: false },
    standard: '1e-6',
    doc: "Adam's step size.",
    example: 'learning_rate 1e-6',
  },
  {
    name: 'advantage',
    kind: { kind: 'choice', values: OBJECTIVE_CHOICES.advantage },
    standard: null,
    doc: "What a reward is compared with: its group's mean, in the group's standard deviations (`group`: grpo, dapo, gspo), as it is (`centered`: dr_grpo) or in the batch's standard deviations (`batch`); the others of its group (`leave_one_out`: rloo); all tokens of the batch (`whitened`: reinforce_plus_plus). TRL's `scale_rewards`, verl's `adv_estimator`.",
    example: 'advantage centered',
  },
  {
    name: 'ratio',
    kind: { kind: 'choice', values: OBJECTIVE_CHOICES.ratio },
    standard: null,
    doc: "Whose probability ratio the loss clips: that of every `token`, the `geometric` mean of a response's (gspo), or the whole `response`'s (rloo). TRL's `importance_sampling_level`, verl's `policy_loss.loss_mode`.",
    example: 'ratio geometric',
  },
  {
    name: 'aggregation',
    kind: { kind: 'choice', values: OBJECTIVE_CHOICES.aggregation },
    standard: null,
    doc: "What counts the same in the loss: every `token` of the batch (grpo, dapo, reinforce_plus_plus), every `response` (gspo, rloo), or every place up to `max_response` (`limit`: dr_grpo). TRL's `loss_type` (`dapo`, `grpo`, `dr_grpo`), verl's `loss_agg_mode`.",
    example: 'aggregation response',
  },
  {
    name: 'clip',
    kind: { kind: 'number', min: 0, max: 1, integer: false },
    standard: '0.2 (gspo: 3e-4)',
    doc: "The probability ratio is clipped to `[1 - clip, 1 + clip]`. TRL's `epsilon`, verl's `clip_ratio`.",
    example: 'clip 0.2',
  },
  {
    name: 'clip_high',
    kind: { kind: 'number', min: 0, max: 100, integer: false },
    standard: 'as clip (dapo: 0.28, gspo: 4e-4)',
    doc: "The clip above 1 where it differs from the one below. TRL's `epsilon_high`, verl's `clip_ratio_high`.",
    example: 'clip_high 0.28',
  },
  {
    name: 'kl',
    kind: { kind: 'number', min: 0, max: 1000, integer: false },
    standard: '0.001 (rloo: 0.05; dr_grpo, dapo, gspo: 0)',
    doc: "Weight of the KL divergence from the starting model; 0 needs no reference model. TRL's `beta`, verl's `kl_loss_coef` and `kl_ctrl.kl_coef`.",
    example: 'kl 0.001',
  },
  {
    name: 'kl_in',
    kind: { kind: 'choice', values: OBJECTIVE_CHOICES.kl_in },
    standard: 'loss (rloo, reinforce_plus_plus: reward)',
    doc: "Where the divergence counts: in the `loss` (k3 estimate, with a gradient), or taken off the `reward` before advantages are computed (log-ratio, without one). verl's `use_kl_loss` and `use_kl_in_reward`; TRL's GRPOTrainer has the first, its RLOOTrainer the second.",
    example: 'kl_in reward',
  },
  {
    name: 'updates',
    kind: { kind: 'number', min: 1, max: 64, integer: true },
    standard: '1',
    doc: "How often a step goes through its rollouts; from the second time on the ratio is no longer 1. TRL's `num_iterations`, verl's `ppo_epochs`.",
    example: 'updates 2',
  },
  {
    name: 'mini_batches',
    kind: { kind: 'number', min: 1, max: 4096, integer: true },
    standard: '1 (gspo: 4)',
    doc: "Into how many updates a step's prompts are divided each time. TRL's `steps_per_generation`; verl's `ppo_mini_batch_size` is `prompts / mini_batches`.",
    example: 'mini_batches 4',
  },
  {
    name: 'entropy_bonus',
    kind: { kind: 'number', min: 0, max: 10, integer: false },
    standard: '0',
    doc: "Weight of the tokens' entropy, which is taken off the loss. TRL's `entropy_coef`, verl's `entropy_coeff`.",
    example: 'entropy_bonus 0.001',
  },
  {
    name: 'truncated',
    kind: { kind: 'choice', values: OBJECTIVE_CHOICES.truncated },
    standard: 'keep',
    doc: "A response cut at `max_response` teaches like any other (`keep`), or counts for its group's advantages and has no part in the loss (`mask`). TRL's `mask_truncated_completions`.",
    example: 'truncated mask',
  },
  {
    name: 'zero_variance',
    kind: { kind: 'choice', values: OBJECTIVE_CHOICES.zero_variance },
    standard: 'keep (dapo: resample)',
    doc: "Groups whose rewards are all equal: kept in the mean over the batch (`keep`), left out of it (`filter`), or left out and other prompts tried in their place, three times at the most (`resample`: DAPO's dynamic sampling). verl's `algorithm.filter_groups`.",
    example: 'zero_variance filter',
  },
  {
    name: 'overlong',
    kind: { kind: 'number', min: 0, max: 1_048_576, integer: true },
    standard: '0 (dapo: a fifth of max_response)',
    doc: "Over the last so many tokens before `max_response` a penalty grows from 0 to 1 and is taken off the reward. TRL's `get_soft_overlong_punishment`, verl's `overlong_buffer.len`.",
    example: 'overlong 512',
  },
  {
    name: 'temperature',
    kind: { kind: 'number', min: 0.01, max: 10, integer: false },
    standard: '1.0',
    doc: 'Sampling temperature of the rollouts.',
    example: 'temperature 1.0',
  },
  {
    name: 'responses_at_once',
    kind: { kind: 'number', min: 1, max: 65536, integer: true },
    standard: '128',
    doc: 'Most responses that are written at the same time, of a step or of an evaluation. Fewer need less memory for keys and values, and more time; results change by rounding alone. What vLLM calls `max_num_seqs`.',
    example: 'responses_at_once 32',
  },
  {
    name: 'lora',
    kind: {
      kind: 'block',
      settings: [
        {
          name: 'rank',
          kind: { kind: 'number', min: 1, max: 4096, integer: true },
          standard: '16',
          doc: "Rank of the low-rank matrices that are trained in place of the weights. TRL's `lora_r`.",
          example: 'lora { rank 32 }',
        },
        {
          name: 'alpha',
          kind: { kind: 'number', min: 0, max: 65536, integer: false },
          standard: 'twice the rank',
          doc: "The matrices' product is multiplied by `alpha / rank`. TRL's `lora_alpha`, 32 there.",
          example: 'lora { rank 32 alpha 64 }',
        },
        {
          name: 'dropout',
          kind: { kind: 'number', min: 0, max: 0.9, integer: false },
          standard: '0',
          doc: "Part of the adapters' input that is dropped in each update. TRL's `lora_dropout`, 0.05 there.",
          example: 'lora { rank 32 dropout 0.05 }',
        },
        {
          name: 'modules',
          kind: { kind: 'modules', values: LORA_MODULES },
          standard: 'all',
          doc: "Which linear maps of every layer have an adapter, or `all` of them. TRL's `lora_target_modules`, where the model decides when it is left out.",
          example: 'lora { rank 32 modules "q_proj, v_proj" }',
        },
        {
          name: 'base',
          kind: { kind: 'choice', values: BASE_CHOICES },
          standard: 'stored',
          doc: "How the weights under the adapters are kept in memory: in the type of their file (`stored`), or float32 matrices rounded to sixteen bits (`bfloat16`), for half their memory. Adapters are then trained for the rounded weights. TRL says it by the model's `dtype`.",
          example: 'lora { rank 32 base bfloat16 }',
        },
      ],
    },
    standard: null,
    doc: 'Train low-rank adapters instead of all weights. Left out: all weights are trained.',
    example: 'lora { rank 32 }',
  },
  {
    name: 'weight_decay',
    kind: { kind: 'number', min: 0, max: 10, integer: false },
    standard: '0',
    doc: "AdamW's decay of matrices towards 0, times the learning rate; biases and norms do not decay. TRL's `weight_decay`, 0 there too.",
    example: 'weight_decay 0.01',
  },
  {
    name: 'max_grad_norm',
    kind: { kind: 'number', min: 0, max: LARGE, integer: false },
    standard: '1.0',
    doc: "A gradient with a larger norm over all weights is scaled down to it; 0 leaves every gradient as it is. TRL's `max_grad_norm`, 1 there too.",
    example: 'max_grad_norm 0.2',
  },
  {
    name: 'schedule',
    kind: { kind: 'choice', values: ['constant', 'linear', 'cosine'] },
    standard: 'constant',
    doc: "The learning rate after the warm-up: `constant`, or falling to 0 at the last step in a line or a half cosine. TRL's `lr_scheduler_type`, `linear` there.",
    example: 'schedule cosine',
  },
  {
    name: 'warmup',
    kind: { kind: 'number', min: 0, max: LARGE, integer: true },
    standard: '0',
    doc: "Steps in which the learning rate rises from 0 in a line. TRL's `warmup_steps`, 0 there too.",
    example: 'warmup 10',
  },
  {
    name: 'adam_beta1',
    kind: { kind: 'number', min: 0, max: 0.99999, integer: false },
    standard: '0.9',
    doc: "Adam's memory of gradients. TRL's `adam_beta1`, 0.9 there too.",
    example: 'adam_beta1 0.9',
  },
  {
    name: 'adam_beta2',
    kind: { kind: 'number', min: 0, max: 0.999999, integer: false },
    standard: '0.95',
    doc: "Adam's memory of squared gradients. TRL's `adam_beta2`, 0.999 there: a memory of a thousand steps is longer than most runs.",
    example: 'adam_beta2 0.999',
  },
  {
    name: 'adam_epsilon',
    kind: { kind: 'number', min: 0, max: 1, integer: false },
    standard: '1e-8',
    doc: "Added to the root of the squared gradients. TRL's `adam_epsilon`, 1e-8 there too.",
    example: 'adam_epsilon 1e-8',
  },
  {
    name: 'micro_batch_tokens',
    kind: { kind: 'number', min: 1, max: LARGE, integer: true },
    standard: '2048',
    doc: "Response tokens in one forward and backward pass; gradients are accumulated over a step's passes, so it bounds memory and, dropout aside, changes results by rounding alone. TRL says it by `per_device_train_batch_size` and `gradient_accumulation_steps`.",
    example: 'micro_batch_tokens 8192',
  },
  {
    name: 'alarms',
    kind: { kind: 'choice', values: ['on', 'off'] },
    standard: 'on',
    doc: 'Built-in watches for what goes wrong in any run: cut, empty or repetitive responses, groups that teach nothing, entropy, divergence, clipping, length. They say where to look and never stop a run; docs/watches.md lists them.',
    example: 'alarms off',
  },
  {
    name: 'seeds',
    kind: { kind: 'numbers', min: 0, max: 4_294_967_295 },
    standard: '1',
    doc: 'Every arm is trained once per seed; the same seed gives the same numbers.',
    example: 'seeds 1, 2, 3',
  },
];

/** What a setting takes, as a person would say it. */
export function wantedValue(setting: SettingDeclaration): string {
  const { kind } = setting;
  switch (kind.kind) {
    case 'number':
      return `${kind.integer ? 'a whole number' : 'a number'} from ${kind.min} to ${kind.max}`;
    case 'numbers':
      return `whole numbers from ${kind.min} to ${kind.max}, with commas between them`;
    case 'choice':
      return kind.values.map((value) => `\`${value}\``).join(' or ');
    case 'model':
      return '`bundled:tiny`, or a folder or hub id in quotes';
    case 'modules':
      return `\`all\`, or in quotes some of ${kind.values.join(', ')}`;
    case 'block':
      return `written \`${setting.example}\``;
  }
}
