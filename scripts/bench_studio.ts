// npm run bench:studio: a run of 2,000 steps, 500 metrics and 100,000 rollouts (large_run.ts makes it, once) in the
// rollouts panel and in the curves panel: the panels' own pages and scripts, as they are packed, in a real browser,
// answered by the extension's feeds in a process of their own (studio_host.ts, bundled as the extension is). The clock
// of an opening starts where a running browser is asked for the page, as VS Code asks its own for a panel's. Printed: the
// first opening, which makes the index, and then, last, as one JSON object: milliseconds until the first response is
// shown and until every chart in view is drawn, with the index there (open_ms is the slower; ready: until the panel's
// script has run), the median of filters over the whole run after a first pass, frames a second while the list scrolls,
// the most resident memory that the host took and what the larger page has, the longest time in which the host let nobody
// else have a turn, and how much the curves panel was sent.
//   npm run bench:studio [-- FOLDER]      the run is kept under FOLDER; default .merf-bench

import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { z } from 'zod';
import { type PanelBrowser, type PanelPage, showBrowser } from '../test/webview/browser.ts';
import { largeRun } from './large_run.ts';

const FILTERS = [
  'correctness < 0 and tokens > 300',
  'correctness < 0 and tokens > 300 and text contains "wait"',
  'think contains "false clash" and right',
  'metric("kl") > 0.01 and reward >= 3',
];

/** A response with its text. */
const RESPONSE_SHOWN = `document.querySelector('.detail .sample .trace')?.textContent.length > 0`;
/** Every chart in view has a curve and its last value. */
const CHARTS_SHOWN = `(() => {
  const inView = (chart) => chart.getBoundingClientRect().top < innerHeight;
  const charts = [...document.querySelectorAll('.chart')].filter(inView);
  return charts.length > 3 && charts.every((chart) => chart.querySelector('canvas') && /[0-9]/.test(chart.querySelector('.readout b')?.textContent ?? ''));
})()`;

const Answer = z.object({
  panel: z.string().optional(),
  message: z.unknown().optional(),
  figures: z.object({ host_mb: z.number(), blocked_ms: z.number() }).optional(),
  settled: z.boolean().optional(),
  ready: z.boolean().optional(),
});
type Answer = z.infer<typeof Answer>;

const folder = await largeRun(process.argv[2] ?? '.merf-bench');
execFileSync(process.execPath, ['esbuild.mjs', '--production']);
const index = join(folder, 'index', 'rollouts.columns');
if (!existsSync(index)) await measure(true);
else
  process.stdout.write(`The index is there already; remove ${join(folder, 'index')} for the first opening's time.\n`);
await measure(false);

async function measure(isFirst: boolean): Promise<void> {
  const browser = await showBrowser('dist/webview');
  const host = await startHost();
  const rollouts = await openPanel(browser, host, 'rollouts', RESPONSE_SHOWN);
  if (isFirst) {
    const began = performance.now();
    host.process.send('settled');
    await host.heard(({ settled }) => settled === true);
    const whole = (performance.now() - began + rollouts.shown) / 1000;
    const { shown } = await openPanel(browser, host, 'curves', CHARTS_SHOWN);
    const first = { response: rollouts.shown, charts: shown };
    process.stdout.write(
      `first opening: ${JSON.stringify(rounded(first))} ms, all is indexed after ${whole.toFixed(1)} s\n`,
    );
    process.stdout.write(`host in the meantime: ${JSON.stringify(await figuresOf(host))}\n`);
  } else {
    host.process.send('settled');
    await host.heard(({ settled }) => settled === true);
    const curves = await openPanel(browser, host, 'curves', CHARTS_SHOWN);
    const { panel } = rollouts;
    await panel.page.getByLabel('All steps').check();
    await panel.page.getByText('100000 responses').waitFor({ timeout: 30_000 });
    const fps = await framesWhileScrolling(panel);
    const filter = await timeOfFilters(panel, host);
    const { host_mb, blocked_ms } = await figuresOf(host);
    const result = {
      open_ms: Math.max(rollouts.shown, curves.shown),
      filter_ms: filter,
      scroll_fps: fps,
      host_mb,
      webview_mb: webviewBytes(),
      open_rollouts_ms: rollouts.shown,
      ready_rollouts_ms: rollouts.ready,
      open_curves_ms: curves.shown,
      ready_curves_ms: curves.ready,
      host_blocked_ms: blocked_ms,
      curves_kb: host.curvesBytes() / 1000,
    };
    process.stdout.write(`${JSON.stringify({ bench: 'studio', ...rounded(result) })}\n`);
  }
  host.process.kill();
  await browser.close();
}

function rounded(figures: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, Math.round(value)]));
}

interface Host {
  process: ChildProcess;
  heard(what: (answer: Answer) => boolean): Promise<Answer>;
  /** Listens for a panel's messages. */
  answers(panel: string, hear: (message: unknown) => void): void;
  /** Bytes of messages to the curves panel. */
  curvesBytes(): number;
}

