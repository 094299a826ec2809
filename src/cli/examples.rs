//! Examples at the end of each command's help. Each line must parse as a command line; two spaces separate the command
//! from its explanation.

pub const SERVE: &str = "\
Examples:
  elverum-calendar serve --check                  check the configuration; change nothing
  elverum-calendar serve --address 0.0.0.0 --port 8080
  elverum-calendar serve --port 0                  use a free port; the first line names it";

pub const IMPORT: &str = "\
Examples:
  elverum-calendar import spring.ics --dry-run     show what would change
  elverum-calendar import spring.ics --partner korpset
  elverum-calendar import https://example.org/calendar.ics
  elverum-calendar import everything.ndjson        the output of `export --format ndjson`";

pub const EXPORT: &str = "\
Examples:
  elverum-calendar export --format ics > all.ics
  elverum-calendar export --format csv > all.csv
  elverum-calendar export --format ndjson > everything.ndjson
  elverum-calendar export --format ndjson --with-private > everything.ndjson";

pub const SYNC: &str = "\
Examples:
  elverum-calendar sync --detect https://kino.example.no
  elverum-calendar sync kino --dry-run             show what would change
  elverum-calendar sync                            sync all partners with an address";

pub const SEED: &str = "\
Examples:
  elverum-calendar seed                            load changed files of the region
  elverum-calendar seed --data /etc/elverum-calendar/data";

pub const BACKUP: &str = "\
Examples:
  elverum-calendar backup calendar.backup
  elverum-calendar backup --json calendar.backup
  elverum-calendar backup --passphrase-file passphrase.txt calendar.backup";

pub const RESTORE: &str = "\
Examples:
  elverum-calendar restore calendar.backup --store sled:var/elsewhere
  elverum-calendar restore calendar.backup --replace
  elverum-calendar restore calendar.backup --replace --until 2027-03-01T12:00:00+01:00
  elverum-calendar restore calendar.backup --key key.txt";

pub const INIT: &str = "\
Examples:
  elverum-calendar init /etc/elverum-calendar      write Rocket.toml and the folder data
  elverum-calendar init --json .";

pub const COMPLETIONS: &str = "\
Examples:
  elverum-calendar completions bash > /etc/bash_completion.d/elverum-calendar
  elverum-calendar completions zsh > ~/.zfunc/_elverum-calendar
  elverum-calendar completions fish > ~/.config/fish/completions/elverum-calendar.fish";

pub const PARTNER_ADD: &str = "\
Examples:
  elverum-calendar partner add kino --kind ics --url https://kino.example.no/k.ics --trust queue
  elverum-calendar partner add by --kind linked_events --url https://api.example.no/v1/
  elverum-calendar partner add bibliotek --kind ics --url https://bib.example.no/k.ics --paused
  elverum-calendar partner add korpset --kind interface --name 'Skolekorpset'";

pub const PARTNER_PAUSE: &str = "\
Examples:
  elverum-calendar partner pause kino";

pub const PARTNER_RESUME: &str = "\
Examples:
  elverum-calendar partner resume kino";

pub const PARTNER_REMOVE: &str = "\
Examples:
  elverum-calendar partner remove kino                     keep its events
  elverum-calendar partner remove kino --withdraw-events   withdraw its events, unless other partners list them";

pub const PARTNER_LIST: &str = "\
Examples:
  elverum-calendar partner list
  elverum-calendar partner list --json";

pub const PARTNER_KEY: &str = "\
Examples:
  elverum-calendar partner key korpset             a key to send events with
  elverum-calendar partner key --review            a key to decide open matters with
  elverum-calendar partner key --read              a key for a website that reads the API often
  elverum-calendar partner key --revoke ec_0123456789ab";

pub const PARTNER_PUSH: &str = "\
Examples:
  elverum-calendar partner push kino --kind tribe --url https://kino.example.no/ --user kalender --secret KINO
  elverum-calendar partner push kino --stop";

