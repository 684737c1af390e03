import signal
import subprocess
import sys
import time
from pathlib import Path

from launch.hold import hold
from launch.places import ROOT
from launch.progress import Progress

HOLDER = """
import io, sys, time
from pathlib import Path
from launch.hold import hold
from launch.progress import Progress

progress = Progress(Path(sys.argv[1]) / "holder.log", stream=io.StringIO())
with hold(Path(sys.argv[1]) / "lock", progress=progress), progress.step("Work") as step:
    step.run(["sh", "-c", f"touch {sys.argv[1]}/begun; exec sleep {sys.argv[2]}"])
"""


def _start_holder(folder: Path, *, seconds: float) -> subprocess.Popen[bytes]:
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, folder, str(seconds)], cwd=ROOT)
    while not (folder / "begun").exists():
        assert holder.poll() is None
        time.sleep(0.02)
    return holder


def test_a_second_command_waits_for_the_first_and_says_so(folder: Path, progress: Progress) -> None:
    with _start_holder(folder, seconds=1.0) as holder:
        with hold(folder / "lock", progress=progress):
            assert holder.wait(timeout=5) == 0
        assert f"process {holder.pid}" in progress.log_file.read_text()


def test_a_command_waits_for_what_a_killed_one_left_at_work(folder: Path, progress: Progress) -> None:
    begun_at = time.monotonic()
    with _start_holder(folder, seconds=2.0) as holder:
        holder.send_signal(signal.SIGKILL)
        holder.wait(timeout=5)
        with hold(folder / "lock", progress=progress):
            assert time.monotonic() - begun_at >= 2.0


def test_a_killed_command_that_left_nothing_at_work_holds_up_nobody(folder: Path, progress: Progress) -> None:
    with _start_holder(folder, seconds=0.1) as holder:
        time.sleep(0.3)
        holder.kill()
        holder.wait(timeout=5)
    with hold(folder / "lock", progress=progress):
        pass
    assert not progress.log_file.exists()
