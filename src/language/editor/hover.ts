// Hover: the signature and the documentation of the name, or of the word of the language, under the cursor.

import { GrammarAST } from 'langium';
import type { Hover, Position } from 'vscode-languageserver';
import { keywordDoc } from '../keywords.ts';
import { caseAt } from './case_numbers.ts';
import { type EditorDocument, leafAt, occurrenceAt, rangeOf } from './document.ts';
import { type AskedRun, runHover } from './run_hover.ts';

/** `run` is asked for only on a rule or a case. */
export function hoverAt(
  document: EditorDocument,
  position: Position,
  run: () => AskedRun | null = () => null,
): Hover | null {
  const offset = document.text.offsetAt(position);
  const occurrence = occurrenceAt(document, offset);
  if (occurrence) {
    const { kind, name, signature, doc } = occurrence.thing;
    const told = kind === 'rule' ? ruleInRun(document, name, run()) : '';
    const text = [told, doc].filter((part) => part !== '').join('\n\n');
    return { contents: markdown(signature, text), range: rangeOf(document, occurrence.span) };
  }
  return caseHover(document, position, run) ?? keywordHover(document, offset);
}

/** What the rule did in the latest run; '' where there is none. */
function ruleInRun({ analysed: { understood } }: EditorDocument, name: string, run: AskedRun | null): string {
  const rule = understood.rules.find((one) => one.name === name);
  return rule && run ? runHover(understood, rule, null, run) : '';
}

function caseHover(document: EditorDocument, position: Position, asked: () => AskedRun | null): Hover | null {
  const found = caseAt(document, position);
  const run = found && asked();
  const value = run ? runHover(document.analysed.understood, found.rule, found.index, run) : '';
  return value === '' ? null : { contents: { kind: 'markdown', value } };
}

function keywordHover(document: EditorDocument, offset: number): Hover | null {
  const leaf = leafAt(document, offset);
  if (!leaf || !GrammarAST.isKeyword(leaf.grammarSource)) return null;
  const entry = keywordDoc(leaf.text, leaf.astNode.$type);
  if (!entry) return null;
  const contents = markdown(entry.example, entry.doc);
  return { contents, range: rangeOf(document, { start: leaf.offset, end: leaf.end }) };
}

/** Code in .merf's colours, then text. */
export function markdown(code: string, text: string): { kind: 'markdown'; value: string } {
  return { kind: 'markdown', value: `\`\`\`merf\n${code}\n\`\`\`\n\n${text}`.trim() };
}
