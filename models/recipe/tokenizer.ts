// The bundled model's tokenizer: byte-level BPE in Hugging Face's tokenizer.json. Every word of the puzzles, the
// reasoning and the rules is one token; a signed number ("+2", "-1.5") is one, a tag ("</think>") is one, and so are
// fixed turns of phrase (" is a knave", "superwords" as in SuperBPE, Liu et al. 2025). Any other text falls back to
// single bytes, so every text can be read and comes back unchanged. Words are looked up whole before any merge
// (`ignore_merges`, as in Llama 3's tokenizer); so no merges, and none of their half-words, are needed.

import listed from './words.json' with { type: 'json' };

/** The words that are one token each, from the most to the least frequent in a draft of the corpus. */
export const words: readonly string[] = listed;

/** Fixed turns of phrase that are one token each; longer ones first. */
const phrases: readonly string[] = [
  'A very special island is inhabited only by knights and knaves.',
  ' Knights always tell the truth, and knaves always lie.',
  ' So who is a knight and who is a knave?',
  'You are a helpful assistant.',
  ' is not a knight',
  ' is not a knave',
  ' is a knight',
  ' is a knave',
  ' (knight)',
  ' (knave)',
  ' if and only if',
  ' remarked that',
  ' claimed that',
  ' stated that',
  ' told you that',
  ' said that',
  ' inhabitants:',
  ' You meet',
  '\nMaybe',
  '\nTry',
];

export const specialTokens = { pad: '<|endoftext|>', start: '<|im_start|>', end: '<|im_end|>' } as const;

/** One piece of text: a phrase, a signed number, a tag, a word, a number, a mark, a white space. */
export const piecePattern = [
  `(?:${phrases.map((phrase) => phrase.replace(/[.?()]/g, '\\$&')).join('|')})(?!\\p{L})`,
  ' ?[+\\-]\\d+(?:\\.\\d+)?',
  '</?[a-z]+>',
  ' ?\\p{L}+',
  ' ?\\d+(?:\\.\\d+)?',
  '[^\\s\\p{L}\\d]',
  '\\s',
].join('|');

/** GPT-2's printable stand-ins for the 256 bytes. */
const byteCharacters: readonly string[] = (() => {
  const printable = (byte: number) => (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(printable(byte) ? byte : next++));
})();

function byteText(text: string): string {
  return [...Buffer.from(text)].map((byte) => byteCharacters[byte]).join('');
}

/** tokenizer.json for the given words. */
export function buildTokenizer(words: readonly string[]): object {
  const vocabulary = [...byteCharacters, ...words.map(byteText)];
  const added = Object.values(specialTokens).map((content, i) => ({
    id: vocabulary.length + i,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  }));
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: added,
    normalizer: null,
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Split', pattern: { Regex: piecePattern }, behavior: 'Isolated', invert: false },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false },
      ],
    },
    post_processor: null,
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: true,
      vocab: Object.fromEntries(vocabulary.map((token, id) => [token, id])),
      merges: [],
    },
  };
}

/** ChatML, as Qwen2 writes it. */
export const chatTemplate =
  "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

export function tokenizerConfig(): object {
  return {
    tokenizer_class: 'PreTrainedTokenizerFast',
    bos_token: null,
    eos_token: specialTokens.end,
    pad_token: specialTokens.pad,
    unk_token: null,
    add_prefix_space: false,
    clean_up_tokenization_spaces: false,
    model_max_length: 1024,
    chat_template: chatTemplate,
  };
}
