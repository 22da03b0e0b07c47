// The stand-in's way from switches to an exit code: start code-server, show it in a browser, answer the tests' wishes,
// and believe a pass only when the tests themselves reported it: the workbench says "0" even when its host has died.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { chromium } from '../../../scripts/chromium.ts';
import { codeServer } from '../../../scripts/code_server.ts';
import { startBridge } from './bridge.ts';
import { openWorkbench } from './browser.ts';
import { operations } from './operations.ts';
import { startServer } from './server.ts';
import { readSwitches } from './switches.ts';

const exit = { passed: 0, failed: 1, couldNotRun: 2, tookTooLong: 3 } as const;
type Exit = (typeof exit)[keyof typeof exit];

const limitInSeconds = Number(process.env.STUDIO_LIMIT ?? 600);
const switches = readSwitches(process.argv.slice(2));
const scratch = mkdtempSync(path.join(tmpdir(), 'merf-studio-'));
const closing: (() => Promise<void> | void)[] = [
  () => rmSync(scratch, { recursive: true, force: true, maxRetries: 5 }),
];

let settle: (code: Exit) => void = () => {};
const settled = new Promise<Exit>((resolve) => {
  settle = resolve;
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => settle(exit.couldNotRun));
process.stdout.on('error', () => settle(exit.couldNotRun)); // for example piped into `head`

/** What the tests in the extension host said of themselves. */
let verdict: boolean | undefined;
/** The process of the host that runs the tests; a second window has a host of its own, which may end. */
let host: number | undefined;
/** A window reload ends the extension host; only then may it end early. */
let reloading = false;

async function run(): Promise<Exit> {
  const bridge = await startBridge();
  closing.push(bridge.close);
  const product = codeServer(switches.repository);
  const place = {
    scratch,
    userData: switches.userData ?? path.join(scratch, 'user-data'),
    bridge: bridge.url,
    trusting: process.env.STUDIO_UNTRUSTED === undefined,
    ...(switches.vsix === undefined ? {} : { vsix: switches.vsix }),
    onHostExit: (pid: number, how: string) => {
      if (verdict !== undefined || reloading || (host !== undefined && pid !== host)) return;
      console.error(`The extension host ended before its tests did (${how}).`);
      settle(exit.couldNotRun);
    },
  };
  // code-server gives up when it needs more than a few seconds to start: on a busy machine once more.
  const server = await startServer(product, place).catch(() => startServer(product, place));
  closing.push(server.stop);
  const workbench = await openWorkbench(chromium(), scratch, server.url, switches, (code) => {
    settle(verdict === undefined ? exit.couldNotRun : verdict && code === 0 ? exit.passed : exit.failed);
  });
  closing.push(workbench.close);
  bridge.serve({
    ...operations(workbench.page, workbench.second),
    verdict: async ({ ok }) => {
      verdict = ok === true;
    },
    reloading: async () => {
      reloading = true;
    },
    reloaded: async ({ pid }) => {
      host = z.number().parse(pid);
      reloading = false;
    },
  });
  const timer = setTimeout(() => {
    console.error(`The tests took longer than ${limitInSeconds} s.`);
    settle(exit.tookTooLong);
  }, 1000 * limitInSeconds);
  await workbench.open();
  const code = await settled;
  clearTimeout(timer);
  return code;
}

const code = await run().catch((error: unknown) => {
  console.error(error);
  return exit.couldNotRun;
});
for (const close of closing.reverse()) await close();
process.exit(code);
