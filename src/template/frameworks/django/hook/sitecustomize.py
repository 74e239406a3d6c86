"""Lets devshm lead Django to other databases, with no change in the project.

Python imports a module of this name before anything else (see the module `site`), and devshm puts this folder first on
PYTHONPATH. What is to be done is in the environment variable DEVSHM_DJANGO: see `devshm_start`. Then the sitecustomize
that this one shadows runs, as it would have without it.
"""

import importlib
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def start():
    with open(os.path.join(HERE, 'devshm_start.py'), encoding='utf-8') as file:
        exec(compile(file.read(), '<devshm_start>', 'exec'), {'HERE': HERE, '__name__': 'devshm_start'})


def run_the_shadowed():
    """Import the next `sitecustomize` on the path, of which Python will then say that it imported it."""
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry) != HERE]
    own = sys.modules.pop(__name__)
    try:
        importlib.import_module(__name__)
    except ImportError as error:
        if error.name != __name__:
            raise
        sys.modules[__name__] = own


try:
    start()
except Exception:
    # Whatever it is: the program runs as without us, and devshm sees that nothing was led.
    pass
if __name__ == 'sitecustomize':
    run_the_shadowed()
