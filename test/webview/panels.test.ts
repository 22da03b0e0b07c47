// The bundled panels in a real browser, on the page that the extension makes, under its content security policy.

import assert from 'node:assert/strict';
import { sampleOf } from '../../src/run/view.ts';
import { FromRollouts, type ToRollouts } from '../../src/webview/messages.ts';
import { chromiumPath, type PanelBrowser, sentBy, startBrowser } from './browser.ts';
import { HOSTILE, sampleRollouts, sampleRun } from './sample_run.ts';

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

describe('the panels in a browser', () => {
  let browser: PanelBrowser;

  before(async function () {
    if (!chromiumPath) return this.skip();
    browser = await startBrowser();
  });
  afterEach(() => browser?.closePanels());
  after(() => browser?.close());

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
