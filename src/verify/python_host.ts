// A Python script in a child process, asked over JSON lines (python_program.ts is the other end). The child is a
// process group of its own, so that it can be ended together with everything that the script started. It does not keep
// this process alive: while a request is under way, the pool's clock does.

import { type ChildProcess, spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { basename, dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { type Failure, failed, type Host, type HostOptions, LONGEST_TEXT, type Reply, type Request } from './host.ts';
import { findPython, type PythonCommand } from './python_command.ts';
import { PYTHON_PROGRAM } from './python_program.ts';

/** What the child says, one of these a line. */
const Line = z.union([
  z.object({ ready: z.string() }),
  z.object({ failed: z.string() }),
  z.object({ died: z.number() }),
  z.object({ value: z.union([z.boolean(), z.number(), z.string()]) }),
  z.object({ unfit: z.string() }),
  z.object({ missing: z.string() }),
  z.object({ raised: z.string() }),
  z.object({ memory: z.literal(true) }),
]);
type Line = z.infer<typeof Line>;

/** Characters of the standard error that are kept, for the message when the script dies. */
const KEPT = 400;

const pythons = new Map<string, Promise<PythonCommand | null>>();

/** Looked for once for what decides it. */
function pythonFor(environment: NodeJS.ProcessEnv): Promise<PythonCommand | null> {
  const { MERF_PYTHON, VIRTUAL_ENV, CONDA_PREFIX, PATH } = environment;
  const key = JSON.stringify([MERF_PYTHON, VIRTUAL_ENV, CONDA_PREFIX, PATH]);
  const known = pythons.get(key) ?? findPython(environment);
  pythons.set(key, known);
  return known;
}

export async function startPython(options: HostOptions): Promise<Host | Failure> {
  const python = await pythonFor(options.environment);
  if (python !== null) {
    const host = new PythonHost(python, options);
    return (await host.loaded()) ?? host;
  }
  const named = options.environment.MERF_PYTHON;
  const found = named
    ? `MERF_PYTHON names ${named}, which does not run as Python 3.8 or newer.`
    : 'There is no Python 3.8 or newer on the path.';
  return failed('missing', `${found} Install one, or name one in MERF_PYTHON.`);
}

class PythonHost implements Host {
  alive = true;
  private readonly child: ChildProcess;
  private readonly script: string;
  /** Told the next line; null: there will be none. */
  private next: ((line: Line | null) => void) | null = null;
  private unread: Line[] = [];
  private noise = '';
  private died = '';
  private readonly ended: Promise<void>;

  constructor({ command }: PythonCommand, { script, memoryMegabytes, environment }: HostOptions) {
    this.script = basename(script);
    const limits = JSON.stringify({ script, memory: memoryMegabytes * 2 ** 20, text: LONGEST_TEXT });
    this.child = spawn(command, ['-c', PYTHON_PROGRAM, limits], {
      cwd: dirname(script),
      env: { ...environment, PYTHONIOENCODING: 'utf-8', PYTHONHASHSEED: '0' },
      detached: process.platform !== 'win32',
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
    const { stdout, stderr, stdio } = this.child;
    for (const stream of stdio) {
      // a child that has gone is noticed by its end, not by a broken pipe
      stream?.on('error', () => {});
      if (stream instanceof Socket) stream.unref();
    }
    stderr?.on('data', (data: Buffer) => {
      this.noise = (this.noise + data.toString('utf8')).slice(-KEPT);
    });
    if (stdout) createInterface({ input: stdout }).on('line', (line) => this.heard(line));
    this.ended = new Promise((resolve) => {
      this.child.once('error', (error) => this.stopped(error.message, resolve));
      this.child.once('exit', (code, signal) => this.stopped(signal ?? `exit code ${code}`, resolve));
    });
    this.child.unref();
  }

  /** null: the script is loaded. */
  async loaded(): Promise<Failure | null> {
    const line = await this.line();
    if (line !== null && 'ready' in line) return null;
    await this.end();
    if (line !== null && 'failed' in line) {
      return failed('missing', `${this.script} cannot be loaded: ${line.failed}`);
    }
    return this.crash(line);
  }

  async ask(request: Request): Promise<Reply> {
    if (!this.alive) return this.crash(null);
    this.child.stdin?.write(`${JSON.stringify(request)}\n`);
    const line = await this.line();
    const what = `\`${request.function}\` of ${this.script}`;
    if (line === null || 'died' in line || 'ready' in line || 'failed' in line) return this.crash(line);
    if ('value' in line) return { kind: 'value', value: line.value };
    if ('unfit' in line) return failed('unfit', `${what} answered ${line.unfit}, not a bool, a number or a text.`);
    if ('missing' in line) return failed('missing', `${this.script} defines no function \`${line.missing}\`.`);
    if ('raised' in line) return failed('raised', `${what} raised ${line.raised}`);
    // what a script does after it ran out of memory cannot be relied on
    void this.end();
    return failed('memory', `${what} needs more than the memory it may have.`);
  }

  async end(): Promise<void> {
    this.alive = false;
    // its end is waited for, so it keeps this process alive until then
    this.child.ref();
    this.kill();
    await this.ended;
  }

  private heard(text: string): void {
    let line: Line | undefined;
    try {
      line = Line.safeParse(JSON.parse(text)).data;
    } catch {
      // half a line of a process that died in the middle of it
    }
    if (line === undefined) {
      this.kill();
      return;
    }
    if ('died' in line) {
      this.alive = false;
      this.died = line.died < 0 ? `signal ${-line.died}` : `exit code ${line.died}`;
    }
    const { next } = this;
    this.next = null;
    if (next) next(line);
    else this.unread.push(line);
  }

  private line(): Promise<Line | null> {
    const line = this.unread.shift();
    if (line !== undefined || !this.alive) return Promise.resolve(line ?? null);
    return new Promise((resolve) => {
      this.next = resolve;
    });
  }

  private stopped(how: string, resolve: () => void): void {
    this.alive = false;
    this.died ||= how;
    this.kill();
    // lines that were written before the end are still on their way
    setImmediate(() => {
      this.next?.(null);
      this.next = null;
      resolve();
    });
  }

  /** The whole group; it may have gone already. */
  private kill(): void {
    const { pid } = this.child;
    if (pid === undefined) return;
    try {
      if (process.platform === 'win32') this.child.kill('SIGKILL');
      else process.kill(-pid, 'SIGKILL');
    } catch {
      // gone
    }
  }

  private crash(line: Line | null): Failure {
    const how = line !== null && 'died' in line ? this.died : this.died || 'it ended';
    const last = this.noise.trim().split('\n').at(-1) ?? '';
    return failed('crashed', `The process of ${this.script} died (${how})${last === '' ? '.' : `: ${last}`}`);
  }
}
