// Texts that a person wrote around the rules, against the rules: a motivation's own text, and the prompt. Numbers that
// the text calls scores, praise and blame beside a sign, tags, limits. A text may speak of anything, so only what cannot
// be meant otherwise is reported: in a prompt, scores only where it speaks of scoring.

import type { Expression } from '../../spec/expression.ts';
import { parts } from '../../spec/expression_parts.ts';
import type { Arm, Capture, Case, Motivation } from '../../spec/specification.ts';
import { nearest } from '../../spec/spelling.ts';
import type { Analysis, Span } from '../analysis.ts';
import { DIAGNOSTICS } from '../diagnostics.ts';
import type * as Ast from '../generated/ast.ts';
import { readText, type SourceText } from '../literals.ts';
import { Reading } from '../reads.ts';
import { offsetAt } from '../template.ts';
import { KnownScores } from './known_scores.ts';
import type { LoweredMotivations } from './motivation.ts';
import type { LoweredReward } from './reward.ts';
import { type Stated, statedLengths, statedRanges, statedScores } from './stated_numbers.ts';
import { verdictOf } from './verdict.ts';
import { isNear, speaksOfTag, TAG } from './wordings.ts';

export interface Written {
  source: SourceText;
  /** null: the prompt. */
  motivation: Motivation | null;
}

/** The texts of the prompt and of the motivations that have one of their own. */
export function handWritten(prompt: Ast.PromptSection | undefined, lowered: LoweredMotivations): Written[] {
  const messages = (prompt?.messages ?? []).flatMap(({ text }) => text ?? []);
  const own = lowered.motivations.flatMap((motivation) => {
    const node = lowered.nodes.get(motivation.name);
    const literal = node && ownText(node);
    return literal ? [{ source: readText(literal), motivation }] : [];
  });
  return [...messages.map((literal) => ({ source: readText(literal), motivation: null })), ...own];
}

function ownText(node: Ast.MotivationSection): Ast.TextLiteral | undefined {
  const options = node.derived?.steps ?? node.options;
  return options.findLast((option) => option.kind === 'text')?.text ?? node.text;
}

export function checkHandWritten(
  texts: readonly Written[],
  lowered: LoweredMotivations,
  reward: LoweredReward,
  captures: readonly Capture[],
  arms: readonly Arm[],
  analysis: Analysis,
): void {
  const scores = new KnownScores(reward.rules, reward.total);
  for (const text of texts) {
    checkScores(text, scores, analysis);
    checkTags(text, reward, captures, analysis);
    checkLimits(text, reward, captures, arms, analysis);
  }
  checkInheritedTotals(texts, lowered, scores, analysis);
}

const SCORING = /\b(?:scores?|scored|rewards?|rewarded|points?)\b|点|スコア|報酬|採点/i;
const TOTAL = /\b(?:total|sum|scores?|rewards?|points)\b|合計|得点|点数|スコア|報酬/i;

// ------------------------------------------------------------------ scores and totals

function checkScores({ source, motivation }: Written, scores: KnownScores, analysis: Analysis): void {
  let heading: string | null = null;
  for (const { text: line, index: lineStart } of pieces(source.value, /\n/g)) {
    const titled = scores.titledBy(line);
    if (line.trim() === '') heading = null;
    else if (titled) heading = titled.isWholeLine ? titled.rule : null;
    const rule = titled?.rule ?? heading;
    for (const { text, index } of pieces(line, /[!?;。！？；]|\.(?!\d)/g)) {
      if (motivation === null && !SCORING.test(text)) continue;
      const at = (stated: Stated): Span => spanIn(source, lineStart + index + stated.index, stated.text.length);
      const ranges = statedRanges(text).filter((range) => isOfScores(range, text, motivation));
      for (const range of ranges) {
        const wrong = scores.wrongRange(range, rule, motivation);
        if (wrong) report(range, wrong, at(range), analysis);
      }
      const inRange = (place: number): boolean =>
        statedRanges(text).some((range) => place >= range.index && place < range.index + range.text.length);
      const stated = statedScores(text).filter((score) => !inRange(score.index));
      for (const score of stated) {
        const wrong = scores.wrongScore(score, text, rule, motivation);
        if (wrong) report(score, wrong, at(score), analysis);
        else if (stated.length === 1) checkSign(score, text, motivation, scores, at(score), analysis);
      }
    }
  }
}

function isOfScores(range: { min: number }, sentence: string, motivation: Motivation | null): boolean {
  return TOTAL.test(sentence) || (motivation !== null && range.min < 0);
}

function report(
  { text }: Stated,
  { gives, remedy, suggestion }: { gives: string; remedy: string; suggestion: string | null },
  span: Span,
  analysis: Analysis,
): void {
  analysis.report(DIAGNOSTICS.textBesideScores, span, text, gives, remedy, suggestion ?? undefined);
}

function checkSign(
  { value, text, isSigned }: { value: number; text: string; isSigned: boolean },
  sentence: string,
  motivation: Motivation | null,
  scores: KnownScores,
  span: Span,
  analysis: Analysis,
): void {
  if (!isSigned || value === 0 || motivation?.inverted) return;
  const verdict = verdictOf(sentence);
  const isOpposite = verdict === (value > 0 ? 'blame' : 'praise');
  // A case in between may well praise one part of a response and cost for another.
  if (!verdict || !isOpposite || !scores.isExtreme(value)) return;
  analysis.report(DIAGNOSTICS.textBesideSign, span, verdict, text);
}

