# Checks against `--help` that the steps above ran every command.

# leaves [COMMAND…]: prints the commands without subcommands.
leaves() {
    local names name
    expect 0 calendar "$@" --help
    names=$(sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z-]*\) .*/\1/p' "$work/out")
    # Also commands that have subcommands but work without one.
    if [ -z "$names" ] || [ "$*" = sync ] || [ "$*" = 'sync review' ]; then echo "$*"; fi
    for name in $names; do leaves "$@" "$name"; done
}

leaves >"$work/commands"
[ "$(wc -l <"$work/commands")" -ge 30 ] || fail "these are not all commands: $(cat "$work/commands")"
while read -r command; do
    grep -qE "^$command( |\$)" <<<"$ran" || fail "$command was not run with --json"
done <"$work/commands"
