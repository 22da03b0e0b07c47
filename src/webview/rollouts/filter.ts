// Which responses are listed and in what order. A response is right when every rule gave the best score any case of it
// can give (rules with computed scores: the best seen among the listed responses). Pure.

import type { Sample } from '../../run/view.ts';
import type { Specification } from '../../spec/specification.ts';
import type { RolloutsState } from '../messages.ts';

export type Filter = Pick<RolloutsState, 'search' | 'verdict' | 'rule' | 'order'>;

/** The best score of each rule, by name. */
export function bestScores(specification: Specification, samples: readonly Sample[]): Map<string, number> {
  return new Map(
    specification.rules.map((rule) => {
      const constant = rule.cases.map(({ score }) => constantOf(score));
      const seen = samples.map((sample) => sample.rules[rule.name]?.score ?? Number.NEGATIVE_INFINITY);
      const scores = constant.every((score) => score !== null) ? constant : seen;
      return [rule.name, Math.max(...scores.map((score) => score ?? Number.NEGATIVE_INFINITY))];
    }),
  );
}

function constantOf(score: Specification['rules'][number]['cases'][number]['score']): number | null {
  if (score.kind === 'number') return score.value;
  if (score.kind !== 'negate') return null;
  const value = constantOf(score.operand);
  return value === null ? null : -value;
}

export function isRight(sample: Sample, best: ReadonlyMap<string, number>): boolean {
  return [...best].every(([rule, score]) => (sample.rules[rule]?.score ?? Number.NEGATIVE_INFINITY) >= score);
}

/** `rule` is '' or `name:case`. Words are searched in prompt and response, all of them, case ignored. */
export function chosen(samples: readonly Sample[], filter: Filter, best: ReadonlyMap<string, number>): Sample[] {
  const words = filter.search.toLowerCase().split(/\s+/).filter(Boolean);
  const [rule, index] = filter.rule.split(':');
  const kept = samples.filter((sample) => {
    if (filter.verdict !== 'all' && isRight(sample, best) !== (filter.verdict === 'right')) return false;
    if (rule && String(sample.rules[rule]?.case) !== index) return false;
    if (words.length === 0) return true;
    const text = `${sample.prompt}\n${sample.response}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  return kept.sort(comparators[filter.order]);
}

const byPlace = (a: Sample, b: Sample) => a.prompt_index - b.prompt_index || a.sample - b.sample;
/** Invalid samples below all others. */
const rewardOf = (sample: Sample) => sample.reward ?? Number.NEGATIVE_INFINITY;
const comparators: Record<RolloutsState['order'], (a: Sample, b: Sample) => number> = {
  prompt: byPlace,
  rewardDown: (a, b) => rewardOf(b) - rewardOf(a) || byPlace(a, b),
  rewardUp: (a, b) => rewardOf(a) - rewardOf(b) || byPlace(a, b),
  longest: (a, b) => b.length - a.length || byPlace(a, b),
};

export interface Group {
  prompt: number;
  samples: Sample[];
}

/** Samples of the same prompt together, in the order in which the prompts first appear. */
export function grouped(samples: readonly Sample[]): Group[] {
  const groups = new Map<number, Group>();
  for (const sample of samples) {
    const group = groups.get(sample.prompt_index) ?? { prompt: sample.prompt_index, samples: [] };
    group.samples.push(sample);
    groups.set(sample.prompt_index, group);
  }
  return [...groups.values()];
}
