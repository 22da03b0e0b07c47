// The settings of `train`: what each takes, its limits and what it is when left out. The checker, hover, completion and
// docs/language.md all read this table. `evaluate every N steps …` has a form of its own in the grammar.

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

/** Linear maps that can have an adapter; `all` is all of them. */
export const LORA_MODULES: readonly string[] = [
  'q_proj',
  'k_proj',
  'v_proj',
  'o_proj',
  'gate_proj',
  'up_proj',
  'down_proj',
];

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
    kind: { kind: 'choice', values: ['grpo'] },
    standard: 'grpo',
    doc: 'How advantages and the loss are computed. `grpo`: group-normalised advantages, clipped ratio, k3 KL to the starting model.',
    example: 'algorithm grpo',
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
    standard: '2048',
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
    name: 'clip',
    kind: { kind: 'number', min: 0, max: 1, integer: false },
    standard: '0.2',
    doc: 'The probability ratio is clipped to `[1 - clip, 1 + clip]`.',
    example: 'clip 0.2',
  },
  {
    name: 'kl',
    kind: { kind: 'number', min: 0, max: 1000, integer: false },
    standard: '0.001',
    doc: 'Weight of the KL divergence from the starting model (k3 estimate); 0 needs no reference model.',
    example: 'kl 0.001',
  },
  {
    name: 'temperature',
    kind: { kind: 'number', min: 0.01, max: 10, integer: false },
    standard: '1.0',
    doc: 'Sampling temperature of the rollouts.',
    example: 'temperature 1.0',
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
