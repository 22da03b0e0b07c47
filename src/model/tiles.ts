// How the rows that are still being written are laid out for a decoding step. Rows of one prompt stand together in
// tiles of one width; a wider tile reads its prompt once for more rows but may have empty places. Rows that finish
// leave holes; when the holes cost more than a new layout saves, the rows are moved together.

export interface Layout {
  /** Rows in a tile. */
  readonly width: number;
  /** Prompt of each tile. */
  readonly prompts: readonly number[];
  /** Row in each place (tile · width + i), -1 where there is none. */
  readonly rows: Int32Array;
}

/** What reading a prompt costs, in rows. */
const PROMPT_COST = 0.5;

/** The cheapest layout of rows given by the prompt of each. */
export function arrange(rows: readonly { readonly row: number; readonly prompt: number }[]): Layout {
  const byPrompt = new Map<number, number[]>();
  for (const { row, prompt } of rows) byPrompt.set(prompt, [...(byPrompt.get(prompt) ?? []), row]);
  const groups = [...byPrompt];
  const widest = Math.max(1, ...groups.map(([, members]) => members.length));
  let best = 1;
  let bestCost = Infinity;
  for (let width = 1; width <= widest; width++) {
    const tiles = groups.reduce((sum, [, members]) => sum + Math.ceil(members.length / width), 0);
    if (cost(tiles, width) < bestCost) [best, bestCost] = [width, cost(tiles, width)];
  }
  const prompts: number[] = [];
  const places: number[] = [];
  for (const [prompt, members] of groups) {
    for (let start = 0; start < members.length; start += best) {
      prompts.push(prompt);
      for (let i = 0; i < best; i++) places.push(members[start + i] ?? -1);
    }
  }
  return { width: best, prompts, rows: Int32Array.from(places) };
}

/** Whether another layout is so much cheaper that moving the rows pays. */
export function pays(current: Layout, next: Layout): boolean {
  return cost(next.prompts.length, next.width) < 0.85 * cost(current.prompts.length, current.width);
}

function cost(tiles: number, width: number): number {
  return tiles * (PROMPT_COST + width);
}
