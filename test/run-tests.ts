// The one test command: types, lint, the unit tests, then the tests in a real VS Code; the closing line adds them up.
//   npm test [-- checks | unit | studio | FOLDER…] [--grep=WORDS]

import { fork, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '../scripts/chromium.ts';
import { Count, closingLine, sum } from './count.ts';
import { runStudio } from './studio/run.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const words = process.argv.slice(2);
const grep = words.find((word) => word.startsWith('--grep='))?.slice('--grep='.length);
const wanted = words.filter((word) => !word.startsWith('--')).map((word) => word.replace(/^test\//, ''));
const isWanted = (part: string) => wanted.length === 0 || wanted.includes(part);

/** Started first, so that they do not end up alone at the end. */
const slowest = ['training', 'webview', 'language', 'cli'];
const folders = readdirSync(path.join(root, 'test'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !['fixtures', 'studio'].includes(entry.name))
  .map((entry) => entry.name)
  .filter((folder) => isWanted('unit') || wanted.includes(folder))
  .sort((a, b) => Number(slowest.includes(b)) - Number(slowest.includes(a)));

const tools: readonly (readonly [string, ...string[]])[] = [
  ['typescript/bin/tsc', '--noEmit', '-p', '.'],
  ['typescript/bin/tsc', '--noEmit', '-p', 'src/webview'],
  ['@biomejs/biome/bin/biome', 'check'],
];

if (process.stdout.isTTY) process.env.FORCE_COLOR ??= '1';
if (isWanted('studio') || folders.includes('webview')) offerBrowser();

const counts: Count[] = [];
if (isWanted('checks')) for (const tool of tools) counts.push(await check(...tool));
counts.push(...(await inParallel(folders, suite)));
if (isWanted('studio')) counts.push(await studio());

const total = sum(counts);
console.log(`\n${closingLine(total)}`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);

/** Installs one where it may; where there is none, the tests that need it say so. */
function offerBrowser(): void {
  try {
    process.env.CHROMIUM ??= chromium();
  } catch {
    // left to the tests
  }
}

/** A tool of node_modules that must end well; counts as one test. */
function check(script: string, ...words: string[]): Promise<Count> {
  heading([path.basename(script), ...words].join(' '));
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [path.join('node_modules', script), ...words], {
      cwd: root,
      stdio: 'inherit',
    });
    child.once('error', () => resolve({ passed: 0, failed: 1 }));
    child.once('exit', (code) => resolve(code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }));
  });
}

/** A folder's tests; what they print appears in one piece when they have ended. A crash counts as one failure. */
function suite(folder: string): Promise<Count> {
  return new Promise((resolve) => {
    const started = performance.now();
    const child = fork(path.join(root, 'test/suite.ts'), [`test/${folder}`, ...(grep === undefined ? [] : [grep])], {
      cwd: root,
      execArgv: ['--import=tsx'],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const output: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => output.push(chunk));
    let count: Count | undefined;
    child.on('message', (message) => {
      count = Count.parse(message);
    });
    child.once('close', (code) => {
      heading(`test/${folder}  ${((performance.now() - started) / 1000).toFixed(1)} s`);
      process.stdout.write(Buffer.concat(output));
      if (code !== 0 && (count === undefined || count.failed === 0)) {
        console.log(`The tests of ${folder} ended with exit code ${code}.`);
        count = sum([count ?? { passed: 0, failed: 0 }, { passed: 0, failed: 1 }]);
      }
      resolve(count ?? { passed: 0, failed: 1 });
    });
  });
}

/** The extension as it is packed and installed; and from the checkout, in a folder that nobody has trusted. */
async function studio(): Promise<Count> {
  heading('test/studio, in VS Code');
  try {
    const packed = process.env.MERF_STUDIO_CHECKOUT === undefined;
    const stages = await runStudio(root, { grep, packed });
    heading('test/studio/untrusted, in VS Code');
    return sum([stages, await runStudio(root, { grep, stages: 'untrusted', untrusted: true })]);
  } catch (error) {
    console.log(error instanceof Error ? error.message : error);
    return { passed: 0, failed: 1 };
  }
}

/** Works the list off with at most two at a time: the tensor tests use several threads themselves. */
async function inParallel<T, R>(list: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const waiting = [...list];
  const done: R[] = [];
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) done.push(await work(item));
  };
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, worker));
  return done;
}

function heading(text: string): void {
  console.log(`\n── ${text} ${'─'.repeat(Math.max(0, 100 - text.length))}`);
}
