// Markdown and mathematics of a model's text as elements. markdown-it reads it into tokens, with markup in it off;
// elements are made here, of a short list of tags, and everything else stays text. Links and pictures are written out as
// their words and address: nothing can be clicked, nothing is loaded. Formulas are KaTeX's, without its trusted
// commands, with limits on macros and sizes; one that it does not take stays as written. Where each shown word stands in
// the text is found again in its block (source_places.ts), so that evidence can be highlighted here too.

import katex from 'katex';
import MarkdownIt, { type StateInline, type Token } from 'markdown-it';
import { element } from '../element.ts';
import { NOWHERE, type ShownText } from './shown_text.ts';
import { SourcePlaces } from './source_places.ts';

const TAGS = new Set([
  'p',
  'ul',
  'ol',
  'li',
  'blockquote',
  'em',
  'strong',
  's',
  'table',
  'thead',
  'tbody',
  'tr',
  'th',
  'td',
  'hr',
]);
/** Longest formula, and most formulas of a text. */
const LONGEST_FORMULA = 2000;
const MOST_FORMULAS = 300;

const reader = new MarkdownIt({ html: false, linkify: false, breaks: true, maxNesting: 40 });
reader.inline.ruler.before('escape', 'formula', formula);

interface Filling {
  shown: ShownText;
  places: SourcePlaces;
  /** Where the text begins in the response. */
  from: number;
  /** Formulas that may still be made. */
  formulas: number;
}

/** Fills an element; `from` is the place of the text's first character. */
export function appendMarkdown(parent: HTMLElement, text: string, shown: ShownText, from: number): void {
  appendTokens(parent, reader.parse(text, {}), {
    shown,
    places: new SourcePlaces(text),
    from,
    formulas: MOST_FORMULAS,
  });
}

function appendTokens(top: HTMLElement, tokens: readonly Token[], filling: Filling): void {
  const { shown, places, from } = filling;
  const open: HTMLElement[] = [top];
  const here = () => open.at(-1) ?? top;
  /** Words that stand in the text; those that do not, for example an entity's letter, have no place. */
  const words = (text: string, parent: HTMLElement = here()) => {
    for (const { part, at } of places.find(text)) shown.append(parent, part, at === null ? NOWHERE : from + at);
  };
  for (const token of tokens) {
    if (token.map) places.enter(token.map);
    if (token.hidden) continue;
    if (token.nesting === 1) {
      const made = opened(token);
      here().append(made);
      open.push(made);
    } else if (token.nesting === -1) {
      const closed = open.length > 1 ? open.pop() : undefined;
      const address = closed?.dataset.address;
      if (closed && address) words(` (${address})`, closed);
    } else if (token.type === 'inline') appendTokens(here(), token.children ?? [], filling);
    else if (token.type === 'code_inline') words(token.content, here().appendChild(element('code')));
    else if (token.type === 'fence' || token.type === 'code_block')
      words(token.content, here().appendChild(element('pre', { class: 'code' })));
    else if (token.type === 'softbreak' || token.type === 'hardbreak') here().append(element('br'));
    else if (token.type === 'hr') here().append(element('hr'));
    else if (token.type === 'image') words(`[${token.content}] (${token.attrGet('src') ?? ''})`);
    else if (token.type === 'formula') appendFormula(here(), token, words, filling);
    else words(token.content);
  }
}

function opened(token: Token): HTMLElement {
  if (/^h[1-6]$/.test(token.tag)) return element('p', { class: 'heading', role: 'heading', 'aria-level': '6' });
  if (token.tag === 'a')
    return element('span', { class: 'address', 'data-address': String(token.attrGet('href') ?? '') });
  if (!TAGS.has(token.tag)) return element('span');
  return document.createElement(token.tag);
}

function appendFormula(
  parent: HTMLElement,
  token: Token,
  words: (text: string, parent: HTMLElement) => void,
  filling: Filling,
): void {
  const whole = `${token.markup}${token.content}${token.info}`;
  const isDisplay = token.markup === '$$' || token.markup === '\\[';
  const place = parent.appendChild(element('span', { class: isDisplay ? 'formula display' : 'formula' }));
  try {
    if (token.content.length > LONGEST_FORMULA || --filling.formulas < 0) throw new RangeError('too much');
    katex.render(token.content, place, {
      displayMode: isDisplay,
      throwOnError: true,
      trust: false,
      strict: 'ignore',
      maxExpand: 200,
      maxSize: 12,
      output: 'htmlAndMathml',
    });
    const at = filling.places.findWhole(whole);
    if (at !== null) filling.shown.appendMade(place, filling.from + at, whole.length);
  } catch {
    place.replaceChildren();
    place.className = 'formula unread';
    words(whole, place);
  }
}

const FORMULA = /\$\$([^$]+)(\$\$)|\$(?!\s)([^$\n]+?)(?<!\s)(\$)(?!\d)|\\\(([\s\S]+?)(\\\))|\\\[([\s\S]+?)(\\\])/y;

/** `$…$`, `\(…\)`, `$$…$$`, `\[…\]` */
function formula(state: StateInline, silent: boolean): boolean {
  const first = state.src[state.pos];
  if (first !== '$' && first !== '\\') return false;
  FORMULA.lastIndex = state.pos;
  const match = FORMULA.exec(state.src);
  if (!match) return false;
  const [whole, , doubled, , single] = match;
  if (!silent) {
    const token = state.push('formula', '', 0);
    token.content = match[1] ?? match[3] ?? match[5] ?? match[7] ?? '';
    token.markup = doubled ?? single ?? whole.slice(0, 2);
    token.info = match[2] ?? match[4] ?? match[6] ?? match[8] ?? '';
  }
  state.pos += whole.length;
  return true;
}
