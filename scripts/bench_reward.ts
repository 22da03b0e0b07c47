// npm run bench:reward: how many responses a second the reward of the paper's example scores, beside the same rule as a
// plain Python function (test/reward/logic_rl_rule.py), on this machine in one run. Both score the same responses, made
// from a seed: right, wrong, malformed and unreadable ones, around reasoning of several lengths. Each counts the
// processor's time of its own process, on scoring alone, so that a busy machine changes little; the best pass of some
// seconds counts. The totals must agree. The last line is one JSON object.

import { spawnSync } from 'node:child_process';
import { z } from 'zod';
import { checkFile } from '../src/language/check.ts';
import { scoreResponse } from '../src/reward/score.ts';
import { random } from '../src/spec/random.ts';
import { generateRows, type KnightsAndKnavesRow } from '../src/task/knights_and_knaves.ts';

const SECONDS = 3;
const LENGTHS = [400, 1000, 10_000, 1_000_000];
/** Characters of all responses of one length together. */
const VOLUME = 4_000_000;

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
const ratios: Record<string, number> = {};
timeOurs(casesOf(1000, 200));
for (const length of LENGTHS) {
  const cases = casesOf(length, Math.min(2000, Math.max(4, Math.round(VOLUME / length))));
  const ours = timeOurs(cases);
  const theirs = timePython(cases);
  const differing = ours.totals.findIndex((total, i) => total !== theirs.totals[i]);
  if (differing >= 0) throw new Error(`Totals differ on ${JSON.stringify(cases[differing]?.response.slice(-400))}`);
  const perSecond = (seconds: number): string => Math.round(cases.length / seconds).toLocaleString('en');
  const ratio = Number((theirs.seconds / ours.seconds).toFixed(2));
  ratios[`${length} characters`] = ratio;
  process.stdout.write(
    `${length} characters: merf ${perSecond(ours.seconds)} responses/s, Python ${perSecond(theirs.seconds)}: ${ratio}x\n`,
  );
}
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

function timeOurs(cases: readonly Case[]): { seconds: number; totals: number[] } {
  let seconds = Number.POSITIVE_INFINITY;
  let totals: number[] = [];
  for (const end = performance.now() + SECONDS * 1000; ; ) {
    const start = process.cpuUsage();
    totals = cases.map(({ row, response: text }) => scoreResponse(loose, row, text).total);
    const { user, system } = process.cpuUsage(start);
    seconds = Math.min(seconds, (user + system) / 1e6);
    if (performance.now() > end) return { seconds, totals };
  }
}

function timePython(cases: readonly Case[]): { seconds: number; totals: number[] } {
  const input = cases.map(({ names, solution, response: text }) => JSON.stringify({ names, solution, response: text }));
  const options = { input: input.join('\n'), encoding: 'utf8', maxBuffer: 1e9 } as const;
  const { stdout, stderr } = spawnSync('python3', [`${here}bench_reward.py`, String(SECONDS)], options);
  if (stdout === '') throw new Error(`Python: ${stderr}`);
  return z.object({ seconds: z.number(), totals: z.array(z.number()) }).parse(JSON.parse(stdout));
}
