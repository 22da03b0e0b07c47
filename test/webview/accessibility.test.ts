// Every panel under axe-core, in VS Code's light, dark and high contrast themes, and in the states that a person comes
// through: full, filtered, with a sheet of keys, with nothing to show.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeReport } from '../../src/cli/report.ts';
import { runFolders } from '../../src/run/location.ts';
import { panelsOf, writeTwoRuns } from './all_panels.ts';
import { violations } from './axe.ts';
import { chromiumPath, type PanelBrowser, type PanelPage, startBrowser } from './browser.ts';
import { previewTrouble } from './preview_answers.ts';
import { dress, themeNames } from './themes.ts';

/** Runs of `npm run demo` or any others to look at in place of the computed ones: MERF_RUNS=FOLDER. */
const given = process.env.MERF_RUNS;

describe('accessibility of the panels', () => {
  let browser: PanelBrowser;
  let root: string;
  let folders: string[];

  before(async function () {
    if (!chromiumPath) return this.skip();
    browser = await startBrowser();
    root = mkdtempSync(join(tmpdir(), 'merf-axe-'));
    folders = given ? runFolders(given) : writeTwoRuns(root);
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

  /** Each state in each theme: all that is wrong, together. */
  const inEveryTheme = async ({ page, shot }: PanelPage, states: Record<string, () => Promise<unknown>>) => {
    const found: string[] = [];
    for (const [state, go] of Object.entries(states)) {
      await go();
      for (const [place, theme] of themeNames.entries()) {
        await dress(page, theme);
        const wrong = await violations(page, place === 0 ? 'everything' : 'colours');
        found.push(...wrong.map((one) => `${state}, ${theme}: ${one}`));
        await shot(`axe-${new URL(page.url()).pathname.length > 1 ? 'report' : await page.title()}-${state}-${theme}`);
      }
    }
    assert.deepEqual(found, []);
  };
  const keysSheet = (page: PanelPage['page']) => async () => {
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  };
  const closed = (page: PanelPage['page']) => async () => {
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor({ state: 'hidden' });
  };

  it('finds nothing in the curves', async () => {
    const panel = await open.curves();
    const { page } = panel;
    await inEveryTheme(panel, {
      charts: async () => {},
      keys: keysSheet(page),
      figures: async () => {
        await closed(page)();
        await page.getByLabel('Figures').check();
        await page.waitForSelector('.chart-table');
      },
      nothing: () => page.getByLabel('Filter curves').fill('nothing like this'),
    });
  });

  it('finds nothing in the rollouts', async () => {
    const panel = await open.rollouts();
    const { page } = panel;
    await inEveryTheme(panel, {
      open: async () => {},
      keys: keysSheet(page),
      ticked: async () => {
        await closed(page)();
        await page.locator('.tick').nth(0).click();
        await page.locator('.tick').nth(1).click();
        await page.getByText('2 ticked').waitFor();
      },
      compared: async () => {
        await page.getByRole('button', { name: 'Compare' }).click();
        await page.waitForSelector('.comparison');
      },
      coloured: async () => {
        await page.getByLabel('Beside').selectOption('nothing');
        await page.getByLabel('Colour tokens').selectOption('entropy');
        await page.waitForSelector('.token');
      },
      'wrong filter': async () => {
        await page.getByRole('combobox', { name: 'Filter' }).fill('corectness < 0');
        await page.getByText('Did you mean').waitFor();
      },
    });
  });

  it('finds nothing in the comparison', async () => {
    const panel = await open.compare();
    await inEveryTheme(panel, { compared: async () => {}, keys: keysSheet(panel.page) });
  });

  it('finds nothing in the prompt preview', async () => {
    const panel = await open.preview();
    const { page } = panel;
    await inEveryTheme(panel, {
      prompt: async () => {},
      keys: keysSheet(page),
      trouble: async () => {
        await closed(page)();
        await panel.post(previewTrouble);
        await page.waitForSelector('.failure');
      },
      nothing: async () => {
        await panel.post({ kind: 'nothing', language: 'en' });
        await page.getByText('No .merf file is open.').waitFor();
      },
    });
  });

  it('finds nothing in the report', async () => {
    const file = join(root, 'report.html');
    writeReport(folders, file);
    const panel = await browser.open('curves');
    await panel.page.goto(pathToFileURL(file).href);
    await panel.page.waitForSelector('.chart canvas');
    await inEveryTheme(panel, { whole: async () => {} });
  });

  for (const name of ['curves', 'rollouts', 'compare', 'preview'] as const) {
    it(`says to a screen reader what it always said: ${name} (ACCEPT=1 writes what it says now)`, async () => {
      const { page } = await open[name]();
      const said = `${await page.locator('body').ariaSnapshot()}\n`;
      const file = `test/webview/trees/${name}.txt`;
      if (process.env.ACCEPT === '1') writeFileSync(file, said);
      assert.equal(said, readFileSync(file, 'utf8'));
    });
  }
});
