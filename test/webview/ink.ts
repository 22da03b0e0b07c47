// What a chart's canvas shows, in numbers.

import type { Page } from 'playwright-core';
import { z } from 'zod';

/** Share of a chart's pixels that are not transparent, how many colours they have, and a sum over their places. */
export const inked = async (page: Page, chart: number) => {
  const card = page.locator('.chart').nth(chart);
  await card.scrollIntoViewIfNeeded();
  await card.locator('canvas').waitFor();
  return Ink.parse(
    await page.evaluate(`(() => {
      const drawn = document.querySelectorAll('.chart')[${chart}].querySelector('canvas');
      const canvas = Object.assign(document.createElement('canvas'), { width: drawn.width, height: drawn.height });
      const copy = canvas.getContext('2d', { willReadFrequently: true });
      copy.drawImage(drawn, 0, 0);
      const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
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
};
const Ink = z.object({ share: z.number(), colours: z.number(), sum: z.number() });
