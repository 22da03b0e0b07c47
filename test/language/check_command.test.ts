// `merf check` as a person runs it: a real process, its output and its exit status.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

const root = new URL('../../', import.meta.url).pathname;
const example = join(root, 'examples/knights_and_knaves.merf');
const broken = join(root, 'test/language/golden/unknown_hole/input.merf');
const warned = join(root, 'test/language/golden/same_arms/input.merf');

function check(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const run = ['--import', 'tsx', join(root, 'src/cli/main.ts'), 'check', ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, run, { encoding: 'utf8', cwd: root });
  return { status, stdout, stderr };
}

describe('merf check', function () {
  this.timeout(60_000);

  it('has nothing to report on the example', () => {
    const { status, stdout } = check(example);
    assert.deepEqual([status, stdout], [0, '1 file checked, nothing to report.\n']);
  });

  it('prints file:line:col severity CODE message, and exits 1 on an error', () => {
    const { status, stdout } = check(broken, warned);
    assert.equal(status, 1);
    const [first, second, last] = stdout.trimEnd().split('\n');
    assert.equal(first, `${broken}:28:36 error MERF111 There is no hole \`rule\`. Did you mean \`rules\`?`);
    assert.match(second ?? '', /input\.merf:37:5 warning MERF405 /);
    assert.equal(last, '2 files checked: 1 error, 1 warning.');
  });

  it('exits 0 on warnings alone', () => {
    assert.equal(check(warned).status, 0);
  });

  it('prints SARIF 2.1.0', () => {
    const text = z.strictObject({ text: z.string().min(1) });
    const level = z.enum(['error', 'warning']);
    const count = z.number().int().min(1);
    const artifactLocation = z.strictObject({ uri: z.string().regex(/^file:\/\/\/|^[^:]+$/) });
    const region = z.strictObject({ startLine: count, startColumn: count, endLine: count, endColumn: count });
    const Sarif = z.strictObject({
      $schema: z.url(),
      version: z.literal('2.1.0'),
      runs: z.tuple([
        z.strictObject({
          tool: z.strictObject({
            driver: z.strictObject({
              name: z.literal('merf'),
              version: z.string(),
              rules: z.array(
                z.strictObject({
                  id: z.string(),
                  shortDescription: text,
                  fullDescription: text,
                  defaultConfiguration: z.strictObject({ level }),
                }),
              ),
            }),
          }),
          columnKind: z.literal('utf16CodeUnits'),
          invocations: z.tuple([
            z.strictObject({
              executionSuccessful: z.boolean(),
              toolExecutionNotifications: z.array(z.looseObject({ message: text })),
            }),
          ]),
          results: z.array(
            z.strictObject({
              ruleId: z.string(),
              ruleIndex: z.number(),
              level,
              message: text,
              locations: z.tuple([z.strictObject({ physicalLocation: z.strictObject({ artifactLocation, region }) })]),
            }),
          ),
        }),
      ]),
    });
    const { status, stdout } = check('--format', 'sarif', broken, warned, 'no such file.merf');
    assert.equal(status, 1);
    const [run] = Sarif.parse(JSON.parse(stdout)).runs;
    const rules = run.tool.driver.rules.map(({ id }) => id);
    assert.deepEqual(rules, [...new Set(rules)]);
    assert.deepEqual(
      run.results.map(({ ruleId, level }) => [ruleId, level]),
      [
        ['MERF111', 'error'],
        ['MERF405', 'warning'],
      ],
    );
    for (const { ruleId, ruleIndex } of run.results) assert.equal(rules[ruleIndex], ruleId);
    const [first] = run.results;
    assert.deepEqual(first?.locations[0].physicalLocation.region.startLine, 28);
    assert.equal(first?.locations[0].physicalLocation.region.startColumn, 36);
    assert.equal(run.invocations[0].executionSuccessful, false);
    assert.match(run.invocations[0].toolExecutionNotifications[0]?.message.text ?? '', /There is no file/);
  });

  it('prints JSON of the documented shape', () => {
    const position = z.object({ line: z.number(), character: z.number() });
    const Report = z.strictObject({
      files: z.array(
        z.strictObject({
          file: z.string(),
          ok: z.boolean(),
          diagnostics: z.array(
            z.strictObject({
              code: z.string().regex(/^MERF\d{3}$/),
              severity: z.enum(['error', 'warning']),
              message: z.string(),
              range: z.strictObject({ start: position, end: position }),
              href: z.string().regex(/^docs\/diagnostics\.md#merf\d{3}$/),
            }),
          ),
          error: z.string().optional(),
        }),
      ),
      errors: z.number(),
      warnings: z.number(),
    });
    const { status, stdout } = check('--format', 'json', example, broken, warned);
    const report = Report.parse(JSON.parse(stdout));
    assert.equal(status, 1);
    assert.deepEqual([report.errors, report.warnings], [1, 1]);
    assert.deepEqual(
      report.files.map(({ ok, diagnostics }) => [ok, diagnostics.length]),
      [
        [true, 0],
        [false, 1],
        [true, 1],
      ],
    );
  });

  it('says what to do about a file that cannot be read, and still checks the others', () => {
    const folder = mkdtempSync(join(tmpdir(), 'merf-check-'));
    try {
      const binary = join(folder, 'binary.merf');
      writeFileSync(binary, Buffer.from([0xff, 0xfe, 0x00, 0x80]));
      const { status, stdout } = check(join(folder, 'missing.merf'), folder, binary, example);
      assert.equal(status, 1);
      assert.match(stdout, /There is no file \S+missing\.merf\. Check the path/);
      assert.match(stdout, /is a folder\. Name a \.merf file in it\./);
      assert.match(stdout, /binary\.merf is not text in UTF-8\. Save it as UTF-8\./);
      assert.match(stdout, /4 files checked: 3 errors, 0 warnings\./);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
