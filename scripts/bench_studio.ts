// npm run bench:studio: a run of 2,000 steps, 500 metrics and 100,000 rollouts (large_run.ts makes it, once) in the
// rollouts panel: the panel's own page in a real browser, answered by the extension's feed in this process. Printed: the
// first opening, which makes the index, and then, last, as one JSON object: milliseconds until the first response is
// shown with the index there, the median of filters over the whole run after a first pass, frames a second while the list
// scrolls, and the resident memory of both sides.
//   npm run bench:studio [-- FOLDER]      the run is kept under FOLDER; default .merf-bench

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { startBrowser } from '../test/webview/browser.ts';
import { openRollouts, type RolloutsPage } from '../test/webview/rollouts_host.ts';
import { largeRun } from './large_run.ts';

const FILTERS = [
  'correctness < 0 and tokens > 300',
  'correctness < 0 and tokens > 300 and text contains "wait"',
  'think contains "false clash" and right',
  'metric("kl") > 0.01 and reward >= 3',
];

const folder = await largeRun(process.argv[2] ?? '.merf-bench');
const index = join(folder, 'index');
if (!existsSync(index)) await opening(true);
else process.stdout.write(`The index is there already; remove ${index} for the time of the first opening.\n`);
await opening(false);

async function opening(isFirst: boolean): Promise<void> {
  const browser = await startBrowser();
  const began = performance.now();
  const panel = await openRollouts(browser, folder);
  await panel.page.waitForSelector('.sample', { timeout: 60_000 });
  const open = performance.now() - began;
  await panel.feed.settled();
  if (isFirst) {
    const whole = (performance.now() - began) / 1000;
    process.stdout.write(
      `first opening: ${open.toFixed(0)} ms until a response is shown, ${whole.toFixed(1)} s until all is indexed\n`,
    );
  } else {
    await panel.page.getByLabel('All steps').check();
    await panel.page.getByText('100000 responses').waitFor({ timeout: 30_000 });
    const fps = await framesWhileScrolling(panel);
    const filter = await timeOfFilters(panel);
    const result = {
      bench: 'studio',
      open_ms: Math.round(open),
      filter_ms: Math.round(filter),
      scroll_fps: Math.round(fps),
      host_mb: Math.round(process.memoryUsage().rss / 1e6),
      webview_mb: Math.round(await webviewBytes(panel)),
    };
    process.stdout.write(`${JSON.stringify(result)}\n`);
  }
  panel.feed.dispose();
  await browser.close();
}

/** The median time from a filter's change to its list, after each has been used once. */
async function timeOfFilters(panel: RolloutsPage): Promise<number> {
  const box = panel.page.getByRole('combobox', { name: 'Filter' });
  const times: number[] = [];
  for (const pass of ['first', 'measured']) {
    for (const filter of FILTERS) {
      const listings = () => panel.asked.filter(({ kind }) => kind === 'list').length;
      const before = listings();
      await box.fill(filter);
      const began = performance.now();
      await box.press('Enter');
      while (listings() === before) await new Promise((resolve) => setTimeout(resolve, 1));
      await panel.page.waitForFunction(`/ of 100000 responses/.test(document.querySelector('.count').textContent)`);
      if (pass === 'measured') times.push(performance.now() - began);
    }
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
}

/** Frames a second over two seconds in which the list moves by some lines each frame. */
async function framesWhileScrolling(panel: RolloutsPage): Promise<number> {
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

/** Resident megabytes of the panel's own process: the largest renderer of this browser. */
async function webviewBytes(panel: RolloutsPage): Promise<number> {
  await panel.page.evaluate('0');
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
