// Bad input never throws: the flagship file with random spans deleted, doubled, swapped or replaced, and random text.
// Whatever comes out, its diagnostics lie inside the text, and an error means that there is no specification.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { checkText } from '../../src/language/check.ts';

const root = new URL('../../', import.meta.url).pathname;
const files = ['examples/knights_and_knaves_paper.merf', 'test/language/golden/expressions/input.merf'];
const sources = files.map((file) => readFileSync(root + file, 'utf8'));

const FRAGMENTS = ['"', '"""', '{', '}', '(', ')', ':', '+', '-', ',', '..', '->', 'when', 'is', 'none', 'not', 'in'];
const WORDS = [
  'rule x {',
  'motivation',
  'arm a {',
  'constructor',
  '__proto__',
  '{toString}',
  '9e999',
  '\u{1F600}',
  '\r\n',
];

/** One way to spoil a text; positions are shares of its length. */
const spoiling = fc.record({
  kind: fc.constantFrom('delete', 'double', 'swap', 'insert'),
  from: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.integer({ min: 0, max: 60 }),
  to: fc.double({ min: 0, max: 1, noNaN: true }),
  fragment: fc.constantFrom(...FRAGMENTS, ...WORDS),
});

type Spoiling = typeof spoiling extends fc.Arbitrary<infer T> ? T : never;

function spoil(text: string, { kind, from, length, to, fragment }: Spoiling): string {
  const start = Math.floor(from * text.length);
  const end = Math.min(text.length, start + length);
  const span = text.slice(start, end);
  switch (kind) {
    case 'delete':
      return text.slice(0, start) + text.slice(end);
    case 'double':
      return text.slice(0, end) + text.slice(start);
    case 'swap': {
      const rest = text.slice(0, start) + text.slice(end);
      const target = Math.floor(to * rest.length);
      return rest.slice(0, target) + span + rest.slice(target);
    }
    default:
      return text.slice(0, start) + fragment + text.slice(start);
  }
}

async function checkIsSound(text: string): Promise<void> {
  const { specification, diagnostics } = await checkText(text);
  assert.equal(
    specification === null,
    diagnostics.some(({ severity }) => severity === 'error'),
  );
  const lines = text.split('\n');
  for (const { range, message } of diagnostics) {
    assert.ok(range.start.line < lines.length && range.end.line < lines.length, message);
    assert.ok(range.end.character <= (lines[range.end.line] ?? '').length, message);
    assert.doesNotMatch(message, /undefined|NaN|\[object/);
  }
}

describe('a broken file', function () {
  this.timeout(60_000);

  it('never makes the checker throw', async () => {
    const mangled = fc
      .tuple(fc.constantFrom(...sources), fc.array(spoiling, { minLength: 1, maxLength: 6 }))
      .map(([source, spoilings]) => spoilings.reduce(spoil, source));
    await fc.assert(fc.asyncProperty(mangled, checkIsSound), { numRuns: 600 });
  });

  it('may be any text', async () => {
    const pieces = fc.array(fc.oneof(fc.constantFrom(...FRAGMENTS, ...WORDS), fc.string()), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(
        pieces.map((all) => all.join(' ')),
        checkIsSound,
      ),
      { numRuns: 300 },
    );
  });

  it('may end anywhere', async () => {
    const [flagship = ''] = sources;
    for (let end = 0; end < flagship.length; end += 7) await checkIsSound(flagship.slice(0, end));
  });
});
