// Whether the reward can tell a right answer from a wrong one: some rule reads a secret column (only those know the
// answer), and the rules that do can move the total at least as far as those that look at form alone.

import type { Expression } from '../../spec/expression.ts';
import { parts } from '../../spec/expression_parts.ts';
import { rewardRanges } from '../../spec/ranges.ts';
import type { Rule } from '../../spec/specification.ts';
import { weightAt } from '../../spec/weight.ts';
import { type Analysis, type Span, spanOf, spanOfProperty } from '../analysis.ts';
import { DIAGNOSTICS } from '../diagnostics.ts';
import { showScore } from '../expressions.ts';
import type * as Ast from '../generated/ast.ts';
import { columnsOf } from '../reads.ts';
import type { LoweredReward } from './reward.ts';
import type { LoweredTask } from './task.ts';

export function checkRightAndWrong(
  node: Ast.RewardSection | undefined,
  { rules, nodes, total }: LoweredReward,
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
  for (const rule of rules) checkBest(rule, secrets, nodes.get(rule.name), analysis);
  if (total.kind !== 'sum') return;
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

/** A case that gives the most of its rule and looks at no answer, beside one that does. */
function checkBest(
  { name, cases, weight }: Rule,
  secrets: readonly string[],
  node: Ast.RuleDeclaration | undefined,
  analysis: Analysis,
): void {
  if (weightAt(weight, null) <= 0) return;
  const scores = cases.map(({ score }) => (score.kind === 'number' ? score.value : Number.NaN));
  const best = Math.max(...scores);
  if (cases.length < 2 || Number.isNaN(best) || scores.every((score) => score === best)) return;
  const looks = cases.map(({ when }) => when !== null && (readsAny(when, secrets) || asksOrReadsRule(when)));
  if (!cases.some(({ when }, i) => scores[i] === best && when !== null && readsAny(when, secrets))) return;
  cases.forEach((_, i) => {
    if (scores[i] !== best || looks[i]) return;
    analysis.report(DIAGNOSTICS.bestWithoutAnswer, spanOf(node?.cases[i]), name, showScore(best));
  });
}

function readsAny(expression: Expression, columns: readonly string[]): boolean {
  return columnsOf(expression).some((column) => columns.includes(column));
}

/** What another rule, a verifier or a judge knows of the answer is not known here. */
function asksOrReadsRule(expression: Expression): boolean {
  return parts(expression).some(({ kind }) => kind === 'external' || kind === 'rule');
}

/** Rules that read a secret column, work the answer out, ask a verifier or a judge, or read a rule that does. */
function rulesThatKnow(rules: readonly Rule[], secrets: readonly string[]): Set<string> {
  const knowing = new Set<string>();
  for (const { name, cases, weight } of rules) {
    const read = cases.flatMap(({ when, score }) => [...(when ? [when] : []), score]);
    const readsSecret = read.some((one) => readsAny(one, secrets));
    const knows = read
      .flatMap(parts)
      .some(
        (part) => part.kind === 'external' || isWorkedOut(part) || (part.kind === 'rule' && knowing.has(part.name)),
      );
    if ((readsSecret || knows) && weight !== 0) knowing.add(name);
  }
  return knowing;
}

/** Open columns suffice to judge an expression over given numbers. */
function isWorkedOut(part: Expression): boolean {
  return part.kind === 'call' && part.function === 'countdown_value';
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
