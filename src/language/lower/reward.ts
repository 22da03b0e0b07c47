// `reward { rule format "Format" { +1 when … : "…" } }`: the rules and their cases, and what is wrong with them. The
// names of all rules are known before any case is read, so that a rule which reads a later one can be told so.

import type { Expression } from '../../spec/expression.ts';
import { rewardRanges } from '../../spec/ranges.ts';
import type { Case, Rule, Total } from '../../spec/specification.ts';
import { weightText } from '../../spec/weight.ts';
import { ruleLines } from '../../spec/wording.ts';
import { type Analysis, type NamedThing, spanOf, spanOfProperty } from '../analysis.ts';
import { showBounds } from '../bounds.ts';
import { constantBecause, sameExpression } from '../constant.ts';
import { ANOTHER_NAME, DIAGNOSTICS } from '../diagnostics.ts';
import { lowerAs, negate, showScore } from '../expressions.ts';
import type * as Ast from '../generated/ast.ts';
import { readText } from '../literals.ts';
import type { Scope } from '../scope.ts';
import { offsetAt } from '../template.ts';
import { BOOL, NUMBER } from '../types.ts';
import { statedScores } from './stated_numbers.ts';
import { lowerTotal } from './total.ts';
import { lowerWeight } from './weight.ts';

export interface LoweredReward {
  rules: Rule[];
  total: Total;
  things: ReadonlyMap<string, NamedThing>;
  nodes: ReadonlyMap<string, Ast.RuleDeclaration>;
}

/** All rules; their names join the captures in `scope`. */
export function lowerReward(
  node: Ast.RewardSection | undefined,
  imported: readonly Ast.RewardSection[],
  scope: Scope,
  analysis: Analysis,
): LoweredReward {
  const rules: Rule[] = [];
  const things = new Map<string, NamedThing>();
  const nodes = new Map<string, Ast.RuleDeclaration>();
  const declared = [...imported, ...(node ? [node] : [])].flatMap(({ rules: each }) => each);
  let current = '';
  for (const declaration of declared) {
    const name = declaration.name ?? '';
    const thing = defineRule(declaration, analysis);
    const existing = scope.has(name);
    if (existing) {
      const what = `a ${existing.thing.kind}`;
      analysis.report(DIAGNOSTICS.duplicateName, spanOfProperty(declaration, 'name'), what, name, ANOTHER_NAME);
      continue;
    }
    things.set(name, thing);
    nodes.set(name, declaration);
    scope.add({
      thing,
      type: NUMBER,
      expression: { kind: 'rule', name },
      isLater: () => {
        if (rules.some((rule) => rule.name === name)) return null;
        return name === current ? 'itself' : 'later';
      },
      scores: () => scoresOf(rules.find((rule) => rule.name === name)),
    });
  }
  for (const declaration of declared) {
    current = declaration.name ?? '';
    const rule = lowerRule(declaration, scope, analysis);
    const thing = things.get(current);
    if (nodes.get(current) !== declaration || !thing) continue;
    rules.push(rule);
  }
  describeRules(rules, things);
  if (node && declared.length === 0) {
    analysis.report(DIAGNOSTICS.missingSection, spanOf(node), '`reward`', 'rule', 'rule format "Format" { … }');
  }
  const total = lowerTotal(node, rules, nodes, scope, analysis);
  return { rules, total, things, nodes };
}

function defineRule(node: Ast.RuleDeclaration, analysis: Analysis): NamedThing {
  const name = node.name ?? '';
  return analysis.define({
    kind: 'rule',
    name,
    signature: `rule ${name}`,
    doc: analysis.docOf(node),
    definition: spanOfProperty(node, 'name'),
    extent: spanOf(node),
  });
}

function lowerRule(node: Ast.RuleDeclaration, scope: Scope, analysis: Analysis): Rule {
  const name = node.name ?? '';
  const rule: Rule = {
    name,
    title: node.title ? readText(node.title).value : titleOf(name),
    doc: analysis.docOf(node),
    cases: node.cases.map((each) => lowerCase(each, scope, analysis)),
    ...lowerWeight(node, analysis),
    place: analysis.place(spanOf(node).start),
  };
  checkCases(node, rule, analysis);
  return rule;
}

