"""TRL's half of `npm run bench:training` (bench_training.ts): a GRPOTrainer that makes one step for every line on its standard input and
answers each with a line of JSON, the seconds of the step and of its generation. So both trainers can take turns.

    python bench_training.py SETTINGS.json

SETTINGS: the model's folder, prompts, group, max_new_tokens, fixed (no response ends before the limit), end (the id of
the end token), threads, batch (responses per forward pass), steps, out (a folder to write to)."""

import json
import os
import sys
import time

settings = json.load(open(sys.argv[1], encoding="utf-8"))
os.environ.update(OMP_NUM_THREADS=str(settings["threads"]), OMP_WAIT_POLICY="PASSIVE", GOMP_SPINCOUNT="0")
os.environ.update(HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false", TRL_EXPERIMENTAL_SILENCE="1")

import torch  # noqa: E402
import transformers  # noqa: E402
import trl  # noqa: E402
from datasets import Dataset  # noqa: E402

torch.set_num_threads(settings["threads"])
transformers.logging.set_verbosity_error()
transformers.logging.disable_progress_bar()

clock = {"generation": 0.0}
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)


def answer(**fields):
    print(json.dumps(fields), file=answers, flush=True)


def reward(completions, **_):
    """The rule of the .merf file."""
    return [text.count("e") / max(1, len(text)) for text in completions]


class Turns(transformers.TrainerCallback):
    """Waits for a line before each step."""

    def on_step_begin(self, args, state, control, **_):
        if sys.stdin.readline() == "":
            sys.exit(0)
        clock.update(generation=0.0, tokens=0, began=time.perf_counter(), processor=time.process_time())

    def on_step_end(self, args, state, control, **_):
        answer(
            seconds=time.perf_counter() - clock["began"],
            processor=time.process_time() - clock["processor"],
            generation=clock["generation"],
            tokens=clock["tokens"],
        )


def timed(generate):
    def run(*given, **named):
        began = time.perf_counter()
        result = generate(*given, **named)
        clock["generation"] += time.perf_counter() - began
        return result

    return run


rows = settings["group"] * len(settings["prompts"])
batch = min(rows, settings["batch"])
tokenizer = transformers.PreTrainedTokenizerFast.from_pretrained(settings["model"])
model = transformers.AutoModelForCausalLM.from_pretrained(settings["model"], dtype=torch.float32)
never_ends = {"suppress_tokens": [settings["end"]], "eos_token_id": None}
trainer = trl.GRPOTrainer(
    model=model,
    processing_class=tokenizer,
    reward_funcs=reward,
    train_dataset=Dataset.from_list([{"prompt": prompt} for prompt in settings["prompts"]]),
    args=trl.GRPOConfig(
        output_dir=settings["out"],
        use_cpu=True,
        bf16=False,
        gradient_checkpointing=False,
        per_device_train_batch_size=batch,
        gradient_accumulation_steps=rows // batch,
        num_generations=settings["group"],
        max_completion_length=settings["max_new_tokens"],
        max_steps=settings["steps"],
        learning_rate=1e-5,
        lr_scheduler_type="constant",
        loss_type="grpo",
        beta=0.0,
        temperature=1.0,
        generation_kwargs=never_ends if settings["fixed"] else None,
        logging_steps=1,
        save_strategy="no",
        report_to="none",
        disable_tqdm=True,
        seed=1,
    ),
    callbacks=[Turns()],
)
generate_turn = trainer._generate_single_turn


def counted(*given, **named):
    result = timed(generate_turn)(*given, **named)
    clock["tokens"] += sum(len(ids) for ids in result[0])
    return result


trainer._generate_single_turn = counted
answer(ready=True, versions={"trl": trl.__version__, "torch": torch.__version__, "transformers": transformers.__version__})
trainer.train()
