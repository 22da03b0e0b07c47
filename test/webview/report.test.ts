// The report as a file: made from runs on disk by the command's own function, opened from disk in a real browser.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { reportPage, scriptSafe, tracesOf, writeReport } from '../../src/cli/report.ts';
import { readRun } from '../../src/run/read.ts';
import type { ReportView } from '../../src/run/view.ts';
import { findings, summaryRows } from '../../src/webview/report/summary.ts';
import { textOf } from '../../src/webview/text.ts';
import { chromiumPath, type PanelBrowser, startBrowser } from './browser.ts';
import { HOSTILE, sampleRun, writeRun } from './sample_run.ts';

const sets = [1, 20, 40].map((step) => ({ kind: 'train' as const, step }));

describe('the report', () => {
  let folder: string;
  let runs: string[];

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'merf-report-'));
    runs = ['rlvr', 'merf'].map((arm) => join(folder, '.merf', 'runs', `${arm}-1`));
    for (const run of runs) {
      const view = sampleRun(run, run.includes('rlvr') ? 'rlvr' : 'merf', 1);
      writeRun(view, [...sets, { kind: 'none', step: 0 }, { kind: 'none', step: 40 }]);
    }
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const data = (language: 'en' | 'ja' = 'en'): ReportView => {
    const views = runs.map(readRun);
    return { title: `knights ${HOSTILE}`, language, made: 0, version: '0', runs: views, rollouts: tracesOf(views) };
  };

  it('claims no more than the intervals carry', () => {
    const text = textOf('en');
    const views = runs.map(readRun);
    const rows = summaryRows(views, text);
    assert.deepEqual(
      rows.map((row) => [row.label, row.prompt, row.own]),
      [
        ['rlvr', 'none', true],
        ['merf', 'motivation', true],
        ['merf', 'none', false],
      ],
    );
    assert.deepEqual(findings(rows, text), [
      'Clearly above where it began: rlvr, merf.',
      'rlvr and merf end with overlapping intervals: these runs do not tell them apart.',
    ]);
    const flat = rows.map((row) => ({ ...row, after: { ...row.before, step: 40 } }));
    assert.deepEqual(findings(flat, text).slice(0, 2), [
      'Not clearly above where it began: rlvr, merf.',
      'Not clearly above the best constant answer: rlvr, merf.',
    ]);
  });

  it('carries JSON that cannot end its script element', () => {
    const json = scriptSafe(JSON.stringify({ text: `${HOSTILE}\u2028<!--` }));
    assert.ok(!json.includes('<'));
    assert.deepEqual(JSON.parse(json), { text: `${HOSTILE}\u2028<!--` });
  });

  it('refuses a folder that is no run with a sentence that says what to give', () => {
    assert.throws(() => writeReport([folder], join(folder, 'r.html')), /cannot be read/);
    assert.throws(() => writeReport([], join(folder, 'r.html')), /needs a run/);
  });

  describe('in a browser', () => {
    let browser: PanelBrowser;
    before(async function () {
      if (!chromiumPath) return this.skip();
      browser = await startBrowser();
    });
    after(() => browser?.close());

    for (const [language, scheme] of [
      ['en', 'light'],
      ['ja', 'dark'],
    ] as const) {
      it(`shows summary, curves and traces from one file: ${language}, ${scheme}`, async () => {
        const read = (name: string) => readFileSync(join(browser.folder, name), 'utf8');
        const file = join(folder, `report-${language}.html`);
        const { replaceFile } = await import('../../src/run/write.ts');
        replaceFile(file, reportPage(data(language), read('report.js'), read('report.css')));
        const context = await browser.browser.newContext({
          colorScheme: scheme,
          viewport: { width: 1180, height: 900 },
        });
        const page = await context.newPage();
        const complaints: string[] = [];
        const requests: string[] = [];
        page.on('console', (message) => complaints.push(message.text()));
        page.on('pageerror', (error) => complaints.push(error.message));
        page.on('request', (request) => requests.push(request.url()));
        await page.goto(pathToFileURL(file).href);
        await page.waitForSelector('.chart canvas');
        await page.waitForSelector('.sample');
        assert.equal(await page.locator('.summary tbody tr').count(), 3);
        assert.equal(await page.locator('h1').innerText(), `knights ${HOSTILE}`);
        assert.equal(await page.locator('h2').first().innerText(), language === 'ja' ? 'まとめ' : 'Summary');
        assert.equal(await page.locator('.line.row').count(), 8);
        assert.equal(await page.locator('.sample img').count(), 0);
        const wide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
        assert.ok(Number(wide) <= 0, `${wide} pixels too wide`);
        const below = await page.evaluate(
          'document.documentElement.scrollHeight - document.querySelector("main").offsetHeight',
        );
        assert.ok(Number(below) <= 1, `${below} empty pixels below the report`);
        assert.deepEqual(complaints, []);
        assert.deepEqual(requests, [pathToFileURL(file).href]);
        assert.ok(statSync(file).size < 3e6);
        await context.close();
      });
    }
  });

  it('keeps whole groups of few prompts, and tokens only while they fit', () => {
    const [first] = tracesOf(runs.map(readRun));
    assert.deepEqual(first?.set, { kind: 'train', step: 1 });
    assert.equal(first?.samples.length, 8);
    assert.ok(first?.samples.every((sample) => sample.tokens !== null));
  });
});
