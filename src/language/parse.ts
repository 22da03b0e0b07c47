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
    ValueConverter: () => ({ convert: (image: string) => image }),
  },
};

let services: LangiumCoreServices | null = null;

/** Langium's services for this language, made once. */
export function coreServices(): LangiumCoreServices {
  if (services) return services;
  const shared = inject(createDefaultSharedCoreModule(EmptyFileSystem), MerfGeneratedSharedModule);
  services = inject(createDefaultCoreModule({ shared }), MerfGeneratedModule, MerfParserModule);
  shared.ServiceRegistry.register(services);
  return services;
}

export function parse(text: string): ParseResult<File> {
  return coreServices().parser.LangiumParser.parse<File>(text);
}
