#!/usr/bin/env bash
# Runs, rollbacks and suggestions that exceed the size of one commit.
set -euo pipefail
HEAVY_EVENTS=500 cargo test --locked --test exchange -- weight
