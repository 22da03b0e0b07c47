"""The Python side of npm run bench:reward: scores the JSON lines of stdin by Logic-RL's rule (test/reward), again and
again for the seconds that are asked for, and prints the processor's seconds that one pass took at best, and the totals.
"""

import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "test" / "reward"))
from logic_rl_rule import total  # noqa: E402

cases = [json.loads(line) for line in sys.stdin]
best = float("inf")
end = time.perf_counter() + float(sys.argv[1])
while True:
    start = time.process_time()
    totals = [total(case["response"], case["names"], case["solution"]) for case in cases]
    best = min(best, time.process_time() - start)
    if time.perf_counter() > end:
        break
print(json.dumps({"seconds": best, "totals": totals}))
