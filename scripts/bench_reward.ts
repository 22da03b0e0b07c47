// npm run bench:reward: how many responses a second the reward of the paper's example scores, beside the same rule as a
// plain Python function (test/reward/logic_rl_rule.py), on this machine in one run. Both score the same responses, made
// from a seed: right, wrong, malformed and unreadable ones, around reasoning of several lengths. Each counts the
// processor's time of its own process, on scoring alone, so that a busy machine changes little; the best pass of some
// seconds counts. The totals must agree. Our side runs bundled, as it is shipped. The last line is one JSON object.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { z } from 'zod';
import { checkFile } from '../src/language/check.ts';
import { random } from '../src/spec/random.ts';
import { generateRows, type KnightsAndKnavesRow } from '../src/task/knights_and_knaves.ts';

const SECONDS = 3;
const LENGTHS = [400, 1000, 10_000, 1_000_000];
/** Characters of all responses of one length together. */
const VOLUME = 4_000_000;

const Timing = z.object({ seconds: z.number(), totals: z.array(z.number()) });

interface Case {
  names: string[];
  solution: Record<string, string>;
  response: string;
  row: KnightsAndKnavesRow;
}

const here = new URL('.', import.meta.url).pathname;
const { specification } = await checkFile(`${here}../examples/knights_and_knaves_paper.merf`);
if (specification === null) throw new Error('The example has an error.');
// The looser condition is the one that Logic-RL's rule has.
const loose = JSON.parse(
  JSON.stringify(specification).replaceAll('"exactly"', '"once_in_order"'),
) as typeof specification;
const rows = generateRows({ people: { from: 3, to: 7 }, train: 200, test: 20, seed: 1 }).train;
const folder = mkdtempSync(join(tmpdir(), 'merf-bench-'));
const side = await bundle();
const ratios: Record<string, number> = {};
for (const length of LENGTHS) {
  const cases = casesOf(length, Math.min(2000, Math.max(4, Math.round(VOLUME / length))));
  const ours = time(process.execPath, side, [
    { spec: loose, rows },
    ...cases.map(({ row, response }) => ({ row: rows.indexOf(row), response })),
  ]);
  const theirs = time('python3', `${here}bench_reward.py`, cases);
  const differing = ours.totals.findIndex((total, i) => total !== theirs.totals[i]);
  if (differing >= 0) throw new Error(`Totals differ on ${JSON.stringify(cases[differing]?.response.slice(-400))}`);
  const perSecond = (seconds: number): string => Math.round(cases.length / seconds).toLocaleString('en');
  const ratio = Number((theirs.seconds / ours.seconds).toFixed(2));
  ratios[`${length} characters`] = ratio;
  process.stdout.write(
    `${length} characters: merf ${perSecond(ours.seconds)} responses/s, Python ${perSecond(theirs.seconds)}: ${ratio}x\n`,
  );
}
rmSync(folder, { recursive: true });
process.stdout.write(`${JSON.stringify({ bench: 'reward', ratios })}\n`);

/** Responses of about that length. */
function casesOf(length: number, count: number): Case[] {
  const rng = random(1, String(length));
  return Array.from({ length: count }, (_, i) => {
    const row = rows[i % rows.length];
    if (!row) throw new Error('There are no rows.');
    const reasoning = `${row.reasoning}\n`.repeat(Math.ceil(length / row.reasoning.length)).slice(0, length);
    const { names, solution } = row;
    return { names, solution, row, response: response(reasoning, row, rng.below(10)) };
  });
}

function response(
  reasoning: string,
  { names, roles, solution, solution_text: right }: KnightsAndKnavesRow,
  kind: number,
) {
  const wrong = names.map((name) => `${name} is a ${roles[solution[name] === roles[0] ? 1 : 0]}`).join(', ');
  const numbered = names.map((name, i) => `(${i + 1}) ${name} is a ${solution[name]}`).join('\n');
  if (kind < 3) return `<think>${reasoning}</think>\n<answer>${right}</answer>`;
  if (kind < 5) return `<think>${reasoning}</think><answer>\n${numbered}\n</answer>`;
  if (kind < 7) return `<think>${reasoning}</think><answer>${wrong}</answer>`;
  if (kind < 8) return `<think>${reasoning}</think><answer>${names[0]} is a knight or a knave.</answer>`;
  return kind < 9 ? `${reasoning}<answer>${right}</answer>` : `<think>${reasoning}`;
}

/** The scoring as esbuild makes it for the product. */
async function bundle(): Promise<string> {
  const outfile = join(folder, 'side.mjs');
  const entryPoints = [`${here}bench_reward_side.ts`];
  await build({ entryPoints, outfile, bundle: true, platform: 'node', format: 'esm' });
  return outfile;
}

/** @param lines what the program reads */
function time(command: string, script: string, lines: readonly unknown[]): z.infer<typeof Timing> {
  const input = lines.map((line) => JSON.stringify(line)).join('\n');
  const { stdout, stderr } = spawnSync(command, [script, String(SECONDS)], {
    input,
    encoding: 'utf8',
    maxBuffer: 1e9,
  });
  if (stdout === '') throw new Error(`${command}: ${stderr}`);
  return Timing.parse(JSON.parse(stdout));
}
