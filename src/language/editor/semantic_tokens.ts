// Colours by meaning: what each name in the text is, and which columns are secret. Words of the language, numbers and
// texts are coloured by the grammar in syntaxes/.

import { type SemanticTokens, SemanticTokensBuilder, type SemanticTokensLegend } from 'vscode-languageserver';
import type { SymbolKind } from '../analysis.ts';
import type { EditorDocument } from './document.ts';

/** The standard types of the protocol, so that every theme has a colour for them. */
const TYPES = {
  experiment: 'namespace',
  task: 'namespace',
  argument: 'parameter',
  column: 'property',
  capture: 'variable',
  rule: 'class',
  variable: 'parameter',
  builtin: 'variable',
  function: 'function',
  extractor: 'function',
  verifier: 'function',
  judge: 'function',
  motivation: 'interface',
  arm: 'struct',
  stage: 'struct',
  setting: 'property',
  metric: 'enumMember',
  hole: 'macro',
} as const satisfies Record<SymbolKind, string>;

const TYPE_NAMES: readonly string[] = [...new Set(Object.values(TYPES))];
/** `secret` is this language's own: a column that the model must never see. */
const MODIFIERS = ['declaration', 'defaultLibrary', 'secret'];

export const LEGEND: SemanticTokensLegend = { tokenTypes: [...TYPE_NAMES], tokenModifiers: MODIFIERS };

/** A name, or a hole in a text. */
const NAME = /^(?:[A-Za-z_]\w*|\{[^{}\n]*\})$/;

const LIBRARY: readonly SymbolKind[] = ['builtin', 'function', 'extractor', 'metric', 'setting', 'task'];

export function semanticTokensOf({ text, analysed }: EditorDocument): SemanticTokens {
  const builder = new SemanticTokensBuilder();
  // In a broken text what lacks its name is known by all of its span, which is no name.
  const named = analysed.analysis.occurrences.filter(({ span }) =>
    NAME.test(analysed.analysis.text.slice(span.start, span.end)),
  );
  for (const { span, thing } of named.sort((a, b) => a.span.start - b.span.start)) {
    const { line, character } = text.positionAt(span.start);
    const modifiers = [
      thing.definition?.start === span.start,
      LIBRARY.includes(thing.kind),
      thing.isSecret === true,
    ].reduce((bits, isOn, index) => (isOn ? bits | (1 << index) : bits), 0);
    builder.push(line, character, span.end - span.start, TYPE_NAMES.indexOf(TYPES[thing.kind]), modifiers);
  }
  return builder.build();
}
