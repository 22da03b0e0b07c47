// Text to syntax tree, by the parser Langium makes from merf.langium. Synchronous, no workspace, no file system.
// A broken file gives a partial tree: any property of a node may be missing then, whatever its type says.

import {
  type CstNode,
  createDefaultCoreModule,
  createDefaultSharedCoreModule,
  EmptyFileSystem,
  inject,
  type LangiumCoreServices,
} from 'langium';
import type { File } from './generated/ast.ts';
import { MerfGeneratedModule, MerfGeneratedSharedModule } from './generated/module.ts';
import { MerfTokenBuilder } from './tokens.ts';

/** What differs from Langium's defaults; the server uses it too. */
export const MerfParserModule = {
  parser: {
    TokenBuilder: () => new MerfTokenBuilder(),
    /** Nodes hold the tokens as they are written; literals.ts reads them. */
    ValueConverter: () => ({ convert: read }),
  },
};

/** Whether a text that was just read had no closing quote. */
let hasOpenText = false;

/** The text as it is written, while names in it stand for those that no name may be made of. */
let written: string | null = null;

function read(token: string, { offset, end }: Pick<CstNode, 'offset' | 'end'>): string {
  const image = written?.slice(offset, end) ?? token;
  if (image.startsWith('"') && isOpenText(image)) hasOpenText = true;
  return image;
}

/** Whether a text in quotes, as it is written, has no closing quote. */
export function isOpenText(image: string): boolean {
  if (image.startsWith('"""')) return image.length < 6 || !image.endsWith('"""');
  return !/^"(\\.|[^"\\])*"$/.test(image);
}

let services: LangiumCoreServices | null = null;

/** Langium's services for this language, made once. */
export function coreServices(): LangiumCoreServices {
  if (services) return services;
  const shared = inject(createDefaultSharedCoreModule(EmptyFileSystem), MerfGeneratedSharedModule);
  services = inject(createDefaultCoreModule({ shared }), MerfGeneratedModule, MerfParserModule);
  shared.ServiceRegistry.register(services);
  return services;
}

export interface Parsed {
  value: File;
  /** Characters that begin nothing. */
  lexerErrors: { offset: number; length: number }[];
  parserErrors: ParserError[];
  /** Some text in it has no closing quote. */
  hasOpenText: boolean;
}

/** Where the parser stumbled. */
export interface ParserError {
  /** Of the token; null: the end of the text. */
  offset: number | null;
  image: string;
  /** The grammar's rules it was in, the outermost first. */
  rules: string[];
}

/** A name in letters that no name may be made of is one mistake: what stands around it is read as if it were a name. */
export function parse(text: string): Parsed {
  const parsed = parseOnce(text);
  const named = withPlainNames(text, parsed.lexerErrors);
  if (named === text) return parsed;
  written = text;
  try {
    return { ...parseOnce(named), lexerErrors: parsed.lexerErrors };
  } finally {
    written = null;
  }
}

/** Every letter that begins nothing is an x; every place stays where it is. */
function withPlainNames(text: string, unread: Parsed['lexerErrors']): string {
  let named = '';
  let from = 0;
  for (const { offset, length } of unread) {
    const letters = text
      .slice(offset, offset + length)
      .replace(/[\p{L}\p{M}]/gu, (letter) => 'x'.repeat(letter.length));
    named += text.slice(from, offset) + letters;
    from = offset + length;
  }
  return named + text.slice(from);
}

function parseOnce(text: string): Parsed {
  const { parser } = coreServices();
  hasOpenText = false;
  const { value, lexerErrors, parserErrors } = parser.LangiumParser.parse<File>(text);
  return {
    value,
    lexerErrors: lexerErrors.map(({ offset, length }) => ({ offset, length })),
    parserErrors: parserErrors.map(({ token, context }) => ({
      offset: Number.isNaN(token.startOffset) || token.image === '' ? null : token.startOffset,
      image: written === null ? token.image : written.slice(token.startOffset, (token.endOffset ?? 0) + 1),
      // Langium ends the names of its rules with a zero-width space.
      rules: context.ruleStack.map((name) => name.replace('\u200B', '')),
    })),
    hasOpenText,
  };
}
