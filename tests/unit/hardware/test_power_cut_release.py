"""The releases of run-power-cut.sh follow setup.sh, which changes oftener than it is run."""

import subprocess
from pathlib import Path

from tests.hardware.vm.power_cut_release import name_of, without_packages

_REPOSITORY = Path(__file__).resolve().parents[3]


def test_a_release_is_prepared_by_copying_files(tmp_path: Path) -> None:
    setup = tmp_path / "setup.sh"
    setup.write_text(without_packages((_REPOSITORY / "setup.sh").read_text()))
    (tmp_path / "web_panel").mkdir()
    (tmp_path / "web_panel" / "page.html").write_text("page")
    (tmp_path / "firmware_scripts").symlink_to(_REPOSITORY / "firmware_scripts")

    subprocess.run(["bash", str(setup), "prepare"], check=True, cwd=tmp_path)

    assert (tmp_path / ".venv" / "packages" / "page.html").read_text() == "page"
    assert subprocess.run([tmp_path / ".venv" / "bin" / "booth"], check=False).returncode == 0


def test_marks_of_the_installation_do_not_change_a_release_s_name(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('version = "1.2.3"\n')
    before = name_of(tmp_path)
    for mark in (".whole", ".ready"):
        (tmp_path / mark).touch()

    assert name_of(tmp_path) == before
    assert before.startswith("1.2.3-")
    (tmp_path / "pyproject.toml").write_text('version = "1.2.4"\n')
    assert name_of(tmp_path) != before
