// The numbers of each case of a text, with its place, for an editor that draws them beside the line (`merf/caseNumbers`);
// and which case a place in the text is about.

import type { Position, Range } from 'vscode-languageserver';
import type { Rule } from '../../spec/specification.ts';
import type { EditorDocument } from './document.ts';
import { condensed, numbersOfRule, type RunNumbers } from './numbers.ts';

/** Points of a curve: what a drawing as wide as a word can show. */
const POINTS = 32;

export interface CaseItem {
  rule: string;
  /** Its place in the rule. */
  case: number;
  /** From its score to the end of that line. */
  range: Range;
  /** `+2` */
  score: string;
  /** In the latest step: `62%`. */
  share: string;
  /** The share over the steps, in at most 32 points between 0 and 1. */
  curve: number[];
}

export interface CaseNumbersAnswer {
  /** Its folder, and what the numbers are of. */
  run: { folder: string; arm: string; seed: number; step: number };
  cases: CaseItem[];
}

export function caseNumbersOf(document: EditorDocument, run: RunNumbers | null): CaseNumbersAnswer | null {
  if (!run) return null;
  const { understood } = document.analysed;
  const { folder, arm, seed, step } = run;
  const cases = ownRules(document).flatMap((rule): CaseItem[] => {
    const numbers = numbersOfRule(understood, rule, run);
    return (numbers?.cases ?? []).map(({ score, share, shares }, i) => ({
      rule: rule.name,
      case: i,
      range: lineOfCase(document, rule, i),
      score,
      share,
      curve: condensed(shares, POINTS),
    }));
  });
  return { run: { folder, arm, seed, step }, cases };
}

/** The case whose score, or the end of whose line, a position is at. */
export function caseAt(document: EditorDocument, position: Position): { rule: Rule; index: number } | null {
  for (const rule of ownRules(document)) {
    for (const index of rule.cases.keys()) {
      const { start, end } = lineOfCase(document, rule, index);
      if (start.line !== position.line || position.character < start.character) continue;
      const text = document.text.getText({ start, end });
      const score = /^[-+−]?\s*[^\s(]*/.exec(text)?.[0].length ?? 0;
      if (position.character <= start.character + score || position.character >= end.character) return { rule, index };
    }
  }
  return null;
}

/** Rules that stand in this text, not in one that it imports. */
function ownRules({ analysed: { understood, analysis } }: EditorDocument): Rule[] {
  return understood.rules.filter(({ name }) => {
    const thing = analysis.things.find((one) => one.kind === 'rule' && one.name === name);
    return thing?.definition && analysis.isOwn(thing.definition);
  });
}

function lineOfCase({ text }: EditorDocument, rule: Rule, index: number): Range {
  const { line, column } = rule.cases[index]?.place ?? rule.place;
  const whole = text.getText({ start: { line, character: 0 }, end: { line: line + 1, character: 0 } });
  return { start: { line, character: column }, end: { line, character: whole.trimEnd().length } };
}
