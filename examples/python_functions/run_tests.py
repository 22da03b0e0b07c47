"""The verifier of python_functions.merf: runs a model's code against the row's cases.

A model's code is hostile input. It runs in a Python of its own: an empty folder, no site packages, limited time and
memory, no files. That Python is given the calls but never their results, so code that writes its own verdict gains
nothing; the comparison happens here. Where the operating system has no such limits (Windows), only the time is limited.
Left out: a sandbox. For code that you would not run at all, run the training in a container.
"""

import ast
import json
import subprocess
import sys
import tempfile

SECONDS = 2
MEGABYTES = 256

# Reads {"code", "calls"} and writes the repr of each call's result, null where it fails. What the code prints is lost.
RUNNER = """
import io, json, sys
given, answers = json.load(sys.stdin), sys.stdout
sys.stdout = sys.stderr = io.StringIO()
names, results = {}, []
exec(compile(given["code"], "response", "exec"), names)
for call in given["calls"]:
    try:
        results.append(repr(eval(call, names)))
    except Exception:
        results.append(None)
answers.write(json.dumps(results))
"""


def run_tests(code, cases):
    """The share of the cases whose call gives the result, 0 to 1."""
    found = results_of(code, [case["call"] for case in cases])
    right = sum(is_same(a, case["result"]) for a, case in zip(found, cases))
    return right / len(cases)


def results_of(code, calls):
    """The repr of each call's result; [] where the code fails, takes too long, or says something else."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            done = subprocess.run(
                [sys.executable, "-I", "-S", "-c", RUNNER],
                input=json.dumps({"code": code, "calls": calls}),
                capture_output=True,
                text=True,
                cwd=folder,
                env={},
                timeout=SECONDS,
                preexec_fn=limit if sys.platform != "win32" else None,
            )
            found = json.loads(done.stdout)
        except (subprocess.TimeoutExpired, ValueError):
            return []
    return found if isinstance(found, list) and len(found) == len(calls) else []


def is_same(found, wanted):
    """Whether two reprs are the same value of the same type."""
    try:
        a, b = ast.literal_eval(found), ast.literal_eval(wanted)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return False
    return type(a) is type(b) and a == b


def limit():
    """In the child, before the code runs: seconds of work, bytes of memory, no writing of files."""
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (MEGABYTES << 20, MEGABYTES << 20))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
