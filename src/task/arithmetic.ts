// The built-in task `arithmetic`: `12 + 7 * 3`, with the usual precedence and a whole number as the answer. A row is train
// or test by a hash of its question, whatever the seed, and no question occurs twice.

import { MerfError } from '../spec/error.ts';
import { type Random, random } from '../spec/random.ts';
import { textHash } from './hash.ts';

interface Range {
  from: number;
  to: number;
}

export interface ArithmeticOptions {
  /** How many numbers are put together. */
  operands: Range;
  /** How many digits a number has. */
  digits: Range;
  /** Which of `+ - * /` stand between them. */
  operators: string;
  train: number;
  test: number;
  seed: number;
}

export type ArithmeticRow = { question: string; answer: number };

const MOST_TRIES = 20_000;

export function arithmeticRows(options: ArithmeticOptions): Record<'train' | 'test', ArithmeticRow[]> {
  return { train: rowsOf('train', options), test: rowsOf('test', options) };
}

function rowsOf(split: 'train' | 'test', options: ArithmeticOptions): ArithmeticRow[] {
  const { operands } = options;
  const rng = random(options.seed, `arithmetic ${split}`);
  const taken = new Set<string>();
  return Array.from({ length: options[split] }, (_, i) => {
    const count = operands.from + (i % (operands.to - operands.from + 1));
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const row = drawRow(rng, count, options);
      if (!row || taken.has(row.question) || sideOf(row.question) !== split) continue;
      taken.add(row.question);
      return row;
    }
    throw new MerfError(
      `arithmetic has no more new sums of ${count} numbers for the ${split} rows (${taken.size} are made).`,
      'Ask for fewer rows, or for more `operands`, `digits` or `operators`.',
    );
  });
}

/** One in eight is test. */
function sideOf(question: string): 'train' | 'test' {
  return textHash(question) % 8 === 0 ? 'test' : 'train';
}

/** null: a division had no fitting divisor, or the answer is too large to be exact. */
function drawRow(rng: Random, count: number, { digits, operators }: ArithmeticOptions): ArithmeticRow | null {
  const first = drawNumber(rng, digits);
  let question = String(first);
  /** The terms that are done, and the one that products and quotients still change. */
  let [sum, sign, term] = [0, 1, first];
  for (let i = 1; i < count; i++) {
    const operator = rng.pick([...operators]);
    const number = operator === '/' ? drawDivisor(rng, term, digits) : drawNumber(rng, digits);
    if (number === null) return null;
    question += ` ${operator} ${number}`;
    if (operator === '*') term *= number;
    else if (operator === '/') term /= number;
    else {
      sum += sign * term;
      [sign, term] = [operator === '-' ? -1 : 1, number];
    }
    if (!Number.isSafeInteger(term)) return null;
  }
  const answer = sum + sign * term;
  return Number.isSafeInteger(answer) ? { question, answer } : null;
}

function drawNumber(rng: Random, digits: Range): number {
  const length = digits.from + rng.below(digits.to - digits.from + 1);
  const least = 10 ** (length - 1);
  return least + rng.below(9 * least);
}

/** A number of so many digits that leaves no rest. */
function drawDivisor(rng: Random, of: number, digits: Range): number | null {
  for (let tries = 0; tries < 50; tries++) {
    const divisor = drawNumber(rng, digits);
    if (of % divisor === 0) return divisor;
  }
  return null;
}
