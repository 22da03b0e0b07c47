// The wording of a case against its score and its condition: praise where the case costs the most, blame where it earns
// the most, and tags or lengths that nothing in the condition looks at. Texts that a person wrote around the rules are
// hand_written.ts.

import type { Arm, Capture, Case, Rule } from '../../spec/specification.ts';
import { weightAt } from '../../spec/weight.ts';
import { type Analysis, spanOf } from '../analysis.ts';
import { DIAGNOSTICS } from '../diagnostics.ts';
import { showScore } from '../expressions.ts';
import type * as Ast from '../generated/ast.ts';
import { readText } from '../literals.ts';
import { type Read, Reading } from '../reads.ts';
import { offsetAt } from '../template.ts';
import type { LoweredReward } from './reward.ts';
import { statedLengths } from './stated_numbers.ts';
import { verdictOf } from './verdict.ts';

export function checkWordings(
  { rules, nodes }: LoweredReward,
  captures: readonly Capture[],
  arms: readonly Arm[],
  analysis: Analysis,
): void {
  const reading = new Reading(rules, captures);
  const limits = arms.map(({ train }) => train.maxResponse);
  for (const rule of rules) {
    const declared = nodes.get(rule.name)?.cases ?? [];
    rule.cases.forEach((each, index) => {
      const literal = declared[index]?.text;
      if (!literal) return;
      checkVerdict(literal, each, rule, analysis);
      // A case is reached when those above it do not hold, so it may speak of what they read.
      const read = (): Read => reading.ofCases(rule.cases.slice(0, index + 1));
      checkTags(literal, read, analysis);
      checkLengths(literal, read, limits, analysis);
    });
  }
}

// ------------------------------------------------------------------ praise and blame

function checkVerdict(literal: Ast.TextLiteral, each: Case, rule: Rule, analysis: Analysis): void {
  const scores = rule.cases.map((other) => weightedScore(other, rule));
  const score = weightedScore(each, rule);
  const verdict = verdictOf(each.text ?? '');
  if (score === null || verdict === null) return;
  const isWorst = score < 0 && scores.every((other) => other !== null && other >= score);
  const isBest = score > 0 && scores.every((other) => other !== null && other <= score);
  if (verdict === 'praise' ? !isWorst : !isBest) return;
  const extreme = isWorst ? 'the least' : 'the most';
  analysis.report(DIAGNOSTICS.textContradictsSign, spanOf(literal), verdict, extreme, rule.name, showScore(score));
}

function weightedScore({ score }: Case, { weight }: Rule): number | null {
  return score.kind === 'number' ? score.value * weightAt(weight, null) : null;
}

// ------------------------------------------------------------------ tags and lengths

function checkTags(literal: Ast.TextLiteral, read: () => Read, analysis: Analysis): void {
  const source = readText(literal);
  const reported = new Set<string>();
  for (const { 0: written, 1: tag = '', index } of source.value.matchAll(TAG)) {
    if (reported.has(tag) || speaksOfTag(read(), tag)) continue;
    reported.add(tag);
    const span = { start: offsetAt(source, index), end: offsetAt(source, index + written.length) };
    analysis.report(DIAGNOSTICS.textBesideCondition, span, `the tag \`<${tag}>\``);
  }
}

export const TAG = /<\/?([A-Za-z_][\w-]*)>/g;

export function speaksOfTag({ tags, texts }: Read, tag: string): boolean {
  return tags.has(tag) || [...texts].some((text) => text.includes(tag));
}

/** `limits`: of the arms' responses, of which a case that reads `finished` may speak. */
function checkLengths(literal: Ast.TextLiteral, read: () => Read, limits: readonly number[], analysis: Analysis): void {
  const source = readText(literal);
  for (const { text, index, value } of statedLengths(source.value)) {
    const { numbers, readsFinished, readsRow } = read();
    const isRead = [...numbers, ...(readsFinished ? limits : [])].some((number) => isNear(number, value));
    if (isRead || readsRow) continue;
    const span = { start: offsetAt(source, index), end: offsetAt(source, index + text.length) };
    analysis.report(DIAGNOSTICS.textBesideCondition, span, `\`${text}\``);
  }
}

/** `tokens < 513` is "at most 512 tokens". */
export function isNear(number: number, stated: number): boolean {
  return Math.abs(Math.abs(number) - stated) <= 1;
}
