#!/usr/bin/env bash
# 24 writers over HTTP with the same titles, UIDs and ids for a minute: no duplicate slug or UID.
set -euo pipefail
cd "$(dirname "$0")/../.."
WRITERS_SECONDS=${WRITERS_SECONDS:-60} exec cargo test --locked --test service -- --nocapture \
    writers_with_the_same_titles_uids_and_ids_never_share_an_address_or_an_identity
