// `weight 0.5`, `weight 0 -> 1 over 100 steps`, `metric`: how much a rule counts in the total, and when.

import type { Rule, Weight } from '../../spec/specification.ts';
import { type Analysis, spanOf } from '../analysis.ts';
import { DIAGNOSTICS } from '../diagnostics.ts';
import type * as Ast from '../generated/ast.ts';
import { readNumber } from '../literals.ts';

export function lowerWeight(node: Ast.RuleDeclaration, analysis: Analysis): Pick<Rule, 'weight' | 'isMetric'> {
  if (node.isMetric) return { weight: 0, isMetric: true };
  const weight = readWeight(node.weight, analysis);
  if (weight === 0) analysis.report(DIAGNOSTICS.weightZero, weightSpan(node), node.name ?? '');
  return { weight, isMetric: false };
}

function readWeight(node: Ast.RuleWeight | undefined, analysis: Analysis): Weight {
  if (!node) return 1;
  const from = readNumber(node.value);
  if (!node.to) return from;
  const steps = readNumber(node.steps);
  const isWhole = Number.isInteger(steps) && steps >= 1;
  if (!isWhole) {
    analysis.report(DIAGNOSTICS.settingValue, spanOf(node.steps), 'over', 'a whole number of steps, 1 or more');
  }
  return { from, to: readNumber(node.to), steps: isWhole ? steps : 1 };
}

/** From the word `weight` on. */
function weightSpan(node: Ast.RuleDeclaration): { start: number; end: number } {
  const { end } = spanOf(node.weight);
  const before = node.$cstNode?.text.slice(0, end - spanOf(node).start) ?? '';
  return { start: spanOf(node).start + Math.max(before.lastIndexOf('weight'), 0), end };
}

/** Weights that are still on their way when the longest of the runs ends. */
export function checkSchedules(
  rules: readonly Rule[],
  nodes: ReadonlyMap<string, Ast.RuleDeclaration>,
  steps: number,
  analysis: Analysis,
): void {
  for (const { name, weight } of rules) {
    const place = nodes.get(name)?.weight;
    if (typeof weight === 'number' || weight.steps <= steps || !place) continue;
    analysis.report(DIAGNOSTICS.scheduleBeyondRun, spanOf(place), name, weight.to, weight.steps, steps);
  }
}
