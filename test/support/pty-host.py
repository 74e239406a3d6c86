"""Run a program on a new pseudo terminal and relay: standard input -> terminal -> standard output.

    python3 pty-host.py PROGRAM [ARG...]

The program leads a new session whose controlling terminal is the pseudo terminal, like a shell in a terminal
window. When standard input ends the terminal is closed (the window goes away). When the program has ended,
whatever is left of its session is killed, and its exit status (128 + n for signal n) becomes ours.
"""

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

# A limit for a hang: devshm saves before it ends, on a machine that may be busy.
CLOSED_TERMINAL_SECONDS = 30


def main():
    pid, terminal = pty.fork()
    if pid == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        try:
            os.execvp(sys.argv[1], sys.argv[1:])
        except OSError as error:
            os.write(2, f"{sys.argv[1]}: {error}\n".encode())
        os._exit(127)
    # Should the test runner end us first, the terminal closes with us, and the session is hung up.
    try:
        relay(terminal)
        os.close(terminal)
        status = wait(pid)
    finally:
        kill_session(pid)
    sys.exit(status)


def relay(terminal):
    sources = [0, terminal]
    while sources:
        readable, _, _ = select.select(sources, [], [])
        if terminal in readable:
            try:
                data = os.read(terminal, 65536)
            except OSError:  # EIO: nobody has the terminal open any more
                return
            if not data:
                return
            os.write(1, data)
        if 0 in readable:
            data = os.read(0, 65536)
            if not data:
                return
            os.write(terminal, data)


def wait(pid):
    deadline = time.monotonic() + CLOSED_TERMINAL_SECONDS
    while True:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return shell_status(status)
        if time.monotonic() > deadline:
            os.kill(pid, signal.SIGKILL)
            return shell_status(os.waitpid(pid, 0)[1])
        time.sleep(0.005)


def shell_status(status):
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


def kill_session(leader):
    """Without /proc, only the leader's own process group is found."""
    if not os.path.isdir("/proc/self"):
        kill_quietly(os.killpg, leader)
        return
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat", "rb") as file:
                session = int(file.read().rpartition(b")")[2].split()[3])
        except OSError:
            continue
        if session == leader:
            kill_quietly(os.kill, int(name))


def kill_quietly(kill, target):
    try:
        kill(target, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass


if __name__ == "__main__":
    main()
