#!/bin/sh
# Every check, in the order of how fast it fails. Called by `make test`; the tools come from the PATH.
set -eu
cd "$(dirname "$0")/.."

echo "== format and lint"
ruff format --check .
ruff check .

echo "== types"
mypy

echo "== import contracts"
lint-imports --no-cache

echo "== lock files name no index, host or path"
if grep -nE '://|^-|^ *--(index|find|extra)| @ ' requirements.lock requirements-dev.lock | grep -v -- '--hash='; then
    echo "a lock file names a place" >&2
    exit 1
fi

echo "== tests, warnings as errors, with branch coverage"
coverage erase
status=0
coverage run -m pytest -n auto --maxprocesses=4 --dist loadfile >.pytest.out 2>&1 || status=$?
if [ "$status" -ne 0 ]; then
    cat .pytest.out
    exit "$status"
fi
coverage combine --quiet
echo "-- pure rooms"
coverage report --fail-under=95 --include='monitor/alerts/*,monitor/stories/*,monitor/rules/*,monitor/cadence/*,monitor/entities/*,monitor/text/*,monitor/model/*'
echo "-- all other rooms"
coverage report --fail-under=90 --omit='monitor/alerts/*,monitor/stories/*,monitor/rules/*,monitor/cadence/*,monitor/entities/*,monitor/text/*,monitor/model/*'

cat .pytest.out
rm -f .pytest.out
