// The examples of a text for a test view: where each stands, and where it says what it expects.

import type { Range } from 'vscode-languageserver';
import { spanOf } from '../analysis.ts';
import { readText } from '../literals.ts';
import { type EditorDocument, rangeOf } from './document.ts';

export interface ExampleItem {
  name: string;
  range: Range;
  /** `reward`, or a rule's name. */
  expectations: { name: string; range: Range }[];
}

/** The answer to `merf/examples`; of examples with one name only the first counts. */
export function examplesOf(document: EditorDocument): ExampleItem[] {
  const found = new Map<string, ExampleItem>();
  for (const section of document.analysed.file.sections ?? []) {
    if (section.$type !== 'ExampleSection') continue;
    const name = readText(section.title).value;
    if (name === '' || found.has(name)) continue;
    const expected = section.items.flatMap((item) => (item.$type === 'ExampleExpect' ? item.expectations : []));
    const expectations = expected.map((each) => ({ name: each.name ?? '', range: rangeOf(document, spanOf(each)) }));
    found.set(name, { name, range: rangeOf(document, spanOf(section)), expectations });
  }
  return [...found.values()];
}
