// The editor's services at cursor marks: each folder of services/ is a service, each NAME.merf in it a text with `<|>`
// where the cursor stands, and NAME.txt what the service says there. ACCEPT=1 writes what comes out; read the difference
// before keeping it. What a table of the language lists whole (`every function`) is not listed again.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CompletionItem, Location, Position, Range, SelectionRange, TextEdit } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { NO_CLIENT } from '../../src/language/editor/client.ts';
import { completionsAt } from '../../src/language/editor/completion.ts';
import { type EditorDocument, openDocument } from '../../src/language/editor/document.ts';
import { examplesOf } from '../../src/language/editor/examples.ts';
import { fixAllIn } from '../../src/language/editor/fix_all.ts';
import { formatLines, formatTyped } from '../../src/language/editor/formatting.ts';
import { hoverAt } from '../../src/language/editor/hover.ts';
import { inlayHintsOf } from '../../src/language/editor/inlay_hints.ts';
import { LENS_COMMANDS, lensesOf } from '../../src/language/editor/lenses.ts';
import { linksOf } from '../../src/language/editor/links.ts';
import {
  definitionAt,
  highlightsAt,
  referencesAt,
  renamableAt,
  renameAt,
} from '../../src/language/editor/navigation.ts';
import type { RunNumbers } from '../../src/language/editor/numbers.ts';
import { foldsOf, symbolsOf } from '../../src/language/editor/outline.ts';
import { quickFixesIn } from '../../src/language/editor/quick_fixes.ts';
import type { AskedRun } from '../../src/language/editor/run_hover.ts';
import { selectionsAt } from '../../src/language/editor/selection.ts';
import { LEGEND, semanticTokensOf } from '../../src/language/editor/semantic_tokens.ts';
import { signatureAt } from '../../src/language/editor/signature.ts';
import { EXTRACTORS } from '../../src/language/extractors.ts';
import { METRICS } from '../../src/language/metrics.ts';
import { SETTINGS } from '../../src/language/settings.ts';
import { FUNCTIONS } from '../../src/spec/functions.ts';
import { TASKS } from '../../src/spec/tasks.ts';
import { marksIn } from './marks.ts';

const SERVICES = new URL('./services/', import.meta.url).pathname;
const URI = 'file:///project/experiment.merf';
const accepts = process.env.ACCEPT === '1';

/** A run as the server would find it, of the rules in services/lenses and services/hover. */
const RUN: RunNumbers = {
  folder: '/project/.merf/runs/one',
  arm: 'merf',
  seed: 1,
  step: 20,
  rules: {
    format: {
      means: [-1, -0.5, -0.75, 0.25, 0.5, 0.5],
      shares: [
        [0, 0.25, 0.125, 0.625, 0.75, 0.75],
        [1, 0.75, 0.875, 0.375, 0.25, 0.25],
      ],
    },
    correctness: { means: [0, 1.98], shares: [[0, 0.999], [0, 0.001], [1, 0], []] },
    gone: { means: [1], shares: [[1]] },
    changed: { means: [1], shares: [[0.5], [0.25], [0.25]] },
  },
};
const ASKED: AskedRun = {
  run: RUN,
  language: 'en',
  samples: (_, rule, only) =>
    rule === 'format'
      ? [
          { case: 0, reward: 3, response: '<think>Zoey lies.</think><answer>Zoey is a knave.</answer>' },
          { case: 0, reward: 1, response: 'second of its case' },
          { case: 1, reward: null, response: '```\n![](https://example.com/x.png) [run](command:x)\n````' },
        ].filter(({ case: fired }) => only === null || fired === only)
      : [],
};

type AtCursor = (document: EditorDocument, position: Position) => string;
type OfText = (document: EditorDocument) => string;

