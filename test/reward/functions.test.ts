import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { checkText } from '../../src/language/check.ts';
import { evaluate, type Scope } from '../../src/reward/evaluate.ts';
import { IMPLEMENTATIONS } from '../../src/reward/functions.ts';
import { scoreResponse } from '../../src/reward/score.ts';
import type { Value } from '../../src/reward/value.ts';
import type { Expression } from '../../src/spec/expression.ts';
import { FUNCTIONS } from '../../src/spec/functions.ts';
import { call, capture, equals, number, text } from './knights_and_knaves.ts';

const scope: Scope = {
  column: () => null,
  capture: (name) => (name === 'there' ? 'text' : null),
  tag: (name) => (name === 'there' || name === 'gone' ? name : null),
  rule: () => null,
  external: () => null,
  unanswered: false,
  response: '<there>text</there>',
  tokens: null,
  finished: null,
};

const none = capture('gone');
const yes: Expression = { kind: 'bool', value: true };
const no: Expression = { kind: 'bool', value: false };
const list = (...items: Expression[]): Expression => ({ kind: 'list', items });
const not = (operand: Expression): Expression => ({ kind: 'not', operand });
const join = (
  operator: 'and' | 'or' | '!=' | 'in' | '/' | '+' | '<',
  left: Expression,
  right: Expression,
): Expression => ({
  kind: 'binary',
  operator,
  left,
  right,
});
const is = (expression: Expression, value: unknown): void => assert.deepEqual(evaluate(expression, scope), value);

