"""Where everything lives, in a checkout and in a deployment."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Places:
    """The folders of one checkout and of one deployment made from it.

    What follows from the checkout alone (Python, Node, PostgreSQL's programs, the front end) is made once, in
    ``tools``. What a deployment owns (its database, passwords, logs) is in ``home``, which
    ``KERNKAART_HOME`` moves, so that two deployments can live beside each other.
    """

    root: Path
    home: Path

    @classmethod
    def of(cls, environment: Mapping[str, str], *, root: Path = ROOT) -> "Places":
        """Read the places from the environment; ``KERNKAART_HOME`` may count from the current folder."""
        chosen = environment.get("KERNKAART_HOME")
        return cls(root=root, home=Path(chosen).expanduser().absolute() if chosen else root / ".kernkaart")

    @property
    def tools(self) -> Path:
        return self.root / ".kernkaart"

    @property
    def venv(self) -> Path:
        return self.tools / "venv"

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def node_venv(self) -> Path:
        return self.tools / "node-venv"

    @property
    def unpacked_postgres(self) -> Path:
        return self.tools / "postgres"

    @property
    def stamps(self) -> Path:
        return self.tools / "stamps"

    @property
    def frontend(self) -> Path:
        return self.root / "frontend"

    @property
    def logs(self) -> Path:
        return self.home / "logs"

    @property
    def state(self) -> Path:
        return self.home / "state"

    @property
    def passwords(self) -> Path:
        return self.home / "passwords.json"

    @property
    def own_cluster(self) -> Path:
        return self.home / "cluster"

    @property
    def far_cluster(self) -> Path:
        """Where root keeps the cluster of a checkout that PostgreSQL's own user cannot reach."""
        name = hashlib.sha256(str(self.home.resolve()).encode()).hexdigest()[:12]
        return Path("/var/lib") / f"kernkaart-{name}"
