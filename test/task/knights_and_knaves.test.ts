// The puzzles are read back from their English text by an independent solver: a second, direct reading of the rules.

import assert from 'node:assert/strict';
import { taskDeclaration } from '../../src/spec/tasks.ts';
import { generateRows, type KnightsAndKnavesRow, rowsOf } from '../../src/task/knights_and_knaves.ts';
import { makeRows, taskColumns } from '../../src/task/registry.ts';

const GOLDEN_QUIZZES = [
  'You meet 2 inhabitants: Emma and Grace. Emma stated that if Emma is a knight then Grace is a knight. Grace told you that Grace is a knight and Emma is a knight. So who is a knight and who is a knave?',
  'You meet 3 inhabitants: Henry, Emma, and Ivy. Henry told you that Henry is a knight if and only if Ivy is a knight. Emma remarked that Henry is a knave and Henry is a knight. Ivy said that Emma is a knight or Henry is a knave. So who is a knight and who is a knave?',
];

const GOLDEN_REASONING = [
  'Try Emma (knight) Grace (knight): Emma (knight) says if Emma (knight) is a knight yes then Grace (knight) is a knight yes true fits Grace (knight) says Grace (knight) is a knight yes and Emma (knight) is a knight yes true fits',
];

/** Name, what the person is taken for, the claim, the verdict. */
const CHECKED = /(\w+) \((\w+)\) (is (?:not )?a \w+) (yes|no)/g;

/** One person's claim about another, read from English. */
function claim(text: string, roles: ReadonlyMap<string, string>): boolean {
  const match = /^(\w+) is (not )?a (knight|knave)$/.exec(text);
  assert.ok(match, `not a claim: ${text}`);
  const [, name = '', not, role] = match;
  return (roles.get(name) === role) === (not === undefined);
}

function truth(said: string, roles: ReadonlyMap<string, string>): boolean {
  const condition = /^if (.+) then (.+)$/.exec(said);
  if (condition) return !claim(condition[1] ?? '', roles) || claim(condition[2] ?? '', roles);
  const joined = /^(.+) (and|or|if and only if) (\w+ is .+)$/.exec(said);
  if (!joined) return claim(said, roles);
  const [left, right] = [claim(joined[1] ?? '', roles), claim(joined[3] ?? '', roles)];
  if (joined[2] === 'and') return left && right;
  return joined[2] === 'or' ? left || right : left === right;
}

/** [speaker, what they say], in the puzzle's order. */
function speeches(quiz: string): [string, string][] {
  const found = quiz.matchAll(/(\w+) (?:said|told you|claimed|stated|remarked) that ([^.]+)\./g);
  return [...found].map((match) => [match[1] ?? '', match[2] ?? '']);
}

function solve(row: KnightsAndKnavesRow): Record<string, string>[] {
  const said = speeches(row.quiz);
  assert.equal(said.length, row.names.length, row.quiz);
  const found: Record<string, string>[] = [];
  for (let bits = 0; bits < 2 ** row.names.length; bits++) {
    const roles = new Map(row.names.map((name, i) => [name, (bits >> i) & 1 ? 'knight' : 'knave']));
    if (said.every(([who, what]) => truth(what, roles) === (roles.get(who) === 'knight'))) {
      found.push(Object.fromEntries(roles));
    }
  }
  return found;
}

/** The puzzle without names and sayings, the parts of symmetric connectives in a fixed order. */
function shape(row: KnightsAndKnavesRow): string {
  const said = speeches(row.quiz).map(([, what]) => {
    const numbered = row.names.reduce((text, name, i) => text.replaceAll(name, `P${i}`), what);
    const symmetric = /^(P.+?) (and|or|if and only if) (P.+)$/.exec(numbered);
    return symmetric ? [symmetric[1], symmetric[3]].sort().join(` ${symmetric[2]} `) : numbered;
  });
  return said.join(' | ');
}

