// A real browser for the panels: Debian's chromium driven by playwright-core, showing exactly the page that the
// extension makes, with its content security policy. What the panel says to its host is collected; what the host
// would say is posted. Tests skip themselves where there is no chromium (set CHROMIUM to use another one).

import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { z } from 'zod';
import { panelBuilds } from '../../scripts/panels.mjs';
import { pageOf } from '../../src/extension/panels/page.ts';

/** The name that the panels' server has in this browser. */
const SITE = 'http://panel.test';

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

export interface PanelOptions extends BrowserContextOptions {
  state?: unknown;
  bodyClass?: string;
  /** The page is there, and empty: the panel is about to be asked for. */
  onNewPage?: (page: Page) => Promise<void>;
}

export interface PanelBrowser {
  folder: string;
  browser: Browser;
  open(panel: string, options?: PanelOptions): Promise<PanelPage>;
  closePanels(): Promise<void>;
  close(): Promise<void>;
}

/** Bundles the panels as the build does, and starts the browser. */
export async function startBrowser(): Promise<PanelBrowser> {
  const folder = await mkdtemp(join(tmpdir(), 'merf-panels-'));
  await Promise.all(panelBuilds({ outdir: folder, logLevel: 'error' }).map((options) => build(options)));
  return showBrowser(folder, () => rm(folder, { recursive: true, force: true }));
}

/** The same with panels that are there already. */
export async function showBrowser(folder: string, closed: () => Promise<void> = async () => {}): Promise<PanelBrowser> {
  const server = await serve(folder);
  const browser = await chromium.launch({
    ...(chromiumPath ? { executablePath: chromiumPath } : {}),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      `--host-resolver-rules=MAP panel.test 127.0.0.1:${server.port}`,
    ],
  });
  return {
    folder,
    browser,
    open: (panel, options) => openPanel(browser, panel, options ?? {}),
    closePanels: async () => {
      await Promise.all(browser.contexts().map((context) => context.close()));
    },
    close: async () => {
      await browser.close();
      server.close();
      await closed();
    },
  };
}

const TYPES: Record<string, string> = { js: 'text/javascript', css: 'text/css', woff2: 'font/woff2' };

/** Serves the panels' files and pages: /show/rollouts?class=… */
async function serve(folder: string): Promise<{ port: number; close(): void }> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', SITE);
    const [, panel] = /^\/show\/(\w+)$/.exec(pathname) ?? [];
    if (panel) {
      const parts = { title: panel, language: 'en', source: SITE, nonce: 'testnonce' };
      const html = pageOf({ ...parts, script: `/${panel}.js`, style: `/${panel}.css` });
      response.setHeader('content-type', 'text/html');
      response.end(html.replace('<body>', `<body class="${searchParams.get('class') ?? ''}">`));
      return;
    }
    const [, name, kind = ''] = /^\/([\w-]+\.(\w+))$/.exec(pathname) ?? [];
    const type = TYPES[kind];
    if (name && type && existsSync(join(folder, name))) {
      response.setHeader('content-type', type);
      response.end(readFileSync(join(folder, name)));
    } else response.writeHead(pathname === '/favicon.ico' ? 204 : 404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' ? (address?.port ?? 0) : 0,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function openPanel(
  browser: Browser,
  panel: string,
  { state, bodyClass, onNewPage, ...options }: PanelOptions,
): Promise<PanelPage> {
  const context = await browser.newContext({ viewport: { width: 1180, height: 900 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
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
  await onNewPage?.(page);
  await page.goto(`${SITE}/show/${panel}?class=${encodeURIComponent(bodyClass ?? '')}`);
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
