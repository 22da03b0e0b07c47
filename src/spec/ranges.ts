// Between which numbers a rule's score and the total must lie, read off the specification alone (interval
// arithmetic). Sound, not tight: every score lies in its range, but a range may be wider than what can occur, as rules
// are taken as independent. Rounding does no harm: rounded arithmetic is monotone, so the ends round the same way.

import type { BinaryOperator, Expression } from './expression.ts';
import { clamp, linear, round } from './shaping.ts';
import type { Rule, Specification, Total, Weight } from './specification.ts';
import { weightAt } from './weight.ts';

/** Both ends included; infinite where nothing is known. */
export interface Range {
  min: number;
  max: number;
}

export interface RewardRanges {
  /** Of each rule's score, before its weight. */
  rules: Record<string, Range>;
  total: Range;
}

/** Which step's weights count: one from 1, the end of every schedule (null), or any of it. */
export type WeightStep = number | null | 'any';

export function rewardRanges(
  { rules, total }: Pick<Specification, 'rules'> & Partial<Pick<Specification, 'total'>>,
  step: WeightStep = null,
): RewardRanges {
  const ranges = new Map<string, Range>();
  for (const rule of rules) ranges.set(rule.name, ruleRange(rule, ranges));
  return { rules: Object.fromEntries(ranges), total: totalRange(total ?? { kind: 'sum' }, rules, ranges, step) };
}

/** The range of what some rules make of the total; in an expression the others count as 0. */
export function totalRange(
  total: Total,
  rules: readonly Rule[],
  ranges: ReadonlyMap<string, Range>,
  step: WeightStep = null,
): Range {
  const counted = rules.filter(({ isMetric }) => !isMetric);
  if (total.kind === 'sum') return sumRange(counted, (name) => ranges.get(name), step);
  const weighted = new Map(
    counted.map(({ name, weight }) => [name, multiply(weightRange(weight, step), ranges.get(name) ?? ANY)]),
  );
  if (total.kind === 'product') return [...weighted.values()].reduce(multiply, point(1));
  for (const name of ranges.keys()) if (!weighted.has(name)) weighted.set(name, point(0));
  return scoreRange(total.expression, weighted);
}

/** The range of the weighted sum of some rules, added in their order as the total is. */
export function sumRange(
  rules: readonly Rule[],
  rangeOf: (name: string) => Range | undefined,
  step: WeightStep = null,
): Range {
  let sum: Range = point(0);
  for (const { name, weight } of rules) sum = add(sum, multiply(weightRange(weight, step), rangeOf(name) ?? ANY));
  return sum;
}

function weightRange(weight: Weight, step: WeightStep): Range {
  if (step !== 'any') return point(weightAt(weight, step));
  return hull(point(weightAt(weight, 1)), point(weightAt(weight, null)));
}

const ANY: Range = { min: -Infinity, max: Infinity };
const COUNT: Range = { min: 0, max: Infinity };

function point(x: number): Range {
  return { min: x, max: x };
}

function ruleRange(rule: Rule, before: ReadonlyMap<string, Range>): Range {
  let range: Range | null = null;
  for (const { when, score } of rule.cases) {
    const ofCase = scoreRange(score, before);
    range = range === null ? ofCase : hull(range, ofCase);
    if (when === null) return range;
  }
  // No case may hold, and then the score is 0.
  return range === null ? point(0) : hull(range, point(0));
}

/** The range of a case's score: also 0 where the expression may be none. */
export function scoreRange(score: Expression, before: ReadonlyMap<string, Range> = new Map()): Range {
  const range = expressionRange(score, before);
  const isBounded = Number.isFinite(range.min) && Number.isFinite(range.max);
  return alwaysPresent(score) && isBounded ? range : hull(range, point(0));
}

/** Whether the expression surely has a value, where none overflows: one built of numbers and other rules' scores. */
function alwaysPresent(expression: Expression): boolean {
  switch (expression.kind) {
    case 'number':
      return Number.isFinite(expression.value);
    case 'rule':
      return true;
    case 'negate':
      return alwaysPresent(expression.operand);
    case 'binary':
      return (
        ['+', '-', '*'].includes(expression.operator) &&
        alwaysPresent(expression.left) &&
        alwaysPresent(expression.right)
      );
    case 'if':
      return alwaysPresent(expression.then) && alwaysPresent(expression.otherwise);
    default:
      return false;
  }
}

