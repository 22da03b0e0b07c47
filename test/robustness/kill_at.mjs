// Loaded into a `merf` process with --import: kills it, as `kill -9` would, in the middle of its n-th change of a file
// in a folder. KILL_IN names the folder, KILL_AT is n; with n = 0 it only counts, and writes the count to KILL_COUNT.

import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const { KILL_IN = '', KILL_AT = '0', KILL_COUNT = '' } = process.env;
const { appendFileSync, writeFileSync } = fs;
let changes = 0;
let inside = false;

for (const name of ['openSync', 'writeSync', 'writeFileSync', 'appendFileSync', 'renameSync', 'mkdirSync', 'rmSync']) {
  const original = fs[name];
  fs[name] = (...given) => {
    const [target, second] = given;
    const reads = name === 'openSync' && (second === undefined || second === 'r');
    const ours = typeof target === 'number' ? target > 2 : String(target).startsWith(KILL_IN);
    if (inside || reads || !ours) return original(...given);
    inside = true;
    try {
      if (++changes === Number(KILL_AT)) die(name, target, second);
      return original(...given);
    } finally {
      inside = false;
    }
  };
}
syncBuiltinESMExports();
process.on('exit', () => KILL_COUNT && writeFileSync(KILL_COUNT, String(changes)));

/** Half of what was to be written is written. */
function die(name, target, content) {
  const half = String(content).slice(0, String(content).length / 2);
  if (name === 'appendFileSync') appendFileSync(target, half);
  if (name === 'writeFileSync') writeFileSync(target, half);
  process.kill(process.pid, 'SIGKILL');
  for (;;);
}