/** A total that is written out in a text, for the motivations derived from it that show other rules. */
function checkInheritedTotals(
  texts: readonly Written[],
  { motivations, nodes }: LoweredMotivations,
  scores: KnownScores,
  analysis: Analysis,
): void {
  for (const motivation of motivations) {
    let node = nodes.get(motivation.name);
    if (!node || ownText(node)) continue;
    const above = new Set<string>();
    while (node?.derived?.base && !ownText(node) && !above.has(node.derived.base)) {
      above.add(node.derived.base);
      node = nodes.get(node.derived.base);
    }
    const base = texts.find((text) => text.motivation !== null && text.motivation.name === node?.name);
    if (!base) continue;
    for (const { text, index } of pieces(base.source.value, /[\n!?;。！？；]|\.(?!\d)/g)) {
      for (const range of statedRanges(text)) {
        if (!isOfScores(range, text, motivation) || scores.wrongRange(range, null, base.motivation)) continue;
        const wrong = scores.wrongRange(range, null, motivation);
        if (wrong) report(range, wrong, spanIn(base.source, index + range.index, range.text.length), analysis);
      }
    }
  }
}

// ------------------------------------------------------------------ tags and limits

/** Only where the response is read by tags: a pair that no capture reads, and any tag that is nearly one that is read. */
function checkTags(
  { source }: Written,
  { rules }: LoweredReward,
  captures: readonly Capture[],
  analysis: Analysis,
): void {
  const tags = captures.flatMap(({ extractor }) => (extractor.kind === 'tag' ? extractor.tag : []));
  if (tags.length === 0) return;
  const read = new Reading(rules, captures).ofCases(rules.flatMap(({ cases }) => cases));
  for (const { extractor } of captures) if (extractor.kind === 'regex') read.texts.add(extractor.pattern);
  const { value } = source;
  for (const { 0: written, 1: tag = '', index } of value.matchAll(TAG)) {
    if (tags.includes(tag) || speaksOfTag(read, tag)) continue;
    const meant = nearest(tag, tags);
    if (meant === null && !isPairToFill(value, tag)) continue;
    const gives = `the response is read by ${tags.map((name) => `\`<${name}>\``).join(', ')}`;
    const remedy = meant === null ? 'Capture it, or take it out of the text.' : `Did you mean \`<${meant}>\`?`;
    const suggestion = meant === null ? undefined : written.replace(tag, meant);
    const span = spanIn(source, index, written.length);
    analysis.report(DIAGNOSTICS.textBesideResponse, span, `\`${written}\``, gives, remedy, suggestion);
  }
}

const MOST_INSIDE = 80;

/** `<x> </x>` and not `<x>{quiz}</x>`, around what the model is given. */
function isPairToFill(text: string, tag: string): boolean {
  const start = text.indexOf(`<${tag}>`);
  const end = text.indexOf(`</${tag}>`, start);
  if (start === -1 || end === -1) return false;
  const inside = text.slice(start + tag.length + 2, end);
  return inside.length <= MOST_INSIDE && !inside.includes('{');
}

/** In a motivation every length, in a prompt only limits of tokens beside rules that count tokens: others only instruct. */
function checkLimits(
  { source, motivation }: Written,
  { rules }: LoweredReward,
  captures: readonly Capture[],
  arms: readonly Arm[],
  analysis: Analysis,
): void {
  const stated = statedLengths(source.value);
  if (stated.length === 0) return;
  const cases = rules.flatMap((rule) => rule.cases);
  if (cases.some(measuresByRow)) return;
  const read = new Reading(rules, captures).ofCases(cases);
  const limits = arms.map(({ train }) => train.maxResponse);
  for (const { text, index, value, isTokens, isLimit } of stated) {
    if ([...read.numbers, ...limits].some((number) => isNear(number, value))) continue;
    if (motivation === null && !(isLimit && isTokens && read.readsTokens)) continue;
    const gives = 'no condition looks at that';
    const span = spanIn(source, index, text.length);
    const remedy = 'Make the text and the conditions agree.';
    analysis.report(DIAGNOSTICS.textBesideResponse, span, `\`${text}\``, gives, remedy, undefined);
  }
}

/** What the limit is, or how it is measured, only the row or a verifier knows. */
function measuresByRow({ when, score }: Case): boolean {
  const all = [score, ...(when ? [when] : [])].flatMap(parts);
  const isMeasure = (part: Expression): boolean =>
    (part.kind === 'builtin' && part.name === 'tokens') || (part.kind === 'call' && part.function === 'length');
  return all.some((part) => {
    if (part.kind !== 'binary') return part.kind === 'external';
    const inside = parts(part);
    return inside.some(isMeasure) && inside.some(({ kind }) => kind === 'column');
  });
}

// ------------------------------------------------------------------ places

/** The parts of a text between separators, each with its place. */
function pieces(text: string, separator: RegExp): Stated[] {
  const found: Stated[] = [];
  let start = 0;
  for (const { 0: written, index } of text.matchAll(separator)) {
    found.push({ text: text.slice(start, index), index: start });
    start = index + written.length;
  }
  found.push({ text: text.slice(start), index: start });
  return found;
}

function spanIn(source: SourceText, index: number, length: number): Span {
  return { start: offsetAt(source, index), end: offsetAt(source, index + length) };
}
