// The words of a mathematical answer, without what only dresses it. A comma between thousands belongs to its number; a
// word of three letters and more that is neither a function nor a unit makes the answer a text, not mathematics.

export type Token = string;

/** Not understood. */
export class Failure extends Error {}

const LONGEST = 1000;

/** Commands and signs that mean something else, or nothing. Each pattern is linear: none repeats inside a repetition. */
const REPLACED: readonly [RegExp, string][] = [
  [/\\\$|\\[()[\]]|\$|\\displaystyle|\\limits/g, ' '],
  [/\\left(?![a-z])|\\right(?![a-z])|\\[bB]igg?[lr]?(?![a-z])/g, ''],
  [/\\[,;:!> ]|\\q?quad|~|&|\\\\/g, ' '],
  [/\\[dtc]frac/g, '\\frac'],
  [/\^\s*\{?\s*\\circ\s*\}?|°|\\degree/g, ' '],
  [/\\%|％/g, '%'],
  [/\\(?:cdot|times|ast)(?![a-z])|[×·⋅∗]/g, '*'],
  [/\\div(?![a-z])|÷/g, '/'],
  [/[−–]/g, '-'],
  [/\*\*/g, '^'],
  [/²/g, '^2'],
  [/³/g, '^3'],
  [/√/g, 'sqrt '],
  [/π/g, '\\pi '],
  [/∞|\\infinity/g, '\\infty '],
  [/∪/g, '\\cup '],
  [/∈/g, '\\in '],
  [/±/g, '\\pm '],
  [/\\(?:lvert|rvert|vert|mid)(?![a-z])/g, '|'],
  [/\\lbrace/g, '\\{'],
  [/\\rbrace/g, '\\}'],
  [/\\operatorname|\\mathbb|\\mathbf|\\mathrm(?=\{[a-z]\})/g, ''],
];

/** Words that say in what something is counted. */
const UNITS = new Set(
  'cm mm km m ft inch inches feet foot yard yards mile miles meter meters metre metres square cubic unit units degree degrees radians dollar dollars cent cents euro euros hour hours minute minutes min second seconds sec day days week weeks month months year years kg gram grams liter liters litre litres percent mph kmh people pounds lbs'.split(
    ' ',
  ),
);

const TOKEN = /\s+|[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?|\.[0-9]+|\\[A-Za-z]+|\\[{}]|[A-Za-z]+|[+\-*/^=(),;[\]{}|%!_]/y;

/** @throws Failure where something is there that is not understood. */
export function tokens(text: string): Token[] {
  if (text.length > LONGEST) throw new Failure();
  let rest = unwrapped(text.trim().replace(/\.\s*$/, ''));
  for (const [pattern, by] of REPLACED) rest = rest.replace(pattern, by);
  rest = withoutThousands(rest);
  const found: Token[] = [];
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < rest.length; ) {
    const token = TOKEN.exec(rest)?.[0];
    if (token === undefined) throw new Failure();
    if (/^\s/.test(token)) continue;
    if (!/^[A-Za-z]{2,}$/.test(token)) found.push(token);
    else found.push(...lettersOf(token, found));
  }
  if (found.length === 0) throw new Failure();
  return found;
}

const WORDS = new Set('sin cos tan arcsin arccos arctan ln log exp sqrt abs pi inf infty and or'.split(' '));

/** Two letters are two variables; a longer word is a function, a unit after something, or not mathematics. */
function lettersOf(word: string, before: readonly Token[]): Token[] {
  if (WORDS.has(word)) return [word];
  if (UNITS.has(word.toLowerCase()) && before.length > 0) return word === 'percent' ? ['%'] : [];
  if (word.length > 2) throw new Failure();
  return [...word];
}

/** `\boxed{…}` is what is in it; `\text{ cm}` after something is a unit, alone it is its words. */
function unwrapped(text: string): string {
  return text
    .replace(/^\s*\\f?box(?:ed)?\s*\{([\s\S]*)\}\s*$/, '$1')
    .replace(/\\(?:text|textbf|textit|mbox|mathrm|rm)\s*\{([^{}]*)\}(?:\^\{?[23]\}?)?/g, (_whole, inside, at) => {
      const words = String(inside).trim();
      if (/^(?:and|or)$/.test(words)) return ` ${words} `;
      return Number(at) > 0 && !/[0-9]/.test(words) ? ' ' : ` ${words} `;
    });
}

/** Commas in a number of an answer that is no list in brackets: there `(100,200)` is two numbers. */
function withoutThousands(text: string): string {
  if (/[([]|\\\{/.test(text)) return text;
  return text.replace(/(?<![0-9.])[0-9]{1,3}(?:(?:,|\{,\})[0-9]{3})+(?![0-9])/g, (number) =>
    number.replace(/[^0-9]/g, ''),
  );
}
