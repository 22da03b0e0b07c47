// The keys and values of a batch that is being written: each tile's prompt, and each row's own tokens in a block with
// room for more. A run of decoding reads these arrays in place and gives its new tokens' keys and values.
// Rows may have different lengths, so that new ones can take the place of those that ended.

import type { TensorData } from '../tensor/graph.ts';
import { HIDDEN } from './attention.ts';
import { cacheNames } from './cached_attention.ts';
import type { DecoderConfig } from './config.ts';
import type { Layout } from './tiles.ts';

/** A block grows by so many places. */
const STEP = 32;
/** New memory has room for so many times what it is asked for; until it is written, it is only promised. */
const ROOM = 2;

/** Keys and values of prompts [P, K, length, d] for each layer, by output name. */
export type PromptCache = Readonly<Record<string, Float32Array>>;

interface Prompt {
  readonly cache: PromptCache;
  /** Which of the cache's prompts it is. */
  readonly index: number;
  /** Tokens it has, and those that the cache has room for. */
  readonly length: number;
  readonly room: number;
}

export class KeyValueCache {
  layout: Layout = { width: 1, prompts: [], rows: new Int32Array() };
  /** Tokens each place has. */
  private lengths = new Int32Array();
  /** S: places for tokens in a block. */
  private capacity = 0;
  /** Tp: places for tokens of a prompt. */
  private promptLength = 0;
  private readonly config: DecoderConfig;
  private readonly prompts = new Map<number, Prompt>();
  private arrays: Record<string, Float32Array> = {};
  /** Arrays of the layout before, to be written over. */
  private spare: Record<string, Float32Array> = {};

  constructor(config: DecoderConfig) {
    this.config = config;
  }

  get sizes(): Record<string, number> {
    const { width, prompts } = this.layout;
    return { tiles: prompts.length, width, prompt: this.promptLength, past: this.capacity };
  }

  /** Inputs of the decoding step: keys, values and masks. */
  get feeds(): Readonly<Record<string, Float32Array>> {
    return this.arrays;
  }

  /** Tokens that a place has. */
  lengthAt(place: number): number {
    return this.lengths[place] ?? 0;
  }

  /** Which of the blocks [tile, head, row of the tile] is that of a place and head. */
  block(place: number, head: number): number {
    const { width } = this.layout;
    return firstBlock(place, width, this.config.keyValueHeads) + head * width;
  }

  /** Takes in prompts: the prefill's keys and values, how many tokens each has, and what the longest has. */
  addPrompts(numbers: readonly number[], cache: PromptCache, lengths: readonly number[], room: number): void {
    numbers.forEach((prompt, index) => {
      this.prompts.set(prompt, { cache, index, length: lengths[index] ?? 0, room });
    });
  }

  has(prompt: number): boolean {
    return this.prompts.has(prompt);
  }

  /** Brings rows to the places of another layout; those that are new have no tokens yet. Others are forgotten. */
  move(layout: Layout): void {
    const [from, before] = [this.layout, this.capacity];
    const placeOf = new Map(Array.from(from.rows, (row, place) => [row, place] as const));
    const origins = Array.from(layout.rows, (row) => (row < 0 ? undefined : placeOf.get(row)));
    this.layout = layout;
    for (const prompt of this.prompts.keys()) if (!layout.prompts.includes(prompt)) this.prompts.delete(prompt);
    this.lengths = Int32Array.from(origins, (origin) => (origin === undefined ? 0 : (this.lengths[origin] ?? 0)));
    this.capacity = STEP * Math.max(1, Math.ceil(Math.max(0, ...this.lengths) / STEP));
    this.promptLength = Math.max(1, ...layout.prompts.map((prompt) => this.prompts.get(prompt)?.length ?? 0));
    this.fillPrompts();
    this.fillPast(from.width, origins, before);
  }

  /** Puts the newest `count` tokens of the rows at some places, `key.l` and `value.l` [U, K, W, count, d], behind their others. */
  append(places: readonly number[], outputs: Readonly<Record<string, TensorData>>, count: number): void {
    if (places.some((place) => this.lengthAt(place) + count > this.capacity)) this.grow();
    const { keyValueHeads: K, headSize: d, layers } = this.config;
    const { width } = this.layout;
    for (let layer = 0; layer < layers; layer++) {
      const { key, value, pastKey, pastValue } = cacheNames(layer);
      for (const [from, to] of [
        [outputs[key], this.arrays[pastKey]],
        [outputs[value], this.arrays[pastValue]],
      ] as const) {
        if (!(from instanceof Float32Array) || to === undefined) throw new RangeError(`layer ${layer} is missing`);
        for (const place of places) {
          const [first, length] = [firstBlock(place, width, K), this.lengthAt(place)];
          for (let head = 0; head < K; head++) {
            const block = first + head * width;
            copy(from, block * count * d, to, (block * this.capacity + length) * d, count * d);
          }
        }
      }
    }
    for (const place of places) {
      const length = this.lengthAt(place);
      const start = place * this.capacity + length;
      this.arrays.past_mask?.fill(0, start, start + count);
      this.lengths[place] = length + count;
    }
  }

