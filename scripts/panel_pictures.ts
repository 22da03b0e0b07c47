// Pictures of every panel with the runs of a folder, in light, dark, high contrast and Japanese, and narrow: to look at
// after a change, without a VS Code. The panels are those of the tests, answered by the extension's own feeds.
//   npm run pictures -- FOLDER panels     (FOLDER/.merf/runs holds the runs; pictures go to .vscode-test/panels)

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { runFolders } from '../src/run/location.ts';
import { readRun } from '../src/run/read.ts';
import { MerfError } from '../src/spec/error.ts';
import type { Language } from '../src/webview/messages.ts';
import { type PanelBrowser, type PanelPage, startBrowser } from '../test/webview/browser.ts';
import { openCompare } from '../test/webview/compare_host.ts';
import { previewAnswer } from '../test/webview/preview_answers.ts';
import { openRollouts } from '../test/webview/rollouts_host.ts';
import { dress, type ThemeName, themeNames } from '../test/webview/themes.ts';

interface Style {
  name: string;
  theme: ThemeName;
  language: Language;
  width: number;
}

const WIDE = 1180;
const NARROW = 400;
const styles: Style[] = [
  ...themeNames.map((theme) => ({ name: theme.replaceAll(' ', '-'), theme, language: 'en' as const, width: WIDE })),
  { name: 'japanese', theme: 'light', language: 'ja', width: WIDE },
  { name: 'narrow', theme: 'dark', language: 'en', width: NARROW },
  { name: 'narrow-japanese', theme: 'light', language: 'ja', width: NARROW },
];

/** Takes them all; how many. */
export async function panelPictures(root: string, target: string): Promise<number> {
  const folders = runFolders(root);
  const [first] = folders;
  if (first === undefined) throw new MerfError(`There is no run in ${root}.`, 'Make some there: npx merf demo.');
  mkdirSync(target, { recursive: true });
  const browser = await startBrowser();
  let taken = 0;
  try {
    for (const style of styles) {
      for (const [name, open] of Object.entries(panels)) {
        const panel = await open(browser, folders, style);
        await dress(panel.page, style.theme);
        await panel.page.waitForTimeout(400);
        await panel.page.screenshot({ path: join(target, `${name}-${style.name}.png`), fullPage: name !== 'rollouts' });
        await browser.closePanels();
        taken++;
      }
    }
  } finally {
    await browser.close();
  }
  return taken;
}

type Open = (browser: PanelBrowser, folders: readonly string[], style: Style) => Promise<PanelPage>;
const sized = ({ width }: Style) => ({ viewport: { width, height: 900 } });

const panels: Readonly<Record<string, Open>> = {
  async curves(browser, folders, style) {
    const panel = await browser.open('curves', sized(style));
    const runs = folders.map(readRun);
    const experiment = runs[0]?.record.experiment ?? '';
    await panel.post({ kind: 'runs', language: style.language, experiment, runs });
    await panel.page.waitForSelector('.chart canvas');
    // charts are drawn as they come near the view
    const height = Number(await panel.page.evaluate('document.documentElement.scrollHeight'));
    await panel.page.setViewportSize({ width: style.width, height });
    return panel;
  },
  async rollouts(browser, folders, style) {
    const panel = await openRollouts(browser, folders.at(-1) ?? '', { language: style.language, ...sized(style) });
    await panel.page.waitForSelector('.sample');
    return panel;
  },
  async compare(browser, folders, style) {
    const panel = await openCompare(browser, folders, { language: style.language, ...sized(style) });
    await panel.page.waitForSelector('.answer-card');
    return panel;
  },
  async preview(browser, _folders, style) {
    const panel = await browser.open('preview', sized(style));
    await panel.post(previewAnswer({ arm: 'merf', other: 'rlvr' }, style.language));
    await panel.page.waitForSelector('.message');
    return panel;
  },
};
