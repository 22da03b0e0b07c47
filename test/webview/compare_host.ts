// The compare panel in the browser with its real other side: the extension's feed over runs on disk.

import { CompareFeed } from '../../src/extension/panels/compare_feed.ts';
import { RunReader } from '../../src/run/follow.ts';
import { FromCompare } from '../../src/webview/messages_compare.ts';
import type { PanelBrowser, PanelPage } from './browser.ts';

export interface ComparePage extends PanelPage {
  /** What the panel has asked for. */
  asked: FromCompare[];
  /** Looks at the disk, as the extension does every while. */
  look(): void;
}

export async function openCompare(
  browser: PanelBrowser,
  folders: readonly string[],
  { language = 'en', ...options }: Parameters<PanelBrowser['open']>[1] & { language?: 'en' | 'ja' } = {},
): Promise<ComparePage> {
  const panel = await browser.open('compare', options);
  const asked: FromCompare[] = [];
  const feed = new CompareFeed(folders, language, (message) => void panel.post(message).catch(() => {}));
  const readers = folders.map((folder) => new RunReader(folder));
  for (const reader of readers) reader.read();
  await panel.hear((data) => {
    const message = FromCompare.parse(data);
    asked.push(message);
    if (message.kind === 'load') feed.load(message);
  });
  await feed.sendAll();
  const look = () => {
    for (const reader of readers) {
      const news = reader.read();
      if (news.restarted || news.metrics.length > 0 || news.events.length > 0)
        void feed.hear({ folder: reader.folder, ...news });
    }
  };
  return { ...panel, asked, look };
}
