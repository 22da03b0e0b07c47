// Whether the reward can tell a right answer from a wrong one: some rule reads a secret column (only those know the
// answer), and the rules that do can move the total at least as far as those that look at form alone.

import { parts } from '../../spec/expression_parts.ts';
import { rewardRanges } from '../../spec/ranges.ts';
import type { Rule } from '../../spec/specification.ts';
import { weightAt } from '../../spec/weight.ts';
import { type Analysis, type Span, spanOf, spanOfProperty } from '../analysis.ts';
import { DIAGNOSTICS } from '../diagnostics.ts';
import type * as Ast from '../generated/ast.ts';
import { columnsOf } from '../reads.ts';
import type { LoweredReward } from './reward.ts';
import type { LoweredTask } from './task.ts';

export function checkRightAndWrong(
  node: Ast.RewardSection | undefined,
  { rules, nodes }: LoweredReward,
  task: LoweredTask,
  analysis: Analysis,
): void {
  const secrets = [...task.columns.values()].filter(({ column }) => column.secret).map(({ column }) => column.name);
  if (!node || rules.length === 0 || secrets.length === 0) return;
  const judging = rulesThatKnow(rules, secrets);
  if (judging.size === 0) {
    analysis.report(DIAGNOSTICS.nothingSecretRead, headOf(node), secrets);
    return;
  }
  const ranges = rewardRanges({ rules: [...rules] }).rules;
  const reach = ({ name, weight: scheduled }: Rule): number => {
    const weight = weightAt(scheduled, null);
    const { min, max } = ranges[name] ?? { min: 0, max: 0 };
    return weight === 0 ? 0 : Math.abs(weight) * (max - min);
  };
  const others = rules.filter(({ name }) => !judging.has(name));
  const knowing = sum(rules.filter(({ name }) => judging.has(name)).map(reach));
  const formal = sum(others.map(reach));
  const [heaviest] = [...others].sort((a, b) => reach(b) - reach(a));
  const place = heaviest && nodes.get(heaviest.name);
  if (!place || !Number.isFinite(formal) || formal <= knowing + 1e-9) return;
  const span = spanOfProperty(place, 'name');
  const names = others.filter((rule) => reach(rule) > 0).map(({ name }) => name);
  analysis.report(DIAGNOSTICS.formOutweighsAnswer, span, names, round(formal), [...judging], round(knowing));
}

/** Rules that read a secret column, or a rule that does. */
function rulesThatKnow(rules: readonly Rule[], secrets: readonly string[]): Set<string> {
  const knowing = new Set<string>();
  for (const { name, cases, weight } of rules) {
    const read = cases.flatMap(({ when, score }) => [...(when ? [when] : []), score]);
    const readsSecret = read.flatMap(columnsOf).some((column) => secrets.includes(column));
    const readsRule = read.flatMap(parts).some((part) => part.kind === 'rule' && knowing.has(part.name));
    if ((readsSecret || readsRule) && weight !== 0) knowing.add(name);
  }
  return knowing;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function round(x: number): number {
  return Number(x.toPrecision(6));
}

function headOf(node: Ast.RewardSection): Span {
  const { start } = spanOf(node);
  return { start, end: start + 'reward'.length };
}