  /** Gives every block room for more tokens: where it is when its memory has room, else in new memory. */
  private grow(): void {
    const { keyValueHeads: K, headSize: d, layers } = this.config;
    const before = this.capacity;
    this.capacity += STEP;
    const blocks = this.lengths.length * K;
    const size = blocks * this.capacity * d;
    const names = Array.from({ length: layers }, (_, layer) => cacheNames(layer));
    for (const name of names.flatMap(({ pastKey, pastValue }) => [pastKey, pastValue])) {
      const source = this.arrays[name];
      if (source === undefined) throw new RangeError(`${name} is missing`);
      const hasRoom = source.buffer.byteLength >= 4 * size;
      const array = new Float32Array(hasRoom ? source.buffer : new ArrayBuffer(4 * ROOM * size), 0, size);
      // from the last: a block's new place is free when those behind it are gone
      for (let block = blocks - 1; block >= 0; block--) {
        const [start, to] = [block * before * d, block * this.capacity * d];
        if (hasRoom) array.copyWithin(to, start, start + before * d);
        else array.set(source.subarray(start, start + before * d), to);
      }
      this.arrays[name] = array;
    }
    this.fillMask();
  }

  private fillPrompts(): void {
    const { keyValueHeads: K, headSize: d, layers } = this.config;
    const { layout, promptLength } = this;
    for (let layer = 0; layer < layers; layer++) {
      const names = cacheNames(layer);
      for (const [name, source] of [
        [names.promptKey, names.key],
        [names.promptValue, names.value],
      ] as const) {
        const array = new Float32Array(layout.prompts.length * K * promptLength * d);
        layout.prompts.forEach((prompt, tile) => {
          const { cache, index, length, room } = this.prompts.get(prompt) ?? NO_PROMPT;
          const data = cache[source];
          for (let head = 0; data !== undefined && head < K; head++) {
            const start = (index * K + head) * room * d;
            array.set(data.subarray(start, start + length * d), (tile * K + head) * promptLength * d);
          }
        });
        this.arrays[name] = array;
      }
    }
    this.arrays.prompt_mask = Float32Array.from({ length: layout.prompts.length * promptLength }, (_, i) => {
      const prompt = this.prompts.get(layout.prompts[Math.floor(i / promptLength)] ?? -1) ?? NO_PROMPT;
      return i % promptLength < prompt.length ? 0 : HIDDEN;
    });
  }

  /** `origins`: where the row of each place was, in tiles of a width and blocks of a capacity. */
  private fillPast(width: number, origins: readonly (number | undefined)[], capacity: number): void {
    const { keyValueHeads: K, headSize: d, layers } = this.config;
    const size = this.lengths.length * K * this.capacity * d;
    for (let layer = 0; layer < layers; layer++) {
      const { pastKey, pastValue } = cacheNames(layer);
      for (const name of [pastKey, pastValue]) {
        const source = this.arrays[name];
        const array = this.take(name, size);
        origins.forEach((origin, place) => {
          const length = (this.lengths[place] ?? 0) * d;
          if (origin === undefined || source === undefined || length === 0) return;
          for (let head = 0; head < K; head++) {
            const start = (firstBlock(origin, width, K) + head * width) * capacity * d;
            const block = firstBlock(place, this.layout.width, K) + head * this.layout.width;
            array.set(source.subarray(start, start + length), block * this.capacity * d);
          }
        });
        this.arrays[name] = array;
        if (source !== undefined) this.spare[name] = source;
      }
    }
    this.fillMask();
  }

  private fillMask(): void {
    const mask = new Float32Array(this.lengths.length * this.capacity).fill(HIDDEN);
    this.lengths.forEach((length, place) => {
      mask.fill(0, place * this.capacity, place * this.capacity + length);
    });
    this.arrays.past_mask = mask;
  }

  /** An array for a size: that of the layout before where it is large enough. What stands in it is hidden or replaced. */
  private take(name: string, size: number): Float32Array {
    const spare = this.spare[name];
    if (spare === undefined || spare.buffer.byteLength < 4 * size) return new Float32Array(size);
    return new Float32Array(spare.buffer, 0, size);
  }
}

const NO_PROMPT: Prompt = { cache: {}, index: 0, length: 0, room: 0 };

/** Blocks stand in the order [tile, head, row of the tile]: that of a place's first head; its next is a width further. */
function firstBlock(place: number, width: number, heads: number): number {
  return Math.floor(place / width) * heads * width + (place % width);
}

/** A few numbers, for which `set` would cost more. */
function copy(from: Float32Array, start: number, to: Float32Array, at: number, count: number): void {
  for (let i = 0; i < count; i++) to[at + i] = from[start + i] ?? 0;
}
