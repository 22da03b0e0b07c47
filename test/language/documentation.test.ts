// The pages under docs/ that are written from the checker's tables are what the tables say now (ACCEPT=1 writes them),
// and the .merf text that they and the tables show is text that the checker accepts.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { diskWorld } from '../../src/cli/world.ts';
import { checkFile, checkText } from '../../src/language/check.ts';
import { diagnosticKinds } from '../../src/language/diagnostics.ts';
import { diagnosticsPage, TABLE_NAMES, withTables } from '../../src/language/documentation.ts';
import { formatText } from '../../src/language/format.ts';
import { KEYWORDS } from '../../src/language/keywords.ts';
import { parse } from '../../src/language/parse.ts';
import { SETTINGS } from '../../src/language/settings.ts';
import { FUNCTIONS } from '../../src/spec/functions.ts';

const root = new URL('../../', import.meta.url).pathname;

function holds(path: string, expected: string): void {
  if (process.env.ACCEPT === '1') writeFileSync(root + path, expected);
  assert.equal(existsSync(root + path) ? readFileSync(root + path, 'utf8') : '', expected);
}

describe('the documentation of the language', function () {
  this.timeout(60_000);

  it('docs/diagnostics.md is written from the list of diagnostics', () => {
    holds('docs/diagnostics.md', diagnosticsPage());
  });

  it('the tables of docs/language.md are written from the tables of the checker', () => {
    const page = readFileSync(`${root}docs/language.md`, 'utf8');
    holds('docs/language.md', withTables(page));
    const shown = [...page.matchAll(/<!-- tables: (\w+) -->\n\S/g)].map(([, name]) => name);
    assert.deepEqual(shown.sort(), [...TABLE_NAMES].sort());
  });

  it('the first file of docs/language.md is valid', async () => {
    const page = readFileSync(`${root}docs/language.md`, 'utf8');
    const first = /```merf\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
    assert.deepEqual((await checkText(first)).diagnostics, []);
  });

  it('codes are in order and used once', () => {
    const codes = diagnosticKinds().map(({ code }) => code);
    assert.deepEqual(codes, [...new Set(codes)].sort());
  });

  it('every example of a builtin function is an expression that the checker accepts', async () => {
    const source = readFileSync(`${root}test/language/golden/small/input.merf`, 'utf8');
    for (const { name, examples } of FUNCTIONS) {
      assert.ok(examples.length > 0, name);
      for (const example of examples) {
        const text = source.replace('roles == solution', `roles == solution and not (${example.source} is none)`);
        const errors = (await checkText(text)).diagnostics.filter(({ severity }) => severity === 'error');
        assert.deepEqual(errors, [], example.source);
      }
    }
  });

  it('every example of a setting and of a section can be read', () => {
    const examples = SETTINGS.map(({ example }) => `train { ${example} }`);
    const SECTION =
      /^(?:experiment|import|task|prompt|verifier|judge|motivation|arm|train|stage|watch) |^(?:example|response|reward) (?:"\w+" )?\{/;
    for (const { example } of KEYWORDS) if (SECTION.test(example) && !/… }|\{ …/.test(example)) examples.push(example);
    assert.ok(examples.length > 50, `only ${examples.length} examples`);
    for (const example of examples) assert.deepEqual(parse(example).parserErrors, [], example);
  });
});

describe('the example files', () => {
  const files = readdirSync(`${root}examples`, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.merf'),
  );

  it('are the two of the paper and four with data of their own', () => {
    assert.equal(files.length, 6);
  });

  for (const file of files) {
    const path = `${root}examples/${file}`;

    it(`${file} is in the regular layout`, () => {
      const text = readFileSync(path, 'utf8');
      assert.equal(formatText(text), text);
    });

    it(`${file} has nothing to report`, async () => {
      const { specification, diagnostics } = await checkFile(path, diskWorld());
      assert.deepEqual(diagnostics, []);
      assert.deepEqual(
        specification?.arms.slice(0, 2).map(({ name, motivation }) => [name, motivation]),
        [
          ['rlvr', null],
          ['merf', 'full'],
        ],
      );
    });
  }
});
