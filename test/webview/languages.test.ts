// Every word that a panel shows in Japanese comes from the Japanese words, and what is there fits into narrow panels.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { textOf } from '../../src/webview/text.ts';
import { en } from '../../src/webview/text_en.ts';
import { panelsOf, writeTwoRuns } from './all_panels.ts';
import { chromiumPath, type PanelBrowser, startBrowser } from './browser.ts';

/** The words themselves; those that are made of numbers and names are functions, and left out. */
function wordsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(wordsOf) : [];
}

describe('the panels in Japanese', () => {
  let browser: PanelBrowser;
  let root: string;
  let folders: string[];

  before(async function () {
    if (!chromiumPath) return this.skip();
    browser = await startBrowser();
    root = mkdtempSync(join(tmpdir(), 'merf-ja-'));
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
    'ja',
  );

  for (const name of ['curves', 'rollouts', 'compare', 'preview'] as const) {
    it(`shows no English word, and nothing that is too wide for 400 pixels: ${name}`, async () => {
      const { page, complaints } = await open[name]();
      const shown = z.array(z.string()).parse(
        await page.evaluate(`[...document.querySelectorAll('main *')].flatMap((one) => [
          ...[...one.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data.trim()),
          ...['aria-label', 'title', 'placeholder', 'aria-description', 'aria-roledescription'].map((name) => one.getAttribute(name) ?? ''),
        ]).filter(Boolean)`),
      );
      const japanese = new Set(wordsOf(textOf('ja')));
      const english = new Set(wordsOf(en).filter((word) => !japanese.has(word)));
      assert.ok(shown.some((word) => japanese.has(word)));
      assert.deepEqual([...new Set(shown.filter((word) => english.has(word)))], []);
      await page.setViewportSize({ width: 400, height: 800 });
      assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 400);
      assert.deepEqual(complaints, []);
    });
  }
});
