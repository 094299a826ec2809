#!/usr/bin/env bash
# A million random bodies at the partner interface: no 5xx, no panic, ready, every feed parses.
#
# DOOR_BODIES sets their number. A release build; the store grows by some kB per accepted body.
set -euo pipefail
cd "$(dirname "$0")/../.."
export DOOR_BODIES=${DOOR_BODIES:-1000000}
exec cargo test --locked --release --test service -- --nocapture \
    attack::fields::door::whatever_body_is_sent
