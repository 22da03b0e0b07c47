// The bundled panels in a real browser, on the page that the extension makes, under its content security policy.

import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { z } from 'zod';
import { sampleOf } from '../../src/run/view.ts';
import { FromCurves, FromRollouts, type ToCurves, type ToRollouts } from '../../src/webview/messages.ts';
import { chromiumPath, type PanelBrowser, type PanelPage, startBrowser } from './browser.ts';
import { HOSTILE, sampleRollouts, sampleRun } from './sample_run.ts';

const curvesMessage = (language: 'en' | 'ja' = 'en'): ToCurves => ({
  kind: 'runs',
  language,
  experiment: 'knights_and_knaves',
  runs: [sampleRun('/a', 'rlvr', 1), sampleRun('/b', 'merf', 1, 30)],
});

const rolloutsMessage = (language: 'en' | 'ja' = 'en'): ToRollouts => {
  const { record, folder } = sampleRun('/b', 'merf', 1);
  const sets = [1, 20, 40].map((step) => ({ kind: 'train' as const, step }));
  const siblings = [
    { folder: '/a', label: 'rlvr' },
    { folder, label: 'merf' },
  ];
  return {
    kind: 'run',
    language,
    folder,
    record,
    siblings,
    sets: [...sets, { kind: 'none', step: 40 }],
    selected: null,
  };
};

const samplesMessage = (step: number): ToRollouts => ({
  kind: 'samples',
  folder: '/b',
  set: { kind: 'train', step },
  samples: sampleRollouts(step).map((line, index) => sampleOf(line, index, false)),
});

/** Share of a chart's pixels that are not transparent, how many colours they have, and a sum over their places. */
const inked = async (page: Page, chart: number) =>
  Ink.parse(
    await page.evaluate(`(() => {
      const canvas = document.querySelectorAll('.chart canvas')[${chart}];
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      const colours = new Set();
      let inked = 0;
      let sum = 0;
      for (let i = 0; i < data.length; i += 4) {
        if (data[i + 3] < 8) continue;
        inked++;
        sum = (sum * 31 + i) % 1000003;
        colours.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
      }
      return { share: inked / (data.length / 4), colours: colours.size, sum };
    })()`),
  );
const Ink = z.object({ share: z.number(), colours: z.number(), sum: z.number() });

