"""Sees what a run of `migrate` reaches, besides its database and what its key is made of."""

import sys


class Watch:
    def __init__(self):
        self.modules = set(sys.modules)
        # Aliases of other databases that something was asked of, or written to.
        self.reached = set()
        self.others = []

    def start(self, connection):
        from django.db import connections

        # Connections are of one thread; migrations run in this one.
        for each in [connections[alias] for alias in connections if alias != connection.alias]:
            each.execute_wrappers.append(self.note)
            self.others.append(each)

    def stop(self):
        for each in self.others:
            each.execute_wrappers.remove(self.note)

    def note(self, execute, sql, params, many, context):
        self.reached.add(context['connection'].alias)
        return execute(sql, params, many, context)