async function startHost(): Promise<Host> {
  const outfile = join(folder, '..', 'studio_host.cjs');
  const entry = new URL('studio_host.ts', import.meta.url).pathname;
  await build({ entryPoints: [entry], bundle: true, platform: 'node', format: 'cjs', target: 'node20', outfile });
  const child = fork(outfile, [folder], { execArgv: [] });
  const panels = new Map<string, (message: unknown) => void>();
  const waiting = new Set<(answer: Answer) => void>();
  let curvesBytes = 0;
  child.on('message', (data) => {
    const answer = Answer.parse(data);
    for (const hear of waiting) hear(answer);
    if (answer.panel === 'curves') curvesBytes += JSON.stringify(answer.message).length;
    if (answer.panel) panels.get(answer.panel)?.(answer.message);
  });
  const heard: Host['heard'] = (what) =>
    new Promise((resolve) => {
      const hear = (answer: Answer) => {
        if (!what(answer)) return;
        waiting.delete(hear);
        resolve(answer);
      };
      waiting.add(hear);
    });
  await heard(({ ready }) => ready === true);
  return {
    process: child,
    heard,
    answers: (panel, hear) => panels.set(panel, hear),
    curvesBytes: () => curvesBytes,
  };
}

async function figuresOf(host: Host): Promise<{ host_mb: number; blocked_ms: number }> {
  const answer = host.heard(({ figures }) => figures !== undefined);
  host.process.send('figures');
  return (await answer).figures ?? { host_mb: Number.NaN, blocked_ms: Number.NaN };
}

/** When a panel's page was asked for, when its script began to speak, and when it showed what there is to see. */
interface Opening {
  panel: PanelPage;
  /** Milliseconds from asking for the page. */
  ready: number;
  shown: number;
}

/** The panel's page, which says and hears what it would in VS Code. `isShown`: an expression of the page. */
async function openPanel(
  browser: PanelBrowser,
  host: Host,
  name: 'rollouts' | 'curves',
  isShown: string,
): Promise<Opening> {
  let [asked, ready] = [0, 0];
  const panel = await browser.open(name, {
    onNewPage: async (page) => {
      host.answers(
        name,
        (message) => void page.evaluate(`postMessage(${JSON.stringify(message)}, '*')`).catch(() => {}),
      );
      await page.exposeFunction('merfHost', (message: unknown) => {
        ready ||= performance.now() - asked;
        host.process.send({ panel: name, message });
      });
      // as text: the loader of the tests rewrites functions in a way that only it can run
      await page.addInitScript({
        content: `acquireVsCodeApi = () => ({ postMessage: (message) => void merfHost(message), getState: () => null, setState: () => {} });`,
      });
      asked = performance.now();
    },
  });
  const { page } = panel;
  while (!(await page.evaluate(isShown))) await new Promise((resolve) => setTimeout(resolve, 8));
  return { panel, ready, shown: performance.now() - asked };
}

/** The median time from a filter's change to its list, after each has been used once. */
async function timeOfFilters(panel: PanelPage, host: Host): Promise<number> {
  const box = panel.page.getByRole('combobox', { name: 'Filter' });
  const times: number[] = [];
  for (const pass of ['first', 'measured']) {
    for (const filter of FILTERS) {
      await box.fill(filter);
      const listed = host.heard(({ message }) => z.object({ kind: z.literal('listing') }).safeParse(message).success);
      const began = performance.now();
      await box.press('Enter');
      await listed;
      await panel.page.waitForFunction(`/ of 100000 responses/.test(document.querySelector('.count').textContent)`);
      if (pass === 'measured') times.push(performance.now() - began);
    }
  }
  process.stdout.write(`filters: ${times.map((time) => `${time.toFixed(0)} ms`).join(', ')}\n`);
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
}

/** Frames a second over two seconds in which the list moves by some lines each frame. */
async function framesWhileScrolling(panel: PanelPage): Promise<number> {
  const frames = await panel.page.evaluate(`new Promise((resolve) => {
    const list = document.querySelector('.list');
    const began = performance.now();
    let frames = 0;
    const next = () => {
      list.scrollTop += 180;
      frames++;
      if (performance.now() - began < 2000) requestAnimationFrame(next);
      else resolve(frames / ((performance.now() - began) / 1000));
    };
    requestAnimationFrame(next);
  })`);
  return Number(frames);
}

/** Resident megabytes of a panel's own process: the largest renderer of this browser. */
function webviewBytes(): number {
  const list = execFileSync('ps', ['-eo', 'pid=,ppid=,rss=,args='], { encoding: 'utf8' });
  const processes = list.split('\n').map((line) => line.trim().split(/\s+/));
  const own = new Set([String(process.pid)]);
  for (let grew = true; grew; ) {
    grew = false;
    for (const [pid = '', parent = ''] of processes) if (own.has(parent) && !own.has(pid)) grew = Boolean(own.add(pid));
  }
  const renderers = processes.filter(([pid = '', , , ...args]) => own.has(pid) && args.includes('--type=renderer'));
  return Math.max(0, ...renderers.map(([, , rss]) => Number(rss) / 1000));
}
