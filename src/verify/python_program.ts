// The program that a Python child runs: it loads the user's script and answers requests, one line of JSON each. It is
// given to Python with -c, so that nothing has to be found on disk. What it takes care of:
//
// - The protocol has file descriptors of its own. The script's standard output goes to the standard error and its
//   standard input is empty, also for C code and for processes that it starts, so no noise can reach the protocol.
// - Where there is fork, the script runs in a child of the program. The program itself only waits on a pipe that nobody
//   writes to: when the other end of it goes, however that died, it kills its whole process group, with all that the
//   script started. Windows ends children with their parent by itself.
// - The memory limit (RLIMIT_AS) is the child's. A core dump is never written.

export const PYTHON_PROGRAM = String.raw`
import json, os, signal, sys

limits = json.loads(sys.argv[1])
requests, answers = os.dup(0), os.dup(1)
null = os.open(os.devnull, os.O_RDONLY)
os.dup2(null, 0)
os.dup2(2, 1)


def say(message):
    line = json.dumps(message, allow_nan=False).encode("ascii") + b"\n"
    while line:
        line = line[os.write(answers, line):]


def end_of_group():
    os.killpg(0, signal.SIGKILL)


def watch_over(child, alive):
    """Waits for the end of the script's process or of the program that asks; ends everything then."""
    def script_ended(*_):
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid == 0:
            return
        say({"died": -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)})
        end_of_group()
    signal.signal(signal.SIGCHLD, script_ended)
    script_ended()
    while os.read(alive, 1):
        pass
    end_of_group()


def limit_memory():
    import resource
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    size = limits["memory"]
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    if hard == resource.RLIM_INFINITY or size < hard:
        resource.setrlimit(resource.RLIMIT_AS, (size, hard))


def plain(value):
    """A bool, a number or a text, out of numpy's or torch's too; anything else is told as such."""
    if hasattr(value, "item") and not isinstance(value, (bool, int, float, str)):
        value = value.item()
    if isinstance(value, bool):
        return {"value": value}
    if isinstance(value, str):
        return {"value": value} if len(value) <= limits["text"] else {"unfit": "a text of more than %d characters" % limits["text"]}
    if isinstance(value, int):
        value = float(value) if abs(value) > 2 ** 53 else value
        return {"value": value}
    if isinstance(value, float):
        return {"value": value} if value - value == 0 else {"unfit": str(value)}
    return {"unfit": "None" if value is None else "a " + type(value).__name__}


def answer(module, request):
    function = getattr(module, request["function"], None)
    if not callable(function):
        return {"missing": request["function"]}
    try:
        value = function(**request["arguments"])
        if hasattr(value, "__await__"):
            import asyncio
            async def awaited():
                return await value
            value = asyncio.run(awaited())
        return plain(value)
    except MemoryError:
        return {"memory": True}
    except SystemExit as error:
        return {"raised": "SystemExit: " + str(error.code)}
    except Exception as error:
        return {"raised": describe(error)}


def describe(error):
    """The error and the script's own line it came from."""
    import traceback
    lines = traceback.extract_tb(error.__traceback__)
    own = [line for line in lines if line.filename == limits["script"]]
    where = ", line " + str(own[-1].lineno) if own else ""
    text = "".join(traceback.format_exception_only(type(error), error)).strip().replace("\n", " ")
    return (text[:600] + where).encode("ascii", "backslashreplace").decode("ascii")


def load():
    import importlib.util
    sys.argv = [limits["script"]]
    sys.path[0] = os.path.dirname(limits["script"])
    spec = importlib.util.spec_from_file_location("merf_verifier", limits["script"])
    module = importlib.util.module_from_spec(spec)
    sys.modules["merf_verifier"] = module
    spec.loader.exec_module(module)
    return module


def serve():
    sys.setrecursionlimit(10_000)
    try:
        module = load()
    except MemoryError:
        return say({"failed": "it needs more than the memory it may have."})
    except BaseException as error:
        return say({"failed": describe(error)})
    say({"ready": sys.version.split()[0]})
    with os.fdopen(requests, "rb") as lines:
        own = os.getpid()
        for line in lines:
            reply = answer(module, json.loads(line))
            if os.getpid() != own:
                os._exit(0)  # a process that the script forked and let return
            say(reply)


if hasattr(os, "fork"):
    alive = 3
    child = os.fork()
    if child != 0:
        watch_over(child, alive)
    os.close(alive)
    limit_memory()
    serve()
    os._exit(0)
serve()
`;
