// The curves panel in a real browser, on the page that the extension makes, under its content security policy.

import assert from 'node:assert/strict';
import { z } from 'zod';
import { FromCurves, type ToCurves } from '../../src/webview/messages.ts';
import { chromiumPath, type PanelBrowser, sentBy, startBrowser } from './browser.ts';
import { inked } from './ink.ts';
import { sampleRun } from './sample_run.ts';

const curvesMessage = (language: 'en' | 'ja' = 'en'): ToCurves => ({
  kind: 'runs',
  language,
  experiment: 'knights_and_knaves',
  runs: [sampleRun('/a', 'rlvr', 1), sampleRun('/b', 'merf', 1, 30)],
});

describe('the curves panel in a browser', () => {
  let browser: PanelBrowser;

  before(async function () {
    if (!chromiumPath) return this.skip();
    browser = await startBrowser();
  });
  afterEach(() => browser?.closePanels());
  after(() => browser?.close());

  for (const [name, options] of [
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['Japanese', { colorScheme: 'light', viewport: { width: 620, height: 900 } }],
    ['high contrast', { colorScheme: 'dark', bodyClass: 'vscode-high-contrast' }],
  ] as const) {
    it(`draws every chart, and nothing overflows: ${name}`, async () => {
      const panel = await browser.open('curves', options);
      await panel.post(curvesMessage(name === 'Japanese' ? 'ja' : 'en'));
      await panel.page.waitForSelector('.chart canvas');
      const charts = await panel.page.locator('.chart').count();
      assert.equal(charts, 10);
      for (let chart = 0; chart < charts; chart++) {
        const { share, colours } = await inked(panel.page, chart);
        assert.ok(share > 0.005 && colours > 10, `chart ${chart}: ${share} of the pixels, ${colours} colours`);
      }
      const wide = await panel.page.evaluate('document.documentElement.scrollWidth - innerWidth');
      assert.ok(Number(wide) <= 0, `${wide} pixels too wide`);
      const title = await panel.page.locator('.chart h3').first().innerText();
      assert.equal(title, name === 'Japanese' ? '未見の行の正解率' : 'Held-out accuracy');
      await panel.shot(`curves-${name}`);
      assert.deepEqual(panel.complaints, []);
    });
  }

  it('says what to do when there is no run, and shows an error without losing the charts', async () => {
    const panel = await browser.open('curves');
    await panel.post({ ...curvesMessage(), runs: [] });
    await panel.page.getByText('There is no run yet.').waitFor();
    await panel.post(curvesMessage());
    await panel.page.waitForSelector('.chart canvas');
    await panel.post({ kind: 'error', text: 'run.json cannot be read.' });
    assert.equal(await panel.page.getByRole('alert').innerText(), 'run.json cannot be read.');
    assert.ok((await panel.page.locator('.chart').count()) > 0);
  });

  it('grows while it trains, and counts a line that comes twice once', async () => {
    const panel = await browser.open('curves');
    await panel.post(curvesMessage());
    await panel.page.getByText('30 / 40').waitFor();
    const whole = sampleRun('/b', 'merf', 1);
    const more = { kind: 'more', folder: '/b', record: whole.record, metrics: whole.metrics.slice(25), events: [] };
    await panel.post(more);
    await panel.page.locator('td.progress', { hasText: '40 / 40' }).nth(1).waitFor();
    await panel.page.getByRole('button', { name: 'CSV' }).click();
    const saved = (await sentBy(panel, FromCurves)).find((message) => message.kind === 'save');
    const merf = saved?.kind === 'save' ? saved.data.split('\r\n').filter((row) => row.includes(',merf,')) : [];
    assert.equal(merf.length, 41);
  });

  it('keeps the focus and the shown run while a run goes on', async () => {
    const panel = await browser.open('curves');
    await panel.post(curvesMessage());
    await panel.page.getByRole('button', { name: 'Resume' }).focus();
    const { record, metrics } = sampleRun('/b', 'merf', 1, 31);
    await panel.post({ kind: 'more', folder: '/b', record, metrics: metrics.slice(30), events: [] });
    await panel.page.getByText('31 / 40').waitFor();
    assert.equal(await panel.page.evaluate('document.activeElement.textContent'), 'Resume');
    assert.equal(z.object({ folder: z.string() }).parse(await panel.page.evaluate('keptByPanel')).folder, '/a');
  });

  it('opens the rollouts of the point that is clicked', async () => {
    const panel = await browser.open('curves');
    await panel.post(curvesMessage());
    await panel.page.waitForSelector('.chart canvas');
    const over = panel.page.locator('.chart').nth(1).locator('.u-over');
    const box = await over.boundingBox();
    assert.ok(box);
    await over.hover({ position: { x: box.width / 2, y: 20 } });
    await over.click({ position: { x: box.width / 2, y: 20 } });
    const opened = (await sentBy(panel, FromCurves)).find((message) => message.kind === 'openRollouts');
    assert.ok(opened?.kind === 'openRollouts');
    assert.deepEqual(opened.set, { kind: 'train', step: 20 });
  });

  for (const [language, words, leads] of [
    ['en', /^Serious: 80\.0% of the groups .*: look whether/, 'Show 2 responses'],
    ['ja', /^重大: グループの 80\.0% .*見てください。$/, '応答 2 件を見る'],
  ] as const) {
    it(`lists what the watches saw, the latest first, and leads to the responses that show it: ${language}`, async () => {
      const panel = await browser.open('curves');
      await panel.post(curvesMessage(language));
      const alerts = panel.page.locator('.alerts');
      assert.match(await alerts.locator('summary').innerText(), /\(2\)[\s\S]*8: truncated > 15% for 5 steps$/);
      await alerts.locator('summary').click();
      const built = alerts.locator('li').nth(1);
      assert.match(await built.locator('span').nth(1).innerText(), words);
      await panel.shot(`alerts-${language}`);
      await built.getByRole('button', { name: leads }).click();
      const opened = (await sentBy(panel, FromCurves)).find((message) => message.kind === 'openRollouts');
      assert.deepEqual(opened, {
        ...{ kind: 'openRollouts', folder: '/b', set: { kind: 'train', step: 6 } },
        filter: '(prompt == 1 and sample == 2) or (prompt == 2 and sample == 4)',
      });
      assert.deepEqual(panel.complaints, []);
    });
  }

  it('zooms all charts by dragging in one, and back', async () => {
    const panel = await browser.open('curves');
    await panel.post(curvesMessage());
    await panel.page.waitForSelector('.chart canvas');
    const reset = panel.page.getByRole('button', { name: 'Reset zoom' });
    assert.equal(await reset.isDisabled(), true);
    const before = await inked(panel.page, 3);
    const box = await panel.page.locator('.chart').nth(1).locator('.u-over').boundingBox();
    assert.ok(box);
    await panel.page.mouse.move(box.x + 40, box.y + 40);
    await panel.page.mouse.down();
    await panel.page.mouse.move(box.x + 100, box.y + 60, { steps: 5 });
    await panel.page.mouse.up();
    await panel.page.mouse.move(2, 2);
    assert.equal(await reset.isDisabled(), false);
    assert.notDeepEqual(await inked(panel.page, 3), before);
    await reset.click();
    assert.equal(await reset.isDisabled(), true);
  });

  it('reads the same step in every chart under the cursor', async () => {
    const panel = await browser.open('curves');
    await panel.post(curvesMessage());
    await panel.page.waitForSelector('.chart canvas');
    const plot = panel.page.locator('.chart', { hasText: 'KL to the reference' }).locator('.plot');
    const entropy = panel.page.locator('.chart', { hasText: 'Entropy' }).locator('.readout b').first();
    await panel.page.getByRole('slider', { name: 'Smoothing' }).fill('0');
    await plot.focus();
    for (let i = 0; i < 10; i++) await panel.page.keyboard.press('ArrowLeft');
    assert.equal(await entropy.innerText(), '0.555');
  });

  it('hides a run, keeps that over a reload, and asks the host to act on a run', async () => {
    const panel = await browser.open('curves');
    await panel.post(curvesMessage());
    await panel.page.getByRole('button', { name: 'rlvr · seed 1' }).click();
    assert.equal(await panel.page.locator('.chart').nth(1).locator('.readout').count(), 1);
    const state = await panel.page.evaluate('keptByPanel');
    await panel.page.getByRole('button', { name: 'Resume' }).click();
    const acted = (await sentBy(panel, FromCurves)).filter((message) => message.kind === 'action');
    assert.deepEqual(acted, [{ kind: 'action', folder: '/b', action: 'resume' }]);
    const again = await browser.open('curves', { state });
    await again.post(curvesMessage());
    await again.page.waitForSelector('.chart canvas');
    assert.equal(await again.page.locator('.chart').nth(1).locator('.readout').count(), 1);
  });

  it('draws over time, on a log axis, filtered, and saves a picture', async () => {
    const panel = await browser.open('curves');
    await panel.post(curvesMessage());
    await panel.page.getByLabel('X axis').selectOption('Time');
    await panel.page.getByLabel('Log Y').check();
    await panel.page.getByLabel('Filter curves').fill('learning');
    await panel.page.locator('.chart').nth(1).waitFor({ state: 'detached' });
    assert.ok((await inked(panel.page, 0)).colours > 5);
    await panel.page.getByRole('button', { name: 'PNG' }).click();
    const saved = (await sentBy(panel, FromCurves)).find((message) => message.kind === 'save');
    assert.ok(saved?.kind === 'save' && saved.encoding === 'base64');
    assert.equal(Buffer.from(saved.data, 'base64').subarray(1, 4).toString(), 'PNG');
    assert.deepEqual(panel.complaints, []);
  });

  const seeds = (language: 'en' | 'ja' = 'en'): ToCurves => ({
    kind: 'runs',
    language,
    experiment: 'knights_and_knaves',
    runs: [
      ...[1, 2, 3].map((seed) => sampleRun(`/r${seed}`, 'rlvr', seed)),
      ...[1, 2, 3].map((seed) => sampleRun(`/m${seed}`, 'merf', seed, seed === 3 ? 30 : 40)),
    ],
  });

  for (const [name, options] of [
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['Japanese', { colorScheme: 'dark' }],
  ] as const) {
    it(`draws the seeds of an arm as a mean with a band: ${name}`, async () => {
      const panel = await browser.open('curves', options);
      await panel.post(seeds(name === 'Japanese' ? 'ja' : 'en'));
      await panel.page.waitForSelector('.chart canvas');
      const reward = panel.page.locator('.chart').nth(1);
      assert.equal(await reward.locator('.readout').count(), 2);
      assert.match(await reward.locator('.readout').nth(1).innerText(), /merf ×3.*…/);
      const banded = await inked(panel.page, 1);
      await panel.shot(`seeds-${name}`);
      if (name === 'Japanese') return;
      await panel.page.getByText('Band: from the lowest to the highest of them.').waitFor();
      await panel.page.getByLabel('Seeds').selectOption('mean, 95% interval');
      await panel.page.getByText('Band: 95% interval of the mean').waitFor();
      assert.notEqual((await inked(panel.page, 1)).sum, banded.sum);
      await panel.page.getByLabel('Seeds').selectOption('each by itself');
      assert.equal(await reward.locator('.readout').count(), 6);
      assert.deepEqual(panel.complaints, []);
    });
  }

  it('follows the latest run, and changes to the next one when it begins', async () => {
    const panel = await browser.open('curves');
    const message = seeds();
    assert.ok(message.kind === 'runs');
    await panel.post(message);
    await panel.page.getByLabel('Latest run').check();
    const reward = panel.page.locator('.chart').nth(1);
    assert.equal(await reward.locator('.readout').count(), 1);
    const next = sampleRun('/next', 'rlvr', 9, 5);
    await panel.post({ ...message, runs: [...message.runs, next] });
    await panel.page.getByText('5 / 40').waitFor();
    assert.match(await reward.locator('.readout').innerText(), /^rlvr/);
    await panel.page.getByRole('button', { name: 'rlvr · seed 1' }).click();
    assert.equal(await panel.page.getByLabel('Latest run').isChecked(), false);
    assert.match(await reward.locator('.readout').innerText(), /^rlvr ×2/);
  });

  it('draws over tokens and on a logarithmic x axis, where the step before the first has its place', async () => {
    const panel = await browser.open('curves');
    await panel.post(seeds());
    await panel.page.waitForSelector('.chart canvas');
    const before = await inked(panel.page, 1);
    await panel.page.getByLabel('Log X').check();
    const log = await inked(panel.page, 1);
    assert.notEqual(log.sum, before.sum);
    await panel.shot('curves-log-x');
    await panel.page.getByLabel('X axis').selectOption('Tokens');
    assert.notEqual((await inked(panel.page, 1)).sum, log.sum);
    assert.deepEqual(panel.complaints, []);
  });

  it('shows the step of the other panels, and moves them by its slider', async () => {
    const panel = await browser.open('curves');
    await panel.post(seeds());
    await panel.page.waitForSelector('.chart canvas');
    const before = await inked(panel.page, 1);
    await panel.post({ kind: 'step', at: { folder: '/m1', step: 12 } });
    const slider = panel.page.getByRole('slider', { name: 'Step', exact: true });
    await panel.page.waitForFunction("document.querySelector('output.step').textContent === '12'");
    assert.notEqual((await inked(panel.page, 1)).sum, before.sum);
    await slider.focus();
    await panel.page.keyboard.press('ArrowRight');
    const moved = (await sentBy(panel, FromCurves)).filter((message) => message.kind === 'step');
    assert.deepEqual(moved, [{ kind: 'step', at: { folder: '/m1', step: 13 } }]);
  });

  it('saves what is shown as an SVG of shapes and text, in which a hostile name is text', async () => {
    const panel = await browser.open('curves');
    const message = seeds();
    assert.ok(message.kind === 'runs');
    const hostile = { ...message, runs: message.runs.map((run) => ({ ...run })) };
    for (const run of hostile.runs) run.record = { ...run.record, arm: `<script>alert(1)</script>${run.record.arm}` };
    await panel.post(hostile);
    await panel.page.waitForSelector('.chart canvas');
    await panel.page.getByRole('button', { name: 'SVG' }).click();
    const saved = (await sentBy(panel, FromCurves)).find((one) => one.kind === 'save');
    assert.ok(saved?.kind === 'save' && saved.encoding === 'text');
    assert.equal(saved.name, 'knights_and_knaves-curves.svg');
    const page = await panel.page.context().newPage();
    await page.setContent(`<body style="margin:0">${saved.data}</body>`);
    const svg = page.locator('svg').first();
    assert.equal(await svg.locator('script').count(), 0);
    assert.ok((await svg.locator('path').count()) > 60);
    assert.ok((await svg.locator('polygon').count()) >= 14, 'bands');
    assert.equal(await svg.getByText('KL to the reference').count(), 1);
    assert.doesNotMatch(saved.data, /NaN|undefined|Infinity/);
    if (process.env.MERF_SHOTS) await svg.screenshot({ path: `${process.env.MERF_SHOTS}/curves-svg.png` });
  });

  it('keeps zoom, axes and filter in its state, gives a link of it, and takes one on', async () => {
    const panel = await browser.open('curves');
    await panel.post(seeds());
    await panel.page.getByLabel('Log Y').check();
    await panel.page.getByRole('button', { name: 'Copy link' }).click();
    const asked = (await sentBy(panel, FromCurves)).find((message) => message.kind === 'copyLink');
    assert.ok(asked?.kind === 'copyLink' && asked.state.logY);
    const other = await browser.open('curves');
    await other.post(seeds());
    const state = { ...asked.state, zoom: [5, 20] as [number, number], filter: 'kl', x: 'time' as const };
    const message = seeds();
    await other.post({ ...message, state });
    await other.page.locator('.chart').nth(1).waitFor({ state: 'detached' });
    assert.equal(await other.page.getByLabel('X axis').inputValue(), 'time');
    assert.equal(await other.page.getByLabel('Log Y').isChecked(), true);
    assert.equal(await other.page.getByRole('button', { name: 'Reset zoom' }).isDisabled(), false);
    await other.post({ kind: 'giveLink' });
    await other.page.waitForFunction("sentByPanel.some((message) => message.kind === 'copyLink')");
    const given = (await sentBy(other, FromCurves)).find((message) => message.kind === 'copyLink');
    assert.deepEqual(given, { kind: 'copyLink', state });
  });

  it('makes the canvases of hundreds of metrics only as they come into view', async () => {
    const panel = await browser.open('curves', { state: { folder: '/a', more: true } });
    const wide = sampleRun('/a', 'rlvr', 1);
    const extra = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`extra/${i}`, i]));
    const metrics = wide.metrics.map((line) => ({ ...line, values: { ...line.values, ...extra } }));
    await panel.post({ kind: 'runs', language: 'en', experiment: 'x', runs: [{ ...wide, metrics }] });
    await panel.page.waitForSelector('.chart canvas');
    assert.ok((await panel.page.locator('.chart').count()) > 300);
    assert.ok((await panel.page.locator('.chart canvas').count()) < 60);
    await panel.page.locator('.chart', { hasText: 'extra/299' }).scrollIntoViewIfNeeded();
    await panel.page.locator('.chart', { hasText: 'extra/299' }).locator('canvas').waitFor();
  });
});
