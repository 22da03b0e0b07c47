// JavaScript verifiers in real worker threads: what modules may do wrong.

import assert from 'node:assert/strict';
import { startJavaScript } from '../../src/verify/javascript_host.ts';
import { HostPool } from '../../src/verify/pool.ts';
import { scripts } from './scripts.ts';

describe('a JavaScript verifier', () => {
  const { write } = scripts();
  let pool: HostPool;

  function open(text: string, { memory = 64, size = 1, name = 'verify.mjs' } = {}): void {
    const script = write(name, text);
    const environment = { SEEN: 'yes' };
    pool = new HostPool(() => startJavaScript({ script, memoryMegabytes: memory, environment }), size);
  }
  async function ask(name: string, given: Record<string, unknown> = {}, timeout = 5) {
    return (await pool.ask({ function: name, arguments: given }, timeout)).reply;
  }
  afterEach(() => pool?.end());

  it('is given its arguments by name and answers a bool, a number or a text, now or later', async () => {
    open(`export const share = ({ code, cases }) => cases.filter((c) => code.includes(c)).length / cases.length;
export async function right({ answer, truth }) { return answer === truth; }
export default { upper({ text }) { return text.toUpperCase(); } };
export const environment = () => JSON.stringify(process.env);`);
    assert.deepEqual(await ask('share', { code: 'ab', cases: ['a', 'b', 'c', 'd'] }), { kind: 'value', value: 0.5 });
    assert.deepEqual(await ask('right', { answer: 'x', truth: 'x' }), { kind: 'value', value: true });
    assert.deepEqual(await ask('upper', { text: 'ω\ud800' }), { kind: 'value', value: 'Ω\ud800' });
    assert.deepEqual(await ask('environment'), { kind: 'value', value: '{"SEEN":"yes"}' });
  });

  it('may be a CommonJS module', async () => {
    open('exports.size = ({ text }) => text.length;', { name: 'verify.js' });
    assert.deepEqual(await ask('size', { text: 'x'.repeat(1 << 20) }), { kind: 'value', value: 1 << 20 });
  });

  it('may print what it likes, and send what it likes', async () => {
    open(`import { parentPort } from 'node:worker_threads';
export function noisy() {
  console.log('{"value": 2}'.repeat(100000));
  process.stderr.write('x'.repeat(100000));
  parentPort.postMessage({ value: 3 });
  return true;
}`);
    for (let i = 0; i < 3; i++) assert.deepEqual(await ask('noisy'), { kind: 'value', value: true });
  });

  it('that throws, answers anything else, or lacks the function is told so', async () => {
    open(`export const bad = ({ x }) => x.y.z;
export const nothing = () => {};
export const things = () => [1];
export const infinite = () => 1 / 0;
export const long = () => 'x'.repeat(2 << 20);
export const rejects = () => Promise.reject('no reason');`);
    for (const [name, cause] of [
      ['bad', 'raised'],
      ['rejects', 'raised'],
      ['nothing', 'unfit'],
      ['things', 'unfit'],
      ['infinite', 'unfit'],
      ['long', 'unfit'],
      ['unknown', 'missing'],
    ] as const) {
      const reply = await ask(name, {});
      assert.ok(reply.kind === 'failed' && reply.cause === cause, name);
    }
  });

  it('that hangs is ended, and the next call is answered', async () => {
    open(`export const loops = () => { for (;;); };
export const waits = () => new Promise(() => {});
export const fine = () => true;`);
    for (const name of ['loops', 'waits']) {
      const reply = await ask(name, {}, 0.2);
      assert.ok(reply.kind === 'failed' && reply.cause === 'timeout', name);
      assert.deepEqual(await ask('fine'), { kind: 'value', value: true });
    }
  });

  it('that ends its thread, or fails where nobody waits for it, is started again', async () => {
    open(`export const exits = () => process.exit(3);
export const later = () => { setTimeout(() => { throw new Error('too late'); }, 10); return new Promise(() => {}); };
export const fine = () => true;`);
    for (const name of ['exits', 'later']) {
      const reply = await ask(name);
      assert.ok(reply.kind === 'failed' && reply.cause === 'crashed', name);
      assert.deepEqual(await ask('fine'), { kind: 'value', value: true });
    }
  });

  it('that allocates without end is stopped by its memory limit', async () => {
    open(`export const grows = () => { const all = []; for (;;) all.push(new Array(1000).fill(all.length)); };
export const fine = () => true;`);
    const reply = await ask('grows', {}, 30);
    assert.ok(reply.kind === 'failed' && reply.cause === 'memory');
    assert.deepEqual(await ask('fine'), { kind: 'value', value: true });
  });

  it('that cannot be loaded says why', async () => {
    open('export const broken = (');
    const reply = await ask('broken');
    assert.ok(reply.kind === 'failed' && reply.cause === 'missing');
    assert.match(reply.message, /verify\.mjs cannot be loaded: SyntaxError/);
  });

  it('that is broken off is ended', async () => {
    open('export const loops = () => { for (;;); }; export const fine = () => true;');
    const halt = new AbortController();
    setTimeout(() => halt.abort(), 100);
    const { reply } = await pool.ask({ function: 'loops', arguments: {} }, 60, halt.signal);
    assert.ok(reply.kind === 'failed' && reply.cause === 'cancelled');
    assert.deepEqual(await ask('fine'), { kind: 'value', value: true });
  });
});
