// Markdown and mathematics of a model's text as elements. markdown-it reads it into tokens, with markup in it off;
// elements are made here, of a short list of tags, and everything else stays text. Links and pictures are written out as
// their words and address: nothing can be clicked, nothing is loaded. Formulas are KaTeX's, without its trusted
// commands, with limits on macros and sizes; one that it does not take stays as written.

import katex from 'katex';
import MarkdownIt, { type StateInline, type Token } from 'markdown-it';
import { element } from '../element.ts';
import type { ShownText } from './shown_text.ts';

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
/** Longest text that is read as Markdown, longest formula, and most formulas of a text. */
export const LONGEST_MARKDOWN = 100_000;
const LONGEST_FORMULA = 2000;
const MOST_FORMULAS = 300;

const reader = new MarkdownIt({ html: false, linkify: false, breaks: true, maxNesting: 40 });
reader.inline.ruler.before('escape', 'formula', formula);

/** Fills an element; characters are counted from 0 in the order in which they are shown. */
export function appendMarkdown(parent: HTMLElement, text: string, shown: ShownText): void {
  const budget = { formulas: MOST_FORMULAS };
  appendTokens(parent, reader.parse(text, {}), shown, budget);
}

function appendTokens(
  top: HTMLElement,
  tokens: readonly Token[],
  shown: ShownText,
  budget: { formulas: number },
): void {
  const open: HTMLElement[] = [top];
  const here = () => open.at(-1) ?? top;
  const words = (text: string, parent: HTMLElement = here()) => shown.append(parent, text, Number.MAX_SAFE_INTEGER);
  for (const token of tokens) {
    if (token.hidden) continue;
    if (token.nesting === 1) {
      const made = opened(token);
      here().append(made);
      open.push(made);
    } else if (token.nesting === -1) {
      const closed = open.length > 1 ? open.pop() : undefined;
      const address = closed?.dataset.address;
      if (closed && address) words(` (${address})`, closed);
    } else if (token.type === 'inline') appendTokens(here(), token.children ?? [], shown, budget);
    else if (token.type === 'code_inline') words(token.content, here().appendChild(element('code')));
    else if (token.type === 'fence' || token.type === 'code_block')
      words(token.content, here().appendChild(element('pre', { class: 'code' })));
    else if (token.type === 'softbreak' || token.type === 'hardbreak') here().append(element('br'));
    else if (token.type === 'hr') here().append(element('hr'));
    else if (token.type === 'image') words(`[${token.content}] (${token.attrGet('src') ?? ''})`);
    else if (token.type === 'formula') appendFormula(here(), token, words, budget);
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
  budget: { formulas: number },
): void {
  const isDisplay = token.markup === '$$' || token.markup === '\\[';
  const place = parent.appendChild(element('span', { class: isDisplay ? 'formula display' : 'formula' }));
  try {
    if (token.content.length > LONGEST_FORMULA || --budget.formulas < 0) throw new RangeError('too much');
    katex.render(token.content, place, {
      displayMode: isDisplay,
      throwOnError: true,
      trust: false,
      strict: 'ignore',
      maxExpand: 200,
      maxSize: 12,
      output: 'htmlAndMathml',
    });
  } catch {
    place.replaceChildren();
    place.className = 'formula unread';
    words(`${token.markup}${token.content}${token.info}`, place);
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
