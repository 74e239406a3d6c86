import {
  boolean,
  description,
  exactOptional,
  type GenericSchema,
  gtValue,
  literal,
  maxValue,
  minEntries,
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
import type { Configuration, ConfiguredDatabase } from './configuration.ts'

// The messages say what is expected, in words that follow "expected": the rest of the sentence is the parser's.
const A_NAME = 'a name of letters, digits, "-" and "_"'
const A_PATH = 'the path of a database file, as a string'
const AN_INTERVAL = 'a number of seconds above 0 and at most 86400, or "off"'
const AN_ABSOLUTE_PATH = 'an absolute path, as a string that begins with "/"'
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
    },
    'an object with settings',
  ),
  title('Configuration of devshm'),
)
