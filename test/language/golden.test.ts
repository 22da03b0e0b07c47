// Golden files: each folder of golden/ holds input.merf and the files it names, the diagnostics it gives
// (diagnostics.txt), its regular layout (formatted.merf; none with a syntax error) and, where there is no error, its specification (specification.json), what
// each arm's model reads (motivation.txt) and what its examples score (scores.txt).
// ACCEPT=1 writes what comes out; read the difference before keeping it.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { diskWorld } from '../../src/cli/world.ts';
import { type CheckResult, checkText } from '../../src/language/check.ts';
import { diagnosticKinds } from '../../src/language/diagnostics.ts';
import { formatText } from '../../src/language/format.ts';
import { motivationText } from '../../src/motivation/render.ts';
import { runExamples } from '../../src/reward/examples.ts';
import type { Specification } from '../../src/spec/specification.ts';

const GOLDEN = new URL('./golden/', import.meta.url).pathname;
const accepts = process.env.ACCEPT === '1';
const world = diskWorld({ name: 'this computer', bytes: 16 * 2 ** 30 });
const cases = readdirSync(GOLDEN).sort();

describe('golden .merf files', () => {
  for (const name of cases) {
    it(name.replaceAll('_', ' '), async () => {
      const input = readFileSync(join(GOLDEN, name, 'input.merf'), 'utf8');
      const folder = join(GOLDEN, name);
      const result = await checkText(input, world(join(folder, 'input.merf')));
      compare(join(folder, 'diagnostics.txt'), listed(result), String);
      compare(join(folder, 'formatted.merf'), formatText(input), String);
      compare(join(folder, 'specification.json'), result.specification, (text) => JSON.parse(text));
      compare(join(folder, 'motivation.txt'), result.specification && read(result.specification), String);
      compare(join(folder, 'scores.txt'), result.specification && scored(result.specification), String);
    });
  }

  it('mean the same with any line ends', async () => {
    for (const name of ['flagship', 'triple_quoted', 'example']) {
      const input = readFileSync(join(GOLDEN, name, 'input.merf'), 'utf8');
      assert.deepEqual(await checkText(input.replaceAll('\n', '\r\n')), await checkText(input));
    }
  });

  it('show every diagnostic at least once', () => {
    const shown = cases.map((name) => readFileSync(join(GOLDEN, name, 'diagnostics.txt'), 'utf8')).join('');
    const missing = diagnosticKinds().filter(({ code }) => !shown.includes(code));
    assert.deepEqual(
      missing.map(({ code }) => code),
      [],
    );
  });
});

function listed({ diagnostics }: CheckResult): string {
  return diagnostics
    .map(({ range: { start, end }, severity, code, message }) => {
      const where = `${start.line + 1}:${start.character + 1}-${end.line + 1}:${end.character + 1}`;
      return `${where} ${severity} ${code} ${message}\n`;
    })
    .join('');
}

/** Each motivation that an arm reads; null: none does. */
function read(spec: Specification): string | null {
  const names = new Set(spec.arms.flatMap(({ motivation }) => motivation ?? []));
  const texts = [...names].map((name) => `── ${name}\n${motivationText(spec, name)}\n`);
  return texts.length === 0 ? null : texts.join('\n');
}

function scored(spec: Specification): string | null {
  const lines = runExamples(spec).map(({ example, passed, score }) => {
    const rules = Object.entries(score.rules).map(([name, { score }]) => `${name} ${score}`);
    return `${passed ? 'passed' : 'failed'} ${example.name}: total ${score.total} (${rules.join(', ')})\n`;
  });
  return lines.length === 0 ? null : lines.join('');
}

/** Equal to what the file holds; null: there is no such file. */
function compare(path: string, actual: unknown, read: (text: string) => unknown): void {
  const stored = (): unknown => (existsSync(path) ? read(readFileSync(path, 'utf8')) : null);
  if (accepts && !isDeepStrictEqual(stored(), actual)) {
    if (actual === null) rmSync(path, { force: true });
    else writeFileSync(path, typeof actual === 'string' ? actual : `${JSON.stringify(actual, null, 2)}\n`);
  }
  assert.deepEqual(actual, stored());
}
