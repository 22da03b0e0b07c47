// The solver's reasoning, written so that each word is a copy or a decision from the few words before it:
//
//   Try Zoey (knight) Oliver (knave) Mia (knight): Zoey (knight) says Oliver (knave) is a knave yes fits
//   Oliver (knave) says Mia (knight) is a knight yes and Zoey (knight) is a knight yes true clash
//
// One line tries one case (truth-tellers first, the last person changes fastest). Every name carries what the person is
// taken for. Each statement is quoted with yes or no after every claim, then true or false for two joined claims, then whether this fits what the speaker is taken
// for. A line ends at its first clash, the search at the first line without one. The first three people are taken
// together; of more people, one at a time is added, and statements are checked as soon as everybody in them is taken.

import { assignments } from './puzzle.ts';
import { type Assignment, holds, isLeaf, join, leaves, type Statement } from './statement.ts';
import { nameOf, type RolePair, roleOf } from './wording.ts';

/** Lines of reasoning that end in the puzzle's only solution. */
export function writeReasoning(statements: readonly Statement[], names: readonly string[], roles: RolePair): string {
  const people = statements.length;
  const lines: string[] = [];
  const tryCase = (honest: Assignment, already: number): boolean => {
    const checked = statements
      .map((statement, person) => ({ statement, person, needs: needed(statement, person) }))
      .filter(({ needs }) => needs <= honest.length && needs > already);
    const checks: string[] = [];
    let clash = false;
    for (const { statement, person } of checked) {
      checks.push(writeCheck(statement, person, honest, names, roles));
      clash = holds(statement, honest) !== honest[person];
      if (clash) break;
    }
    lines.push([writeCase(honest, names, roles), ...checks].join(' '));
    if (clash) return false;
    if (honest.length === people) return true;
    return [true, false].some((next) => tryCase([...honest, next], honest.length));
  };
  assignments(Math.min(people, 3)).some((honest) => tryCase(honest, 0));
  return lines.join('\n');
}

/** "Try Zoey (knight) Oliver (knave):" */
export function writeCase(honest: Assignment, names: readonly string[], roles: RolePair): string {
  return `Try ${honest.map((_, person) => taken(person, honest, names, roles)).join(' ')}:`;
}

/** One statement held against a case; `mistake` turns the verdict on its last claim and what follows from it. */
export function writeCheck(
  statement: Statement,
  person: number,
  honest: Assignment,
  names: readonly string[],
  roles: RolePair,
  mistake = false,
): string {
  const parts = leaves(statement);
  const verdicts = parts.map((leaf, i) => holds(leaf, honest) !== (mistake && i === parts.length - 1));
  const verb = statement[0] === 'not' ? 'is not a' : 'is a';
  const claims = parts.map((leaf, i) => {
    const yes = statement[0] === 'not' ? !verdicts[i] : verdicts[i];
    return `${taken(leaf[1], honest, names, roles)} ${verb} ${roleOf(leaf, roles)} ${yes ? 'yes' : 'no'}`;
  });
  const said = `${taken(person, honest, names, roles)} says`;
  const [left = false, right = false] = verdicts;
  if (isLeaf(statement) || statement[0] === 'not') {
    const truth = statement[0] === 'not' ? !left : left;
    return `${said} ${claims[0]} ${truth === honest[person] ? 'fits' : 'clash'}`;
  }
  const truth = join(statement[0], left, right);
  const words = { and: ['', 'and'], or: ['', 'or'], '->': ['if ', 'then'], '<=>': ['', 'if and only if'] }[
    statement[0]
  ];
  const verdict = `${truth ? 'true' : 'false'} ${truth === honest[person] ? 'fits' : 'clash'}`;
  return `${said} ${words[0]}${claims[0]} ${words[1]} ${claims[1]} ${verdict}`;
}

/** "Oliver (knave)" */
function taken(person: number, honest: Assignment, names: readonly string[], roles: RolePair): string {
  return `${nameOf(names, person)} (${honest[person] ? roles[0] : roles[1]})`;
}

/** How many people must be taken for something before the statement can be checked. */
function needed(statement: Statement, speaker: number): number {
  return 1 + Math.max(speaker, ...leaves(statement).map((leaf) => leaf[1]));
}
