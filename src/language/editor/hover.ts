// Hover: the signature and the documentation of the name, or of the word of the language, under the cursor.

import { GrammarAST } from 'langium';
import type { Hover, Position } from 'vscode-languageserver';
import { keywordDoc } from '../keywords.ts';
import { type EditorDocument, leafAt, occurrenceAt, rangeOf } from './document.ts';
import { numbersOfRule, type RunNumbers } from './numbers.ts';

/** `run` is asked for only on a rule. */
export function hoverAt(
  document: EditorDocument,
  position: Position,
  run: () => RunNumbers | null = () => null,
): Hover | null {
  const offset = document.text.offsetAt(position);
  const occurrence = occurrenceAt(document, offset);
  if (occurrence) {
    const { kind, name, signature, doc } = occurrence.thing;
    const told = kind === 'rule' ? ruleInRun(document, name, run()) : '';
    const text = [told, doc].filter((part) => part !== '').join('\n\n');
    return { contents: markdown(signature, text), range: rangeOf(document, occurrence.span) };
  }
  return keywordHover(document, offset);
}

/** What the rule did in the latest run; '' where there is none. */
function ruleInRun({ analysed }: EditorDocument, name: string, run: RunNumbers | null): string {
  const rule = analysed.understood.rules.find((one) => one.name === name);
  const numbers = rule && run && numbersOfRule(analysed.understood, rule, run);
  if (!numbers) return '';
  const steps = run.from === run.to ? `step ${run.to}` : `steps ${run.from} to ${run.to}`;
  const cases = numbers.cases.map(({ score, share }) => `**${score}** ${share}`).join(', ');
  const mean = `mean ${numbers.mean} ${numbers.curve}`.trim();
  return `${cases}, ${mean} in the latest run (\`${run.arm}\`, seed ${run.seed}, ${run.responses} responses of ${steps}).`;
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
