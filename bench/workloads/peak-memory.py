"""Run a command and print the most memory that it, or a process it waited for, had at once: COMMAND..."""
import json
import resource
import subprocess
import sys

status = subprocess.call(sys.argv[1:])
kilobytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps({"megabytes": kilobytes / 1024}))
sys.exit(status)
