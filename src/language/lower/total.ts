// `total sum`, `total product`, `total = format * (correctness + 1)`: how the rules make the total. Reported: rules that
// do not reach it, and products in which two wrongs make a right.

import { parts } from '../../spec/expression_parts.ts';
import { rewardRanges } from '../../spec/ranges.ts';
import type { Rule, Total } from '../../spec/specification.ts';
import { weightAt } from '../../spec/weight.ts';
import { type Analysis, spanOf, spanOfProperty } from '../analysis.ts';
import { DIAGNOSTICS } from '../diagnostics.ts';
import { lowerAs } from '../expressions.ts';
import type * as Ast from '../generated/ast.ts';
import type { Scope } from '../scope.ts';
import { NUMBER } from '../types.ts';

/** `scope` knows all rules. */
export function lowerTotal(
  node: Ast.RewardSection | undefined,
  rules: readonly Rule[],
  nodes: ReadonlyMap<string, Ast.RuleDeclaration>,
  scope: Scope,
  analysis: Analysis,
): Total {
  const [declared, ...others] = node?.totals ?? [];
  for (const other of others) analysis.report(DIAGNOSTICS.sectionTwice, spanOf(other), 'total');
  if (!declared) return { kind: 'sum' };
  if (declared.kind) {
    if (declared.kind === 'product') checkProduct(declared, rules, analysis);
    return { kind: declared.kind };
  }
  const findings = analysis.findings.length;
  const expression = lowerAs(NUMBER, declared.expression, scope, analysis);
  const total: Total = { kind: 'expression', expression };
  if (analysis.findings.length === findings) checkReach(declared, total, rules, nodes, analysis);
  return total;
}

/** With an expression: that each rule is read, and no rule that is only measured. */
function checkReach(
  node: Ast.TotalDeclaration,
  total: Total & { kind: 'expression' },
  rules: readonly Rule[],
  nodes: ReadonlyMap<string, Ast.RuleDeclaration>,
  analysis: Analysis,
): void {
  const read = new Set(parts(total.expression).flatMap((part) => (part.kind === 'rule' ? part.name : [])));
  for (const { name, isMetric } of rules) {
    if (isMetric && read.has(name)) {
      const found = `\`${name}\` is only measured (\`metric\`), so it is always 0 in the total.`;
      analysis.report(DIAGNOSTICS.ruleBesideTotal, spanOf(node), found, 'Give it a weight, or take it out here.');
    }
    const place = nodes.get(name);
    if (isMetric || read.has(name) || !place || readBy(rules, read).has(name)) continue;
    const found = `The total does not read \`${name}\`, so nothing is earned by it.`;
    const remedy = `Read it in \`total\`, or mark it as only measured: \`rule ${name} … metric\`.`;
    analysis.report(DIAGNOSTICS.ruleBesideTotal, spanOfProperty(place, 'name'), found, remedy);
  }
}

/** Rules that the total reads through the rules it names. */
function readBy(rules: readonly Rule[], named: ReadonlySet<string>): Set<string> {
  const reached = new Set(named);
  for (const { name, cases } of [...rules].reverse()) {
    if (!reached.has(name)) continue;
    for (const part of cases.flatMap(({ when, score }) => [...(when ? parts(when) : []), ...parts(score)])) {
      if (part.kind === 'rule') reached.add(part.name);
    }
  }
  return reached;
}

function checkProduct(node: Ast.TotalDeclaration, rules: readonly Rule[], analysis: Analysis): void {
  const ranges = rewardRanges({ rules: [...rules] }).rules;
  const negative = rules.filter(({ name, weight, isMetric }) => {
    const { min, max } = ranges[name] ?? { min: 0, max: 0 };
    const factor = weightAt(weight, null);
    return !isMetric && Math.min(factor * min, factor * max) < 0;
  });
  const [first, second] = negative;
  if (first && second) analysis.report(DIAGNOSTICS.negativeProduct, spanOf(node), first.name, second.name);
}
