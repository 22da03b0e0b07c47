// What may follow a motivation's name or its base: which rules it shows and how (`only a`, `without a`, `inverted`,
// `scores_only`, `criteria_only`, `text "…"`), where it stands (`at user`), and who of a group reads it when (`share 50%`,
// `share graded`, `decay at 20% steepness 125`, `update without`). Options are taken from left to right.

import type { Motivation } from '../../spec/specification.ts';
import { type Analysis, spanOf } from '../analysis.ts';
import { DIAGNOSTICS } from '../diagnostics.ts';
import type * as Ast from '../generated/ast.ts';
import { readNumber } from '../literals.ts';
import { checkEffects, checkNamed } from './motivation_effects.ts';
import { lowerMotivationText } from './motivation_text.ts';
import type { LoweredReward } from './reward.ts';
import { useRule } from './rule_name.ts';
import type { LoweredTask } from './task.ts';

/** What options change. */
export type Shown = Pick<Motivation, 'template' | 'rules' | 'inverted' | 'shows' | 'placement' | 'visibility'>;

/** What a motivation is before any option. */
export const PLAIN: Shown = {
  template: [],
  rules: [],
  inverted: false,
  shows: 'all',
  placement: 'template',
  visibility: { share: 1, decay: null, update: 'with' },
};

/** RuscaRL's decay (arXiv 2508.16949, table 3): half of it is left after a fifth of the steps. */
const STANDARD_DECAY = { middle: 0.2, steepness: 125 };

/** Kinds of options that exclude each other or mean nothing twice. */
const ONCE: Readonly<Record<string, string>> = {
  scores_only: 'scores_only or criteria_only',
  criteria_only: 'scores_only or criteria_only',
  text: 'text',
  at: 'at',
  share: 'share',
  decay: 'decay',
  update: 'update',
};

export function applyOptions(
  base: Shown,
  options: readonly Ast.DerivationStep[],
  reward: LoweredReward,
  task: LoweredTask,
  analysis: Analysis,
): Shown {
  const seen = new Set<string>();
  const result = options.reduce((shown, option) => {
    const once = ONCE[option.kind ?? ''];
    if (once !== undefined && seen.has(once)) analysis.report(DIAGNOSTICS.sectionTwice, spanOf(option), once);
    if (once !== undefined) seen.add(once);
    return apply(shown, option, reward, task, analysis);
  }, base);
  checkEffects(options, result, analysis);
  return result;
}

function apply(
  shown: Shown,
  option: Ast.DerivationStep,
  reward: LoweredReward,
  task: LoweredTask,
  analysis: Analysis,
): Shown {
  const named = option.rules.map((rule) => useRule(rule, reward, analysis));
  checkNamed(option, shown, reward, analysis);
  const { rules, visibility } = shown;
  switch (option.kind) {
    case 'only':
      return { ...shown, rules: rules.filter((rule) => named.includes(rule)) };
    case 'without':
      return { ...shown, rules: rules.filter((rule) => !named.includes(rule)) };
    case 'inverted':
      return { ...shown, inverted: !shown.inverted };
    case 'scores_only':
      return { ...shown, shows: 'scores' };
    case 'criteria_only':
      return { ...shown, shows: 'criteria' };
    case 'text':
      return { ...shown, template: lowerMotivationText(option.text, task, analysis) };
    case 'at':
      return { ...shown, placement: option.placement ?? 'template' };
    case 'share':
      return { ...shown, visibility: { ...visibility, share: option.isGraded ? 'graded' : shareOf(option, analysis) } };
    case 'decay':
      return { ...shown, visibility: { ...visibility, decay: decayOf(option, analysis) } };
    case 'update':
      return { ...shown, visibility: { ...visibility, update: option.update ?? 'with' } };
    default:
      return shown;
  }
}

function shareOf(option: Ast.DerivationStep, analysis: Analysis): number {
  const share = part(option.share, option.isPercent);
  if (share >= 0 && share <= 1) return share;
  analysis.report(DIAGNOSTICS.settingValue, spanOf(option), 'share', 'from 0% to 100%, or `graded`');
  return 1;
}

function decayOf(option: Ast.DerivationStep, analysis: Analysis): NonNullable<Motivation['visibility']['decay']> {
  const middle = option.middle ? part(option.middle, option.isPercent) : STANDARD_DECAY.middle;
  const steepness = option.steepness ? readNumber(option.steepness) : STANDARD_DECAY.steepness;
  if (middle < 0 || middle > 1) {
    analysis.report(DIAGNOSTICS.settingValue, spanOf(option), 'decay at', 'a part of the steps, from 0% to 100%');
  }
  if (!(steepness > 0)) analysis.report(DIAGNOSTICS.settingValue, spanOf(option), 'steepness', 'a number above 0');
  return { middle, steepness };
}

function part(node: Ast.SignedNumber | undefined, isPercent: boolean): number {
  return node ? readNumber(node) / (isPercent ? 100 : 1) : 1;
}
