"""llama.cpp's half of the generation benchmark (bench_training_llama.ts): the weights of a model folder are written as a
GGUF file in float32, and steps of one token for each of many sequences are made through libllama's C interface. What is
timed is llama_decode alone: no token is drawn by it, and the prompts are read before.
Arguments: one JSON object with model, library, gguf, rows, prompt, steps, rounds, threads. Needs numpy and gguf.
"""

import ctypes as c
import json
import os
import sys
import time

import gguf
import numpy as np

asked = json.loads(sys.argv[1])

NAMES = {
    "input_layernorm.weight": "attn_norm.weight",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "post_attention_layernorm.weight": "ffn_norm.weight",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}


def tensors(path):
    """Name and array of every tensor of a safetensors file in float32."""
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length))
        data = file.read()
    for name, entry in header.items():
        if name != "__metadata__":
            start, end = entry["data_offsets"]
            yield name, np.frombuffer(data[start:end], dtype="<f4").reshape(entry["shape"])


def named(name):
    """The GGUF name of a tensor."""
    if name == "model.embed_tokens.weight":
        return "token_embd.weight"
    if name == "model.norm.weight":
        return "output_norm.weight"
    layer, part = name.removeprefix("model.layers.").split(".", 1)
    for ours, theirs in NAMES.items():
        if part.startswith(ours):
            return f"blk.{layer}.{theirs}{part.removeprefix(ours)}"
    raise ValueError(name)


def write():
    with open(os.path.join(asked["model"], "config.json")) as file:
        config = json.load(file)
    writer = gguf.GGUFWriter(asked["gguf"], "qwen2")
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_rope_freq_base(10000.0)
    writer.add_vocab_size(config["vocab_size"])
    writer.add_tokenizer_model("none")
    for name, array in tensors(os.path.join(asked["model"], "model.safetensors")):
        writer.add_tensor(named(name), array)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return config["vocab_size"]


class Parameters(c.Structure):
    """A structure whose first members alone are known here; as large as any version's."""

    _fields_ = [("words", c.c_uint32 * 256)]


class Batch(c.Structure):
    _fields_ = [
        ("n_tokens", c.c_int32),
        ("token", c.POINTER(c.c_int32)),
        ("embd", c.POINTER(c.c_float)),
        ("pos", c.POINTER(c.c_int32)),
        ("n_seq_id", c.POINTER(c.c_int32)),
        ("seq_id", c.POINTER(c.POINTER(c.c_int32))),
        ("logits", c.POINTER(c.c_int8)),
    ]


def load():
    folder = os.path.dirname(asked["library"])
    names = sorted(os.listdir(folder))
    first = [name for name in names if name.startswith("libggml-base") or name.startswith("libggml.")]
    libraries = [c.CDLL(os.path.join(folder, name), mode=c.RTLD_GLOBAL) for name in sorted(first)]
    libraries[-1].ggml_backend_load_all_from_path(folder.encode())
    llama = c.CDLL(asked["library"], mode=c.RTLD_GLOBAL)
    llama.llama_model_default_params.restype = Parameters
    llama.llama_context_default_params.restype = Parameters
    llama.llama_model_load_from_file.restype = c.c_void_p
    llama.llama_model_load_from_file.argtypes = [c.c_char_p, Parameters]
    llama.llama_init_from_model.restype = c.c_void_p
    llama.llama_init_from_model.argtypes = [c.c_void_p, Parameters]
    llama.llama_batch_init.restype = Batch
    llama.llama_decode.argtypes = [c.c_void_p, Batch]
    llama.llama_synchronize.argtypes = [c.c_void_p]
    llama.llama_get_memory.argtypes = [c.c_void_p]
    llama.llama_get_memory.restype = c.c_void_p
    llama.llama_memory_clear.argtypes = [c.c_void_p, c.c_bool]
    llama.llama_get_logits_ith.argtypes = [c.c_void_p, c.c_int32]
    llama.llama_get_logits_ith.restype = c.POINTER(c.c_float)
    return llama


def main():
    vocabulary = write()
    rows, prompt, steps = asked["rows"], asked["prompt"], asked["steps"]
    llama = load()
    llama.llama_backend_init()
    model = llama.llama_model_load_from_file(asked["gguf"].encode(), llama.llama_model_default_params())
    parameters = llama.llama_context_default_params()
    words = parameters.words
    # n_ctx, n_batch, n_ubatch, n_seq_max; then, some members on, n_threads and n_threads_batch, which are 4 and 4
    words[0], words[1], words[2], words[3] = rows * (prompt + steps + 32), 2048, 512, rows
    at = next(i for i in range(4, 16) if words[i] == 4 and words[i + 1] == 4)
    words[at], words[at + 1] = asked["threads"], asked["threads"]
    context = llama.llama_init_from_model(model, parameters)
    if not model or not context:
        raise SystemExit("llama.cpp could not open the model")
    batch = llama.llama_batch_init(2048, 0, 1)
    draw = np.random.default_rng(1)

    def fill(entries):
        batch.n_tokens = len(entries)
        for i, (token, position, row, wanted) in enumerate(entries):
            batch.token[i], batch.pos[i], batch.n_seq_id[i] = token, position, 1
            batch.seq_id[i][0], batch.logits[i] = row, wanted

    def decode():
        if llama.llama_decode(context, batch) != 0:
            raise SystemExit("llama_decode failed")
        llama.llama_synchronize(context)

    best = []
    for _ in range(asked["rounds"]):
        llama.llama_memory_clear(llama.llama_get_memory(context), True)
        for row in range(rows):
            tokens = draw.integers(2, vocabulary, prompt - 1)
            fill([(int(token), i, row, 0) for i, token in enumerate(tokens)])
            decode()
        seconds = processor = 0.0
        for step in range(steps):
            fill([(int(token), prompt - 1 + step, row, 1) for row, token in enumerate(draw.integers(2, vocabulary, rows))])
            clock, used = time.perf_counter(), time.process_time()
            decode()
            processor += time.process_time() - used
            seconds += time.perf_counter() - clock
        if not np.isfinite(llama.llama_get_logits_ith(context, rows - 1)[0]):
            raise SystemExit("logits are not finite")
        best.append({"seconds": seconds, "processor": processor, "tokens": rows * steps})
    print(json.dumps(best), flush=True)


main()
