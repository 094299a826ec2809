#!/usr/bin/env bash
# The README of the TypeScript client mirrors the calendar for a minute of writes and two kills: its copy equals the export.
set -euo pipefail
cd "$(dirname "$0")/../.."
tests/parsers/install
MIRROR_SECONDS=${MIRROR_SECONDS:-60} exec cargo test --locked --test service -- --nocapture \
    the_readme_keeps_a_copy_while_writers_run_and_the_server_is_killed
