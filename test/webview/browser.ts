// A real browser for the panels: Debian's chromium driven by playwright-core, showing exactly the page that the
// extension makes, with its content security policy. What the panel says to its host is collected; what the host
// would say is posted. Tests skip themselves where there is no chromium (set CHROMIUM to use another one).

import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { z } from 'zod';
import { pageOf } from '../../src/extension/page.ts';

const candidates = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
export const chromiumPath = candidates.find((path) => path && existsSync(path));

export interface PanelPage {
  page: Page;
  /** Messages the panel has sent, oldest first. */
  sent(): Promise<unknown[]>;
  post(message: unknown): Promise<void>;
  /** From now on the panel speaks to this host; what it has sent comes no more. */
  hear(host: (message: unknown) => void): Promise<void>;
  /** Violations of the security policy and errors of the page so far. */
  complaints: string[];
  shot(name: string): Promise<void>;
}

export interface PanelBrowser {
  folder: string;
  browser: Browser;
  open(panel: string, options?: BrowserContextOptions & { state?: unknown; bodyClass?: string }): Promise<PanelPage>;
  closePanels(): Promise<void>;
  close(): Promise<void>;
}

/** Bundles the panels as the build does, and starts the browser. */
export async function startBrowser(): Promise<PanelBrowser> {
  const folder = await mkdtemp(join(tmpdir(), 'merf-panels-'));
  await build({
    entryPoints: ['curves', 'rollouts', 'compare', 'report', 'preview'].map((name) => `src/webview/${name}.ts`),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    loader: { '.woff2': 'file', '.woff': 'empty', '.ttf': 'empty' },
    outdir: folder,
    logLevel: 'error',
  });
  const browser = await chromium.launch({
    ...(chromiumPath ? { executablePath: chromiumPath } : {}),
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
  return {
    folder,
    browser,
    open: (panel, options) => openPanel(browser, folder, panel, options ?? {}),
    closePanels: async () => {
      await Promise.all(browser.contexts().map((context) => context.close()));
    },
    close: async () => {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function openPanel(
  browser: Browser,
  folder: string,
  panel: string,
  { state, bodyClass, ...options }: BrowserContextOptions & { state?: unknown; bodyClass?: string },
): Promise<PanelPage> {
  const context = await browser.newContext({ viewport: { width: 1180, height: 900 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  await page.route('http://panel.test/**', async (route) => {
    const name = new URL(route.request().url()).pathname.slice(1);
    if (name === '') {
      const parts = { title: panel, language: 'en', source: 'http://panel.test', nonce: 'testnonce' };
      const html = pageOf({ ...parts, script: `/${panel}.js`, style: `/${panel}.css` });
      const body = html.replace('<body>', `<body class="${bodyClass ?? ''}">`);
      return route.fulfill({ contentType: 'text/html', body });
    }
    if (!/\.(js|css|woff2)$/.test(name)) return route.fulfill({ status: 404, body: '' });
    const contentType = name.endsWith('.js') ? 'text/javascript' : name.endsWith('.css') ? 'text/css' : 'font/woff2';
    return route.fulfill({ contentType, body: await readFile(join(folder, name)) });
  });
  // As text: the loader of the tests rewrites functions in a way that only it can run.
  await page.addInitScript({
    content: `{
      let state = ${JSON.stringify(state ?? null)};
      globalThis.sentByPanel = [];
      globalThis.acquireVsCodeApi = () => ({
        postMessage: (message) => globalThis.sentByPanel.push(message),
        getState: () => state,
        setState: (next) => { state = next; globalThis.keptByPanel = next; },
      });
    }`,
  });
  await page.goto('http://panel.test/');
  return {
    page,
    complaints,
    sent: () => page.evaluate(() => Reflect.get(globalThis, 'sentByPanel')),
    post: (message) => page.evaluate(`globalThis.postMessage(${JSON.stringify(message)}, '*')`),
    hear: async (host) => {
      await page.exposeFunction('merfHost', host);
      // as text: the loader of the tests rewrites functions in a way that only it can run
      await page.evaluate(
        `globalThis.sentByPanel.push = (message) => { void globalThis.merfHost(message); return 0; }`,
      );
    },
    shot: async (name) => {
      const shots = process.env.MERF_SHOTS;
      if (!shots) return;
      await mkdir(shots, { recursive: true });
      await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
    },
  };
}

/** What a panel has sent, each message held against what the host takes. */
export async function sentBy<M>(panel: PanelPage, schema: z.ZodType<M>): Promise<M[]> {
  return z.array(schema).parse(await panel.sent());
}
