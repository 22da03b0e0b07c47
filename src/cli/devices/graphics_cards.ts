// The graphics cards of this computer: NVIDIA's by its own program, which knows the free memory; the others by what the
// operating system says. Each is asked with a time limit, and one that does not answer says nothing.

import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type DrmCard,
  type GraphicsCard,
  NVIDIA_QUERY,
  readDrm,
  readNvidiaSmi,
  readSystemProfiler,
  readVideoControllers,
  WINDOWS_SCRIPT,
} from './card_reports.ts';

/** A driver that hangs must not hold up anybody; PowerShell alone takes seconds to start. */
const PATIENCE = 8_000;

export async function graphicsCards(): Promise<GraphicsCard[]> {
  const [nvidia, others] = await Promise.all([answerOf('nvidia-smi', NVIDIA_QUERY), cardsOfSystem()]);
  const known = readNvidiaSmi(nvidia ?? '');
  return [...known, ...others.filter(({ name }) => known.length === 0 || !/nvidia/i.test(name))];
}

async function cardsOfSystem(): Promise<GraphicsCard[]> {
  switch (process.platform) {
    case 'linux':
      return drmCards('/sys/class/drm');
    case 'darwin':
      return readSystemProfiler((await answerOf('/usr/sbin/system_profiler', ['SPDisplaysDataType', '-json'])) ?? '');
    case 'win32': {
      const script = Buffer.from(WINDOWS_SCRIPT, 'utf16le').toString('base64');
      const given = ['-NoProfile', '-NonInteractive', '-EncodedCommand', script];
      return readVideoControllers((await answerOf('powershell.exe', given)) ?? '');
    }
    default:
      return [];
  }
}

/** Cards below a folder such as /sys/class/drm, where `card0` is a card and `card0-DP-1` a socket of it. */
export function drmCards(folder: string): GraphicsCard[] {
  const read = (...path: string[]): string => {
    try {
      return readFileSync(join(folder, ...path), 'utf8');
    } catch {
      return '';
    }
  };
  const entries = (): string[] => {
    try {
      return readdirSync(folder);
    } catch {
      return []; // a system without any
    }
  };
  return entries()
    .filter((name) => /^card\d+$/.test(name))
    .flatMap((name) => {
      const file = (of: keyof DrmCard): string => read(name, 'device', of);
      const card = readDrm({
        vendor: file('vendor'),
        device: file('device'),
        mem_info_vram_total: file('mem_info_vram_total'),
        mem_info_vram_used: file('mem_info_vram_used'),
      });
      return card === null ? [] : [card];
    });
}

/** What a program prints; null: it is not there, fails or takes too long. */
function answerOf(program: string, given: readonly string[]): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(program, given, { timeout: PATIENCE, windowsHide: true }, (error, stdout) =>
      resolve(error === null ? stdout : null),
    );
  });
}
