// A large run in the curves panel, in a real browser and answered by the extension's feed: only charts near the view are
// made, a zoom shows every value, and smoothing is that of the whole run.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CurvesFeed } from '../../src/extension/panels/curves_feed.ts';
import { smooth } from '../../src/run/metrics/smooth.ts';
import { numberText } from '../../src/run/number_text.ts';
import { FromCurves, type ToCurves } from '../../src/webview/messages.ts';
import { chromiumPath, type PanelBrowser, type PanelPage, startBrowser } from './browser.ts';
import { sampleRun, writeRun } from './sample_run.ts';

const STEPS = 2600;
const METRICS = 260;
const valueAt = (metric: number, step: number) => Math.sin(step / (5 + metric)) + (step === 1234 ? 9 : 0);

describe('a large run in the curves panel', function () {
  this.timeout(120_000);
  let browser: PanelBrowser;
  const folder = mkdtempSync(join(tmpdir(), 'merf-large-'));
  const feeds: CurvesFeed[] = [];

  before(async function () {
    if (!chromiumPath) this.skip();
    const view = sampleRun(folder, 'merf', 1);
    writeRun({ ...view, record: { ...view.record, step: STEPS, steps: STEPS } }, []);
    const lines = Array.from({ length: STEPS }, (_, i) => {
      const extra = Array.from({ length: METRICS }, (_, metric) => [`extra/${metric}`, valueAt(metric, i + 1)]);
      const values = { reward: i / STEPS, kl: 1 / (i + 1), ...Object.fromEntries(extra) };
      return `${JSON.stringify({ step: i + 1, time: i, values })}\n`;
    });
    writeFileSync(join(folder, 'metrics.jsonl'), lines.join(''));
    browser = await startBrowser();
  });
  afterEach(() => {
    for (const feed of feeds.splice(0)) feed.dispose();
    return browser.closePanels();
  });
  after(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const open = async (state: object): Promise<PanelPage & { asked: FromCurves[] }> => {
    const panel = await browser.open('curves', { state: { folder, ...state } });
    const asked: FromCurves[] = [];
    const nothing = { dispose: () => {} };
    const source = {
      language: 'en' as const,
      folders: () => [folder],
      onDidGrow: () => nothing,
      onDidChange: () => nothing,
    };
    const send = (message: ToCurves) => void panel.post(message).catch(() => {});
    const feed = new CurvesFeed(source, send);
    feeds.push(feed);
    await panel.hear(async (data) => {
      const message = FromCurves.parse(data);
      asked.push(message);
      if (message.kind === 'series') await feed.series(message);
    });
    await feed.sendAll();
    return { ...panel, asked };
  };
  const chartOf = ({ page }: PanelPage, name: string) =>
    page.locator('.chart', { has: page.getByRole('heading', { name, exact: true }) });

  it('is sent with the first charts, and makes only those near the view', async () => {
    const panel = await open({ more: true, smoothing: 0 });
    await panel.page.waitForSelector('.chart canvas');
    assert.equal(await panel.page.locator('.chart').count(), METRICS + 5);
    assert.ok((await panel.page.locator('.chart canvas').count()) < 40);
    const far = chartOf(panel, 'extra/259');
    assert.equal(await far.locator('canvas').count(), 0);
    await far.scrollIntoViewIfNeeded();
    await far.locator('.readout b', { hasText: numberText(valueAt(259, STEPS)) }).waitFor();
    const highest = numberText(valueAt(259, 1234));
    const said = (await far.locator('.plot').getAttribute('aria-label')) ?? '';
    assert.ok(said.includes(`highest ${highest} at step 1234`), said);
    const names = panel.asked.flatMap((message) => (message.kind === 'series' ? message.names : []));
    assert.ok(names.includes('extra/259') && names.length < 80, `${names.length} metrics were asked for`);
    assert.equal(new Set(names).size, names.length);
    assert.deepEqual(panel.complaints, []);
  });

  it('shows every value of a part that is zoomed into', async () => {
    const panel = await open({ filter: 'extra/7', smoothing: 0, zoom: [1200, 1400], table: false });
    const chart = chartOf(panel, 'extra/7');
    await chart.locator('.readout b', { hasText: /\d/ }).waitFor();
    const plot = chart.locator('.plot');
    await plot.focus();
    await panel.page.keyboard.press('Home');
    const read: string[] = [];
    for (let step = 1200; step < 1260; step++) {
      read.push((await plot.getAttribute('aria-valuetext')) ?? '');
      await panel.page.keyboard.press('ArrowRight');
    }
    const steps = read.map((said) => Number(/Steps? ([\d,]+)/.exec(said)?.[1]?.replace(',', '')));
    const first = steps[0] ?? 0;
    assert.equal(first, 1200);
    assert.equal(steps.join(' '), steps.map((_, i) => first + i).join(' '), 'no step is missing');
    for (const [i, said] of read.entries()) assert.ok(said.includes(numberText(valueAt(7, first + i))), said);
    assert.ok(steps.includes(1234));
  });

  it('smooths as if all points had been sent, and again when that is changed', async () => {
    const panel = await open({ filter: 'extra/9', smoothing: 0.6 });
    const chart = chartOf(panel, 'extra/9');
    const values = Array.from({ length: STEPS }, (_, i) => valueAt(9, i + 1));
    const lastOf = (weight: number) => numberText(smooth(values, weight).at(-1) ?? 0);
    assert.notEqual(lastOf(0.6), lastOf(0.95));
    await chart.locator('.readout b', { hasText: lastOf(0.6) }).waitFor();
    await panel.page.getByRole('slider', { name: 'Smoothing' }).fill('0.95');
    await chart.locator('.readout b', { hasText: lastOf(0.95) }).waitFor();
    const highest = Math.max(...smooth(values, 0.95));
    const at = smooth(values, 0.95).indexOf(highest) + 1;
    const said = (await chart.locator('.plot').getAttribute('aria-label')) ?? '';
    assert.ok(said.includes(`highest ${numberText(highest)} at step ${at}`), said);
  });
});
