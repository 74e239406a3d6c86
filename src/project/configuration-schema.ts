import {
  array,
  boolean,
  description,
  exactOptional,
  type GenericSchema,
  gtValue,
  integer,
  literal,
  maxValue,
  minEntries,
  minLength,
  minValue,
  nonEmpty,
  number,
  picklist,
  pipe,
  record,
  regex,
  strictObject,
  string,
  title,
  union,
} from 'valibot'
import type { Configuration, ConfiguredDatabase, ConfiguredStep } from './configuration.ts'

// The messages say what is expected, in words that follow "expected": the rest of the sentence is the parser's.
const A_NAME = 'a name of letters, digits, "-" and "_"'
const A_PATH = 'the path of a database file, as a string'
const AN_INTERVAL = 'a number of seconds above 0 and at most 86400, or "off"'
const AN_ABSOLUTE_PATH = 'an absolute path, as a string that begins with "/"'
const A_COMMAND = 'a command line, as a string'
const A_GLOB = 'a glob such as "**/migrations/*.py", as a string'
const SOME_GLOBS = 'a list of globs'
const A_VARIABLE = 'the name of an environment variable'
const SOME_VARIABLES = 'a list of names of environment variables'
const SOME_STEPS = 'a list of steps, such as [{"run": "python manage.py migrate"}]'
const A_VALUE = 'a string, in which {path} stands for the path of the private database'
const SOME_VALUES = 'an object with a string for at least one environment variable'
const A_COUNT = 'a whole number, 1 or more'
const SOME_MEGABYTES = 'a number of megabytes above 0'
const A_JOURNAL = '"keep" or "wal"'
const SOME_DATABASES = 'an object with at least one database by name, such as {"main": {"path": "db.sqlite3"}}'

const databaseSchema: GenericSchema<ConfiguredDatabase> = strictObject(
  {
    path: pipe(
      string(A_PATH),
      nonEmpty(A_PATH),
      description('Path of the database file, relative to the folder of this file. It need not exist yet.'),
    ),
  },
  'an object with the key "path"',
)

const stepSchema: GenericSchema<ConfiguredStep> = strictObject(
  {
    run: pipe(
      string(A_COMMAND),
      regex(/\S/, A_COMMAND),
      description('Command line for /bin/sh, run in the folder of this file, with its standard input closed.'),
    ),
    inputs: exactOptional(
      pipe(
        array(pipe(string(A_GLOB), nonEmpty(A_GLOB)), SOME_GLOBS),
        description('Globs, relative to the folder of this file, of all files that decide what the step makes.'),
      ),
    ),
    variables: exactOptional(
      pipe(
        array(pipe(string(A_VARIABLE), regex(/^[A-Za-z_][A-Za-z0-9_]*$/, A_VARIABLE)), SOME_VARIABLES),
        description('Names of the environment variables whose values decide what the step makes.'),
      ),
    ),
    incremental: exactOptional(
      pipe(
        boolean('true or false'),
        description('Whether the step only does what is pending, as a migration tool does.'),
      ),
    ),
  },
  'an object with the key "run"',
)

/** The one description of the configuration: the check at run time and the published JSON schema are made from it. */
export const configurationSchema: GenericSchema<Configuration> = pipe(
  strictObject(
    {
      $schema: exactOptional(pipe(string('a string'), description('Path or URL of this JSON schema, for editors.'))),
      databases: exactOptional(
        pipe(
          record(pipe(string(A_NAME), regex(/^[A-Za-z0-9_-]+$/, A_NAME)), databaseSchema, SOME_DATABASES),
          minEntries(1, SOME_DATABASES),
          description('The databases to put into RAM, each under a name of your choice. Without it devshm finds them.'),
        ),
      ),
      volume: exactOptional(
        pipe(
          string(AN_ABSOLUTE_PATH),
          regex(/^\//, AN_ABSOLUTE_PATH),
          description('Absolute path of a RAM-backed folder to use instead of the one that devshm finds.'),
        ),
      ),
      saveEvery: exactOptional(
        pipe(
          union(
            [
              pipe(number(AN_INTERVAL), gtValue(0, AN_INTERVAL), maxValue(86_400, AN_INTERVAL)),
              literal('off', AN_INTERVAL),
            ],
            AN_INTERVAL,
          ),
          description('Seconds between two saves to disk while the database changes, or "off". The default is 30.'),
        ),
      ),
      journal: exactOptional(
        pipe(
          picklist(['keep', 'wal'], A_JOURNAL),
          description('"keep" (the default) keeps the journal mode of the app, "wal" makes the database in RAM WAL.'),
        ),
      ),
      requireRam: exactOptional(
        pipe(
          boolean('true or false'),
          description('Fail, instead of running on disk with a warning, where no RAM-backed folder is found.'),
        ),
      ),
      keepSnapshots: exactOptional(
        pipe(
          number(A_COUNT),
          integer(A_COUNT),
          minValue(1, A_COUNT),
          description('How many snapshots that devshm takes before it overwrites something stay. The default is 10.'),
        ),
      ),
      snapshotBudget: exactOptional(
        pipe(
          number(SOME_MEGABYTES),
          gtValue(0, SOME_MEGABYTES),
          description(
            'Megabytes that these snapshots may have in total; the newest stays anyway. The default is 1000.',
          ),
        ),
      ),
      cloneBudget: exactOptional(
        pipe(
          number(SOME_MEGABYTES),
          gtValue(0, SOME_MEGABYTES),
          description(
            'Megabytes of the RAM-backed folder that clones for tests may take, all of this user together; beyond that they are on disk. The default is half of what is free.',
          ),
        ),
      ),
      setup: exactOptional(
        pipe(
          array(stepSchema, SOME_STEPS),
          minLength(1, SOME_STEPS),
          description('The steps that set the databases up from nothing, in order. Without it those of the framework.'),
        ),
      ),
      env: exactOptional(
        pipe(
          record(pipe(string(A_VARIABLE), regex(/^[A-Za-z_][A-Za-z0-9_]*$/, A_VARIABLE)), string(A_VALUE), SOME_VALUES),
          minEntries(1, SOME_VALUES),
          description(
            'Variables that lead the steps of the set-up to a private database: {path} stands for its path, {path:NAME} for the one of the database NAME.',
          ),
        ),
      ),
    },
    'an object with settings',
  ),
  title('Configuration of devshm'),
)
