// Everything by the keyboard: each control of each panel is reached by Tab and shows that it is, keys do what the sheet of
// keys says, and Escape closes it.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { FromCurves } from '../../src/webview/messages.ts';
import { panelsOf, writeTwoRuns } from './all_panels.ts';
import { chromiumPath, type PanelBrowser, type PanelPage, sentBy, startBrowser } from './browser.ts';

describe('the panels by the keyboard', () => {
  let browser: PanelBrowser;
  let root: string;
  let folders: string[];

  before(async function () {
    if (!chromiumPath) return this.skip();
    browser = await startBrowser();
    root = mkdtempSync(join(tmpdir(), 'merf-keys-'));
    folders = writeTwoRuns(root);
  });
  afterEach(() => browser?.closePanels());
  after(async () => {
    await browser?.close();
    if (root) rmSync(root, { recursive: true, force: true });
  });

  const open = panelsOf(
    () => browser,
    () => folders,
  );

  /** Goes round with Tab; controls that were not reached, and stops that do not show it. */
  async function tabThrough({ page }: PanelPage): Promise<{ missed: string[]; unseen: string[] }> {
    await page.evaluate(`{
      const sight = (one) => one.checkVisibility({ visibilityProperty: true });
      globalThis.toReach = new Set([...document.querySelectorAll('button, select, input, textarea, summary, [tabindex="0"]')]
        .filter((one) => !one.disabled && sight(one)));
      globalThis.unseen = [];
      document.activeElement?.blur();
    }`);
    const most = z.number().parse(await page.evaluate('toReach.size')) + 30;
    for (let i = 0; i < most; i++) {
      await page.keyboard.press('Tab');
      const left = await page.evaluate(`{
        const at = document.activeElement;
        toReach.delete(at);
        const { outlineStyle, outlineWidth } = getComputedStyle(at);
        if (at !== document.body && (outlineStyle === 'none' || parseFloat(outlineWidth) < 1)) unseen.push(at.outerHTML.slice(0, 120));
        toReach.size;
      }`);
      if (left === 0) break;
    }
    const Found = z.object({ missed: z.array(z.string()), unseen: z.array(z.string()) });
    return Found.parse(
      await page.evaluate('({ missed: [...toReach].map((one) => one.outerHTML.slice(0, 120)), unseen })'),
    );
  }

  for (const [name, opened] of Object.entries(open)) {
    it(`reaches every control of the panel, and shows where it is: ${name}`, async () => {
      assert.deepEqual(await tabThrough(await opened()), { missed: [], unseen: [] });
    });

    it(`lists its keys on a sheet that Escape closes: ${name}`, async () => {
      const { page, complaints } = await opened();
      await page.keyboard.press('?');
      const sheet = page.getByRole('dialog', { name: 'Keys' });
      await sheet.waitFor();
      assert.ok((await sheet.locator('kbd').count()) > 2);
      await page.keyboard.press('Escape');
      await sheet.waitFor({ state: 'hidden' });
      await page.getByRole('button', { name: 'Keys' }).click();
      await sheet.getByRole('button', { name: 'Close' }).click();
      await sheet.waitFor({ state: 'hidden' });
      assert.deepEqual(complaints, []);
    });
  }

  it('moves the cursor of a chart, zooms, shows figures and moves every panel’s step', async () => {
    const panel = await open.curves();
    const { page } = panel;
    const chart = page.getByRole('slider', { name: /^Reward: rlvr from/ });
    await chart.focus();
    await page.keyboard.press('Home');
    assert.match((await chart.getAttribute('aria-valuetext')) ?? '', /^Reward, Steps 1, rlvr −[\d.]+, merf −[\d.]+/);
    await page.keyboard.press('Shift+ArrowRight');
    assert.match((await chart.getAttribute('aria-valuetext')) ?? '', /^Reward, Steps 11, /);
    await page.keyboard.press('+');
    await page.getByRole('button', { name: 'Reset zoom' }).and(page.locator(':enabled')).waitFor();
    await page.keyboard.press('-');
    await page.getByRole('button', { name: 'Reset zoom' }).and(page.locator(':disabled')).waitFor();
    await page.keyboard.press('[');
    await page.keyboard.press('[');
    const steps = (await sentBy(panel, FromCurves)).flatMap((message) =>
      message.kind === 'step' ? [message.at.step] : [],
    );
    assert.deepEqual(steps, [39, 38]);
    await page.keyboard.press('t');
    const table = page.getByRole('table', { name: 'Reward' });
    await table.waitFor();
    assert.deepEqual(await table.locator('thead th').allInnerTexts(), ['Steps', 'rlvr', 'merf']);
    assert.equal(await table.locator('tbody th').first().innerText(), '1');
    assert.equal(await table.locator('tbody th').last().innerText(), '40');
    await page.keyboard.press('/');
    await page.keyboard.type('kl?');
    assert.equal(await page.getByLabel('Filter curves').inputValue(), 'kl?');
  });

  it('presses a button with Enter where Enter means something to the panel', async () => {
    const panel = await open.rollouts();
    await panel.page.getByRole('button', { name: 'Copy', exact: true }).focus();
    await panel.page.keyboard.press('Enter');
    await panel.page.getByRole('button', { name: 'Copied' }).waitFor();
    assert.equal(panel.asked.filter(({ kind }) => kind === 'copy').length, 1);
  });

  it('holds a response beside the one of another step, by keys alone', async () => {
    const { page } = await open.rollouts();
    const beside = page.getByLabel('Beside');
    await beside.focus();
    await page.keyboard.press('End');
    await page.locator('.comparison .side h4', { hasText: 'Step 20' }).waitFor();
    await page.keyboard.press('Escape');
  });

  it('goes through steps and rows of a comparison', async () => {
    const { page, asked } = await open.compare();
    await page.getByLabel('Rollouts').selectOption('Training');
    await page.getByText('Step 40 of 40').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('[');
    await page.getByText('Step 20 of 40').waitFor();
    await page.keyboard.press('n');
    await page.getByText('(2 of 2 in common)').waitFor();
    assert.deepEqual(
      asked.filter(({ kind }) => kind === 'step'),
      [{ kind: 'step', at: { folder: folders[0], step: 20 } }],
    );
  });
});
