// Beside `reward {` and beside each rule: between which numbers the score lies, read off the rules.

import { type AstNode, GrammarUtils } from 'langium';
import type { InlayHint, Range as Lines } from 'vscode-languageserver';
import { rewardRanges } from '../../spec/ranges.ts';
import { weightText } from '../../spec/weight.ts';
import { baseOf, spanOf } from '../analysis.ts';
import { showBounds } from '../bounds.ts';
import type { EditorDocument } from './document.ts';

export function inlayHintsOf(document: EditorDocument, { start, end }: Lines): InlayHint[] {
  const { file, understood, isReadable } = document.analysed;
  const node = file.sections.find((section) => section.$type === 'RewardSection');
  if (!isReadable || !node || understood.rules.length === 0) return [];
  const ranges = rewardRanges(understood);
  const hints = [hint(document, openingOf(node), showBounds(ranges.total), TOTAL)];
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
