// Python verifiers in real processes: what scripts may do wrong, and that nothing of them is left.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { HostPool } from '../../src/verify/pool.ts';
import { startPython } from '../../src/verify/python_host.ts';
import { processesWith, scripts, until } from './scripts.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

describe('a Python verifier', () => {
  const { write, folder } = scripts();
  let pool: HostPool;

  function open(text: string, { memory = 512, size = 1 } = {}): HostPool {
    const script = write('verify.py', text);
    pool = new HostPool(() => startPython({ script, memoryMegabytes: memory, environment: process.env }), size);
    return pool;
  }
  async function ask(name: string, given: Record<string, unknown> = {}, timeout = 5) {
    return (await pool.ask({ function: name, arguments: given }, timeout)).reply;
  }
  afterEach(() => pool?.end());

  it('is given its arguments by name and answers a bool, a number or a text', async () => {
    open(`def share(code, cases): return len([c for c in cases if c in code]) / len(cases)
def right(answer, truth): return answer == truth
def kind(text): return text.upper() + "\\u00e9\\u0000"
async def later(x):
    return x + 1
class Scalar:
    def item(self): return 0.25
def numpy_like(): return Scalar()
`);
    assert.deepEqual(await ask('share', { code: 'ab', cases: ['a', 'b', 'c', 'd'] }), { kind: 'value', value: 0.5 });
    assert.deepEqual(await ask('right', { truth: { a: [1, null] }, answer: { a: [1, null] } }), {
      kind: 'value',
      value: true,
    });
    assert.deepEqual(await ask('kind', { text: 'ω\ud800' }), { kind: 'value', value: 'Ω\ud800é\0' });
    assert.deepEqual(await ask('later', { x: 1 }), { kind: 'value', value: 2 });
    assert.deepEqual(await ask('numpy_like'), { kind: 'value', value: 0.25 });
  });

  it('is the same process from call to call', async () => {
    open('seen = []\ndef count(x):\n    seen.append(x)\n    return len(seen)');
    const answers = [];
    for (let i = 0; i < 3; i++) answers.push(await ask('count', { x: i }));
    assert.deepEqual(
      answers.map((answer) => answer.kind === 'value' && answer.value),
      [1, 2, 3],
    );
  });

  it('may print what it likes, in Python, in C and from a process of its own', async () => {
    open(`import os, subprocess, sys
print('{"value": 1}')
def noisy():
    print('{"value": 2}' * 1000, flush=True)
    sys.stderr.write("more\\n" * 5000)
    os.write(1, b'{"value": 3}\\n')
    subprocess.run([sys.executable, "-c", "print('{\\"value\\": 4}'); input()"], stderr=subprocess.DEVNULL)
    return sys.stdin.read() == ""
`);
    assert.deepEqual(await ask('noisy'), { kind: 'value', value: true });
  });

  it('reads a response of a megabyte', async () => {
    open('def size(text): return len(text)');
    assert.deepEqual(await ask('size', { text: 'x"\n'.repeat(1 << 20) }), { kind: 'value', value: 3 << 20 });
  });

  it('that raises says where', async () => {
    open('def bad(x):\n    return 1 / x\ndef leaves():\n    raise SystemExit(3)');
    const reply = await ask('bad', { x: 0 });
    assert.ok(reply.kind === 'failed' && reply.cause === 'raised');
    assert.equal(reply.message, '`bad` of verify.py raised ZeroDivisionError: division by zero, line 2');
    assert.equal((await ask('bad', { y: 0 })).kind, 'failed');
    const left = await ask('leaves');
    assert.ok(left.kind === 'failed' && left.cause === 'raised');
  });

  it('that answers anything else is told so', async () => {
    open(`def nothing(): pass
def things(): return [1]
def infinite(): return float("inf")
def undefined(): return float("nan")
def long(): return "x" * (2 << 20)
`);
    for (const name of ['nothing', 'things', 'infinite', 'undefined', 'long']) {
      const reply = await ask(name);
      assert.ok(reply.kind === 'failed' && reply.cause === 'unfit', name);
    }
    const reply = await ask('unknown');
    assert.ok(reply.kind === 'failed' && reply.cause === 'missing');
  });

  it('that hangs is ended, in Python and inside of C, and the next call is answered', async () => {
    open(`import re, time
def sleeps(): time.sleep(60)
def loops():
    while True: pass
def deep_in_c(): return bool(re.match(r"(a+)+$", "a" * 40 + "b"))
def fine(): return True
`);
    for (const name of ['sleeps', 'loops', 'deep_in_c']) {
      const reply = await ask(name, {}, 0.3);
      assert.ok(reply.kind === 'failed' && reply.cause === 'timeout', name);
      assert.deepEqual(await ask('fine'), { kind: 'value', value: true });
    }
    assert.ok(await until(() => processesWith(folder()).length <= 2));
  });

  it('that dies is started again', async () => {
    open(`import os, signal
def exits(): os._exit(7)
def dies(): os.kill(os.getpid(), signal.SIGSEGV)
def fine(): return True
`);
    for (const [name, how] of [
      ['exits', /exit code 7/],
      ['dies', /signal 11/],
    ] as const) {
      const reply = await ask(name);
      assert.ok(reply.kind === 'failed' && reply.cause === 'crashed', name);
      assert.match(reply.message, how);
      assert.deepEqual(await ask('fine'), { kind: 'value', value: true });
    }
  });

  it('that allocates without end is stopped by its memory limit', async () => {
    open(
      `def grows():
    blocks = []
    while True: blocks.append(bytearray(1 << 20))
def fine(): return True
`,
      { memory: 256 },
    );
    const reply = await ask('grows', {}, 60);
    assert.ok(reply.kind === 'failed' && reply.cause === 'memory');
    assert.deepEqual(await ask('fine'), { kind: 'value', value: true });
  });

  it('that forks answers once, and what it started ends with it', async () => {
    open(`import os, subprocess, sys
def returns_twice():
    os.fork()
    return True
def leaves_one_behind():
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(99)", "${'left-behind'}"])
    return True
def hangs_with_children():
    subprocess.run([sys.executable, "-c", "import time; time.sleep(98)", "${'left-behind'}"])
`);
    assert.deepEqual(await ask('returns_twice'), { kind: 'value', value: true });
    assert.deepEqual(await ask('leaves_one_behind'), { kind: 'value', value: true });
    const reply = await ask('hangs_with_children', {}, 0.5);
    assert.ok(reply.kind === 'failed' && reply.cause === 'timeout');
    assert.ok(await until(() => processesWith('left-behind').length === 0));
  });

  it('that cannot be loaded says why, and is not started for ever', async () => {
    open('import os\nopen("starts", "a").write("x")\nraise ValueError("no data")');
    for (let i = 0; i < 5; i++) {
      const reply = await ask('anything');
      assert.ok(reply.kind === 'failed' && reply.cause === 'missing');
      assert.match(reply.message, /verify\.py cannot be loaded: ValueError: no data, line 3/);
    }
    assert.equal(readFileSync(join(folder(), 'starts'), 'utf8'), 'xxx');
  });

  it('runs in as many processes as there are calls, up to the size of the pool', async () => {
    open('import os, time\ndef who(x):\n    time.sleep(0.2)\n    return os.getpid()', { size: 2 });
    const replies = await Promise.all([1, 2, 3, 4].map((x) => ask('who', { x })));
    assert.equal(new Set(replies.map((reply) => reply.kind === 'value' && reply.value)).size, 2);
  });

  it('is ended with whoever asks, even one that is killed while the script hangs inside of C', async () => {
    const script = write(
      'hang.py',
      'import re\ndef hang():\n    print("asked")\n    return bool(re.match(r"(a+)+$", "a" * 40 + "b"))',
    );
    const program = `
      setInterval(() => {}, 1000);
      const { startPython } = await import(${JSON.stringify(pathToFileURL(join(ROOT, 'src/verify/python_host.ts')).href)});
      const host = await startPython({ script: ${JSON.stringify(script)}, memoryMegabytes: 512, environment: process.env });
      void host.ask({ function: 'hang', arguments: {} });
      console.log('asking');`;
    const asker = spawn(process.execPath, ['--import=tsx', '--input-type=module', '-e', program], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => asker.stdout.once('data', resolve));
    assert.equal(processesWith(script).length, 3, 'the asker, the watching process and the script');
    asker.kill('SIGKILL');
    assert.ok(await until(() => processesWith(script).length === 0));
  });
});
