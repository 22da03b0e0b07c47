// Completion: what the grammar allows at the cursor (Langium's completion parser tells), with the names that fit there.
// Only the text from the last section or rule above the cursor is parsed, so that a mistake elsewhere does no harm.
// Inside a text the holes are offered once a brace is open, and paths where the text is one.

import { AstUtils, GrammarAST, type LangiumCoreServices } from 'langium';
import { findNextFeatures } from 'langium/lsp';
import { type CompletionItem, CompletionItemKind, InsertTextFormat, type Position } from 'vscode-languageserver';
import { keywordDoc } from '../keywords.ts';
import { coreServices } from '../parse.ts';
import type { EditorDocument } from './document.ts';
import { markdown } from './hover.ts';
import { holesIn, namesFor } from './names.ts';
import { pathsIn } from './paths.ts';
import { SNIPPETS } from './snippets.ts';

/** What the grammar allows next: words of the language, and places (`Call.function`) where a name is needed. */
interface Allowed {
  words: Set<string>;
  places: Set<string>;
}

/** `trigger`: the character whose typing asked for it; left out: a person did. */
export function completionsAt(document: EditorDocument, position: Position, trigger?: string): CompletionItem[] {
  const before = document.text.getText({ start: { line: 0, character: 0 }, end: position });
  const section = lastSection(before);
  const quoted = openText(section, coreServices());
  if (quoted !== null) {
    if (/(?<!\{)(?:\{\{)*\{[\w.]*$/.test(quoted)) return holesIn(document, section);
    return pathsIn(document, position, section.slice(0, section.length - quoted.length), quoted.slice(1));
  }
  // These begin a text or a path in it, and end a text or an expression.
  if (trigger === '"' || trigger === '/') return [];

  // The word that is being typed does not count as written.
  const prefix = section.replace(/[A-Za-z_]\w*$/, '');
  if (/\/\/[^\n]*$/.test(prefix.replace(/"(?:\\.|[^"\\\n])*"/g, ''))) return [];
  const { words, places } = allowedAfter(prefix);
  const items = [...places].flatMap((place) => namesFor(place, document, prefix));
  for (const word of words) {
    const entry = keywordDoc(word, '');
    items.push({
      label: word,
      kind: CompletionItemKind.Keyword,
      ...(entry && { documentation: markdown(entry.example, entry.doc) }),
      sortText: `2${word}`,
    });
    const snippet = SNIPPETS[word];
    if (snippet === undefined || !isLineStart(prefix)) continue;
    items.push({
      label: `${word} …`,
      filterText: word,
      kind: CompletionItemKind.Snippet,
      insertText: snippet,
      insertTextFormat: InsertTextFormat.Snippet,
      detail: `a whole ${word}`,
      sortText: `3${word}`,
    });
  }
  return distinct(items);
}

function isLineStart(prefix: string): boolean {
  return /(^|\n|[{])[ \t]*$/.test(prefix);
}

function distinct(items: readonly CompletionItem[]): CompletionItem[] {
  const byLabel = new Map<string, CompletionItem>();
  for (const item of items) if (!byLabel.has(item.label)) byLabel.set(item.label, item);
  return [...byLabel.values()];
}

const SECTION =
  /^(?:experiment|import|task|prompt|response|verifier|judge|reward|motivation|arm|train|stage|watch|example)\b/gm;
const RULE = /^[ \t]+rule\b/gm;
const CASE = /^[ \t]*[+-]?(?:\d[\d.]*|\()/gm;

/** The text from the last line that begins with the name of a section. */
export function lastSection(before: string): string {
  return before.slice(lastMatch(SECTION, before) ?? 0);
}

function lastMatch(pattern: RegExp, text: string): number | null {
  let last: number | null = null;
  for (const match of text.matchAll(pattern)) last = match.index;
  return last;
}

/** What may follow a text, read as narrowly as it takes to understand all of it. */
function allowedAfter(section: string): Allowed {
  const ways = [section];
  const rule = lastMatch(RULE, section);
  if (section.startsWith('reward') && rule !== null) {
    const body = section.slice(rule);
    ways.push(`reward {\n${body}`);
    const start = lastMatch(CASE, body);
    if (start !== null) ways.push(`reward {\nrule x {\n${body.slice(start)}`);
  }
  for (const way of ways) {
    const allowed = featuresAfter(way);
    if (allowed) return allowed;
  }
  return { words: new Set(), places: new Set() };
}

/** null: the text before the cursor has a mistake in it. */
function featuresAfter(text: string): Allowed | null {
  const { Grammar, parser } = coreServices();
  const allowed: Allowed = { words: new Set(), places: new Set() };
  const { tokens, tokenIndex, elementStack } = parser.CompletionParser.parse(text);
  if (tokens.length === 0) {
    for (const rule of Grammar.rules) if (rule.name === 'Section') collectFirst(rule, allowed, new Set());
    return allowed;
  }
  if (tokenIndex < tokens.length - 2) return null;
  const stack = elementStack.map((feature) => ({ feature }));
  for (const { feature } of findNextFeatures([stack], tokens.slice(tokenIndex))) collect(feature, allowed);
  return allowed.words.size + allowed.places.size === 0 && tokenIndex < tokens.length ? null : allowed;
}

function collect(feature: GrammarAST.AbstractElement, allowed: Allowed): void {
  if (GrammarAST.isKeyword(feature)) {
    if (/^[a-z]/.test(feature.value)) allowed.words.add(feature.value);
    return;
  }
  if (!GrammarAST.isRuleCall(feature) || feature.rule.ref?.name !== 'ID') return;
  const rule = AstUtils.getContainerOfType(feature, GrammarAST.isParserRule);
  const assignment = AstUtils.getContainerOfType(feature, GrammarAST.isAssignment);
  if (rule) allowed.places.add(`${rule.name}.${assignment?.feature ?? ''}`);
}

/** The first words of every alternative of a rule. */
function collectFirst(rule: GrammarAST.AbstractRule, allowed: Allowed, seen: Set<string>): void {
  if (seen.has(rule.name)) return;
  seen.add(rule.name);
  for (const element of AstUtils.streamAllContents(rule)) {
    if (GrammarAST.isKeyword(element)) {
      allowed.words.add(element.value);
      return;
    }
    if (GrammarAST.isRuleCall(element) && rule.name === 'Section' && element.rule.ref) {
      collectFirst(element.rule.ref, allowed, seen);
    }
  }
}

/** What stands in the text the cursor is in; null when it is in none. */
function openText(section: string, { parser }: LangiumCoreServices): string | null {
  const last = parser.Lexer.tokenize(section).tokens.at(-1);
  const isOpen = last?.tokenType.name === 'OPEN_STRING' || last?.tokenType.name === 'OPEN_TRIPLE';
  return last && isOpen ? last.image : null;
}
