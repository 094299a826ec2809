#!/usr/bin/env bash
# 10,000 random stories of three partners and their editors, compared with a model of the calendar.
set -euo pipefail
cd "$(dirname "$0")/../.."
RECONCILE_STORIES=${RECONCILE_STORIES:-10000} exec cargo test --locked --release --test exchange -- --nocapture \
    stories_of_three_partners_leave_what_the_model_says
