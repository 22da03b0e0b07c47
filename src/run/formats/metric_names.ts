// The names that other trainers give to what this one measures too: TRL's with the prefix that Hugging Face's TensorBoard
// logger puts before them, and verl's. Any other name stays as it is and is drawn under it.

const VERL: Readonly<Record<string, string>> = {
  'critic/score/mean': 'reward',
  'actor/entropy': 'entropy',
  'actor/entropy_loss': 'entropy',
  'actor/kl_loss': 'kl',
  'actor/grad_norm': 'grad_norm',
  'actor/lr': 'learning_rate',
  'actor/pg_loss': 'loss',
  'actor/pg_clipfrac': 'clip_ratio/region_mean',
  'response_length/mean': 'completions/mean_length',
  'response_length/min': 'completions/min_length',
  'response_length/max': 'completions/max_length',
  'response_length/clip_ratio': 'completions/clipped_ratio',
  'timing_s/step': 'step_time',
  'timing_s/gen': 'time/generation',
  'timing_s/reward': 'time/reward',
  'timing_s/update_actor': 'time/update',
};

export function metricName(name: string): string {
  if (name.startsWith('train/')) return name.slice('train/'.length);
  return Object.hasOwn(VERL, name) ? (VERL[name] ?? name) : name;
}
