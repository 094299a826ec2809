#!/usr/bin/env bash
# A bot sends 10,000 suggestions and reports: it fills neither queue nor store nor an inbox, and a person is heard.
set -euo pipefail
cd "$(dirname "$0")/../.."
BOT_REQUESTS=${BOT_REQUESTS:-10000} exec cargo test --locked --test service -- --nocapture \
    a_bot_fills_neither_queue_nor_store_nor_an_inbox_and_a_person_is_heard
