// code-server as a child process on a free loopback port, with a home of its own, so that nothing of the person's
// settings is read or written.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { CodeServer } from '../../../scripts/code_server.ts';

export interface Server {
  readonly url: string;
  stop(): Promise<void>;
}

interface Place {
  readonly scratch: string;
  readonly userData: string;
  /** Every folder is trusted without a question. */
  readonly trusting: boolean;
  /** A packed extension to install. */
  readonly vsix?: string;
  /** Where the tests find this runner. */
  readonly bridge: string;
  /** The extension host of some window has ended; `how` is the exit code and signal. */
  onHostExit(pid: number, how: string): void;
}

/** No greetings, no network, no asking: what a test window should not be disturbed by. */
const settings = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'workbench.reduceMotion': 'on',
  'workbench.enableExperiments': false,
  'security.workspace.trust.startupPrompt': 'never',
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'update.showReleaseNotes': false,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'git.enabled': false,
  'files.hotExit': 'off',
  'editor.cursorBlinking': 'solid',
};

export async function startServer(product: CodeServer, place: Place): Promise<Server> {
  mkdirSync(path.join(place.userData, 'User'), { recursive: true });
  writeFileSync(path.join(place.userData, 'User', 'settings.json'), JSON.stringify(settings));
  const config = path.join(place.scratch, 'config.yaml');
  writeFileSync(config, 'auth: none\n');
  const places = [
    product.entry,
    ...['--config', config, '--user-data-dir', place.userData],
    ...['--extensions-dir', path.join(place.scratch, 'extensions')],
  ];
  if (place.vsix !== undefined) install(product, [...places, '--install-extension', place.vsix, '--force'], place);
  const child = spawn(
    product.node,
    [
      ...places,
      ...['--auth', 'none', '--bind-addr', '127.0.0.1:0', '--idle-timeout-seconds=120'],
      ...['--disable-telemetry', '--disable-update-check'],
      ...(place.trusting ? ['--disable-workspace-trust'] : []),
      ...['--disable-getting-started-override', '--disable-proxy'],
    ],
    { env: environment(place), detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const url = await listening(child, place.onHostExit);
  return { url, stop: () => stop(child) };
}

function install(product: CodeServer, words: readonly string[], place: Place): void {
  const installed = spawnSync(product.node, words, { env: environment(place), encoding: 'utf8' });
  if (installed.status !== 0)
    throw new Error(`${place.vsix} was not installed:\n${installed.stdout}${installed.stderr}`);
}

function environment({ scratch, bridge }: Place): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    STUDIO_BRIDGE: bridge,
    HOME: scratch,
    TMPDIR: scratch,
    XDG_DATA_HOME: path.join(scratch, 'data'),
    XDG_CONFIG_HOME: path.join(scratch, 'config'),
    XDG_CACHE_HOME: path.join(scratch, 'cache'),
    EXTENSIONS_GALLERY: '{}', // there is no marketplace to ask
    VSCODE_SKIP_BUILTIN_EXTENSIONS: 'GitHub.copilot-chat,vscode.mermaid-markdown-features,vscode.tunnel-forwarding',
  };
  // Set by a VS Code this may have been started from, or by the test command: they would change the one under test.
  for (const name of ['IPC_HOOK_CLI', 'CWD', 'PID', 'NLS_CONFIG', 'ESM_ENTRYPOINT']) delete env[`VSCODE_${name}`];
  for (const name of ['ELECTRON_RUN_AS_NODE', 'NODE_OPTIONS']) delete env[name];
  return env;
}

function listening(child: ChildProcess, onHostExit: Place['onHostExit']): Promise<string> {
  return new Promise((resolve, reject) => {
    let tail = '';
    const read = (line: string) => {
      tail = `${tail}${line}\n`.slice(-4000);
      if (process.env.STUDIO_VERBOSE) console.error(line);
      const address = /listening on (http:\/\/[\d.:]+)/.exec(line)?.[1];
      if (address !== undefined) resolve(address);
      const [, pid, how] = /<(\d+)> Extension Host Process exited with (code: \S+, signal: \S+)\./.exec(line) ?? [];
      if (pid !== undefined && how !== undefined) onHostExit(Number(pid), how);
    };
    for (const stream of [child.stdout, child.stderr]) if (stream) createInterface(stream).on('line', read);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`code-server ended with ${code}:\n${tail}`)));
  });
}

/** Ends the server and what is left of its process group, such as language servers. */
async function stop(child: ChildProcess): Promise<void> {
  const { pid } = child;
  if (pid === undefined) return;
  if (child.exitCode === null && child.signalCode === null) {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    const timer = setTimeout(() => killGroup(pid), 5000);
    await gone;
    clearTimeout(timer);
  }
  killGroup(pid);
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // the whole group has ended already
  }
}
