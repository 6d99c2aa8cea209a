# SPDX-License-Identifier: Apache-2.0
"""Median milliseconds that the verbs of Patroni's own store layer take, as JSON.

    patroni_latency.py STORE ADDRESS
"""
import json
import statistics
import sys
import time

import patroni.postgresql  # first: patroni.ha and it import each other
from patroni.dcs import get_dcs

WARM_UP, ROUNDS = 20, 100
MEMBER = {'api_url': 'http://10.0.0.1:8008/patroni', 'state': 'running', 'role': 'replica', 'version': '4.1.0',
          'xlog_location': 67108864, 'replication_state': 'streaming', 'timeline': 1}


def connect(store, address, name):
    option = 'hosts' if store == 'zookeeper' else 'host'
    return get_dcs({'scope': 'latency', 'namespace': 'service', 'name': name, 'ttl': 30, 'loop_wait': 10,
                    'retry_timeout': 10, store: {option: address}})


def median(measured, then=lambda: None, warm_up=WARM_UP, rounds=ROUNDS):
    times = []
    for _ in range(warm_up + rounds):
        start = time.monotonic()
        measured()
        times.append(time.monotonic() - start)
        then()
    return statistics.median(times[warm_up:]) * 1000


def main(store, address):
    dcs = connect(store, address, 'node-0')

    def fill(count):
        for i in range(count):
            dcs._name = 'node-%d' % i
            dcs.touch_member(dict(MEMBER, conn_url='postgres://10.0.0.%d:5432/postgres' % (i % 250)))
        dcs._name = 'node-0'

    fill(1)
    result = {}
    state = {'lsn': 67108864}

    def acquire():
        if not dcs.attempt_to_acquire_leader():
            raise SystemExit('could not acquire the lock')

    def release():
        cluster = dcs.get_cluster()
        dcs.delete_leader(cluster.leader)
        dcs.get_cluster()

    # On ZooKeeper Patroni gives a lock up by ending its session, which takes long.
    few = {'warm_up': 3, 'rounds': 20} if store == 'zookeeper' else {}
    result['acquire'] = median(acquire, release, **few)
    acquire()
    cluster = dcs.get_cluster()

    def renew():
        state['lsn'] += 1
        # A renewal is put off while the last one is young; a daemon's next round would send it.
        if hasattr(dcs, '_last_session_refresh'):
            dcs._last_session_refresh = 0
        if not dcs.update_leader(cluster, state['lsn'], None):
            raise SystemExit('could not renew the lock')

    result['renew with status'] = median(renew)
    for count, name in ((10, 'snapshot, 10 members'), (1000, 'snapshot, 1,000 members')):
        fill(count)
        result[name] = median(dcs.get_cluster)
    print(json.dumps(result))


main(*sys.argv[1:])
