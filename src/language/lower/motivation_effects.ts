// Options of a motivation that change nothing of what the model reads: rules that it does not show anyway, numbers turned
// around where none are shown.

import type { Template } from '../../spec/specification.ts';
import { type Analysis, spanOf } from '../analysis.ts';
import { DIAGNOSTICS } from '../diagnostics.ts';
import type * as Ast from '../generated/ast.ts';
import type { Shown } from './motivation_options.ts';
import type { LoweredReward } from './reward.ts';

/** Rules that `only` or `without` names. `before`: what is shown without this option. */
export function checkNamed(
  { kind, rules: named }: Ast.DerivationStep,
  before: Shown,
  { rules }: LoweredReward,
  analysis: Analysis,
): void {
  const seen = new Set<string>();
  for (const node of named) {
    const rule = rules.find(({ name }) => name === node.name);
    if (!rule) continue;
    const { name } = rule;
    if (rule.isMetric) {
      const remedy = `Take it out of \`${kind}\`, or give it a \`weight\`.`;
      analysis.report(
        DIAGNOSTICS.optionWithoutEffect,
        spanOf(node),
        `\`${name}\` is only measured, and no model is told of it.`,
        remedy,
      );
    } else if (seen.has(name)) {
      analysis.report(
        DIAGNOSTICS.optionWithoutEffect,
        spanOf(node),
        `\`${name}\` is named twice.`,
        'Remove one of them.',
      );
    } else if (!before.rules.includes(name)) {
      // One that shows nothing at all is told so by itself.
      if (before.rules.length === 0) continue;
      const found = `\`${name}\` is not shown by what this is derived from.`;
      const remedy = kind === 'only' ? 'Derive it from a motivation that shows it.' : 'Remove it.';
      analysis.report(DIAGNOSTICS.optionWithoutEffect, spanOf(node), found, remedy);
    }
    seen.add(name);
  }
}

/** What the text must have for an option to be seen in it. `shown`: with all options. */
export function checkEffects(options: readonly Ast.DerivationStep[], shown: Shown, analysis: Analysis): void {
  const has = (...kinds: Template[number]['kind'][]): boolean =>
    shown.template.some(({ kind }) => kinds.includes(kind));
  if (shown.template.length === 0) return;
  const showsTotal = has('rewardMin', 'rewardMax');
  const report = (option: Ast.DerivationStep, found: string, remedy: string): void =>
    analysis.report(DIAGNOSTICS.optionWithoutEffect, spanOf(option), found, remedy);
  const inversions = options.filter(({ kind }) => kind === 'inverted');
  for (const option of inversions) {
    if (inversions.length > 1) {
      if (option === inversions[1])
        report(option, '`inverted` twice is as if it were not there.', 'Remove one of them.');
    } else if (!has('rules') && !showsTotal) {
      report(
        option,
        '`inverted` turns numbers around, and the text has no hole for any.',
        'Put `{rules}` into the text.',
      );
    } else if (shown.shows === 'criteria' && !showsTotal) {
      report(option, '`inverted` turns numbers around, and `criteria_only` shows none.', 'Remove one of them.');
    }
  }
  for (const option of options) {
    if (option.kind !== 'scores_only' && option.kind !== 'criteria_only') continue;
    if (!has('rules'))
      report(option, `\`${option.kind}\` is about \`{rules}\`, which the text has not.`, 'Put `{rules}` into it.');
  }
  if (shown.visibility.share === 0) {
    const option = options.findLast(({ kind }) => kind === 'share');
    if (option) report(option, 'With `share 0%` nobody reads it.', 'Write `motivation none` in the arm.');
  }
}
