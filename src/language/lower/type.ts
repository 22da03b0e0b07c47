// Types as they are written: `text`, `list of number`, `{ vendor: text, total: number }`.

import type { ValueType } from '../../spec/expression.ts';
import { type Analysis, spanOf } from '../analysis.ts';
import { DIAGNOSTICS } from '../diagnostics.ts';
import type * as Ast from '../generated/ast.ts';
import { readText } from '../literals.ts';

/** What could not be read is text. */
export function lowerType(node: Ast.TypeReference | undefined, analysis: Analysis): ValueType {
  if (node?.kind === 'list' || node?.kind === 'record') return { kind: node.kind, of: lowerType(node.of, analysis) };
  if (node?.kind !== '{') return { kind: node?.word ?? 'text' };
  const fields = new Map<string, ValueType>();
  for (const field of node.fields) {
    const name = field.name ?? readText(field.text).value;
    if (fields.has(name)) {
      analysis.report(DIAGNOSTICS.duplicateName, spanOf(field), 'a field', name, 'Remove one of them.');
      continue;
    }
    fields.set(name, lowerType(field.type, analysis));
  }
  return { kind: 'struct', fields: [...fields].map(([name, type]) => ({ name, type })) };
}