describe('the panels in a browser', () => {
  let browser: PanelBrowser;

  before(async function () {
    if (!chromiumPath) return this.skip();
    browser = await startBrowser();
  });
  afterEach(() => browser?.closePanels());
  after(() => browser?.close());

  describe('curves', () => {
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
        assert.equal(charts, 8);
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
      await panel.page.getByRole('slider').fill('0');
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
  });

  describe('rollouts', () => {
    const opened = async (options: Parameters<PanelBrowser['open']>[1] = {}, language: 'en' | 'ja' = 'en') => {
      const panel = await browser.open('rollouts', options);
      await panel.post(rolloutsMessage(language));
      await panel.page.getByText('40').first().waitFor();
      await panel.post(samplesMessage(40));
      await panel.page.waitForSelector('.sample');
      return panel;
    };

    for (const [name, options] of [
      ['light', { colorScheme: 'light' }],
      ['dark', { colorScheme: 'dark' }],
      ['Japanese', { colorScheme: 'dark', viewport: { width: 520, height: 900 } }],
    ] as const) {
      it(`shows the last step's responses by prompt: ${name}`, async () => {
        const panel = await opened(options, name === 'Japanese' ? 'ja' : 'en');
        assert.equal(await panel.page.locator('.group').count(), 2);
        assert.equal(await panel.page.locator('.sample').count(), 8);
        const first = panel.page.locator('.sample').first();
        assert.equal(await first.locator('.reasoning .words').innerText(), 'Zoey lies.');
        assert.equal(await first.locator('.answer .words').innerText(), 'Zoey is a knave, Oliver is a knight.');
        assert.match(await first.locator('.rules').innerText(), /\+1\s*Format\s+both tags\s+\+2\s*Correctness/);
        const wide = await panel.page.evaluate('document.documentElement.scrollWidth - innerWidth');
        assert.ok(Number(wide) <= 0, `${wide} pixels too wide`);
        await panel.shot(`rollouts-${name}`);
        assert.deepEqual(panel.complaints, []);
      });
    }

    it('shows what a model wrote as text, whatever it wrote', async () => {
      const panel = await opened();
      const hostile = panel.page.locator('.sample').nth(2);
      assert.equal(await hostile.locator('.answer .words').innerText(), HOSTILE);
      assert.equal(await panel.page.locator('.sample img, .sample .words b, .sample script').count(), 0);
      await panel.page.getByLabel('Raw text').check();
      assert.equal(await panel.page.locator('.sample img').count(), 0);
      assert.equal(await panel.page.evaluate('globalThis.harmed'), undefined);
    });

    it('asks for another step by the slider, and shows that it is loading', async () => {
      const panel = await opened();
      await panel.page.getByRole('button', { name: 'Previous' }).click();
      const loads = (await sentBy(panel, FromRollouts)).filter((message) => message.kind === 'load');
      assert.deepEqual(loads.at(-1), { kind: 'load', folder: '/b', set: { kind: 'train', step: 20 } });
      await panel.post(samplesMessage(40));
      await panel.post(samplesMessage(20));
      await panel.page.getByText('It goes on and on 20').first().waitFor();
    });

    it('keeps what is being typed and where the keyboard is while a run goes on', async () => {
      const panel = await opened();
      await panel.page.getByLabel('Search the responses').pressSequentially('hon');
      await panel.post({ ...rolloutsMessage(), sets: [1, 20, 40, 41].map((step) => ({ kind: 'train', step })) });
      await panel.page.keyboard.type('est');
      assert.equal(await panel.page.getByLabel('Search the responses').inputValue(), 'honest');
      await panel.page.getByText('Step 40 of 41').waitFor();
      await panel.page.getByRole('slider').focus();
      await panel.page.keyboard.press('ArrowLeft');
      await panel.page.keyboard.press('ArrowLeft');
      await panel.page.getByText('Step 1 of 41').waitFor();
    });

    it('colours tokens after asking for them', async () => {
      const panel = await opened();
      await panel.page.getByLabel('Colour tokens').selectOption('log-probability');
      const asked = (await sentBy(panel, FromRollouts)).find((message) => message.kind === 'loadTokens');
      assert.ok(asked?.kind === 'loadTokens');
      assert.deepEqual([...asked.indexes].sort(), [0, 1, 2, 3, 4, 5, 6, 7]);
      const tokens = sampleRollouts(40).flatMap((line, index) => {
        const found = sampleOf(line, index, true).tokens;
        return found ? [{ index, tokens: found }] : [];
      });
      await panel.post({ kind: 'tokens', folder: '/b', set: { kind: 'train', step: 40 }, tokens });
      await panel.page.waitForSelector('.token');
      const first = panel.page.locator('.sample').first();
      assert.equal(await first.locator('.reasoning .words').innerText(), 'Zoey lies.');
      const coloured = await panel.page.evaluate(
        "[...document.querySelectorAll('.token')].filter((one) => getComputedStyle(one).backgroundColor !== 'rgba(0, 0, 0, 0)').length",
      );
      assert.ok(Number(coloured) > 10, `${coloured} tokens have a colour`);
      await panel.shot('rollouts-tokens');
      assert.deepEqual(panel.complaints, []);
    });

    it('searches, filters and says when nothing fits', async () => {
      const panel = await opened();
      await panel.page.getByLabel('Answers').selectOption('right');
      assert.equal(await panel.page.locator('.sample').count(), 2);
      await panel.page.getByLabel('Search the responses').fill('honest');
      await panel.page.getByText('No response matches the filter.').waitFor();
      await panel.page.getByLabel('Answers').selectOption('all');
      assert.equal(await panel.page.locator('.sample').count(), 2);
      assert.equal(await panel.page.locator('mark').first().innerText(), 'honest');
    });

    it('says when nothing has been written, and when a file is gone', async () => {
      const panel = await browser.open('rollouts');
      await panel.post({ ...rolloutsMessage(), sets: [] });
      await panel.page.getByText('No rollouts have been written yet.').waitFor();
      await panel.post(rolloutsMessage());
      await panel.page.getByText('Loading…').waitFor();
      await panel.post({ kind: 'samples', folder: '/b', set: { kind: 'train', step: 40 }, samples: null });
      await panel.page.getByText('not in the run folder any more').waitFor();
    });

    it('makes an example of a response', async () => {
      const panel = await browser.open('rollouts');
      await panel.post(rolloutsMessage());
      await panel.post(samplesMessage(40));
      await panel.page.getByRole('button', { name: 'Add as example' }).nth(1).click();
      const [asked] = (await sentBy(panel, FromRollouts)).filter((message) => message.kind === 'addExample');
      assert.deepEqual(asked && { ...asked, index: asked.index > 0 }, {
        kind: 'addExample',
        folder: '/b',
        set: { kind: 'train', step: 40 },
        index: true,
      });
    });
  });
});

/** What a panel has sent, each message held against what the host takes. */
async function sentBy<M>(panel: PanelPage, schema: z.ZodType<M>): Promise<M[]> {
  return z.array(schema).parse(await panel.sent());
}
