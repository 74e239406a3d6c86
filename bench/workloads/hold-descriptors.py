"""Have sockets, pipes and files open until standard input closes: COUNT FOLDER"""
import os
import socket
import sys
import tempfile

third = int(sys.argv[1]) // 3
held = [socket.socket() for _ in range(third)]
held += [os.pipe() for _ in range(third // 2)]
held += [tempfile.TemporaryFile(dir=sys.argv[2]) for _ in range(third)]
print("ready", flush=True)
sys.stdin.read()
