// The numbers that the rules give, to hold against numbers in a text: of each case, with its weight and without, of each
// rule, and sums of them. Where a score is an expression or the total is no sum, every number in its range is accepted.

import { parts } from '../../spec/expression_parts.ts';
import { plain } from '../../spec/number_text.ts';
import { type Range, rewardRanges, totalRange } from '../../spec/ranges.ts';
import type { Case, Motivation, Rule, Total } from '../../spec/specification.ts';
import { weightAt } from '../../spec/weight.ts';
import { showScore } from '../expressions.ts';
import { halfWidth, type StatedRange, type StatedScore } from './stated_numbers.ts';

/** What is so, and what to do about a text that says otherwise. */
export interface Wrong {
  /** `` `format` gives +1 or -1 ``. */
  gives: string;
  remedy: string;
  suggestion: string | null;
}

/** So many sums of cases are counted; with more, every number in the total's range is accepted. */
const MOST_SUMS = 4096;
/** A shorter text of a case may stand in a sentence by chance. */
const SHORTEST_TEXT = 8;
const SHOW_RULES = 'Use `{rules}`, which shows the scores as they are, or make them agree.';

export class KnownScores {
  private readonly rules: readonly Rule[];
  private readonly total: Total;
  private readonly ranges: ReadonlyMap<string, Range>;
  /** Numbers that conditions, scores and weights are written with. */
  private readonly written: readonly number[];
  private readonly sums: readonly number[] | null;

  constructor(rules: readonly Rule[], total: Total) {
    this.rules = rules.filter(({ isMetric }) => !isMetric);
    this.total = total;
    this.ranges = new Map(Object.entries(rewardRanges({ rules: [...rules], total }).rules));
    this.written = rules.flatMap((rule) => [...weightsOf(rule), ...rule.cases.flatMap(numbersIn)]);
    this.sums = total.kind === 'sum' ? sumsOf(this.rules) : null;
  }

