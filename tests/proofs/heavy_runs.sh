#!/usr/bin/env bash
# Runs, rollbacks and suggestions that are heavier than any one commit may be.
set -euo pipefail
HEAVY_EVENTS=500 cargo test --locked --test exchange -- weight
