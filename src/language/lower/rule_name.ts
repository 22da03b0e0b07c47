// The name of a rule where one is asked for: in `only`, `share(…)`, an expectation.

import { nearest } from '../../spec/spelling.ts';
import { type Analysis, spanOf } from '../analysis.ts';
import { DIAGNOSTICS } from '../diagnostics.ts';
import type * as Ast from '../generated/ast.ts';
import type { LoweredReward } from './reward.ts';

/** The rule that is named, reported when there is none. */
export function useRule(node: Ast.RuleName, { things }: LoweredReward, analysis: Analysis): string {
  const name = node.name ?? '';
  const thing = things.get(name);
  const known = [...things.keys()];
  if (thing) analysis.use(spanOf(node), thing);
  else analysis.report(DIAGNOSTICS.unknownName, spanOf(node), 'rule', name, nearest(name, known), known);
  return name;
}
