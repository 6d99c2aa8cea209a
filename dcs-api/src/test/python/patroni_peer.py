# SPDX-License-Identifier: Apache-2.0
"""Lets Patroni's own code write its keys into a store, or read values out of it.

    patroni_peer.py write STORE ADDRESS             a tar of the raw bytes that Patroni wrote
    patroni_peer.py read STORE ADDRESS < VALUES     what Patroni understands of a tar of values, as JSON
"""
import base64
import datetime
import io
import json
import sys
import tarfile
import urllib.error
import urllib.parse
import urllib.request
from unittest.mock import MagicMock

import patroni.postgresql  # first: patroni.ha and it import each other
from patroni import global_config
from patroni.dcs import get_dcs
from patroni.ha import Ha

TREE = '/service/golden/'
ADDRESS_OPTION = {'etcd3': 'host', 'consul': 'host', 'zookeeper': 'hosts'}
SYSID = '7381234567890123456'
# Beyond 2^63, where a signed number would turn negative.
HUGE = 2 ** 63 + 2 ** 32


def connect(store, address, name, **more):
    settings = {'scope': 'golden', 'namespace': 'service', 'name': name, 'ttl': 30, 'loop_wait': 10, 'retry_timeout': 10}
    return get_dcs({**settings, **more, store: {ADDRESS_OPTION[store]: address}})


class Raw:
    """The bytes under a key, past Patroni's own layer."""

    def __init__(self, store, address, dcs):
        self.store, self.url, self.dcs = store, 'http://' + address, dcs

    def call(self, path, body=None, method=None):
        with urllib.request.urlopen(urllib.request.Request(self.url + path, body, method=method)) as answer:
            return answer.read()

    def etcd(self, verb, **fields):
        body = {name: base64.b64encode(value).decode() for name, value in fields.items()}
        return json.loads(self.call('/v3/kv/' + verb, json.dumps(body).encode()))

    def get(self, key):
        path = TREE + key
        if self.store == 'etcd3':
            found = self.etcd('range', key=path.encode()).get('kvs')
            return base64.b64decode(found[0].get('value', '')) if found else None
        if self.store == 'consul':
            try:
                return self.call('/v1/kv' + urllib.parse.quote(path) + '?raw')
            except urllib.error.HTTPError as absent:
                if absent.code != 404:
                    raise
                return None
        return self.dcs._client.get(path)[0] if self.dcs._client.exists(path) else None

    def put(self, key, value):
        path = TREE + key
        if self.store == 'etcd3':
            self.etcd('put', key=path.encode(), value=value)
        elif self.store == 'consul':
            self.call('/v1/kv' + urllib.parse.quote(path), value, 'PUT')
        else:
            self.dcs._client.ensure_path(path)
            self.dcs._client.set(path, value)

    def clear(self):
        if self.store == 'etcd3':
            self.etcd('deleterange', key=TREE.encode(), range_end=TREE[:-1].encode() + b'0')
        elif self.store == 'consul':
            self.call('/v1/kv' + TREE + '?recurse', method='DELETE')
        else:
            self.dcs._client.delete(TREE[:-1], recursive=True)


class Node:
    """Patroni's HA loop over a server that exists in name only, so that its own code builds the values."""

    def __init__(self, dcs, tags, **server):
        postgres = MagicMock(name='postgres')
        postgres.configure_mock(**{'proxy_url': None, 'pending_restart_reason': {}, **server})
        postgres.mpp_handler.is_worker.return_value = False
        patroni = MagicMock(name='patroni', postgresql=postgres, dcs=dcs, tags=tags, scheduled_restart={})
        patroni.version = '4.0.7'
        patroni.api.connection_string = 'http://127.0.0.1:800%s/patroni' % dcs._name[-1]
        self.patroni, self.postgres, self.dcs, self.ha = patroni, postgres, dcs, Ha(patroni)
        self.ha._rewind = MagicMock()

    def publish(self):
        assert self.ha.touch_member()


