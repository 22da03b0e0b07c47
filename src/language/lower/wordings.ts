// The wording of a case against its score and its condition: praise where the case costs the most, blame where it earns
// the most, and tags or lengths that nothing in the condition looks at. Words are compared, not understood, so a text is
// reported only when all of its words of praise and blame say the same.

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

const PRAISE = new Set(
  'correct correctly right perfect perfectly solved accurate accurately excellent good'.split(' '),
);
const BLAME = new Set(
  'wrong wrongly incorrect incorrectly bad missing invalid fails failed mistake mistakes malformed broken'.split(' '),
);
const NEGATION = /^(?:not|no|never|nothing|without|none|neither|cannot|\w+n['’]t)$/;

/** What a text says of a response, clause by clause; null where it says both or neither. */
export function verdictOf(text: string): 'praise' | 'blame' | null {
  const verdicts = new Set<'praise' | 'blame'>();
  for (const clause of text.toLowerCase().split(/[,;.:()—–]|\b(?:but|and|or)\b/)) {
    const words = clause.match(/[\w'’]+/g) ?? [];
    const isNegated = words.some((word) => NEGATION.test(word));
    for (const word of words) {
      if (PRAISE.has(word)) verdicts.add(isNegated ? 'blame' : 'praise');
      if (BLAME.has(word)) verdicts.add(isNegated ? 'praise' : 'blame');
    }
  }
  const [verdict = null] = verdicts;
  return verdicts.size === 1 ? verdict : null;
}

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
  reportMatches(literal, analysis, /<\/?([A-Za-z_][\w-]*)>/g, ([, tag = '']) => {
    const { tags, texts } = read();
    const isRead = tags.has(tag) || [...texts].some((text) => text.includes(tag));
    return isRead ? null : `the tag \`<${tag}>\``;
  });
}

const LENGTH = /(?<![\w.])(\d[\d,]*(?:\.\d+)?)[ -](token|word|character|letter|line|sentence)s?\b/gi;

/** `limits`: of the arms' responses, of which a case that reads `finished` may speak. */
function checkLengths(literal: Ast.TextLiteral, read: () => Read, limits: readonly number[], analysis: Analysis): void {
  reportMatches(literal, analysis, LENGTH, ([found, digits = '']) => {
    const { numbers, readsFinished, readsRow } = read();
    const value = Number(digits.replaceAll(',', ''));
    // `tokens < 513` is "at most 512 tokens".
    const isNear = (number: number): boolean => Math.abs(Math.abs(number) - value) <= 1;
    const isRead = [...numbers, ...(readsFinished ? limits : [])].some(isNear);
    return isRead || readsRow ? null : `\`${found}\``;
  });
}

function reportMatches(
  literal: Ast.TextLiteral,
  analysis: Analysis,
  pattern: RegExp,
  unread: (match: RegExpExecArray) => string | null,
): void {
  const source = readText(literal);
  const reported = new Set<string>();
  for (const match of source.value.matchAll(pattern)) {
    const found = unread(match);
    if (found === null || reported.has(found)) continue;
    reported.add(found);
    const span = { start: offsetAt(source, match.index), end: offsetAt(source, match.index + match[0].length) };
    analysis.report(DIAGNOSTICS.textBesideCondition, span, found);
  }
}
