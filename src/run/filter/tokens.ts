// The words of a filter: names, numbers, texts in quotation marks, signs. Anything else is a token of its own, so that
// the parser can say where it stands.

export interface Token {
  kind: 'name' | 'number' | 'text' | 'sign' | 'open';
  /** As written; of a text, what it says. */
  text: string;
  from: number;
  to: number;
}

const TOKEN =
  /\s*(?:(?<name>[\p{L}_][\p{L}\p{N}_]*)|(?<number>[-−+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)|(?<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?<open>["'][\s\S]*)|(?<sign><=|>=|==|!=|&&|\|\||[\s\S]))/uy;

/** `open` is a text whose closing mark is missing; it reaches to the end. */
export function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(source); match?.groups; match = TOKEN.exec(source)) {
    const { name, number, text, open, sign } = match.groups;
    const to = TOKEN.lastIndex;
    const written = name ?? number ?? text ?? open ?? sign ?? '';
    if (written.trim() === '') continue;
    const place = { from: to - written.length, to };
    if (text !== undefined) tokens.push({ kind: 'text', text: text.slice(1, -1).replace(/\\(.)/gs, '$1'), ...place });
    else if (open !== undefined) tokens.push({ kind: 'open', text: open.slice(1), ...place });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name, ...place });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number.replace('−', '-'), ...place });
    else tokens.push({ kind: 'sign', text: written, ...place });
  }
  return tokens;
}
