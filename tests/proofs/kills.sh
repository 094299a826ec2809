#!/usr/bin/env bash
# 50 times SIGKILL while people submit, decide and are mailed: nothing acknowledged is lost, and no mail.
set -euo pipefail
cd "$(dirname "$0")/../.."
SUBMISSION_KILLS=${SUBMISSION_KILLS:-50} exec cargo test --locked --test service -- --nocapture \
    kills_lose_nothing_that_was_acknowledged_and_no_mail
