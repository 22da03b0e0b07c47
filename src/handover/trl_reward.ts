// reward.py: the reward as a function for TRL's GRPOTrainer. It does not score: it keeps one `merf score --serve` child
// and asks it, line by line, so that the .merf file stays the one place where the reward is written. Standard library
// only; works with text and conversational completions.

/** The module's text for a .merf file that lies beside it. */
export function trlReward(file: string): string {
  return REWARD.replace('@FILE@', () => JSON.stringify(file));
}

const REWARD = `"""The reward of the .merf file beside this module, for TRL's GRPOTrainer.

It keeps one child process, \`merf score FILE --serve\`, and sends it one line a completion. The command is \`merf\` from
the path, or what the environment variable MERF says (for example MERF="node /opt/merf-studio/dist/merf.mjs").
"""

import atexit
import json
import os
import shlex
import shutil
import subprocess
import sys
import threading

FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), @FILE@)

_lock = threading.Lock()
_child = None


def merf_reward(prompts, completions, merf_row, completion_ids=None, log_extra=None, log_metric=None, **columns):
    """The total of each completion; None (left out by TRL) for one that could not be scored."""
    scores = []
    for i, completion in enumerate(completions):
        question = {"row": json.loads(merf_row[i]), "response": _text(completion)}
        if completion_ids is not None:
            question["tokens"] = len(completion_ids[i])
        scores.append(_ask(question))
    _log(scores, log_extra, log_metric)
    return [score.get("total") for score in scores]


def _text(completion):
    if isinstance(completion, str):
        return completion
    return "".join(message["content"] for message in completion if message["role"] == "assistant")


def _ask(question):
    """One line there, one line back. A child that has ended is started again, once."""
    line = json.dumps(question) + "\\n"
    with _lock:
        for attempt in (1, 2):
            child = _start()
            try:
                child.stdin.write(line)
                child.stdin.flush()
                answer = child.stdout.readline()
            except OSError:
                answer = ""
            if answer:
                score = json.loads(answer)
                if "error" in score:
                    print("merf_reward: " + score["error"], file=sys.stderr)
                return score
            _stop()
    raise RuntimeError("merf score ended without an answer: run \`" + shlex.join(_command()) + "\` and read what it says.")


def _command():
    command = shlex.split(os.environ.get("MERF", ""))
    if not command:
        found = shutil.which("merf")
        if found is None:
            raise RuntimeError("merf is not on the path: install it, or set the environment variable MERF to its command.")
        command = [found]
    return command + ["score", FILE, "--serve"]


def _start():
    global _child
    if _child is None:
        _child = subprocess.Popen(
            _command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
    return _child


def _stop():
    global _child
    if _child is not None:
        try:
            _child.stdin.close()
        except OSError:
            pass
        _child.wait()
        _child.stdout.close()
        _child = None


def _log(scores, log_extra, log_metric):
    """Each rule's score as a column of the logged completions, and its mean as a metric."""
    for rule in dict.fromkeys(rule for score in scores for rule in score.get("rules", {})):
        values = [score["rules"][rule]["score"] if "rules" in score else None for score in scores]
        known = [value for value in values if value is not None]
        if log_extra is not None:
            log_extra("rule " + rule, values)
        if log_metric is not None and known:
            log_metric("rules/" + rule + "/mean", sum(known) / len(known))


atexit.register(_stop)
`;
