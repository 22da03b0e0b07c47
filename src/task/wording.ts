// Puzzles in English: names, roles, ways of saying. A statement is worded so that it can be quoted as it stands,
// in the puzzle and in the reasoning.

import type { Leaf, Statement } from './statement.ts';
import { isLeaf } from './statement.ts';

/** Short, common first names. */
// biome-ignore format: a table of twenty
export const firstNames: readonly string[] = [
  'Zoey', 'Oliver', 'Mia', 'Liam', 'Ava', 'Noah', 'Ella', 'Jack', 'Ivy', 'Owen',
  'Lily', 'Henry', 'Luna', 'Leo', 'Grace', 'Ethan', 'Nora', 'Lucas', 'Emma', 'James',
];

/** Truth-teller and liar. */
export type RolePair = readonly [truthful: string, lying: string];

export const knightKnave: RolePair = ['knight', 'knave'];

/** How a statement is introduced: "Zoey said that …". */
export const sayings: readonly string[] = [
  'said that',
  'told you that',
  'claimed that',
  'stated that',
  'remarked that',
];

/** "Oliver is a knave", "Oliver is not a knave", "if Mia is a knight then Zoey is a knave", … */
export function wordStatement(statement: Statement, names: readonly string[], roles: RolePair): string {
  const leaf = (part: Leaf, verb = 'is') => `${nameOf(names, part[1])} ${verb} a ${roleOf(part, roles)}`;
  if (isLeaf(statement)) return leaf(statement);
  if (statement[0] === 'not') return leaf(statement[1], 'is not');
  const [left, right] = [leaf(statement[1]), leaf(statement[2])];
  switch (statement[0]) {
    case 'and':
      return `${left} and ${right}`;
    case 'or':
      return `${left} or ${right}`;
    case '->':
      return `if ${left} then ${right}`;
    case '<=>':
      return `${left} if and only if ${right}`;
  }
}

/** The whole puzzle; `saidThat[i]` introduces the statement of person i. */
export function wordQuiz(
  statements: readonly Statement[],
  names: readonly string[],
  roles: RolePair,
  saidThat: readonly string[],
): string {
  const [truthful, lying] = roles;
  const said = statements.map(
    (statement, i) => `${nameOf(names, i)} ${saidThat[i] ?? 'said that'} ${wordStatement(statement, names, roles)}.`,
  );
  return [
    `A very special island is inhabited only by ${truthful}s and ${lying}s.`,
    `${capitalised(truthful)}s always tell the truth, and ${lying}s always lie.`,
    `You meet ${names.length} inhabitants: ${enumeration(names)}.`,
    ...said,
    `So who is a ${truthful} and who is a ${lying}?`,
  ].join(' ');
}

/** "Zoey is a knave, Oliver is a knight." */
export function wordSolution(honest: readonly boolean[], names: readonly string[], roles: RolePair): string {
  return `${names.map((name, i) => `${name} is a ${honest[i] ? roles[0] : roles[1]}`).join(', ')}.`;
}

export function nameOf(names: readonly string[], person: number): string {
  return names[person] ?? `person ${person + 1}`;
}

export function roleOf(leaf: Leaf, roles: RolePair): string {
  return leaf[0] === 'telling-truth' ? roles[0] : roles[1];
}

/** "A and B", "A, B, and C". */
function enumeration(names: readonly string[]): string {
  if (names.length <= 2) return names.join(' and ');
  return `${names.slice(0, -1).join(', ')}, and ${names.at(-1)}`;
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
