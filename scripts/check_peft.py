"""Opens adapters with Python's PEFT and compares it with `merf logprobs`, whose JSON it reads:

    merf logprobs ADAPTERS --prompt "Hello" --raw --response " there" --format json | python check_peft.py ADAPTERS Hello

Needs torch, transformers and peft. Prints the largest difference of a token's log-probability; exit 1 above 1e-3."""

import json
import sys

import torch
from peft import AutoPeftModelForCausalLM
from transformers import PreTrainedTokenizerFast

folder, prompt = sys.argv[1:3]
model = AutoPeftModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
# as tokenizer.json says: AutoTokenizer of Transformers 5 puts Qwen's own way to cut text in its place
tokenizer = PreTrainedTokenizerFast.from_pretrained(model.peft_config["default"].base_model_name_or_path)
given = json.load(sys.stdin)
before = tokenizer.encode(prompt)
ids = torch.tensor([before + [token["id"] for token in given["tokens"]]])
with torch.no_grad():
    scores = torch.log_softmax(model(ids).logits[0], -1)
worst = max(
    abs(scores[len(before) + i - 1, token["id"]].item() - token["logprob"]) for i, token in enumerate(given["tokens"])
)
print(f"{len(given['tokens'])} tokens, largest difference {worst:.2e}")
sys.exit(worst > 1e-3)
