// The law: whatever response and row come, the written example checks without a word, is laid out as the formatter
// lays it out, reads back as the same response, and passes.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { checkText } from '../../src/language/check.ts';
import { formatText } from '../../src/language/format.ts';
import { textLiteral, unusedName, writeExample } from '../../src/language/write_example.ts';
import { runExamples } from '../../src/reward/examples.ts';
import { scoreResponse } from '../../src/reward/score.ts';
import { type Random, random } from '../../src/spec/random.ts';
import type { Specification } from '../../src/spec/specification.ts';

const FLAGSHIP = readFileSync(new URL('../../examples/knights_and_knaves.merf', import.meta.url), 'utf8');

async function specificationOf(text: string): Promise<Specification> {
  const { specification, diagnostics } = await checkText(text);
  assert.ok(specification, JSON.stringify(diagnostics));
  assert.deepEqual(diagnostics, []);
  return specification;
}

const PIECES = [
  '<think>',
  '</think>',
  '<answer>',
  '</answer>',
  'Zoey is a knave',
  ', ',
  '\n',
  '\n',
  '\n\n',
  ' ',
  '    ',
  '\t',
  '\r\n',
  '\r',
  '"',
  '""',
  '"""',
  '\\',
  '\\n',
  '\\"',
  '{',
  '}',
  '{motivation}',
  '// no comment',
  '/// doc',
  '\u0000',
  '\u001b',
  '\u200b',
  '\u2028',
  '\u00a0',
  '\ufeff',
  '謎',
  '😀',
  '…',
  'x'.repeat(200),
];
const NAMES = [
  'Zoey',
  'Oliver',
  'Émile',
  'Jean-Luc',
  'true',
  'not',
  'row',
  'a"b',
  'a\\b',
  'a\nb',
  '',
  '__proto__',
  '1',
  '謎',
];

function draw(rng: Random): { row: Record<string, unknown>; response: string } {
  const names = rng.shuffled(NAMES).slice(0, rng.below(8));
  const solution = Object.fromEntries(names.map((name) => [name, rng.pick(['knight', 'knave'])]));
  const response = Array.from({ length: rng.below(12) }, () => rng.pick(PIECES)).join('');
  return { row: { names, solution, roles: ['knight', 'knave'], quiz: 'not read by the rules' }, response };
}

describe('an example written from a response', () => {
  it('checks, formats to itself, reads back and passes, whatever the response and the row', async () => {
    const spec = await specificationOf(FLAGSHIP);
    const rng = random(11, 'examples');
    for (let i = 0; i < 300; i++) {
      const { row, response } = draw(rng);
      const { total, rules } = scoreResponse(spec, row, response, { finished: true });
      const scores = Object.fromEntries(Object.entries(rules).map(([name, { score }]) => [name, score]));
      const source = {
        name: rng.pick(['solved', 'a "b"\n\\', response]),
        row,
        response,
        tokens: 12,
        finished: true,
        given: {},
        reward: total,
        rules: scores,
      };
      const written = writeExample(spec, source);
      assert.equal(formatText(written), written);
      const read = await specificationOf(`${FLAGSHIP}\n${written}`);
      const result = runExamples(read).at(-1);
      assert.ok(result);
      assert.equal(result.example.response, response);
      assert.ok(result.passed, `${written}\n${JSON.stringify(result.judgements)}`);
      assert.equal(result.judgements.length, 3);
      assert.ok(!written.includes('quiz'));
    }
  }).timeout(60_000);

  it('writes several lines as lines, and everything else in quotes', () => {
    assert.equal(textLiteral('one'), '"one"');
    assert.equal(textLiteral('a\n  b\n'), '"""\n    a\n      b\n\n  """');
    for (const text of ['  a\n  b', 'a\r\nb', 'a\n"""', 'a\n  \nb', 'a \nb', 'half \ud83d'])
      assert.match(textLiteral(text), /^"[^\n]*"$/s);
  });

  it('has a name of its own', () => {
    assert.equal(unusedName('solved', []), 'solved');
    assert.equal(unusedName('solved', ['solved', 'solved 2']), 'solved 3');
  });
});
