// What `merf plan` says of memory, beside what the process of a real run had at its fullest.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { temporaryFolder } from '../run/runs.ts';
import { letters, start } from './letters.ts';

const Plan = z.object({ arms: z.array(z.object({ memory: z.object({ peak: z.number() }) })) });
/** The estimate lies between the peak divided by this and multiplied by it. */
const FACTOR = 2;

describe('the estimate of memory beside a real run', function () {
  this.timeout(300_000);
  const at = temporaryFolder();

  it(`is within a factor of ${FACTOR} of the peak`, async () => {
    const folder = at('measured');
    await letters(folder);
    const planned = await start(folder, ['plan', 'letters.merf', '--arm', 'merf', '--format', 'json']).ended;
    const estimate = Plan.parse(JSON.parse(planned.stdout)).arms[0]?.memory.peak ?? 0;
    const [hook, noted] = [at('measured/hook.mjs'), at('measured/peak')];
    writeFileSync(
      hook,
      `import { writeFileSync } from 'node:fs';
process.on('exit', () => writeFileSync(${JSON.stringify(noted)}, String(1024 * process.resourceUsage().maxRSS)));`,
    );
    const environment = { NODE_OPTIONS: `--import=${pathToFileURL(hook)}` };
    const given = ['train', 'letters.merf', '--arm', 'merf', '--steps', '3', '--out', 'run'];
    const { code, stderr } = await start(folder, given, environment).ended;
    assert.equal(code, 0, stderr);
    const peak = Number(readFileSync(noted, 'utf8'));
    const megabytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`;
    const words = `estimated ${megabytes(estimate)}, measured ${megabytes(peak)}`;
    assert.ok(estimate < FACTOR * peak && peak < FACTOR * estimate, words);
  });
});
