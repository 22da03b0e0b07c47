// Running the `merf` command. A training run is detached: it has its own process group and writes to a file, so that
// neither a reload nor a closed window ends it. Short jobs (a prompt, a report) are awaited and read.

import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MerfError } from '../spec/error.ts';

export interface MerfCommand {
  /** The program that runs JavaScript: VS Code's own unless a setting names another. */
  node: string;
  /** dist/merf.mjs. */
  script: string;
  /** Variables that the process has beside this one's: keys of judges. */
  variables?: Readonly<Record<string, string>>;
}

/** VS Code’s program runs as plain Node when it is told so; a real Node ignores it. */
export function environment({ variables }: MerfCommand): NodeJS.ProcessEnv {
  return { ...process.env, ...variables, ELECTRON_RUN_AS_NODE: '1' };
}

export interface RunOptions {
  /** Ends the process. */
  signal?: AbortSignal;
  /** Asks the process to end with what it has by then, as Ctrl-C in a terminal does. */
  interrupt?: AbortSignal;
  /** Exit codes that are an answer: 1 where the command found something. */
  accepts?: readonly number[];
  /** What the process reads from its standard input. */
  input?: string;
  /** Told all that the process has said on its standard error. */
  onComplaint?: (text: string) => void;
}

/** Runs to the end. Resolves with the standard output; a failure carries the command's own words. */
export function run(
  command: MerfCommand,
  args: readonly string[],
  cwd: string,
  { signal, interrupt, accepts = [0], input, onComplaint }: RunOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command.node, [command.script, ...args], {
      cwd,
      env: environment(command),
      stdio: 'pipe',
      signal,
    });
    interrupt?.addEventListener('abort', () => child.kill('SIGINT'), { once: true });
    child.stdin.on('error', () => {}); // it did not read all of it: its exit code tells
    child.stdin.end(input ?? '');
    const output: string[] = [];
    const errors: string[] = [];
    child.stdout.setEncoding('utf8').on('data', (text: string) => output.push(text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors.push(text);
      onComplaint?.(errors.join(''));
    });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0 || (code !== null && accepts.includes(code) && output.length > 0)) resolve(output.join(''));
      else reject(new CommandFailure(errors.join('').trim() || `merf ${args[0]} ended with ${code ?? 'a signal'}`));
    });
  });
}

/** The command's own sentence, already with its remedy. */
export class CommandFailure extends Error {
  constructor(words: string) {
    super(words.replace(/^merf: /, ''));
    this.name = 'CommandFailure';
  }
}

export interface Launch {
  pid: number;
  log: string;
  /** True once the process has ended. */
  ended(): boolean;
}

/** Starts a run that outlives the window; its output goes to `log`. */
export function launch(command: MerfCommand, args: readonly string[], cwd: string, log: string): Launch {
  mkdirSync(dirname(log), { recursive: true });
  const file = openSync(log, 'a');
  try {
    const child = spawn(command.node, [command.script, ...args], {
      cwd,
      env: environment(command),
      detached: true,
      windowsHide: true,
      stdio: ['ignore', file, file],
    });
    let over = false;
    child.once('exit', () => {
      over = true;
    });
    child.once('error', () => {
      over = true;
    });
    child.unref();
    if (child.pid === undefined)
      throw new MerfError(`${command.node} could not be started.`, 'Set merf.nodePath to a Node.js program.');
    return { pid: child.pid, log, ended: () => over };
  } finally {
    closeSync(file);
  }
}

export interface Waiting {
  /** Ends the process; the reason is thrown. */
  signal?: AbortSignal;
  /** Milliseconds without a word after which it is given up. */
  patience?: number;
  /** Told the whole output when there is more of it. */
  onOutput?: (text: string) => void;
}

/**
 * The run folder that a launched training names in a line of its output. Waits while the process lives and says something,
 * as while it downloads its model; a process that ends before is a failure with its last words.
 */
export async function runFolderOf(
  started: Launch,
  { signal, patience = 120_000, onOutput }: Waiting = {},
): Promise<string> {
  let [known, heard] = ['', performance.now()];
  for (;;) {
    const over = started.ended();
    const text = await readFile(started.log, 'utf8');
    const folder = announcedFolder(text);
    if (folder) return folder;
    if (text !== known) {
      [known, heard] = [text, performance.now()];
      onOutput?.(text);
    }
    if (signal?.aborted && !over) {
      process.kill(started.pid);
      signal.throwIfAborted();
    }
    if (over) throw new CommandFailure(text.trim().split('\n').slice(-4).join('\n') || 'The training ended at once.');
    if (performance.now() - heard > patience)
      throw new CommandFailure(`The training has not said where it writes. Its output is in ${started.log}.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The folder in the first whole line `{"run": "…"}`; other lines before it (warnings of the runtime) are passed over. */
export function announcedFolder(output: string): string | null {
  const lines = output.split('\n').slice(0, -1);
  for (const line of lines) {
    if (!line.startsWith('{')) continue;
    try {
      const value: unknown = JSON.parse(line);
      if (typeof value === 'object' && value !== null && 'run' in value && typeof value.run === 'string')
        return value.run;
    } catch {
      // Not a line of ours.
    }
  }
  return null;
}

/** The arms in the headings of what `merf motivation FILE` prints. */
export function armNames(output: string): string[] {
  return [...output.matchAll(/^── arm (\w+):/gm)].flatMap(([, name]) => name ?? []);
}
