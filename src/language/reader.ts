// Reads a text again and again while it is being typed: the trees of blocks that did not change are taken from the last
// time, and only the others are parsed. What comes out is what parse.ts gives for the whole text, with one difference:
// each block's tree has offsets of its own, to which `baseOf` (analysis.ts) adds where the block begins.

import type { AstNode } from 'langium';
import { setBase } from './analysis.ts';
import { type Block, blocksOf } from './blocks.ts';
import type * as Ast from './generated/ast.ts';
import { type Parsed, parse } from './parse.ts';

export class Reader {
  /** The trees of the last text by the text of their block: as many as there were blocks with that text. */
  private known = new Map<string, Parsed[]>();

  read(text: string): Parsed {
    const blocks = blocksOf(text);
    const read = blocks && this.readBlocks(blocks);
    return read ?? parse(text);
  }

  /** null: some block is not whole, so the text has to be read in one piece. */
  private readBlocks(blocks: readonly Block[]): Parsed | null {
    const next = new Map<string, Parsed[]>();
    const file: Ast.File = { $type: 'File', sections: [] };
    const all: Parsed = { value: file, lexerErrors: [], parserErrors: [], hasOpenText: false };
    let isWhole = true;
    const read = (block: Block): Ast.Section[] => {
      const parsed = this.known.get(block.text)?.pop() ?? parse(block.text);
      const alike = next.get(block.text);
      if (alike) alike.push(parsed);
      else next.set(block.text, [parsed]);
      isWhole &&= add(all, parsed, block);
      return parsed.value.sections;
    };
    for (const block of blocks) {
      const sections = read(block);
      for (const section of sections) {
        adopt(section, file, 'sections', file.sections.push(section) - 1);
        if (section.$type === 'RewardSection' && block.rules.length > 0) section.rules = [];
      }
      for (const rule of block.rules) {
        const [outer] = sections;
        const [inner] = read(rule);
        const own = inner?.$type === 'RewardSection' ? inner.rules : [];
        if (outer?.$type !== 'RewardSection' || own.length !== 1) isWhole = false;
        else for (const each of own) adopt(each, outer, 'rules', outer.rules.push(each) - 1);
      }
    }
    this.known = next;
    return isWhole ? all : null;
  }
}

/** Adds what was found in a block; false: something is wrong that reaches out of it. */
function add(all: Parsed, parsed: Parsed, { base, from, to }: Block): boolean {
  setBase(parsed.value, base);
  all.hasOpenText ||= parsed.hasOpenText;
  for (const error of parsed.lexerErrors) all.lexerErrors.push({ ...error, offset: error.offset + base });
  for (const error of parsed.parserErrors) {
    const { offset } = error;
    if (offset === null || offset < from || offset >= to) return false;
    all.parserErrors.push({ ...error, offset: offset + base });
  }
  return true;
}

/** Puts a node of one tree into another. */
function adopt(node: AstNode, container: AstNode, property: string, index: number): void {
  Object.assign(node, { $container: container, $containerProperty: property, $containerIndex: index });
}