describe('knights and knaves', () => {
  const options = { people: { from: 2, to: 8 }, train: 350, test: 210, seed: 3 };
  const { train, test } = generateRows(options);

  it('every puzzle of 2 to 8 people has exactly one solution, and the row states it', () => {
    assert.deepEqual([...new Set(train.map((row) => row.people))], [2, 3, 4, 5, 6, 7, 8]);
    for (const row of [...train, ...test]) {
      assert.deepEqual(solve(row), [row.solution], row.quiz);
      const sentence = `${row.names.map((name) => `${name} is a ${row.solution[name]}`).join(', ')}.`;
      assert.equal(row.solution_text, sentence);
      assert.equal(new Set(row.names).size, row.people);
    }
  });

  it('no structure occurs twice, in train, in test or across them', () => {
    const shapes = [...train, ...test].map(shape);
    assert.equal(new Set(shapes).size, shapes.length);
  });

  it('test structures of one seed are not train structures of another', () => {
    const small = { people: { from: 2, to: 2 }, train: 100, test: 40 };
    const seen = new Set(generateRows({ ...small, seed: 1 }).train.map(shape));
    const held = generateRows({ ...small, seed: 2 }).test.map(shape);
    assert.equal(held.length, 40);
    assert.ok(held.every((text) => !seen.has(text)));
  });

  it('every kind of statement occurs about equally often, and nobody says "I am lying"', () => {
    const said = train.flatMap((row) => speeches(row.quiz));
    const kinds = [/^if /, / if and only if /, / and (?!only)/, / or /, /^\w+ is not a \w+$/, /^\w+ is a \w+$/];
    const counts = kinds.map((kind) => said.filter(([, what]) => kind.test(what)).length);
    for (const count of counts) assert.ok(count > said.length / 12 && count < said.length / 3, String(counts));
    assert.ok(said.every(([who, what]) => !what.includes(`${who} is a knave`)));
  });

  it('all solutions are equally frequent', () => {
    const rows = generateRows({ people: { from: 3, to: 3 }, train: 1600, test: 0, seed: 5 }).train;
    const counts = new Map<string, number>();
    for (const row of rows) {
      const key = row.names.map((name) => row.solution[name]).join(' ');
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    assert.equal(counts.size, 8);
    // 200 expected, standard deviation 13.
    for (const count of counts.values()) assert.ok(count > 140 && count < 260, JSON.stringify([...counts]));
  });

  it('the first rows of seed 1 are these, on any machine', () => {
    const rows = [...rowsOf('test', { people: { from: 2, to: 3 }, train: 0, test: 2, seed: 1 })];
    assert.deepEqual(
      rows.map((row) => row.quiz.slice(row.quiz.indexOf('You meet'))),
      GOLDEN_QUIZZES,
    );
    assert.deepEqual(rows[0]?.reasoning.split('\n'), GOLDEN_REASONING);
  });

  it('row i does not depend on how many rows follow', () => {
    const many = generateRows({ people: { from: 3, to: 4 }, train: 20, test: 10, seed: 9 });
    const few = generateRows({ people: { from: 3, to: 4 }, train: 5, test: 3, seed: 9 });
    assert.deepEqual(many.train.slice(0, 5), few.train);
    assert.deepEqual(many.test.slice(0, 3), few.test);
  });

  it('the reasoning ends in the solution, and every line before it in a clash', () => {
    for (const row of train) {
      const lines = row.reasoning.split('\n');
      const last = lines.pop() ?? '';
      const taken = row.names.map((name) => `${name} (${row.solution[name]})`).join(' ');
      assert.ok(last.startsWith(`Try ${taken}`) && !last.includes('clash'), row.reasoning);
      if (row.people <= 3)
        assert.ok(
          lines.every((line) => line.endsWith(' clash')),
          row.reasoning,
        );
    }
  });

  it('every yes and no of the reasoning is right', () => {
    for (const row of train) {
      for (const line of row.reasoning.split('\n')) {
        const [head = '', body = ''] = line.split(':');
        const roles = new Map([...head.matchAll(/(\w+) \((knight|knave)\)/g)].map((m) => [m[1] ?? '', m[2] ?? '']));
        for (const [, name = '', role, text = '', verdict] of body.matchAll(CHECKED)) {
          assert.equal(role, roles.get(name), line);
          assert.equal(claim(`${name} ${text}`, roles), verdict === 'yes', line);
        }
      }
    }
  });

  it('says how to go on when so many structures of two people do not exist', () => {
    assert.throws(
      () => generateRows({ people: { from: 2, to: 2 }, train: 0, test: 5000, seed: 1 }),
      /no more new puzzles of 2 people for the test rows/,
    );
  });
});

describe('tasks by name', () => {
  it('loads the rows the arguments ask for, with exactly the declared columns', () => {
    const rows = makeRows({
      name: 'knights_and_knaves',
      arguments: { people: { from: 3, to: 4 }, train: 12, test: 4, seed: 1 },
    });
    assert.equal(rows.train.length, 12);
    assert.equal(rows.test.length, 4);
    const declared = taskDeclaration('knights_and_knaves')
      ?.columns.map((column) => column.name)
      .sort();
    for (const row of [...rows.train, ...rows.test]) assert.deepEqual(Object.keys(row).sort(), declared);
    assert.deepEqual(taskColumns('knights_and_knaves'), rows.columns);
  });

  it('a single number of people is a range of one', () => {
    const rows = makeRows({ name: 'knights_and_knaves', arguments: { people: 5, train: 2, test: 1 } });
    assert.ok([...rows.train, ...rows.test].every((row) => row.people === 5));
  });

  it('refuses unknown tasks, unknown arguments and numbers out of bounds', () => {
    assert.throws(() => makeRows({ name: 'sudoku', arguments: {} }), /no task sudoku/);
    assert.throws(() => makeRows({ name: 'knights_and_knaves', arguments: { poeple: 3 } }), /no argument poeple/);
    const people = { from: 3, to: 12 };
    assert.throws(() => makeRows({ name: 'knights_and_knaves', arguments: { people } }), /people cannot be 3\.\.12/);
    assert.throws(() => makeRows({ name: 'knights_and_knaves', arguments: { train: 1.5 } }), /train cannot be 1\.5/);
    assert.equal(taskColumns('sudoku'), undefined);
  });
});
