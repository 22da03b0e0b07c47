// The flagship's reward against Logic-RL's published rule, which runs as a Python program written from its
// description: the same totals on thousands of well-formed and malformed responses.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { scoreResponse } from '../../src/reward/score.ts';
import { type Random, random } from '../../src/spec/random.ts';
import { flagship } from './knights_and_knaves.ts';

interface Case {
  names: string[];
  solution: Record<string, string>;
  response: string;
}

const NAMES = ['Zoey', 'Oliver', 'Ann', 'Anna', 'Jean-Luc', 'Kim', 'Isis', 'Émile', 'A', 'Noah'];
const ROLES = ['knight', 'knave'];
const SPACES = [
  ' ',
  ' ',
  ' ',
  ' ',
  '  ',
  '\n',
  '\t',
  '\u00a0',
  '\u001c',
  '\u0085',
  '\u3000',
  '\u2028',
  '\ufeff',
  '\u200b',
  '',
];
const NOISE = [
  '',
  '',
  '',
  '',
  ' ',
  '\n',
  'So: ',
  'Done.',
  '<think>',
  '</think>',
  '<answer>',
  '</answer>',
  '<Answer>',
  'knight',
  '\ud83d\ude00',
  '\ufeff',
];

function assigned(rng: Random, name: string, role: string): string {
  const odd = rng.below(25);
  const space = (): string => (rng.below(12) === 0 ? rng.pick(SPACES) : ' ');
  const said = (subject: string, verb: string, article: string, what: string): string =>
    [subject, space(), verb, space(), article, space(), what].join('');
  switch (odd) {
    case 0:
      return said(name, 'is not', 'a', role);
    case 1:
      return `${name} is a knight or a knave`;
    case 2:
      return said(name.toUpperCase(), 'IS', 'A', role.toUpperCase());
    case 3:
      return said(name.toLowerCase(), 'is', 'a', role.charAt(0).toUpperCase() + role.slice(1));
    case 4:
      return `${name}: ${role}`;
    case 5:
      return `${name} is ${role}`;
    case 6:
      return said(name, 'is', 'a', `${role}s`);
    case 7:
      return said(`${rng.pick(['x', '_', '1', 'é', '-', '\u0301'])}${name}`, 'is', 'a', role);
    case 8:
      return said(name, 'is', 'a', `${role}${rng.pick(['_', '1', 'é', '-', '\u0301', '.'])}`);
    case 9:
      return said(name.replaceAll('i', 'ı').replaceAll('s', 'ſ'), 'ıſ', 'a', role);
    case 10:
      return said(
        name,
        'is',
        'a',
        rng.pick([role.replace('i', 'ı'), role.replace('i', 'İ'), role.replace('k', '\u212a')]),
      );
    case 11:
      return '';
    case 12:
      return `${said(name, 'is', 'a', role)}, ${said(name, 'is', 'a', rng.pick(ROLES))}`;
    case 13:
      return said('Bob', 'is', 'a', role);
    case 14:
      return `(1) ${said(name, 'is', 'a', role)}`;
    default:
      return said(name, 'is', 'a', role);
  }
}

function draw(rng: Random): Case {
  const names = rng.shuffled(NAMES).slice(0, 2 + rng.below(4));
  const solution = Object.fromEntries(names.map((name) => [name, rng.pick(ROLES)]));
  const wrong = rng.below(3) === 0;
  const calm = rng.below(2) === 0;
  const statements = rng.shuffled(names).map((name) => {
    const role = wrong && rng.below(2) === 0 ? rng.pick(ROLES) : (solution[name] ?? '');
    return calm ? `${name} is a ${role}` : assigned(rng, name, role);
  });
  const answer =
    rng.below(20) === 0 ? rng.pick(['', ' ', '\u001c']) : statements.join(rng.pick([', ', '. ', '\n', '']));
  let parts = ['', '<think>', 'reasoning', '</think>', '', '<answer>', answer, '</answer>', ''];
  for (let edits = rng.below(3) * rng.below(2); edits > 0; edits--) {
    const at = rng.below(parts.length);
    const kind = rng.below(4);
    if (kind === 0) parts = parts.filter((_, i) => i !== at);
    else if (kind === 1) parts.splice(at, 0, parts[rng.below(parts.length)] ?? '');
    else if (kind === 2) parts = rng.shuffled(parts);
    else parts.splice(at, 0, rng.pick(NOISE));
  }
  if (rng.below(4) === 0) parts = parts.flatMap((part) => [part, rng.pick(NOISE.slice(0, 8))]);
  return { names, solution, response: parts.join('') };
}

describe("Logic-RL's rule", () => {
  const rng = random(7, 'logic-rl');
  const cases = Array.from({ length: 8000 }, () => draw(rng));
  let oracle: { total: number; outside: boolean }[] = [];

  before(() => {
    const script = fileURLToPath(new URL('logic_rl_rule.py', import.meta.url));
    const input = cases.map((one) => `${JSON.stringify(one)}\n`).join('');
    const { stdout, stderr, status } = spawnSync('python3', [script], { input, encoding: 'utf8', maxBuffer: 1 << 26 });
    assert.equal(status, 0, stderr);
    oracle = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.equal(oracle.length, cases.length);
  });

  const compare = (format: 'exactly' | 'once_in_order', expected: (i: number) => number): void => {
    const spec = flagship(format);
    for (const [i, one] of cases.entries()) {
      const row = { names: one.names, roles: ROLES, solution: one.solution };
      assert.equal(scoreResponse(spec, row, one.response).total, expected(i), JSON.stringify(one));
    }
  };

  it('gives the same total to every response when the format is `once_in_order`', () => {
    compare('once_in_order', (i) => oracle[i]?.total ?? NaN);
  }).timeout(20_000);

  it('gives the same total to every response without text outside the tags when it is `exactly`, else -3', () => {
    compare('exactly', (i) => (oracle[i]?.outside ? -3 : (oracle[i]?.total ?? NaN)));
  }).timeout(20_000);

  it('was asked about every kind of response many times', () => {
    for (const total of [3, -0.5, -1, -3]) {
      const count = oracle.filter((each) => each.total === total).length;
      assert.ok(count > 400, `${count} responses with ${total}`);
    }
    assert.ok(oracle.filter(({ total, outside }) => outside && total > -3).length > 400);
  });
});
