// A real VS Code from npm alone: code-server (VS Code's workbench, server and extension host, unpatched where it
// matters here) and the Node it is built for, installed once into .vscode-test/. It stands in for the desktop product
// where that cannot be downloaded or shown. Its native modules are left unbuilt: what needs them (a logger, a watchdog)
// is not needed here, and so no compiler is.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const versions = { 'code-server': '4.139.1', node: '24.21.0' };

export interface CodeServer {
  /** The Node binary that must run it. */
  readonly node: string;
  /** Its entry script. */
  readonly entry: string;
}

/** code-server below `root`/.vscode-test, installed first if it is not there. Throws what npm said when it fails. */
export function codeServer(root: string): CodeServer {
  const home = path.join(root, '.vscode-test', `code-server-${versions['code-server']}`);
  const nodePackage = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const node = path.join(home, 'node_modules', nodePackage, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  const server = path.join(home, 'node_modules', 'code-server');
  const found = { node, entry: path.join(server, 'out', 'node', 'entry.js') };
  const stamp = path.join(home, 'installed.json');
  const wanted = JSON.stringify({ ...versions, platform: nodePackage });
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return found;

  console.log(`Setting up VS Code for the tests (code-server ${versions['code-server']}, about a minute)…`);
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  writeFileSync(path.join(home, 'package.json'), '{ "private": true }\n');
  install(home, `${nodePackage}@${versions.node}`, `code-server@${versions['code-server']}`);
  const vscode = path.join(server, 'lib', 'vscode');
  install(vscode, '--omit=dev'); // its lock file is out of step with its manifest, so `npm ci` refuses
  install(path.join(vscode, 'extensions'), '--omit=dev');
  linkHelpers(path.join(vscode, 'bin'));
  prune(vscode);
  writeFileSync(stamp, wanted);
  return found;
}

function install(folder: string, ...packages: string[]): void {
  const result = spawnSync(
    'npm',
    ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', ...packages],
    {
      cwd: folder,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    },
  );
  if (result.status !== 0) {
    throw new Error(`npm could not install ${packages.join(' ')} for the tests:\n${result.stderr}`);
  }
}

/** The command-line helpers that code-server's own install step would link. */
function linkHelpers(bin: string): void {
  if (process.platform === 'win32') return;
  const system = process.platform === 'darwin' ? 'darwin' : 'linux';
  for (const [link, file] of [
    ['remote-cli/code-server', `code-${system}.sh`],
    ['helpers/browser.sh', `browser-${system}.sh`],
  ] as const) {
    rmSync(path.join(bin, link), { force: true });
    symlinkSync(file, path.join(bin, link));
  }
}

/** Half of the folder is never used here: other platforms' binaries and a bundled assistant. */
function prune(vscode: string): void {
  for (const unused of ['node_modules/@github', 'node_modules/@microsoft/mxc-sdk', 'extensions/copilot']) {
    rmSync(path.join(vscode, unused), { recursive: true, force: true });
  }
  const ripgrep = path.join(vscode, 'node_modules/@vscode/ripgrep-universal/bin');
  for (const platform of readdirSync(ripgrep)) {
    if (platform !== `${process.platform}-${process.arch}`) rmSync(path.join(ripgrep, platform), { recursive: true });
  }
}
