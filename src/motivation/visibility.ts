// Who of a group reads the motivation at a step, and how much of it (RuscaRL, arXiv 2508.16949, section 3.2): a
// scaffold that differs inside the group and is taken down over the steps. With R rules and G samples, at t = step/steps:
//
//   λ(t) = 1 / (1 + exp(steepness · (t − middle)))           1 where there is no decay
//   share s    the first round(s λ G) samples read all rules, the others none
//   graded     sample i = 1 … G reads the first round(λ (G − i)/(G − 1) R) rules      all of them where G is 1
//
// Who reads no rule has the prompt without any motivation.

import type { Motivation, Specification, Visibility } from '../spec/specification.ts';
import type { MotivationChoice } from './prompt.ts';

/** When in a run: `step` counts from 1, up to `steps`. */
export interface Moment {
  step: number;
  steps: number;
}

/** Part of the motivation that is left at a moment, 0 to 1. */
export function decayAt({ decay }: Pick<Visibility, 'decay'>, { step, steps }: Moment): number {
  if (decay === null) return 1;
  return 1 / (1 + Math.exp(decay.steepness * (step / steps - decay.middle)));
}

/** For each sample of a group, the names of the rules that its prompt shows; null: it has no motivation. */
export function shownRules({ rules, visibility }: Motivation, moment: Moment, group: number): (string[] | null)[] {
  const left = decayAt(visibility, moment);
  const { share } = visibility;
  return Array.from({ length: group }, (_, i) => {
    const part =
      share === 'graded'
        ? left * (group === 1 ? 1 : (group - 1 - i) / (group - 1))
        : i < Math.round(share * left * group)
          ? 1
          : 0;
    const shown = rules.slice(0, Math.round(part * rules.length));
    return shown.length > 0 || (rules.length === 0 && part > 0) ? shown : null;
  });
}

/** A motivation as it is read with these of its rules: the specification and the choice that `renderPrompt` takes. */
export function showingRules<S extends Pick<Specification, 'motivations'>>(
  spec: S,
  name: string | null,
  rules: readonly string[] | null,
): { spec: S; choice: MotivationChoice } {
  const motivation = spec.motivations.find((one) => one.name === name);
  if (motivation === undefined || rules === null) return { spec, choice: { motivation: null } };
  if (rules.length === motivation.rules.length) return { spec, choice: { motivation: name } };
  const motivations = spec.motivations.map((one) => (one === motivation ? { ...one, rules: [...rules] } : one));
  return { spec: { ...spec, motivations }, choice: { motivation: name } };
}
