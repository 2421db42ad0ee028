"""docker-compose.yml holds: our services run by its own commands and environment, to green."""

import json
import re
import shlex
import socket
import subprocess
import urllib.error
import urllib.request
from contextlib import ExitStack

import pytest
import yaml

from tests import servers

RUNNING = ["web", "worker", "beat"]
SECRETS = ["SECRET_KEY", "POSTGRES_PASSWORD"]
GIVEN = {
    "SECRET_KEY": "for-the-compose-test-" * 3,
    "POSTGRES_PASSWORD": "lettersanddigits1",
    "ALLOWED_HOSTS": "kapcare.example",
    "PUBLIC_URL": "https://kapcare.example",
    "MAIL_URL": "smtp://127.0.0.1:25",
    "MAIL_FROM": "kapcare <no-reply@kapcare.example>",
}
VARIABLE = re.compile(r"\$\$|\$\{(\w+)(?:(:[-?])([^}]*))?\}")


def interpolate(text, given):
    """As compose does it: ${NAME:?required}, ${NAME:-default}, $$."""

    def value(match):
        name, kind, rest = match.groups()
        if name is None:
            return "$"
        if given.get(name):
            return given[name]
        if kind == ":-":
            return rest
        raise KeyError(f"{name}: {rest}")

    return VARIABLE.sub(value, text)


@pytest.fixture(scope="module")
def services():
    return yaml.safe_load((servers.ROOT / "docker-compose.yml").read_text())["services"]


def test_no_secret_has_a_default(services):
    for missing in SECRETS:
        given = {name: value for name, value in GIVEN.items() if name != missing}
        with pytest.raises(KeyError, match=missing):
            interpolate(yaml.dump(services), given)
    text = yaml.dump(services)
    for secret in SECRETS:
        assert not re.search(rf"\$\{{{secret}[^:]|\$\{{{secret}:-", text)


def test_every_service_lasts_and_says_how_it_is(services):
    assert set(services) == {"migrate", *RUNNING, "postgres", "redis"}
    for name, service in services.items():
        assert name == "migrate" or (service["healthcheck"] and service["restart"] != "no")
    for name in RUNNING:
        waits = services[name]["depends_on"]
        assert waits["migrate"]["condition"] == "service_completed_successfully"
        assert waits["postgres"]["condition"] == waits["redis"]["condition"] == "service_healthy"


def test_only_the_web_service_is_reachable_and_only_from_this_machine(services):
    published = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert published == {"web": ["127.0.0.1:8000:8000"]}


class Compose:
    """Runs our services as compose would, with the local servers' addresses put in place."""

    def __init__(self, services, folder, places):
        self.services, self.folder, self.places = services, folder, places
        self.port = servers.free_port()
        self.given = GIVEN | {"BIND": f"127.0.0.1:{self.port}"}

    def environment(self, name):
        said = self.services[name]["environment"]
        variables = {key: interpolate(str(value), self.given) for key, value in said.items()}
        for key in ("DATABASE_URL", "REDIS_URL"):
            variables[key] = self.places[variables[key]]
        return servers.environment(
            **variables, KAPCARE_DATA=str(self.folder), HOSTNAME=socket.gethostname()
        )

    def start(self, name):
        command = shlex.split(interpolate(self.services[name]["command"], self.given))
        log = self.folder / f"{name}.log"
        return servers.running(command, log=log, cwd=servers.ROOT, env=self.environment(name))

    def check(self, name):
        """The exit code of the service's own health check."""
        kind, *command = self.services[name]["healthcheck"]["test"]
        here = f"127.0.0.1:{self.port}"
        command = [interpolate(part, {}).replace("127.0.0.1:8000", here) for part in command]
        if kind == "CMD-SHELL":
            command = ["sh", "-c", *command]
        env = self.environment(name)
        return subprocess.run(command, cwd=servers.ROOT, env=env, timeout=60).returncode

    def health(self):
        url = f"http://127.0.0.1:{self.port}/health/"
        request = urllib.request.Request(url, headers={"Host": "kapcare.example"})
        try:
            answer = urllib.request.urlopen(request, timeout=10)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return answer.status, json.load(answer)

    def logs(self):
        return "\n".join(log.read_text() for log in sorted(self.folder.glob("*.log")))


@pytest.fixture
def compose(services, postgres_url, tmp_path):
    address = f"postgres://kapcare:{GIVEN['POSTGRES_PASSWORD']}@postgres:5432/kapcare"
    with servers.database(postgres_url, "kapcare_compose") as database, servers.valkey() as valkey:
        places = {address: database, "redis://redis:6379/0": valkey}
        yield Compose(services, tmp_path, places)


@pytest.mark.servers
@pytest.mark.postgres
def test_our_services_run_until_health_is_green(compose):
    with compose.start("migrate") as migrate:
        assert migrate.wait(300) == 0, compose.logs()
    with ExitStack() as stack:
        running = [stack.enter_context(compose.start(name)) for name in RUNNING]
        try:
            # Beat's first nudge comes after one minute.
            servers.wait_for(lambda: compose.health()[0] == 200, seconds=180, what="green health")
        except TimeoutError:
            pytest.fail(compose.logs())
        parts = compose.health()[1]
        overdue = [parts.pop(name) for name in list(parts) if name.startswith("overdue_")]
        assert overdue == [0, 0, 0]
        assert set(parts.values()) == {"ok"}
        assert {name: compose.check(name) for name in RUNNING} == dict.fromkeys(RUNNING, 0)
    assert [process.returncode for process in running] == [0, 0, 0], compose.logs()
    assert "Traceback" not in compose.logs()
