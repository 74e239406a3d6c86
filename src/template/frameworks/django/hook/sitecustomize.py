"""Lets devshm lead Django to other databases, with no change in the project.

Python imports a module of this name before anything else (see the module `site`), and devshm puts this folder first on
PYTHONPATH. What is to be done is in the environment variable DEVSHM_DJANGO:

    {"leads": [{"from": ["/project/db.sqlite3", ...], "to": "/private/new.sqlite3"}], "tests": {...}}

`devshm_leads` and `devshm_test_databases` say what the two mean. Then the sitecustomize that this one shadows runs, as it
would have without it.
"""

import importlib
import json
import os
import sys
import types

HERE = os.path.dirname(os.path.abspath(__file__))


def load(name):
    """A module of this folder, under a file name that is none: what measures or traces code leaves it out for that.

    It finds this function among its globals, to load others with.
    """
    if name in sys.modules:
        return sys.modules[name]
    with open(os.path.join(HERE, name + '.py'), encoding='utf-8') as file:
        code = compile(file.read(), '<' + name + '>', 'exec')
    module = types.ModuleType(name)
    module.load = load
    exec(code, module.__dict__)
    sys.modules[name] = module
    return module


def start():
    told = json.loads(os.environ['DEVSHM_DJANGO'])
    after_import = load('devshm_after_import').after_import
    if told.get('leads'):
        load('devshm_leads').start(told['leads'], after_import)
    if told.get('tests'):
        tests = told['tests']
        name = 'django.db.backends.base.creation'
        after_import(name, lambda module: load('devshm_test_databases').start(tests, module))


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
