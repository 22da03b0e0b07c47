// axe-core in an open page: what it finds against WCAG 2 (A, AA) and its best practices, in one line each.

import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { z } from 'zod';

const Found = z.array(z.object({ id: z.string(), help: z.string(), nodes: z.array(z.string()) }));

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const COLOURS = { type: 'rule', values: ['color-contrast'] };
/** Rules that are switched off, each with its reason. */
const OFF = {
  // a panel is one region of the editor's own page, which has the landmarks
  region: { enabled: false },
  // a line of the list is named by what its signs and bars mean, not by the signs
  'label-content-name-mismatch': { enabled: false },
};

/** What to look for: everything, or only what the theme's colours decide. */
export type Looking = 'everything' | 'colours';

/** `color-contrast: Elements must meet … .quiet > b, .quiet > i`; empty when there is nothing to mend. */
export async function violations(page: Page, looking: Looking): Promise<string[]> {
  await page.evaluate(`if (!globalThis.axe) { ${axe.source} }`);
  const found = await page.evaluate(`axe.run(document, {
    ...${JSON.stringify(looking === 'everything' ? { runOnly: TAGS, rules: OFF } : { runOnly: COLOURS })},
    resultTypes: ['violations'],
  }).then(({ violations }) => violations.map(({ id, help, nodes }) => ({
    id,
    help,
    nodes: nodes.map((node) => node.target.flat().join(' ') + ' ' + node.any.map((one) => one.message).join(' ')),
  })))`);
  return Found.parse(found).map(({ id, help, nodes }) => `${id}: ${help} — ${nodes.slice(0, 6).join(' | ')}`);
}
