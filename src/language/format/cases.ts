// The cases of a rule as a table: scores, conditions and texts under each other. A score too wide for its column stands
// alone above its condition, and a text that does not fit beside its condition stands below it.

import type * as Ast from '../generated/ast.ts';
import { type Layout, LINE } from './layout.ts';

/** A wider score (`+linear(tokens, …)`) does not push the others' conditions to the right. */
const SCORE = 12;

interface Row {
  node: Ast.RuleCase;
  first: number;
  last: number;
  /** `when` or `otherwise`. */
  when: number;
  /** `:`; null: no text. */
  colon: number | null;
  score: number;
  condition: number;
}

export function layOutCases(layout: Layout, node: Ast.RuleDeclaration, column: number): void {
  const rows = node.cases.flatMap((each) => rowOf(layout, each) ?? []);
  const narrow = rows.filter(({ score }) => score <= SCORE);
  const scores = Math.max(...narrow.map(({ score }) => score));
  const table = narrow.length > 0 ? column + scores + 2 : null;
  for (const row of rows) {
    const ownColumn = column + row.score + 2;
    const isWide = table === null ? !fits(layout, row, ownColumn) : row.score > SCORE;
    const start = table ?? (isWide ? column + 4 : ownColumn);
    if (isWide) layout.line(row.when, start);
    else layout.space(row.when, start - column - row.score);
  }
  const conditions = rows.map((row) => {
    const start = startOf(layout, row, column);
    return { row, start, isShort: fits(layout, row, start) };
  });
  const widest = Math.max(0, ...conditions.map(({ row, start, isShort }) => (isShort ? start + row.condition : 0)));
  for (const { row, start, isShort } of conditions) {
    if (!isShort) breakCase(layout, row, start);
    if (!isShort || row.colon === null) continue;
    const padded = widest - start - row.condition + 1;
    const overflows = widest + 1 + layout.width(row.colon, row.last) > LINE;
    layout.space(row.colon, overflows ? 1 : padded);
  }
}

/** null: the case has comments inside, and so is no row of the table. */
function rowOf(layout: Layout, node: Ast.RuleCase): Row | null {
  const [first, last] = layout.rangeOf(node);
  const when = layout.find(node, 'when', 'otherwise');
  if (when === null) return null;
  if (layout.hasComments(first, last)) {
    layout.space(when, 2);
    return null;
  }
  const colon = node.text ? layout.find(node, ':') : null;
  const score = layout.width(first, when - 1);
  const condition = layout.width(when, colon === null ? last : colon - 1);
  return { node, first, last, when, colon, score, condition };
}

/** The column of `when`. */
function startOf(layout: Layout, { when, score }: Row, column: number): number {
  const gap = layout.gaps[when];
  return gap?.kind === 'line' ? gap.column : column + score + (gap?.width ?? 0);
}

function fits(layout: Layout, { colon, last, condition }: Row, start: number): boolean {
  const text = colon === null ? 0 : 1 + layout.width(colon, last);
  return start + condition + text <= LINE;
}

/** The text on a line of its own; of a condition that is still too long, every `or` or every `and` too. */
function breakCase(layout: Layout, { node, colon, condition }: Row, start: number): void {
  if (colon !== null) layout.line(colon, start);
  if (start + condition <= LINE) return;
  const top = node.condition;
  if (top?.$type !== 'Binary' || (top.operator !== 'or' && top.operator !== 'and')) return;
  let part: Ast.Expression | undefined = top;
  while (part?.$type === 'Binary' && part.operator === top.operator) {
    const operator = layout.find(part, top.operator);
    if (operator !== null) layout.line(operator, start + 'when '.length);
    part = part.left;
  }
}