const atCursor: Record<string, AtCursor> = {
  hover: (document, position) => {
    const contents = hoverAt(document, position, () => ASKED)?.contents;
    return typeof contents === 'object' && 'value' in contents ? contents.value : 'nothing';
  },
  completion: (document, position) => listed(completionsAt(document, position)),
  signature: (document, position) => {
    const help = signatureAt(document, position);
    const found = help?.signatures[0];
    if (!found) return 'nothing';
    const label = found.parameters?.[help.activeParameter ?? 0]?.label;
    if (!Array.isArray(label)) return found.label;
    return `${found.label.slice(0, label[0])}[${found.label.slice(...label)}]${found.label.slice(label[1])}`;
  },
  definition: (document, position) => places(document, definitionAt(document, position)),
  references: (document, position) => places(document, referencesAt(document, position, true)),
  highlights: (document, position) =>
    highlightsAt(document, position)
      .map(({ range, kind }) => `${place(document, range)} ${kind === 3 ? 'written' : 'read'}`)
      .join('\n') || 'nothing',
  rename: (document, position) => {
    const range = renamableAt(document, position);
    if (!range) return 'cannot be renamed';
    const edit = renameAt(document, position, 'new_name');
    if (typeof edit === 'string') return edit;
    return Object.entries(edit.changes ?? {})
      .map(([uri, edits]) => `${uri === URI ? '' : `${uri}\n`}${edited(document, edits)}`)
      .join('\n');
  },
  selection: (document, position) => {
    const selected: string[] = [];
    let [each]: (SelectionRange | undefined)[] = selectionsAt(document, [position]);
    for (; each; each = each.parent) selected.push(place(document, each.range));
    return selected.join('\n');
  },
  fixes: (document, position) =>
    quickFixesIn(document, { start: position, end: position }, { diagnostics: [] })
      .map(({ title, edit }) => `${title}\n${edited(document, edit?.changes?.[URI] ?? [])}`)
      .join('\n') || 'nothing',
  typing: (document, position) => {
    const typed = document.text.getText()[document.text.offsetAt(position) - 1] ?? '';
    return edited(document, formatTyped(document, position, typed)) || 'nothing';
  },
};

const WHOLE: Range = { start: { line: 0, character: 0 }, end: { line: 1e6, character: 0 } };

const ofText: Record<string, OfText> = {
  symbols: (document) =>
    symbolsOf(document)
      .map(({ name, detail, range }) => `${lines(range)} ${detail ?? ''} ${name}`)
      .join('\n'),
  folds: (document) =>
    foldsOf(document)
      .map(({ startLine, endLine, kind }) => `${startLine + 1}-${endLine + 1}${kind ? ` ${kind}` : ''}`)
      .join('\n'),
  links: (document) =>
    linksOf(document)
      .map(({ range, target }) => `${place(document, range)} -> ${target}`)
      .join('\n'),
  lenses: (document) => {
    const client = { ...NO_CLIENT, commands: new Set<string>(Object.values(LENS_COMMANDS)) };
    return lensesOf(document, client, RUN)
      .map(({ range, command }) => `${range.start.line + 1} ${command?.title} ${JSON.stringify(command?.arguments)}`)
      .join('\n');
  },
  fix_all: (document) =>
    fixAllIn(document, { diagnostics: [], only: ['source.fixAll'] })
      .map(({ title, edit }) => `${title}\n${edited(document, edit?.changes?.[URI] ?? [])}`)
      .join('\n') || 'nothing',
  hints: (document) =>
    inlayHintsOf(document, WHOLE)
      .map(({ position, label }) => `${position.line + 1}:${position.character + 1} ${String(label)}`)
      .join('\n'),
  examples: (document) =>
    examplesOf(document)
      .map(({ name, range, expectations }) => {
        const expected = expectations.map((each) => `  ${each.name} ${place(document, each.range)}`);
        return [`${lines(range)} ${name}`, ...expected].join('\n');
      })
      .join('\n'),
  lines: (document) => edited(document, formatLines(document, WHOLE)),
  tokens: (document) => {
    const { data } = semanticTokensOf(document);
    const found: string[] = [];
    let [line, character] = [0, 0];
    for (let i = 0; i < data.length; i += 5) {
      const [down = 0, right = 0, length = 0, type = 0, bits = 0] = data.slice(i, i + 5);
      character = down > 0 ? right : character + right;
      line += down;
      const modifiers = LEGEND.tokenModifiers.filter((_, bit) => (bits >> bit) & 1);
      const text = document.text.getText({ start: { line, character }, end: { line, character: character + length } });
      found.push([`${line + 1}:${character + 1}`, text, LEGEND.tokenTypes[type], ...modifiers].join(' '));
    }
    return found.join('\n');
  },
};

