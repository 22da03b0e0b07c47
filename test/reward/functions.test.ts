import assert from 'node:assert/strict';
import { evaluate, type Scope } from '../../src/reward/evaluate.ts';
import { IMPLEMENTATIONS } from '../../src/reward/functions.ts';
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
    const values: Value[] = ['', 'a', 'é\ud800', 0, -1.5, 1e308, true, [], ['a'], new Map([['a', 'b']])];
    for (const implementation of IMPLEMENTATIONS.values()) {
      if (implementation.over === 'tags') continue;
      implementation.apply([]);
      for (const a of values) for (const b of values) for (const c of values) implementation.apply([a, b, c]);
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
