#!/usr/bin/env bash
# Have PostgreSQL, Redis and RabbitMQ listening on their usual ports, for the integration tests.
set -euo pipefail

is_listening() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

wait_for() {
    for _ in $(seq 120); do
        if is_listening "$2"; then return 0; fi
        sleep 0.5
    done
    echo "$1 did not start listening on port $2 within 60 seconds." >&2
    exit 1
}

install_package() {
    if [ "$(id -u)" != 0 ]; then
        echo "$1 is not listening and this is not root: start it, or run 'make services' as root." >&2
        exit 1
    fi
    if ! dpkg -s "$1" >/dev/null 2>&1; then
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$1" >/dev/null
    fi
}

if ! is_listening 5432; then
    install_package postgresql
    # The cluster keeps Debian's settings; only local trust is added, for the tests' own databases.
    hba=$(ls /etc/postgresql/*/main/pg_hba.conf | tail -n 1)
    sed -i 's/^\(host .*127\.0\.0\.1\/32 *\).*/\1trust/' "$hba"
    pg_ctlcluster --skip-systemctl-redirect "$(basename "$(dirname "$(dirname "$hba")")")" main start
fi
if ! is_listening 6379; then
    install_package redis-server
    is_listening 6379 || redis-server --daemonize yes --bind 127.0.0.1 --port 6379 --save "" \
        --appendonly no --dir /tmp >/dev/null
fi
if ! is_listening 5672; then
    install_package rabbitmq-server
    is_listening 5672 || rabbitmq-server -detached
fi
wait_for PostgreSQL 5432
wait_for Redis 6379
wait_for RabbitMQ 5672
