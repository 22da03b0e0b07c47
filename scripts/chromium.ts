// The browser that shows code-server's workbench: the one that is installed, or Debian's package where this process
// may install it.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { onPath } from './programs.ts';

const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** The path of a Chromium. Installs Debian's when there is none and this process is root; else throws the remedy. */
export function chromium(): string {
  const found = installed();
  if (found !== undefined) return found;
  if (process.getuid?.() === 0 && onPath('apt-get') !== undefined) {
    console.log('Installing Chromium for the tests…');
    aptGet('update', '-qq');
    aptGet('install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core');
  }
  const now = installed();
  if (now !== undefined) return now;
  throw new Error(
    'No Chromium or Chrome was found. Install one (Debian: apt-get install chromium) or name it in CHROMIUM.',
  );
}

function installed(): string | undefined {
  return (
    process.env.CHROMIUM ??
    onPath('chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'microsoft-edge') ??
    places.find((file) => existsSync(file))
  );
}

function aptGet(...words: string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync('apt-get', words, { stdio: ['ignore', 'ignore', 'inherit'], env });
}
