// What a test may do to its window and see of it: keys, clicks, text, pictures; of the workbench and, by a selector
// inside, of one panel (a webview: a frame in a frame).

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Frame, Locator, Page } from 'playwright-core';
import { z } from 'zod';
import type { Operations } from './bridge.ts';
import { statistics } from './pixels.ts';
import { readPng } from './png.ts';

const Target = z.object({ selector: z.string(), panel: z.boolean().default(false), wait: z.number().default(20_000) });
const Picture = Target.partial({ selector: true }).extend({ file: z.string() });
const Text = z.object({ text: z.string() });

export function operations(page: () => Promise<Page>): Operations {
  const locate = async (given: unknown): Promise<Locator> => {
    const { selector, panel, wait } = Target.parse(given);
    const locator = (panel ? await panelWith(await page(), selector, wait) : await page()).locator(selector).first();
    await locator.waitFor({ timeout: wait });
    return locator;
  };
  return {
    print: async (given) => {
      process.stdout.write(Text.parse(given).text);
    },
    press: async (given) => (await page()).keyboard.press(Text.parse(given).text),
    type: async (given) => (await page()).keyboard.type(Text.parse(given).text),
    click: async (given) => (await locate(given)).click(),
    text: async (given) => (await locate(given)).innerText(),
    picture: async (given) => {
      const { selector, file } = Picture.parse(given);
      const png = selector === undefined ? await (await page()).screenshot() : await (await locate(given)).screenshot();
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, png);
      return statistics(readPng(png));
    },
    /** Runs a command by the words of its title in the command palette, as a person would. */
    command: async (given) => {
      const { text } = Text.parse(given);
      const window = await page();
      await window.keyboard.press('F1');
      await window.locator('.quick-input-widget input').first().waitFor();
      await window.keyboard.type(text);
      await window.locator('.quick-input-list .monaco-list-row', { hasText: text }).first().click();
    },
  };
}

/** The inner frame of the panel that holds `selector`. */
async function panelWith(page: Page, selector: string, wait: number): Promise<Frame> {
  for (const end = Date.now() + wait; Date.now() < end; ) {
    for (const frame of page.frames()) {
      if (!/\/fake\.html/.test(frame.url())) continue;
      if (
        (await frame
          .locator(selector)
          .count()
          .catch(() => 0)) > 0
      )
        return frame;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`no panel holds ${selector}`);
}
