// All .merf files in the editor's folders: their symbols, and which of them import others. Open texts as they stand, other
// files as they are on disk, read again when they changed. Beside dependencies.ts the only service that touches the disk.

import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { SymbolInformation } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { readSource } from '../check.ts';
import { type EditorDocument, openDocument } from './document.ts';
import { symbolsOf } from './outline.ts';
import { pathOf } from './uri.ts';

const AT_MOST = 500;
const DEEPEST = 8;
const PASSED_OVER = new Set(['node_modules', 'dist', 'out']);

interface Known {
  /** Time of the last change and size. */
  stamp: string;
  symbols: SymbolInformation[];
}

export class WorkspaceSymbols {
  private readonly folders: readonly string[];
  private readonly known = new Map<string, Known>();

  constructor(folders: readonly string[]) {
    this.folders = folders;
  }

  /** Symbols whose name has the query's letters in their order. */
  async find(query: string, open: readonly EditorDocument[]): Promise<SymbolInformation[]> {
    const found = open.flatMap(symbolsIn);
    const openPaths = new Set(open.map(({ text }) => pathOf(text.uri)));
    for (const folder of this.folders) {
      for (const path of await merfFiles(folder)) if (!openPaths.has(path)) found.push(...(await this.symbolsOf(path)));
    }
    return found.filter(({ name }) => matches(name, query));
  }

  /** Files that are not open and import others. */
  async importing(open: readonly EditorDocument[]): Promise<TextDocument[]> {
    const openPaths = new Set(open.map(({ text }) => pathOf(text.uri)));
    const paths = (await Promise.all(this.folders.map((folder) => merfFiles(folder)))).flat();
    const texts = [...new Set(paths)].map(async (path) => {
      if (openPaths.has(path)) return [];
      try {
        const text = await readSource(path);
        return /^\s*import\b/m.test(text) ? [TextDocument.create(pathToFileURL(path).href, 'merf', 0, text)] : [];
      } catch {
        // Gone, or not to be read: it names nothing.
        return [];
      }
    });
    return (await Promise.all(texts)).flat();
  }

  private async symbolsOf(path: string): Promise<SymbolInformation[]> {
    try {
      const { mtimeMs, size } = await stat(path);
      const stamp = `${mtimeMs} ${size}`;
      const known = this.known.get(path);
      if (known?.stamp === stamp) return known.symbols;
      const uri = pathToFileURL(path).href;
      const symbols = symbolsIn(openDocument(TextDocument.create(uri, 'merf', 0, await readSource(path))));
      this.known.set(path, { stamp, symbols });
      return symbols;
    } catch {
      // Gone, or not to be read: it has no symbols.
      return [];
    }
  }
}

function symbolsIn(document: EditorDocument): SymbolInformation[] {
  return symbolsOf(document).map(({ name, kind, detail, selectionRange }) => ({
    name,
    kind,
    ...(detail === undefined ? {} : { containerName: detail }),
    location: { uri: document.text.uri, range: selectionRange },
  }));
}

async function merfFiles(folder: string, depth = 0): Promise<string[]> {
  const files: string[] = [];
  for (const entry of await entriesOf(folder)) {
    if (files.length >= AT_MOST) break;
    const path = join(folder, entry.name);
    if (entry.isFile() && entry.name.endsWith('.merf')) files.push(path);
    const isOpen = entry.isDirectory() && !entry.name.startsWith('.') && !PASSED_OVER.has(entry.name);
    if (isOpen && depth < DEEPEST) files.push(...(await merfFiles(path, depth + 1)));
  }
  return files.slice(0, AT_MOST);
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function matches(name: string, query: string): boolean {
  let at = 0;
  for (const letter of query.toLowerCase()) {
    at = name.toLowerCase().indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
