// What an inhabitant can say: the statement grammar of mem-kk-logic (Xie et al. 2024, arXiv 2410.23123) with depth
// and width 2. A leaf says of one person that they tell the truth or lie; a statement is a leaf, the negation of one,
// or two of them joined. The tuples and their order are those of that data set. Left out: deeper nesting.

import type { Random } from '../spec/random.ts';

/** `['lying', 2]`: the person with index 2 is a knave. */
export type Leaf = readonly ['telling-truth' | 'lying', number];
export type Connective = 'and' | 'or' | '->' | '<=>';
export type Statement = Leaf | readonly ['not', Leaf] | readonly [Connective, Leaf, Leaf];

/** Who tells the truth, one entry per person. */
export type Assignment = readonly boolean[];

/** One die throw per statement, each kind equally likely, as in mem-kk-logic. */
export const statementKinds = ['leaf', 'not', 'and', 'or', '->', '<=>'] as const;

/** Draws what the person `speaker` of `people` says. Nobody says "I am lying"; joined leaves differ. */
export function drawStatement(rng: Random, speaker: number, people: number): Statement {
  const kind = rng.pick(statementKinds);
  const first = drawLeaf(rng, speaker, people);
  if (kind === 'leaf') return first;
  if (kind === 'not') return ['not', first];
  let second = drawLeaf(rng, speaker, people);
  // A speaker has at least three leaves to choose from, so another one is soon found.
  while (sameLeaf(first, second)) second = drawLeaf(rng, speaker, people);
  return [kind, first, second];
}

function drawLeaf(rng: Random, speaker: number, people: number): Leaf {
  for (;;) {
    const role = rng.below(2) === 0 ? 'telling-truth' : 'lying';
    const person = rng.below(people);
    if (role === 'telling-truth' || person !== speaker) return [role, person];
  }
}

/** The leaves of a statement in the order they are said. */
export function leaves(statement: Statement): readonly Leaf[] {
  if (isLeaf(statement)) return [statement];
  if (statement[0] === 'not') return [statement[1]];
  return [statement[1], statement[2]];
}

export function isLeaf(statement: Statement): statement is Leaf {
  return statement[0] === 'telling-truth' || statement[0] === 'lying';
}

/** Is the statement true when `honest[i]` says whether person i tells the truth? */
export function holds(statement: Statement, honest: Assignment): boolean {
  if (isLeaf(statement)) return (honest[statement[1]] ?? false) === (statement[0] === 'telling-truth');
  if (statement[0] === 'not') return !holds(statement[1], honest);
  const left = holds(statement[1], honest);
  const right = holds(statement[2], honest);
  return join(statement[0], left, right);
}

/** The truth table of the four connectives. */
export function join(connective: Connective, left: boolean, right: boolean): boolean {
  switch (connective) {
    case 'and':
      return left && right;
    case 'or':
      return left || right;
    case '->':
      return !left || right;
    case '<=>':
      return left === right;
  }
}

/** mem-kk-logic's notation: `('and', ('lying', 1), ('telling-truth', 0))`. */
export function notation(statement: Statement): string {
  if (isLeaf(statement)) return `('${statement[0]}', ${statement[1]})`;
  return `('${statement[0]}', ${leaves(statement).map(notation).join(', ')})`;
}

/**
 * What two puzzles share when they are the same puzzle with other names and wording: the statements, where the two
 * parts of `and`, `or` and `<=>` are in a fixed order. Persons are not renumbered.
 */
export function structure(statements: readonly Statement[]): string {
  const fixed = statements.map((statement) => {
    if (isLeaf(statement) || statement[0] === 'not' || statement[0] === '->') return notation(statement);
    return `('${statement[0]}', ${leaves(statement).map(notation).sort().join(', ')})`;
  });
  return `(${fixed.join(', ')})`;
}

function sameLeaf(a: Leaf, b: Leaf): boolean {
  return a[0] === b[0] && a[1] === b[1];
}
