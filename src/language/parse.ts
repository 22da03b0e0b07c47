// Text to syntax tree, by the parser Langium makes from merf.langium. Synchronous, no workspace, no file system.
// A broken file gives a partial tree: any property of a node may be missing then, whatever its type says.

import {
  createDefaultCoreModule,
  createDefaultSharedCoreModule,
  EmptyFileSystem,
  inject,
  type LangiumCoreServices,
  type ParseResult,
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

function read(image: string): string {
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

export interface Parsed extends ParseResult<File> {
  /** Some text in it has no closing quote. */
  hasOpenText: boolean;
}

export function parse(text: string): Parsed {
  const { parser } = coreServices();
  hasOpenText = false;
  const result = parser.LangiumParser.parse<File>(text);
  return { ...result, hasOpenText };
}
