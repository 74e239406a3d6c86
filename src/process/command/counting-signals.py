"""Only for tests: count the signals that arrive, taking none of their default effects.

    python3 counting-signals.py LAST [MORE...]

Prints `ready`, then the name of each signal, of MORE as well, and ends with status 0 after the signal LAST.
"""

import signal
import sys

WATCHED = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, *map(signal.Signals.__getitem__, sys.argv[2:])}

# Taken one by one: two handlers called in quick succession would be merged into one by the interpreter.
signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
print("ready", flush=True)
while True:
    name = signal.Signals(signal.sigwait(WATCHED)).name
    print(name, flush=True)
    if name == sys.argv[1]:
        break
