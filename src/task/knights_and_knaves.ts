// The built-in task `knights_and_knaves`: an island where knights tell the truth and knaves lie; who is what?
// Rows are drawn from a seed, the same on any machine; each people count of the range gets the same share; train and
// test rows share no statement structure, and no structure occurs twice. Source: mem-kk-logic, see statement.ts.

import { random } from '../spec/random.ts';
import { drawPuzzle, type Puzzle, type Split } from './puzzle.ts';
import { writeReasoning } from './reasoning.ts';
import { firstNames, knightKnave, nameOf, type RolePair, sayings, wordQuiz, wordSolution } from './wording.ts';

export interface KnightsAndKnavesOptions {
  /** How many people a puzzle has, both ends included; 2 to 8. */
  people: { from: number; to: number };
  /** Number of train rows. */
  train: number;
  /** Number of test rows. */
  test: number;
  seed: number;
}

/** A row is plain JSON; its columns are declared in spec/tasks.ts. */
export type KnightsAndKnavesRow = {
  quiz: string;
  names: string[];
  /** Truth-teller's and liar's word. */
  roles: string[];
  people: number;
  solution: Record<string, string>;
  solution_text: string;
  /** How a careful solver gets there. */
  reasoning: string;
};

/** All rows of both splits. */
export function generateRows(options: KnightsAndKnavesOptions): Record<Split, KnightsAndKnavesRow[]> {
  return { train: [...rowsOf('train', options)], test: [...rowsOf('test', options)] };
}

/** The rows of one split, made as they are asked for; row i does not depend on how many follow. */
export function* rowsOf(split: Split, options: KnightsAndKnavesOptions): Generator<KnightsAndKnavesRow> {
  const { from, to } = options.people;
  const rng = random(options.seed, `knights_and_knaves ${split}`);
  const taken = new Map<number, Set<string>>();
  for (let i = 0; i < options[split]; i++) {
    const people = from + (i % (to - from + 1));
    const seen = taken.get(people) ?? new Set<string>();
    taken.set(people, seen);
    const puzzle = drawPuzzle(rng, people, split, seen);
    seen.add(puzzle.structure);
    const names = rng.shuffled(firstNames).slice(0, people);
    const saidThat = names.map(() => rng.pick(sayings));
    yield rowFrom(puzzle, names, knightKnave, saidThat);
  }
}

/** A puzzle with names and words. */
export function rowFrom(
  puzzle: Puzzle,
  names: string[],
  roles: RolePair,
  saidThat: readonly string[],
): KnightsAndKnavesRow {
  const { statements, solution } = puzzle;
  return {
    quiz: wordQuiz(statements, names, roles, saidThat),
    names,
    roles: [...roles],
    people: names.length,
    solution: Object.fromEntries(solution.map((honest, i) => [nameOf(names, i), honest ? roles[0] : roles[1]])),
    solution_text: wordSolution(solution, names, roles),
    reasoning: writeReasoning(statements, names, roles),
  };
}
