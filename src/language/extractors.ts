// The kinds of captures in `response`, as hover and docs/language.md show them. How they find their part of a response
// lives in reward/.

import type { ValueType } from '../spec/expression.ts';

export interface ExtractorDeclaration {
  name: 'tag' | 'assignments';
  form: string;
  result: ValueType;
  doc: string;
  example: string;
}

export const EXTRACTORS: readonly ExtractorDeclaration[] = [
  {
    name: 'tag',
    form: 'tag("name")',
    result: { kind: 'text' },
    doc: 'The text inside the last `<name>…</name>` of the response; `none` when there is none.',
    example: 'answer = tag("answer")',
  },
  {
    name: 'assignments',
    form: 'assignments(capture, "{name} is a {role}")',
    result: { kind: 'record', of: { kind: 'text' } },
    doc: "Pairs found by a pattern with two holes in another capture: the first hole is the name, the second its value. A hole whose plural is a column of the task that lists texts (`{name}` and the column `names`) takes only that row's values; any other hole takes any word. `none` when the other capture is `none`.",
    example: 'roles = assignments(answer, "{name} is a {role}")',
  },
];

export function extractorDeclaration(name: string): ExtractorDeclaration | undefined {
  return EXTRACTORS.find((declaration) => declaration.name === name);
}
