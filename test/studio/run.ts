// Starts the tests of this folder inside a real VS Code, on a copy of the examples: the desktop product where it can be
// downloaded and shown, else code-server behind the same interface (runner/vscode.mjs). MERF_VSCODE=desktop or
// MERF_VSCODE=code-server decides by hand. Pictures of what was seen lie in .vscode-test/pictures afterwards, or where
// STUDIO_PICTURES says.

import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { downloadAndUnzipVSCode, resolveCliPathFromVSCodeExecutablePath, runTests } from '@vscode/test-electron';
import { build } from 'esbuild';
import { packageExtension } from '../../scripts/package.ts';
import { listRuns } from '../../src/run/read.ts';
import { type Count, sum } from '../count.ts';
import { readCounts } from './results.ts';

export interface StudioOptions {
  readonly grep?: string;
  /** The folders whose names start so; `stage_` unless told. */
  readonly stages?: string;
  /** A folder whose .merf/runs the window shall find. */
  readonly runs?: string;
  /** The extension as it is packed and installed, in place of the one in this checkout. */
  readonly packed?: boolean;
  /** Opens the folder as one whose authors nobody has vouched for yet. */
  readonly untrusted?: boolean;
}

/** Runs them and returns how many passed and failed. Throws one clear sentence when VS Code cannot be had. */
export async function runStudio(
  root: string,
  { grep, stages, runs, packed = false, untrusted = false }: StudioOptions = {},
): Promise<Count> {
  const built = path.join(root, '.vscode-test', 'tests');
  await bundle(root, built);
  const scratch = mkdtempSync(path.join(tmpdir(), 'merf-workspace-'));
  const workspace = path.join(scratch, 'workspace');
  cpSync(path.join(root, 'examples'), workspace, { recursive: true, filter: (file) => !file.includes('.merf/') });
  if (runs !== undefined) cpSync(path.join(runs, '.merf'), path.join(workspace, '.merf'), { recursive: true });
  const results = path.join(scratch, 'results.jsonl');
  const pictures = process.env.STUDIO_PICTURES ?? path.join(root, '.vscode-test', 'pictures');
  try {
    // @vscode/test-electron tells the desktop product to trust every folder: there only the stand-in can do without.
    const vscode = untrusted ? standIn(root) : await executable(root);
    const user = [
      `--user-data-dir=${path.join(scratch, 'user')}`,
      `--extensions-dir=${path.join(scratch, 'extensions')}`,
    ];
    const install = packed ? await installPacked(vscode, scratch, user) : [];
    const code = await runTests({
      vscodeExecutablePath: vscode,
      // VS Code wants a folder under development to run tests: with the packed extension, one that holds nothing.
      extensionDevelopmentPath: packed ? path.join(root, 'test/studio/host') : root,
      extensionTestsPath: path.join(built, 'index.cjs'),
      launchArgs: [workspace, ...user, ...install],
      extensionTestsEnv: {
        STUDIO_ROOT: root,
        ...(untrusted ? { STUDIO_UNTRUSTED: 'yes' } : {}),
        STUDIO_RESULTS: results,
        STUDIO_GREP: grep,
        STUDIO_STAGES: stages,
        STUDIO_PICTURES: pictures,
      },
    }).catch(() => 1);
    const count = sum(readCounts(results));
    // A host that died or hung has failed, whatever its tests had reported by then.
    return code !== 0 && count.failed === 0 ? sum([count, { passed: 0, failed: 1 }]) : count;
  } finally {
    endTrainings(workspace);
    rmSync(scratch, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
}

/** Packs the extension for this machine and installs it. Returns the words with which the stand-in does so by itself. */
async function installPacked(vscode: string, scratch: string, user: readonly string[]): Promise<string[]> {
  const vsix = await packageExtension(`${process.platform}-${process.arch}`, scratch);
  const words = `--install-extension=${vsix}`;
  if (vscode.endsWith('vscode.mjs')) return [words];
  const program = resolveCliPathFromVSCodeExecutablePath(vscode);
  const installed = spawnSync(program, [...user, words], { shell: process.platform === 'win32', encoding: 'utf8' });
  if (installed.status !== 0) throw new Error(`VS Code did not install ${vsix}:\n${installed.stderr}`);
  return [];
}

/** Trainings outlive their window by design; those of a failed test must not outlive the test. */
function endTrainings(workspace: string): void {
  for (const { record } of listRuns(workspace)) {
    if (record.pid === null || !['starting', 'running', 'stopping'].includes(record.status)) continue;
    try {
      process.kill(record.pid, 'SIGKILL');
    } catch {
      // it has just ended by itself
    }
  }
}

async function bundle(root: string, outdir: string): Promise<void> {
  rmSync(outdir, { recursive: true, force: true });
  const tests = readdirSync(path.join(root, 'test/studio'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => `test/studio/${file}`);
  await build({
    absWorkingDir: root,
    entryPoints: ['test/studio/index.ts', ...tests],
    outdir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
}

const standIn = (root: string) => path.join(root, 'test/studio/runner/vscode.mjs');

async function executable(root: string): Promise<string> {
  const hasDisplay = process.platform !== 'linux' || Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);
  const choice = process.env.MERF_VSCODE ?? (hasDisplay ? 'either' : 'code-server');
  if (choice === 'code-server') return standIn(root);
  try {
    return await downloadAndUnzipVSCode({ cachePath: path.join(root, '.vscode-test') });
  } catch (error) {
    if (choice === 'desktop') throw error;
    console.log('VS Code cannot be downloaded here; the tests run in code-server instead.');
    return standIn(root);
  }
}
