// Our side of npm run bench:reward, a program like the Python one: scores the JSON lines of stdin (the first has the
// specification and the rows: the responses of a group share theirs), again and again for the seconds that are asked for, and prints the processor's seconds that one pass
// took at best, and the totals.

import { readFileSync } from 'node:fs';
import type { Row } from '../src/reward/row.ts';
import { type Scored, scoreResponse } from '../src/reward/score.ts';

const [first = '', ...lines] = readFileSync(0, 'utf8').split('\n');
const { spec, rows }: { spec: Scored; rows: Row[] } = JSON.parse(first);
const cases: { row: number; response: string }[] = lines.map((line) => JSON.parse(line));
let seconds = Number.POSITIVE_INFINITY;
let totals: number[] = [];
for (const end = performance.now() + Number(process.argv[2]) * 1000; performance.now() < end; ) {
  const start = process.cpuUsage();
  totals = cases.map(({ row, response }) => scoreResponse(spec, rows[row] ?? {}, response).total);
  const { user, system } = process.cpuUsage(start);
  seconds = Math.min(seconds, (user + system) / 1e6);
}
process.stdout.write(JSON.stringify({ seconds, totals }));
