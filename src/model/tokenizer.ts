// Text to token ids and back: a tokenizer.json with its tokenizer_config.json, read by @huggingface/tokenizers.
// Decoding goes through bytes here, so that any ids decode: what is not valid UTF-8 becomes U+FFFD, and a token that
// ends inside a character decodes together with the next. Left out: training a tokenizer, pairs of texts.

import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';
import { z } from 'zod';
import { MerfError } from '../spec/error.ts';

export interface Tokenizer {
  /** Number of ids; a model's vocabulary may be padded to more. */
  readonly size: number;
  /** Ids that end a response (the tokenizer's end-of-sequence token). */
  readonly endTokens: readonly number[];
  /** Ids of control tokens, such as `<|im_start|>`. */
  readonly specialTokens: ReadonlySet<number>;
  /** Special tokens written in the text are recognised; those at the ends (Llama's first) are added only when asked. */
  encode(text: string, options?: { readonly ends?: boolean }): number[];
  /** Special tokens are left out unless asked for. */
  decode(ids: readonly number[], options?: { readonly specialTokens?: boolean }): string;
  /** The text of one token for display; part of a character shows as U+FFFD. */
  token(id: number): string;
  /** The id of a token written exactly so. */
  idOf(token: string): number | undefined;
}

const AddedToken = z.object({ id: z.number().int(), content: z.string(), special: z.boolean().default(false) });
const TokenizerJson = z.looseObject({
  added_tokens: z.array(AddedToken).default([]),
  model: z.looseObject({ vocab: z.record(z.string(), z.number().int()) }),
  decoder: z.unknown(),
});
const named = z.union([z.string(), z.object({ content: z.string() })]).nullish();
const NAMED = ['bos_token', 'eos_token', 'pad_token', 'unk_token'] as const;
const TokenizerConfig = z.looseObject({ bos_token: named, eos_token: named, pad_token: named, unk_token: named });

export function createTokenizer(json: unknown, config: unknown, where = 'tokenizer.json'): Tokenizer {
  const remedy = 'Download the model again; its tokenizer must be a byte-level BPE.';
  const parsed = TokenizerJson.safeParse(json);
  if (!parsed.success) throw new MerfError(`${where} is not a readable tokenizer.`, remedy);
  const settings = TokenizerConfig.safeParse(config ?? {});
  if (!settings.success) throw new MerfError(`The tokenizer_config.json beside ${where} is not readable.`, remedy);
  if (!JSON.stringify(parsed.data.decoder ?? null).includes('"ByteLevel"')) {
    throw new MerfError(`${where} does not decode bytes.`, remedy);
  }
  const library = build(json, settings.data, where, remedy);
  const added = new Map(parsed.data.added_tokens.map((token) => [token.id, token]));
  const specialTokens = new Set(parsed.data.added_tokens.filter((token) => token.special).map((token) => token.id));
  const bytes: (Uint8Array | undefined)[] = [];
  for (const [token, id] of Object.entries(parsed.data.model.vocab)) bytes[id] = bytesOf(token);
  for (const { id, content } of added.values()) bytes[id] = new TextEncoder().encode(content);
  const decode = (ids: readonly number[], withSpecial: boolean): string => {
    const parts = ids.filter((id) => withSpecial || !specialTokens.has(id)).map((id) => bytes[id] ?? new Uint8Array());
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.concat(parts));
  };
  const { eos_token: end } = namedTokens(settings.data);
  const endId = end === undefined ? undefined : library.token_to_id(end);
  return {
    size: bytes.length,
    endTokens: endId === undefined ? [] : [endId],
    specialTokens,
    encode: (text, options) => [...library.encode(text, { add_special_tokens: options?.ends ?? false }).ids],
    decode: (ids, options) => decode(ids, options?.specialTokens ?? false),
    token: (id) => decode([id], true),
    idOf: (token) => library.token_to_id(token),
  };
}

/** The special tokens that tokenizer_config.json names: what a chat template may write as `bos_token`, … */
export function namedTokens(config: unknown): Record<string, string> {
  const settings = TokenizerConfig.safeParse(config);
  const tokens: Record<string, string> = {};
  for (const name of settings.success ? NAMED : []) {
    const token = settings.data?.[name];
    const text = typeof token === 'string' ? token : token?.content;
    if (text !== undefined) tokens[name] = text;
  }
  return tokens;
}

function build(json: unknown, config: object, where: string, remedy: string): HuggingFaceTokenizer {
  try {
    if (typeof json !== 'object' || json === null) throw new TypeError('not an object');
    return new HuggingFaceTokenizer(json, config);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new MerfError(`${where} describes a tokenizer that is not supported (${reason}).`, remedy, { cause: error });
  }
}

/** GPT-2's alphabet: printable bytes stand for themselves, the others for U+0100 and up, in order. */
const BYTE_OF_CHARACTER = new Map<string, number>();
{
  let next = 256;
  for (let byte = 0; byte < 256; byte++) {
    const printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    BYTE_OF_CHARACTER.set(String.fromCharCode(printable ? byte : next++), byte);
  }
}

function bytesOf(token: string): Uint8Array {
  const bytes = Array.from(token, (character) => BYTE_OF_CHARACTER.get(character));
  return bytes.includes(undefined) ? new TextEncoder().encode(token) : Uint8Array.from(bytes, (byte) => byte ?? 0);
}
