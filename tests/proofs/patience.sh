#!/usr/bin/env bash
# Slow pipes and stalled readers beside the server, silent for 150 seconds each time (ten minutes).
set -euo pipefail
SILENCE="${SILENCE:-150}" cargo test --locked --test service -- command_line::patience --nocapture
