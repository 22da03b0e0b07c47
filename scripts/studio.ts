// Opens the examples with this checkout's extension: in the desktop VS Code where `code` is on the PATH, otherwise in
// code-server, on a page that only this machine can reach.
//   npm run studio [-- FOLDER]

import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { codeServer } from './code_server.ts';
import { packageExtension } from './package.ts';
import { onPath } from './programs.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = path.resolve(process.argv[2] ?? path.join(root, 'examples'));

const code = onPath('code', 'code-insiders', 'codium');
if (code !== undefined) openDesktop(code);
else await openInBrowser();

function openDesktop(program: string): void {
  const words = [`--extensionDevelopmentPath=${root}`, '--new-window', folder];
  spawnSync(program, words, { stdio: 'inherit', shell: process.platform === 'win32' });
  console.log(`VS Code shows ${path.relative(root, folder) || folder} with this checkout's extension.`);
}

/** Ends with Ctrl-C; trainings that were started go on. */
async function openInBrowser(): Promise<void> {
  const product = codeServer(root);
  const home = path.join(root, '.vscode-test', 'studio');
  mkdirSync(path.join(home, 'user', 'User'), { recursive: true });
  const settings = {
    'workbench.startupEditor': 'none',
    'telemetry.telemetryLevel': 'off',
    'chat.disableAIFeatures': true,
  };
  writeFileSync(path.join(home, 'user', 'User', 'settings.json'), JSON.stringify(settings, null, 2));
  writeFileSync(path.join(home, 'config.yaml'), 'auth: none\n');
  const places = [
    product.entry,
    ...['--config', path.join(home, 'config.yaml'), '--user-data-dir', path.join(home, 'user')],
    ...['--extensions-dir', path.join(home, 'extensions')],
  ];
  const vsix = await packageExtension(`${process.platform}-${process.arch}`, home);
  const installed = spawnSync(product.node, [...places, '--install-extension', vsix, '--force'], { encoding: 'utf8' });
  if (installed.status !== 0) throw new Error(`code-server could not install ${vsix}:\n${installed.stderr}`);

  const port = await freePort(8377);
  const quiet = [
    '--disable-telemetry',
    '--disable-update-check',
    '--disable-workspace-trust',
    '--disable-getting-started-override',
  ];
  const server = spawn(
    product.node,
    [...places, '--auth', 'none', '--bind-addr', `127.0.0.1:${port}`, ...quiet, folder],
    {
      env: { ...process.env, EXTENSIONS_GALLERY: '{}' },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let shown = false;
  server.stdout.on('data', (chunk: Buffer) => {
    if (shown || !chunk.includes('listening on')) return;
    shown = true;
    const url = `http://127.0.0.1:${port}/?folder=${encodeURIComponent(folder)}`;
    console.log(`\nMeRF Studio: ${url}\nCtrl-C ends it; trainings go on.`);
    const opener = onPath('xdg-open', 'open');
    if (opener !== undefined) spawn(opener, [url], { stdio: 'ignore', detached: true }).once('error', () => {});
  });
  process.once('SIGINT', () => server.kill('SIGTERM'));
  process.once('SIGTERM', () => server.kill('SIGTERM'));
  server.once('exit', (status) => process.exit(status ?? 0));
}

/** `wanted` if nothing listens there, else any free port of the loopback address. */
function freePort(wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', () => (wanted === 0 ? reject(new Error('no free port')) : resolve(freePort(0))));
    probe.listen(wanted, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : wanted));
    });
  });
}
