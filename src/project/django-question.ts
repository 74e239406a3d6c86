/**
 * What devshm asks Django, run by the project's own Python in the folder of `manage.py`, with that folder, the settings
 * module and the number of the descriptor for the answer as arguments. The answer is one line of JSON (`DjangoAnswer`
 * or `{"error": …}`) on a descriptor of its own: settings may print what they like.
 *
 * Besides the databases it tells what the answer depends on: the files that were read or imported meanwhile (but for
 * installed packages), also those looked for in vain, and the names of the environment variables that were read.
 */
export const DJANGO_QUESTION: string = String.raw`
import json, os, sys, sysconfig, traceback

folder, settings_module, descriptor = sys.argv[1], sys.argv[2], int(sys.argv[3])
os.set_inheritable(descriptor, False)
files, variables = set(), set()
libraries = (sysconfig.get_path('stdlib'), sysconfig.get_path('platstdlib'), '/dev', '/proc', '/sys')


def note_open(event, arguments):
    if event != 'open' or not isinstance(arguments[0], (str, os.PathLike)):
        return
    path, mode, flags = arguments
    if not set(mode or '').intersection('wax+') and not (flags or 0) & (os.O_WRONLY | os.O_RDWR):
        files.add(os.path.abspath(os.fsdecode(path)))


def note_variables():
    environment = type(os.environ)
    original = environment.__getitem__

    def noting(self, name):
        if self is os.environ and isinstance(name, str):
            variables.add(name)
        return original(self, name)

    environment.__getitem__ = noting


def is_of_the_project(path):
    parts = path.split(os.sep)
    installed = {'site-packages', 'dist-packages', '__pycache__'}.intersection(parts)
    return not installed and not any(path.startswith(library + os.sep) for library in libraries)


def ask():
    if sys.path[:1] == ['']:
        del sys.path[0]
    sys.path.insert(0, folder)
    sys.argv[:] = ['manage.py', 'check']
    os.environ['DJANGO_SETTINGS_MODULE'] = settings_module
    if hasattr(sys, 'addaudithook'):
        sys.addaudithook(note_open)
    note_variables()
    from django.conf import settings
    databases = settings.DATABASES
    files.update(os.path.abspath(module.__file__) for module in list(sys.modules.values())
                 if isinstance(getattr(module, '__file__', None), str))
    return {
        'databases': [
            {'alias': alias, 'engine': str(database.get('ENGINE', '')), 'name': os.fsdecode(database.get('NAME') or '')}
            for alias, database in databases.items()
        ],
        'files': sorted(filter(is_of_the_project, files.copy())),
        'variables': sorted(variables - {'DJANGO_SETTINGS_MODULE'}),
    }


try:
    answer = ask()
except BaseException as error:
    answer = {'error': traceback.format_exception_only(type(error), error)[-1].strip()}
with os.fdopen(descriptor, 'w') as stream:
    stream.write(json.dumps(answer) + '\n')
# At once: threads and exit handlers of the settings are none of this question's business.
os._exit(0)
`
