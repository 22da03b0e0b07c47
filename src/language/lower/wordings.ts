// The wording of a case against its score and its condition: praise where the case costs the most, blame where it earns
// the most, and tags or lengths that nothing in the condition looks at. Words are compared, not understood, so a text is
// reported only when all of its words of praise and blame say the same.

import type { Expression } from '../../spec/expression.ts';
import type { Arm, Capture, Case, Rule } from '../../spec/specification.ts';
import { type Analysis, spanOf } from '../analysis.ts';
import { DIAGNOSTICS } from '../diagnostics.ts';
import { showScore } from '../expressions.ts';
import type * as Ast from '../generated/ast.ts';
import { readText } from '../literals.ts';
import { parts } from '../reads.ts';
import { offsetAt } from '../template.ts';
import type { LoweredReward } from './reward.ts';

interface Known {
  rules: readonly Rule[];
  captures: readonly Capture[];
  /** Limits of the arms' responses: what a case that reads `finished` may speak of. */
  limits: readonly number[];
}

export function checkWordings(
  { rules, nodes }: LoweredReward,
  captures: readonly Capture[],
  arms: readonly Arm[],
  analysis: Analysis,
): void {
  const known: Known = { rules, captures, limits: arms.map(({ train }) => train.maxResponse) };
  for (const rule of rules) {
    const declared = nodes.get(rule.name)?.cases ?? [];
    rule.cases.forEach((each, index) => {
      const literal = declared[index]?.text;
      if (!literal) return;
      checkVerdict(literal, each, rule, analysis);
      // A case is reached when those above it do not hold, so it may speak of what they read.
      const read = withRules(rule.cases.slice(0, index + 1).flatMap(expressionsOf), known.rules);
      checkTags(literal, read, known, analysis);
      checkLengths(literal, read, known, analysis);
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
  return score.kind === 'number' ? score.value * weight : null;
}

// ------------------------------------------------------------------ tags and lengths

function checkTags(literal: Ast.TextLiteral, read: readonly Expression[], known: Known, analysis: Analysis): void {
  const tags = new Set(read.flatMap((each) => (each.kind === 'capture' ? tagOf(each.name, known.captures) : [])));
  const texts = read.flatMap((each) => (each.kind === 'text' ? each.value : []));
  reportMatches(literal, analysis, /<\/?([A-Za-z_][\w-]*)>/g, ([, tag = '']) => {
    const isRead = tags.has(tag) || texts.some((text) => text.includes(tag));
    return isRead ? null : `the tag \`<${tag}>\``;
  });
}

/** The tag that a capture is found by, through the captures it reads. */
function tagOf(name: string, captures: readonly Capture[]): string[] {
  const extractor = captures.find((capture) => capture.name === name)?.extractor;
  if (!extractor) return [];
  return extractor.kind === 'tag' ? [extractor.tag] : tagOf(extractor.from, captures);
}

const LENGTH = /(?<![\w.])(\d[\d,]*(?:\.\d+)?)[ -](token|word|character|letter|line|sentence)s?\b/gi;

function checkLengths(literal: Ast.TextLiteral, read: readonly Expression[], known: Known, analysis: Analysis): void {
  const numbers = read.flatMap((each) => (each.kind === 'number' ? each.value : []));
  if (read.some((each) => each.kind === 'builtin' && each.name === 'finished')) numbers.push(...known.limits);
  const isOfRow = read.some((each) => each.kind === 'column');
  reportMatches(literal, analysis, LENGTH, ([found, digits = '']) => {
    const value = Number(digits.replaceAll(',', ''));
    // `tokens < 513` is "at most 512 tokens".
    const isRead = numbers.some((number) => Math.abs(Math.abs(number) - value) <= 1);
    return isRead || isOfRow ? null : `\`${found}\``;
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

function expressionsOf({ when, score }: Case): Expression[] {
  return [...(when ? parts(when) : []), ...parts(score)];
}

/** With all that the rules among them read. */
function withRules(expressions: readonly Expression[], rules: readonly Rule[]): Expression[] {
  const all = [...expressions];
  const seen = new Set<string>();
  for (const each of all) {
    if (each.kind !== 'rule' || seen.has(each.name)) continue;
    seen.add(each.name);
    all.push(...(rules.find(({ name }) => name === each.name)?.cases ?? []).flatMap(expressionsOf));
  }
  return all;
}
