// The window: a headless Chromium that shows code-server's workbench, told in the page's own configuration which
// extension to load and which tests to run. (A built VS Code ignores the `payload` of its address.)

import path from 'node:path';
import { chromium, type Page } from 'playwright-core';
import type { Switches } from './switches.ts';

export interface Workbench {
  readonly page: Page;
  open(): Promise<void>;
  /** A second window on the same folder, without tests; it is closed with the first. */
  second(): Promise<Page>;
  close(): Promise<void>;
}

/** `onExit` hears the exit code the workbench gives itself when the tests have ended. */
export async function openWorkbench(
  executablePath: string,
  scratch: string,
  url: string,
  switches: Switches,
  onExit: (code: number) => void,
): Promise<Workbench> {
  const browser = await chromium.launch({
    executablePath,
    env: { ...process.env, HOME: scratch, XDG_CONFIG_HOME: path.join(scratch, 'config') },
    args: [
      ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
    ],
  });
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  page.once('crash', () => onExit(1));
  if (process.env.STUDIO_VERBOSE) page.on('console', (message) => console.error(`[window] ${message.text()}`));
  await page.exposeFunction('codeAutomationExit', onExit);
  const uri = (file: string) => ({ scheme: 'vscode-remote', authority: new URL(url).host, path: file });
  await page.addInitScript({
    content: configure({ extensions: switches.extensions.map(uri), extensionTestsPath: uri(switches.tests) }),
  });
  const address = `${url}/?folder=${encodeURIComponent(switches.folder)}`;
  return {
    page,
    open: async () => {
      await page.goto(address, { timeout: 120_000 });
    },
    second: async () => {
      const other = await context.newPage();
      await other.addInitScript({ content: configure({ extensions: switches.extensions.map(uri) }) });
      await other.goto(address, { timeout: 120_000 });
      return other;
    },
    close: () => browser.close(),
  };
}

/** A script for the page: adds `options` to the workbench's configuration as soon as that has been parsed. */
function configure(options: object): string {
  return `new MutationObserver((_, observer) => {
    const meta = document.getElementById('vscode-workbench-web-configuration');
    if (meta === null) return;
    observer.disconnect();
    const configuration = JSON.parse(meta.dataset.settings);
    configuration.developmentOptions = { ...configuration.developmentOptions, ...${JSON.stringify(options)} };
    meta.dataset.settings = JSON.stringify(configuration);
  }).observe(document, { childList: true, subtree: true });`;
}
