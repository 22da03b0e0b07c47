// Writes a run until it is killed.   node --import=tsx test/run/endless_writer.ts FOLDER

import { RunWriter } from '../../src/run/write.ts';
import { metrics, record, rollout } from './runs.ts';

const writer = RunWriter.create(process.argv[2] ?? '', record({ steps: 1e9 }));
const long = 'a long response '.repeat(200);
for (let step = 1; ; step++) {
  writer.writeRollouts({ kind: 'train', step }, Array(40).fill(rollout(step, long)));
  writer.appendMetrics(metrics(step, Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`metric/${i}`, i / 7]))));
  writer.update({ step });
  if (step === 1) process.stdout.write('writing\n');
}
