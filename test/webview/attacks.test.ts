// What a model wrote is hostile: a collection of attacks as responses and prompts, in every way to show them. Nothing
// runs, nothing is asked of any server, nothing can be clicked to go anywhere, nothing leaves its pane, nothing hides.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { RolloutsState } from '../../src/webview/messages.ts';
import { chromiumPath, type PanelBrowser, startBrowser } from './browser.ts';
import { openRollouts } from './rollouts_host.ts';
import { sampleRollouts, sampleRun, writeRollouts, writeRun } from './sample_run.ts';

const RUN = 'globalThis.harmed = true';
const ATTACKS = [
  `<script>${RUN}</script><img src=x onerror="${RUN}"><svg onload="${RUN}"><iframe srcdoc="<script>parent.${RUN}</script>">`,
  `[click](javascript:${RUN}) [go](command:workbench.action.quit) <a href="https://evil.test/">x</a> ![i](https://evil.test/p.png)`,
  `<style>@import url(https://evil.test/a.css); * { display: none !important }</style><link rel=stylesheet href=//evil.test/b.css>`,
  `<div style="position:fixed;inset:0;z-index:99999;background:red">cover</div></div></section></main><base href="https://evil.test/">`,
  `$\\href{javascript:${RUN}}{x}$ $\\includegraphics{https://evil.test/a.png}$ $\\htmlStyle{position:fixed}{x}$ $\\url{https://evil.test}$`,
  `$\\def\\a{\\b\\b\\b\\b}\\def\\b{\\c\\c\\c\\c}\\def\\c{\\d\\d\\d\\d}\\def\\d{\\e\\e\\e\\e}\\def\\e{xxxx}\\a\\a\\a\\a$ $\\rule{9999em}{9999em}$`,
  `$$\\kern-9999em\\raise9999em{x}\\smash{\\Huge y}$$ $\\frac{${'\\frac{1}{'.repeat(200)}$`,
  `safe \u202Egnp.exe\u202C zero\u200Bwidth \u2066isolate\u2069 \u{E0041}tag soft\u00ADhyphen \u0007bell`,
  `${'> '.repeat(5000)}deep ${'['.repeat(3000)} ${'*a '.repeat(3000)} ${'`'.repeat(999)}`,
  `${'x'.repeat(1_000_000)}`,
  `Z${'\u0335\u0489'.repeat(400)}algo`,
  `</think></answer><think><answer>\${${RUN}} {{${RUN}}} <%= ${RUN} %>`,
];

/** What went wrong in the page: code that ran, markup of the model's, things that act, boxes outside of the panel. */
const LOOK = `(() => {
  const panes = [...document.querySelectorAll('.detail, .list')];
  const inside = (selector) => panes.flatMap((pane) => [...pane.querySelectorAll(selector)]);
  const outside = inside('.sample *').filter((one) => {
    const position = getComputedStyle(one).position;
    return position === 'fixed' || position === 'sticky';
  });
  return {
    harmed: Boolean(globalThis.harmed),
    markup: inside('script, img, iframe, object, embed, link, style, base, form, svg image').length,
    acting: inside('a, [href], [onclick], [onerror], [onload], area').length,
    outside: outside.length,
    styles: document.querySelectorAll('style, body > *:not(main):not(script):not(.failure)').length,
    wide: Math.max(0, document.documentElement.scrollWidth - innerWidth) + Math.max(0, document.documentElement.scrollHeight - innerHeight),
  };
})()`;
const Found = z.object({
  harmed: z.boolean(),
  markup: z.number(),
  acting: z.number(),
  outside: z.number(),
  styles: z.number(),
  wide: z.number(),
});

describe('attacks in what a model wrote', () => {
  let browser: PanelBrowser;
  let root: string;

  before(async function () {
    if (!chromiumPath) return this.skip();
    browser = await startBrowser();
    root = mkdtempSync(join(tmpdir(), 'merf-attacks-'));
  });
  after(async () => {
    await browser?.close();
    rmSync(root, { recursive: true, force: true });
  });

  it('do nothing, however they are shown', async function () {
    this.timeout(300_000);
    const [line] = sampleRollouts(1);
    assert.ok(line);
    const folder = join(root, '.merf', 'runs', 'attacked');
    writeRun(sampleRun(folder, 'merf', 1), []);
    const lines = ATTACKS.map((attack, sample) => ({
      ...line,
      sample,
      prompt: `<|im_start|>user\n${attack.slice(0, 3000)}<|im_end|>\n`,
      response: attack,
      captures: { roles: { Zoey: attack.slice(0, 3000) }, [`<img src=x onerror="${RUN}">`]: attack.slice(0, 100) },
      token_texts: [],
    }));
    writeRollouts(folder, { kind: 'train', step: 1 }, lines);
    const panel = await openRollouts(browser, folder);
    panel.page.setDefaultTimeout(60_000);
    const requests: string[] = [];
    panel.page.on('request', (request) => requests.push(request.url()));
    panel.page.on('dialog', () => requests.push('a dialog'));
    await panel.page.waitForSelector('.sample');
    const set = { kind: 'train', step: 1 };
    const show = async (view: string, index: number) => {
      await panel.sendRun({ state: RolloutsState.parse({ folder, set, view, open: { set, index } }) });
      await panel.page.locator('.sample h3', { hasText: new RegExp(`Response ${index + 1}$`) }).waitFor();
    };
    await show('rendered', 0);
    await panel.page.waitForSelector('.rendered');
    for (const view of ['text', 'rendered', 'raw']) {
      for (const [index] of ATTACKS.entries()) {
        await show(view, index);
        const found = Found.parse(await panel.page.evaluate(LOOK));
        assert.deepEqual(
          found,
          { harmed: false, markup: 0, acting: 0, outside: 0, styles: 0, wide: 0 },
          `attack ${index}, ${view}`,
        );
      }
    }
    await show('rendered', 4);
    assert.ok((await panel.page.locator('.sample .katex').count()) > 0, 'the mathematics is drawn');
    await show('text', 7);
    const unseen = await panel.page.locator('.trace .unseen').allInnerTexts();
    assert.deepEqual(unseen, ['U+202E', 'U+202C', 'U+200B', 'U+2066', 'U+2069', 'U+E0041', 'U+00AD', 'U+0007']);
    assert.deepEqual(
      requests.filter((url) => !/^(http:\/\/panel\.test\/(KaTeX_[\w-]+\.woff2|markdown\.(js|css))|data:,?)$/.test(url)),
      [],
    );
    assert.deepEqual(panel.complaints, []);
  });
});
