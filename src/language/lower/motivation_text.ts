// The text of a motivation: `"Scoring rules:\n{rules}"`. It has holes of its own and no columns, as it is the same for
// every row.

import type { Template } from '../../spec/specification.ts';
import { nearest } from '../../spec/spelling.ts';
import type { Analysis } from '../analysis.ts';
import { DIAGNOSTICS } from '../diagnostics.ts';
import type * as Ast from '../generated/ast.ts';
import { readText } from '../literals.ts';
import { readHoles } from '../template.ts';
import type { LoweredTask } from './task.ts';

const HOLES: ReadonlyMap<string, { part: Template[number]; doc: string }> = new Map([
  ['rules', { part: { kind: 'rules' }, doc: 'Every rule it shows: its title, and the score and text of each case.' }],
  ['reward.min', { part: { kind: 'rewardMin' }, doc: 'The least that the shown rules can add up to.' }],
  ['reward.max', { part: { kind: 'rewardMax' }, doc: 'The most that the shown rules can add up to.' }],
  ['total', { part: { kind: 'total' }, doc: 'How the rules’ scores make the total: “the sum of the scores”.' }],
]);

export const MOTIVATION_HOLES: readonly string[] = [...HOLES.keys()];

export function lowerMotivationText(
  node: Ast.TextLiteral | undefined,
  task: LoweredTask,
  analysis: Analysis,
): Template {
  const { parts, strayBraces } = readHoles(readText(node));
  for (const span of strayBraces) analysis.report(DIAGNOSTICS.strayBrace, span);
  return parts.flatMap((part): Template => {
    if (part.kind === 'text') return [part];
    const { name, span } = part;
    const hole = HOLES.get(name);
    if (hole) {
      const signature = `{${name}}`;
      analysis.use(span, { kind: 'hole', name, signature, doc: hole.doc, definition: null, extent: null });
      return [hole.part];
    }
    const column = task.columns.get(name)?.column;
    if (column?.secret) analysis.report(DIAGNOSTICS.secretLeak, span, name, 'a motivation');
    else if (column) analysis.report(DIAGNOSTICS.columnInMotivation, span, name);
    else {
      const suggestion = nearest(name, MOTIVATION_HOLES);
      analysis.report(DIAGNOSTICS.unknownName, span, 'hole', name, suggestion, MOTIVATION_HOLES);
    }
    return [];
  });
}