  /** The rule whose title or name begins a line: `Format: …`. */
  titledBy(line: string): { rule: string; isWholeLine: boolean } | null {
    const text = halfWidth(line)
      .replace(/^[\s\d.)#*•-]+/, '')
      .toLowerCase();
    for (const { name, title } of this.rules) {
      for (const word of [title, name].map((each) => halfWidth(each).toLowerCase())) {
        if (word === '' || !text.startsWith(word)) continue;
        const [, end] = /^\**\s*(?:([:(])|$)/.exec(text.slice(word.length)) ?? [null, null];
        if (end !== null) return { rule: name, isWholeLine: /^\W*$/.test(text.slice(word.length)) };
      }
    }
    return null;
  }

  /** null: it may be right. `rule`: the one that the text is about; null: not known. */
  wrongScore(stated: StatedScore, sentence: string, rule: string | null, motivation: Motivation | null): Wrong | null {
    const isAmong = (numbers: readonly number[]): boolean =>
      numbers.some((number) => {
        const isEither = !stated.isSigned || motivation?.inverted;
        return isSame(number, stated.value) || (isEither && isSame(-number, stated.value));
      });
    if (isAmong(this.written.filter((number) => number === 0))) return null;
    const quoted = this.quotedIn(sentence);
    if (quoted && isNumber(quoted.each)) {
      const scores = scoresOf(quoted.each, quoted.rule);
      const gives = `that case gives ${showScore((scores[0] ?? 0) * (motivation?.inverted ? -1 : 1))}`;
      return isAmong(scores) ? null : { gives, remedy: SHOW_RULES, suggestion: null };
    }
    const about = this.rules.filter(({ name }) => rule === null || name === rule);
    const numbers = about.flatMap((each) => [
      ...each.cases.flatMap((one) => [...scoresOf(one, each), ...numbersIn(one)]),
      ...weightsOf(each),
    ]);
    if (about.length === 0 || isAmong(numbers) || about.some((each) => this.mayGive(each, stated.value))) return null;
    const [only] = about;
    if (rule !== null && only) {
      const given = [...new Set(only.cases.map((each) => scoresOf(each, only)[0] ?? 0))].map(showScore);
      return { gives: `\`${rule}\` gives ${given.join(' or ')}`, remedy: SHOW_RULES, suggestion: null };
    }
    const { min, max } = totalRange(this.total, this.rules, this.ranges, 'any');
    const isTotal = isAmong(this.sums ?? [stated.value >= min && stated.value <= max ? stated.value : Number.NaN]);
    return isTotal ? null : { gives: 'no rule gives that', remedy: SHOW_RULES, suggestion: null };
  }

  /** A range of scores that is neither the total's nor a rule's. */
  wrongRange(stated: StatedRange, rule: string | null, motivation: Motivation | null): Wrong | null {
    const isInverted = motivation?.inverted ?? false;
    const isIt = ({ min, max }: Range): boolean => isSame(min, stated.min) && isSame(max, stated.max);
    const isWritten = [stated.min, stated.max].every((end) => this.written.some((number) => isSame(number, end)));
    const about = this.rules.filter(({ name }) => rule === null || name === rule);
    const ofRules = about.flatMap((each) => this.rangesOf(each)).flatMap((range) => [range, opposite(range)]);
    if (about.length === 0 || isWritten || ofRules.some(isIt)) return null;
    if (rule !== null) {
      const { min, max } = this.ranges.get(rule) ?? { min: 0, max: 0 };
      return { gives: `\`${rule}\` gives ${plain(min)} to ${plain(max)}`, remedy: SHOW_RULES, suggestion: null };
    }
    const isShown = ({ name }: Rule): boolean => !motivation?.rules.length || motivation.rules.includes(name);
    const shown = this.rules.filter(isShown);
    const totals = [null, 1].map((step) => totalRange(this.total, shown, this.ranges, step));
    const [total] = totals.map((range) => (isInverted ? opposite(range) : range));
    if (!total || !Number.isFinite(total.min) || !Number.isFinite(total.max)) return null;
    if (totals.some((range) => isIt(isInverted ? opposite(range) : range))) return null;
    const from = `from ${plain(total.min)} to ${plain(total.max)}`;
    if (!motivation) return { gives: `the total is ${from}`, remedy: 'Make them agree.', suggestion: null };
    return {
      gives: `the total of what \`${motivation.name}\` shows is ${from}`,
      remedy: 'Write `{reward.min}` and `{reward.max}`.',
      suggestion: '{reward.min} to {reward.max}',
    };
  }

  /** It is the least or the most of every rule that has such a score. */
  isExtreme(value: number): boolean {
    return this.rules.every((rule) => {
      const all = rule.cases.flatMap((each) => scoresOf(each, rule));
      if (!all.some((score) => isSame(score, value))) return true;
      return rule.cases.every(isNumber) && all.every((score) => (value < 0 ? score >= value : score <= value));
    });
  }

  /** Its range with each of its weights. */
  private rangesOf(rule: Rule): Range[] {
    const { min, max } = this.ranges.get(rule.name) ?? { min: 0, max: 0 };
    return weightsOf(rule).map((weight) => {
      const ends = [min * weight, max * weight];
      return { min: Math.min(...ends), max: Math.max(...ends) };
    });
  }

  /** A score that is an expression: any number as far from 0 as one in its range. */
  private mayGive(rule: Rule, value: number): boolean {
    if (rule.cases.every(isNumber)) return false;
    return this.rangesOf(rule).some(({ min, max }) => Math.abs(value) <= Math.max(Math.abs(min), Math.abs(max)));
  }

  /** The one case whose text stands in the sentence word for word. */
  private quotedIn(sentence: string): { each: Case; rule: Rule } | null {
    const found = this.rules.flatMap((rule) =>
      rule.cases
        .filter(({ text }) => text !== null && text.length >= SHORTEST_TEXT && sentence.includes(text))
        .map((each) => ({ each, rule })),
    );
    const [only = null] = found;
    return found.length === 1 ? only : null;
  }
}

/** Rounding apart. */
function isSame(a: number, b: number): boolean {
  return Math.abs(a - b) < 1e-9;
}

function isNumber({ score }: Case): boolean {
  return score.kind === 'number';
}

function opposite({ min, max }: Range): Range {
  return { min: -max + 0, max: -min + 0 };
}

/** 1, as a text may leave the weight to another sentence, and those of its schedule. */
function weightsOf({ weight }: Rule): number[] {
  return [weightAt(weight, null), weightAt(weight, 1), 1];
}

/** With each weight, the one at the end first; none of an expression. */
function scoresOf({ score }: Case, rule: Rule): number[] {
  return score.kind === 'number' ? weightsOf(rule).map((weight) => score.value * weight) : [];
}

function numbersIn({ when, score }: Case): number[] {
  return [score, ...(when ? [when] : [])]
    .flatMap(parts)
    .flatMap((part) => (part.kind === 'number' ? part.value : part.kind === 'external' ? endsOf(part.range) : []));
}

function endsOf(range: Range | undefined): number[] {
  return range ? [range.min, range.max] : [];
}

/** Of one case, or none, of each rule; null: too many, or scores that are expressions. */
function sumsOf(rules: readonly Rule[]): number[] | null {
  if (!rules.every(({ cases }) => cases.every(isNumber))) return null;
  let sums = [0];
  for (const rule of rules) {
    const scores = [0, ...rule.cases.flatMap((each) => scoresOf(each, rule))];
    if (sums.length * scores.length > MOST_SUMS) return null;
    sums = [...new Set(sums.flatMap((sum) => scores.map((score) => sum + score)))];
  }
  return sums;
}