describe('the services of the editor', () => {
  for (const service of readdirSync(SERVICES).sort()) {
    for (const file of readdirSync(join(SERVICES, service)).sort()) {
      if (!file.endsWith('.merf')) continue;
      it(`${service}: ${file.slice(0, -5).replaceAll('_', ' ')}`, () => {
        const { text, positions } = marksIn(readFileSync(join(SERVICES, service, file), 'utf8'));
        const document = openDocument(TextDocument.create(URI, 'merf', 1, text));
        const whole = ofText[service];
        const one = atCursor[service];
        assert.ok(whole || (one && positions.length > 0), `${service} is no service, or the text has no mark`);
        const answer = whole
          ? whole(document)
          : positions.map((position) => `── ${shown(document, position)}\n${one?.(document, position)}`).join('\n\n');
        compare(join(SERVICES, service, `${file.slice(0, -5)}.txt`), `${answer}\n`);
      });
    }
  }

  it('has texts for every service', () => {
    assert.deepEqual(readdirSync(SERVICES).sort(), [...Object.keys(atCursor), ...Object.keys(ofText)].sort());
  });
});

function compare(path: string, actual: string): void {
  if (accepts) writeFileSync(path, actual);
  assert.equal(actual, existsSync(path) ? readFileSync(path, 'utf8') : null);
}

/** The line with its mark in it. */
function shown({ text }: EditorDocument, { line, character }: Position): string {
  const whole = text.getText({ start: { line, character: 0 }, end: { line, character: 1e6 } }).replace(/\r?\n$/, '');
  return `${line + 1}: ${whole.slice(0, character)}<|>${whole.slice(character)}`;
}

function place({ text }: EditorDocument, range: Range): string {
  const { start, end } = range;
  const first = text.getText(range).split('\n')[0] ?? '';
  return `${start.line + 1}:${start.character + 1}-${end.line + 1}:${end.character + 1} ${first}`.trim();
}

function places(document: EditorDocument, found: Location | readonly Location[] | null): string {
  const all = found === null ? [] : 'uri' in found ? [found] : found;
  const sorted = [...all].sort((a, b) => a.range.start.line - b.range.start.line);
  return (
    sorted.map(({ uri, range }) => (uri === URI ? place(document, range) : `${uri} ${lines(range)}`)).join('\n') ||
    'nothing'
  );
}

function lines({ start, end }: Range): string {
  return start.line === end.line ? `${start.line + 1}` : `${start.line + 1}-${end.line + 1}`;
}

/** The lines that are different afterwards. */
function edited({ text }: EditorDocument, edits: readonly TextEdit[]): string {
  const before = text.getText().split('\n');
  const after = TextDocument.applyEdits(text, [...edits]).split('\n');
  let same = 0;
  while (same < before.length && before[same] === after[same]) same++;
  let tail = 0;
  while (tail < before.length - same && tail < after.length - same && before.at(-1 - tail) === after.at(-1 - tail))
    tail++;
  const gone = before.slice(same, before.length - tail).map((line) => `- ${line}`.trimEnd());
  const come = after.slice(same, after.length - tail).map((line) => `+ ${line}`.trimEnd());
  return [...gone, ...come].join('\n');
}

const TABLES: readonly [name: string, entries: readonly { name: string }[]][] = [
  ['every function', FUNCTIONS],
  ['every kind of capture', EXTRACTORS],
  ['every task', TASKS],
  ['every setting', SETTINGS],
  ['every metric', METRICS],
];

/** In the order in which the editor shows them. */
function listed(items: readonly CompletionItem[]): string {
  let labels = [...items]
    .sort((a, b) => (a.sortText ?? a.label).localeCompare(b.sortText ?? b.label))
    .map(({ label, detail }) => (detail && detail !== label ? `${label}  (${detail})` : label));
  const found: string[] = [];
  for (const [name, entries] of TABLES) {
    const names = new Set(entries.map((entry) => entry.name));
    if (![...names].every((each) => items.some(({ label }) => label === each))) continue;
    labels = labels.filter((label) => !names.has(label.split('  ')[0] ?? ''));
    found.push(name);
  }
  return [...labels, ...found].join('\n') || 'nothing';
}
