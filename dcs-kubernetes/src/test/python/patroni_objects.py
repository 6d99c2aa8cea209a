# SPDX-License-Identifier: Apache-2.0
"""Lets Patroni's own code write the objects of a cluster into the Kubernetes API, or say what it understands of them.

    patroni_objects.py write endpoints|configmaps NAMESPACE [GROUP]
    patroni_objects.py read endpoints|configmaps NAMESPACE [GROUP]

The environment holds, as text, a kubeconfig (PEER_KUBECONFIG) and the program patroni_peer.py (PEER), whose nodes are used.
"""
import datetime
import json
import os
import sys
import tempfile
import types

KUBECONFIG = tempfile.NamedTemporaryFile('w', suffix='.kubeconfig')
KUBECONFIG.write(os.environ['PEER_KUBECONFIG'])
KUBECONFIG.flush()
os.environ['KUBECONFIG'] = KUBECONFIG.name  # read when Patroni's module is imported
peer = types.ModuleType('peer')
exec(os.environ['PEER'], peer.__dict__)

verb, kind, namespace = sys.argv[1:4]
group = sys.argv[4] if len(sys.argv) > 4 else None


def connect(name, **more):
    kubernetes = {'namespace': namespace, 'labels': {'application': 'patroni'}, 'use_endpoints': kind == 'endpoints',
                  'pod_ip': '10.0.0.' + name[-1], 'ports': [{'name': 'postgresql', 'port': 5432}], 'context': 'test'}
    if group:
        more['citus'] = {'group': int(group), 'database': 'citus'}
    return peer.get_dcs({'scope': 'demo', 'name': name, 'ttl': 30, 'loop_wait': 10, 'retry_timeout': 10,
                         'kubernetes': kubernetes, **more})


def write():
    one, two, three = (connect('pg%d' % number) for number in (1, 2, 3))
    assert one.initialize(create_new=True)
    one.get_cluster()
    assert one.initialize(create_new=False, sysid=peer.SYSID)
    assert one.set_config_value(json.dumps({'ttl': 30, 'synchronous_mode': 'quorum', 'slots': None, 'postgresql': {
        'parameters': {'work_mem': '4MB', 'random_page_cost': 1.10, 'cluster_name': 'Zürich \U0001F418'}}},
        separators=(',', ':')))

    leader = peer.Node(one, {}, connection_string='postgres://10.0.0.1:5432/postgres', state='running', role='primary')
    leader.postgres.timeline_wal_position.return_value = (3, peer.HUGE, 3)
    leader.ha.set_is_leader(True)
    leader.ha._rewind.checkpoint_after_promote.return_value = False
    assert one.attempt_to_acquire_leader()
    one.get_cluster()
    leader.publish()
    replica = peer.Node(two, {'clonefrom': True, 'rack': 'Zürich'}, state='running', role='replica',
                        connection_string='postgres://10.0.0.2:5432/postgres')
    replica.postgres.timeline_wal_position.return_value = (0, 67108960, 3)
    replica.postgres.replication_state.return_value = 'streaming'
    replica.postgres.received_timeline.return_value = 3
    two.get_cluster()
    replica.publish()
    three.get_cluster()
    peer.Node(three, {'nofailover': True}, connection_string='postgres://10.0.0.3:5432/postgres', state='stopped',
              role='uninitialized').publish()

    assert one.update_leader(one.get_cluster(), peer.HUGE, {'pg1': peer.HUGE, 'pg2': 67108960},
                             {'pg%d' % number: 'http://10.0.0.%d:8008/patroni' % number for number in (1, 2, 3)})
    at = datetime.datetime(2030, 1, 2, 3, 4, 5, tzinfo=datetime.timezone(datetime.timedelta(hours=5, minutes=30)))
    assert one.manual_failover('pg1', 'pg2', at)
    assert one.write_sync_state('pg1', ['PG3', 'pg2'], 1)
    assert one.set_history_value(json.dumps([[1, 25623960, 'no recovery target specified',
                                              '2026-01-02T03:04:05.123456+01:00', 'pg2']], separators=(',', ':')))


def read():
    cluster = connect('reader', patronictl=True).get_cluster()
    failover, sync = cluster.failover, cluster.sync
    shown = {
        'leader': cluster.leader_name, 'initialize': cluster.initialize, 'config': cluster.config.data,
        'history': cluster.history.lines, 'failsafe': cluster.failsafe,
        'status': {'optime': cluster.status.last_lsn, 'slots': cluster.status.slots,
                   'retain_slots': cluster.status.retain_slots},
        'failover': {'leader': failover.leader, 'member': failover.candidate,
                     'scheduled_at': failover.scheduled_at and failover.scheduled_at.isoformat()},
        'sync': {'leader': sync.leader, 'sync_standby': sync.sync_standby, 'quorum': sync.quorum},
        'members': {member.name: {name: value for name, value in member.data.items() if name != 'pod_labels'}
                    for member in cluster.members},
    }
    json.dump(shown, sys.stdout, indent=1, sort_keys=True, ensure_ascii=False)
    print()


{'write': write, 'read': read}[verb]()
