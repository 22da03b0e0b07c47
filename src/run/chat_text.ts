// What a text of the model consists of: the reasoning (inside <think>), the answer (inside <answer>) and the rest; and
// what a chat prompt consists of (ChatML, and Llama's headers). Only for showing: scoring reads captures. Pure.

export interface Part {
  kind: 'reasoning' | 'answer' | 'rest';
  /** Character offsets in the response: the part's own text, without its tags. */
  from: number;
  to: number;
  text: string;
}

/** The parts of a response in their order; a tag that is never closed reaches to the end. Blank rests are left out. */
export function partsOf(response: string): Part[] {
  const parts: Part[] = [];
  const add = (kind: Part['kind'], from: number, to: number) => {
    const text = response.slice(from, to);
    if (kind !== 'rest' || text.trim() !== '') parts.push({ kind, from, to, text });
  };
  let at = 0;
  while (at < response.length) {
    const opening = nextTag(response, at);
    if (!opening) break;
    add('rest', at, opening.start);
    const closing = response.indexOf(`</${opening.tag}>`, opening.end);
    const end = closing < 0 ? response.length : closing;
    add(opening.tag === 'think' ? 'reasoning' : 'answer', opening.end, end);
    at = closing < 0 ? response.length : closing + opening.tag.length + 3;
  }
  add('rest', at, response.length);
  return parts;
}

function nextTag(text: string, from: number): { tag: 'think' | 'answer'; start: number; end: number } | null {
  const found = (['think', 'answer'] as const)
    .map((tag) => ({ tag, start: text.indexOf(`<${tag}>`, from) }))
    .filter(({ start }) => start >= 0)
    .sort((a, b) => a.start - b.start)[0];
  return found ? { ...found, end: found.start + found.tag.length + 2 } : null;
}

export interface Message {
  role: string;
  text: string;
}

const CHAT_ML = /<\|im_start\|>(\w+)\n([\s\S]*?)(?:<\|im_end\|>|$)/g;
const LLAMA = /<\|start_header_id\|>(\w+)<\|end_header_id\|>\n\n([\s\S]*?)(?:<\|eot_id\|>|$)/g;

/** The messages of a rendered chat prompt, the empty start of the response left out; [] when it is in no known form. */
export function messagesOf(prompt: string): Message[] {
  for (const form of [CHAT_ML, LLAMA]) {
    const messages = [...prompt.matchAll(form)].map(([, role = '', text = '']) => ({ role, text: text.trim() }));
    if (messages.length > 0) return messages.filter(({ role, text }) => role !== 'assistant' || text !== '');
  }
  return [];
}

/** One token's text with the numbers to colour it by, inside one part of the response. */
export interface TokenSpan {
  text: string;
  index: number;
}

/**
 * The tokens of the characters from `from` to `to`; a token over the border is cut. Null when the tokens' texts do not
 * join to the response (bytes of a character split over tokens): then only the whole list can be shown.
 */
export function tokensWithin(response: string, texts: readonly string[], from: number, to: number): TokenSpan[] | null {
  const spans: TokenSpan[] = [];
  let at = 0;
  for (const [index, text] of texts.entries()) {
    if (at >= response.length) break;
    if (!response.startsWith(text, at)) return null;
    const [start, end] = [Math.max(from, at), Math.min(to, at + text.length)];
    if (start < end) spans.push({ text: response.slice(start, end), index });
    at += text.length;
  }
  return at < Math.min(to, response.length) ? null : spans;
}