describe('the builtin functions', () => {
  it('are the declared ones', () => {
    assert.deepEqual([...IMPLEMENTATIONS.keys()].sort(), FUNCTIONS.map(({ name }) => name).sort());
  });

  it('answer none for none, whichever argument it is', () => {
    for (const { name, parameters } of FUNCTIONS) {
      if (parameters.some(({ type }) => type.kind === 'tag')) continue;
      const count = parameters.reduce((sum, { type }) => sum + (type.kind === 'point' ? 2 : 1), 0);
      for (let missing = 0; missing < count; missing++) {
        const given = Array.from({ length: count }, (_, i) => (i === missing ? none : number(i)));
        is(call(name, ...given), null);
      }
    }
  });

  it('answer something or none, and never throw, for arguments of any type and number', () => {
    const values: Value[] = ['', 'a', 'é\ud800', 0, -1.5, 1e308, true, [], ['a'], [1, [2]], new Map([['a', 'b']])];
    for (const implementation of IMPLEMENTATIONS.values()) {
      if (implementation.over === 'tags') continue;
      const apply = (given: Value[]) =>
        implementation.over === 'response' ? implementation.apply('a a', given) : implementation.apply(given);
      apply([]);
      for (const a of values) for (const b of values) for (const c of values) apply([a, b, c]);
    }
  });

  it('compare answers as their documentation says', () => {
    is(call('same_text', text('  A  Knight '), text('a knight')), true);
    is(call('same_number', text('1,200'), number(1200)), true);
    is(call('same_number', text('1200.0'), text(' 1200')), true);
    is(call('same_number', text('3.14'), number(3.1427), number(0.01)), true);
    is(call('same_number', text('3.14'), number(3.1427)), false);
    for (const odd of ['', ' ', '+', '.', 'e5', '1,20', '0x10', 'Infinity', 'twelve', '1 200', '9'.repeat(100_000)]) {
      is(call('same_number', text(odd), number(0), number(1e300)), false);
    }
    const record: Expression = { kind: 'record', fields: [{ name: 'Zoey', value: text('knave') }] };
    is(call('covers', record, list(text('Zoey'), text('Oliver'))), false);
    is(call('covers', record, list(text('Zoey'))), true);
    is(call('covers', record, list()), false);
  });

  it('take text apart as their documentation says', () => {
    is(call('words', text(' so \n it is')), ['so', 'it', 'is']);
    is(call('lines', text('a\r\nb\n')), ['a', 'b']);
    is(call('lines', text('')), []);
    is(call('length', text('kn\u{1f600}')), 3);
    is(call('length', list(text('a'), text('b'))), 2);
    is(call('trim', text('\u00a0 yes\n')), 'yes');
    is(call('replace', text('1,000,000'), text(','), text('$&')), '1$&000$&000');
    is(call('replace', text('abc'), text(''), text('x')), 'abc');
  });

  it('refuse to build a text that would fill the memory', () => {
    const many = text('a'.repeat(100_000));
    is(call('replace', many, text('a'), many), null);
  });

  it('shape numbers as their documentation says', () => {
    is(call('round', number(2.5)), 3);
    is(call('round', number(-2.5)), -3);
    is(call('round', number(1.005), number(2)), 1.01);
    is(call('round', number(-0.2)), 0);
    is(call('clamp', number(1.7), number(0), number(1)), 1);
    const shape = (x: number) => call('linear', number(x), number(512), number(0), number(256), number(1));
    is(shape(384), 0.5);
    is(shape(9), 1);
    is(shape(9999), 0);
    is(call('min', number(3), number(1), number(2)), 1);
  });

  it('give what their examples say', async () => {
    const file = readFileSync(new URL('../language/golden/small/input.merf', import.meta.url), 'utf8');
    const plain = /^(?:-?[0-9.]+|true|false|"[^"]*"|\[.*\])$/;
    for (const { name, examples } of FUNCTIONS) {
      for (const { source, value } of examples) {
        if (!plain.test(value)) continue;
        const example = `rule example { +1 when ${source} == ${value} : "it is"\n 0 otherwise : "it is not" }\n\n  rule format `;
        const { specification, diagnostics } = await checkText(file.replace('rule format ', example));
        assert.ok(specification, `${source}: ${diagnostics.map(({ message }) => message).join(' ')}`);
        assert.equal(scoreResponse(specification, {}, '').rules.example?.score, 1, `${name}: ${source} is ${value}`);
      }
    }
  }).timeout(20_000);

  it('compare sets, order lists and join texts by content', () => {
    is(call('same_set', list(number(1), number(2)), list(number(2), number(1), number(1))), true);
    is(call('same_set', list(text('1')), list(number(1))), false);
    is(call('same_set', list(), list()), true);
    is(call('sort', list(text('b'), text('a'))), ['a', 'b']);
    is(call('sort', list(text('b'), number(1))), null);
    is(call('unique', list(list(number(1)), list(number(1)))), [[1]]);
    is(call('min', list(number(3), number(1))), 1);
    is(call('max', list(number(3)), number(7)), 7);
    is(call('min', list()), null);
    is(call('mean', list()), null);
    is(call('sum', list()), 0);
    is(call('join', list(text('a'), number(1)), text('')), null);
    is(call('split', text('a,b'), text('')), ['a,b']);
    is(call('sqrt', number(-1)), null);
    is(call('log', number(0)), null);
    is(call('exp', number(1e9)), null);
  });

  it('shape along half a cosine wave as open-r1 does', () => {
    const openR1 = (length: number) => 0.5 + 0.5 * (1 - 0.5) * (1 + Math.cos((length / 1000) * Math.PI));
    for (const length of [0, 1, 250, 500, 999, 1000]) {
      const value = evaluate(call('cosine', number(length), number(0), number(1), number(1000), number(0.5)), scope);
      assert.ok(typeof value === 'number' && Math.abs(value - openR1(length)) < 1e-12);
    }
    is(call('cosine', number(5000), number(0), number(1), number(1000), number(0.5)), 0.5);
  });

  it('see repetition as open-r1 counts it, whatever n', () => {
    const plain = (response: string, n: number): number => {
      const words = response
        .toLowerCase()
        .split(/\s+/)
        .filter((word) => word !== '');
      const runs = words.slice(n - 1).map((_, at) => words.slice(at, at + n).join(' '));
      return runs.length === 0 ? 0 : 1 - new Set(runs).size / runs.length;
    };
    const responses = fc.array(fc.constantFrom('a', 'B', 'b', 'so'), { maxLength: 40 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(responses, fc.integer({ min: 1, max: 12 }), (response, n) => {
        assert.equal(evaluate(call('repetition', number(n), text(response)), scope), plain(response, n));
      }),
    );
    is(call('repetition', number(1)), 0);
    is(call('repetition', number(0)), null);
  });

  it('compare long texts in time linear in them', () => {
    for (const piece of ['a', 'ab ', ' ', 'é', '{', 'the ', '\0']) {
      const long = text(piece.repeat(300_000 / piece.length));
      for (const name of ['similarity', 'overlap', 'same_math', 'same_text', 'split']) {
        const start = performance.now();
        evaluate(call(name, long, long), scope);
        assert.ok(performance.now() - start < 20_000, `${name} of ${JSON.stringify(piece)}`);
      }
      const start = performance.now();
      evaluate(call('repetition', number(500), long), scope);
      evaluate(call('matches', long, text('(a+)+b|(x*)*y')), scope);
      assert.ok(performance.now() - start < 20_000, JSON.stringify(piece));
    }
  }).timeout(120_000);

  it('find tags by the captures that name them, also where the capture is none', () => {
    is(call('exactly', capture('there')), true);
    is(call('exactly', capture('gone')), false);
    is(call('exactly', capture('unknown')), null);
  });
});

describe('none', () => {
  it('makes comparisons none, so that neither a condition nor its negation holds', () => {
    is(equals(none, text('a')), null);
    is(join('!=', none, text('a')), null);
    is(not(equals(none, text('a'))), null);
    is(not(join('in', none, list(text('a')))), null);
  });

  it('is asked for by `is none` alone', () => {
    is({ kind: 'isNone', operand: none }, true);
    is({ kind: 'isNone', operand: capture('there') }, false);
  });

  it('goes through and, or, if and the quantifiers as unknown', () => {
    is(join('and', none, no), false);
    is(join('and', none, yes), null);
    is(join('or', none, yes), true);
    is(join('or', none, no), null);
    const [then, otherwise] = [number(1), number(2)];
    is({ kind: 'if', condition: none, then, otherwise }, 2);
    const ask = (quantifier: 'all' | 'any' | 'count', body: Expression): Expression => ({
      kind: 'quantifier',
      quantifier,
      variable: 'x',
      list: list(text('a'), text('b')),
      body,
    });
    const isA = equals({ kind: 'variable', name: 'x' }, text('a'));
    is(ask('all', isA), false);
    is(ask('any', isA), true);
    is(ask('count', isA), 1);
    is(ask('all', none), null);
    is(ask('count', none), 0);
  });

  it('is what impossible arithmetic gives', () => {
    is(join('/', number(1), number(0)), null);
    is(join('+', number(1e308), number(1e308)), null);
    is(join('<', number(1), text('a')), null);
  });
});
