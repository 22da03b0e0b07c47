// Beside `reward {` and beside each rule: between which numbers the score lies, read off the rules.

import { type AstNode, GrammarUtils } from 'langium';
import type { InlayHint, Range as Lines } from 'vscode-languageserver';
import { rewardRanges } from '../../spec/ranges.ts';
import type { Specification } from '../../spec/specification.ts';
import { weightText } from '../../spec/weight.ts';
import { baseOf, spanOf } from '../analysis.ts';
import { showBounds } from '../bounds.ts';
import type { EditorDocument } from './document.ts';

export function inlayHintsOf(document: EditorDocument, { start, end }: Lines): InlayHint[] {
  const { file, understood, isReadable } = document.analysed;
  const node = file.sections.find((section) => section.$type === 'RewardSection');
  if (!isReadable || !node || understood.rules.length === 0) return [];
  const ranges = rewardRanges(understood);
  const hints = [hint(document, openingOf(node), totalOf(understood), TOTAL)];
  for (const declaration of node.rules) {
    const rule = understood.rules.find(({ name }) => name === declaration.name);
    const range = rule && ranges.rules[rule.name];
    if (!rule || !range) continue;
    const weight = rule.isMetric || rule.weight === 1 ? '' : ` × ${weightText(rule.weight)}`;
    const opening = openingOf(declaration);
    hints.push(
      hint(document, opening, `${showBounds(range)}${weight}`, `Between which numbers \`${rule.name}\` scores.`),
    );
  }
  return hints.filter(({ position }) => position.line >= start.line && position.line <= end.line);
}

/** `-1 to 1`; where weights change, `0 at first, -1 to 1 after 100 steps`. */
function totalOf({ rules, total }: Specification): string {
  const [first, last] = [rewardRanges({ rules, total }, 1), rewardRanges({ rules, total })];
  const [begins, ends] = [showBounds(first.total), showBounds(last.total)];
  const steps = Math.max(0, ...rules.map(({ weight }) => (typeof weight === 'number' ? 0 : weight.steps)));
  return begins === ends ? ends : `${begins} at first, ${ends} after ${steps} steps`;
}

const TOTAL = 'Between which numbers the total of a response lies.';

/** The offset after the first `{` of a node. */
function openingOf(node: AstNode): number {
  const brace = GrammarUtils.findNodeForKeyword(node.$cstNode, '{');
  return brace ? baseOf(brace) + brace.end : spanOf(node).end;
}

function hint(document: EditorDocument, offset: number, label: string, tooltip: string): InlayHint {
  const position = document.text.positionAt(offset);
  return { position, label, tooltip: { kind: 'markdown', value: tooltip }, paddingLeft: true };
}
