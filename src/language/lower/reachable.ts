// Cases that no response reaches, by the values that what they compare can have. What is reported for a plainer reason
// already (the same condition twice, a case below `otherwise`) is not reported again.

import type { Domain, Scalar } from '../../spec/domain.ts';
import type { Expression } from '../../spec/expression.ts';
import { rewardRanges } from '../../spec/ranges.ts';
import { type Conflict, unreachableCases } from '../../spec/reachability.ts';
import type { Capture } from '../../spec/specification.ts';
import { type Analysis, spanOf } from '../analysis.ts';
import { showBounds } from '../bounds.ts';
import { DIAGNOSTICS } from '../diagnostics.ts';
import type { LoweredReward } from './reward.ts';

export function checkReachable(
  { rules, nodes }: LoweredReward,
  captures: readonly Capture[],
  analysis: Analysis,
): void {
  const ranges = new Map(Object.entries(rewardRanges({ rules: [...rules] }).rules));
  const known = { rules: new Map(rules.map((rule) => [rule.name, rule])), ranges, captures };
  for (const rule of rules) {
    const cases = nodes.get(rule.name)?.cases ?? [];
    for (const { case: index, isNever, conflict } of unreachableCases(rule, known)) {
      const node = cases[index];
      if (!node || isReported(spanOf(node), analysis)) continue;
      if (isNever) {
        const why = conflict ? describeConflict(conflict) : '';
        analysis.report(DIAGNOSTICS.constantCondition, spanOf(node.condition), `it never holds${why}`);
      } else {
        const why = conflict ? `where none of the cases above holds, it does not${describeConflict(conflict)}` : TAKEN;
        analysis.report(DIAGNOSTICS.unreachableCase, spanOf(node), why);
      }
    }
  }
}

const TAKEN = 'the cases above it take every response';

const PLAINER = [DIAGNOSTICS.constantCondition, DIAGNOSTICS.unreachableCase, DIAGNOSTICS.impossibleScore];

function isReported({ start, end }: { start: number; end: number }, { findings }: Analysis): boolean {
  const codes = PLAINER.map(({ code }) => code);
  return findings.some(({ code, span }) => codes.includes(code) && span.start >= start && span.end <= end);
}

/** `, as \`tokens\` is at least 0`. */
function describeConflict({ of, domain }: Conflict): string {
  const name = nameOf(of);
  const values = showDomain(domain);
  return name === null || values === null ? '' : `, as \`${name}\` is ${values}`;
}

function nameOf(expression: Expression): string | null {
  switch (expression.kind) {
    case 'capture':
    case 'column':
    case 'rule':
    case 'builtin':
      return expression.name;
    case 'call':
      return `${expression.function}(…)`;
    case 'external':
      return `${expression.name}(…)`;
    default:
      return null;
  }
}

function showDomain(domain: Domain): string | null {
  if (domain.kind === 'any') return null;
  if (domain.kind === 'numbers') {
    const { min, max, minOpen, maxOpen } = domain;
    if (!minOpen && !maxOpen) return showBounds({ min, max });
    const low = Number.isFinite(min) ? `${minOpen ? 'more than' : 'at least'} ${min}` : '';
    const high = Number.isFinite(max) ? `${maxOpen ? 'less than' : 'at most'} ${max}` : '';
    return [low, high].filter((part) => part !== '').join(' and ');
  }
  const shown = domain.values.map((value: Scalar) => (typeof value === 'string' ? `"${value}"` : String(value)));
  if (shown.length === 0) return 'then `none`';
  return shown.length === 1 ? String(shown[0]) : `one of ${shown.join(', ')}`;
}