pub const PARTNER_KINDS: &str = "\
Examples:
  elverum-calendar partner kinds
  elverum-calendar partner kinds --json";

pub const WEBHOOK_ADD: &str = "\
Examples:
  elverum-calendar webhook add https://example.org/hooks/calendar";

pub const WEBHOOK_LIST: &str = "\
Examples:
  elverum-calendar webhook list
  elverum-calendar webhook list --json";

pub const WEBHOOK_REMOVE: &str = "\
Examples:
  elverum-calendar webhook remove 0199c3a4          `webhook list` shows the id";

pub const WEBHOOK_RESUME: &str = "\
Examples:
  elverum-calendar webhook resume";

pub const WEBHOOK_REPLAY: &str = "\
Examples:
  elverum-calendar webhook replay 0199c3a4";

pub const ICS_CHECK: &str = "\
Examples:
  elverum-calendar ics check spring.ics
  elverum-calendar ics check https://example.org/calendar.ics
  elverum-calendar ics check - < spring.ics";

pub const ICS_OCCURRENCES: &str = "\
Examples:
  elverum-calendar ics occurrences spring.ics --from 2027-03-01 --to 2027-04-01";

pub const ICS_RULES: &str = "\
Examples:
  elverum-calendar ics rules
  elverum-calendar ics rules --json";

pub const STORE_CHECK: &str = "\
Examples:
  elverum-calendar store check sled:var/store      needs the server stopped
  elverum-calendar store check calendar.backup";

pub const STORE_SALVAGE: &str = "\
Examples:
  elverum-calendar store salvage sled:var/store";

pub const REVIEW: &str = "\
Examples:
  elverum-calendar sync review                     list open matters
  elverum-calendar sync review accept 0199c3a4     apply a suggestion";

pub const RUNS: &str = "\
Examples:
  elverum-calendar sync runs
  elverum-calendar sync runs kino";

pub const ROLLBACK: &str = "\
Examples:
  elverum-calendar sync rollback 0199c3a4          `sync runs` shows the id
  elverum-calendar sync rollback 0199c3a4 --keep-changed";

pub const RELEASE: &str = "\
Examples:
  elverum-calendar sync release kino";

pub const ACCEPT: &str = "\
Examples:
  elverum-calendar sync review accept 0199c3a4     `sync review` shows the id
  elverum-calendar sync review accept 0199c3a4 --field title --field schedule";

pub const DISMISS: &str = "\
Examples:
  elverum-calendar sync review dismiss 0199c3a4";

pub const APPROVE: &str = "\
Examples:
  elverum-calendar sync review approve quiz-paa-puben";

pub const REJECT: &str = "\
Examples:
  elverum-calendar sync review reject quiz-paa-puben";

pub const JOIN: &str = "\
Examples:
  elverum-calendar sync review join sommerkonsert sommerkonsert-2";

pub const SPLIT: &str = "\
Examples:
  elverum-calendar sync review split sommerkonsert kino";

pub const ACCOUNT_INVITE: &str = "\
Examples:
  elverum-calendar account invite --editor          print a link that works once
  elverum-calendar account invite kari@example.org
  elverum-calendar account invite kari@example.org --editor --municipality 3420";

pub const ACCOUNT_LIST: &str = "\
Examples:
  elverum-calendar account list
  elverum-calendar account list --json";

pub const ACCOUNT_AUDIT: &str = "\
Examples:
  elverum-calendar account audit                   everything that is kept, the latest first
  elverum-calendar account audit --about kari@example.no
  elverum-calendar account audit --by redaktor@example.no --limit 20
  elverum-calendar account audit --json > audit.json";

pub const ACCOUNT_ROLE: &str = "\
Examples:
  elverum-calendar account role kari@example.org editor
  elverum-calendar account role kari@example.org editor --municipality 3420 --municipality 3422
  elverum-calendar account role kari@example.org organizer";

pub const ACCOUNT_REMOVE: &str = "\
Examples:
  elverum-calendar account delete kari@example.org
  elverum-calendar account delete kari@example.org --events withdraw";
