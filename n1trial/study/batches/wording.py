"""All words of faults of a cluster of workers."""

from __future__ import annotations

from n1trial.wording import ArgumentFault

FAULTS = {
    "no_dask": "needs Dask, which is not installed; this installs it: {command:s}",
    "no_address": "must be an address such as tcp://10.0.0.5:8786",
    "killed": "several workers ended while they were at the same task; the logs of dask worker say how",
    "silent": "no Dask scheduler answers there; dask scheduler starts one",
    "lost": "the connection to the scheduler was lost",
    "no_scheduler": (
        "something answers there that is no Dask scheduler; give the address that dask scheduler prints, and not that"
        " of its dashboard"
    ),
    "none_left": "no workers are left there; dask worker starts one",
    "no_workers": "the scheduler has no workers; dask worker {address:s} starts one",
    "unloadable": "the worker {worker:s} cannot load n1trial, and this machine {ours:s}",
    "same_on_all": "install the same n1trial, numpy, scipy and Python on all",
    "other_engine": "the worker {worker:s} has {theirs:s}, and this machine {ours:s}",
}
"""What stands after the argument and the address that it was given."""


class ClusterFault(ArgumentFault):
    """Fault of the scheduler at an address, or of a worker of its."""

    WORDS = FAULTS
