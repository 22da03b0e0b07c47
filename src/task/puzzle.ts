// Puzzles with exactly one solution. The wanted solution is drawn first and every statement is drawn until it agrees
// with it, so all 2^n solutions are equally frequent (without this, guessing the most frequent one beats chance by
// far). A puzzle belongs to the train or to the test side by a hash of its statements, whatever the seed: no test
// structure of any seed is a train structure of another.

import { MerfError } from '../spec/error.ts';
import type { Random } from '../spec/random.ts';
import { textHash } from './hash.ts';
import { type Assignment, drawStatement, holds, type Statement, structure } from './statement.ts';

export interface Puzzle {
  /** One statement per person. */
  statements: Statement[];
  solution: Assignment;
  structure: string;
}

export type Split = 'train' | 'test';

const maxTries = 20_000;

/** All assignments under which everybody who tells the truth said something true and everybody else something false. */
export function solutions(statements: readonly Statement[]): Assignment[] {
  return assignments(statements.length).filter((honest) =>
    statements.every((statement, person) => holds(statement, honest) === honest[person]),
  );
}

/** All 2^n assignments; truth-tellers first, the last person changes fastest. */
export function assignments(people: number): Assignment[] {
  return Array.from({ length: 2 ** people }, (_, index) =>
    Array.from({ length: people }, (_, person) => ((index >> (people - 1 - person)) & 1) === 0),
  );
}

/** The side a structure is on: one in eight is test; of the few two-person structures, one in three. */
export function splitOf(structureText: string, people: number): Split {
  return textHash(structureText) % (people === 2 ? 3 : 8) === 0 ? 'test' : 'train';
}

/**
 * Draws a puzzle of `people` persons on the given side whose structure is not in `taken`.
 * @throws MerfError after a fixed number of tries: the structures of so few people are used up.
 */
export function drawPuzzle(rng: Random, people: number, split: Split, taken: ReadonlySet<string>): Puzzle {
  for (let tries = 0; tries < maxTries; tries++) {
    const wanted = Array.from({ length: people }, () => rng.below(2) === 0);
    const statements = wanted.map((honest, person) => {
      for (;;) {
        const statement = drawStatement(rng, person, people);
        if (holds(statement, wanted) === honest) return statement;
      }
    });
    const key = structure(statements);
    if (splitOf(key, people) !== split || taken.has(key)) continue;
    if (solutions(statements).length !== 1) continue;
    return { statements, solution: wanted, structure: key };
  }
  throw new MerfError(
    `knights_and_knaves has no more new puzzles of ${people} people for the ${split} rows (${taken.size} are made).`,
    'Ask for fewer rows, or for more people.',
  );
}