function lowerCase(node: Ast.RuleCase, scope: Scope, analysis: Analysis): Case {
  const value = lowerAs(NUMBER, node.score?.value, scope, analysis);
  const score = node.score?.sign === '-' ? negate(value) : value;
  const remedy = 'Compare it, for example with `==` or `is none`.';
  const findings = analysis.findings.length;
  const when = node.isOtherwise ? null : lowerAs(BOOL, node.condition, scope, analysis, remedy);
  const isKnown = analysis.findings.length === findings && !scope.isOpen();
  const constant = when && isKnown ? constantBecause(when) : null;
  if (constant) analysis.report(DIAGNOSTICS.constantCondition, spanOf(node.condition), constant);
  if (node.text) checkText(node.text, score, analysis);
  const text = node.text ? readText(node.text).value : null;
  return { when, score, text, place: analysis.place(spanOf(node).start) };
}

/** `-1.5` in the wording of a case that gives -1. */
function checkText(node: Ast.TextLiteral, score: Expression, analysis: Analysis): void {
  if (score.kind !== 'number') return;
  const source = readText(node);
  for (const { text, index, value, isSigned } of statedScores(source.value)) {
    if (value === score.value || (!isSigned && value === Math.abs(score.value))) continue;
    const span = { start: offsetAt(source, index), end: offsetAt(source, index + text.length) };
    const shown = isSigned ? showScore(score.value) : showScore(Math.abs(score.value)).replace('+', '');
    analysis.report(DIAGNOSTICS.textContradictsScore, span, text, shown);
  }
}

function checkCases(node: Ast.RuleDeclaration, rule: Rule, analysis: Analysis): void {
  const at = (index: number) => spanOf(node.cases[index]);
  const last = rule.cases.findIndex((each) => each.when === null);
  if (last === -1) analysis.report(DIAGNOSTICS.notExhaustive, spanOfProperty(node, 'name'), rule.name);
  rule.cases.forEach((each, index) => {
    if (last !== -1 && index > last) {
      analysis.report(DIAGNOSTICS.unreachableCase, at(index), '`otherwise` above it takes every response');
      return;
    }
    const { when } = each;
    const earlier = rule.cases.slice(0, index).find((other) => when && other.when && sameExpression(other.when, when));
    if (earlier) {
      const why = `line ${earlier.place.line + 1} has the same condition`;
      analysis.report(DIAGNOSTICS.unreachableCase, at(index), why);
    }
  });
  const scores = scoresOf(rule);
  const [first] = scores ?? [];
  if (scores?.length === 1 && first !== undefined && rule.cases.length > 1 && last !== -1) {
    const span = spanOfProperty(node, 'name');
    analysis.report(DIAGNOSTICS.constantRule, span, rule.name, first === 0 ? '0' : showScore(first));
  }
}

/** The distinct scores of a rule, when all of them are plain numbers. */
export function scoresOf(rule: Rule | undefined): number[] | null {
  if (!rule) return null;
  const scores = new Set<number>();
  for (const { score } of rule.cases) {
    if (score.kind !== 'number') return null;
    scores.add(score.value);
  }
  return [...scores].sort((a, b) => b - a);
}

/** What hover says of a rule: the range of its score, and how the model reads it. */
function describeRules(rules: readonly Rule[], things: ReadonlyMap<string, NamedThing>): void {
  const ranges = new Map(Object.entries(rewardRanges({ rules: [...rules] }).rules));
  for (const rule of rules) {
    const thing = things.get(rule.name);
    const range = ranges.get(rule.name);
    if (!thing || !range) continue;
    const counts = rule.isMetric ? ', only measured' : `, weight ${weightText(rule.weight)}`;
    const weight = rule.weight === 1 ? '' : counts;
    thing.signature = `rule ${rule.name} "${rule.title}": ${showBounds(range)}${weight}`;
    const reads = (when: string, step: number | null): string => {
      const lines = ruleLines(rule, ranges, { step });
      return lines.length === 0 ? '' : `${when}:\n\n\`\`\`text\n${lines.join('\n')}\n\`\`\``;
    };
    const { weight: course } = rule;
    const read =
      typeof course === 'number'
        ? [reads('The model reads', null)]
        : [reads('At first the model reads', 1), reads(`After ${course.steps} steps`, null)];
    thing.doc = [rule.doc, ...read].filter((part) => part !== '').join('\n\n');
  }
}

function titleOf(name: string): string {
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
