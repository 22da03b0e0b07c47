// What a test may do to its window and see of it: keys, clicks, text, pictures; of the workbench and, by a selector
// inside, of one panel (a webview: a frame in a frame).

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Frame, Locator, Page } from 'playwright-core';
import { z } from 'zod';
import type { Operations } from './bridge.ts';
import { statistics } from './pixels.ts';
import { readPng } from './png.ts';

/** Whether the second window is meant, which opens when it is first asked for. */
const Place = z.object({ other: z.boolean().default(false) });
const Target = Place.extend({
  selector: z.string(),
  panel: z.boolean().default(false),
  wait: z.number().default(20_000),
  /** Only matters for clicks. */
  button: z.enum(['left', 'right']).default('left'),
});
const Picture = Target.partial({ selector: true }).extend({ file: z.string() });
const Text = Place.extend({ text: z.string() });

export function operations(first: Page, second: () => Promise<Page>): Operations {
  let opened: Promise<Page> | undefined;
  const pageOf = async (given: unknown): Promise<Page> => {
    if (!Place.parse(given).other) return first;
    opened ??= second();
    return opened;
  };
  /** Does `act` to the target. A panel that is loaded again meanwhile is another frame: then again, from the start. */
  const onTarget = async <T>(given: unknown, act: (target: Locator) => Promise<T>): Promise<T> => {
    const { selector, panel, wait } = Target.parse(given);
    const page = await pageOf(given);
    for (const end = Date.now() + wait; ; ) {
      const left = Math.max(1, end - Date.now());
      try {
        const place = panel ? await panelWith(page, selector, left) : page;
        const target = place.locator(selector).first();
        await target.waitFor({ timeout: left });
        return await act(target);
      } catch (error) {
        if (Date.now() > end || !/detached|destroyed/.test(String(error))) throw error;
      }
    }
  };
  return {
    print: async (given) => {
      process.stdout.write(Text.parse(given).text);
    },
    click: (given) => onTarget(given, (target) => target.click({ button: Target.parse(given).button })),
    write: (given) =>
      onTarget(given, async (target) => {
        await target.fill(Text.parse(given).text);
        await target.press('Enter');
      }),
    text: (given) => onTarget(given, (target) => target.innerText()),
    value: (given) => onTarget(given, (target) => target.inputValue()),
    press: async (given) => (await pageOf(given)).keyboard.press(Text.parse(given).text),
    count: async (given) => (await pageOf(given)).locator(Target.parse(given).selector).count(),
    closeOther: async () => {
      await (await opened)?.close();
      opened = undefined;
    },
    picture: async (given) => {
      const { selector, file } = Picture.parse(given);
      const whole = async () => (await pageOf(given)).screenshot();
      const png = await (selector === undefined ? whole() : onTarget(given, (target) => target.screenshot()));
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, png);
      return statistics(readPng(png));
    },
    command: async (given) => runCommand(await pageOf(given), Text.parse(given).text),
  };
}

/** Runs a command by the words of its title in the command palette, as a person would: opens it again if it closes. */
async function runCommand(page: Page, title: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await page.keyboard.press('F1');
      await page.locator('.quick-input-widget input').first().fill(`>${title}`, { timeout: 5000 });
      await page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().click({ timeout: 5000 });
      return;
    } catch (error) {
      if (attempt === 4) throw error;
      await page.keyboard.press('Escape');
    }
  }
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
