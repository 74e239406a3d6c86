"""Has something done right after a module was imported, by whomever and whenever."""

import sys

ACTIONS = {}


def after_import(name, action):
    """Call `action` with the module of this name, as soon as it is there. It is no failure of the import if that fails."""
    if name in sys.modules:
        unless_it_fails(action, sys.modules[name])
        return
    ACTIONS[name] = action
    if AfterImport not in sys.meta_path:
        sys.meta_path.insert(0, AfterImport)


class AfterImport:
    """Finds nothing itself: it lets the other finders find, and sees to it that something is done afterwards."""

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name not in ACTIONS:
            return None
        for finder in sys.meta_path:
            find_spec = None if finder is cls else getattr(finder, 'find_spec', None)
            spec = find_spec and find_spec(name, path, target)
            if spec:
                unless_it_fails(cls.extend, name, spec.loader)
                return spec
        return None

    @staticmethod
    def extend(name, loader):
        original = loader.exec_module

        def exec_module(module):
            original(module)
            # Some loaders have more than one module.
            if module.__name__ == name:
                unless_it_fails(ACTIONS[name], module)

        loader.exec_module = exec_module


def unless_it_fails(function, *arguments):
    try:
        return function(*arguments)
    except Exception:
        return None
