// The fields that can stand after a dot: of a capture, a column, or a variable of `all`/`any`/`count`, along the path
// that is written before the dot (`doc.lines[0].`). Read off the text, so that it works while the rest is unfinished.

import type { Type } from '../types.ts';
import { UNKNOWN } from '../types.ts';
import type { EditorDocument } from './document.ts';

const PATH = String.raw`([A-Za-z_]\w*)((?:\.\w+|\[[^\[\]\n]*\])*)`;

/** `prefix` ends with the dot. */
export function fieldsBefore(document: EditorDocument, prefix: string): { name: string; type: Type }[] {
  const [, root = '', steps = ''] = new RegExp(String.raw`${PATH}\s*\.\s*$`).exec(prefix) ?? [];
  const type = typeOfPath(document, prefix, root, steps, 0);
  return type.kind === 'struct' ? type.fields : [];
}

function typeOfPath(document: EditorDocument, prefix: string, root: string, steps: string, depth: number): Type {
  let type = typeOfName(document, prefix, root, depth);
  for (const [step] of steps.matchAll(/\.\w+|\[[^[\]\n]*\]/g)) type = typeOfStep(type, step);
  return type;
}

function typeOfStep(type: Type, step: string): Type {
  if (type.kind === 'list') return step.startsWith('[') ? type.of : UNKNOWN;
  if (type.kind === 'record') return type.of;
  const name = step.startsWith('.') ? step.slice(1) : /^\["(.*)"\]$/.exec(step)?.[1];
  return type.kind === 'struct' ? (type.fields.find((field) => field.name === name)?.type ?? UNKNOWN) : UNKNOWN;
}

/** A variable first, then a capture, then a column, as in an expression. */
function typeOfName(document: EditorDocument, prefix: string, name: string, depth: number): Type {
  const line = prefix.slice(prefix.lastIndexOf('\n') + 1);
  const variables = [...line.matchAll(new RegExp(String.raw`\b(?:all|any|count)\s*\(\s*(\w+)\s+in\s+${PATH}`, 'g'))];
  const variable = variables.findLast(([, own]) => own === name);
  // A variable may run over another's items; one that names itself is not followed for ever.
  if (variable && depth < variables.length) {
    const [, , root = '', steps = ''] = variable;
    return typeOfStep(typeOfPath(document, prefix, root, steps, depth + 1), '[0]');
  }
  const capture = document.captures.find((one) => one.name === name);
  return capture?.type ?? document.columns.find((one) => one.name === name)?.type ?? UNKNOWN;
}