def write(store, address):
    one, two, three = (connect(store, address, 'pg%d' % number) for number in (1, 2, 3))
    raw = Raw(store, address, one)
    raw.clear()
    files = {}

    def save(key, name=None):
        value = raw.get(key)
        if value is not None:
            files[name or key] = value

    assert one.initialize(create_new=True)
    save('initialize', 'initialize-founding')
    assert one.initialize(create_new=False, sysid=SYSID)
    config = {'ttl': 30, 'loop_wait': 10, 'maximum_lag_on_failover': 1048576, 'synchronous_mode': 'quorum',
              'postgresql': {'use_pg_rewind': True, 'parameters': {'work_mem': '4MB', 'random_page_cost': 1.10,
                                                                 'cluster_name': 'Zürich \U0001F418'}}, 'slots': None}
    assert one.set_config_value(json.dumps(config, separators=(',', ':')))

    leader = Node(one, {}, connection_string='postgres://127.0.0.1:5431/postgres', state='running', role='primary')
    leader.postgres.timeline_wal_position.return_value = (3, HUGE, 3)
    leader.ha.set_is_leader(True)
    leader.ha._rewind.checkpoint_after_promote.return_value = False
    assert one.attempt_to_acquire_leader()
    leader.publish()

    replica = Node(two, {'clonefrom': True, 'failover_priority': 2, 'replicatefrom': 'pg1', 'rack': 'Zürich'},
                   connection_string='postgres://[::1]:5432/postgres', state='running', role='replica',
                   proxy_url='postgres://127.0.0.1:6432/postgres',
                   pending_restart_reason={'max_connections': {'old_value': '100', 'new_value': '200'}})
    replica.postgres.timeline_wal_position.return_value = (0, 67108960, 3)
    replica.postgres.replication_state.return_value = 'streaming'
    replica.postgres.received_timeline.return_value = 3
    replica.patroni.scheduled_restart = {'schedule': datetime.datetime(2030, 1, 2, 3, 4, 5, 678900, datetime.timezone.utc),
                                         'role': 'replica', 'postmaster_start_time': '2026-01-02 03:04:05.6+00:00'}
    global_config.update(None, {'pause': True})
    replica.publish()
    global_config.update(None, {'pause': False})
    Node(three, {'nofailover': True, 'nosync': True, 'nostream': True, 'noloadbalance': True},
         connection_string='postgres://127.0.0.1:5433/postgres', state='stopped', role='uninitialized').publish()

    assert one.update_leader(one.get_cluster(), HUGE, {'pg1': HUGE, 'pg2': 67108960, 'logical': 67108961},
                             {'pg%d' % number: 'http://127.0.0.1:800%d/patroni' % number for number in (1, 2, 3)})
    save('status')
    one.write_leader_optime(HUGE + 1)
    save('status', 'status-carried-over')
    assert one._write_leader_optime(str(HUGE))

    assert one.manual_failover(None, None)
    save('failover', 'failover-none')
    assert one.manual_failover(None, 'pg2')
    save('failover', 'failover-manual')
    at = datetime.datetime(2030, 1, 2, 3, 4, 5, tzinfo=datetime.timezone(datetime.timedelta(hours=5, minutes=30)))
    assert one.manual_failover('pg1', 'pg2', at + datetime.timedelta(microseconds=600))
    save('failover', 'failover-microseconds')
    assert one.manual_failover('pg1', 'pg2', at)

    assert one.write_sync_state('pg1', None, 0)
    save('sync', 'sync-alone')
    assert one.delete_sync_state()
    save('sync', 'sync-off')
    assert one.write_sync_state('pg1', ['PG3', 'pg2'], 1, version=one.get_cluster().sync.version)

    leader.ha.cluster = MagicMock()
    leader.ha.cluster.history.lines = [[1, 1, 'old', 'old', 'old']]
    leader.postgres.get_primary_timeline.return_value = 1
    leader.ha.update_cluster_history()
    save('history', 'history-first')
    leader.ha.cluster.history.lines = [[1, 25623960, 'no recovery target specified', '2026-01-02T03:04:05.123456+01:00', 'pg2']]
    leader.postgres.get_primary_timeline.return_value = 4
    leader.postgres.get_history.return_value = [
        (1, 25623960, 'no recovery target specified'), (2, 33554592, 'no recovery target specified'),
        (3, HUGE, 'no recovery target specified', '2026-01-02T04:04:05+01:00', 'pg1')]
    leader.ha.update_cluster_history()

    for key in ('initialize', 'config', 'leader', 'members/pg1', 'members/pg2', 'members/pg3', 'optime/leader', 'failover',
                'sync', 'history', 'failsafe'):
        save(key)
        assert key in files, key
    with tarfile.open(fileobj=sys.stdout.buffer, mode='w|') as archive:
        for name, value in sorted(files.items()):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mtime = len(value), 0
            archive.addfile(entry, io.BytesIO(value))


