"""The command that serves the page, with fewer simulated trials than users get: `python -m tests.web.few web`."""

from __future__ import annotations

FEW = 200
"""Simulated trials behind each figure of the page; `shared/test_state.py` holds how many users get."""

if __name__ == "__main__":  # processes that simulate for the page load this module, too
    from importlib import import_module

    from n1trial.cli import main
    from n1trial.web.shared import state
    from tests.study.searched import few_trials

    state.REPLICATES = FEW
    import_module("n1trial.web.app")  # before fewer trials are searched with: pages go on saying how many users get
    with few_trials():
        main()
