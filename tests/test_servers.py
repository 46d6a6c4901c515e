"""The throw-away servers of the fault tests: they start, stop, come back, and keep what they promise."""

from collections.abc import Callable
from functools import partial

import psycopg
import pytest
import redis

from tests.servers import PostgresServer, RedisServer


@pytest.mark.postgres
def test_postgres_keeps_committed_rows_through_a_crash(postgres_server: PostgresServer) -> None:
    with psycopg.connect(postgres_server.url) as connection:
        connection.execute("CREATE TABLE crash (n int)")
    ends: tuple[Callable[[], None], ...] = (
        postgres_server.restart,
        partial(postgres_server.restart, immediate=True),
        postgres_server.kill,
    )
    for number, end in enumerate(ends):
        with psycopg.connect(postgres_server.url) as connection:
            connection.execute("INSERT INTO crash VALUES (%s)", [number])
        end()
        postgres_server.start()
    with psycopg.connect(postgres_server.url) as connection:
        assert connection.execute("SELECT array_agg(n ORDER BY n) FROM crash").fetchone() == ([0, 1, 2],)


@pytest.mark.postgres
def test_postgres_drops_connections_when_stopped(postgres_server: PostgresServer) -> None:
    connection = psycopg.connect(postgres_server.url, autocommit=True)
    postgres_server.stop(immediate=True)
    assert not postgres_server.is_running
    assert not postgres_server.answers()
    with pytest.raises(psycopg.OperationalError):
        connection.execute("SELECT 1")
    postgres_server.start()
    assert postgres_server.answers()


@pytest.mark.redis
def test_redis_forgets_everything_when_it_ends(redis_server: RedisServer) -> None:
    client = redis_server.client()
    for end in (redis_server.flush, redis_server.restart, redis_server.kill):
        client.set("key", "value")
        end()
        redis_server.start()
        assert client.get("key") is None


@pytest.mark.redis
def test_redis_refuses_connections_while_stopped(redis_server: RedisServer) -> None:
    redis_server.stop()
    with pytest.raises(redis.ConnectionError):
        redis_server.client().ping()
    redis_server.start()
    assert redis_server.client().ping()
