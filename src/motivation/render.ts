// What the model reads as its motivation, rendered from the rules that score it, so that the text and the score cannot
// drift apart (MeRF, arXiv 2506.18485: the reward's rules in the prompt). Numbers carry the rule's weight. An inverted
// motivation says the opposite of what is scored (the paper's adverse arm): every number negated.
// Left out: variants with own wording, and schedules over the steps.

import { MerfError } from '../spec/error.ts';
import { plain } from '../spec/number_text.ts';
import { type Range, rewardRanges, sumRange } from '../spec/ranges.ts';
import type { Motivation, Specification, TemplatePart } from '../spec/specification.ts';
import { ruleLines } from '../spec/wording.ts';

/** What rendering reads of a specification. */
export type Motivated = Pick<Specification, 'rules' | 'motivations' | 'arms'>;

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
export function motivationText(spec: Motivated, name: string | null): string {
  if (name === null) return '';
  const motivation = spec.motivations.find((one) => one.name === name);
  if (motivation !== undefined) return renderTemplate(spec, motivation);
  throw new MerfError(`There is no motivation named ${name}.`, `Use one of: ${listed(spec.motivations)}.`);
}

/** Names for a sentence; `(none)` when there are none. */
export function listed(named: readonly { name: string }[]): string {
  return named.length === 0 ? '(none)' : named.map(({ name }) => name).join(', ');
}

function renderTemplate(spec: Motivated, motivation: Motivation): string {
  const shown = spec.rules.filter(({ name }) => motivation.rules.includes(name));
  const ranges = new Map(Object.entries(rewardRanges(spec).rules));
  const sum = sumRange(shown, (name) => ranges.get(name));
  const { min, max } = motivation.inverted ? opposite(sum) : sum;
  const render = (part: TemplatePart): string => {
    switch (part.kind) {
      case 'text':
        return part.text;
      case 'rules':
        return shown.flatMap((rule) => ruleLines(rule, motivation.inverted, ranges)).join('\n');
      case 'rewardMin':
        return plain(min);
      case 'rewardMax':
        return plain(max);
      case 'column':
      case 'motivation':
      case 'parameter':
      case 'total':
        return '';
    }
  };
  return motivation.template.map(render).join('');
}

function opposite({ min, max }: Range): Range {
  return { min: -max + 0, max: -min + 0 };
}
