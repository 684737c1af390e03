"""The pandana library on the same nodes and costs, where it is installed; it is AGPL and no dependency."""

import importlib.util
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bench.catchment_peers import node_graph
from gis.network import StreetNetwork

FOLDER = Path(__file__).parents[1] / ".kernkaart" / "peers" / "python"
MISSING = (
    "skipped: pandana (AGPL, no dependency) is not there; "
    ".kernkaart/venv/bin/python -m pip install --no-deps --target .kernkaart/peers/python pandana"
)


class Pandana:
    """Its network, and what making that took."""

    def __init__(self, network: StreetNetwork) -> None:
        import pandana

        table = node_graph(network).tocoo()
        x, y = (network.graph.node_mm / 1000.0).T
        started = time.process_time()
        self._net = pandana.Network(
            pd.Series(x), pd.Series(y), pd.Series(table.row), pd.Series(table.col),
            pd.DataFrame({"s": table.data}), twoway=False,
        )  # fmt: skip
        self.build_s = time.process_time() - started
        self._nodes = len(x)

    @staticmethod
    def is_there() -> bool:
        """Whether it can be imported, from the environment or from the folder of peers."""
        if FOLDER.is_dir() and str(FOLDER) not in sys.path:
            # Last, so that nothing there can stand before what the application runs on.
            sys.path.append(str(FOLDER))
        return importlib.util.find_spec("pandana") is not None

    def nearest(self, nodes: np.ndarray, limit_s: float) -> Callable[[], Any]:
        """Find the nearest of some for every node."""
        x, y = self._net.nodes_df.iloc[nodes].to_numpy().T
        self._net.set_pois("some", limit_s, 1, x, y)
        return lambda: self._net.nearest_pois(limit_s, "some", num_pois=1)

    def sums(self, weights: np.ndarray, limit_s: float) -> Callable[[], Any]:
        """Sum weights of nodes over what each node reaches."""
        self._net.set(pd.Series(np.arange(self._nodes)), pd.Series(weights), name="w")
        return lambda: self._net.aggregate(limit_s, type="sum", decay="flat", name="w")

    def pairs(self, origins: np.ndarray, destinations: np.ndarray) -> Callable[[], Any]:
        """Seconds between every two nodes."""
        a, b = np.repeat(origins, len(destinations)), np.tile(destinations, len(origins))
        return lambda: self._net.shortest_path_lengths(a, b)
