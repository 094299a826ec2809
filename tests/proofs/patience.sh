#!/usr/bin/env bash
# Slow pipes and stalled clients beside the server, with pauses of 150 seconds (ten minutes).
set -euo pipefail
SILENCE="${SILENCE:-150}" cargo test --locked --test service -- command_line::patience --nocapture