def shown(cluster):
    sync, failover = cluster.sync, cluster.failover
    return {
        'initialize': cluster.initialize,
        'config': cluster.config and cluster.config.modify_version and cluster.config.data or None,
        'leader': cluster.leader_name or None,
        'checkpointed': cluster.leader and cluster.leader.checkpoint_after_promote,
        'unlocked': cluster.is_unlocked(),
        'optime': cluster.status.last_lsn,
        'slots': cluster.status.slots or {},
        'retain_slots': cluster.status.retain_slots,
        'members': {member.name: {
            'conn_url': member.conn_url, 'api_url': member.api_url, 'state': member.state,
            'primary_role': member.data.get('role') in ('master', 'primary'), 'host': member.conn_kwargs().get('host'),
            'port': member.conn_kwargs().get('port'), 'version': member.patroni_version, 'lsn': member.lsn,
            'timeline': member.data.get('timeline'), 'nofailover': member.nofailover, 'nosync': member.nosync,
            'failover_priority': member.failover_priority, 'clonefrom': bool(member.tags.get('clonefrom')),
            'nostream': member.nostream, 'noloadbalance': member.noloadbalance, 'replicatefrom': member.replicatefrom,
        } for member in cluster.members},
        'failover': failover and len(failover) and {
            'leader': failover.leader or None, 'candidate': failover.candidate or None,
            'at': failover.scheduled_at and failover.scheduled_at.isoformat()} or None,
        'sync': None if sync.is_empty else {'leader': sync.leader, 'voters': sync.voters, 'quorum': sync.quorum,
                                            'matches': [name for name in ('pg1', 'PG2', 'pg3', 'pg4') if sync.matches(name)]},
        'history': cluster.history and cluster.history.lines,
        'timeline': cluster.timeline,
        'failsafe': cluster.failsafe,
        'oldest_version': cluster.min_version,
        'groups': {str(group): shown(worker) for group, worker in sorted(cluster.workers.items())},
    }


def read(store, address):
    with tarfile.open(fileobj=sys.stdin.buffer, mode='r|') as archive:
        values = {entry.name[2:] if entry.name.startswith('./') else entry.name: archive.extractfile(entry).read()
                  for entry in archive if entry.isfile()}
    citus = {'citus': {'group': 0, 'database': 'citus'}} if any(key.startswith('0/') for key in values) else {}
    dcs = connect(store, address, 'reader', patronictl=True, **citus)
    raw = Raw(store, address, dcs)
    for key, value in values.items():
        raw.put(key, value)
    json.dump(shown(dcs.get_cluster()), sys.stdout, indent=1, sort_keys=True, ensure_ascii=False)
    print()
    raw.clear()


if __name__ == '__main__':
    {'write': write, 'read': read}[sys.argv[1]](*sys.argv[2:])
