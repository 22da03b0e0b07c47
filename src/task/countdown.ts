// The built-in task `countdown`: make a target out of numbers with + - * / and each number once (TinyZero's task). The
// expression is drawn first, so every row has a solution; all its intermediate values are whole and not negative. A row is
// train or test by a hash of its numbers and its target, whatever the seed, and none occurs twice.

import { MerfError } from '../spec/error.ts';
import { type Random, random } from '../spec/random.ts';
import { textHash } from './hash.ts';

export interface CountdownOptions {
  /** How many numbers, both ends included. */
  numbers: { from: number; to: number };
  /** The largest number, and the largest target. */
  largest: number;
  train: number;
  test: number;
  seed: number;
}

export type CountdownRow = { numbers: number[]; target: number; solution: string };

const MOST_TRIES = 20_000;

export function countdownRows(options: CountdownOptions): Record<'train' | 'test', CountdownRow[]> {
  return { train: rowsOf('train', options), test: rowsOf('test', options) };
}

function rowsOf(split: 'train' | 'test', options: CountdownOptions): CountdownRow[] {
  const { numbers, largest, seed } = options;
  const rng = random(seed, `countdown ${split}`);
  const taken = new Set<string>();
  return Array.from({ length: options[split] }, (_, i) => {
    const count = numbers.from + (i % (numbers.to - numbers.from + 1));
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const row = drawRow(rng, count, largest);
      const key = row && `${[...row.numbers].sort((a, b) => a - b).join(' ')} = ${row.target}`;
      if (!row || key === null || taken.has(key) || sideOf(key) !== split) continue;
      taken.add(key);
      return row;
    }
    throw new MerfError(
      `countdown has no more new rows of ${count} numbers for the ${split} rows (${taken.size} are made).`,
      'Ask for fewer rows, for more numbers, or for a larger `largest`.',
    );
  });
}

/** One in eight is test. */
function sideOf(key: string): 'train' | 'test' {
  return textHash(key) % 8 === 0 ? 'test' : 'train';
}

/** An expression: its text, its value, and how tightly it holds together (1 sum, 2 product, 3 number). */
interface Part {
  text: string;
  value: number;
  binds: 1 | 2 | 3;
}

/** null: it came to no target. */
function drawRow(rng: Random, count: number, largest: number): CountdownRow | null {
  const numbers = Array.from({ length: count }, () => 1 + rng.below(largest));
  let parts: Part[] = numbers.map((value) => ({ text: String(value), value, binds: 3 }));
  while (parts.length > 1) {
    const [left, right, ...others] = rng.shuffled(parts);
    const joined = left && right ? drawJoined(rng, left, right) : null;
    if (joined === null) return null;
    parts = [joined, ...others];
  }
  const [whole] = parts;
  if (!whole || whole.value < 1 || whole.value > largest) return null;
  return { numbers, target: whole.value, solution: whole.text };
}

function drawJoined(rng: Random, left: Part, right: Part): Part | null {
  switch (rng.pick(['+', '-', '*', '/'] as const)) {
    case '+':
      return { text: `${left.text} + ${right.text}`, value: left.value + right.value, binds: 1 };
    case '-':
      if (left.value < right.value) return null;
      return { text: `${left.text} - ${within(right, 2)}`, value: left.value - right.value, binds: 1 };
    case '*':
      return { text: `${within(left, 2)} * ${within(right, 2)}`, value: left.value * right.value, binds: 2 };
    case '/':
      if (right.value === 0 || left.value % right.value !== 0) return null;
      return { text: `${within(left, 2)} / ${within(right, 3)}`, value: left.value / right.value, binds: 2 };
  }
}

/** In parentheses where it would fall apart. */
function within({ text, binds }: Part, least: Part['binds']): string {
  return binds < least ? `(${text})` : text;
}