/** The range of an expression's value, where it has one and is a number. */
export function expressionRange(expression: Expression, before: ReadonlyMap<string, Range>): Range {
  const range = (one: Expression): Range => expressionRange(one, before);
  switch (expression.kind) {
    case 'number':
      return Number.isFinite(expression.value) ? point(expression.value + 0) : ANY;
    case 'negate':
      return negate(range(expression.operand));
    case 'rule':
      return before.get(expression.name) ?? ANY;
    case 'external':
      return expression.range ?? ANY;
    case 'builtin':
      return expression.name === 'tokens' ? COUNT : ANY;
    case 'quantifier':
      return expression.quantifier === 'count' ? COUNT : ANY;
    case 'if':
      return hull(range(expression.then), range(expression.otherwise));
    case 'binary':
      return binaryRange(expression.operator, range(expression.left), range(expression.right));
    case 'call':
      return callRange(expression.function, expression.arguments.map(range));
    default:
      return ANY;
  }
}

function binaryRange(operator: BinaryOperator, a: Range, b: Range): Range {
  switch (operator) {
    case '+':
      return add(a, b);
    case '-':
      return add(a, negate(b));
    case '*':
      return multiply(a, b);
    case '/':
      return b.min > 0 || b.max < 0 ? corners(a, b, (x, y) => x / y) : ANY;
    default:
      return ANY;
  }
}

/** Functions that are monotone in each argument take their extremes at the arguments' extremes. */
function callRange(name: string, given: Range[]): Range {
  const [x = ANY, from = ANY, a = ANY, to = ANY, b = ANY] = given;
  switch (name) {
    case 'length':
    case 'occurrences':
    case 'sqrt':
    case 'exp':
      return COUNT;
    case 'repetition':
    case 'similarity':
    case 'overlap':
      return { min: 0, max: 1 };
    case 'floor':
    case 'ceil': {
      const round = name === 'floor' ? Math.floor : Math.ceil;
      return { min: round(x.min) + 0, max: round(x.max) + 0 };
    }
    case 'abs': {
      const least = x.min <= 0 && x.max >= 0 ? 0 : Math.min(Math.abs(x.min), Math.abs(x.max));
      return { min: least, max: Math.max(Math.abs(x.min), Math.abs(x.max)) };
    }
    case 'min':
    case 'max': {
      const pick = name === 'min' ? Math.min : Math.max;
      return { min: pick(...given.map((one) => one.min)), max: pick(...given.map((one) => one.max)) };
    }
    case 'clamp': {
      const [low, high] = [from, a];
      return { min: clamp(x.min, low.min, high.min), max: clamp(x.max, low.max, high.max) };
    }
    case 'round': {
      if (given.length > 1 && from.min !== from.max) return ANY;
      const digits = given.length > 1 ? from.min : 0;
      return { min: finite(round(x.min, digits)) ?? -Infinity, max: finite(round(x.max, digits)) ?? Infinity };
    }
    case 'linear': {
      const fixed = from.min === from.max && a.min === a.max && to.min === to.max && b.min === b.max;
      const ends = fixed ? [x.min, x.max].map((at) => finite(linear(at, from.min, a.min, to.min, b.min))) : [];
      const [first = null, last = null] = ends;
      return first === null || last === null ? hull(a, b) : hull(point(first), point(last));
    }
    // On its half wave a cosine rises or falls all the way, but its last digit may not.
    case 'cosine':
      return hull(a, b);
    default:
      return ANY;
  }
}

function finite(x: number): number | null {
  return Number.isFinite(x) ? x + 0 : null;
}

function hull(a: Range, b: Range): Range {
  return { min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) };
}

function negate({ min, max }: Range): Range {
  return { min: -max + 0, max: -min + 0 };
}

function add(a: Range, b: Range): Range {
  const [min, max] = [a.min + b.min, a.max + b.max];
  return Number.isNaN(min) || Number.isNaN(max) ? ANY : { min, max };
}

function multiply(a: Range, b: Range): Range {
  return corners(a, b, (x, y) => (x === 0 || y === 0 ? 0 : x * y));
}

function corners(a: Range, b: Range, apply: (x: number, y: number) => number): Range {
  const all = [apply(a.min, b.min), apply(a.min, b.max), apply(a.max, b.min), apply(a.max, b.max)];
  if (all.some(Number.isNaN)) return ANY;
  return { min: Math.min(...all) + 0, max: Math.max(...all) + 0 };
}
