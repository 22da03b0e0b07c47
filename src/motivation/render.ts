// What the model reads as its motivation, rendered from the rules that score it, so that the text and the score cannot
// drift apart (MeRF, arXiv 2506.18485: the reward's rules in the prompt). Numbers carry the rule's weight. An inverted
// motivation says the opposite of what is scored (the paper's adverse arm): every number negated.
// Who of a group reads it, and how much of it, is visibility.ts.

import { MerfError } from '../spec/error.ts';
import { plain } from '../spec/number_text.ts';
import { type Range, rewardRanges, totalRange } from '../spec/ranges.ts';
import type { Motivation, Specification, TemplatePart } from '../spec/specification.ts';
import { totalWording } from '../spec/total_wording.ts';
import { ruleLines } from '../spec/wording.ts';

/** What rendering reads of a specification. */
export type Motivated = Pick<Specification, 'rules' | 'total' | 'motivations' | 'arms'>;

/**
 * The text of an arm's motivation, or of a motivation by its own name (an arm's name counts first); '' for null and
 * for an arm without one.
 * @throws MerfError when neither has that name.
 */
export function renderMotivation(spec: Motivated, armOrMotivation: string | null): string {
  const arm = spec.arms.find(({ name }) => name === armOrMotivation);
  const wanted = arm === undefined ? armOrMotivation : arm.motivation;
  if (wanted === null || spec.motivations.some(({ name }) => name === wanted)) return motivationText(spec, wanted);
  throw new MerfError(
    `There is no arm or motivation named ${wanted}.`,
    `Use one of the arms ${listed(spec.arms)} or the motivations ${listed(spec.motivations)}.`,
  );
}

/** The text of a motivation by its own name, whatever the arms are called; '' for null. */
export function motivationText(spec: Motivated, name: string | null, view: MotivationView = {}): string {
  const motivation = motivationNamed(spec, name);
  return motivation === null ? '' : renderTemplate(spec, motivation, view);
}

/** @throws MerfError when there is none of that name. */
export function motivationNamed(spec: Motivated, name: string | null): Motivation | null {
  if (name === null) return null;
  const motivation = spec.motivations.find((one) => one.name === name);
  if (motivation !== undefined) return motivation;
  throw new MerfError(`There is no motivation named ${name}.`, `Use one of: ${listed(spec.motivations)}.`);
}

/** Names for a sentence; `(none)` when there are none. */
export function listed(named: readonly { name: string }[]): string {
  return named.length === 0 ? '(none)' : named.map(({ name }) => name).join(', ');
}

/** When a motivation is read: its numbers follow the rules' weights. */
export interface MotivationView {
  /** Step of training, from 1; left out or null: as at the end of every schedule. */
  step?: number | null;
}

function renderTemplate(spec: Motivated, motivation: Motivation, { step = null }: MotivationView): string {
  const { inverted, shows } = motivation;
  const shown = spec.rules.filter(({ name, isMetric }) => motivation.rules.includes(name) && !isMetric);
  const ranges = new Map(Object.entries(rewardRanges(spec).rules));
  const total = totalRange(spec.total, shown, ranges, step);
  const { min, max } = inverted ? opposite(total) : total;
  const render = (part: TemplatePart): string => {
    switch (part.kind) {
      case 'text':
        return part.text;
      case 'rules':
        return shown.flatMap((rule) => ruleLines(rule, ranges, { inverted, shows, step })).join('\n');
      case 'rewardMin':
        return plain(min);
      case 'rewardMax':
        return plain(max);
      case 'total':
        return totalWording(spec.total, shown, spec.rules);
      case 'column':
      case 'motivation':
      case 'parameter':
        return '';
    }
  };
  return motivation.template.map(render).join('');
}

function opposite({ min, max }: Range): Range {
  return { min: -max + 0, max: -min + 0 };
}
