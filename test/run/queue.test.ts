// The machine's queue with what a hostile or broken program may put into its folder: nothing there holds a run up but
// tickets of living processes, and nothing beside them is touched.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { Turn } from '../../src/run/queue.ts';
import { temporaryFolder } from './runs.ts';

const EARLIER = '000000000000001';

describe("the machine's queue", () => {
  const at = temporaryFolder();
  const ticket = (name: string, value: unknown) =>
    writeFileSync(at(`queue/${EARLIER}-${name}.json`), typeof value === 'string' ? value : JSON.stringify(value));
  const ours = { run: '/runs/other', waits: true };
  beforeEach(() => mkdirSync(at('queue')));

  it('passes over what is not a ticket of a living process', () => {
    const values = {
      text: 'queue here',
      list: [],
      empty: '',
      nothing: {},
      everyone: { pid: 0, started: null, ...ours },
      group: { pid: -1, started: null, ...ours },
      half: { pid: 1.5, started: null, ...ours },
      huge: { pid: 1e300, started: null, ...ours },
      words: { pid: '1', started: null, ...ours },
      dead: { pid: 2 ** 30, started: '1', ...ours },
      reused: { pid: process.pid, started: '1', ...ours },
    };
    for (const [name, value] of Object.entries(values)) ticket(name, value);
    ticket('large', '');
    truncateSync(at(`queue/${EARLIER}-large.json`), 1e9);
    mkdirSync(at(`queue/${EARLIER}-folder.json`));
    writeFileSync(at('precious'), 'mine');
    symlinkSync(at('precious'), at(`queue/${EARLIER}-link.json`));
    writeFileSync(at('queue/notes.txt'), 'not a ticket');
    if (process.platform !== 'win32') spawnSync('mkfifo', [at(`queue/${EARLIER}-pipe.json`), at('queue/lock')]);
    const turn = new Turn(at('queue'), at('run'), true);
    // where the system does not say when a process started, a reused number cannot be told
    if (process.platform === 'linux') assert.deepEqual(turn.start(), []);
    turn.leave();
    assert.equal(readFileSync(at('precious'), 'utf8'), 'mine');
    assert.ok(readdirSync(at('queue')).includes('notes.txt'));
  });

  it('waits for a living process, and shows its name without what would steer a terminal', async () => {
    const script = `import { Turn } from ${JSON.stringify(new URL('../../src/run/queue.ts', import.meta.url).href)};
      new Turn(${JSON.stringify(at('queue'))}, '/runs/\\u001b[31mred\\n', true);
      console.log('there'); process.stdin.resume();`;
    const other = spawn(process.execPath, ['--import=tsx', '--input-type=module', '-e', script], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await once(other.stdout, 'data');
    const turn = new Turn(at('queue'), at('run'), true);
    assert.deepEqual(turn.start(), ['/runs/\ufffd[31mred\ufffd']);
    other.kill('SIGKILL');
    await once(other, 'exit');
    assert.deepEqual(turn.start(), []);
    turn.leave();
  });

  it('gives a ticket that was taken away its place back, and lets a run train where there can be no queue', () => {
    const turn = new Turn(at('queue'), at('run'), true);
    const [name = ''] = readdirSync(at('queue'));
    rmSync(at(`queue/${name}`));
    assert.deepEqual(turn.start(), []);
    assert.ok(readdirSync(at('queue')).includes(name));
    turn.leave();
    writeFileSync(at('file'), '');
    const none = new Turn(at('file'), at('run'), true);
    assert.deepEqual(none.start(), []);
    none.leave();
    const gone = new Turn(at('queue'), at('run'), true);
    rmSync(at('queue'), { recursive: true });
    writeFileSync(at('queue'), '');
    assert.deepEqual(gone.start(), []);
    gone.leave();
  });
});
