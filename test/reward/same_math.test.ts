import assert from 'node:assert/strict';
import fc from 'fast-check';
import { sameMath } from '../../src/reward/math/same.ts';

const SAME: [string, string][] = [
  ['1/2', '0.5'],
  ['\\frac{1}{2}', '1/2'],
  ['\\dfrac12', '\\frac{2}{4}'],
  ['\\frac{1}{3}', '0.333333'],
  ['1\\frac{1}{2}', '1.5'],
  ['50%', '0.5'],
  ['50\\%', '50'],
  ['50 percent', '1/2'],
  ['$1,234.50$', '1234.5'],
  ['1,000,000', '10^6'],
  ['1{,}000', '1000'],
  ['\\$5', '5 dollars'],
  ['5\\text{ cm}', '5'],
  ['5 cm^2', '5\\text{ cm}^2'],
  ['90^\\circ', '90'],
  ['90°', '90 degrees'],
  ['\\boxed{42}', '42.'],
  ['x = 5', '5'],
  ['f(x) = 2x + 1', '1+2x'],
  ['2\\sqrt{3}', '\\sqrt{12}'],
  ['\\sqrt2', '\\sqrt{2}'],
  ['\\sqrt[3]{8}', '2'],
  ['√16', '4'],
  ['\\frac{\\pi}{4}', 'π/4'],
  ['(x+1)^2', 'x^2 + 2x + 1'],
  ['x^{2}-y^{2}', '(x-y)(x+y)'],
  ['\\sin^{2}', '\\sin^{2}'],
  ['(1, 2)', '\\left( 1, \\frac{4}{2} \\right)'],
  ['(100,200)', '(100, 200)'],
  ['[0,1)', '[0, 1)'],
  ['(-\\infty, 2) \\cup (3, \\infty)', '(3,\\infty)\\cup(-\\infty,2)'],
  ['\\{1, 2, 3\\}', '\\{3,2,1\\}'],
  ['1, 2', '2 and 1'],
  ['x = 1, 2', '2, 1'],
  ['\\pm 3', '3, -3'],
  ['1 \\text{ or } 2', '2,1'],
  ['2x + 3y = 6', '4x + 6y = 12'],
  ['1.5 \\times 10^3', '1500'],
  ['2e3', '2000'],
  ['5!', '120'],
  ['|-3|', '3'],
  ['-\\frac{1}{2}', '\\frac{-1}{2}'],
  ['−3', '-3'],
  ['\\text{east}', 'East'],
  ['\\text{(A)}', '(A)'],
  ['007', '7'],
  ['3x^2', '3x²'],
  ['\\ln(e)', '1'],
  ['x \\in [1,2]', '[1,2]'],
  ['', ' '],
];

const DIFFERENT: [string, string][] = [
  ['1/2', '1/3'],
  ['0.33', '1/3'],
  ['12345678901234567890', '12345678901234567891'],
  ['10000000.1', '10000000.2'],
  ['0.000000001', '0.000000002'],
  ['(1, 2)', '(2, 1)'],
  ['[0,1)', '(0,1)'],
  ['\\{1, 2\\}', '\\{1, 3\\}'],
  ['(x+1)^2', 'x^2+1'],
  ['x', 'y'],
  ['east', 'seat'],
  ['5', '-5'],
  ['\\frac{1}{0}', '\\frac{0}{0}'],
  ['x + y = 2', 'x + y = 3'],
  ['\\pm 3', '3'],
  ['', '0'],
  ['A', 'B'],
  ['{', '}'],
  ['50%', '5'],
  ['1 2', '1.2'],
];

describe('same_math', () => {
  for (const [a, b] of SAME) {
    it(`takes ${a} for ${b}`, () => {
      assert.ok(sameMath(a, b));
      assert.ok(sameMath(b, a));
    });
  }

  for (const [a, b] of DIFFERENT) {
    it(`does not take ${a} for ${b}`, () => {
      assert.ok(!sameMath(a, b));
      assert.ok(!sameMath(b, a));
    });
  }

  it('takes a sum of fractions for its value, however it is written', () => {
    const part = fc.tuple(fc.integer({ min: -40, max: 40 }), fc.integer({ min: 1, max: 40 }));
    fc.assert(
      fc.property(part, part, ([a, b], [c, d]) => {
        const written = `\\frac{${a}}{${b}} + ${c < 0 ? `(${c})` : c}/${d}`;
        assert.ok(sameMath(written, `\\dfrac{${a * d + c * b}}{${b * d}}`), written);
        assert.ok(!sameMath(written, `\\frac{${a * d + c * b + 1}}{${b * d}}`), written);
      }),
    );
  });

  it('takes a product of linear factors for the polynomial it is', () => {
    const whole = fc.integer({ min: -9, max: 9 });
    fc.assert(
      fc.property(whole, whole, whole, (a, b, c) => {
        const factors = `(x-(${a}))(x-(${b}))`;
        assert.ok(sameMath(factors, `x^2 - (${a + b})x + (${a * b})`));
        if (c !== 0) assert.ok(!sameMath(factors, `x^2 - (${a + b})x + (${a * b + c})`));
      }),
    );
  });

  it('is the same from both sides and never throws, whatever is written', () => {
    const pieces =
      '\\frac \\sqrt \\left( \\right) { } [ ] ( ) \\{ \\} 1 23 , . % ^ _ x y = + - * / | ! \\pm \\cup \\text{a} e pi and'.split(
        ' ',
      );
    const texts = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string()), { maxLength: 25 });
    fc.assert(
      fc.property(texts, texts, (a, b) => {
        const [left, right] = [a.join(''), b.join(' ')];
        assert.equal(sameMath(left, right), sameMath(right, left));
        assert.ok(sameMath(left, left));
      }),
      { numRuns: 2000 },
    );
  }).timeout(20_000);

  it('reads hostile answers in no time', () => {
    for (const piece of [
      '(',
      '{',
      '\\{',
      '\\frac{',
      '\\sqrt',
      '-',
      '9^',
      '9!',
      '|',
      '\\text{',
      '1,',
      '1,111',
      '\\left',
      ' ',
      '^',
      '$',
      'x',
      '\\pm',
      '\\boxed{',
      `${'9'.repeat(99)}^`,
    ]) {
      for (const length of [900, 50_000, 1_000_000]) {
        const text = piece.repeat(Math.ceil(length / piece.length));
        const start = performance.now();
        sameMath(text, `${text}1`);
        assert.ok(performance.now() - start < 20_000, `${piece} of ${length}`);
      }
    }
  }).timeout(60_000);
});
