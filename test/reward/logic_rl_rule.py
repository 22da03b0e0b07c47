"""Logic-RL's published rule for Knights and Knaves (arXiv 2502.14768, reward_score/kk.py), written from its description
as an independent oracle. Reads JSON lines {"names": [...], "solution": {...}, "response": "..."} and answers each with
{"total": ..., "outside": true when anything but white space is outside the two tagged parts of a well-formed response}.
"""

import json
import re
import sys

TAGS = ["<think>", "</think>", "<answer>", "</answer>"]


def well_formed(response):
    """Each tag exactly once, in this order."""
    if any(response.count(tag) != 1 for tag in TAGS):
        return False
    places = [response.find(tag) for tag in TAGS]
    return places == sorted(places)


def parse(answer, names):
    """Who is what; None when the roles are not named exactly once a person, or a person is not stated."""
    lower = answer.lower()
    if lower.count("knight") + lower.count("knave") != len(names):
        return None
    stated = {}
    for name in names:
        found = re.search(rf"\b{re.escape(name)}\b\s+is\s+a\s+\b(knight|knave)\b", answer, re.IGNORECASE)
        if found is None:
            return None
        stated[name] = found.group(1).lower()
    return stated


def total(response, names, solution):
    if not well_formed(response):
        return -3
    answers = re.findall(r"<answer>(.*?)</answer>", response, re.DOTALL)
    answer = answers[-1].strip() if answers else ""
    stated = parse(answer, names) if answer else None
    if stated is None:
        return 1 - 2
    return 1 + (2 if stated == solution else -1.5)


def outside(response):
    rest = re.sub(r"<think>.*</think>|<answer>.*</answer>", "", response, flags=re.DOTALL)
    return rest.strip() != ""


if __name__ == "__main__":
    for line in sys.stdin:
        case = json.loads(line)
        response = case["response"]
        print(json.dumps({"total": total(response, case["names"], case["solution"]), "outside": outside(response)}))
